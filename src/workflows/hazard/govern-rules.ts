import { causeItems } from '../../rules/hazard-grades.ts'
import { rule } from '../pieces.ts'
import type { CommandRule, Plant, Reader, Workflow } from '../workflow.ts'
import { isExplainable, missingCauses } from './causes.ts'
import type { GovernCommand } from './govern.ts'
import { questionOf } from './govern-state.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'

/** What a triage form may send. */
export const triageFields = ['colour', 'area', 'owner', 'severity', 'category', 'equipment', 'deadline', 'measure', ...causeItems]

/** Who sends what of the treatment, and what a form may bring along. Merging is decided one at a time for a whole site, so that two cases never end in each other. */
export const governRules: Readonly<Record<GovernCommand['type'], CommandRule>> = {
  explain: rule('person', { form: [...causeItems, 'reason'] }),
  regrade: rule('person', { form: ['severity', 'colour', 'reason'] }),
  proposePlan: rule('person', { form: ['owner', 'measure', 'funding', 'deadline', 'contingency'] }),
  approve: rule('person'),
  sendBack: rule('person', { form: ['reason'] }),
  extend: rule('person', { form: ['until', 'reason', 'interim'] }),
  defer: rule('person', { form: ['until', 'reason', 'interim'] }),
  resume: rule('person'),
  endDeferral: rule('clock'),
  callDecider: rule('clock'),
  merge: rule('person', { form: ['into', 'reason'], locks: () => ['merge'] }),
  absorb: rule('system'),
  comeBack: rule('system'),
  tellResult: rule('system'),
  handOver: rule('person', { form: ['owner'] }),
  takeOver: rule('person'),
  callTakeOver: rule('clock'),
}

type Holds = (state: HazardState, reader: Reader) => boolean
const isAsked: Holds = ({ asked }, { person }) => person !== null && asked?.persons.includes(person) === true

/** Duties of the treatment that a notice may announce. */
export const governDuties: Readonly<Record<string, Holds>> = {
  plan: (state, reader) => questionOf(state) === 'proposal' && isAsked(state, reader),
  decide: (state, reader) => questionOf(state) !== null && questionOf(state) !== 'proposal' && isAsked(state, reader),
  explain: (state) => isExplainable(state) && missingCauses(state).length > 0,
  takeOver: (state, { person }) => state.handover?.to === person,
}

/** Everybody who has, had or decides about the treatment of a case. */
export const hasPart = (state: HazardState, person: string): boolean =>
  state.asked?.persons.includes(person) === true ||
  state.plan?.by === person ||
  state.triager?.person === person ||
  state.handover?.from === person

/** Roles that may see every case of the site. */
export const overseers = ['deptHead', 'productionDirector', 'principal', 'principalDelegate']
export const oversees = (person: string, plant: Plant): boolean =>
  overseers.some((role) => plant.holders(role, plant.site).includes(person))

/** What is set when the auditor finds such a case without a clock. */
export const governRepair: NonNullable<Workflow<HazardState, HazardCommand, HazardEvent>['repair']> = {
  listed_pending: { tag: 'decide', command: { type: 'callDecider' } },
  verified: { tag: 'decide', command: { type: 'callDecider' } },
  deferred: { tag: 'defer', command: { type: 'endDeferral' } },
}

/** Whose turn it is when somebody above the owner has to decide; null when it is not. */
export const decidingNow = (state: HazardState): string | null =>
  state.status === 'listed_pending' || state.status === 'verified' ? (state.asked?.persons[0] ?? null) : null
