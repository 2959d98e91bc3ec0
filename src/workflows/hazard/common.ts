import { later } from '../../lib/clock.ts'
import { type Refusal, refuse } from '../../lib/refusal.ts'
import { type HazardSla, hazardSlas } from '../../rules/sla.ts'
import { type Accepted, accept, type Effect, type Facts, type Recipient } from '../workflow.ts'
import type { HazardEvent, HazardFile, HazardState, NewFile } from './hazard.ts'
import { isDevice } from './people.ts'

const slas: ReadonlyMap<string, HazardSla> = new Map(hazardSlas.map((sla) => [sla.id, sla]))

/** The table under which the case opened; a case never changes its table. Throws for a table this release does not carry. */
export const slaOf = (state: Pick<HazardState, 'sla'>): HazardSla => {
  const sla = slas.get(state.sla)
  if (!sla) throw new Error(`unknown SLA table ${state.sla}`)
  return sla
}

/** What a step of a decision adds to it. */
export type Called = { readonly events: readonly HazardEvent[]; readonly effects: readonly Effect[] }

export const iso = (at: Date): string => at.toISOString()
export const person = (id: string): Recipient => ({ kind: 'person', person: id })

/** The reporter as somebody to write to: the person once known, so that any of their accounts serves, else the very account; nobody where a device raised it. */
export const toReporter = ({ reporter }: Pick<HazardState, 'reporter'>): readonly Recipient[] => {
  if (isDevice(reporter)) return []
  return [reporter.person ? person(reporter.person) : { kind: 'account', ...reporter.account }]
}

/** A card that must ring: a new message for somebody who gained a duty. */
export const duty = (to: Recipient, what: string, ring = false): Effect => ({
  kind: 'showCard',
  to,
  duty: what,
  urgent: true,
  ring,
})
/** A card for somebody who wants to know. */
export const inform = (to: Recipient): Effect => ({ kind: 'showCard', to, duty: null, urgent: false, ring: false })
/** The end of the case, as a message of its own. */
export const answer = (to: Recipient): Effect => ({ kind: 'showCard', to, duty: 'answer', urgent: false, ring: false })

export const tell = (to: Recipient, words: string, values: Readonly<Record<string, string>> = {}): Effect => ({
  kind: 'notify',
  to,
  words,
  values,
  urgent: false,
})

/** The round a case is in: the first, and one more after each return or reopening. */
export const roundOf = (state: Pick<HazardState, 'returned' | 'reopened'>): number =>
  state.returned.length + state.reopened.length

/** A file that has just arrived; its picture follows. */
export const fileOf = (
  file: NewFile,
  { stage, by, round }: Pick<HazardFile, 'stage' | 'by' | 'round'>,
  facts: Facts,
): HazardFile => ({
  id: file.id,
  kind: file.kind,
  ...(file.heard ? { heard: true as const } : {}),
  stage,
  round,
  at: iso(facts.at),
  by,
  state: 'fetching',
  original: null,
  watermarked: null,
  thumbnail: null,
  because: null,
})

/** The job that fetches, keeps and develops a file that somebody sent. */
export const fetchJob = (file: NewFile, facts: Facts): Effect => ({
  kind: 'job',
  queue: 'photo',
  key: `photo:${file.id}`,
  payload: {
    subject: facts.subject,
    file: file.id,
    kind: file.kind,
    connection: file.connection,
    ref: file.ref,
    name: file.name,
  },
})

/** The acting person of a command from a person, or a refusal for strangers, clocks and systems. */
export const actingPerson = (facts: Facts): { readonly id: string; readonly name: string } | Refusal =>
  facts.actor.kind === 'person' ? { id: facts.actor.person, name: facts.actor.name } : refuse('link-first')

export const isRefusal = (value: object): value is Refusal => 'kind' in value && value.kind === 'refused'

/** What happened meanwhile, for somebody whose press came too late. */
export const overtaken = (state: HazardState): Refusal => {
  if (!state.last) return refuse('not-now', { code: state.code })
  if (state.last.by === '') return refuse('verdict-given', { code: state.code, act: state.last.act, at: state.last.at })
  return refuse('overtaken', { code: state.code, act: state.last.act, name: state.last.name, at: state.last.at })
}

/** Asks for the words a command still needs: what the actor writes next in this chat is taken as them. */
export const ask = (command: string, words: string, state: HazardState, facts: Facts): Accepted<never> | Refusal => {
  if (facts.actor.kind !== 'person' && facts.actor.kind !== 'stranger') return refuse('reason-needed', { code: state.code })
  const { account, conversation } = facts.actor
  const until = afterNow(facts, slaOf(state).evidenceWindow)
  return accept([], [{ kind: 'expect', from: account, conversation, takes: 'text', command, until }], words, { code: state.code })
}

/** What was asked for is no longer wanted; the next words of whoever was asked are a message like any other. */
export const forget = (command: string): Effect => ({ kind: 'forget', command })

export const afterNow = (facts: Facts, by: number): Date => later(facts.at, by)
