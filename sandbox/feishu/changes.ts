/** Changing a sent card and recalling a message (open.feishu.cn 更新应用发送的消息卡片, 撤回消息, May 2026). */
import { z } from 'zod'
import { type Answer, type Call, data, type Route, read } from './call.ts'
import { longestCard } from './card-lint.ts'
import { refuse } from './codes.ts'
import { readCard } from './content.ts'
import type { Kernel } from './kernel.ts'
import { findMessage, isOwn } from './messages.ts'
import { parsed } from './screens.ts'
import { type FeishuApp, type Message, redraw } from './state.ts'
import { amount, choice } from './switches.ts'

const hour = 3600_000
const fourteenDays = 14 * 24 * hour
const patching = z.object({ content: z.string() })

export const changeRoutes = (kernel: Kernel): readonly Route[] => {
  const { world, limits, screens } = kernel

  const patch = (call: Call): Answer => {
    const message = findMessage(kernel, call)
    const { content } = read(patching, call.json)
    patchable(message, call.app)
    if (Buffer.byteLength(content) > longestCard) return refuse(230025)
    const card = parsed(content)
    if (card === null) return refuse(230001)
    limits.gently(`message ${message.id}`)
    const checked = readCard(kernel, call.app, card)
    unlocked(message)
    redraw(message, checked, world.clock.now())
    screens.show(message)
    return data({})
  }

  const patchable = (message: Message, app: FeishuApp): void => {
    if (!isOwn(message, app)) refuse(230027)
    if (message.type !== 'interactive') refuse(230001)
    if (message.recalled) refuse(230011)
    if (!(world.clock.now() - message.created <= fourteenDays)) refuse(230031)
  }

  /** While a press waits for its answer the platform may refuse a change (field reports). */
  const unlocked = ({ pressing }: Message): void => {
    const locked = choice(world, 'lockedPatch')
    if (pressing === 0 || locked === 'accepted') return
    const code = locked === 'refused' ? 200800 : 11310
    refuse(230099, { msg: `Failed to create card content, ext=ErrCode: ${code}; ErrMsg: card action is lock;` })
  }

  const recall = (call: Call): Answer => {
    const message = findMessage(kernel, call)
    if (!isOwn(message, call.app)) return refuse(230026)
    if (message.recalled) return refuse(230011)
    if (!(world.clock.now() - message.created <= amount(world, 'recallWindowHours') * hour)) return refuse(230009)
    message.recalled = true
    screens.show(message)
    return data({})
  }

  const scopes = ['im:message', 'im:message:send_as_bot']
  const common = { counted: true, path: '/open-apis/im/v1/messages/:message_id' } as const
  return [
    { ...common, method: 'PATCH', scopes: [...scopes, 'im:message:update'], body: 'json', handle: patch },
    { ...common, method: 'DELETE', scopes: [...scopes, 'im:message:recall'], body: 'none', handle: recall },
  ]
}
