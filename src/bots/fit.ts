import type { Card, Loss } from '../cards/card.ts'
import type { Capabilities } from './platform.ts'

export type Fitted = { readonly card: Card; readonly lost: readonly Loss[] }

/** Cuts a neutral card down to what a door can show and says what was lost and what stands in for it. Wording and lengths stay with the renderer. */
export const fit = (card: Card, can: Pick<Capabilities, 'facts' | 'actions' | 'form' | 'pictures'>): Fitted => {
  const lost: Loss[] = []
  const standIn = card.page ? 'page' : 'none'
  const lose = (part: Loss['part']): void => void lost.push({ part, standIn })

  const facts = card.facts.slice(0, can.facts)
  if (facts.length < card.facts.length) lose('facts')

  const keepsForm = formFits(card, can)
  if (!keepsForm) lose('form')

  const possible = keepsForm ? card.actions : card.actions.filter((action) => !action.needsForm)
  const actions = possible.slice(0, can.actions)
  if (actions.length < card.actions.length) lose('actions')

  const pictures = can.pictures === 'none' ? [] : card.pictures
  if (pictures.length < card.pictures.length) lose('pictures')

  return { card: { ...card, facts, form: keepsForm ? card.form : [], actions, pictures }, lost }
}

const formFits = (card: Card, can: Pick<Capabilities, 'form'>): boolean => {
  if (card.form.length === 0) return true
  const choices = card.form.filter((field) => field.kind === 'choice').length
  const texts = card.form.length - choices
  return choices <= can.form.choices && texts <= can.form.texts && (can.form.besideActions || card.actions.every((action) => action.needsForm))
}
