import { later } from '../../lib/clock.ts'
import { clip } from '../../lib/text.ts'
import { holdsAny, iso, opening, rule, todo } from '../pieces.ts'
import type { Reader, Workflow } from '../workflow.ts'
import { decideSuggestion, said } from './decide.ts'
import { mayDecide, ruleOf } from './people.ts'
import type { SuggestionCommand, SuggestionEvent, SuggestionState } from './suggestion.ts'

type Changes = {
  readonly [T in Exclude<SuggestionEvent['type'], 'proposed'>]: (
    state: SuggestionState,
    event: Extract<SuggestionEvent, { type: T }>,
  ) => Partial<SuggestionState>
}
const changes: Changes = {
  endorsed: (_, { by, opinion, at }) => ({ opinion: { by, text: opinion, at } }),
  forwarded: (_, { role, persons }) => ({ status: 'forwarded', asked: persons, role, unreached: [] }),
  approved: (_, { by, implementer, dueAt, at }) => ({
    status: 'approved',
    decided: { by, at, reason: null },
    implementer,
    dueAt,
    unreached: [],
  }),
  declined: (_, { by, reason, at }) => ({ status: 'declined', decided: { by, at, reason }, endedAt: at }),
  reassigned: (_, { implementer }) => ({ implementer, unreached: [] }),
  implemented: (_, { note, at }) => ({ status: 'implemented', note, endedAt: at }),
  progressTold: (_, { count }) => ({ progress: count }),
  overdueCalled: (_, { count }) => ({ overdue: count }),
  unreached: ({ unreached }, { person }) => ({ unreached: [...unreached, person] }),
}

const evolve = (state: SuggestionState | null, event: SuggestionEvent): SuggestionState => {
  if (event.type === 'proposed') {
    const { type: _, at, ...rest } = event
    return {
      status: 'proposed',
      ...rest,
      proposedAt: at,
      role: 'teamLead',
      opinion: null,
      decided: null,
      implementer: null,
      dueAt: null,
      overdue: 0,
      note: null,
      progress: 0,
      unreached: [],
      endedAt: null,
    }
  }
  if (!state) throw new Error(`a suggestion cannot begin with ${event.type}`)
  return {
    ...state,
    ...(changes[event.type] as (state: SuggestionState, event: SuggestionEvent) => Partial<SuggestionState>)(state, event),
  }
}

/** Whose turn it is. */
const turnOf = ({ status, asked, implementer, endedAt }: SuggestionState): readonly string[] => {
  if (endedAt !== null) return []
  return status === 'approved' ? (implementer === null ? [] : [implementer]) : asked
}

/** Is the reader who suggested it, by person or by the very account? */
export const isSuggester = ({ suggester }: SuggestionState, { person, account }: Reader): boolean =>
  (person !== null && person === suggester.person) ||
  (account !== null && account.connection === suggester.account.connection && account.account === suggester.account.account)

/** By when whoever's turn it is should have acted. */
const dueOf = (state: SuggestionState): string =>
  state.dueAt ?? iso(later(new Date(state.proposedAt), ruleOf(state).feedbackEvery))

/** Suggestions: nobody decides about their own, and no suggester waits longer than 48 hours for a word. */
export const suggestionWorkflow: Workflow<SuggestionState, SuggestionCommand, SuggestionEvent> = {
  name: 'suggestion',
  prefix: { code: 'JY', id: 'sug' },
  version: 1,
  commands: {
    propose: opening('person', { spoken: said }),
    endorse: rule('person', { form: ['opinion'] }),
    approve: rule('person', { form: ['implementer'] }),
    decline: rule('person', { form: ['reason'] }),
    reassign: rule('person', { form: ['implementer'] }),
    finish: rule('person', { form: ['reason'] }),
    passOn: rule('clock'),
    tellProgress: rule('clock'),
    callOverdue: rule('clock'),
    reportUnreachable: rule('system'),
  },
  decide: decideSuggestion,
  evolve,
  open: ({ endedAt }) => endedAt === null,
  owner: (state) => turnOf(state)[0] ?? null,
  stillDue: (state, { person }, what) => {
    if (what === 'endorse') return state.status === 'proposed'
    if (what === 'decide') return state.decided === null
    return what === 'implement'
      ? state.status === 'approved' && person === state.implementer
      : what !== 'overdue' || state.status === 'approved'
  },
  maySee: (state, reader, plant) =>
    isSuggester(state, reader) ||
    (reader.person !== null &&
      (state.asked.includes(reader.person) ||
        reader.person === state.implementer ||
        reader.person === state.opinion?.by ||
        plant.holders('teamLead', state.team).includes(reader.person) ||
        mayDecide(state, reader.person, plant) ||
        holdsAny(plant, reader.person, ['safetyOfficer', 'safetyDirector', ruleOf(state).climbsTo]))),
  index: (state) => turnOf(state).map((id) => todo(id, { code: state.code, title: clip(state.text, 60), due: dueOf(state) })),
}
