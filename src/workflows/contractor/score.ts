import { refuse } from '../../lib/refusal.ts'
import { classOf, contractorPapers, contractorRules, type ScoreKind, scoreKinds } from '../../rules/contractor-score.ts'
import { duty, forget, inform, iso, stop, toPerson } from '../pieces.ts'
import { accept, type Decision, type Effect, type Facts, type FoundRow } from '../workflow.ts'
import { askReviewers, laterQuarter, leadsOf } from './asking.ts'
import type { ContractorCommand, ContractorEvent, ContractorNote, ContractorState, Suspension } from './contractor.ts'
import { evolveContractor } from './evolve.ts'

type ContractorDecision = Decision<ContractorEvent>
type Command<T extends ContractorCommand['type']> = Extract<ContractorCommand, { type: T }>
type Opening = Command<'score' | 'reverse' | 'suspend' | 'lift' | 'recordPaper'>
type Steps = { readonly events: readonly ContractorEvent[]; readonly effects: readonly Effect[] }
const nothing: Steps = { events: [], effects: [] }

const noteOf = (row: FoundRow): ContractorNote => JSON.parse(row.note) as ContractorNote

/** The quarter as it stands, or as it begins: what the quarter before leaves standing goes with it, and the quarter before ends. */
const standing = (state: ContractorState | null, command: Opening, facts: Facts): { state: ContractorState } & Steps => {
  if (state) return { state, ...nothing }
  const { contractor, quarter } = command
  const before = facts
    .read({ name: 'contractor', key: contractor })
    .map((row) => ({ row, note: noteOf(row) }))
    .filter(({ note }) => note.quarter < quarter)
    .sort((a, b) => (a.note.quarter < b.note.quarter ? 1 : -1))[0]
  const begun: ContractorEvent = {
    type: 'begun',
    site: facts.plant.site,
    contractor,
    quarter,
    rules: contractorRules.id,
    start: contractorRules.start,
    at: iso(facts.at),
    suspensions: before?.note.suspensions ?? [],
    papers: before?.note.papers ?? { insurance: null, licence: null },
  }
  const fresh = evolveContractor(null, begun)
  const asked = fresh.suspensions.length > 0 ? askReviewers(fresh, 0, facts) : nothing
  const ended: readonly Effect[] = before
    ? [
        {
          kind: 'command',
          workflow: 'contractor',
          subject: before.row.subject,
          key: `supersede:${before.row.subject}`,
          command: { type: 'supersede', by: facts.subject },
        },
      ]
    : []
  return { state: fresh, events: [begun, ...asked.events], effects: [...asked.effects, ...ended] }
}

/** The same command to the quarter that has taken over. */
const forward = (later: FoundRow, contractor: string, type: 'suspend' | 'lift', what: { readonly key: string }): Effect => ({
  kind: 'command',
  workflow: 'contractor',
  subject: later.subject,
  key: `${type}:${later.subject}:${what.key}`,
  command: { type, contractor, quarter: noteOf(later).quarter, ...what },
})

const all = (state: ContractorState, events: readonly ContractorEvent[]): ContractorState =>
  events.reduce<ContractorState>(evolveContractor, state)

/** Falling below class C suspends; a reversal that brings the score back lifts that again. What was lifted by a review stays lifted in its quarter. */
const classSteps = (before: ContractorState, events: readonly ContractorEvent[], facts: Facts): Steps => {
  const state = all(before, events)
  const key = `class:${state.quarter}`
  const stands = state.suspensions.some((one) => one.key === key)
  const isD = classOf(state.score) === 'D'
  if (isD && !stands && !state.lifted.includes(key)) return suspendSteps(state, { key, because: 'classD', code: '' }, facts)
  return !isD && stands ? liftSteps(state, key, true, facts) : nothing
}

/** Suspends here, or in the later quarter that has begun meanwhile. */
const suspendSteps = (state: ContractorState, what: Omit<Suspension, 'at'>, facts: Facts): Steps => {
  const later = laterQuarter(state, facts)
  if (later) return { events: [], effects: [forward(later, state.contractor, 'suspend', what)] }
  const { key, because, code } = what
  const suspended: ContractorEvent = { type: 'suspended', key, because, code, at: iso(facts.at) }
  const asked = askReviewers(evolveContractor(state, suspended), 0, facts)
  return {
    events: [suspended, ...asked.events],
    effects: [...leadsOf(state.contractor, facts.plant).map((id) => duty(toPerson(id), 'suspended')), ...asked.effects],
  }
}

const liftSteps = (state: ContractorState, key: string, again: boolean, facts: Facts): Steps => {
  const lifted: ContractorEvent = { type: 'lifted', key, again, at: iso(facts.at) }
  const stands = state.suspensions.some((one) => one.key === key)
  const free = stands && evolveContractor(state, lifted).suspensions.length === 0
  const effects: readonly Effect[] = free
    ? [stop('review'), forget('review'), ...leadsOf(state.contractor, facts.plant).map((id) => inform(toPerson(id)))]
    : []
  return { events: [lifted], effects }
}

const isKind = (kind: string): kind is ScoreKind => (scoreKinds as readonly string[]).includes(kind)

const score = (state: ContractorState, command: Command<'score'>, facts: Facts): ContractorDecision => {
  const { key, kind, code } = command
  const earned = new Date(command.at)
  if (!isKind(kind) || Number.isNaN(earned.getTime())) return refuse('unknown-kind', { kind })
  if (state.entries.some((one) => one.key === key)) return accept([], [])
  const points = contractorRules.kinds[kind]
  const scored: ContractorEvent = { type: 'scored', key, kind, points, at: iso(earned), case: command.case, code }
  const then = classSteps(state, [scored], facts)
  return accept([scored, ...then.events], then.effects)
}

const reverse = (state: ContractorState, { key }: Command<'reverse'>, facts: Facts): ContractorDecision => {
  const given = state.entries.find((one) => one.key === key)
  if (given?.kind === 'void' || state.entries.some((one) => one.key === `reversal:${key}`)) return accept([], [])
  const at = iso(facts.at)
  if (!given) return accept([{ type: 'voided', key, kind: 'void', points: 0, at, case: null, code: null }])
  const { points, code } = given
  const entry = { key: `reversal:${key}`, kind: 'reversal', points: 0 - points, at, case: given.case, code } as const
  const reversed: ContractorEvent = { type: 'reversed', ...entry }
  const then = classSteps(state, [reversed], facts)
  return accept([reversed, ...then.events], then.effects)
}

const suspend = (state: ContractorState, { key, because, code }: Command<'suspend'>, facts: Facts): ContractorDecision => {
  if (state.lifted.includes(key) || state.suspensions.some((one) => one.key === key)) return accept([], [])
  const steps = suspendSteps(state, { key, because, code }, facts)
  return accept(steps.events, steps.effects)
}

/** What suspended the contractor has fallen. A later quarter that carries the suspension is told too. */
const lift = (state: ContractorState, { key, contractor }: Command<'lift'>, facts: Facts): ContractorDecision => {
  const steps = state.lifted.includes(key) ? nothing : liftSteps(state, key, false, facts)
  const later = laterQuarter(state, facts)
  const onward = later ? [forward(later, contractor, 'lift', { key })] : []
  return accept(steps.events, [...steps.effects, ...onward])
}

const recordPaper = (_: ContractorState, command: Command<'recordPaper'>, facts: Facts): ContractorDecision => {
  const { paper, until } = command
  if (!contractorPapers.includes(paper) || Number.isNaN(new Date(until).getTime())) return refuse('unknown-paper', { paper })
  return accept([{ type: 'paperRecorded', paper, until: new Date(until).toISOString(), at: iso(facts.at) }])
}

const openings = { score, reverse, suspend, lift, recordPaper } as const

export const isOpening = (command: ContractorCommand): command is Opening => Object.hasOwn(openings, command.type)

const quarterShape = /^\d{4}Q[1-4]$/

/** Decides about a command that may be the first of a quarter. */
export const decideScore = (state: ContractorState | null, command: Opening, facts: Facts): ContractorDecision => {
  const { contractor, quarter } = command
  if (contractor === '' || !quarterShape.test(quarter)) return refuse('unknown-contractor', { contractor })
  if (state && (state.contractor !== contractor || state.quarter !== quarter)) return refuse('unknown-contractor', { contractor })
  const from = standing(state, command, facts)
  const arm = openings[command.type] as (state: ContractorState, command: Opening, facts: Facts) => ContractorDecision
  const decision = arm(from.state, command, facts)
  if (decision.kind === 'refused') return decision
  return { ...decision, events: [...from.events, ...decision.events], effects: [...from.effects, ...decision.effects] }
}
