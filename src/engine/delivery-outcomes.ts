import { DeliveryError } from '../bots/platform.ts'
import { later, type Millis, minutes, seconds } from '../lib/clock.ts'
import { newId } from '../lib/id.ts'
import type { AccountRef } from '../workflows/workflow.ts'
import type { AlertBudget } from './alert-budget.ts'
import type { Arrival, Outcome } from './arrival.ts'
import type { Pauses } from './delivery.ts'
import type { Attempt, EffectRow } from './outbox-rows.ts'
import type { SenderTools } from './senders.ts'

export type AttemptTools = SenderTools & {
  readonly enqueue: (queue: string, key: string, payload: object) => Promise<void>
  readonly decide: (arrival: Arrival) => Promise<Pick<Outcome, 'kind'>>
  readonly alerts: AlertBudget
  readonly pauses: Pauses
}

export type Result = Omit<Attempt, 'effect' | 'attempt' | 'at'>
export const nowhere = {
  connection: '',
  account: '',
  message: null,
  lost: null,
  detail: null,
  dueAt: null,
  card: null,
  maybeSent: false,
} as const

/** The database could not take it now: nothing was decided, and whoever asked must ask again. */
export const unheard = ({ kind }: Pick<Outcome, 'kind'>): boolean => kind === 'busy' || kind === 'undecided'

/** Grows to five minutes whatever the platform asks for: "in a second" said for an hour must not become thousands of calls. */
export const backOff = (attempt: number, asked: Millis | null = null): Millis =>
  Math.max(asked ?? 0, Math.min(minutes(5), seconds(2) * 2 ** Math.min(attempt, 8)))

type Where = { readonly connection: string; readonly account: string }

export const retry = (where: Where, detail: string, wait: Millis, maybeSent: boolean, { parts }: AttemptTools): Result => ({
  ...nowhere,
  ...where,
  outcome: 'retry',
  detail,
  dueAt: later(parts.clock.now(), wait),
  maybeSent,
})

export const unrecorded = (effect: EffectRow, options: AttemptTools): Result =>
  retry(nowhere, 'not-recorded', backOff(effect.attempts), effect.maybe_sent, options)

export type SentCard = {
  readonly message: string
  readonly recallBy?: string
  readonly conversation: string | null
  readonly handle: object | null
  readonly lost: readonly object[]
}

/** Sends, and says what came of it. Throws only what is no DeliveryError. */
export const tried = async (
  effect: EffectRow,
  to: AccountRef,
  options: AttemptTools,
  send: () => Promise<SentCard & { drawn?: { hash: string; revision: number; complete: boolean }; person?: string | null }>,
): Promise<Result> => {
  try {
    const sent = await send()
    const lost = sent.lost.length > 0 ? JSON.stringify(sent.lost) : null
    const card = sent.drawn ? liveCard(effect, to, sent, sent.drawn, sent.person ?? null, options) : null
    const watch = mustArrive(effect, to, options) ? ({ watch: true } as const) : {}
    return { ...nowhere, ...to, outcome: 'done', message: sent.recallBy ?? sent.message, lost, card, ...watch }
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error
    options.pauses.note(to.connection, error)
    if (error.kind === 'permanent') return permanent(effect, to, error, options)
    return retry(
      to,
      error.because,
      backOff(effect.attempts, error.retryAfter),
      effect.maybe_sent || error.kind === 'ambiguous',
      options,
    )
  }
}

/** What rings, and urgent words, are looked for afterwards where the platform tells what was read. */
const mustArrive = ({ urgent, kind, payload, conversation }: EffectRow, to: AccountRef, { parts }: AttemptTools): boolean => {
  if (!urgent || conversation !== null) return false
  const receipts = parts.platforms.get(to.connection)?.can.receipts ?? 'none'
  return kind === 'text' ? receipts !== 'none' : receipts === 'read' && payload.includes('"ring":true')
}

const liveCard = (
  effect: EffectRow,
  to: AccountRef,
  sent: SentCard,
  drawn: { hash: string; revision: number; complete: boolean },
  person: string | null,
  { parts }: AttemptTools,
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
const permanent = async (effect: EffectRow, to: AccountRef, error: DeliveryError, options: AttemptTools): Promise<Result> => {
  if (error.scope === 'connection')
    return retry(to, error.because, backOff(effect.attempts, error.retryAfter ?? minutes(1)), effect.maybe_sent, options)
  if (error.scope === 'account') await markDead(to, options)
  return { ...nowhere, ...to, outcome: 'dead', detail: error.because }
}

const markDead = async ({ connection, account }: AccountRef, { parts }: AttemptTools): Promise<void> => {
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
