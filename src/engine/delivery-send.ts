import { DeliveryError } from '../bots/platform.ts'
import type { Card } from '../cards/card.ts'
import type { createGate } from '../lib/batcher.ts'
import { inZone } from '../lib/clock.ts'
import type { AccountRef } from '../workflows/workflow.ts'
import { readDigest } from './alert-digest.ts'
import { type CardPayload, dutiesOf } from './card-payload.ts'
import { type Address, givesWay, settledBy, startingAt } from './delivery.ts'
import { type AttemptTools, nowhere, type Result, tried, unheard, unrecorded } from './delivery-outcomes.ts'
import type { Drawable, Drawn } from './draw.ts'
import type { EffectRow } from './outbox-rows.ts'
import { accountsFor, drawFor, sendParcel } from './senders.ts'

export type Gates = (connection: string) => ReturnType<typeof createGate>

type SentPayload = Partial<CardPayload> & {
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

/** One try at whatever leaves for people. Throws only what is no DeliveryError, and what drawing and reading throw. */
export const outside = async (effect: EffectRow, options: AttemptTools, gateFor: Gates): Promise<Result> => {
  const payload = JSON.parse(effect.payload) as SentPayload
  if (effect.kind === 'digest') return digest(effect, options, gateFor)
  const on = effect.subject === '' ? null : await options.subjectOf(effect.subject, effect.revision)
  const duties = dutiesOf(payload)
  const reader = {
    person: effect.person,
    account: effect.connection && effect.account ? { connection: effect.connection, account: effect.account } : null,
  }
  const { workflow } = on?.registered ?? {}
  const state = on?.state
  const overtaken =
    effect.kind === 'card' && duties.length > 0 && workflow && state
      ? !duties.some((duty) => workflow.stillDue(state, reader, duty))
      : false
  if (overtaken && !effect.maybe_sent) return { ...nowhere, outcome: 'dropped', detail: 'overtaken' }
  if (effect.conversation !== null && effect.connection !== null) return toGroup(effect, payload, options, gateFor)
  const result = await toPerson(effect, { ...payload, overtaken }, options, gateFor)
  if (overtaken || result.outcome !== 'dead') return result
  return (await unreachable(effect, duties, result.detail ?? 'no-account', options)) ? result : unrecorded(effect, options)
}

/** What was held back, as one text. */
const digest = async (effect: EffectRow, options: AttemptTools, gateFor: Gates): Promise<Result> => {
  const text = await readDigest(effect, options.parts)
  return text === null
    ? { ...nowhere, outcome: 'dropped', detail: 'nothing to say' }
    : toPerson(effect, { text, own: true }, options, gateFor)
}

/** One account after the other until one takes it: the next when one is dead, and also when one only stays silent for too long. */
const toPerson = async (effect: EffectRow, payload: SentPayload, options: AttemptTools, gateFor: Gates): Promise<Result> => {
  const accounts = startingAt(await accountsFor(effect, options), payload.channel ?? 1)
  const tries: Result[] = []
  for (const account of accounts) {
    const tried = await gateFor(account.connection)(() => toAccount(effect, account, payload, options))
    if (accounts.length === 1) return tried
    tries.push(tried)
    if (tried.outcome === 'dead' || (tried.outcome === 'retry' && givesWay(effect, tried, options.parts.clock.now()))) continue
    break
  }
  return tries.length > 0 ? settledBy(tries) : { ...nowhere, outcome: 'dead', detail: 'no-account' }
}

const toGroup = async (effect: EffectRow, payload: SentPayload, options: AttemptTools, gateFor: Gates): Promise<Result> => {
  const to = { connection: effect.connection ?? '', account: '' }
  const what = payload.card
    ? ({ kind: 'card', card: payload.card } as const)
    : ({ kind: 'text', text: payload.text ?? '' } as const)
  return gateFor(to.connection)(() =>
    tried(effect, to, options, () =>
      sendParcel(effect, { to, mark: '', group: effect.conversation, what, drawn: null }, options),
    ),
  )
}

const toAccount = async (effect: EffectRow, address: Address, payload: SentPayload, options: AttemptTools): Promise<Result> => {
  const paused = options.pauses.until(address.connection)
  if (paused && !effect.urgent)
    return { ...nowhere, outcome: 'retry', detail: 'the platform asked us to wait', dueAt: paused, maybeSent: effect.maybe_sent }
  return effect.kind === 'card' ? cardTo(effect, address, payload, options) : wordsTo(effect, address, payload, options)
}

const wordsTo = async (
  effect: EffectRow,
  { mark, ...to }: Address,
  payload: SentPayload,
  options: AttemptTools,
): Promise<Result> => {
  const words = payload.text ?? payload.card?.summary ?? ''
  return admitted(effect, payload, { card: null, words }, options, async () => {
    const what = payload.card
      ? ({ kind: 'card', card: payload.card } as const)
      : ({ kind: 'text', text: await dated(effect, payload.text ?? '', options) } as const)
    return tried(effect, to, options, () => sendParcel(effect, { to, mark, group: null, what, drawn: null }, options))
  })
}

const cardTo = async (
  effect: EffectRow,
  { mark, ...to }: Address,
  payload: SentPayload,
  options: AttemptTools,
): Promise<Result> => {
  if (payload.overtaken && !findsTheSame(effect, to, options))
    return { ...nowhere, ...to, outcome: 'dropped', detail: 'overtaken' }
  const on = await options.subjectOf(effect.subject, effect.revision)
  const person = effect.person ?? (await options.plantOf(effect.site)).personOf(to)?.id ?? null
  const drawn = on ? await drawFor(on, { person, account: to }, options) : null
  if (!drawn) return { ...nowhere, ...to, outcome: 'dropped', detail: 'nothing to show' }
  const { card } = drawn
  return admitted(effect, payload, { card, words: card.summary }, options, () =>
    tried(effect, to, options, async () => {
      const sent = await sendParcel(effect, { to, mark, group: null, what: { kind: 'card', card }, drawn }, options)
      if (payload.ring === true && !payload.overtaken) await ring(to, sent.message, card.summary, options)
      return { ...sent, drawn, person }
    }),
  )
}

/** What a person has graded; before that only a suggested red counts, because nobody may lose a minute over it. */
const colourOf = (on: Drawable | null): string | null => {
  const { colour, suggestion } = (on?.state ?? {}) as {
    readonly colour?: unknown
    readonly suggestion?: { readonly colour?: unknown }
  }
  if (typeof colour === 'string') return colour
  return suggestion?.colour === 'red' ? 'red' : null
}

type Said = { readonly card: Drawn['card'] | null; readonly words: string }

/** Sends when this person may be called now. Without a person there is nobody whose budget it could be. */
const admitted = async (
  effect: EffectRow,
  { clock = false, own = false, vital }: SentPayload,
  said: Said,
  options: AttemptTools,
  send: () => Promise<Result>,
): Promise<Result> => {
  if (effect.person === null || own || vital) return send()
  const on = effect.subject === '' ? null : await options.subjectOf(effect.subject)
  const { timeZone } = (await options.plantOf(effect.site)).plant
  const admission = await options.alerts.admit({ ...said, effect, clock, own, colour: colourOf(on), timeZone })
  if (typeof admission === 'object') return admission
  const result = await send()
  if (admission === 'counted' && result.outcome !== 'done') options.alerts.giveBack(effect)
  return result
}

/** Platforms drop a text that repeats an earlier one, so each says when it was written; a retry of the same effect says the same. */
export const dated = async (effect: EffectRow, text: string, options: AttemptTools): Promise<string> => {
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

/** A notice that nobody can be given is a fact of its case: the workflow climbs, the operators hear of it. False when it could not be recorded. */
const unreachable = async (
  effect: EffectRow,
  duties: readonly string[],
  because: string,
  options: AttemptTools,
): Promise<boolean> => {
  options.parts.count('alarm')
  options.parts.log.error('somebody cannot be reached', { effect: effect.id, person: effect.person, because })
  const on = effect.subject === '' ? null : await options.subjectOf(effect.subject)
  if (!on) return true
  for (const [index, duty] of (duties.length > 0 ? duties : ['']).entries()) {
    const outcome = await options.decide({
      source: 'system',
      site: effect.site,
      key: `unreachable:${effect.id}${index === 0 ? '' : `:${duty}`}`,
      subject: effect.subject,
      workflow: on.registered.workflow.name,
      command: { type: 'reportUnreachable', person: effect.person ?? effect.account ?? '', duty },
    })
    if (unheard(outcome)) return false
  }
  return true
}
