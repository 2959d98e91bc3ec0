import { DeliveryError } from '../bots/platform.ts'
import type { Card } from '../cards/card.ts'
import type { createGate } from '../lib/batcher.ts'
import { inZone, later, type Millis, minutes, seconds } from '../lib/clock.ts'
import { newId } from '../lib/id.ts'
import type { AccountRef } from '../workflows/workflow.ts'
import type { Arrival, Outcome } from './arrival.ts'
import type { Attempt, EffectRow } from './outbox-rows.ts'
import { accountsFor, drawFor, type SenderTools, sendParcel } from './senders.ts'

export type AttemptTools = SenderTools & {
  readonly enqueue: (queue: string, key: string, payload: object) => Promise<void>
  readonly decide: (arrival: Arrival) => Promise<Pick<Outcome, 'kind'>>
}

/** The database could not take it now: nothing was decided, and whoever asked must ask again. */
const unheard = ({ kind }: Pick<Outcome, 'kind'>): boolean => kind === 'busy' || kind === 'undecided'

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

export type Gates = (connection: string) => ReturnType<typeof createGate>

/** One try at one effect. Never rejects: whatever goes wrong is an outcome. */
export const attempt = async (effect: EffectRow, options: AttemptTools, gateFor: Gates): Promise<Result> => {
  try {
    if (effect.kind === 'job' || effect.kind === 'command') return await inside(effect, options)
    if (effect.kind === 'callOut') return await callOut(effect, options)
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
  { parts }: AttemptTools,
): Result => ({ ...nowhere, ...where, outcome: 'retry', detail, dueAt: later(parts.clock.now(), wait), maybeSent })

const unrecorded = (effect: EffectRow, options: AttemptTools): Result =>
  retry(effect, nowhere, 'not-recorded', backOff(effect.attempts), effect.maybe_sent, options)

/** Jobs go to pg-boss, commands to other subjects through the inbox; both under keys that make them once. */
const inside = async (effect: EffectRow, options: AttemptTools): Promise<Result> => {
  const payload = JSON.parse(effect.payload) as {
    queue: string
    key: string
    payload: object
    workflow: string
    subject: string
    command: { type: string }
  }
  if (effect.kind === 'job') {
    await options.enqueue(payload.queue, payload.key, payload.payload)
    return { ...nowhere, outcome: 'done' }
  }
  const outcome = await options.decide({
    source: 'system',
    site: effect.site,
    key: payload.key,
    subject: payload.subject,
    workflow: payload.workflow,
    command: payload.command,
  })
  return unheard(outcome) ? unrecorded(effect, options) : { ...nowhere, outcome: 'done' }
}

/** A signed call to a system outside: a line of the ledger under `call:<target>`. */
const callOut = async (effect: EffectRow, options: AttemptTools): Promise<Result> => {
  const { target, event, body } = JSON.parse(effect.payload) as { target: string; event: string; body: object }
  const to = { connection: `call:${target}`, account: '' }
  return tried(effect, to, options, async () => {
    const created = new Date(effect.created_at).toISOString()
    const receipt = await options.parts.callOut({ target, event, key: effect.id, at: created, subject: effect.subject, body })
    return { message: receipt, conversation: null, handle: null, lost: [] }
  })
}

type CardPayload = {
  readonly duty?: string | null
  readonly ring?: boolean
  readonly card?: Card
  readonly text?: string
  /** Its duty is over, but the card may hang there already: the same once-key finds it, so that it follows its case. */
  readonly overtaken?: boolean
}

/** Would sending again under the same once-key give the message that an earlier attempt may have shown? */
const findsTheSame = (effect: EffectRow, to: AccountRef, { parts }: AttemptTools): boolean => {
  const key = parts.platforms.get(to.connection)?.can.onceKey
  if (!effect.maybe_sent || !key || effect.first_tried_at === null) return false
  return parts.clock.now().getTime() - new Date(effect.first_tried_at).getTime() < key.life
}

const outside = async (effect: EffectRow, options: AttemptTools, gateFor: Gates): Promise<Result> => {
  const payload = JSON.parse(effect.payload) as CardPayload
  const on = effect.subject === '' ? null : await options.subjectOf(effect.subject, effect.revision)
  const duty = payload.duty ?? null
  const reader = {
    person: effect.person,
    account: effect.connection && effect.account ? { connection: effect.connection, account: effect.account } : null,
  }
  const overtaken =
    effect.kind === 'card' && duty !== null && on?.state ? !on.registered.workflow.stillDue(on.state, reader, duty) : false
  if (overtaken && !effect.maybe_sent) return { ...nowhere, outcome: 'dropped', detail: 'overtaken' }
  if (effect.conversation !== null && effect.connection !== null) return toGroup(effect, payload, options, gateFor)
  const accounts = await accountsFor(effect, options)
  let last: Result = { ...nowhere, outcome: 'dead', detail: 'no-account' }
  for (const account of accounts) {
    last = await gateFor(account.connection)(() => toAccount(effect, account, { ...payload, overtaken }, options))
    if (last.outcome !== 'dead') return last
  }
  if (overtaken) return last
  return (await unreachable(effect, duty, last.detail ?? 'no-account', options)) ? last : unrecorded(effect, options)
}

const toGroup = async (effect: EffectRow, payload: CardPayload, options: AttemptTools, gateFor: Gates): Promise<Result> => {
  const to = { connection: effect.connection ?? '', account: '' }
  const what = payload.card
    ? ({ kind: 'card', card: payload.card } as const)
    : ({ kind: 'text', text: payload.text ?? '' } as const)
  return gateFor(to.connection)(() =>
    tried(effect, to, options, () => sendParcel(effect, { to, group: effect.conversation, what, drawn: null }, options)),
  )
}

const toAccount = async (effect: EffectRow, to: AccountRef, payload: CardPayload, options: AttemptTools): Promise<Result> => {
  if (effect.kind !== 'card') {
    const what = payload.card
      ? ({ kind: 'card', card: payload.card } as const)
      : ({ kind: 'text', text: await dated(effect, payload.text ?? '', options) } as const)
    return tried(effect, to, options, () => sendParcel(effect, { to, group: null, what, drawn: null }, options))
  }
  if (payload.overtaken && !findsTheSame(effect, to, options))
    return { ...nowhere, ...to, outcome: 'dropped', detail: 'overtaken' }
  const on = await options.subjectOf(effect.subject, effect.revision)
  const person = effect.person ?? (await options.plantOf(effect.site)).personOf(to)?.id ?? null
  const drawn = on ? await drawFor(on, { person, account: to }, options) : null
  if (!drawn) return { ...nowhere, ...to, outcome: 'dropped', detail: 'nothing to show' }
  return tried(effect, to, options, async () => {
    const sent = await sendParcel(effect, { to, group: null, what: { kind: 'card', card: drawn.card }, drawn }, options)
    if (payload.ring === true && !payload.overtaken) await ring(to, sent.message, drawn.card.summary, options)
    return { ...sent, drawn, person }
  })
}

/** Platforms drop a text that repeats an earlier one, so each says when it was written; a retry of the same effect says the same. */
const dated = async (effect: EffectRow, text: string, options: AttemptTools): Promise<string> => {
  const { plant } = await options.plantOf(effect.site)
  return `${text}（${inZone(new Date(effect.created_at), plant.timeZone).time}）`
}

/** Ringing is an extra: the card is there, so a failure to ring is logged and changes nothing. */
const ring = async (to: AccountRef, message: string, words: string, { parts }: AttemptTools): Promise<void> => {
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
  options: AttemptTools,
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
    return retry(effect, to, error.because, backOff(effect.attempts, error.retryAfter ?? minutes(1)), effect.maybe_sent, options)
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

/** A notice that nobody can be given is a fact of its case: the workflow climbs, the operators hear of it. False when it could not be recorded. */
const unreachable = async (effect: EffectRow, duty: string | null, because: string, options: AttemptTools): Promise<boolean> => {
  options.parts.count('alarm')
  options.parts.log.error('somebody cannot be reached', { effect: effect.id, person: effect.person, because })
  const on = effect.subject === '' ? null : await options.subjectOf(effect.subject)
  if (!on) return true
  const command = { type: 'reportUnreachable', person: effect.person ?? effect.account ?? '', duty: duty ?? '' }
  const outcome = await options.decide({
    source: 'system',
    site: effect.site,
    key: `unreachable:${effect.id}`,
    subject: effect.subject,
    workflow: on.registered.workflow.name,
    command,
  })
  return !unheard(outcome)
}
