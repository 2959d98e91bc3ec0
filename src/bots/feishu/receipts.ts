/** Who has read a message. Source: open.feishu.cn 查询消息已读信息, 消息已读 (im.message.message_read_v1) (read 2026-05). */
import { z } from 'zod'
import { DeliveryError, type Reading } from '../platform.ts'
import { type FeishuClient, segment } from './client.ts'
import { readersAnswer } from './wire.ts'

/** Bounded: a personal message has one reader, a group page by page. */
const mostPages = 20

/** Readers of a message of ours, for 7 days; null when the platform does not know the message (any more). */
export const readBy = async (client: FeishuClient, message: string): Promise<readonly Reading[] | null> => {
  const path = { message_id: segment(message) }
  const found: Reading[] = []
  let from: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const params = { user_id_type: 'open_id', page_size: 100, ...(from ? { page_token: from } : {}) } as const
    const answer = await client
      .ask({
        endpoint: 'im.message.read_users',
        urgent: false,
        risk: 'idempotent',
        answer: readersAnswer,
        perform: (sdk, auth) => sdk.im.v1.message.readUsers({ path, params }, auth),
      })
      .catch(unknownIsNull)
    if (!answer) return null
    for (const { user_id: account, timestamp } of answer.data?.items ?? []) found.push({ account, at: instant(timestamp) })
    from = answer.data?.page_token ?? undefined
    if (answer.data?.has_more !== true || !from) return found
  }
  return found
}

const unknownIsNull = (error: unknown): null => {
  if (error instanceof DeliveryError && error.because === 'gone') return null
  throw error
}

const instant = (milliseconds: string | null | undefined): Date | null =>
  milliseconds && /^\d{13}$/.test(milliseconds) ? new Date(Number(milliseconds)) : null

const id = z.string().regex(/^[\x21-\x7e]{1,128}$/)
/** Pushed for the bot's own messages in direct chats only. */
export const readEvent = z.object({
  reader: z.object({ reader_id: z.object({ open_id: id }), read_time: z.string().nullish().catch(null) }),
  message_id_list: z.array(id).min(1).max(500),
})
