/** One card.action.trigger: asked once, waited for three seconds, its answer applied (open.feishu.cn 处理卡片回调, May 2026). */
import type { PressResult } from '../contract.ts'
import { readAnswer } from './answer.ts'
import type { Fields } from './card-checks.ts'
import { withheldUserId } from './contacts.ts'
import { envelope } from './events.ts'
import type { Kernel } from './kernel.ts'
import { answerWithin, type Outcome } from './outcome.ts'
import { type CardToken, type FeishuApp, type Message, newId, redraw, unionIdOf } from './state.ts'

const tokenLife = 30 * 60_000

export type Ask = (app: FeishuApp, message: Message, account: string, action: Fields) => Promise<PressResult>

const grant = ({ world, state }: Kernel, message: Message): CardToken => {
  const token = newId(world, 'c-', 40)
  const made: CardToken = { token, message, expires: world.clock.now() + tokenLife, uses: 0, over: false }
  state.cardTokens.set(token, made)
  return made
}

/** `never`, and `late` beyond the deadline, end for the presser as silence; a late callback still reaches the service, its answer is dropped. */
const carry = async ({ world, delivery }: Kernel, app: FeishuApp, json: string): Promise<Outcome> => {
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

export const createCallback = (kernel: Kernel): Ask => {
  const { world, screens } = kernel

  const apply = (app: FeishuApp, message: Message, account: string, outcome: Outcome): PressResult => {
    const answer = readAnswer(kernel, app, outcome)
    if (answer.card) {
      redraw(message, answer.card, world.clock.now())
      screens.show(message)
    }
    return { toast: answer.toast, card: answer.card ? screens.seen(message, account) : null, status: answer.status }
  }

  return async (app, message, account, action) => {
    const token = grant(kernel, message)
    const json = envelope(world, app, 'card.action.trigger', {
      operator: { tenant_key: app.tenantKey, ...withheldUserId(world), open_id: account, union_id: unionIdOf(account) },
      token: token.token,
      action,
      host: 'im_message',
      context: { open_message_id: message.id, open_chat_id: message.chat.id },
    })
    message.pressing += 1
    const outcome = await carry(kernel, app, json)
    message.pressing -= 1
    token.over = true
    return apply(app, message, account, outcome)
  }
}
