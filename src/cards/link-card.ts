import type { LinkState } from '../workflows/link/link.ts'
import type { Action, Card, FormField } from './card.ts'
import { commonText } from './text/common.ts'
import { buttons, type View } from './view.ts'
import { fill, spokenTime } from './words.ts'

const text = commonText.link

type Part = {
  readonly title: string
  readonly body: string
  readonly actions: readonly Action[]
  readonly form: readonly FormField[]
}

const partOf = (state: LinkState, view: View): Part => {
  const button = buttons('link', text.actions, view)
  const { person, account } = view.reader
  const own = account !== null && account.connection === state.account.connection && account.account === state.account.account
  const gaps = {
    name: state.name,
    connection: state.account.connection,
    person: view.plant.persons.get(state.person ?? '')?.name ?? '',
    by: view.plant.persons.get(state.assignedBy ?? '')?.name ?? '',
  }
  if (state.status === 'linked') return { title: text.doneTitle, body: fill(text.doneBody, gaps), actions: [], form: [] }
  if (state.status === 'denied') return { title: text.deniedTitle, body: fill(text.deniedBody, gaps), actions: [], form: [] }
  if (own) return { title: text.title, body: text.body, actions: [button('issueCode', 'primary')], form: [] }
  if (state.status === 'claimed' && person === state.person)
    return {
      title: text.confirmTitle,
      body: fill(state.assignedBy === undefined ? text.confirmBody : text.confirmAssignedBody, gaps),
      actions: [button('confirm', 'primary'), button('deny', 'danger')],
      form: [],
    }
  if (person === null || !view.plant.holders('administrator', view.plant.site).includes(person))
    return { title: text.watchTitle, body: fill(text.watchBody, gaps), actions: [], form: [] }
  if (state.assignedBy !== undefined && state.assignedBy !== person)
    return {
      title: text.secondTitle,
      body: fill(text.secondBody, gaps),
      actions: [button('confirm'), button('deny', 'danger')],
      form: [],
    }
  const number: FormField = {
    kind: 'text',
    name: 'employeeNo',
    label: text.form.employeeNo,
    multiline: false,
    longest: 20,
    required: false,
  }
  return {
    title: text.assignTitle,
    body: fill(state.assignedBy === undefined ? text.assignBody : text.assignedBody, gaps),
    actions: [button('assign', 'primary'), button('deny', 'danger')],
    form: [number],
  }
}

/** The linking of one account, as its owner, the person who typed the code, or an administrator sees it. */
export const linkCard = (state: LinkState, view: View): Card => {
  const part = partOf(state, view)
  return {
    tone: state.status === 'linked' ? 'success' : 'info',
    title: part.title,
    subtitle: state.name,
    facts: [
      { label: text.facts.status, value: text.status[state.status] },
      { label: text.facts.since, value: spokenTime(state.since, view.at, view.plant.timeZone) },
    ],
    body: part.body,
    pictures: [],
    form: part.form,
    actions: part.actions,
    summary: `${part.title} ${state.name}`,
    page: null,
    note: '',
  }
}
