/**
 * Facts that the platform's documents leave open, each a switch that `POST /profile` may set. The first value is the default.
 * Every value must be survived by whoever talks to the double.
 */
import type { World } from '../contract.ts'

/** Documents: open.feishu.cn server and card documentation, as of May 2026; none of these facts is stated there or the statements conflict. */
export const switches = {
  /** What a repeated `uuid` answers within its hour: the first answer again, or 230049. */
  uuidRepeat: ['same', 'error'],
  /** How an optional form field that nobody filled looks in `form_value`. */
  unfilled: ['missing', 'empty'],
  /** How `user_id` looks for an app without the scope for it. */
  userId: ['empty', 'null', 'missing'],
  /** Whether the address check carries signature headers. */
  challengeSignature: ['unsigned', 'signed'],
  /** Whether 230020 carries the rate headers of the gateway. */
  busyHeaders: ['none', 'present'],
  /** What a PATCH gets while a press on the same card waits for its answer: sub-code 200800, sub-code 11310, or success. */
  lockedPatch: ['refused', 'actionLock', 'accepted'],
  /** A callback's ack without `data` over the long connection: client error 108002 (field reports), or taken as `{}`. */
  emptyAck: ['108002', 'accepted'],
  /** Words and a photo sent together: one `post` message (field reports), or two messages, the photo first. */
  photoWithText: ['post', 'two'],
  /** What is doubled by the fault `twice`: the same event, the same message under a new event id, or a new message id as well. */
  twice: ['sameEvent', 'newEventId', 'newMessageId'],
  /** Whether the gateway's 429 carries the platform's envelope. */
  tooMany: ['code', 'bare'],
  /** The code for a wrong secret at the token endpoint, and the HTTP status of that answer. */
  wrongSecret: ['10015', '10014'],
  wrongSecretStatus: ['200', '400'],
  /** Values handed to long connection clients: short ones, so that a cut or half-open socket heals within seconds, or the documented ones. */
  clientConfig: ['quick', 'documented'],
  /** Frame type of card callbacks; `card` is dropped by every official SDK (seen while a subscription is not yet effective). */
  callbackFrame: ['event', 'card'],
  /** Data loss prevention of the tenant: refuses plain phone numbers and e-mail addresses with 230028. */
  dlp: ['off', 'on'],
} as const satisfies Readonly<Record<string, readonly [string, ...string[]]>>

type Switches = typeof switches

/** The value in force. An unknown value set from outside counts as the default. */
export const choice = <Name extends keyof Switches>(world: World, name: Name): Switches[Name][number] => {
  const [fallback] = switches[name]
  const set = world.choose(`feishu.${name}`, fallback)
  return switches[name].find((value) => value === set) ?? fallback
}

/** Numbers that differ between tenants or are not published, with what the double assumes. */
const amounts = {
  /** Pieces that a data frame is cut into. */
  fragments: 1,
  /** Calls a month on the free edition (10 000 documented since December 2024). */
  monthlyQuota: 10_000,
  /** Receivers of batch messages that one app may have in a day (批量发送消息). */
  batchQuota: 500_000,
  /** SMS and phone urgents that the tenant has bought. */
  urgentQuota: 1_000,
  /** Hours within which a bot may recall its message. */
  recallWindowHours: 24,
} as const

/** A number in force; anything that is not a whole number from 0 up counts as the default. */
export const amount = (world: World, name: keyof typeof amounts): number => {
  const set = world.choose(`feishu.${name}`, String(amounts[name]))
  return /^\d{1,9}$/.test(set) ? Number(set) : amounts[name]
}

/** Scopes that the app lacks (comma-separated in `feishu.missingScopes`). */
export const missingScopes = (world: World): readonly string[] =>
  world
    .choose('feishu.missingScopes', '')
    .split(',')
    .filter((scope) => scope !== '')

/** How the platform treats one account: `feishu.user.<account>` = active, resigned, invisible or stopped (has muted the bot). */
export const standing = (world: World, account: string): string => world.choose(`feishu.user.${account}`, 'active')
