/** Photos and files in both directions. Source: open.feishu.cn 获取消息中的资源文件, 上传图片 (read 2026-05). */
import { z } from 'zod'
import { DeliveryError, type FileRef } from '../platform.ts'
import { type FeishuClient, segment } from './client.ts'
import { collect, TooLarge } from './http.ts'
import { imageAnswer } from './wire.ts'

const longestImage = 10_000_000

/** The bytes of a resource. Reads at most `limit` of them: one more and the rest stays where it is. */
export const fetchFile = async (client: FeishuClient, { ref }: FileRef, limit: number): Promise<Uint8Array> => {
  const path = { message_id: segment(ref.message ?? ''), file_key: segment(ref.key ?? '') }
  const params = { type: ref.type === 'image' ? 'image' : 'file' }
  return client.ask({
    endpoint: 'im.message_resource.get',
    urgent: false,
    risk: 'idempotent',
    answer: z.instanceof(Uint8Array),
    perform: async (sdk, auth) => {
      const { getReadableStream, headers } = await sdk.im.v1.messageResource.get({ path, params }, auth)
      if (Number(headers?.['content-length']) > limit) throw new TooLarge()
      return collect(getReadableStream(), limit)
    },
  })
}

/** The key of an uploaded picture, good for cards of this app. The SDK gives null where the platform said no in the body alone. */
export const uploadImage = async (client: FeishuClient, jpeg: Uint8Array): Promise<string> => {
  if (jpeg.byteLength === 0) throw new DeliveryError('permanent', 'bad-request', { detail: 'an empty picture' })
  if (jpeg.byteLength > longestImage) throw new DeliveryError('permanent', 'too-large')
  const image = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength)
  const answer = await client.ask({
    endpoint: 'im.image.create',
    urgent: false,
    risk: 'idempotent',
    answer: imageAnswer,
    perform: (sdk, auth) => sdk.im.v1.image.create({ data: { image_type: 'message', image } }, auth),
  })
  if (!answer) throw new DeliveryError('temporary', 'strange-answer')
  return answer.image_key
}
