/**
 * What the parts of the sandbox agree on. The core (world, clock, faults, log, control API, phone page) knows people and what they see;
 * each vendor folder speaks one platform's bytes. Nothing here is shared with `src/`: the two sides must agree over the wire alone.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Hono } from 'hono'

export type VendorName = 'feishu' | 'dingtalk' | 'wecom'

/** One app on one platform, from `demo/connections.json`, plus how it pushes. */
export type App = {
  readonly id: string
  readonly platform: VendorName
  /** `stream`: the service holds a long connection. `http`: pushes go to `callbackUrl`. */
  door: 'stream' | 'http'
  /** `http://127.0.0.1:<port>/hooks/<id>` of the service; may be a list of replicas' addresses, used in turn. */
  callbackUrls: string[]
  /** The credentials as in the file (appId, appSecret, encryptKey, … by platform). */
  readonly credentials: Readonly<Record<string, string>>
}

/** A person of the plant as one platform knows them. One human may stand in the directory of several platforms. */
export type SandboxAccount = {
  readonly person: string
  readonly platform: VendorName
  /** Feishu open_id, DingTalk userid, WeCom userid. */
  readonly account: string
  readonly name: string
  readonly mobile: string | null
  readonly employeeNo: string | null
}

export type SandboxPerson = {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly team: string
  readonly company: string
  /** The platform this person's phone shows. */
  readonly platform: VendorName
  readonly accounts: readonly SandboxAccount[]
}

/** What a person sees: one message on their phone, in the words of the control API. */
export type Seen = {
  readonly id: string
  readonly kind: 'text' | 'card'
  readonly title: string
  readonly text: string
  /** The look of the header, by its meaning: neutral info warning danger success. */
  readonly tone: string
  readonly facts: readonly (readonly [string, string])[]
  /** Addresses under which the phone page can show the pictures, `/images/<id>`. */
  readonly images: readonly string[]
  /** Labels of the buttons that can be pressed (greyed ones are left out). */
  readonly actions: readonly string[]
  readonly form: readonly {
    readonly name: string
    readonly label: string
    readonly kind: string
    readonly options: readonly (readonly [string, string])[]
    readonly initial: string | null
  }[]
  readonly sentAt: number
  readonly updatedAt: number | null
  readonly recalled: boolean
  readonly platform: VendorName
  readonly conversation: string
  /** True when the platform made the phone ring about it (加急, DING). */
  readonly rung: boolean
  /** Who wrote it: `bot` or the person. */
  readonly from: 'bot' | 'person'
}

export type PressResult = {
  readonly toast: { readonly tone: string; readonly text: string } | null
  /** The card as the presser sees it afterwards, when the answer changed it. */
  readonly card: Seen | null
  /** `answered`, or what the client of that platform would show: `timeout`, `error`, with the platform's code where it has one. */
  readonly status: string
}

/** Movable time. `now` is milliseconds since the epoch; timers fire when `advance` passes them or real time does. */
export type SandboxClock = {
  readonly now: () => number
  /** Runs `task` once at the instant; `label` shows in `waiting` while due and unfinished. Gives a cancel function. */
  readonly at: (instant: number, label: string, task: () => Promise<void> | void) => () => void
}

/** A fault that applies to the exchange at hand, drawn by name, surface, share and seed. */
export type FaultName =
  | 'twice'
  | 'late'
  | 'never'
  | 'reordered'
  | 'e429'
  | 'e500'
  | 'lostAnswer'
  | 'tokenExpired'
  | 'cut'
  | 'halfOpen'

export type Faults = {
  /**
   * Asks whether a fault strikes now. `point` says what is about to happen:
   * `push` (an event or message to the service: twice, late, never, reordered), `press` (late, never, twice), `api` (a call from the service:
   * e429, e500, lostAnswer = perform it, then drop the connection without answering, tokenExpired, late, never = do not perform and drop the connection),
   * `socket` (cut, halfOpen). Null when nothing strikes. Counted in `GET /faults`.
   */
  readonly strike: (
    surface: VendorName,
    point: 'push' | 'press' | 'api' | 'socket',
    allowed: readonly FaultName[],
  ) => { readonly name: FaultName; readonly seconds: number } | null
}

/** One line of the log pane: a request, response, frame or callback with its bytes as text (secrets masked, bodies cut at 16 kB). */
export type Exchange = {
  readonly surface: VendorName
  readonly direction: 'to-service' | 'from-service'
  readonly what: string
  readonly status: number | null
  readonly request: string
  readonly response: string
}

/** What the core offers a vendor. */
export type World = {
  readonly clock: SandboxClock
  readonly faults: Faults
  readonly people: readonly SandboxPerson[]
  readonly accountsOf: (platform: VendorName) => readonly SandboxAccount[]
  /** Quotas and rate limits count when true (profile `strict`), not when false (`unmetered`). */
  readonly metered: () => boolean
  /** A fact that the documents leave open, by name (e.g. `feishu.uuidRepeat`), with the vendor's default when nobody set it through `POST /profile`. */
  readonly choose: (name: string, fallback: string) => string
  readonly log: (exchange: Exchange) => void
  /** Puts a new message on a person's phone or, with a known id, replaces what it shows. `account` is the platform account id. */
  readonly show: (platform: VendorName, account: string, seen: Seen) => void
  /** Stores bytes (an uploaded picture, a photo a person sent) and gives an id; `/images/<id>` serves it to the phone page. */
  readonly keep: (bytes: Uint8Array, mime: string) => string
  readonly bytes: (id: string) => { readonly bytes: Uint8Array; readonly mime: string } | null
  /** Registers work under way towards the service, so that `settle` waits for it. The label shows in `waiting`. */
  readonly busy: <T>(label: string, work: Promise<T>) => Promise<T>
  /** Random numbers that a seed repeats. */
  readonly random: () => number
}

/** What a person does, as the core hands it to a vendor. `account` is theirs on that platform. */
export type Said = { readonly account: SandboxAccount; readonly text: string; readonly group: string | null }
export type SentFile = {
  readonly account: SandboxAccount
  readonly kind: 'photo' | 'voice' | 'file' | 'location'
  readonly bytes: Uint8Array
  readonly mime: string
  readonly name: string
  /** Words sent together with it; vendors that cannot send both at once send two messages, the photo first. */
  readonly text: string
  readonly place: { readonly lat: number; readonly lng: number; readonly label: string } | null
  readonly group: string | null
}
export type Pressed = {
  readonly account: SandboxAccount
  readonly message: string
  readonly label: string
  readonly form: Readonly<Record<string, string>>
}

/** One platform's double: its API and sockets for the service, and its client for the people. */
export type Vendor = {
  readonly name: VendorName
  /** Mounts the vendor's HTTP API on the shared server, at the vendor's own paths. */
  readonly mount: (app: Hono) => void
  /** Takes a WebSocket upgrade when the path is its own; true when taken. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean
  readonly says: (said: Said) => Promise<void>
  readonly sends: (sent: SentFile) => Promise<void>
  /** The person opens the bot's chat. */
  readonly enters: (account: SandboxAccount) => Promise<void>
  readonly presses: (pressed: Pressed) => Promise<PressResult>
  /** The address behind a button or the card itself that opens a page; null when the label opens none. */
  readonly opens: (account: SandboxAccount, message: string, label: string) => string | null
  /** Marks a message as read where the platform reports reads. */
  readonly reads: (account: SandboxAccount, message: string) => Promise<void>
  /** Live long connections, for the page and for `settle`. */
  readonly connections: () => number
  readonly close: () => Promise<void>
}

export type VendorFactory = (world: World, apps: readonly App[]) => Vendor
