import type { ContractorEvent, ContractorState } from './contractor.ts'

type Changes = {
  readonly [T in Exclude<ContractorEvent['type'], 'begun'>]: (
    state: ContractorState,
    event: Extract<ContractorEvent, { type: T }>,
  ) => Partial<ContractorState>
}

const begin = (event: Extract<ContractorEvent, { type: 'begun' }>): ContractorState => ({
  status: event.suspensions.length > 0 ? 'suspended' : 'running',
  site: event.site,
  contractor: event.contractor,
  quarter: event.quarter,
  rules: event.rules,
  score: event.start,
  entries: [],
  suspensions: event.suspensions,
  lifted: [],
  papers: event.papers,
  asked: [],
  askedUntil: null,
  level: 0,
  changedAt: event.at,
  reviewed: null,
})

type Line = Extract<ContractorEvent, { type: 'scored' | 'reversed' | 'voided' }>

const enter = (state: ContractorState, { type: _, ...entry }: Line): Partial<ContractorState> => ({
  score: state.score + entry.points,
  entries: [...state.entries, entry],
})

/** Without suspensions nobody is asked any more. */
const without = (state: ContractorState, keys: readonly string[]): Partial<ContractorState> => {
  const suspensions = state.suspensions.filter(({ key }) => !keys.includes(key))
  if (suspensions.length > 0 || state.status !== 'suspended') return { suspensions }
  return { suspensions, status: 'running', asked: [], askedUntil: null, level: 0 }
}

const keysOf = ({ suspensions }: ContractorState): readonly string[] => suspensions.map(({ key }) => key)

const spent = ({ lifted }: ContractorState, keys: readonly string[]): Pick<ContractorState, 'lifted'> => ({
  lifted: [...new Set([...lifted, ...keys])],
})

const changes: Changes = {
  scored: enter,
  reversed: enter,
  voided: enter,
  suspended: (state, { type: _, ...suspension }) => ({
    status: 'suspended',
    suspensions: [...state.suspensions, suspension],
  }),
  // A score that has recovered can fall again; what a card suspended is over with the card.
  lifted: (state, { key, again }) => ({ ...without(state, [key]), ...(again ? {} : spent(state, [key])) }),
  paperRecorded: ({ papers }, { paper, until }) => ({ papers: { ...papers, [paper]: until } }),
  superseded: () => ({ status: 'superseded', asked: [], askedUntil: null }),
  reviewed: (state, { by, name, reason, at }) => ({
    ...without(state, keysOf(state)),
    ...spent(state, keysOf(state)),
    reviewed: { by, name, reason, at },
  }),
  asked: (_, { persons, level, until }) => ({ asked: persons, level, askedUntil: until }),
  unreachable: () => ({}),
}

/** Folds one event; `begun` alone begins a quarter. */
export const evolveContractor = (state: ContractorState | null, event: ContractorEvent): ContractorState => {
  if (event.type === 'begun') return begin(event)
  if (!state) throw new Error(`a contractor's quarter cannot begin with ${event.type}`)
  const change = changes[event.type] as (state: ContractorState, event: ContractorEvent) => Partial<ContractorState>
  const at = 'at' in event ? event.at : state.changedAt
  return { ...state, ...change(state, event), changedAt: at }
}
