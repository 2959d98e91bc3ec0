import { clip, storable } from '../lib/text.ts'
import type { AccountRef } from '../workflows/workflow.ts'
import type { Arrival, Outcome } from './arrival.ts'
import type { EngineParts } from './parts.ts'

export type WhoIsPayload = AccountRef & { readonly site: string; readonly subject: string }

/** Asks the platform's own directory who an account is: the only proof of a person that a platform gives by itself. */
export const whoIs = async (
  { site, subject, connection, account }: WhoIsPayload,
  parts: EngineParts,
  decide: (arrival: Arrival) => Promise<Outcome>,
): Promise<void> => {
  const platform = parts.platforms.get(connection)
  if (!platform) return
  const profile = await platform.whoIs(account)
  const command = {
    type: 'matchDirectory',
    mobile: digitsOf(profile.mobile),
    employeeNo: profile.employeeNo ?? '',
    active: profile.active,
    ...(profile.name ? { name: clip(storable(profile.name), 60) } : {}),
  }
  await decide({
    source: 'system',
    site,
    key: `who-is:${subject}:${parts.clock.now().getTime()}`,
    subject,
    workflow: 'link',
    command,
  })
}

/** The directory never answered: that is no match, and the administrators decide. */
export const unknownAccount = async (
  { site, subject }: WhoIsPayload,
  parts: EngineParts,
  decide: (arrival: Arrival) => Promise<Outcome>,
): Promise<void> => {
  const command = { type: 'matchDirectory', mobile: '', employeeNo: '', active: true }
  await decide({
    source: 'system',
    site,
    key: `who-is:${subject}:gave-up:${parts.clock.now().getTime()}`,
    subject,
    workflow: 'link',
    command,
  })
}

/** Platforms write the country code or not; numbers of the mainland are compared by their eleven digits. */
const digitsOf = (mobile: string | null): string => (mobile ?? '').replace(/\D/g, '').replace(/^(?:0?0?86)(?=1\d{10}$)/, '')
