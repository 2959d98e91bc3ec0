import { later } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { gradeClauses } from '../../rules/hazard-grades.ts'
import { holdsAny, reachableHolders, toPerson } from '../pieces.ts'
import { accept, type Facts, type Plant } from '../workflow.ts'
import { actingPerson, duty, forget, iso, isRefusal, overtaken, tell } from './common.ts'
import type { HazardDecision } from './decide.ts'
import type { HazardCommand, HazardState } from './hazard.ts'
import { notAnOwner } from './people.ts'
import { gradesOf } from './questions.ts'

type HandOver = Extract<HazardCommand, { type: 'handOver' }>

const movable: readonly HazardState['status'][] = ['accepted', 'rectifying', 'deferred']

/** After somebody took the case on, the owner of its area and the department head give it to somebody else. */
export const mayHandOver = (state: HazardState, person: string, plant: Plant): boolean =>
  movable.includes(state.status) && isInCharge(state, person, plant)

const isInCharge = (state: HazardState, person: string, plant: Plant): boolean =>
  plant.areas.some(({ id, owner }) => id === (state.area ?? state.suggestion.area) && owner === person) ||
  holdsAny(plant, person, ['deptHead'])

/** 移交. No clock of the case begins anew; the new owner has a clock of their own for saying that they have it, and the old one is remembered. */
export const handOver = (state: HazardState, command: HandOver, facts: Facts): HazardDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  const { code } = state
  if (!isInCharge(state, by.id, facts.plant)) return refuse('not-yours-to-hand-over', { code }, gradeClauses.duties)
  if (!movable.includes(state.status)) return overtaken(state)
  const owner = facts.plant.persons.get(command.owner ?? '')
  if (!owner?.active || owner.id === state.owner) return refuse('choose-owner', { code })
  const barred = notAnOwner(owner, state, facts.plant)
  if (barred) return barred
  const from = state.owner ?? ''
  const before =
    from !== '' && facts.plant.reachable(from) ? [tell(toPerson(from), 'handed-over', { code, name: owner.name })] : []
  return accept(
    [{ type: 'handedOver', from, owner: owner.id, by: by.id, name: by.name, at: iso(facts.at) }],
    [
      duty(toPerson(owner.id), 'takeOver', state.colour === 'red'),
      ...['addEvidence', 'sign', 'confirmRepair', 'extend', 'defer'].map(forget),
      ...before,
    ],
    'handed-over',
    { code, name: owner.name },
  )
}

/** 接单 by whoever was given the case. Beginning to rectify says the same. */
export const takeOver = (state: HazardState, _: object, facts: Facts): HazardDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (!state.handover) return overtaken(state)
  if (state.owner !== by.id)
    return refuse('not-the-owner', { code: state.code, name: facts.plant.persons.get(state.owner ?? '')?.name ?? '' })
  return accept([{ type: 'takenOver', by: by.id, name: by.name, at: iso(facts.at) }], [], 'accepted', { code: state.code })
}

/** When the new owner is called again, or for the first time. */
export const takeOverAt = (state: HazardState): Date | null =>
  state.handover ? later(new Date(state.handover.at), gradesOf(state).takeOverWithin * (state.handover.count + 1)) : null

/** The clock: whoever was given the case has not said so. They and the department head hear of it; calls that were missed are one. */
export const callTakeOver = (state: HazardState, _: object, facts: Facts): HazardDecision => {
  const at = takeOverAt(state)
  if (!state.handover || at === null) return refuse('taken-over', { code: state.code })
  if (at.getTime() > facts.at.getTime()) return accept([])
  const waited = facts.at.getTime() - new Date(state.handover.at).getTime()
  const count = Math.floor(waited / gradesOf(state).takeOverWithin)
  const heads = reachableHolders(facts.plant, 'deptHead', facts.plant.site).filter((id) => id !== state.owner)
  return accept(
    [{ type: 'takeOverCalled', count, at: iso(facts.at) }],
    [
      duty(toPerson(state.handover.to), 'takeOver', true),
      ...heads.map((id) =>
        tell(toPerson(id), 'not-taken-over', { code: state.code, name: facts.plant.persons.get(state.owner ?? '')?.name ?? '' }),
      ),
    ],
  )
}
