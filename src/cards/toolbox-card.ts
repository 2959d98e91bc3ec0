import { clip } from '../lib/text.ts'
import { missing, type ToolboxState } from '../workflows/toolbox/toolbox.ts'
import type { Action, Card, Fact, Tone } from './card.ts'
import { toolboxText as text } from './text/toolbox.ts'
import { buttons, type View } from './view.ts'
import { fill, spokenTime } from './words.ts'

/** What the reader is to the talk. Who signs sees nothing of the others, so that a signature of one repaints no card but the lead's. */
type Part = 'lead' | 'sign' | 'signed' | 'watch'

const partOf = (state: ToolboxState, { reader, plant }: View): Part => {
  const { person } = reader
  if (person === null) return 'watch'
  if (person === state.lead || plant.holders('teamLead', state.team).includes(person)) return 'lead'
  if (state.signed.some((one) => one.person === person)) return 'signed'
  return state.expected.includes(person) || plant.persons.get(person)?.team === state.team ? 'sign' : 'watch'
}

const names = (ids: readonly string[], { plant }: View): string =>
  clip(ids.map((id) => plant.persons.get(id)?.name ?? id).join('、'), 200)

const listFacts = (state: ToolboxState, view: View): readonly (readonly [string, string])[] => {
  const count = state.expected.filter((id) => !missing(state).includes(id)).length
  const besides = state.signed.length - count
  return [
    [
      text.facts.count,
      `${count}/${state.expected.length}${besides > 0 ? fill(text.notes.besides, { count: String(besides) }) : ''}`,
    ],
    [text.facts.missing, names(missing(state), view) || text.notes.nobody],
    [text.facts.unreached, names(state.unreached, view)],
    [text.facts.unlinked, names(state.unlinked, view)],
  ]
}

const mineFacts = (state: ToolboxState, part: Part, view: View): readonly (readonly [string, string])[] => {
  const signature = state.signed.find(({ person }) => person === view.reader.person)
  const mine = signature ? spokenTime(signature.at, view.at, view.plant.timeZone) : ''
  return part === 'signed' ? [[text.facts.mine, mine]] : []
}

const statusOf = (state: ToolboxState, part: Part): string => {
  if (part === 'signed') return text.status.signed
  return part === 'sign' && state.status === 'closed' ? text.status.missed : text.status[state.status]
}

const factsOf = (state: ToolboxState, part: Part, view: View): readonly Fact[] => {
  const rows: readonly (readonly [string, string])[] = [
    [text.facts.status, statusOf(state, part)],
    ...(part === 'lead' || part === 'watch' ? listFacts(state, view) : mineFacts(state, part, view)),
    [text.facts.lead, names([state.lead], view)],
    [text.facts.team, state.team],
  ]
  return rows.filter(([, value]) => value !== '').map(([label, value]) => ({ label, value }))
}

const actionsOf = (state: ToolboxState, part: Part, view: View): readonly Action[] => {
  const button = buttons('toolbox', text.actions, view)
  if (state.status === 'closed') return []
  if (part === 'sign') return [button('sign', 'primary')]
  return part === 'lead' ? [button('review'), button('close', 'primary', { confirm: text.confirm.close })] : []
}

const toneOf = (state: ToolboxState, part: Part): Tone => {
  if (part === 'signed') return 'success'
  if (state.status === 'gathering') return part === 'sign' ? 'warning' : 'info'
  return part === 'sign' || missing(state).length > 0 ? 'warning' : 'success'
}

/** The toolbox talk as one reader sees it. Pure. */
export const toolboxCard = (state: ToolboxState, view: View): Card => {
  const part = partOf(state, view)
  const title = state.status === 'closed' && part !== 'signed' ? text.titles.closed : text.titles[part]
  const time = spokenTime(state.closedAt ?? state.closesAt, view.at, view.plant.timeZone)
  const shown = part === 'signed' ? '' : fill(state.status === 'closed' ? text.notes.closed : text.notes.open, { time })
  return {
    tone: toneOf(state, part),
    title,
    subtitle: state.code,
    facts: factsOf(state, part, view),
    body: state.topic,
    pictures: [],
    form: [],
    actions: actionsOf(state, part, view),
    summary: clip(`${title} ${state.code} ${state.topic.replaceAll('\n', ' ')}`, 120),
    page: view.page(text.page),
    note: shown,
  }
}
