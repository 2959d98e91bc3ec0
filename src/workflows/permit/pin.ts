import { idFor } from '../../lib/id.ts'
import type { Facts } from '../workflow.ts'

/** Wrong codes and PINs in a row before signing is closed: to somebody in one permit, and to a PIN everywhere for a while. */
export const mostWrong = 5

/** What a PIN comes to. `none`: this person has not set one; `locked`: too many wrong ones; `missing`: the field was left empty. */
export type PinVerdict = 'right' | 'wrong' | 'none' | 'locked' | 'missing'

/** The keyed hash under which a PIN is kept: without the installation's secret it cannot be tried against the database. */
export const pinHash = (person: string, pin: string, { keyed, plant }: Facts): string =>
  keyed(`pin\n${plant.site}\n${person}\n${pin}`)

/** The one subject of a person's PIN. */
export const pinSubject = (person: string, { plant }: Facts): string => idFor('pin', `pin:${plant.site}:${person}`)

/** Checks a PIN against the index row that the workflow `pin` publishes for its person. */
export const pinOf = (person: string, pin: string, facts: Facts): PinVerdict => {
  const row = facts.read({ name: 'pin', key: person, most: 1 })[0]
  if (!row) return 'none'
  const { hash, until } = JSON.parse(row.note) as { readonly hash: string; readonly until: string | null }
  if (until !== null && new Date(until).getTime() > facts.at.getTime()) return 'locked'
  if (pin.trim() === '') return 'missing'
  return pinHash(person, pin.trim(), facts) === hash ? 'right' : 'wrong'
}
