import type { PinState } from '../workflows/pin/pin.ts'
import type { Card, Fact, FormField } from './card.ts'
import { pinText as text } from './text/pin.ts'
import { buttons, type View } from './view.ts'
import { spokenTime } from './words.ts'

const secret = (name: 'pin' | 'again'): FormField => ({
  kind: 'secret',
  name,
  label: text.form[name],
  longest: 12,
  required: true,
})

const factsOf = ({ setAt, until }: PinState, { at, plant }: View): readonly Fact[] => {
  const isClosed = until !== null && new Date(until).getTime() > at.getTime()
  return [
    ...(setAt === null ? [] : [{ label: text.facts.setAt, value: spokenTime(setAt, at, plant.timeZone) }]),
    ...(isClosed ? [{ label: text.facts.until, value: spokenTime(until, at, plant.timeZone) }] : []),
  ]
}

/** The card of somebody's signing PIN: the PIN itself is typed on the page only. Pure. */
export const pinCard = (state: PinState, view: View): Card => {
  const isOwn = state.status !== 'asked' && view.reader.person === state.person
  const button = buttons('pin', text.actions, view)
  return {
    tone: state.status === 'set' ? 'success' : 'info',
    title: text.title[state.status],
    subtitle: '',
    facts: factsOf(state, view),
    body: text.body[state.status],
    pictures: [],
    form: isOwn ? [secret('pin'), secret('again')] : [],
    actions: isOwn ? [button('setPin', 'primary', { needsForm: true })] : [],
    summary: text.summary,
    page: view.page(text.page),
    note: '',
  }
}
