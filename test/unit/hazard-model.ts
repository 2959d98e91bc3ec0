import { isDeepStrictEqual } from 'node:util'
import type { HazardState } from '../../src/workflows/hazard/hazard.ts'
import type { Desk, Result, Status } from './hazard-desk.ts'

/**
 * What a safety officer would say about one case, written apart from the implementation: sets of names and one status. It predicts whether a command is
 * taken and where it leads; the invariants below are asked after each step.
 */
export type Model = {
  status: Status
  owner: string | null
  verifier: string | null
  appealed: boolean
  readonly called: Set<string>
  /** After-photos of this round that may still prove the repair. */
  readonly proofs: Set<string>
  /** Officers whom messages about the present submission did not reach. */
  readonly lost: Set<string>
}

export type Step = { readonly who: string; readonly type: string } & Readonly<Record<string, string>>

export const newModel = (): Model => ({
  status: 'reported',
  owner: null,
  verifier: null,
  appealed: false,
  called: new Set(),
  proofs: new Set(),
  lost: new Set(),
})

const triagers = new Set(['lead', 'officerA', 'officerB', 'officerProd', 'safetyDirector'])
const isOfficer = (who: string): boolean => who !== 'lead' && triagers.has(who)
const unanswered = ({ status }: Model): boolean => status === 'reported' || status === 'triaged'
const ended = ({ status }: Model): boolean => status === 'closed' || status === 'rejected'

const pool = (model: Model, desk: Desk): readonly string[] => {
  const plant = desk.plant()
  const team = (id: string | null): string | undefined => plant.persons.get(id ?? '')?.team
  return plant
    .holders('safetyOfficer', 'SH01')
    .filter(
      (id) =>
        plant.reachable(id) && id !== model.owner && id !== 'welder' && team(id) !== team(model.owner) && !model.lost.has(id),
    )
}

const afterDraw = (model: Model, desk: Desk): Status => (pool(model, desk).length > 0 ? 'verifying' : 'submitted')

/** `no`, `asks` for the words it needs, or the status that follows. */
type Rule = (model: Model, step: Step, desk: Desk) => 'no' | 'asks' | Status

const decider = (model: Model, { who }: Step): boolean => unanswered(model) && (triagers.has(who) || model.called.has(who))
const owners = (model: Model, { who }: Step, ...status: readonly Status[]): boolean =>
  status.includes(model.status) && model.owner === who

const rules: Readonly<Record<string, Rule>> = {
  addToReport: (model, { who }) => (model.status === 'reported' && who === 'welder' ? 'reported' : 'no'),
  triage: (model, step, desk) => {
    const known = ['red', 'orange', 'yellow', 'blue'].includes(step.colour ?? '') && ['pump-3', 'yard'].includes(step.area ?? '')
    return decider(model, step) && known && desk.plant().reachable(step.owner ?? '') ? 'triaged' : 'no'
  },
  accept: (model, step) => {
    if (model.status === 'triaged') return model.owner === step.who ? 'accepted' : 'no'
    return decider(model, step) && step.area !== 'nowhere' && step.colour !== 'purple' ? 'accepted' : 'no'
  },
  reject: (model, step) => (!decider(model, step) ? 'no' : step.reason === '' ? 'asks' : 'rejected'),
  startRectify: (model, step) => (owners(model, step, 'accepted', 'rectifying') ? 'rectifying' : 'no'),
  addEvidence: (model, step) => (owners(model, step, 'rectifying') ? 'rectifying' : 'no'),
  submit: (model, step, desk) =>
    owners(model, step, 'rectifying') && model.proofs.size > 0 ? afterDraw({ ...model, lost: new Set() }, desk) : 'no',
  pass: (model, { who }) => (model.status === 'verifying' && model.verifier === who && model.proofs.size > 0 ? 'closed' : 'no'),
  veto: (model, { who, reason }) =>
    model.status !== 'verifying' || model.verifier !== who ? 'no' : reason === '' ? 'asks' : 'rectifying',
  reopen: (model, { who, reason }, desk) => {
    const reporter = who === 'welder' && !(model.status === 'rejected' && model.appealed)
    if (!ended(model) || !(reporter || isOfficer(who))) return 'no'
    if (reason === '') return 'asks'
    return model.status === 'closed' && desk.plant().reachable(model.owner ?? '') ? 'rectifying' : 'reported'
  },
  climb: (model) => (unanswered(model) ? model.status : 'no'),
  callOverdue: ({ status }) => (status === 'accepted' || status === 'rectifying' ? status : 'no'),
  redraw: (model, _, desk) => (model.status === 'submitted' || model.status === 'verifying' ? afterDraw(model, desk) : 'no'),
  reportUnreachable: ({ status }) => status,
}

export const predict: Rule = (model, step, desk) => rules[step.type]?.(model, step, desk) ?? 'no'

/** Brings the model up to what was accepted, from the command and from what the outside sees of it: cards and their duties. */
export const follow = (model: Model, step: Step, to: Status, { effects }: Result, desk: Desk): void => {
  const from = model.status
  if (step.type === 'triage') model.owner = step.owner ?? ''
  if (step.type === 'accept') model.owner = step.who
  if (step.type === 'reopen') {
    model.appealed ||= from === 'rejected' && step.who === 'welder'
    if (to === 'reported') model.owner = null
  }
  if (step.type === 'veto' || step.type === 'reopen') model.proofs.clear()
  if (step.type === 'addEvidence') model.proofs.add(step.file ?? '')
  if (step.type === 'reportUnreachable') model.lost.add(step.person ?? '')
  if (['submit', 'veto', 'reopen'].includes(step.type) || (step.type === 'redraw' && to === 'submitted')) model.lost.clear()
  model.status = to
  model.verifier = to === 'verifying' ? desk.state().verifier : null
  for (const effect of effects)
    if (effect.kind === 'showCard' && effect.duty === 'triage' && effect.to.kind === 'person') model.called.add(effect.to.person)
  if (effects.some((effect) => effect.kind === 'setDeadline' && effect.tag === 'climb')) model.lost.clear()
}

const clockOf: Readonly<Record<Status, readonly string[]>> = {
  reported: ['climb'],
  triaged: ['climb'],
  accepted: ['due'],
  rectifying: ['due'],
  submitted: ['verify'],
  verifying: ['verify'],
  closed: [],
  rejected: [],
}
const wanted: Readonly<Record<string, readonly Status[]>> = {
  addToReport: ['reported'],
  reject: ['reported', 'triaged'],
  addEvidence: ['rectifying'],
  veto: ['verifying'],
  reopen: ['closed', 'rejected'],
}

/** Sentences that are true of every case at every moment; gives those that are not. */
export const broken = (desk: Desk): readonly string[] => {
  const state = desk.state()
  const workflow = desk.onTheDesk()?.registered.workflow
  const folded = desk
    .journal()
    .reduce<{ readonly status: string } | null>((so, { event }) => workflow?.evolve(so, JSON.parse(String(event))) ?? null, null)
  const team = (id: string | null): string | undefined => desk.plant().persons.get(id ?? '')?.team
  const claims: Readonly<Record<string, boolean>> = {
    'exactly its own clock runs': isDeepStrictEqual([...desk.deadlines.keys()], clockOf[state.status]),
    'an ended case is not open, every other is': workflow?.open(state) === clockOf[state.status].length > 0,
    'the fold of the journal is the state': isDeepStrictEqual(
      JSON.parse(JSON.stringify(folded)),
      JSON.parse(JSON.stringify(state)),
    ),
    'the journal is one chain': desk
      .journal()
      .every((entry, index, all) => entry.seq === index + 1 && (index === 0 || entry.prev === all[index - 1]?.hash)),
    'nobody is asked for what is not wanted': [...desk.expected].every((one) =>
      wanted[one.split(' ')[0] ?? '']?.includes(state.status),
    ),
    'somebody owns what is being rectified':
      !['accepted', 'rectifying', 'submitted', 'verifying', 'closed'].includes(state.status) || state.owner !== null,
    'owner and verifier are of two teams': state.verifier === null || team(state.verifier) !== team(state.owner),
    'only a case under verification waits for a verifier':
      (state.verifier !== null) === ['verifying', 'closed'].includes(state.status),
    'the count of files is bounded': state.files.length <= 30 * (2 + state.returned.length + state.reopened.length),
    'a closed case has proof': state.status !== 'closed' || hasProof(state),
  }
  return Object.entries(claims).flatMap(([claim, holds]) => (holds ? [] : [claim]))
}

const hasProof = (state: HazardState): boolean => state.files.some((file) => file.stage === 'after' && file.kind === 'photo')
