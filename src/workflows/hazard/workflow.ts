import type { CommandRule, Plant, Reader, Workflow } from '../workflow.ts'
import { decideHazard } from './decide.ts'
import { evolveHazard } from './evolve.ts'
import { decidingNow, governDuties, governRepair, governRules, hasPart, oversees, triageFields } from './govern-rules.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { mayKnow, remembersLook } from './knowledge.ts'
import { isReporter, mayTriage, wasCalled } from './people.ts'
import { photoLock } from './photo-twins.ts'
import { isAwaited } from './reach.ts'
import { hazardRows } from './rows.ts'
import { awaitsStart, unanswered } from './start.ts'
import { awaitsArea } from './submit.ts'
import { hazardTallies } from './tallies.ts'

const rule = (from: CommandRule['from'], more: Partial<CommandRule> = {}): CommandRule => ({
  from,
  opens: false,
  needs: ['plant'],
  guards: [],
  ...more,
})

const commands: Readonly<Record<HazardCommand['type'], CommandRule>> = {
  report: rule('person', { opens: true, needs: ['plant', 'code'], guards: ['codeCounter'] }),
  raise: rule('system', {
    opens: 'named',
    needs: ['plant', 'code'],
    guards: ['codeCounter'],
    locks: ({ source, device }) => [`device:${String(source)}/${String(device)}`],
  }),
  addToReport: rule('person'),
  triage: rule('person', { form: triageFields }),
  accept: rule('person', { form: ['colour', 'area'] }),
  reject: rule('person', { form: ['reason'] }),
  startRectify: rule('person'),
  addEvidence: rule('person'),
  showDuring: rule('person'),
  showReport: rule('person'),
  submit: rule('person', { needs: ['plant', 'draw'] }),
  sign: rule('person', { needs: ['plant', 'draw'], form: ['reason'] }),
  confirmRepair: rule('person', { needs: ['plant', 'draw'], form: ['reason'] }),
  recordVerdict: rule('system', { needs: ['plant', 'draw'] }),
  greetVerdict: rule('system'),
  noteSeen: rule('system', { needs: ['plant', 'draw'] }),
  pass: rule('person'),
  veto: rule('person', { form: ['reason'] }),
  reopen: rule('person', { form: ['reason'] }),
  climb: rule('clock'),
  callOverdue: rule('clock'),
  callReach: rule('clock'),
  noteReached: rule('system'),
  acknowledge: rule('person'),
  answerReporter: rule('clock'),
  joinPlan: rule('clock'),
  redraw: rule('clock', { needs: ['plant', 'draw'] }),
  storePhoto: rule('system', { locks: () => [photoLock] }),
  refusePhoto: rule('system'),
  storeBlind: rule('system'),
  refuseBlind: rule('system'),
  reportUnreachable: rule('system'),
  ...governRules,
}

/** Is the duty that a notice announces still this reader's? */
const duties: Readonly<Record<string, (state: HazardState, reader: Reader) => boolean>> = {
  triage: (state) => unanswered(state),
  accept: (state, { person }) => state.status === 'triaged' && state.owner === person,
  rectify: (state, { person }) => (state.status === 'accepted' || state.status === 'rectifying') && state.owner === person,
  start: (state) => awaitsStart(state),
  reach: (state, { person }) => person !== null && isAwaited(state, person),
  overdue: (state) => state.status === 'accepted' || state.status === 'rectifying',
  verify: (state, { person }) => state.status === 'verifying' && state.verifier === person,
  confirmRepair: (state, { person }) => person !== null && awaitsArea(state) && (state.confirming ?? []).includes(person),
  answer: (state) => state.closedAt !== null,
  ...governDuties,
}

const maySee = (state: HazardState, reader: Reader, plant: Plant): boolean => {
  if (isReporter(state, reader)) return true
  const { person } = reader
  if (person === null || !mayKnow(state, person, plant)) return false
  if (
    person === state.owner ||
    person === state.verifier ||
    (state.confirming ?? []).includes(person) ||
    wasCalled(state, person) ||
    mayTriage(state, person, plant)
  )
    return true
  const area = plant.areas.find(({ id }) => id === (state.area ?? state.suggestion.area))
  if (area?.owner === person) return true
  return hasPart(state, person) || oversees(person, plant)
}

/** Hazard: from the report to the proven closing, with its legal grade, its approvals and what it repeats. */
export const hazardWorkflow: Workflow<HazardState, HazardCommand, HazardEvent> = {
  name: 'hazard',
  prefix: { code: 'YH', id: 'haz' },
  version: 2,
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
    ...governRepair,
  },
  open: (state) => state.closedAt === null,
  owner: (state) =>
    state.status === 'verifying'
      ? (state.verifier ?? state.seats?.find(({ outcome }) => outcome === null)?.verifier ?? null)
      : (decidingNow(state) ?? state.owner ?? state.called.findLast(({ persons }) => persons.length > 0)?.persons[0] ?? null),
  index: hazardRows,
  tallies: hazardTallies,
  stillDue: (state, reader, duty) => duties[duty]?.(state, reader) ?? true,
  maySee,
  lookedUp: (state, person, plant) => (remembersLook(state, person, plant) ? { type: 'noteSeen', person } : null),
}
