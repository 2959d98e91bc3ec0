import type { Card, Loss, Reply } from '../cards/card.ts'
import type { Clock, Millis } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'

/** A door with its own powers. As data it may travel anywhere. */
export type Surface = 'feishu' | 'dingtalk' | 'wecom-app' | 'wecom-bot'

// ── Arriving ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** One HTTP request as it came, before anything is believed. `headers` has lower-case names; `query` is the first value of each name, percent-decoded once. */
export type RawRequest = {
  readonly method: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export type RawResponse = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }

/** What every arrival carries. `account` is the sender's id on this connection; (connection, account) is the identity key. */
export type Origin = {
  readonly connection: string
  /** The platform's own event key, unique within the connection: the same event delivered again has the same key. */
  readonly key: string
  /** A second key that catches the same event under another id (Feishu: sender, chat, time and content); null when the platform needs none. */
  readonly alias: string | null
  readonly account: string
  /** The sender's name if the event tells it, for the words of a card only. */
  readonly accountName: string | null
  /** The chat it happened in. For direct chats any text stable per (account); for groups the platform's group id. */
  readonly conversation: string
  readonly direct: boolean
  /** When the platform says it happened. */
  readonly at: Date
}

/** A photo or file that a person sent; `ref` is opaque to everybody but the adapter's `fetchFile`. JSON-serialisable. */
export type FileRef = {
  readonly kind: 'photo' | 'voice' | 'video' | 'file'
  readonly ref: Readonly<Record<string, string>>
  readonly name: string | null
}

export type Place = { readonly lat: number; readonly lng: number; readonly datum: 'wgs84' | 'gcj02'; readonly label: string }

export type Incoming =
  | (Origin & {
      readonly kind: 'message'
      readonly text: string
      readonly files: readonly FileRef[]
      readonly place: Place | null
    })
  | (Origin & {
      readonly kind: 'press'
      /** The action key as the button carried it; text from outside, parse it with `readActionKey`. */
      readonly action: string
      readonly form: Readonly<Record<string, string>>
      /** The message that was pressed, as in `Sent.message`; null when the platform does not say. */
      readonly message: string | null
      /** A fresh handle that this press brought (WeCom response code, Feishu card token); null when there is none. */
      readonly handle: CardHandle | null
    })
  | (Origin & { readonly kind: 'enter' })
  | (Origin & { readonly kind: 'join'; readonly name: string })
  | (Origin & { readonly kind: 'leave' })
  | (Origin & {
      readonly kind: 'member-change'
      readonly accounts: readonly string[]
      readonly change: 'joined' | 'left' | 'changed'
    })
  /** The account has read these messages of ours, at `at`. */
  | (Origin & { readonly kind: 'read'; readonly messages: readonly string[] })
  | (Origin & { readonly kind: 'unsupported'; readonly what: string })

/**
 * What a door makes of a request.
 * - `handshake`: answered by the adapter itself; nothing to decide.
 * - `refused`: not authentic, too old, too big, not ours. `because` is counted and logged, never shown to the caller.
 * - `accepted`: decide, then send what `answer(reply)` gives. `answer(null)` acknowledges without words.
 */
export type Received =
  | { readonly kind: 'handshake'; readonly response: RawResponse }
  | { readonly kind: 'refused'; readonly because: string; readonly response: RawResponse }
  | { readonly kind: 'accepted'; readonly incoming: Incoming; readonly answer: (reply: Reply | null) => RawResponse }

/**
 * How long-connection doors hand an arrival over; the promise gives what to answer. It never rejects. Null means that nothing was recorded, so that the
 * platform must deliver again; a decided arrival without words is an empty reply.
 */
export type Deliver = (incoming: Incoming) => Promise<Reply | null>

/** A long connection held open by a supervisor of ours. `close` resolves when nothing more will be delivered. */
export type Stream = { readonly state: () => 'connecting' | 'connected' | 'down'; readonly close: () => Promise<void> }

// ── Leaving ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** To one person's account, or into a group. */
export type Destination =
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'group'; readonly conversation: string }

export type Outgoing = { readonly kind: 'card'; readonly card: Card } | { readonly kind: 'text'; readonly text: string }

/** Opaque, JSON-serialisable, may be single-use, may be replaced by each press and each update. */
export type CardHandle = Readonly<Record<string, string>>

export type Sent = {
  /** The platform's id of the message, as a press on it reports it. */
  readonly message: string
  /** The id under which the platform takes it back, where that is another one; it is what the ledger keeps. */
  readonly recallBy?: string
  readonly conversation: string | null
  /** Null when this message can never be updated (plain text, a fallback card). */
  readonly handle: CardHandle | null
  readonly lost: readonly Loss[]
}

/** One account that a bulk call did not reach, and why: `permanent` as it is now, `temporary` when it may be sent later. */
export type PassedBy = { readonly account: string; readonly because: string; readonly kind: 'permanent' | 'temporary' }

/** `urgent` may use the headroom that is kept for alarms. */
export type BulkText = { readonly text: string; readonly urgent: boolean }

/** What became of one text for many. Whoever is not passed by has been sent it, as far as the platform says. */
export type BulkSent = {
  /** The id under which `recall` takes it back from everybody; null when nobody was sent it. */
  readonly message: string | null
  readonly passedBy: readonly PassedBy[]
  readonly lost: readonly Loss[]
}

/** An account that has read a message; `at` is null where the platform does not say when. */
export type Reading = { readonly account: string; readonly at: Date | null }

/** One login as the platform's directory knows it. Fields the app may not see are null. */
export type Profile = {
  readonly account: string
  readonly name: string | null
  readonly mobile: string | null
  readonly employeeNo: string | null
  readonly active: boolean
}

/**
 * The port. No optional member: what a platform lacks is in `can`, and calling it anyway throws a permanent DeliveryError `unsupported`.
 * Every sending method throws `DeliveryError` and nothing else for whatever the platform or the network does.
 * `once` is a key of at most 50 characters `[0-9A-Za-z_-]`: the same key within `can.onceKey.life` shows at most one message.
 */
export type ChatPlatform = {
  readonly connection: string
  readonly surface: Surface
  readonly can: Capabilities
  readonly receive: (request: RawRequest) => Received
  readonly send: (to: Destination, what: Outgoing, once: string) => Promise<Sent>
  /** One text to at most `can.bulk.most` accounts with one call. */
  readonly broadcast: (accounts: readonly string[], what: BulkText, once: string) => Promise<BulkSent>
  /** Repaints a card. Gives the handle to use next, or null when it is spent and the next change needs a new message or a press. */
  readonly update: (
    message: string,
    handle: CardHandle,
    card: Card,
  ) => Promise<{ readonly handle: CardHandle | null; readonly lost: readonly Loss[] }>
  /** Makes the phone of the account light up about a message sent before. */
  readonly ring: (account: string, message: string, words: string) => Promise<void>
  readonly whoIs: (account: string) => Promise<Profile>
  readonly directory: () => AsyncIterable<Profile>
  /** The bytes of a file a person sent. Throws a permanent DeliveryError `too-large` past `limit` bytes. */
  readonly fetchFile: (file: FileRef, limit: number) => Promise<Uint8Array>
  /** Makes a JPEG usable in cards; the key goes into `Picture.key`. */
  readonly uploadImage: (jpeg: Uint8Array) => Promise<string>
  /** Takes a message back by `Sent.recallBy` or `Sent.message`; one that went to many leaves all of them. Permanent `gone` when it hangs there no more. */
  readonly recall: (message: string) => Promise<void>
  /** Signing somebody in to a page through the platform's own login. */
  readonly signIn: SignIn
  /** Who has read a message, as far as `can.receipts` goes; null when the platform does not know the message, so that it was dropped or has gone. */
  readonly readBy: (message: string) => Promise<readonly Reading[] | null>
}

/** The platform's web login (OAuth 2.0, authorization code). */
export type SignIn = {
  /** What people call the platform, for the choice between several. */
  readonly name: string
  /** Where the browser goes; the platform sends it back to `redirect` with a code and `state`, which is letters and digits only. */
  readonly address: (redirect: string, state: string) => string
  /** The parameter in which the code comes back. */
  readonly codeIn: string
  /** The account behind a code, which works once. Throws a permanent DeliveryError `bad-code` for a code that is unknown, used, old, or of another company. */
  readonly account: (code: string, redirect: string) => Promise<string>
}

/** What a door can do, as data, with date and source. */
export type Capabilities = {
  readonly asOf: string
  readonly source: string
  readonly answer: {
    readonly toast: boolean
    readonly card: 'none' | 'presser' | 'everyone'
    /** The platform waits this long for the answer to a press. */
    readonly within: Millis
  }
  readonly form: { readonly choices: number; readonly texts: number; readonly besideActions: boolean }
  readonly facts: number
  readonly actions: number
  readonly pictures: 'upload' | 'none'
  readonly update: { readonly uses: 'many' | 'once-per-press' | 'never'; readonly life: Millis }
  /** The same once-key within `life` shows one card; one text too where `texts` says so. */
  readonly onceKey: { readonly life: Millis; readonly texts: boolean } | null
  /** Does the platform say who has read: every message of ours, only plain ones, or none? Where it does not, only an act counts as reached. */
  readonly receipts: 'read' | 'texts' | 'none'
  readonly ring: boolean
  /** One text to many with one call, to so many accounts at most; `once`: the same words to the same people under one key are shown once. */
  readonly bulk: { readonly most: number; readonly once: boolean } | null
  /** Longest plain text in UTF-8 bytes. */
  readonly longestText: number
}

/**
 * Why something could not be delivered.
 * - `permanent`: it will never work like this; the workflow is told.
 * - `temporary`: nothing happened; try again, not before `retryAfter`.
 * - `ambiguous`: it may have happened; retried under the same once-key while the platform honours it.
 */
export class DeliveryError extends Error {
  readonly kind: 'permanent' | 'temporary' | 'ambiguous'
  readonly because: string
  /** What is broken: only this message, everything for this account, or the whole connection (credentials, quota, network). */
  readonly scope: 'message' | 'account' | 'connection'
  readonly retryAfter: Millis | null
  constructor(
    kind: 'permanent' | 'temporary' | 'ambiguous',
    because: string,
    about: { scope?: 'message' | 'account' | 'connection'; retryAfter?: Millis; detail?: string } = {},
  ) {
    super(about.detail ? `${because}: ${about.detail}` : because)
    this.name = 'DeliveryError'
    this.kind = kind
    this.because = because
    this.scope = about.scope ?? 'message'
    this.retryAfter = about.retryAfter ?? null
  }
}

// ── What adapters are given ──────────────────────────────────────────────────────────────────────────────────────────

/** Tokens fetched once across replicas. `get` runs `fetch` at most once at a time for a name, over all replicas. */
export type TokenStore = {
  /** `name` is unique within a connection. `fetch` gives the token and its life; the stored one is used until 5 minutes before its end. */
  readonly get: (name: string, fetch: () => Promise<{ readonly token: string; readonly life: Millis }>) => Promise<string>
  /** The platform refused this very token: forget it, unless another replica has replaced it already. */
  readonly drop: (name: string, token: string) => Promise<void>
}

/** What a call writes to, as far as a platform counts that: a person, a group, or a message that is changed. */
export type Chat = { readonly kind: 'person' | 'group' | 'message'; readonly id: string }

/** Token buckets per connection, shared by all replicas: one for each endpoint, one for each chat. */
export type Budget = {
  /** `urgent` may use the headroom kept for alarms. What a chat allows is never passed: then it throws a temporary DeliveryError of the account. */
  readonly take: (endpoint: string, urgent: boolean, chat?: Chat) => Promise<void>
  /** Takes one for each of these chats that has room, and gives those that have none. */
  readonly full: (chats: readonly Chat[], urgent: boolean) => Promise<readonly Chat[]>
}

export type PlatformPorts = { readonly clock: Clock; readonly log: Log; readonly tokens: TokenStore; readonly budget: Budget }
