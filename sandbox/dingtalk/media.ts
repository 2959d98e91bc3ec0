import type { World } from '../contract.ts'
import { demandOld, okOld } from './answers.ts'
import type { Api, Call } from './gate.ts'
import type { Ids } from './ids.ts'

type Kind = 'image' | 'voice' | 'video' | 'file'
type Rule = { readonly largest: number; readonly suffixes: readonly string[] }

const mega = 1024 * 1024

/** Sizes and kinds of "上传媒体文件" (read 2026-08). */
const rules: Readonly<Record<Kind, Rule>> = {
  image: { largest: 20 * mega, suffixes: ['jpg', 'jpeg', 'gif', 'png', 'bmp'] },
  voice: { largest: 2 * mega, suffixes: ['amr', 'mp3', 'wav'] },
  video: { largest: 20 * mega, suffixes: ['mp4'] },
  file: { largest: 20 * mega, suffixes: ['doc', 'docx', 'xls', 'xlsx', 'ppt', 'pptx', 'zip', 'pdf', 'rar'] },
}

const isKind = (text: string): text is Kind => Object.hasOwn(rules, text)

const beginnings: readonly (readonly [mime: string, at: number, hex: string])[] = [
  ['image/jpeg', 0, 'ffd8ff'],
  ['image/png', 0, '89504e470d0a1a0a'],
  ['image/gif', 0, '47494638'],
  ['image/bmp', 0, '424d'],
]

/** The kind of picture by its first bytes; null for anything that is not one the platform takes. */
const pictureOf = (bytes: Uint8Array): string | null => {
  const head = Buffer.from(bytes.subarray(0, 16))
  return beginnings.find(([, at, hex]) => head.subarray(at, at + hex.length / 2).toString('hex') === hex)?.[0] ?? null
}

/** Uploaded files by media id. */
export type Media = {
  readonly known: (mediaId: string) => boolean
  /** Where the phone page finds a picture: by media id, or an address as it is. Null when the platform would show nothing. */
  readonly picture: (mediaIdOrUrl: string) => string | null
  readonly apis: readonly Api[]
}

export const createMedia = (world: World, ids: Ids): Media => {
  const files = new Map<string, { readonly kept: string; readonly kind: Kind }>()

  const upload = async (call: Call) => {
    const kind = call.query.get('type') ?? ''
    demandOld(isKind(kind), 40004)
    const file = await fileIn(call)
    demandOld(file !== null && file.bytes.length > 0, 40035, '缺少media参数')
    const suffix = file.name.split('.').at(-1)?.toLowerCase() ?? ''
    demandOld(rules[kind].suffixes.includes(suffix), 40004)
    demandOld(file.bytes.length <= rules[kind].largest, 40035, '媒体文件超过大小限制')
    const mime = kind === 'image' ? pictureOf(file.bytes) : 'application/octet-stream'
    demandOld(mime !== null, 40004)
    const mediaId = `@lAL${kind === 'image' ? 'P' : 'D'}${ids.hex(26)}`
    files.set(mediaId, { kept: world.keep(file.bytes, mime), kind })
    return okOld({ media_id: mediaId, created_at: world.clock.now(), type: kind })
  }

  return {
    known: (mediaId) => files.has(mediaId),
    picture: (mediaIdOrUrl) => {
      const file = files.get(mediaIdOrUrl)
      if (file) return file.kind === 'image' ? `/images/${file.kept}` : null
      return /^https?:\/\//.test(mediaIdOrUrl) ? mediaIdOrUrl : null
    },
    apis: [
      { method: 'POST', path: '/media/upload', family: 'old', body: 'bytes', needs: 'token', counted: true, answer: upload },
    ],
  }
}

const fileIn = async (call: Call): Promise<{ readonly name: string; readonly bytes: Uint8Array } | null> => {
  try {
    const form = await new Response(call.bytes, { headers: { 'content-type': call.contentType } }).formData()
    const part = form.get('media')
    return part instanceof File ? { name: part.name, bytes: new Uint8Array(await part.arrayBuffer()) } : null
  } catch {
    return null
  }
}
