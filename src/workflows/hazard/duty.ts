import { refuse } from '../../lib/refusal.ts'
import { gradeClauses } from '../../rules/hazard-grades.ts'
import { accept, type Effect, type Facts, type PlantPerson } from '../workflow.ts'
import { causesIn, explained, missingCauses } from './causes.ts'
import { actingPerson, answer, ask, duty, forget, iso, isRefusal, overtaken, person, toReporter } from './common.ts'
import type { HazardDecision } from './decide.ts'
import { evolveHazard } from './evolve.ts'
import { gradeOf, isColour } from './grade.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { listing } from './major.ts'
import { isAdministrator, mayTriage, notAnOwner } from './people.ts'
import { gradesOf } from './questions.ts'

type Triage = Extract<HazardCommand, { type: 'triage' }>
type Accept = Extract<HazardCommand, { type: 'accept' }>
type Reject = Extract<HazardCommand, { type: 'reject' }>

const stopCollecting: Effect = forget('addToReport')
const stopClimbing: Effect = { kind: 'cancelDeadline', tag: 'climb' }

/** A hazard that was just judged major is listed; any other goes to its owner. */
const handTo = (state: HazardState, owner: PlantPerson, isMajor: boolean, facts: Facts): HazardDecision => {
  const { code } = state
  if (!isMajor) return accept<HazardEvent>([], [duty(person(owner.id), 'accept')], 'triaged', { code, name: owner.name })
  const listed = listing(state, facts)
  return accept(listed.events, [stopClimbing, forget('reject'), ...listed.effects], 'triaged-major', { code, name: owner.name })
}

/**
 * Grade, area and owner, confirmed by the team lead or whoever was called, with causes and control as far as they are given. Reassigning before acceptance is
 * the same act and never resets a clock: the time to rectify counts from the first triage. A hazard judged major is listed instead of handed on.
 */
export const triageHazard = (state: HazardState, command: Triage, facts: Facts): HazardDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (!mayTriage(state, by.id, facts.plant)) return refuse('not-your-duty', { code: state.code }, gradeClauses.duties)
  if (state.status !== 'reported' && state.status !== 'triaged') return overtaken(state)
  if (!isColour(command.colour)) return refuse('choose-colour', { code: state.code })
  const area = facts.plant.areas.find(({ id }) => id === command.area)
  if (!area) return refuse('choose-area', { code: state.code })
  const owner = facts.plant.persons.get(command.owner)
  if (!owner?.active) return refuse('choose-owner', { code: state.code })
  const barred = notAnOwner(owner, state, facts.plant)
  if (barred) return barred
  const said = { colour: command.colour, area: area.id, owner: owner.id, more: command }
  const graded = gradeOf(state, said, by, facts)
  if (isRefusal(graded)) return graded
  const causes = explained(causesIn(command, gradesOf(state).longestAnswer), by, facts)
  const next = handTo(state, owner, graded.severity === 'major', facts)
  if (next.kind === 'refused') return next
  return { ...next, events: [graded.triaged, ...causes, ...next.events], effects: [...next.effects, stopCollecting] }
}

/** The owner has it, and whoever graded it still owes its causes: they are asked now, not when the repair waits to be handed in. */
const askCauses = (state: HazardState, facts: Facts): readonly Effect[] => {
  const { triager, owner } = state
  const owes = triager && triager.person !== owner && missingCauses(state).length > 0
  return owes && facts.plant.reachable(triager.person) ? [duty(person(triager.person), 'explain')] : []
}

/**
 * 接单. On a fresh report it confirms the suggested grade and area (or what the form says) and makes the presser the owner;
 * on a triaged one only the named owner may take it. Stops the ladder and starts the rectification clock. What people have judged major before stays so
 * and is listed.
 */
export const acceptHazard = (state: HazardState, command: Accept, facts: Facts): HazardDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (!mayTriage(state, by.id, facts.plant) && state.owner !== by.id)
    return refuse('not-your-duty', { code: state.code }, gradeClauses.duties)
  if (state.status !== 'reported' && state.status !== 'triaged') return overtaken(state)
  if (isAdministrator(facts.plant, by.id))
    return refuse('administrator-owner', { code: state.code, name: by.name }, gradeClauses.duties)
  const accepted: HazardEvent = { type: 'accepted', by: by.id, name: by.name, at: iso(facts.at) }
  if (state.status === 'triaged') {
    if (state.owner !== by.id) return refuse('not-the-owner', { code: state.code, name: nameOf(state.owner, facts) })
    return accept([accepted], [...settled(state.dueAt ?? iso(facts.at)), ...askCauses(state, facts)], 'accepted', {
      code: state.code,
    })
  }
  const colour = command.colour || state.suggestion.colour
  if (!isColour(colour)) return refuse('choose-colour', { code: state.code })
  const area = facts.plant.areas.find(({ id }) => id === (command.area || state.suggestion.area))
  if (!area) return refuse('choose-area', { code: state.code })
  const graded = gradeOf(state, { colour, area: area.id, owner: by.id, more: {} }, by, facts)
  if (isRefusal(graded)) return graded
  if (graded.severity === 'major') {
    const listed = listing(state, facts)
    return accept([graded.triaged, ...listed.events], [stopCollecting, stopClimbing, ...listed.effects], 'triaged-major', {
      code: state.code,
      name: by.name,
    })
  }
  const owesCauses = missingCauses(evolveHazard(state, graded.triaged)).length > 0
  return accept(
    [graded.triaged, accepted],
    [stopCollecting, ...settled(graded.triaged.dueAt)],
    owesCauses ? 'accepted-explain' : 'accepted',
    { code: state.code },
  )
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
  if (!mayTriage(state, by.id, facts.plant)) return refuse('not-your-duty', { code: state.code }, gradeClauses.duties)
  if (state.status !== 'reported' && state.status !== 'triaged') return overtaken(state)
  const reason = command.reason.trim()
  if (reason === '') return ask('reject', 'reject-reason', state, facts)
  return accept(
    [{ type: 'rejected', by: by.id, name: by.name, reason, at: iso(facts.at) }],
    [{ kind: 'cancelDeadline', tag: 'climb' }, stopCollecting, forget('reject'), ...toReporter(state).map(answer)],
    'rejected',
    { code: state.code },
  )
}
