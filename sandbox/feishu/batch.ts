/** One message to many people, old style: 批量发送消息, 批量撤回消息, 查询批量消息整体进度, 查询批量消息推送和阅读人数 (open.feishu.cn, May 2026). */
import { z } from 'zod'
import type { SandboxAccount } from '../contract.ts'
import { type Answer, type Call, data, type Route } from './call.ts'
import { refuse, VendorError } from './codes.ts'
import { departmentOf, visible } from './contacts.ts'
import { readContent } from './content.ts'
import type { Kernel } from './kernel.ts'
import { addMessage, type FeishuApp, hex, type Message, p2pChat, unionIdOf, userIdOf } from './state.ts'
import { amount, standing } from './switches.ts'

const thirtyDays = 30 * 24 * 3600_000
const list = z.array(z.string()).max(200).default([])
const sending = z.object({
  department_ids: list,
  open_ids: list,
  user_ids: list,
  union_ids: list,
  msg_type: z.enum(['text', 'interactive']),
  content: z.record(z.string(), z.unknown()).optional(),
  card: z.record(z.string(), z.unknown()).optional(),
})
type Sending = z.infer<typeof sending>

type Batch = { readonly app: FeishuApp; readonly at: number; readonly messages: readonly Message[] }

/** This API refuses under HTTP 200. */
const oldStyle =
  (handle: (call: Call) => Answer) =>
  (call: Call): Answer => {
    try {
      return handle(call)
    } catch (error) {
      if (error instanceof VendorError) throw new VendorError(error.code, { ...error.detail, status: 200 })
      throw error
    }
  }

/** Who of a list is known to the app, and who is not. */
const split = (ids: readonly string[], find: (id: string) => readonly SandboxAccount[]) => ({
  found: ids.flatMap(find),
  invalid: ids.filter((id) => find(id).length === 0),
})

export const batchRoutes = (kernel: Kernel): readonly Route[] => {
  const { world, state, screens } = kernel
  const batches = new Map<string, Batch>()
  const spent = new Map<string, number>()

  const receivers = (asked: Sending) => {
    const all = visible(world).filter(({ account }) => standing(world, account) !== 'resigned')
    const by = (idOf: (account: string) => string) => (id: string) => all.filter(({ account }) => idOf(account) === id)
    return {
      open: split(
        asked.open_ids,
        by((account) => account),
      ),
      user: split(asked.user_ids, by(userIdOf)),
      union: split(asked.union_ids, by(unionIdOf)),
      department: split(asked.department_ids, (id) => all.filter((account) => departmentOf(world, account) === id)),
    }
  }

  const within = (app: FeishuApp, people: number): void => {
    const day = `${app.appId} ${new Date(world.clock.now()).toISOString().slice(0, 10)}`
    const total = (spent.get(day) ?? 0) + people
    if (world.metered() && total > amount(world, 'batchQuota')) refuse(11247)
    spent.set(day, total)
  }

  /** In the chat of each with the bot; whoever has muted the bot is passed over without a word, because the sending itself is behind the answer. */
  const put = (app: FeishuApp, accounts: readonly string[], asked: Sending): readonly Message[] => {
    const content = JSON.stringify(asked.msg_type === 'text' ? asked.content : asked.card)
    const read = readContent(kernel, app, asked.msg_type, content)
    return accounts
      .filter((account) => standing(world, account) !== 'stopped')
      .map((account) => {
        const chat = p2pChat(state, app, account)
        const message = addMessage(state, world, { chat, from: { kind: 'app', appId: app.appId }, content, ...read })
        screens.show(message)
        return message
      })
  }

  const send = (call: Call): Answer => {
    const asked = sending.safeParse(call.json)
    if (!asked.success || !(asked.data.msg_type === 'text' ? asked.data.content : asked.data.card)) return refuse(10003)
    const { open, user, union, department } = receivers(asked.data)
    const accounts = [...new Set([open, user, union, department].flatMap(({ found }) => found.map(({ account }) => account)))]
    if ([open, user, union, department].every(({ found, invalid }) => found.length + invalid.length === 0)) return refuse(10003)
    within(call.app, accounts.length)
    const id = `bm-${hex(world, 32)}`
    batches.set(id, { app: call.app, at: world.clock.now(), messages: put(call.app, accounts, asked.data) })
    return data({
      message_id: id,
      invalid_open_ids: open.invalid,
      invalid_user_ids: user.invalid,
      invalid_union_ids: union.invalid,
      invalid_department_ids: department.invalid,
    })
  }

  const find = ({ app, params }: Call): Batch => {
    const batch = batches.get(params.batch_message_id ?? '')
    return batch && batch.app === app && world.clock.now() - batch.at <= thirtyDays ? batch : refuse(230030)
  }

  const recall = (call: Call): Answer => {
    for (const message of find(call).messages) {
      message.recalled = true
      screens.show(message)
    }
    return data({})
  }

  const readersOf = ({ messages }: Batch): number => messages.filter(({ readBy }) => readBy.size > 0).length

  const progress = (call: Call): Answer => {
    const batch = find(call)
    const { length } = batch.messages
    const recalled = batch.messages.filter(({ recalled }) => recalled).length
    return data({
      batch_message_send_progress: {
        valid_user_ids_count: length,
        success_user_ids_count: length,
        read_user_ids_count: readersOf(batch),
      },
      batch_message_recall_progress: { recall: recalled > 0, recall_count: recalled },
    })
  }

  const readers = (call: Call): Answer => {
    const batch = find(call)
    return data({ read_user: { read_count: String(readersOf(batch)), total_count: String(batch.messages.length) } })
  }

  const scopes = ['im:message:send_multi_users', 'im:message:send_multi_depts']
  const one = '/open-apis/im/v1/batch_messages/:batch_message_id'
  const counted = { counted: true, scopes } as const
  return [
    { ...counted, method: 'POST', path: '/open-apis/message/v4/batch_send/', body: 'json', handle: oldStyle(send) },
    { ...counted, method: 'DELETE', path: one, body: 'none', handle: recall },
    { ...counted, method: 'GET', path: `${one}/get_progress`, body: 'none', handle: progress },
    { ...counted, method: 'GET', path: `${one}/read_user`, body: 'none', handle: readers },
  ]
}
