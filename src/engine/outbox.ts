import { setTimeout as sleep } from 'node:timers/promises'
import { DeliveryError } from '../bots/platform.ts'
import type { Card } from '../cards/card.ts'
import { createBatcher, createGate } from '../lib/batcher.ts'
import { inZone, later, type Millis, minutes, seconds } from '../lib/clock.ts'
import { newId } from '../lib/id.ts'
import type { AccountRef } from '../workflows/workflow.ts'
import type { Arrival } from './arrival.ts'
import type { EffectKind } from './effects.ts'
import { type Attempt, claimEffects, type EffectRow, heldBy, settleAttempts } from './outbox-rows.ts'
import { accountsFor, drawFor, type SenderTools, sendParcel } from './senders.ts'

export type OutboxOptions = SenderTools & {
  readonly replica: string
  /** What this runtime can perform; everything when left out. */
  readonly kinds?: readonly EffectKind[]
  readonly enqueue: (queue: string, key: string, payload: object) => Promise<void>
  readonly decide: (arrival: Arrival) => Promise<unknown>
  /** Cards that are behind already when they are put up. */
  readonly behind: (cards: readonly { site: string; id: string; subject: string }[]) => void
}

export type Outbox = {
  /** Performs effects that this replica holds already. */
  readonly perform: (effects: readonly EffectRow[]) => void
  /** Looks for due effects of anybody; the tick and the wake-up call. Gives how many it took. */
  readonly sweep: () => Promise<number>
  /** Takes up what the table says is this replica's although it knows nothing of it. For a slow tick. */
  readonly adopt: () => Promise<number>
  readonly underWay: () => number
  readonly idle: () => Promise<void>
}

/** Grows to five minutes whatever the platform asks for: "in a second" said for an hour must not become thousands of calls. */
const backOff = (attempt: number, asked: Millis | null = null): Millis =>
  Math.max(asked ?? 0, Math.min(minutes(5), seconds(2) * 2 ** Math.min(attempt, 8)))

type Result = Omit<Attempt, 'effect' | 'attempt' | 'at'>
const nowhere = {
  connection: '',
  account: '',
  message: null,
  lost: null,
  detail: null,
  dueAt: null,
  card: null,
  maybeSent: false,
} as const

/** Performs effects at least once and, where the platform has a once-key, visibly once. Sends outside any transaction; outcomes are settled in groups. */
export const createOutbox = (options: OutboxOptions): Outbox => {
  const { parts, replica } = options
  const gates = new Map<string, ReturnType<typeof createGate>>()
  const gateFor = (connection: string) => {
    let gate = gates.get(connection)
    if (!gate) {
      gate = createGate(16)
      gates.set(connection, gate)
    }
    return gate
  }
  const idlers: (() => void)[] = []
  const inHand = new Set<string>()
  let suspects = new Set<string>()
  let underWay = 0

  const settle = createBatcher<Attempt, null>(async (attempts) => {
    const behind = await parts.database.db.transaction().execute((tx) => settleAttempts(tx, attempts, replica))
    if (behind.length > 0) options.behind(behind)
    return attempts.map(() => null)
  }, 64)

  /** What was sent must be written down, or it would be sent again: tried until the database takes it, as long as this process lives. */
  const settleSurely = async (made: Attempt): Promise<void> => {
    for (let tries = 0; ; tries += 1) {
      try {
        await settle(made)
        return
      } catch (error) {
        parts.log.warn('the outcome of an effect could not be written yet', {
          effect: made.effect.id,
          tries,
          error: String(error),
        })
        await sleep(Math.min(5_000, 100 * 2 ** tries))
      }
    }
  }

  /**
   * Effects that the table says are this replica's but that it knows nothing of: the answer to a commit got lost. Adopted when two looks in a row find
   * them, so that one which is just being handed over is left alone.
   */
  const adopt = async (): Promise<number> => {
    const unknown = (await heldBy(parts.database.db, replica)).filter(({ id }) => !inHand.has(id))
    const certain = unknown.filter(({ id }) => suspects.has(id)).map((effect) => ({ ...effect, maybe_sent: true }))
    suspects = new Set(unknown.map(({ id }) => id))
    perform(certain)
    return certain.length
  }

  const one = async (effect: EffectRow): Promise<void> => {
    const result = await attempt(effect, options, gateFor)
    await settleSurely({ effect, attempt: effect.attempts + 1, at: parts.clock.now(), ...result })
    parts.count(
      result.outcome === 'done' ? 'delivered' : result.outcome === 'dead' ? 'dead-letter' : 'delivery-failed',
      result.outcome === 'dropped' ? 0 : 1,
    )
  }

  const perform = (effects: readonly EffectRow[]): void => {
    underWay += effects.length
    for (const effect of effects) {
      inHand.add(effect.id)
      one(effect)
        .catch((error: unknown) =>
          parts.log.error('an effect could not be settled', {
            effect: effect.id,
            error: error instanceof Error ? error.stack : String(error),
          }),
        )
        .finally(() => {
          underWay -= 1
          inHand.delete(effect.id)
          if (underWay === 0) for (const idle of idlers.splice(0)) idle()
        })
    }
  }

  return {
    perform,
    sweep: async () => {
      const room = 256 - underWay
      if (room <= 0) return 0
      const effects = await claimEffects(parts.database.db, replica, parts.clock.now(), Math.min(room, 128), options.kinds)
      perform(effects)
      return effects.length
    },
    adopt,
    underWay: () => underWay,
    idle: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
  }
}

type Gates = (connection: string) => ReturnType<typeof createGate>

const attempt = async (effect: EffectRow, options: OutboxOptions, gateFor: Gates): Promise<Result> => {
  try {
    if (effect.kind === 'job' || effect.kind === 'command') return await inside(effect, options)
    return await outside(effect, options, gateFor)
  } catch (error) {
    if (!(error instanceof DeliveryError)) {
      options.parts.log.error('an effect failed unexpectedly', {
        effect: effect.id,
        error: error instanceof Error ? error.stack : String(error),
      })
      return retry(effect, nowhere, 'unexpected', backOff(effect.attempts), effect.maybe_sent, options)
    }
    return retry(
      effect,
      nowhere,
      error.because,
      backOff(effect.attempts, error.retryAfter),
      effect.maybe_sent || error.kind === 'ambiguous',
      options,
    )
  }
}

const retry = (
  _: EffectRow,
  where: { readonly connection: string; readonly account: string },
  detail: string,
  wait: Millis,
  maybeSent: boolean,
  { parts }: OutboxOptions,
): Result => ({ ...nowhere, ...where, outcome: 'retry', detail, dueAt: later(parts.clock.now(), wait), maybeSent })

/** Jobs go to pg-boss, commands to other subjects through the inbox; both under keys that make them once. */
const inside = async (effect: EffectRow, options: OutboxOptions): Promise<Result> => {
  const payload = JSON.parse(effect.payload) as {
    queue: string
    key: string
    payload: object
    workflow: string
    subject: string
    command: { type: string }
  }
  if (effect.kind === 'job') await options.enqueue(payload.queue, payload.key, payload.payload)
  else
    await options.decide({
      source: 'system',
      site: effect.site,
      key: payload.key,
      subject: payload.subject,
      workflow: payload.workflow,
      command: payload.command,
    })
  return { ...nowhere, outcome: 'done' }
}

type CardPayload = { readonly duty?: string | null; readonly ring?: boolean; readonly card?: Card; readonly text?: string }

const outside = async (effect: EffectRow, options: OutboxOptions, gateFor: Gates): Promise<Result> => {
  const payload = JSON.parse(effect.payload) as CardPayload
  const on = effect.subject === '' ? null : await options.subjectOf(effect.subject, effect.revision)
  const duty = payload.duty ?? null
  if (effect.kind === 'card' && on?.state) {
    const reader = {
      person: effect.person,
      account: effect.connection && effect.account ? { connection: effect.connection, account: effect.account } : null,
    }
    if (duty !== null && !on.registered.workflow.stillDue(on.state, reader, duty))
      return { ...nowhere, outcome: 'dropped', detail: 'overtaken' }
  }
  if (effect.conversation !== null && effect.connection !== null) return toGroup(effect, payload, options, gateFor)
  const accounts = await accountsFor(effect, options)
  let last: Result = { ...nowhere, outcome: 'dead', detail: 'no-account' }
  for (const account of accounts) {
    last = await gateFor(account.connection)(() => toAccount(effect, account, payload, options))
    if (last.outcome !== 'dead') return last
  }
  await unreachable(effect, duty, last.detail ?? 'no-account', options)
  return last
}

const toGroup = async (effect: EffectRow, payload: CardPayload, options: OutboxOptions, gateFor: Gates): Promise<Result> => {
  const to = { connection: effect.connection ?? '', account: '' }
  const what = payload.card
    ? ({ kind: 'card', card: payload.card } as const)
    : ({ kind: 'text', text: payload.text ?? '' } as const)
  return gateFor(to.connection)(() =>
    tried(effect, to, options, () => sendParcel(effect, { to, group: effect.conversation, what, drawn: null }, options)),
  )
}

const toAccount = async (effect: EffectRow, to: AccountRef, payload: CardPayload, options: OutboxOptions): Promise<Result> => {
  if (effect.kind !== 'card') {
    const what = payload.card
      ? ({ kind: 'card', card: payload.card } as const)
      : ({ kind: 'text', text: await dated(effect, payload.text ?? '', options) } as const)
    return tried(effect, to, options, () => sendParcel(effect, { to, group: null, what, drawn: null }, options))
  }
  const on = await options.subjectOf(effect.subject, effect.revision)
  const person = effect.person ?? (await options.plantOf(effect.site)).personOf(to)?.id ?? null
  const drawn = on ? await drawFor(on, { person, account: to }, options) : null
  if (!drawn) return { ...nowhere, ...to, outcome: 'dropped', detail: 'nothing to show' }
  return tried(effect, to, options, async () => {
    const sent = await sendParcel(effect, { to, group: null, what: { kind: 'card', card: drawn.card }, drawn }, options)
    if (payload.ring === true) await ring(to, sent.message, drawn.card.summary, options)
    return { ...sent, drawn, person }
  })
}

/** Platforms drop a text that repeats an earlier one, so each says when it was written; a retry of the same effect says the same. */
const dated = async (effect: EffectRow, text: string, options: OutboxOptions): Promise<string> => {
  const { plant } = await options.plantOf(effect.site)
  return `${text}（${inZone(new Date(effect.created_at), plant.timeZone).time}）`
}

/** Ringing is an extra: the card is there, so a failure to ring is logged and changes nothing. */
const ring = async (to: AccountRef, message: string, words: string, { parts }: OutboxOptions): Promise<void> => {
  const platform = parts.platforms.get(to.connection)
  if (!platform?.can.ring) return
  try {
    await platform.ring(to.account, message, words)
  } catch (error) {
    parts.log.warn('a card was delivered but could not ring', {
      connection: to.connection,
      error: error instanceof DeliveryError ? error.because : 'unexpected',
    })
  }
}

type SentCard = {
  readonly message: string
  readonly conversation: string | null
  readonly handle: object | null
  readonly lost: readonly object[]
}

const tried = async (
  effect: EffectRow,
  to: AccountRef,
  options: OutboxOptions,
  send: () => Promise<SentCard & { drawn?: { hash: string; revision: number; complete: boolean }; person?: string | null }>,
): Promise<Result> => {
  try {
    const sent = await send()
    const lost = sent.lost.length > 0 ? JSON.stringify(sent.lost) : null
    const card = sent.drawn ? liveCard(effect, to, sent, sent.drawn, sent.person ?? null, options) : null
    return { ...nowhere, ...to, outcome: 'done', message: sent.message, lost, card }
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error
    if (error.kind === 'permanent') return permanent(effect, to, error, options)
    return retry(
      effect,
      to,
      error.because,
      backOff(effect.attempts, error.retryAfter),
      effect.maybe_sent || error.kind === 'ambiguous',
      options,
    )
  }
}

const liveCard = (
  effect: EffectRow,
  to: AccountRef,
  sent: SentCard,
  drawn: { hash: string; revision: number; complete: boolean },
  person: string | null,
  { parts }: OutboxOptions,
): Attempt['card'] => ({
  id: newId('crd', parts.clock.now()),
  subject: effect.subject,
  person,
  ...to,
  conversation: sent.conversation,
  message: sent.message,
  handle: sent.handle ? JSON.stringify(sent.handle) : null,
  drawn_rev: drawn.revision,
  drawn_hash: drawn.hash,
})

/** What is wrong with the whole connection is not the person's fault: it is retried, because somebody will repair it. */
const permanent = async (effect: EffectRow, to: AccountRef, error: DeliveryError, options: OutboxOptions): Promise<Result> => {
  if (error.scope === 'connection')
    return retry(effect, to, error.because, backOff(effect.attempts, error.retryAfter ?? minutes(1)), effect.maybe_sent, options)
  if (error.scope === 'account') await markDead(to, options)
  return { ...nowhere, ...to, outcome: 'dead', detail: error.because }
}

const markDead = async ({ connection, account }: AccountRef, { parts }: OutboxOptions): Promise<void> => {
  await parts.database.db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('account')
      .set({ state: 'dead' })
      .where('connection', '=', connection)
      .where('account', '=', account)
      .where('state', '=', 'active')
      .returning('site')
      .executeTakeFirst()
    if (row)
      await tx
        .updateTable('site')
        .set((site) => ({ revision: site('revision', '+', 1) }))
        .where('id', '=', row.site)
        .execute()
  })
}

/** A notice that nobody can be given is a fact of its case: the workflow climbs, the operators hear of it. */
const unreachable = async (effect: EffectRow, duty: string | null, because: string, options: OutboxOptions): Promise<void> => {
  options.parts.count('alarm')
  options.parts.log.error('somebody cannot be reached', { effect: effect.id, person: effect.person, because })
  const on = effect.subject === '' ? null : await options.subjectOf(effect.subject)
  if (!on) return
  const command = { type: 'reportUnreachable', person: effect.person ?? effect.account ?? '', duty: duty ?? '' }
  await options.decide({
    source: 'system',
    site: effect.site,
    key: `unreachable:${effect.id}`,
    subject: effect.subject,
    workflow: on.registered.workflow.name,
    command,
  })
}
