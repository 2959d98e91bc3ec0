/** What a message says: its content by type, as text, files and a place. Source: open.feishu.cn 接收消息内容 (read 2026-05). */

import type { z } from 'zod'
import { readJson } from '../../lib/json.ts'
import { clip, longestText, storable } from '../../lib/text.ts'
import type { FileRef, Place } from '../platform.ts'
import { content, type MessageEvent } from './wire.ts'

export type Said = { readonly text: string; readonly files: readonly FileRef[]; readonly place: Place | null }

/** More files than this in one post are not kept; a phone lets nine be chosen at once. */
const mostFiles = 20

/** What the message says, or null when its type is not one we understand or its content is not of that type (recalled, half, hostile). */
export const readContent = (message: MessageEvent['message']): Said | null => {
  const read = Object.hasOwn(readers, message.message_type) ? readers[message.message_type] : undefined
  const opened = message.content ? openJson(message.content) : null
  return read && opened !== null ? read(opened, message) : null
}

type Reader = (opened: unknown, message: MessageEvent['message']) => Said | null

const readText: Reader = (opened, message) => {
  const parsed = content.text.safeParse(opened)
  return parsed.success ? { text: say(parsed.data.text, message.mentions), files: [], place: null } : null
}

/** A post: title, lines of tagged pieces, and any number of pictures among them. */
const readPost: Reader = (opened, message) => {
  const parsed = content.post.safeParse(opened)
  if (!parsed.success) return null
  const { title, content: lines } = parsed.data
  const spoken = lines.map((line) => line.map((piece) => pieceText(piece)).join(''))
  const files = lines.flat().flatMap((piece) => pieceFile(piece, message.message_id))
  return {
    text: say([title ?? '', ...spoken].filter(Boolean).join('\n'), message.mentions),
    files: files.slice(0, mostFiles),
    place: null,
  }
}

type Piece = z.infer<typeof content.post>['content'][number][number]

/** An `at` piece names a mention by its placeholder, which `say` replaces like any other. */
const pieceText = (piece: Piece): string => (piece.tag === 'at' ? `${piece.user_id ?? ''} ` : (piece.text ?? ''))

const pieceFile = (piece: Piece, message: string): readonly FileRef[] => {
  if (piece.tag === 'img' && piece.image_key) return [file('photo', message, piece.image_key, null)]
  if (piece.tag === 'media' && piece.file_key) return [file('video', message, piece.file_key, null)]
  return []
}

const readImage: Reader = (opened, message) => {
  const parsed = content.image.safeParse(opened)
  return parsed.success ? onlyFile(file('photo', message.message_id, parsed.data.image_key, null)) : null
}

const readFile =
  (kind: FileRef['kind']): Reader =>
  (opened, message) => {
    const parsed = content.file.safeParse(opened)
    return parsed.success ? onlyFile(file(kind, message.message_id, parsed.data.file_key, parsed.data.file_name ?? null)) : null
  }

/** The page names no datum; positions chosen in the client come from a Chinese map, whose coordinates are GCJ-02. */
const readPlace: Reader = (opened) => {
  const parsed = content.place.safeParse(opened)
  if (!parsed.success) return null
  const lat = coordinate(parsed.data.latitude, 90)
  const lng = coordinate(parsed.data.longitude, 180)
  if (lat === null || lng === null) return null
  return { text: '', files: [], place: { lat, lng, datum: 'gcj02', label: clip(storable(parsed.data.name ?? ''), 200) } }
}

const readers: Readonly<Record<string, Reader>> = {
  text: readText,
  post: readPost,
  image: readImage,
  file: readFile('file'),
  audio: readFile('voice'),
  media: readFile('video'),
  location: readPlace,
}

/** `ref` names the message, the key within it and the kind of resource that the download asks for. */
const file = (kind: FileRef['kind'], message: string, key: string, name: string | null): FileRef => ({
  kind,
  ref: { message, key: storable(key), type: kind === 'photo' ? 'image' : 'file' },
  name: name === null ? null : clip(storable(name), 200),
})

const onlyFile = (one: FileRef): Said => ({ text: '', files: [one], place: null })

const coordinate = (text: string, limit: number): number | null => {
  const value = /^-?\d/.test(text) ? Number(text) : Number.NaN
  return Math.abs(value) <= limit ? value : null
}

/** Placeholders `@_user_1` become the person's name; the bot's own, `@_all` and unknown kinds vanish, so that commands stand alone. One pass: a name cannot smuggle in another. */
const say = (text: string, mentions: MessageEvent['message']['mentions']): string => {
  const names = new Map(
    (mentions ?? []).map(({ key, name, mentioned_type: type }) => [key, type === 'user' && name ? `@${name} ` : '']),
  )
  const spoken = text.replace(
    /@_(?:user_\d+|all) ?/g,
    (found) => names.get(found.trimEnd()) ?? (found.startsWith('@_all') ? '' : found),
  )
  return clip(storable(spoken).trim(), longestText)
}

const openJson = (text: string): unknown => readJson(text) ?? null
