import { DeliveryError, type Reading } from '../platform.ts'
import type { Client } from './client.ts'
import { readMessageId } from './messages.ts'
import { answers } from './wire.ts'

/**
 * Who has read a robot's message to a person, for 24 hours; null when the platform does not know it, which is how a message looks that was answered with
 * success and dropped. Cards have no such page. Page "批量查询人与机器人会话机器人消息是否已读" (`chatbot-batch-query-the-read-status-of-messages`), 2026-08;
 * the time of reading is documented as not filled.
 */
export const readBy = async (client: Client, robotCode: string, message: string): Promise<readonly Reading[] | null> => {
  const id = readMessageId(message)
  if (id?.kind !== 'oto') throw new DeliveryError('permanent', 'unsupported')
  try {
    const { messageReadInfoList } = await client.call({
      host: 'api',
      method: 'GET',
      path: '/v1.0/robot/oToMessages/readStatus',
      query: { robotCode, processQueryKey: id.key },
      answer: answers.readStatus,
      effect: false,
    })
    if (messageReadInfoList.length === 0) return null
    return messageReadInfoList.flatMap(({ userId, readStatus }) => (readStatus === 'READ' ? [{ account: userId, at: null }] : []))
  } catch (error) {
    if (error instanceof DeliveryError && error.because === 'unknown-message') return null
    throw error
  }
}
