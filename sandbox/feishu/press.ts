/** A person presses on a card: what the client sends, and what it makes of the answer (open.feishu.cn 卡片回传交互回调, 处理卡片回调, May 2026). */
import type { Pressed, PressResult } from '../contract.ts'
import { readAnswer } from './answer.ts'
import { type Fields, isFields } from './card-checks.ts'
import { type Field, fieldOf, fieldValue, fillForm, pickers } from './card-fields.ts'
import { at, bodyOf, everyElement, wordAt } from './card-tree.ts'
import { labelOf, pressables } from './card-view.ts'
import { withheldUserId } from './contacts.ts'
import { envelope } from './events.ts'
import type { Kernel } from './kernel.ts'
import { answerWithin, type Outcome } from './outcome.ts'
import { type CardToken, type FeishuApp, type Message, newId, redraw, unionIdOf } from './state.ts'
import { choice } from './switches.ts'

const tokenLife = 30 * 60_000
const cardLife = 14 * 24 * 3600_000
const timeZone = 'Asia/Shanghai'

/** What the client is about to send, or why it sends nothing. */
type Intent = { readonly kind: 'send'; readonly action: Fields } | { readonly kind: 'stay'; readonly status: string }
const stay = (status: string): Intent => ({ kind: 'stay', status })
const only = (status: string): PressResult => ({ toast: null, card: null, status })

const callbackOf = (element: Fields): Fields | undefined =>
  (Array.isArray(element.behaviors) ? (element.behaviors as readonly unknown[]) : [])
    .filter(isFields)
    .find((behavior) => behavior.type === 'callback')

const carriedBy = (element: Fields): unknown => at(callbackOf(element), 'value') ?? element.value
const opensPage = (element: Fields): boolean =>
  !callbackOf(element) && Array.isArray(element.behaviors) && element.behaviors.length > 0

export const createPress = (kernel: Kernel): ((pressed: Pressed) => Promise<PressResult>) => {
  const { world, state, screens, delivery } = kernel
  const names = screens.reader.names

  const fieldsOf = (elements: unknown): readonly Field[] =>
    everyElement(elements)
      .map((element) => fieldOf(element, names))
      .filter((field) => field !== null)

  /** A submit carries the whole form; with a required field empty the client asks for it and sends nothing. */
  const submit = (form: Fields, button: Fields, typed: Pressed['form']): Intent => {
    const fields = fieldsOf(form.elements)
    const filled = fillForm(fields, typed, choice(world, 'unfilled'))
    if (filled.status !== 'filled') return stay(filled.status)
    if (carriedBy(button) === undefined) return stay('error 200340')
    const timezone = fields.some(({ tag }) => pickers.has(tag)) ? { timezone: timeZone } : {}
    return send({ value: carriedBy(button), tag: 'button', ...timezone, name: wordAt(button, 'name'), form_value: filled.values })
  }

  /** The official SDKs handle only objects; a string ends as 200671 on the client. */
  const send = (action: Fields): Intent =>
    action.value === undefined || isFields(action.value) ? { kind: 'send', action } : stay('error 200671')

  const press = (card: Fields, element: Fields, typed: Pressed['form']): Intent => {
    const form = bodyOf(card)
      .filter(isFields)
      .find((each) => each.tag === 'form' && everyElement(each.elements).includes(element))
    if (opensPage(element)) return stay('opened')
    if (form && element.form_action_type === 'reset') return stay('reset')
    if (form && element.form_action_type === 'submit') return submit(form, element, typed)
    return callbackOf(element) ? send({ value: carriedBy(element), tag: wordAt(element, 'tag') }) : stay('nothing')
  }

  /** A field outside a form calls back as soon as something is chosen. */
  const choose = (field: Field, typed: Pressed['form']): Intent => {
    const filled = fieldValue(field, typed[field.name] ?? typed[field.label] ?? '')
    if (!filled.ok) return stay('invalid')
    const { value } = filled
    const key =
      field.kind === 'text' ? 'input_value' : field.kind === 'check' ? 'checked' : Array.isArray(value) ? 'options' : 'option'
    const timezone = pickers.has(field.tag) ? { timezone: timeZone } : {}
    const carried = carriedBy(field.element)
    return send({ ...(carried === undefined ? {} : { value: carried }), tag: field.tag, ...timezone, [key]: value })
  }

  const overflow = (card: Fields, label: string): Intent | null => {
    for (const element of everyElement(bodyOf(card)).filter((each) => each.tag === 'overflow')) {
      const options = Array.isArray(element.options) ? (element.options as readonly unknown[]) : []
      const option = options.find((each) => wordAt(each, 'text', 'content') === label)
      if (option) return send({ value: carriedBy(element) ?? {}, tag: 'overflow', option: wordAt(option, 'value') })
    }
    return null
  }

  const intentOn = (card: Fields, { label, form }: Pressed): Intent => {
    const element = pressables(bodyOf(card)).find((each) => labelOf(each, screens.reader) === label)
    if (element) return press(card, element, form)
    const outside = bodyOf(card).filter((each) => wordAt(each, 'tag') !== 'form')
    const field = fieldsOf(outside).find((each) => each.label === label || each.name === label)
    return field ? choose(field, form) : (overflow(card, label) ?? stay('not-there'))
  }

  /** What stands on the card now; else what stood on it before, for a phone that shows it still. */
  const intentOf = (message: Message, pressed: Pressed): Intent => {
    const looks = [...(message.card ? [message.card] : []), ...message.past]
    const intents = looks.map((card) => intentOn(card, pressed))
    return intents.find((intent) => intent.kind === 'send' || intent.status !== 'not-there') ?? stay('not-there')
  }

  const eventFor = (app: FeishuApp, message: Message, account: string, token: string, action: Fields): string =>
    envelope(world, app, 'card.action.trigger', {
      operator: { tenant_key: app.tenantKey, ...withheldUserId(world), open_id: account, union_id: unionIdOf(account) },
      token,
      action,
      host: 'im_message',
      context: { open_message_id: message.id, open_chat_id: message.chat.id },
    })

  const grant = (message: Message): CardToken => {
    const token = newId(world, 'c-', 40)
    const made: CardToken = { token, message, expires: world.clock.now() + tokenLife, uses: 0, over: false }
    state.cardTokens.set(token, made)
    return made
  }

  const ask = async (app: FeishuApp, message: Message, account: string, action: Fields): Promise<PressResult> => {
    const token = grant(message)
    const json = eventFor(app, message, account, token.token, action)
    message.pressing += 1
    const outcome = await asked(app, json)
    message.pressing -= 1
    token.over = true
    return apply(app, message, account, outcome)
  }

  /** `never`, and `late` beyond the deadline, end for the presser as silence; a late callback still reaches the service, its answer is dropped. */
  const asked = async (app: FeishuApp, json: string): Promise<Outcome> => {
    const fault = world.faults.strike('feishu', 'press', ['late', 'never'])
    if (fault?.name === 'never') return { kind: 'silent' }
    if (fault?.name !== 'late') return delivery.callback(app, json)
    const late = 'feishu card.action.trigger late'
    if (fault.seconds * 1000 < answerWithin) {
      await new Promise<void>((resolve) => delivery.later(fault.seconds, late, resolve))
      return delivery.callback(app, json)
    }
    delivery.later(fault.seconds, late, async () => void (await world.busy(late, delivery.callback(app, json))))
    return { kind: 'silent' }
  }

  const apply = (app: FeishuApp, message: Message, account: string, outcome: Outcome): PressResult => {
    const answer = readAnswer(kernel, app, outcome)
    if (answer.card) {
      redraw(message, answer.card, world.clock.now())
      screens.show(message)
    }
    return { toast: answer.toast, card: answer.card ? screens.seen(message, account) : null, status: answer.status }
  }

  return async (pressed) => {
    const message = state.messages.get(pressed.message)
    const { account } = pressed.account
    if (!message?.card || message.from.kind !== 'app' || !message.chat.members.has(account)) return only('not-there')
    if (message.recalled) return only('recalled')
    if (!(world.clock.now() - message.created <= cardLife)) return only('expired')
    const { appId } = message.from
    const app = state.apps.find((each) => each.appId === appId)
    const intent = intentOf(message, pressed)
    if (intent.kind === 'stay' || !app) return only(intent.kind === 'stay' ? intent.status : 'not-there')
    const doubled = world.faults.strike('feishu', 'press', ['twice']) !== null
    const presses = Array.from({ length: doubled ? 2 : 1 }, () => ask(app, message, account, intent.action))
    const [first] = await Promise.all(presses)
    return first ?? only('not-there')
  }
}
