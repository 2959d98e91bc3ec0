import { later, type Millis } from '../lib/clock.ts'
import { type Refusal, refuse } from '../lib/refusal.ts'
import {
  type Accepted,
  type AccountRef,
  accept,
  type CommandRule,
  type Effect,
  type Facts,
  type IndexRow,
  type Plant,
  type Recipient,
} from './workflow.ts'

/** What workflows are put together from, so that each says only what is its own. Pure. */

export const iso = (at: Date): string => at.toISOString()
export const toPerson = (id: string): Recipient => ({ kind: 'person', person: id })

/** A card that must ring: a new message for somebody who gained a duty. */
export const duty = (to: Recipient, what: string, ring = false): Effect => ({
  kind: 'showCard',
  to,
  duty: what,
  urgent: true,
  ring,
})
/** A card on which lives hang: it rings, and nothing holds it back. */
export const vitalDuty = (to: Recipient, what: string): Effect => ({
  kind: 'showCard',
  to,
  duty: what,
  urgent: true,
  ring: true,
  vital: true,
})
/** A card for somebody who wants to know. */
export const inform = (to: Recipient): Effect => ({ kind: 'showCard', to, duty: null, urgent: false, ring: false })
/** A card as a message of its own for somebody who has no duty, such as an answer that was promised. */
export const answerTo = (to: Recipient): Effect => ({ kind: 'showCard', to, duty: 'answer', urgent: false, ring: false })

export const tell = (to: Recipient, words: string, values: Readonly<Record<string, string>> = {}): Effect => ({
  kind: 'notify',
  to,
  words,
  values,
  urgent: false,
})

export const strikeAt = (tag: string, at: Date, command: Extract<Effect, { kind: 'setDeadline' }>['command']): Effect => ({
  kind: 'setDeadline',
  tag,
  at,
  command,
})
export const stop = (tag: string): Effect => ({ kind: 'cancelDeadline', tag })
/** What was asked for is no longer wanted; the next words of whoever was asked are a message like any other. */
export const forget = (command: string): Effect => ({ kind: 'forget', command })

/** A command's rule with what most have: a person sends it, it opens nothing and reads the plant. */
export const rule = (from: CommandRule['from'], more: Partial<CommandRule> = {}): CommandRule => ({
  from,
  opens: false,
  needs: ['plant'],
  guards: [],
  ...more,
})
/** The rule of a command that opens a case with a code of its own. */
export const opening = (from: CommandRule['from'], more: Partial<CommandRule> = {}): CommandRule =>
  rule(from, { opens: true, needs: ['plant', 'code'], guards: ['codeCounter'], ...more })

/** The code of a case that is about to open. Throws without one, so that the arrival is kept and alarmed instead of answered as if it were its sender's fault. */
export const freshCode = ({ code }: Facts): string => {
  if (code === null) throw new Error('a case was to be opened without a code')
  return code
}

/** Who sent a message or press, linked or not. */
export type Sender = {
  readonly person: string | null
  readonly name: string
  readonly account: AccountRef
  readonly conversation: string
}

/** The person, linked or not, behind a command; null for the clock and the machine. */
export const senderOf = ({ actor }: Facts): Sender | null => {
  if (actor.kind !== 'person' && actor.kind !== 'stranger') return null
  const { name, account, conversation } = actor
  return { person: actor.kind === 'person' ? actor.person : null, name, account, conversation }
}

/** A sender as somebody to write to: the person once known, so that any of their accounts serves, else the very account. */
export const toSender = ({ person, account }: Pick<Sender, 'person' | 'account'>): Recipient =>
  person === null ? { kind: 'account', ...account } : toPerson(person)

export const actingPerson = ({ actor }: Facts): { readonly id: string; readonly name: string } | Refusal =>
  actor.kind === 'person' ? { id: actor.person, name: actor.name } : refuse('link-first')

export const isRefusal = (value: object): value is Refusal => 'kind' in value && value.kind === 'refused'

/** Asks for the words that a command still needs: what the sender writes next in this chat is taken as them. */
export const ask = (
  command: string,
  words: string,
  about: { readonly facts: Facts; readonly within: Millis; readonly values?: Readonly<Record<string, string>> },
): Accepted<never> | Refusal => {
  const sender = senderOf(about.facts)
  if (!sender) return refuse('link-first')
  const until = later(about.facts.at, about.within)
  const { account, conversation } = sender
  return accept([], [{ kind: 'expect', from: account, conversation, takes: 'text', command, until }], words, about.values)
}

/** Reachable, active holders of a role; empty when nobody holds it or nobody who holds it can be reached. */
export const reachableHolders = (plant: Plant, role: string, scope: string): readonly string[] =>
  plant.holders(role, scope).filter((id) => plant.persons.get(id)?.active === true && plant.reachable(id))

/** Does the person hold one of these roles for the whole site? */
export const holdsAny = (plant: Plant, person: string, roles: readonly string[]): boolean =>
  roles.some((role) => plant.holders(role, plant.site).includes(person))

/** Nobody can be asked: the operators are alarmed, and the administrators told in words (`nobody-holds`). */
export const nobodyHolds = (role: string, code: string, { plant }: Facts): readonly Effect[] => [
  { kind: 'alarm', because: 'nobody-holds', values: { role, code } },
  ...plant
    .holders('administrator', plant.site)
    .map((id): Effect => ({ kind: 'notify', to: toPerson(id), words: 'nobody-holds', values: { role, code }, urgent: true })),
]

/** A notice could not reach somebody for good: the operators must know whatever else is done about it. */
export const outOfReach = (person: string, what: string, code: string): Effect => ({
  kind: 'alarm',
  because: 'unreachable',
  values: { person, duty: what, code },
})

export const nameOf = (plant: Plant, id: string | null): string => (id === null ? '' : (plant.persons.get(id)?.name ?? id))

export const isPast = (instant: string, at: Date): boolean => !(new Date(instant).getTime() > at.getTime())

/** The row of somebody's to-do list: what waits for them, under which code, until when. */
export const todo = (
  person: string,
  { code, title, due }: { readonly code: string; readonly title: string; readonly due: string },
): IndexRow => ({ name: 'todo', key: person, at: due, weight: 1, note: JSON.stringify({ code, title, due }) })
