import { sha256 } from '../../lib/crypto.ts'
import { clip, excerpt, longestText } from '../../lib/text.ts'
import type { FileRef, Incoming, Origin, Place } from '../platform.ts'
import { nothingChosen } from './wire.ts'
import { childrenOf, type Element, textOf } from './xml.ts'

/**
 * What is known of a message besides its own words. `at` is the signed timestamp of the callback, for messages without a time
 * of their own.
 */
export type Arrival = { readonly connection: string; readonly message: string; readonly at: Date }

type Decode = (xml: Element, origin: Origin) => Incoming

/**
 * Decrypted and verified XML → `Incoming` (docs 90239 messages, 90240 events; read 2025-09). Unknown kinds are `unsupported`,
 * never lost; nothing throws.
 */
export const decode = (xml: Element, arrival: Arrival): Incoming => {
  const origin = originOf(xml, arrival)
  if (origin.account === '') return unsupported(origin, 'no-sender')
  const kind = word(xml, 'MsgType')
  if (kind !== 'event') return (messages.get(kind) ?? unknown(`message:${kind}`))(xml, origin)
  const event = word(xml, 'Event')
  return (events.get(event) ?? unknown(`event:${event}`))(xml, origin)
}

const originOf = (xml: Element, { connection, message, at }: Arrival): Origin => {
  const account = word(xml, 'FromUserName')
  const created = word(xml, 'CreateTime')
  return {
    connection,
    key: keyOf(xml, message),
    alias: null,
    account,
    accountName: null,
    conversation: account,
    direct: true,
    at: /^\d{1,11}$/.test(created) ? new Date(Number(created) * 1000) : at,
  }
}

/**
 * Events have no id. Sender and second alone, which the page names, merge different events (WxJava issues 1288, 1745, 2880,
 * 3311); these fields together stay equal when the same event is sent again and differ otherwise.
 */
const eventFields = [
  ...['AgentID', 'FromUserName', 'CreateTime', 'Event', 'ChangeType', 'EventKey', 'TaskId', 'ResponseCode', 'UserID'],
  ...['NewUserID', 'Id', 'TagId'],
] as const

/** `MsgId` is a 64-bit number, kept as text. A message without one is known by its whole text. */
const keyOf = (xml: Element, message: string): string => {
  if (word(xml, 'MsgType') === 'event') return sha256(JSON.stringify(eventFields.map((name) => textOf(xml, name))))
  const id = word(xml, 'MsgId')
  return /^[0-9A-Za-z_-]{1,64}$/.test(id) ? id : sha256(message)
}

// ── Messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const said = (origin: Origin, said: { text?: string; files?: readonly FileRef[]; place?: Place }): Incoming => ({
  ...origin,
  kind: 'message',
  text: excerpt(said.text ?? '', longestText),
  files: said.files ?? [],
  place: said.place ?? null,
})

const file =
  (kind: FileRef['kind']): Decode =>
  (xml, origin) => {
    const media = word(xml, 'MediaId')
    if (media === '') return unsupported(origin, `${kind} without media`)
    return said(origin, { files: [{ kind, ref: { media }, name: null }] })
  }

/** `Location_X` is the latitude. The page names no datum; WeCom's own maps draw in GCJ-02. */
const location: Decode = (xml, origin) => {
  const [lat, lng] = [degrees(textOf(xml, 'Location_X'), 90), degrees(textOf(xml, 'Location_Y'), 180)]
  if (lat === null || lng === null) return unsupported(origin, 'location without coordinates')
  return said(origin, { place: { lat, lng, datum: 'gcj02', label: words(xml, 'Label') } })
}

const degrees = (text: string | null, most: number): number | null => {
  if (text === null || !/^\s*-?\d{1,3}(\.\d{1,20})?\s*$/.test(text)) return null
  const value = Number(text)
  return Math.abs(value) <= most ? value : null
}

const link: Decode = (xml, origin) => {
  const parts = ['Title', 'Description', 'Url'].map((name) => words(xml, name))
  return said(origin, { text: parts.filter((part) => part !== '').join('\n') })
}

const messages = new Map<string, Decode>([
  ['text', (xml, origin) => said(origin, { text: words(xml, 'Content') })],
  ['image', file('photo')],
  ['voice', file('voice')],
  ['video', file('video')],
  ['location', location],
  ['link', link],
])

// ── Events ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const press: Decode = (xml, origin) => {
  const code = word(xml, 'ResponseCode')
  return {
    ...origin,
    kind: 'press',
    action: word(xml, 'EventKey'),
    form: formOf(xml),
    message: word(xml, 'TaskId') || null,
    handle: code === '' ? null : { response_code: code },
  }
}

/** The choice in a card's drop-down rides with the press. Our own "please choose" line counts as no choice. */
const formOf = (xml: Element): Readonly<Record<string, string>> => {
  const entries = childrenOf(xml, 'SelectedItems')
    .flatMap((items) => childrenOf(items, 'SelectedItem'))
    .map((item) => [word(item, 'QuestionKey'), chosen(item)] as const)
  return Object.fromEntries(entries.filter(([name, value]) => name !== '' && value !== ''))
}

const chosen = (item: Element): string =>
  childrenOf(item, 'OptionIds')
    .flatMap((ids) => childrenOf(ids, 'OptionId'))
    .map((id) => excerpt(id.text, longestWord))
    .filter((id) => id !== nothingChosen)
    .join(',')

const enter: Decode = (_, origin) => ({ ...origin, kind: 'enter' })

/** Whoever leaves the app's visible scope may still work here; the directory is read again to know. */
const leaveScope: Decode = (_, origin) => ({ ...origin, kind: 'member-change', accounts: [origin.account], change: 'changed' })

const changes = new Map<string, 'joined' | 'changed' | 'left'>([
  ['create_user', 'joined'],
  ['update_user', 'changed'],
  ['delete_user', 'left'],
])

const contact: Decode = (xml, origin) => {
  const type = word(xml, 'ChangeType')
  const change = changes.get(type)
  const accounts = ['UserID', 'NewUserID'].map((name) => word(xml, name)).filter((account) => account !== '')
  if (!change || accounts.length === 0) return unsupported(origin, `event:change_contact:${type}`)
  return { ...origin, kind: 'member-change', accounts, change }
}

const events = new Map<string, Decode>([
  ['enter_agent', enter],
  ['subscribe', enter],
  ['click', enter],
  ['unsubscribe', leaveScope],
  ['template_card_event', press],
  ['template_card_menu_event', press],
  ['change_contact', contact],
])

const unknown =
  (what: string): Decode =>
  (_, origin) =>
    unsupported(origin, clip(what, 100))

const unsupported = (origin: Origin, what: string): Incoming => ({ ...origin, kind: 'unsupported', what })

/** Longer than any id, code or key of the protocol. */
const longestWord = 2_000

/** A word of the protocol: storable, trimmed, empty when absent or doubled. */
const word = (xml: Element, name: string): string => excerpt(textOf(xml, name) ?? '', longestWord).trim()
/** What a person wrote: storable, otherwise as it is. */
const words = (xml: Element, name: string): string => excerpt(textOf(xml, name) ?? '', longestText)
