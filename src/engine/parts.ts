import { type ChatPlatform, DeliveryError } from '../bots/platform.ts'
import type { Database } from '../db/database.ts'
import type { MovableClock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { AlertRule } from '../rules/alerts.ts'
import type { ImageKeys, PageSigner } from './draw.ts'
import type { Registered } from './registry.ts'

/** Things that are counted and shown at `/metrics`. */
export type Counted =
  | 'quarantined'
  | 'busy'
  | 'undecided'
  | 'refused-callback'
  | 'delivered'
  | 'delivery-failed'
  | 'dead-letter'
  | 'late-push'
  | 'lease-taken-over'
  | 'repaired'
  | 'alarm'

/** One call to a system outside; `key` is the same for every try, so that the receiver can tell repeats. */
export type OutgoingCall = {
  readonly target: string
  readonly event: string
  readonly key: string
  /** ISO instant at which it was decided. */
  readonly at: string
  readonly subject: string
  readonly body: object
}

/** Where no system outside is configured: every call fails for good, which the ledger shows. */
export const noCallOut = async ({ target }: OutgoingCall): Promise<string> => {
  throw new DeliveryError('permanent', 'unknown-target', { detail: target })
}

/** What the engine is made of. Built once per process on Node, once per request on Workers; nothing here holds truth. */
export type EngineParts = {
  readonly database: Database
  readonly clock: MovableClock
  readonly log: Log
  readonly registry: ReadonlyMap<string, Registered>
  readonly platforms: ReadonlyMap<string, ChatPlatform>
  /** Site of each connection: where strangers' reports go. */
  readonly siteOf: (connection: string) => string
  /** Key of seals, page links and one-time codes; never in the database. */
  readonly secret: string
  /** This replica's name for leases; null where nobody performs in this process after the response (decisions leave their effects waiting). */
  readonly replica: string | null
  /** The seal chain this process writes. */
  readonly lane: string
  readonly page: PageSigner
  readonly images: ImageKeys
  /** Calls a system outside and gives its receipt, if it names one. Throws DeliveryError. */
  readonly callOut: (call: OutgoingCall) => Promise<string>
  /** Systems outside that have asked for this event; nobody where none is configured. */
  readonly takersOf?: (event: string) => readonly string[]
  readonly count: (what: Counted, by?: number) => void
  /** How often one person may be called; the product's own rule when left out. */
  readonly alertRule?: AlertRule
  /** The clock's offset as the database has it; only obeyed when every connection is a sandbox. */
  readonly heardOffset: (offset: number) => void
}
