import { minutes } from '../../lib/clock.ts'
import { clip, storable } from '../../lib/text.ts'
import { type BulkSent, DeliveryError, type Destination, type PassedBy, type Sent } from '../platform.ts'
import type { Client } from './client.ts'
import { mayPass } from './errors.ts'
import type { RobotMessage } from './fallback.ts'
import { answers } from './wire.ts'

/** Robot messages and DINGs. None has an idempotency key: a lost answer leaves open whether it was shown. */
export type Messages = {
  readonly say: (to: Destination, message: RobotMessage, urgent: boolean) => Promise<Sent>
  readonly sayToMany: (accounts: readonly string[], message: RobotMessage, urgent: boolean) => Promise<BulkSent>
  readonly ding: (account: string, words: string) => Promise<void>
  readonly recall: (message: string) => Promise<void>
}

const post = { host: 'api', method: 'POST', effect: true } as const

export const createMessages = (robotCode: string, client: Client): Messages => ({
  say: async (to, message, urgent) => {
    const id =
      to.kind === 'account'
        ? await sayTo(client, robotCode, to.account, message, urgent)
        : await sayIn(client, robotCode, to.conversation, message, urgent)
    return { message: id, conversation: to.kind === 'group' ? to.conversation : to.account, handle: null, lost: message.lost }
  },
  sayToMany: (accounts, message, urgent) => sayToMany({ client, robotCode, accounts, message, urgent }),
  ding: (account, words) => ding(client, robotCode, account, words),
  recall: (message) => recall(client, robotCode, message),
})

/** Page "批量发送单聊消息" (`chatbots-send-one-on-one-chat-messages-in-batches`), 2026-08: a 200 may still list the person as refused. */
const sayTo = async (
  client: Client,
  robotCode: string,
  account: string,
  { msgKey, msgParam }: RobotMessage,
  urgent: boolean,
): Promise<string> => {
  const body = { robotCode, userIds: [account], msgKey, msgParam }
  const sent = await client.call({ ...post, path: '/v1.0/robot/oToMessages/batchSend', body, answer: answers.toPeople, urgent })
  if (sent.invalidStaffIdList.length > 0) throw new DeliveryError('permanent', 'unknown-account', { scope: 'account' })
  if (sent.flowControlledStaffIdList.length > 0)
    throw new DeliveryError('temporary', 'too-fast', { scope: 'account', retryAfter: minutes(1) })
  if (!sent.processQueryKey) throw new DeliveryError('ambiguous', 'unreadable-answer')
  return messageId({ kind: 'oto', key: sent.processQueryKey, conversation: '' })
}

type ToMany = {
  readonly client: Client
  readonly robotCode: string
  readonly accounts: readonly string[]
  readonly message: RobotMessage
  readonly urgent: boolean
}
/** The same call with up to 20 people: those it passes over stand in two lists beside the key. */
const sayToMany = async ({ client, robotCode, accounts, message, urgent }: ToMany): Promise<BulkSent> => {
  const { msgKey, msgParam, lost } = message
  const body = { robotCode, userIds: accounts, msgKey, msgParam }
  const sent = await client.call({
    ...post,
    path: '/v1.0/robot/oToMessages/batchSend',
    body,
    answer: answers.toPeople,
    urgent,
  })
  const unknown = new Set(sent.invalidStaffIdList)
  const held = new Set(sent.flowControlledStaffIdList)
  const passedBy = accounts.flatMap((account): readonly PassedBy[] => {
    if (unknown.has(account)) return [{ account, because: 'unknown-account', kind: 'permanent' }]
    return held.has(account) ? [{ account, because: 'too-fast', kind: 'temporary' }] : []
  })
  if (passedBy.length === accounts.length) return { message: null, passedBy, lost }
  if (!sent.processQueryKey) throw new DeliveryError('ambiguous', 'unreadable-answer')
  return { message: messageId({ kind: 'oto', key: sent.processQueryKey, conversation: '' }), passedBy, lost }
}

/** Page "机器人发送群聊消息" (`the-robot-sends-a-group-message`), 2026-08. */
const sayIn = async (
  client: Client,
  robotCode: string,
  conversation: string,
  { msgKey, msgParam }: RobotMessage,
  urgent: boolean,
): Promise<string> => {
  const body = { robotCode, openConversationId: conversation, msgKey, msgParam }
  const sent = await client.call({
    ...post,
    path: '/v1.0/robot/groupMessages/send',
    body,
    answer: answers.toGroup,
    urgent,
    chat: { kind: 'group', id: conversation },
  })
  return messageId({ kind: 'group', key: sent.processQueryKey, conversation })
}

/** A DING inside the app. Page "发送DING消息" (`robot-sends-nail-message`), 2026-08; `failedList` gives the people by reason. */
const ding = async (client: Client, robotCode: string, account: string, words: string): Promise<void> => {
  const body = { robotCode, remindType: 1, receiverUserIdList: [account], content: clip(storable(words), 500) }
  const { openDingId, failedList } = await client.call({
    ...post,
    path: '/v1.0/robot/ding/send',
    body,
    answer: answers.ding,
    urgent: true,
  })
  const [reason] = Object.keys(failedList ?? {})
  if (reason !== undefined) {
    throw mayPass(reason)
      ? new DeliveryError('temporary', 'not-delivered', { scope: 'account', retryAfter: minutes(1) })
      : new DeliveryError('permanent', 'not-delivered', { scope: 'account' })
  }
  if (!openDingId) throw new DeliveryError('ambiguous', 'unreadable-answer')
}

/** Pages `batch-message-recall-chat` (spelt `otoMessages`) and `enterprise-chatbot-withdraws-internal-group-messages`, 2026-08: within 24 hours. */
const recall = async (client: Client, robotCode: string, message: string): Promise<void> => {
  const id = readMessageId(message)
  if (!id) throw new DeliveryError('permanent', 'unknown-message')
  const group = id.kind === 'group'
  const path = group ? '/v1.0/robot/groupMessages/recall' : '/v1.0/robot/otoMessages/batchRecall'
  const body = { robotCode, processQueryKeys: [id.key], ...(group ? { openConversationId: id.conversation } : {}) }
  const { failedResult } = await client.call({ ...post, path, body, answer: answers.recalled, effect: false })
  if (failedResult && Object.keys(failedResult).length > 0) throw new DeliveryError('permanent', 'not-recalled')
}

// ── Message ids ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** A recall needs to know which API sent the message, and for groups where to. Cards carry their outTrackId instead. */
type MessageId = { readonly kind: 'oto' | 'group'; readonly key: string; readonly conversation: string }

export const messageId = ({ kind, key, conversation }: MessageId): string =>
  [kind, ...[key, conversation].map(encodeURIComponent)].join(':')

export const readMessageId = (message: string): MessageId | null => {
  const found = /^(oto|group):([^:]+):([^:]*)$/.exec(message)
  if (!found) return null
  const [, kind, key = '', conversation = ''] = found
  try {
    return {
      kind: kind === 'group' ? 'group' : 'oto',
      key: decodeURIComponent(key),
      conversation: decodeURIComponent(conversation),
    }
  } catch {
    return null
  }
}
