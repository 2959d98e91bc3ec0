import type { Pressed, PressResult, Seen, World } from '../contract.ts'
import { Refused } from './answers.ts'
import type { CallbackBook } from './callback-book.ts'
import type { CardStore } from './card-store.ts'
import { type Card, type Offer, offerOf, valuesFor } from './cards.ts'
import { fillForm } from './form.ts'
import type { Hooks } from './hooks.ts'
import { unionIdOf } from './ids.ts'
import type { Message, Phone } from './phone.ts'
import type { Pushes, Verdict } from './pushes.ts'
import type { Quota } from './quota.ts'
import { type Fields, fieldsOf, fieldsOrNull } from './wire.ts'

export type PressParts = {
  readonly world: World
  readonly store: CardStore
  readonly phone: Phone
  readonly pushes: Pushes
  readonly hooks: Hooks
  readonly book: CallbackBook
  readonly quota: Quota
}

const only = (status: string): PressResult => ({ toast: null, card: null, status })

/** The card callback ("事件回调", read 2026-08): `content` is a JSON string, form values ride along under `params.form`. */
const callbackOf = (card: Card, message: Message, actionId: string, params: Fields): Fields => {
  const { corpId = '' } = card.app.credentials
  return {
    type: 'actionCallback',
    outTrackId: card.outTrackId,
    corpId,
    userId: card.userIdType === 2 ? unionIdOf(corpId, message.account) : message.account,
    userIdType: card.userIdType,
    spaceType: message.talk.kind === 'group' ? 'IM_GROUP' : 'IM_ROBOT',
    spaceId: message.talk.id,
    extension: '{}',
    content: JSON.stringify({ cardPrivateData: { actionIds: [actionId], params } }),
  }
}

/**
 * What the button sends, with the form it stood beside; or the status that the client shows instead of sending.
 * `dingtalk.requiredFor`: a required field left empty holds back `every` button unless set to `none` (unverified for buttons of one's own in a form).
 */
const paramsOf = (
  world: World,
  { button, fields }: Offer,
  entries: Pressed['form'],
): { actionId: string; params: Fields } | string => {
  if (button.event.type === 'openLink') return 'link'
  const { actionId, params } = button.event
  if (fields.length === 0) return { actionId, params }
  const strict = world.choose('dingtalk.requiredFor', 'every') === 'every'
  const filled = fillForm(strict ? fields : fields.map((field) => ({ ...field, required: false })), entries)
  if ('missing' in filled) return 'required'
  return 'impossible' in filled ? 'impossible' : { actionId, params: { ...params, form: filled.values } }
}

/** Presses a button of a card message. */
export const pressCard = async (parts: PressParts, card: Card, message: Message, pressed: Pressed): Promise<PressResult> => {
  const offer = offerOf(card, message.account, pressed.label)
  if (!offer) return only('no-such-button')
  const sent = paramsOf(parts.world, offer, pressed.form)
  if (typeof sent === 'string') return only(sent)
  if (card.callback === null) return only('no-callback')
  const body = callbackOf(card, message, sent.actionId, sent.params)
  const verdict = await carried(parts, card, body)
  return typeof verdict === 'string' ? only(verdict) : settle(parts, card, message, verdict)
}

/** Carries the press to the service, with the faults of the way. Late or lost, the client gives up after its two seconds. */
const carried = async (parts: PressParts, card: Card, body: Fields): Promise<Verdict> => {
  const { world } = parts
  const fault = world.faults.strike('dingtalk', 'press', ['late', 'never', 'twice'])
  if (fault?.name === 'never') return 'timeout'
  if (fault?.name === 'late') {
    const go = async () => void (await call(parts, card, body))
    world.clock.at(world.clock.now() + fault.seconds * 1000, 'dingtalk late press', go)
    return 'timeout'
  }
  if (fault?.name !== 'twice') return call(parts, card, body)
  const [first] = await Promise.all([call(parts, card, body), call(parts, card, body)])
  return first
}

const call = async ({ pushes, hooks, book, quota }: PressParts, card: Card, body: Fields): Promise<Verdict> => {
  quota.push(card.app)
  if (card.callback === 'STREAM') return pushes.press(card.app, body)
  const registered = book.find(card.app, card.routeKey)
  return registered ? hooks.card(registered.callbackUrl, registered.apiSecret, body) : 'error'
}

const mapIn = (data: unknown): Fields | null => fieldsOrNull(fieldsOf(data).cardParamMap)

/**
 * Applies the answer: `cardData` for everybody, `userPrivateData` for whoever pressed, by key or overwriting.
 * The toast is what the answer puts into the presser's private `toast`. An answer that names what the template lacks is an error, and changes nothing.
 */
const settle = ({ store, phone }: PressParts, card: Card, message: Message, answer: Fields): PressResult => {
  const { updateCardDataByKey, updatePrivateDataByKey } = fieldsOf(answer.cardUpdateOptions)
  const own = mapIn(answer.userPrivateData)
  try {
    const publicData = mapIn(answer.cardData) ? store.publicIn(card, answer) : null
    const privateData = new Map(own ? [[message.account, store.privateIn(card.template, own)] as const] : [])
    store.update(card, {
      publicData,
      privateData,
      publicByKey: updateCardDataByKey === true,
      privateByKey: updatePrivateDataByKey === true,
    })
    const shown: Seen | null = publicData || own ? phone.seen(message) : null
    const toast = own && Object.hasOwn(own, 'toast') ? (valuesFor(card, message.account).toast ?? '') : ''
    return { toast: toast === '' ? null : { tone: 'info', text: toast }, card: shown, status: 'answered' }
  } catch (error) {
    if (error instanceof Refused) return only(`error ${String(fieldsOf(error.answer.body).message)}`)
    throw error
  }
}
