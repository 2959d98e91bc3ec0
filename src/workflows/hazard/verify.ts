import { refuse } from '../../lib/refusal.ts'
import { accept, type Effect, type Facts } from '../workflow.ts'
import { callRung } from './clocks.ts'
import { actingPerson, answer, ask, duty, forget, iso, isRefusal, overtaken, person, toReporter } from './common.ts'
import type { HazardDecision } from './decide.ts'
import { evolveHazard } from './evolve.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { isAppeal, mayReopen } from './people.ts'
import { afterPhotos } from './photos.ts'
import { dueFor } from './start.ts'
import { givenBack } from './verdicts.ts'

type Veto = Extract<HazardCommand, { type: 'veto' }>
type Reopen = Extract<HazardCommand, { type: 'reopen' }>
type Drawn = { readonly events: readonly HazardEvent[]; readonly effects: readonly Effect[] }

/** Cases of the first release that were under verification then are finished by the one officer who was drawn for them. */
const verdict = (
  state: HazardState,
  facts: Facts,
): { readonly id: string; readonly name: string } | ReturnType<typeof refuse> => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (state.status !== 'verifying') return overtaken(state)
  return state.verifier === by.id ? by : refuse('not-the-verifier', { code: state.code })
}

/** 验收通过. Closes the case; the reporter gets the answer as a message of its own. Photos that turned out to be unreadable prove nothing. */
export const pass = (state: HazardState, _: object, facts: Facts): HazardDecision => {
  const by = verdict(state, facts)
  if (isRefusal(by)) return by
  if (afterPhotos(state) === 0) return refuse('no-proof', { code: state.code })
  return accept(
    [{ type: 'closed', by: by.id, name: by.name, at: iso(facts.at) }],
    [{ kind: 'cancelDeadline', tag: 'verify' }, forget('veto'), ...toReporter(state).map(answer)],
    'closed',
    { code: state.code },
  )
}

/** 退回. Needs a reason; where the card has no text field the next words of the verifier in this chat are the reason. */
export const veto = (state: HazardState, command: Veto, facts: Facts): HazardDecision => {
  const by = verdict(state, facts)
  if (isRefusal(by)) return by
  if (command.reason.trim() === '') return ask('veto', 'veto-reason', state, facts)
  return accept(
    [{ type: 'vetoed', by: by.id, name: by.name, reason: command.reason.trim(), at: iso(facts.at) }],
    givenBack(state, facts),
    'vetoed',
    { code: state.code },
  )
}

/** May the owner go on, or is it somebody else's turn to take the case? Only an owner who took it, is still here and can be reached goes on. */
const stillOwner = (state: HazardState, { plant }: Facts): string | null =>
  state.status === 'closed' && state.owner !== null && plant.reachable(state.owner) ? state.owner : null

/** 重新打开. By the reporter or a safety officer, with a reason. An owner goes on rectifying; a rejected report, or one without its owner, starts its ladder anew. */
export const reopen = (state: HazardState, command: Reopen, facts: Facts): HazardDecision => {
  if (facts.actor.kind !== 'person' && facts.actor.kind !== 'stranger') return refuse('link-first')
  const reader = { person: facts.actor.kind === 'person' ? facts.actor.person : null, account: facts.actor.account }
  if (state.status !== 'closed' && state.status !== 'rejected' && state.status !== 'merged') return overtaken(state)
  const appeal = isAppeal(state, reader, facts.plant)
  if (!mayReopen(state, reader, facts.plant)) return refuse(appeal ? 'appealed-already' : 'not-your-report', { code: state.code })
  const reason = command.reason.trim()
  if (reason === '') return ask('reopen', 'reopen-reason', state, facts)
  const by = reader.person ?? facts.actor.account.account
  const owner = stillOwner(state, facts)
  const dueAt = owner ? dueFor(state, state.colour ?? 'yellow', facts.at, facts.plant) : null
  const reopened: HazardEvent = {
    type: 'reopened',
    by,
    name: facts.actor.name,
    reason,
    at: iso(facts.at),
    owner,
    dueAt: dueAt && iso(dueAt),
    appeal,
  }
  const next = owner && dueAt ? goOn(owner, dueAt) : callRung(evolveHazard(state, reopened), 0, facts)
  return accept([reopened, ...next.events], [forget('reopen'), ...next.effects], 'reopened', { code: state.code })
}

const goOn = (owner: string, dueAt: Date): Drawn => ({
  events: [],
  effects: [{ kind: 'setDeadline', tag: 'due', at: dueAt, command: { type: 'callOverdue' } }, duty(person(owner), 'rectify')],
})
