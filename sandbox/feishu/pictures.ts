/** Uploading pictures, and downloading them and what people sent (open.feishu.cn 上传图片, 下载图片, 获取消息中的资源文件, May 2026). */
import { type Answer, asked, type Call, data, type Route } from './call.ts'
import { refuse } from './codes.ts'
import type { Kernel } from './kernel.ts'
import { readMultipart } from './multipart.ts'
import { type Format, formatOf, sizeOf } from './picture-format.ts'
import { newId } from './state.ts'

/** Largest picture in bytes. */
export const largestPicture = 10 * 1024 * 1024

const widest = (imageType: string, format: Format): number => {
  if (format === 'gif') return 2_000
  return imageType === 'avatar' ? 4_096 : 12_000
}

export const pictureRoutes = (kernel: Kernel): readonly Route[] => {
  const { world, state } = kernel

  const upload = async (call: Call): Promise<Answer> => {
    const parts = readMultipart(call.contentType, call.bytes) ?? refuse(234001)
    const imageType = parts.get('image_type')?.toString('utf8') ?? ''
    if (imageType !== 'message' && imageType !== 'avatar') return refuse(234001)
    const bytes = parts.get('image') ?? refuse(234001)
    if (bytes.length === 0) return refuse(234010)
    if (bytes.length > largestPicture) return refuse(234006)
    const format = formatOf(bytes) ?? refuse(234011)
    const size = (await sizeOf(bytes, format)) ?? refuse(234011)
    if (size !== 'unknown' && Math.max(size.width, size.height) > widest(imageType, format)) return refuse(234039)
    const key = newId(world, 'img_v3_')
    state.pictures.set(key, { key, owner: call.app.appId, kept: world.keep(new Uint8Array(bytes), `image/${format}`) })
    return data({ image_key: key })
  }

  const file = (kept: string, name: string): Answer => {
    const { bytes, mime } = world.bytes(kept) ?? refuse(234001)
    return { kind: 'file', bytes, mime, name }
  }

  const download = ({ app, params }: Call): Answer => {
    const picture = state.pictures.get(params.image_key ?? '') ?? refuse(234001)
    return picture.owner === app.appId ? file(picture.kept, picture.key) : refuse(230017)
  }

  /** The key must stand in this very message; a key of another message is refused. */
  const resource = (call: Call): Answer => {
    const type = asked(call, 'type')
    if (type !== 'image' && type !== 'file') return refuse(234001)
    const message = state.messages.get(call.params.message_id ?? '') ?? refuse(234003)
    if (!message.chat.bots.has(call.app.appId)) return refuse(234004)
    if (message.recalled) return refuse(230110)
    if (message.type === 'interactive') return refuse(234043)
    const key = call.params.file_key ?? ''
    const kept = message.files.get(key) ?? refuse(234003)
    return key.startsWith(type === 'image' ? 'img_' : 'file_') ? file(kept, key) : refuse(234001)
  }

  const reading = ['im:message', 'im:message:readonly', 'im:message.history:readonly']
  const uploading = ['im:resource', 'im:resource:upload']
  return [
    { method: 'POST', path: '/open-apis/im/v1/images', scopes: uploading, counted: true, body: 'multipart', handle: upload },
    {
      method: 'GET',
      path: '/open-apis/im/v1/images/:image_key',
      scopes: ['im:resource'],
      counted: true,
      body: 'none',
      handle: download,
    },
    {
      method: 'GET',
      path: '/open-apis/im/v1/messages/:message_id/resources/:file_key',
      scopes: reading,
      counted: true,
      body: 'none',
      handle: resource,
    },
  ]
}
