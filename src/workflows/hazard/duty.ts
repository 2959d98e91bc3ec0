import { later } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { type Colour, colours } from '../../rules/sla.ts'
import { accept, type Effect, type Facts } from '../workflow.ts'
import { actingPerson, ask, duty, forget, inform, iso, isRefusal, overtaken, person, slaOf, toReporter } from './common.ts'
import type { HazardDecision } from './decide.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { mayTriage } from './people.ts'

type Triage = Extract<HazardCommand, { type: 'triage' }>
type Accept = Extract<HazardCommand, { type: 'accept' }>
type Reject = Extract<HazardCommand, { type: 'reject' }>

const isColour = (text: string): text is Colour => (colours as readonly string[]).includes(text)

const stopCollecting: Effect = forget('addToReport')

const triaged = (
  state: HazardState,
  by: { id: string; name: string },
  colour: Colour,
  area: string,
  owner: string,
  facts: Facts,
): HazardEvent => ({
  type: 'triaged',
  colour,
  area,
  owner,
  by: by.id,
  name: by.name,
  at: iso(facts.at),
  dueAt: iso(later(new Date(state.triagedAt ?? facts.at), slaOf(state).due[colour])),
})

/** Grade, area and owner, confirmed by the team lead or whoever was called. Reassigning before acceptance is the same act and never resets a clock: the time to rectify counts from the first triage. */
export const triageHazard = (state: HazardState, command: Triage, facts: Facts): HazardDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (!mayTriage(state, by.id, facts.plant)) return refuse('not-your-duty', { code: state.code })
  if (state.status !== 'reported' && state.status !== 'triaged') return overtaken(state)
  if (!isColour(command.colour)) return refuse('choose-colour', { code: state.code })
  const area = facts.plant.areas.find(({ id }) => id === command.area)
  if (!area) return refuse('choose-area', { code: state.code })
  const owner = facts.plant.persons.get(command.owner)
  if (!owner?.active) return refuse('choose-owner', { code: state.code })
  if (!facts.plant.reachable(owner.id)) return refuse('owner-unreachable', { code: state.code, name: owner.name })
  return accept(
    [triaged(state, by, command.colour, area.id, owner.id, facts)],
    [duty(person(owner.id), 'accept'), stopCollecting],
    'triaged',
    {
      code: state.code,
      name: owner.name,
    },
  )
}

/**
 * 接单. On a fresh report it confirms the suggested grade and area (or what the form says) and makes the presser the owner;
 * on a triaged one only the named owner may take it. Stops the ladder and starts the rectification clock.
 */
export const acceptHazard = (state: HazardState, command: Accept, facts: Facts): HazardDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (!mayTriage(state, by.id, facts.plant) && state.owner !== by.id) return refuse('not-your-duty', { code: state.code })
  if (state.status !== 'reported' && state.status !== 'triaged') return overtaken(state)
  const accepted: HazardEvent = { type: 'accepted', by: by.id, name: by.name, at: iso(facts.at) }
  if (state.status === 'triaged') {
    if (state.owner !== by.id) return refuse('not-the-owner', { code: state.code, name: nameOf(state.owner, facts) })
    return accept([accepted], settled(state.dueAt ?? iso(facts.at)), 'accepted', { code: state.code })
  }
  const colour = command.colour || state.suggestion.colour
  if (!isColour(colour)) return refuse('choose-colour', { code: state.code })
  const area = facts.plant.areas.find(({ id }) => id === (command.area || state.suggestion.area))
  if (!area) return refuse('choose-area', { code: state.code })
  const graded = triaged(state, by, colour, area.id, by.id, facts)
  const due = graded.type === 'triaged' ? graded.dueAt : iso(facts.at)
  return accept([graded, accepted], [stopCollecting, ...settled(due)], 'accepted', { code: state.code })
}

const settled = (dueAt: string): readonly Effect[] => [
  { kind: 'cancelDeadline', tag: 'climb' },
  forget('reject'),
  { kind: 'setDeadline', tag: 'due', at: new Date(dueAt), command: { type: 'callOverdue' } },
]

const nameOf = (id: string | null, facts: Facts): string => (id ? (facts.plant.persons.get(id)?.name ?? id) : '')

/** 不是隐患. Ends the case, with a reason that the reporter reads; the reporter can bring it back once. */
export const rejectHazard = (state: HazardState, command: Reject, facts: Facts): HazardDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (!mayTriage(state, by.id, facts.plant)) return refuse('not-your-duty', { code: state.code })
  if (state.status !== 'reported' && state.status !== 'triaged') return overtaken(state)
  const reason = command.reason.trim()
  if (reason === '') return ask('reject', 'reject-reason', state, facts)
  return accept(
    [{ type: 'rejected', by: by.id, name: by.name, reason, at: iso(facts.at) }],
    [
      { kind: 'cancelDeadline', tag: 'climb' },
      stopCollecting,
      forget('reject'),
      { ...inform(toReporter(state)), duty: 'answer' } as Effect,
    ],
    'rejected',
    { code: state.code },
  )
}
