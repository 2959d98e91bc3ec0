import { clip } from '../../lib/text.ts'
import { nearMissRow } from '../cohort.ts'
import { holdsAny, opening, rule, todo } from '../pieces.ts'
import type { Workflow } from '../workflow.ts'
import { decideNearMiss, said } from './decide.ts'
import type { NearMissCommand, NearMissEvent, NearMissState } from './near-miss.ts'
import { isReporter, mayReply } from './people.ts'
import { receiptRow } from './receipt.ts'

type Changes = {
  readonly [T in Exclude<NearMissEvent['type'], 'reported'>]: (
    state: NearMissState,
    event: Extract<NearMissEvent, { type: T }>,
  ) => Partial<NearMissState>
}
const changes: Changes = {
  called: ({ called }, { rung, role, persons, at, next }) => ({
    called: [...called, { rung, role, persons, at }].slice(-mostCalls),
    nextClimb: next,
    unreached: [],
  }),
  replied: (_, { by, reply, at }) => ({ status: 'answered', reply: { by, text: reply, at }, nextClimb: null }),
  converted: (_, { by, hazard, at }) => ({ converted: { by, hazard, at } }),
  unreached: ({ unreached }, { person }) => ({ unreached: [...unreached, person] }),
}
/** Calls that are remembered in the state; the journal has them all. */
const mostCalls = 24

const evolve = (state: NearMissState | null, event: NearMissEvent): NearMissState => {
  if (event.type === 'reported') {
    const { type: _, at, ...rest } = event
    return {
      status: 'unanswered',
      ...rest,
      reportedAt: at,
      called: [],
      nextClimb: null,
      unreached: [],
      reply: null,
      converted: null,
    }
  }
  if (!state) throw new Error(`a near miss cannot begin with ${event.type}`)
  return {
    ...state,
    ...(changes[event.type] as (state: NearMissState, event: NearMissEvent) => Partial<NearMissState>)(state, event),
  }
}

/** Who was called last and can still reply. */
const turnOf = ({ reply, called }: NearMissState): readonly string[] =>
  reply ? [] : (called.findLast(({ persons }) => persons.length > 0)?.persons ?? [])

/** Near misses: a reply is mandatory, a name is not. */
export const nearMissWorkflow: Workflow<NearMissState, NearMissCommand, NearMissEvent> = {
  name: 'near-miss',
  prefix: { code: 'WS', id: 'nms' },
  version: 1,
  commands: {
    report: opening('person', { spoken: said.named }),
    reportAnonymously: opening('person', { spoken: said.anonymous, hidesSender: true }),
    record: opening('system'),
    askReceipt: opening('person', { spoken: said.receipt }),
    reply: rule('person', { form: ['reason'] }),
    convert: rule('person'),
    climb: rule('clock'),
    reportUnreachable: rule('system'),
  },
  decide: decideNearMiss,
  evolve,
  open: ({ reply }) => reply === null,
  owner: (state) => turnOf(state)[0] ?? null,
  stillDue: (state, _, what) => what !== 'reply' || state.reply === null,
  maySee: (state, reader, plant) =>
    isReporter(state, reader) ||
    (reader.person !== null &&
      (mayReply(state, reader.person, plant) ||
        (state.team !== '' && plant.holders('teamLead', state.team).includes(reader.person)) ||
        holdsAny(plant, reader.person, ['deptHead', 'productionDirector', 'principal']))),
  index: (state) => [
    nearMissRow(state.reportedAt),
    ...receiptRow(state),
    ...turnOf(state).map((id) => todo(id, { code: state.code, title: clip(state.text, 60), due: state.replyBy })),
  ],
}
