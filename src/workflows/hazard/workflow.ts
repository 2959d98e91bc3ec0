import type { CommandRule, Plant, Reader, Workflow } from '../workflow.ts'
import { unanswered } from './clocks.ts'
import { decideHazard } from './decide.ts'
import { evolveHazard } from './evolve.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { isReporter, mayTriage, wasCalled } from './people.ts'

const rule = (from: CommandRule['from'], more: Partial<CommandRule> = {}): CommandRule => ({
  from,
  opens: false,
  needs: ['plant'],
  guards: [],
  ...more,
})

const commands: Readonly<Record<HazardCommand['type'], CommandRule>> = {
  report: rule('person', { opens: true, needs: ['plant', 'code'], guards: ['codeCounter'] }),
  addToReport: rule('person'),
  triage: rule('person', { form: ['colour', 'area', 'owner'] }),
  accept: rule('person', { form: ['colour', 'area'] }),
  reject: rule('person', { form: ['reason'] }),
  startRectify: rule('person'),
  addEvidence: rule('person'),
  submit: rule('person'),
  pass: rule('person'),
  veto: rule('person', { form: ['reason'] }),
  reopen: rule('person', { form: ['reason'] }),
  climb: rule('clock'),
  callOverdue: rule('clock'),
  redraw: rule('clock'),
  storePhoto: rule('system'),
  refusePhoto: rule('system'),
  reportUnreachable: rule('system'),
}

/** Is the duty that a notice announces still this reader's? */
const duties: Readonly<Record<string, (state: HazardState, reader: Reader) => boolean>> = {
  triage: (state) => unanswered(state),
  accept: (state, { person }) => state.status === 'triaged' && state.owner === person,
  rectify: (state, { person }) => (state.status === 'accepted' || state.status === 'rectifying') && state.owner === person,
  overdue: (state) => state.status === 'accepted' || state.status === 'rectifying',
  verify: (state, { person }) => state.status === 'verifying' && state.verifier === person,
  answer: (state) => state.closedAt !== null,
}

const maySee = (state: HazardState, reader: Reader, plant: Plant): boolean => {
  if (isReporter(state, reader)) return true
  const { person } = reader
  if (person === null) return false
  if (person === state.owner || person === state.verifier || wasCalled(state, person) || mayTriage(state, person, plant))
    return true
  const area = plant.areas.find(({ id }) => id === (state.area ?? state.suggestion.area))
  if (area?.owner === person) return true
  return ['deptHead', 'productionDirector', 'principal'].some((role) => plant.holders(role, plant.site).includes(person))
}

/** Hazard, first cut (states and clocks without `deferred`, `merged` and `listed_pending`). */
export const hazardWorkflow: Workflow<HazardState, HazardCommand, HazardEvent> = {
  name: 'hazard',
  prefix: { code: 'YH', id: 'haz' },
  version: 1,
  commands,
  decide: decideHazard,
  evolve: evolveHazard,
  repair: {
    reported: { tag: 'climb', command: { type: 'climb', rung: 0 } },
    triaged: { tag: 'climb', command: { type: 'climb', rung: 0 } },
    accepted: { tag: 'due', command: { type: 'callOverdue' } },
    rectifying: { tag: 'due', command: { type: 'callOverdue' } },
    submitted: { tag: 'verify', command: { type: 'redraw' } },
    verifying: { tag: 'verify', command: { type: 'redraw' } },
  },
  open: (state) => state.closedAt === null,
  owner: (state) =>
    state.status === 'verifying'
      ? state.verifier
      : (state.owner ?? state.called.findLast(({ persons }) => persons.length > 0)?.persons[0] ?? null),
  stillDue: (state, reader, duty) => duties[duty]?.(state, reader) ?? true,
  maySee,
}
