import type { Action, Card, FormField, Loss } from '../cards/card.ts'
import type { Capabilities } from './platform.ts'

export type Fitted = { readonly card: Card; readonly lost: readonly Loss[] }

/** Cuts a neutral card down to what a door can show and says what was lost and what stands in for it. Wording and lengths stay with the renderer. */
export const fitCard = (card: Card, can: Pick<Capabilities, 'facts' | 'actions' | 'form' | 'pictures'>): Fitted => {
  const lost: Loss[] = []
  const standIn = card.page ? 'page' : 'none'
  const lose = (part: Loss['part']): void => void lost.push({ part, standIn })

  const facts = card.facts.slice(0, can.facts)
  if (facts.length < card.facts.length) lose('facts')

  const form = fitForm(card, can)
  if (form.length < card.form.length) lose('form')
  const possible = card.actions.filter((action) => hasItsFields(action, card.form, form))
  const actions = possible.slice(0, can.actions)
  if (actions.length < card.actions.length) lose('actions')

  const pictures = can.pictures === 'none' ? [] : card.pictures
  if (pictures.length < card.pictures.length) lose('pictures')

  return { card: { ...card, facts, form, actions, pictures }, lost }
}

/** Can this button be pressed with these fields of the card's form? */
export const hasItsFields = ({ needsForm, needs }: Action, whole: readonly FormField[], shown: readonly FormField[]): boolean =>
  !needsForm || whole.every((field) => shown.includes(field) || !(needs ? needs.includes(field.name) : field.required))

/** As many fields as the door has room for, in the card's order, and none that only a page may ask; none where a form cannot stand beside actions that do not need it. */
const fitForm = (card: Card, can: Pick<Capabilities, 'form'>): readonly FormField[] => {
  if (!can.form.besideActions && card.actions.some((action) => !action.needsForm)) return []
  const room = { choice: can.form.choices, text: can.form.texts, secret: 0, position: 0 }
  return card.form.filter((field) => {
    room[field.kind] -= 1
    return room[field.kind] >= 0
  })
}
