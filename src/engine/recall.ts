import { sql } from 'kysely'
import { type CardHandle, type ChatPlatform, DeliveryError } from '../bots/platform.ts'
import type { Card } from '../cards/card.ts'
import { deliveryText } from '../cards/text/delivery.ts'
import { later, type Millis, seconds } from '../lib/clock.ts'
import { type AttemptTools, backOff, nowhere, type Result } from './delivery-outcomes.ts'
import type { Gates } from './delivery-send.ts'
import type { EffectRow } from './outbox-rows.ts'

/** What the ledger says of a notice that has left its chat, or never came there. */
const mark = 'taken back'
/** A repaint that was under way has ended by then: calls end within ten seconds. */
const repaintWithin: Millis = seconds(12)

/** What hangs in a chat and is to leave it: a message, and the card that follows the case if it is one. */
type Hanging = {
  readonly effect: string
  readonly connection: string
  readonly account: string
  readonly message: string
  readonly card: string | null
  readonly handle: string | null
}

/** What became of one message. `dead`: it still hangs there, and `why` says what keeps it. */
type Taken = { readonly outcome: 'done' | 'retry' | 'dead'; readonly why: string; readonly wait: Millis }

/** A card that says nothing any more, for where no message can be taken back. */
const emptied: Card = {
  tone: 'neutral',
  title: deliveryText.emptied.title,
  subtitle: '',
  facts: [],
  body: deliveryText.emptied.body,
  pictures: [],
  form: [],
  actions: [],
  summary: deliveryText.emptied.title,
  page: null,
  note: '',
}

/** Whose notices of this case are meant, as a condition on an effect `e`: those of one person by whichever account, of one account, or all. */
const meant = ({ person, connection, account }: EffectRow) => {
  if (person !== null)
    return sql`(e.person = ${person} or exists (select 1 from account a
      where a.connection = e.connection and a.account = e.account and a.person = ${person}))`
  return account === null ? sql`true` : sql`(e.connection = ${connection} and e.account = ${account})`
}

const earlier = ({ site, subject, revision }: EffectRow) =>
  sql`e.site = ${site} and e.subject = ${subject} and e.revision < ${revision}::int and e.kind in ('card', 'text', 'plainCard', 'broadcast', 'bulk')`

/**
 * Nothing more comes after this: what waits is dropped, what stands in a digest is struck out, and cards follow their case no longer. What may have been sent
 * already is left to its own tries, which find out: `open` says that there is such a thing, or that a repaint is on its way.
 */
const holdBack = async (
  effect: EffectRow,
  { parts: { database, clock } }: AttemptTools,
): Promise<{ open: boolean; repainting: boolean }> =>
  database.db.transaction().execute(async (tx) => {
    const now = clock.now().toISOString()
    await sql`update effect e set state = 'dropped', error = ${mark}, done_at = ${now}::timestamptz
      where ${earlier(effect)} and ${meant(effect)} and e.state = 'waiting' and not e.maybe_sent`.execute(tx)
    await sql`delete from collapsed e where e.site = ${effect.site} and e.subject = ${effect.subject}
      and (${effect.account === null && effect.person === null} or e.person = ${effect.person})`.execute(tx)
    const cards = await sql<{ repainting: boolean }>`with old as (select e.site, e.id, e.lease_owner from live_card e
        where e.site = ${effect.site} and e.subject = ${effect.subject} and e.state in ('live', 'spent') and ${meant(effect)}
          and not exists (select 1 from effect n where n.site = e.site and n.id = e.effect and n.revision >= ${effect.revision}::int)
        order by e.id for update)
      update live_card c set state = 'gone', lease_owner = null from old where c.site = old.site and c.id = old.id
      returning old.lease_owner is not null as repainting`.execute(tx)
    const open = await sql`select 1 from effect e where ${earlier(effect)} and ${meant(effect)}
      and (e.state = 'leased' or (e.state = 'waiting' and e.maybe_sent)) limit 1`.execute(tx)
    return { open: open.rows.length > 0, repainting: cards.rows.some(({ repainting }) => repainting) }
  })

/** What the ledger says hangs there and no earlier try has taken. What went to many in one message leaves them all together, or not at all. */
const hangingOf = async (effect: EffectRow, { parts: { database } }: AttemptTools): Promise<readonly Hanging[]> => {
  const all = effect.person === null && effect.account === null
  const whose =
    effect.person === null
      ? sql`(${all} or (d.connection = ${effect.connection} and d.account = ${effect.account}))`
      : sql`(e.person = ${effect.person} or exists (select 1 from account a
          where a.connection = d.connection and a.account = d.account and a.person = ${effect.person}))`
  const { rows } = await sql<Hanging>`select e.id as effect, d.connection, d.account, d.message, c.message as card, c.handle
    from effect e join delivery d on d.site = e.site and d.effect = e.id and d.outcome = 'done' and d.message is not null
      left join live_card c on c.site = e.site and c.effect = e.id and c.connection = d.connection and c.account = d.account
    where ${earlier(effect)} and (${all} or e.kind <> 'bulk') and ${whose}
      and e.error is distinct from ${mark}
    order by d.connection, d.account, d.at, d.message`.execute(database.db)
  return rows
}

const fault = (error: DeliveryError, attempts: number): Taken =>
  error.kind === 'permanent' && error.scope !== 'connection'
    ? { outcome: 'dead', why: error.because, wait: 0 }
    : { outcome: 'retry', why: error.because, wait: backOff(attempts, error.retryAfter) }

/** Codes that say that it hangs there no more. */
const left: ReadonlySet<string> = new Set(['gone', 'card-gone'])

const attempted = async (work: () => Promise<unknown>, done: string, attempts: number): Promise<Taken> => {
  try {
    await work()
    return { outcome: 'done', why: done, wait: 0 }
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error
    return left.has(error.because) ? { outcome: 'done', why: 'gone already', wait: 0 } : fault(error, attempts)
  }
}

/** Takes one message back; where the platform's time for that is over, an updatable card is emptied instead. */
const takeOne = async (
  { message, card, handle }: Hanging,
  platform: ChatPlatform,
  { attempts, repainting }: { readonly attempts: number; readonly repainting: boolean },
): Promise<Taken> => {
  const taken = await attempted(() => platform.recall(message), mark, attempts)
  if (taken.outcome !== 'dead' || card === null || handle === null || platform.can.update.uses === 'never') return taken
  // A repaint that is on its way must not come after the emptied card.
  if (repainting) return { outcome: 'retry', why: 'being repainted', wait: repaintWithin }
  const cleared = await attempted(() => platform.update(card, JSON.parse(handle) as CardHandle, emptied), 'emptied', attempts)
  return cleared.outcome === 'dead' ? taken : cleared
}

/** A notice whose every message has left is marked, so that no later try looks for it, and its line in the ledger tells. */
const noteTaken = async (
  effect: EffectRow,
  results: readonly (readonly [Hanging, Taken])[],
  { parts: { database } }: AttemptTools,
): Promise<void> => {
  const left = new Set(results.flatMap(([{ effect: id }, { outcome }]) => (outcome === 'done' ? [] : [id])))
  const gone = [...new Set(results.map(([one]) => one.effect))].filter((id) => !left.has(id)).sort()
  if (gone.length === 0) return
  await sql`update effect e set error = ${mark} where e.site = ${effect.site} and e.state = 'done'
    and e.id = any(array(select json_array_elements_text(${JSON.stringify(gone)}::json)))`.execute(database.db)
}

type Line = NonNullable<Result['passedOver']>[number]
const weight: Readonly<Record<Taken['outcome'], number>> = { done: 0, dead: 1, retry: 2 }
const worst = (all: readonly Taken[]): Taken | undefined =>
  all.reduce<Taken | undefined>((most, one) => (most && weight[most.outcome] >= weight[one.outcome] ? most : one), undefined)

/** One line of the ledger for each account, however many messages hung there. */
const linesOf = (results: readonly (readonly [Hanging, Taken])[]): readonly Line[] => {
  const accounts = Map.groupBy(results, ([{ connection, account }]) => `${connection}\n${account}`)
  return [...accounts.values()].flatMap((some) => {
    const found = worst(some.map(([, taken]) => taken))
    const [first] = some
    if (!found || !first) return []
    const [{ connection, account, message }] = first
    const detail = some.length > 1 ? `${found.why}, ${some.length} messages` : found.why
    return [
      { connection, account, outcome: found.outcome, message: found.outcome === 'done' ? message : null, lost: null, detail },
    ]
  })
}

/** What cannot be taken back is for people to hear of: the operators are alarmed, once. */
const alarm = async (
  effect: EffectRow,
  because: string,
  { parts: { log, count, database, clock } }: AttemptTools,
): Promise<void> => {
  count('alarm')
  log.error('a message could not be taken back', { effect: effect.id, subject: effect.subject, because })
  const at = clock.now()
  const vals = JSON.stringify({ subject: effect.subject, because })
  await database.db
    .insertInto('alarm')
    .values({ site: effect.site, id: `${effect.id}-recall`, because: 'not-taken-back', vals, at })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

const settled = async (
  effect: EffectRow,
  results: readonly (readonly [Hanging, Taken])[],
  open: boolean,
  options: AttemptTools,
): Promise<Result> => {
  const passedOver = linesOf(results)
  const waits = results.flatMap(([, { outcome, wait }]) => (outcome === 'retry' ? [wait] : []))
  if (open || waits.length > 0) {
    const wait = Math.max(backOff(effect.attempts), ...waits)
    return { ...nowhere, outcome: 'retry', detail: null, dueAt: later(options.parts.clock.now(), wait), passedOver }
  }
  const dead = results.find(([, { outcome }]) => outcome === 'dead')
  if (dead) await alarm(effect, dead[1].why, options)
  if (results.length === 0 && effect.attempts === 0) return { ...nowhere, outcome: 'dropped', detail: 'nothing to take back' }
  return { ...nowhere, outcome: dead ? 'dead' : 'done', detail: dead ? dead[1].why : null, passedOver }
}

/**
 * One try at taking back what earlier decisions about a case have sent. It ends when nothing is left that hangs or may hang there. Throws only what is no
 * DeliveryError.
 */
export const takeBack = async (effect: EffectRow, options: AttemptTools, gateFor: Gates): Promise<Result> => {
  const { open, repainting } = await holdBack(effect, options)
  const results: (readonly [Hanging, Taken])[] = []
  const seen = new Map<string, Taken>()
  for (const one of await hangingOf(effect, options)) {
    const platform = options.parts.platforms.get(one.connection)
    const key = `${one.connection}\n${one.message}`
    const known = seen.get(key)
    const taken =
      known ??
      (platform
        ? await gateFor(one.connection)(() => takeOne(one, platform, { attempts: effect.attempts, repainting }))
        : ({ outcome: 'dead', why: 'no-such-connection', wait: 0 } as const))
    seen.set(key, taken)
    results.push([one, taken])
  }
  await noteTaken(effect, results, options)
  return settled(effect, results, open, options)
}
