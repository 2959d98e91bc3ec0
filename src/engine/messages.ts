import type { Arrival } from './arrival.ts'
import type { Pass } from './batch.ts'
import type { Case } from './cases.ts'
import { effectWriter } from './effects.ts'

type FromPlatform = Arrival & { readonly source: 'platform' }

/** Something to say to whoever sent an arrival, in the chat it came from: a row of this batch, sent by the outbox. */
const plainEffect = (arrival: FromPlatform, kind: string, payload: object, pass: Pass, on: Case | null): void => {
  const { connection, account, conversation, direct } = arrival.incoming
  effectWriter(pass).row({
    site: arrival.site,
    subject: on?.id ?? '',
    revision: on?.revision ?? 0,
    kind,
    to: { connection, account: account || null, person: null, conversation: direct ? null : conversation },
    payload,
    urgent: false,
  })
}
/** A card that belongs to no subject. */
export const plainCard = (arrival: FromPlatform, card: object, pass: Pass): void =>
  plainEffect(arrival, 'plainCard', { card }, pass, null)
/** Words, with the subject they are about if there is one. */
export const textTo = (arrival: FromPlatform, text: string, pass: Pass, on: Case | null): void =>
  plainEffect(arrival, 'text', { text }, pass, on)
