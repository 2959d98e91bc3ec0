import type { Capabilities, ChatPlatform, DeliveryError } from '../bots/platform.ts'
import type { Handle } from '../db/database.ts'
import { type Clock, later, type Millis, minutes, seconds } from '../lib/clock.ts'
import { sha256 } from '../lib/crypto.ts'
import type { AccountRef } from '../workflows/workflow.ts'
import type { Attempt, EffectRow } from './outbox-rows.ts'

/** Where a notice may go. `mark` tells accounts of one connection apart, because a platform's once-key is remembered per app and not per reader. */
export type Address = AccountRef & { readonly mark: string }

/** What a try at one account came to. */
export type Try = Omit<Attempt, 'effect' | 'attempt' | 'at' | 'passedOver'>

/** An urgent notice goes to the next account after the second failure, or when the first has been silent this long. */
const urgentPatience: Millis = seconds(60)
/** Everything else waits this long for a platform that is down. */
const patience: Millis = minutes(10)

const byUses: Readonly<Record<Capabilities['update']['uses'], number>> = { many: 0, 'once-per-press': 1, never: 2 }

/** Small is better: a card that keeps in step, then one that says what was read, then one that can ring. */
const rankOf = (platform: ChatPlatform | undefined): number => {
  if (!platform) return 99
  const { update, receipts, ring } = platform.can
  return byUses[update.uses] * 4 + (receipts === 'read' ? 0 : 2) + (ring ? 0 : 1)
}

/** Connections whose platform has asked us to wait. Everybody but the urgent waits with the one who was told. */
export type Pauses = {
  readonly note: (connection: string, error: DeliveryError) => void
  /** Until when; null when calls may be made. */
  readonly until: (connection: string) => Date | null
}

export const createPauses = (clock: Clock): Pauses => {
  const until = new Map<string, Date>()
  return {
    note: (connection, { kind, scope, retryAfter }) => {
      if (kind === 'temporary' && scope === 'connection' && retryAfter !== null)
        until.set(connection, later(clock.now(), retryAfter))
    },
    until: (connection) => {
      const end = until.get(connection)
      if (!end || end.getTime() > clock.now().getTime()) return end ?? null
      until.delete(connection)
      return null
    },
  }
}

type Seen = AccountRef & { readonly at: number }

/** Where the person was last seen first; between accounts never seen, or at the same instant, the better platform first. Pure. */
export const inOrder = (
  accounts: readonly AccountRef[],
  seen: readonly Seen[],
  platforms: ReadonlyMap<string, ChatPlatform>,
): readonly Address[] => {
  const lastSeen = ({ connection, account }: AccountRef): number =>
    seen.find((one) => one.connection === connection && one.account === account)?.at ?? 0
  const shared = (connection: string): boolean => accounts.filter((one) => one.connection === connection).length > 1
  return [...accounts]
    .sort(
      (a, b) =>
        lastSeen(b) - lastSeen(a) || rankOf(platforms.get(a.connection)) - rankOf(platforms.get(b.connection)) || byName(a, b),
    )
    .map(({ connection, account }) => ({
      connection,
      account,
      mark: shared(connection) ? `-${sha256(account).slice(0, 8)}` : '',
    }))
}

const byName = (a: AccountRef, b: AccountRef): number =>
  `${a.connection}\n${a.account}` < `${b.connection}\n${b.account}` ? -1 : 1

/** When each account of these was last seen, to the hour. Asked only about people with several accounts. */
export const lastSeenOf = async (handle: Handle, site: string, person: string): Promise<readonly Seen[]> => {
  const rows = await handle
    .selectFrom('account')
    .select(['connection', 'account', 'seen_at'])
    .where('site', '=', site)
    .where('person', '=', person)
    .execute()
  return rows.map(({ connection, account, seen_at }) => ({ connection, account, at: seen_at?.getTime() ?? 0 }))
}

/** The `n`-th account first, counted from 1, for a reminder that should come by another way than the one before; the others stay behind it as its way out. */
export const startingAt = (accounts: readonly Address[], n: number): readonly Address[] => {
  if (!(n > 1) || accounts.length < 2) return accounts
  const first = (Math.floor(n) - 1) % accounts.length
  return [...accounts.slice(first), ...accounts.slice(0, first)]
}

/** Has this account failed so long, or asks it to wait so long, that the notice goes to the next one as well? */
export const givesWay = (effect: EffectRow, tried: Pick<Try, 'dueAt'>, at: Date): boolean => {
  const since = effect.first_tried_at === null ? at.getTime() : new Date(effect.first_tried_at).getTime()
  const next = tried.dueAt?.getTime() ?? at.getTime()
  if (!effect.urgent) return at.getTime() - since >= patience
  return effect.attempts > 0 || next - since >= urgentPatience
}

/**
 * The outcome of a notice from what its accounts came to, in their order: the first that took it, else the one that is tried again soonest, else the last.
 * The others are kept for the ledger. Pure; `tries` is never empty.
 */
export const settledBy = (tries: readonly Try[]): Try & Pick<Attempt, 'passedOver'> => {
  const waiting = tries.filter(({ outcome }) => outcome === 'retry')
  const soonest = waiting.reduce<Try | undefined>(
    (best, one) => (best?.dueAt && one.dueAt && best.dueAt.getTime() <= one.dueAt.getTime() ? best : one),
    undefined,
  )
  const last = tries[tries.length - 1] as Try
  const chosen = last.outcome === 'done' || last.outcome === 'dropped' ? last : (soonest ?? last)
  const maybeSent = chosen.maybeSent || tries.some((one) => one.maybeSent)
  return { ...chosen, maybeSent, passedOver: tries.filter((one) => one !== chosen) }
}
