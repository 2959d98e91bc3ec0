import type { App, World } from '../contract.ts'
import { type Answer, demand, ok } from './answers.ts'
import type { CallbackBook } from './callback-book.ts'
import { type CardStore, userIdTypeIn } from './card-store.ts'
import type { Card } from './cards.ts'
import { type DeliveryParts, deliver, planDelivery } from './delivery.ts'
import type { Api, Call } from './gate.ts'
import { fieldsOf, textOf } from './wire.ts'

export type CardApiParts = DeliveryParts & { readonly world: World; readonly store: CardStore; readonly book: CallbackBook }

/** Card instances ("创建并投放卡片", "更新卡片", "投放卡片", read 2026-08). */
export const cardApis = (parts: CardApiParts): readonly Api[] => {
  const { world, store, book } = parts

  /** `dingtalk.cardRepeat`: what a second creation under one `outTrackId` meets, `error` unless set to `silent`. Either way nothing new is applied. */
  const known = (card: Card): Card | null => {
    const old = store.find(card.app, card.outTrackId)
    demand(!old || world.choose('dingtalk.cardRepeat', 'error') === 'silent', 'param.cardAlreadyExist')
    return old
  }

  const create = ({ fields }: Call, app: App): Answer => {
    const card = store.draft(fields, app)
    if (!known(card)) store.keep(card)
    return ok({ success: true, result: card.outTrackId })
  }

  const createAndDeliver = ({ fields }: Call, app: App): Answer => {
    const card = store.draft(fields, app)
    const plans = planDelivery(fields)
    const old = known(card)
    if (!old) store.keep(card)
    const deliverResults = old ? old.deliveries : deliver(parts, card, plans, userIdTypeIn(fields))
    return ok({ success: true, result: { outTrackId: card.outTrackId, deliverResults } })
  }

  const cardIn = ({ fields }: Call, app: App): Card => {
    demand(textOf(fields.outTrackId) !== '', 'param.outTrackIdEmpty')
    const card = store.find(app, textOf(fields.outTrackId))
    demand(card !== null, 'param.cardNotExist')
    return card
  }

  const deliverOnly = (call: Call, app: App): Answer => {
    const card = cardIn(call, app)
    return ok({ success: true, result: deliver(parts, card, planDelivery(call.fields), userIdTypeIn(call.fields)) })
  }

  const update = (call: Call, app: App): Answer => {
    const { fields } = call
    demand(textOf(fields.outTrackId) !== '', 'param.outTrackIdEmpty')
    demand(fields.cardData !== undefined || fields.privateData !== undefined, 'param.cardDataAndPrivateDataBothEmpty')
    const card = cardIn(call, app)
    const { updateCardDataByKey, updatePrivateDataByKey } = fieldsOf(fields.cardUpdateOptions)
    store.update(card, {
      publicData: store.publicIn(card, fields),
      privateData: store.privatesIn(card, fields),
      publicByKey: updateCardDataByKey === true,
      privateByKey: updatePrivateDataByKey === true,
    })
    return ok({ success: true, result: true })
  }

  const api = (method: 'POST' | 'PUT', path: string, answer: (call: Call, app: App) => Answer): Api => ({
    method,
    path,
    family: 'new',
    body: 'json',
    needs: 'token',
    counted: true,
    answer,
  })
  return [
    api('POST', '/v1.0/card/instances', create),
    api('POST', '/v1.0/card/instances/createAndDeliver', createAndDeliver),
    api('POST', '/v1.0/card/instances/deliver', deliverOnly),
    api('PUT', '/v1.0/card/instances', update),
    api('POST', '/v1.0/card/callbacks/register', ({ fields }, app) => book.register(fields, app)),
  ]
}
