/** One text to many people with one call. Source: open.feishu.cn 批量发送消息, 批量撤回消息 (read 2026-05). */
import { z } from 'zod'
import { type BulkSent, type BulkText, DeliveryError } from '../platform.ts'
import { can } from './capabilities.ts'
import { type FeishuClient, segment } from './client.ts'
import { writeText } from './messages.ts'

/** Ids of batch messages begin so, those of every other message do not. */
export const isBatch = (message: string): boolean => message.startsWith('bm-')

const batchAnswer = z.object({
  data: z.object({
    message_id: z.string().regex(/^bm-[\w-]{1,200}$/),
    invalid_open_ids: z.array(z.string()).nullish(),
  }),
})

/**
 * Sent one by one behind the answer, so that the answer names only those whom the platform does not know for this app. There is no `uuid`: who repeats the call
 * repeats the message. It can be recalled, never changed, and does not ring.
 */
export const broadcast = async (
  client: FeishuClient,
  accounts: readonly string[],
  { text, urgent }: BulkText,
): Promise<BulkSent> => {
  if (accounts.length === 0 || accounts.length > can.bulk.most) throw new DeliveryError('permanent', 'bad-request')
  const { content, lost } = writeText(text)
  const { data } = await client.ask({
    endpoint: 'message.batch_send',
    urgent,
    risk: 'once',
    answer: batchAnswer,
    perform: (sdk, auth) =>
      sdk.request(
        {
          method: 'POST',
          url: '/open-apis/message/v4/batch_send/',
          data: { open_ids: [...accounts], msg_type: 'text', content: JSON.parse(content) as object },
        },
        auth,
      ),
  })
  const unknown = new Set(data.invalid_open_ids ?? [])
  const passedBy = accounts
    .filter((account) => unknown.has(account))
    .map((account) => ({ account, because: 'unknown-account', kind: 'permanent' }) as const)
  return { message: passedBy.length < accounts.length ? data.message_id : null, passedBy, lost }
}

const anything = z.unknown()

export const recallBatch = async (client: FeishuClient, message: string): Promise<void> => {
  const path = `/open-apis/im/v1/batch_messages/${segment(message)}`
  await client.ask({
    endpoint: 'im.batch_message.delete',
    urgent: false,
    risk: 'idempotent',
    answer: anything,
    perform: (sdk, auth) => sdk.request({ method: 'DELETE', url: path }, auth),
  })
}
