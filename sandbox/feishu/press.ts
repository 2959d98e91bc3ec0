/** A person presses on a card: whether the client lets them, what it sends, what they see afterwards. */
import type { Pressed, PressResult } from '../contract.ts'
import { createCallback } from './callback.ts'
import { intentOf } from './intent.ts'
import type { Kernel } from './kernel.ts'
import type { Message } from './state.ts'
import { choice } from './switches.ts'

/** Cards of schema 2.0 can be pressed for 14 days. */
const cardLife = 14 * 24 * 3600_000

const only = (status: string): PressResult => ({ toast: null, card: null, status })

export const createPress = (kernel: Kernel): ((pressed: Pressed) => Promise<PressResult>) => {
  const { world, state, screens } = kernel
  const ask = createCallback(kernel)

  /** Why the card cannot be pressed at all; null when it can. */
  const barred = (message: Message | undefined, account: string): string | null => {
    if (!message?.card || message.from.kind !== 'app' || !message.chat.members.has(account)) return 'not-there'
    if (message.recalled) return 'recalled'
    return world.clock.now() - message.created <= cardLife ? null : 'expired'
  }

  return async (pressed) => {
    const message = state.messages.get(pressed.message)
    const { account } = pressed.account
    const because = barred(message, account)
    const app = state.apps.find(({ appId }) => message?.from.kind === 'app' && message.from.appId === appId)
    if (because !== null || !message?.card || !app) return only(because ?? 'not-there')
    const presser = { reader: screens.reader, unfilled: choice(world, 'unfilled') }
    const intent = intentOf([message.card, ...message.past], pressed, presser)
    if (intent.kind === 'stay') return only(intent.status)
    const first = ask(app, message, account, intent.action)
    const doubled = world.faults.strike('feishu', 'press', ['twice']) !== null
    if (doubled) await ask(app, message, account, intent.action)
    return first
  }
}
