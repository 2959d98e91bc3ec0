import { later } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { clip } from '../../lib/text.ts'
import {
  actingPerson,
  answerTo,
  ask,
  duty,
  forget,
  freshCode,
  holdsAny,
  inform,
  iso,
  isPast,
  isRefusal,
  nameOf,
  opening,
  outOfReach,
  rule,
  stop,
  strikeAt,
  tell,
  todo,
  toPerson,
} from '../pieces.ts'
import { accept, type Decision, type Facts, type Plant, type Workflow } from '../workflow.ts'
import { missing, type ToolboxCommand, type ToolboxEvent, type ToolboxState, toolboxRule } from './toolbox.ts'

type ToolboxDecision = Decision<ToolboxEvent>
type Arm<T extends ToolboxCommand['type']> = (
  state: ToolboxState,
  command: Extract<ToolboxCommand, { type: T }>,
  facts: Facts,
) => ToolboxDecision

const said = /^班前会(?:[\s:：,，]\s*([\s\S]*))?$/

/** Everybody of the team but its lead: who can be asked, and who has no usable account. */
const crew = (
  plant: Plant,
  team: string,
  lead: string,
): { readonly expected: readonly string[]; readonly unlinked: readonly string[] } => {
  const ids = [...plant.persons.values()].filter((one) => one.active && one.team === team && one.id !== lead).map(({ id }) => id)
  return { expected: ids.filter((id) => plant.reachable(id)), unlinked: ids.filter((id) => !plant.reachable(id)) }
}

/** 班前会. By the lead of a team, for that team. Without a topic it is asked for. */
const gather = (command: Extract<ToolboxCommand, { type: 'gather' }>, facts: Facts): ToolboxDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  const team = facts.plant.persons.get(by.id)?.team ?? ''
  if (team === '' || !facts.plant.holders('teamLead', team).includes(by.id)) return refuse('not-a-lead')
  const { expected, unlinked } = crew(facts.plant, team, by.id)
  if (expected.length === 0) return refuse('nobody-to-ask', { name: team })
  const topic = clip(
    (said.exec(command.text)?.[1] ?? (said.test(command.text) ? '' : command.text)).trim(),
    toolboxRule.longestTopic,
  )
  if (topic === '') return ask('gather', 'topic', { facts, within: toolboxRule.askWithin })
  const closesAt = later(facts.at, toolboxRule.shift)
  const gathered: ToolboxEvent = {
    type: 'gathered',
    code: freshCode(facts),
    topic,
    team,
    by: by.id,
    at: iso(facts.at),
    closesAt: iso(closesAt),
    rule: toolboxRule.id,
    expected,
    unlinked,
  }
  return accept(
    [gathered],
    [
      forget('gather'),
      inform(toPerson(by.id)),
      ...expected.map((id) => duty(toPerson(id), 'sign')),
      strikeAt('end', closesAt, { type: 'end' }),
    ],
  )
}

/** May the person sign? Who was asked, and who has come to the team since. */
const belongs = (state: ToolboxState, person: string, plant: Plant): boolean =>
  person !== state.lead &&
  (state.expected.includes(person) || state.unlinked.includes(person) || plant.persons.get(person)?.team === state.team)

const signatureOf = (state: ToolboxState, person: string): string | null =>
  state.signed.find((one) => one.person === person)?.at ?? null

/** 签到. Once for each person, and not after the end. */
const sign: Arm<'sign'> = (state, _, facts) => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  const { code } = state
  if (!belongs(state, by.id, facts.plant)) return refuse('not-invited', { code, name: nameOf(facts.plant, state.lead) })
  const before = signatureOf(state, by.id)
  if (before !== null) return refuse('signed-already', { code, at: before })
  if (state.closedAt !== null) return refuse('too-late', { code, at: state.closedAt, name: nameOf(facts.plant, state.lead) })
  return accept([{ type: 'signed', by: by.id, at: iso(facts.at) }], [], 'signed', { code })
}

/** The lead of the talk, and whoever leads the team by now. */
const leads = (state: ToolboxState, person: string, plant: Plant): boolean =>
  person === state.lead || plant.holders('teamLead', state.team).includes(person)

const onlyLeads = (state: ToolboxState, facts: Facts): { readonly id: string } | ReturnType<typeof refuse> => {
  const by = actingPerson(facts)
  if (isRefusal(by) || leads(state, by.id, facts.plant)) return by
  return refuse('leads-only', { code: state.code, name: nameOf(facts.plant, state.lead) })
}

/** 刷新名单. Changes nothing; the answer to the press is the card as it is now, for doors whose cards do not follow by themselves. */
const review: Arm<'review'> = (state, _, facts) => {
  const by = onlyLeads(state, facts)
  return isRefusal(by) ? by : accept([])
}

/** 结束签到, by the lead. */
const close: Arm<'close'> = (state, _, facts) => {
  const by = onlyLeads(state, facts)
  if (isRefusal(by)) return by
  if (state.closedAt !== null) return refuse('closed-already', { code: state.code, at: state.closedAt })
  const absent = missing(state)
  return accept([{ type: 'closed', by: by.id, at: iso(facts.at), missing: absent }], [stop('end')], 'closed', {
    code: state.code,
    count: String(absent.length),
  })
}

/** The clock: the shift is over. The lead gets the list of who did not sign as a message of its own. */
const end: Arm<'end'> = (state, _, facts) => {
  if (state.closedAt !== null) return refuse('closed-already', { code: state.code, at: state.closedAt })
  if (!isPast(state.closesAt, facts.at)) return accept([], [strikeAt('end', new Date(state.closesAt), { type: 'end' })])
  return accept([{ type: 'ended', at: iso(facts.at), missing: missing(state) }], [answerTo(toPerson(state.lead))])
}

/** Somebody did not get the card: the lead hears of it, because a person who was never asked cannot sign. */
const reportUnreachable: Arm<'reportUnreachable'> = (state, { person, duty: what }, facts) => {
  const alarm = outOfReach(person, what, state.code)
  const waits = state.closedAt === null && state.expected.includes(person) && !state.unreached.includes(person)
  if (!waits || signatureOf(state, person) !== null) return accept([], [alarm])
  const told = tell(toPerson(state.lead), 'unreached', { code: state.code, name: nameOf(facts.plant, person) })
  return accept([{ type: 'unreached', person, at: iso(facts.at) }], [alarm, told])
}

const arms: { readonly [T in Exclude<ToolboxCommand['type'], 'gather'>]: Arm<T> } = {
  sign,
  review,
  close,
  end,
  reportUnreachable,
}

const decide = (state: ToolboxState | null, command: ToolboxCommand, facts: Facts): ToolboxDecision => {
  if (command.type === 'gather') return state ? refuse('open-already', { code: state.code }) : gather(command, facts)
  if (!state) return refuse('no-such-case')
  return (arms[command.type] as (state: ToolboxState, command: ToolboxCommand, facts: Facts) => ToolboxDecision)(
    state,
    command,
    facts,
  )
}

type Changes = {
  readonly [T in Exclude<ToolboxEvent['type'], 'gathered'>]: (
    state: ToolboxState,
    event: Extract<ToolboxEvent, { type: T }>,
  ) => Partial<ToolboxState>
}
const changes: Changes = {
  signed: ({ signed }, { by, at }) => ({ signed: [...signed, { person: by, at }] }),
  unreached: ({ unreached }, { person }) => ({ unreached: [...unreached, person] }),
  closed: (_, { by, at }) => ({ status: 'closed', closedAt: at, closedBy: by }),
  ended: (_, { at }) => ({ status: 'closed', closedAt: at }),
}

const evolve = (state: ToolboxState | null, event: ToolboxEvent): ToolboxState => {
  if (event.type === 'gathered') {
    const { type: _, by, at, ...rest } = event
    return { status: 'gathering', ...rest, lead: by, openedAt: at, signed: [], unreached: [], closedAt: null, closedBy: null }
  }
  if (!state) throw new Error(`a toolbox talk cannot begin with ${event.type}`)
  return {
    ...state,
    ...(changes[event.type] as (state: ToolboxState, event: ToolboxEvent) => Partial<ToolboxState>)(state, event),
  }
}

/** Toolbox talk sign-in: the smallest workflow, and the example of how one is added (docs/decisions). */
export const toolboxWorkflow: Workflow<ToolboxState, ToolboxCommand, ToolboxEvent> = {
  name: 'toolbox',
  prefix: { code: 'BQ', id: 'tbx' },
  version: 1,
  commands: {
    gather: opening('person', { spoken: said }),
    sign: rule('person'),
    review: rule('person'),
    close: rule('person'),
    end: rule('clock'),
    reportUnreachable: rule('system'),
  },
  decide,
  evolve,
  open: ({ status }) => status === 'gathering',
  owner: ({ lead }) => lead,
  stillDue: (state, { person }, what) =>
    what !== 'sign' || (state.status === 'gathering' && person !== null && signatureOf(state, person) === null),
  maySee: (state, { person }, plant) =>
    person !== null &&
    (leads(state, person, plant) ||
      belongs(state, person, plant) ||
      holdsAny(plant, person, ['safetyOfficer', 'safetyDirector', 'deptHead', 'productionDirector', 'principal'])),
  index: (state) =>
    state.status === 'closed'
      ? []
      : missing(state).map((person) => todo(person, { code: state.code, title: clip(state.topic, 60), due: state.closesAt })),
}
