/** What a message says: its content by type, as text, files and a place. Source: open.feishu.cn 接收消息内容 (read 2026-05). */

import { type Fields, fieldsOf, readJson, textOf } from '../../lib/json.ts'
import { clip, excerpt, longestText, storable } from '../../lib/text.ts'
import type { FileRef, Place } from '../platform.ts'
import type { Mention, MessageEvent } from './wire.ts'

export type Said = { readonly text: string; readonly files: readonly FileRef[]; readonly place: Place | null }

/** More files than this in one post are not kept; a phone lets nine be chosen at once. */
const mostFiles = 20

/** What the message says, or null when its type is not one we understand or its content is not of that type (recalled, half, hostile). */
export const readContent = (message: MessageEvent['message']): Said | null => {
  const read = Object.hasOwn(readers, message.message_type) ? readers[message.message_type] : undefined
  const opened = read && message.content ? fieldsOf(readJson(message.content)) : null
  return read && opened ? read(opened, message) : null
}

type Message = MessageEvent['message']
type Reader = (opened: Fields, message: Message) => Said | null

const readText: Reader = ({ text }, { mentions }) =>
  typeof text === 'string' ? { text: say(text, mentions), files: [], place: null } : null

/** More lines, or pieces in one, than this are no post that a person wrote. */
const mostPieces = 500

/** A post: title, lines of tagged pieces, and any number of pictures among them. */
const readPost: Reader = ({ title, content }, { mentions, message_id: message }) => {
  const lines = listOf(content, lineOf)
  if (!lines) return null
  const spoken = lines.map((line) => line.map(pieceText).join(''))
  const files = lines.flat().filter(isFile).slice(0, mostFiles)
  return {
    text: say([textOf(title) ?? '', ...spoken].filter(Boolean).join('\n'), mentions),
    files: files.flatMap((piece) => pieceFile(piece, message)),
    place: null,
  }
}

/** The list with each part read; null when it is none, too long, or one of its parts is not of its shape. */
const listOf = <T>(value: unknown, read: (part: unknown) => T | null): readonly T[] | null => {
  if (!Array.isArray(value) || value.length > mostPieces) return null
  const parts = value.map(read)
  return parts.every((part) => part !== null) ? parts : null
}
const pieceOf = (value: unknown): Fields | null => {
  const piece = fieldsOf(value)
  return typeof piece?.tag === 'string' ? piece : null
}
const lineOf = (value: unknown): readonly Fields[] | null => listOf(value, pieceOf)

/** An `at` piece names a mention by its placeholder, which `say` replaces like any other. */
const pieceText = ({ tag, user_id, text }: Fields): string => (tag === 'at' ? `${textOf(user_id) ?? ''} ` : (textOf(text) ?? ''))

const isFile = ({ tag, image_key, file_key }: Fields): boolean =>
  (tag === 'img' && keyOf(image_key) !== null) || (tag === 'media' && keyOf(file_key) !== null)

const pieceFile = ({ tag, image_key, file_key }: Fields, message: string): readonly FileRef[] => {
  const key = keyOf(tag === 'img' ? image_key : file_key)
  return key === null ? [] : [file(tag === 'img' ? 'photo' : 'video', message, key, null)]
}

const keyOf = (value: unknown): string | null => textOf(value, 256) || null

const readImage: Reader = ({ image_key }, { message_id: message }) => {
  const key = keyOf(image_key)
  return key === null ? null : onlyFile(file('photo', message, key, null))
}

const readFile =
  (kind: FileRef['kind']): Reader =>
  ({ file_key, file_name }, { message_id: message }) => {
    const key = keyOf(file_key)
    return key === null ? null : onlyFile(file(kind, message, key, textOf(file_name)))
  }

/** The page names no datum; positions chosen in the client come from a Chinese map, whose coordinates are GCJ-02. */
const readPlace: Reader = ({ name, latitude, longitude }) => {
  const lat = coordinate(latitude, 90)
  const lng = coordinate(longitude, 180)
  if (lat === null || lng === null) return null
  return { text: '', files: [], place: { lat, lng, datum: 'gcj02', label: excerpt(textOf(name) ?? '', 200) } }
}

/** Degrees, told as text or as a number. */
const coordinate = (told: unknown, limit: number): number | null => {
  const text = textOf(typeof told === 'number' ? String(told) : told, 40) ?? ''
  const value = /^-?\d/.test(text) ? Number(text) : Number.NaN
  return Math.abs(value) <= limit ? value : null
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
  name: name === null ? null : excerpt(name, 200),
})

const onlyFile = (one: FileRef): Said => ({ text: '', files: [one], place: null })

/** Beyond this a text is not searched for placeholders: what is kept of it is a quarter. */
const longestSearched = 4 * longestText
/** Longer than any name that the platform lets somebody have. */
const longestName = 100

/** Placeholders `@_user_1` become the person's name; the bot's own, `@_all` and unknown kinds vanish, so that commands stand alone. One pass: a name cannot smuggle in another. */
const say = (text: string, mentions: readonly Mention[]): string => {
  const names = new Map(mentions.map((mention) => [mention.key, called(mention)]))
  const spoken = clip(text.trim(), longestSearched).replace(
    /@_(?:user_\d+|all) ?/g,
    (found) => names.get(found.trimEnd()) ?? (found.startsWith('@_all') ? '' : found),
  )
  return excerpt(spoken.trim(), longestText).trim()
}

const called = ({ name, mentioned_type: type }: Mention): string =>
  type === 'user' && name ? `@${clip(name, longestName)} ` : ''
