import { type Fields, textOf } from '../../lib/json.ts'
import { excerpt, longestText, storable } from '../../lib/text.ts'
import type { FileRef } from '../platform.ts'
import { asObject, type BotMessage } from './wire.ts'

/** Words and files of a message. */
export type Content = { readonly text: string; readonly files: readonly FileRef[] }

const mostFiles = 50
const longestCode = 4_000

/** `downloadCode` works only together with the robot that received it. The second, older code is not documented and not used. */
const fileOf = (kind: FileRef['kind'], holder: Fields | null, robotCode: string | undefined): FileRef | null => {
  const code = textOf(holder?.downloadCode, longestCode)
  if (!code || robotCode === undefined) return null
  const name = textOf(holder?.fileName)
  return { kind, ref: { downloadCode: storable(code), robotCode }, name: name === null ? null : excerpt(name, 200) }
}

const single =
  (kind: FileRef['kind']) =>
  ({ content, robotCode }: BotMessage): Content | null => {
    const holder = asObject(content)
    const file = fileOf(kind, holder, robotCode)
    return file && { text: textOf(holder?.recognition) ?? '', files: [file] }
  }

const plain = ({ text }: BotMessage): Content | null => {
  const words = textOf(asObject(text)?.content)
  return words === null ? null : { text: words, files: [] }
}

/** Text pieces stand side by side; a picture between them is a line break. A mention before any words is the call to the robot itself. */
const rich = ({ content, robotCode }: BotMessage): Content | null => {
  const items = asObject(content)?.richText
  if (!Array.isArray(items)) return null
  const files: FileRef[] = []
  let text = ''
  let spoken = false
  for (const item of items) {
    const piece = asObject(item)
    const file = piece?.type === 'picture' && files.length < mostFiles ? fileOf('photo', piece, robotCode) : null
    if (file) files.push(file)
    if (text.length > longestText) continue
    if (file) text += '\n'
    else if (piece?.type !== 'at') {
      const words = textOf(piece?.text) ?? ''
      spoken ||= words.trim() !== ''
      text += words
    } else if (spoken) text += `@${textOf(piece.atName) ?? ''} `
  }
  return spoken || files.length > 0 ? { text: text.replace(/\n{2,}/g, '\n'), files } : null
}

/** By `msgtype`; null when the message lacks what its type promises. Page "机器人接收消息" (`robot-receive-message`), 2026-08. */
export const contents: ReadonlyMap<string, (message: BotMessage) => Content | null> = new Map([
  ['text', plain],
  ['richText', rich],
  ['picture', single('photo')],
  ['audio', single('voice')],
  ['video', single('video')],
  ['file', single('file')],
])
