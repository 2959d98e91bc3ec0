import { refuse } from '../../lib/refusal.ts'
import { classOf } from '../../rules/contractor-score.ts'
import { forget, iso, rule, stop, todo } from '../pieces.ts'
import { accept, type Decision, type Facts, type IndexRow, type Plant, type Workflow } from '../workflow.ts'
import { askAgain, leadsOf, mayReview, review, unreachable } from './asking.ts'
import type { ContractorCommand, ContractorEvent, ContractorNote, ContractorState } from './contractor.ts'
import { evolveContractor } from './evolve.ts'
import { decideScore, isOpening } from './score.ts'

const supersede = (state: ContractorState, by: string, facts: Facts): Decision<ContractorEvent> =>
  state.status === 'superseded'
    ? accept([], [])
    : accept([{ type: 'superseded', by, at: iso(facts.at) }], [stop('review'), forget('review')])

const decide = (state: ContractorState | null, command: ContractorCommand, facts: Facts): Decision<ContractorEvent> => {
  if (isOpening(command)) return decideScore(state, command, facts)
  if (!state) return refuse('no-such-case')
  switch (command.type) {
    case 'supersede':
      return supersede(state, command.by, facts)
    case 'review':
      return review(state, command, facts)
    case 'askAgain':
      return askAgain(state, facts)
    case 'reportUnreachable':
      return unreachable(state, command, facts)
  }
}

const title = '复核承包商停工'

/** Row `contractor` by company, the newest quarter first; and the to-do rows of those asked to review a suspension. */
const index = (state: ContractorState): readonly IndexRow[] => {
  const { contractor, quarter, status, suspensions, papers } = state
  const note: ContractorNote = { contractor, quarter, class: classOf(state.score), status, suspensions, papers }
  const row: IndexRow = {
    name: 'contractor',
    key: contractor,
    at: state.changedAt,
    weight: Math.round(state.score),
    note: JSON.stringify(note),
  }
  if (status !== 'suspended' || state.askedUntil === null) return [row]
  const due = state.askedUntil
  return [row, ...state.asked.map((id) => todo(id, { code: contractor, title, due }))]
}

const perContractor = rule('system', { opens: 'named', locks: ({ contractor }) => [`contractor:${String(contractor)}`] })

const maySee = (state: ContractorState, { person: reader }: { readonly person: string | null }, plant: Plant): boolean =>
  reader !== null &&
  (leadsOf(state.contractor, plant).includes(reader) ||
    mayReview(state, reader, plant) ||
    ['deptHead', 'productionDirector', 'safetyOfficer'].some((role) => plant.holders(role, plant.site).includes(reader)))

/** A contractor's quarter: score, class and gate. Only other subjects score; people only lift suspensions. */
export const contractorWorkflow: Workflow<ContractorState, ContractorCommand, ContractorEvent> = {
  name: 'contractor',
  prefix: { code: null, id: 'ctr' },
  version: 1,
  commands: {
    score: perContractor,
    reverse: perContractor,
    suspend: perContractor,
    lift: perContractor,
    recordPaper: perContractor,
    supersede: rule('system'),
    review: rule('person', { form: ['reason'] }),
    askAgain: rule('clock'),
    reportUnreachable: rule('system'),
  },
  decide,
  evolve: evolveContractor,
  open: (state) => state.status === 'suspended',
  owner: (state) => (state.status === 'suspended' ? (state.asked[0] ?? null) : null),
  stillDue: (state, reader, what) =>
    what === 'review'
      ? state.status === 'suspended' && reader.person !== null && state.asked.includes(reader.person)
      : what !== 'suspended' || state.status === 'suspended',
  maySee,
  index,
}
