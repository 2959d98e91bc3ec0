/** media/upload and media/get (上传临时素材 document/path/90253, 获取临时素材 90254). */
import type { Call, FileAnswer } from './api.ts'
import { type Answer, no, ok } from './codes.ts'
import type { Office } from './office.ts'

const megabyte = 1024 * 1024

const startsWith = (bytes: Uint8Array, magic: readonly number[]) => magic.every((byte, index) => bytes[index] === byte)
const isJpeg = (bytes: Uint8Array) => startsWith(bytes, [0xff, 0xd8, 0xff])
const isPng = (bytes: Uint8Array) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47])
const isAmr = (bytes: Uint8Array) => startsWith(bytes, [...Buffer.from('#!AMR')])
const isMp4 = (bytes: Uint8Array) => Buffer.from(bytes.subarray(4, 8)).toString('latin1') === 'ftyp'

type Kind = { readonly largest: number; readonly tooLarge: number; readonly fits: (bytes: Uint8Array) => boolean }

const kinds: Readonly<Record<string, Kind>> = {
  image: { largest: 10 * megabyte, tooLarge: 40009, fits: (bytes) => isJpeg(bytes) || isPng(bytes) },
  voice: { largest: 2 * megabyte, tooLarge: 40006, fits: isAmr },
  video: { largest: 10 * megabyte, tooLarge: 40011, fits: isMp4 },
  file: { largest: 20 * megabyte, tooLarge: 40006, fits: () => true },
}

const readForm = async ({ bytes, headers }: Call): Promise<FormData | null> => {
  try {
    return await new Response(Uint8Array.from(bytes), {
      headers: { 'content-type': headers.get('content-type') ?? '' },
    }).formData()
  } catch {
    return null
  }
}

export const upload = async (call: Call, { media, world }: Office): Promise<Answer> => {
  const type = call.query.get('type') ?? ''
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined
  if (!kind) return no(40005, 'type')
  const file = (await readForm(call))?.get('media')
  if (!(file instanceof File) || file.size === 0) return no(44001)
  const bytes = new Uint8Array(await file.arrayBuffer())
  if (bytes.length <= 5) return no(40006)
  if (bytes.length > kind.largest) return no(kind.tooLarge)
  if (!kind.fits(bytes)) return no(40004, type)
  const mediaId = media.put(call.app.corpId, type, { bytes, mime: file.type || 'application/octet-stream', name: file.name })
  return ok({ type, media_id: mediaId, created_at: String(Math.floor(world.clock.now() / 1000)) })
}

/** `bytes=a-b`, `bytes=a-` or `bytes=-n`; null when there is no range, `bad` when it does not fit. */
const rangeOf = (header: string | null, size: number): readonly [from: number, to: number] | 'bad' | null => {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match) return null
  const [, start = '', end = ''] = match
  if (start === '' && end === '') return 'bad'
  const from = start === '' ? Math.max(0, size - Number(end)) : Number(start)
  const to = start === '' || end === '' ? size - 1 : Math.min(Number(end), size - 1)
  return from <= to ? [from, to] : 'bad'
}

export const download = (call: Call, { media, world }: Office): Answer | FileAnswer => {
  const mediaId = call.query.get('media_id')
  if (!mediaId) return no(41006)
  const found = media.get(call.app.corpId, mediaId)
  const kept = found && world.bytes(found.kept)
  if (!found || !kept) return no(40007)
  const { bytes } = kept
  const name = found.name.replace(/["\\\r\n]/g, '')
  const ascii = name.replace(/[^\x20-\x7e]/g, '_')
  const headers = {
    'Content-Type': found.mime,
    'Content-disposition':
      ascii === name
        ? `attachment; filename="${name}"`
        : `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name)}`,
  }
  const range = rangeOf(call.headers.get('range'), bytes.length)
  if (range === 'bad') return { file: new Uint8Array(), status: 416, headers: { 'Content-Range': `bytes */${bytes.length}` } }
  if (!range) return { file: bytes, status: 200, headers }
  const [from, to] = range
  return {
    file: bytes.subarray(from, to + 1),
    status: 206,
    headers: { ...headers, 'Content-Range': `bytes ${from}-${to}/${bytes.length}` },
  }
}
