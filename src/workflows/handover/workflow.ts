import { clip } from '../../lib/text.ts'
import { holdsAny, opening, rule, todo } from '../pieces.ts'
import type { Workflow } from '../workflow.ts'
import { decideHandover, said } from './decide.ts'
import type { CheckedLine, HandoverCommand, HandoverEvent, HandoverState } from './handover.ts'

type Changes = {
  readonly [T in Exclude<HandoverEvent['type'], 'started'>]: (
    state: HandoverState,
    event: Extract<HandoverEvent, { type: T }>,
  ) => Partial<HandoverState>
}

const check = (
  { lines }: HandoverState,
  id: string,
  checked: CheckedLine['checked'],
): Pick<HandoverState, 'lines' | 'asking'> => ({
  lines: lines.map((line) => (line.id === id ? { ...line, checked } : line)),
  asking: null,
})

const changes: Changes = {
  confirmed: (state, { line, at }) => check(state, line, { at, note: null }),
  noteAsked: (_, { line }) => ({ asking: line }),
  noted: (state, { line, at, note }) => check(state, line, { at, note }),
  offered: (_, { incoming, at }) => ({ status: 'offered', incoming, offeredAt: at, asking: null }),
  signed: (_, { at }) => ({ status: 'signed', endedAt: at }),
  returned: ({ returned }, { by, reason, at }) => ({
    status: 'preparing',
    returned: [...returned, { by, reason, at }],
    offeredAt: null,
  }),
  cancelled: (_, { at, reason }) => ({ status: 'cancelled', endedAt: at, closing: reason }),
  called: ({ called }, { persons, at, climbsAt }) => ({
    called: [...called, { persons, at }].slice(-mostCalls),
    climbsAt,
    unreached: [],
  }),
  unreached: ({ unreached }, { person }) => ({ unreached: [...unreached, person] }),
}
/** Calls that are remembered in the state; the journal has them all. */
const mostCalls = 24

const evolve = (state: HandoverState | null, event: HandoverEvent): HandoverState => {
  if (event.type === 'started') {
    const { type: _, by, at, lines, ...rest } = event
    return {
      status: 'preparing',
      ...rest,
      outgoing: by,
      incoming: null,
      openedAt: at,
      signBy: event.climbsAt,
      lines: lines.map((line) => ({ ...line, checked: null })),
      asking: null,
      called: [],
      unreached: [],
      offeredAt: null,
      returned: [],
      endedAt: null,
      closing: null,
    }
  }
  if (!state) throw new Error(`a handover cannot begin with ${event.type}`)
  return {
    ...state,
    ...(changes[event.type] as (state: HandoverState, event: HandoverEvent) => Partial<HandoverState>)(state, event),
  }
}

/** Whose turn it is; null when it has ended. */
export const turnOf = ({ status, outgoing, incoming }: HandoverState): string | null =>
  status === 'preparing' ? outgoing : status === 'offered' ? incoming : null

/** Shift handover, signed by two persons. */
export const handoverWorkflow: Workflow<HandoverState, HandoverCommand, HandoverEvent> = {
  name: 'handover',
  prefix: { code: 'JB', id: 'hov' },
  version: 1,
  commands: {
    start: opening('person', { spoken: said }),
    confirm: rule('person', { form: ['line', 'note'] }),
    note: rule('person', { form: ['line', 'note'] }),
    offer: rule('person', { form: ['incoming'] }),
    sign: rule('person'),
    disagree: rule('person', { form: ['reason'] }),
    cancel: rule('person', { form: ['reason'] }),
    climb: rule('clock'),
    reportUnreachable: rule('system'),
  },
  decide: decideHandover,
  evolve,
  open: ({ endedAt }) => endedAt === null,
  owner: turnOf,
  stillDue: (state, { person }, what) => {
    if (what === 'sign') return state.status === 'offered' && state.incoming === person
    return what === 'prepare' ? state.status === 'preparing' : what !== 'unsigned' || state.endedAt === null
  },
  maySee: (state, { person }, plant) =>
    person !== null &&
    (person === state.outgoing ||
      person === state.incoming ||
      state.called.some(({ persons }) => persons.includes(person)) ||
      plant.holders('teamLead', state.team).includes(person) ||
      holdsAny(plant, person, ['deptHead', 'safetyOfficer', 'safetyDirector', 'productionDirector', 'principal'])),
  index: (state) => {
    const turn = turnOf(state)
    return turn === null ? [] : [todo(turn, { code: state.code, title: clip(state.remarks, 60), due: state.signBy })]
  },
}
