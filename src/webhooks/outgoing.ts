import { DeliveryError } from '../bots/platform.ts'
import type { EngineParts, OutgoingCall } from '../engine/parts.ts'
import { type Clock, type Millis, seconds } from '../lib/clock.ts'
import { fieldsOf, readJson, textOf } from '../lib/json.ts'
import { storable } from '../lib/text.ts'
import { kindOfAddress, literalOf } from './addresses.ts'
import { headers, sign } from './signature.ts'

/** A system outside that hears of events, as configured. */
export type CallTarget = {
  readonly id: string
  readonly url: string
  readonly secret: string
  /** Names of events that it takes; `*` for all. */
  readonly events: readonly string[]
  /** May it stand in our own network (10.0.0.0/8, 192.168.0.0/16, loopback, …)? */
  readonly privateNetwork: boolean
}

export type Post = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** `POST` when left out; a `GET` sends no body. */
  readonly method?: 'GET' | 'POST'
  /** May this address be connected to? Asked for what a name resolves to. */
  readonly mayReach: (address: string) => boolean
  readonly within: Millis
}
/** `left`: the request may have reached the other side. `text` is the beginning of the answer, at most `largestAnswer` bytes. */
export type Posted =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | null; readonly text: string }
  | { readonly kind: 'failed'; readonly because: 'address-refused' | 'unreachable' | 'no-answer'; readonly left: boolean }

export type Outgoing = {
  readonly targets: readonly CallTarget[]
  /** Everything is played on this machine: plain http and loopback are right. */
  readonly sandbox: boolean
  readonly clock: Clock
  /** Sends one request, follows nothing, never rejects. */
  readonly post: (request: Post) => Promise<Posted>
}

/** An answer is read to here; what follows is not waited for. */
export const largestAnswer = 16 * 1024
const within = seconds(10)
const longestReceipt = 200

/** Statuses of the 4xx that say "not now" (RFC 9110, 15.5.9; RFC 8470; RFC 6585, 4). */
const notNow: ReadonlySet<number> = new Set([408, 425, 429])

/** What may be connected to for this target. In the sandbox loopback alone, elsewhere the world, and our own network where it was allowed. */
export const reachFor =
  (target: Pick<CallTarget, 'privateNetwork'>, sandbox: boolean) =>
  (address: string): boolean => {
    const kind = kindOfAddress(address)
    if (sandbox) return kind === 'own'
    return kind === 'public' || (kind === 'own' && target.privateNetwork)
  }

/** Whose list has this event, or all. */
const takes = ({ events }: Pick<CallTarget, 'events'>, event: string): boolean => events.includes('*') || events.includes(event)

/** Which of the configured systems have asked for an event. */
export const takersAmong =
  (targets: readonly CallTarget[]): NonNullable<EngineParts['takersOf']> =>
  (event) =>
    targets.filter((target) => takes(target, event)).map(({ id }) => id)

const permanent = (because: string): DeliveryError => new DeliveryError('permanent', because)

const checked = (target: CallTarget, event: string, sandbox: boolean): URL => {
  if (!takes(target, event)) throw permanent('event-not-configured')
  const url = new URL(target.url)
  if (url.protocol !== 'https:' && !(sandbox && url.protocol === 'http:')) throw permanent('not-https')
  const literal = literalOf(url.hostname)
  if (literal !== null && !reachFor(target, sandbox)(literal)) throw permanent('address-refused')
  return url
}

/** Seconds, the only form that is obeyed; a date would be of the other side's clock. At most an hour, so that no answer stops a call for good. */
const waitOf = (retryAfter: string | null): { retryAfter?: Millis } =>
  retryAfter !== null && /^\d{1,9}$/.test(retryAfter) ? { retryAfter: Math.min(seconds(Number(retryAfter)), seconds(3_600)) } : {}

const receiptOf = (text: string): string => storable(textOf(fieldsOf(readJson(text))?.receipt, longestReceipt) ?? '')

const judge = (posted: Posted): string => {
  if (posted.kind === 'failed') {
    if (posted.because === 'address-refused') throw permanent('address-refused')
    throw new DeliveryError(posted.left ? 'ambiguous' : 'temporary', posted.because)
  }
  const { status, retryAfter, text } = posted
  if (status >= 200 && status < 300) return receiptOf(text)
  if (status >= 300 && status < 400) throw permanent('redirected')
  if (notNow.has(status)) throw new DeliveryError('temporary', `http-${status}`, waitOf(retryAfter))
  if (status >= 400 && status < 500) throw permanent(`http-${status}`)
  // A server that failed may have done its work before.
  throw new DeliveryError('ambiguous', `http-${status}`, waitOf(retryAfter))
}

/**
 * Tells systems outside of events, signed, each under a key that is the same for every try. Gives the receipt that the answer names, or ''.
 * Throws DeliveryError: permanent for what no try can mend, temporary or ambiguous for the rest, which the outbox tries again.
 */
export const createOutgoing = (outgoing: Outgoing): EngineParts['callOut'] => {
  const targets = new Map(outgoing.targets.map((target) => [target.id, target]))
  return async ({ target: id, event, key, at, subject, body }: OutgoingCall) => {
    const target = targets.get(id)
    if (!target) throw permanent('unknown-target')
    const url = checked(target, event, outgoing.sandbox)
    const bytes = Buffer.from(JSON.stringify({ event, key, at, subject, data: body }))
    const timestamp = String(Math.floor(outgoing.clock.now().getTime() / 1_000))
    const posted = await outgoing.post({
      url: url.href,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'andon',
        [headers.timestamp]: timestamp,
        [headers.nonce]: key,
        [headers.signature]: sign(target.secret, { timestamp, nonce: key }, bytes),
      },
      body: bytes,
      mayReach: reachFor(target, outgoing.sandbox),
      within,
    })
    return judge(posted)
  }
}

/** What the engine needs to know of systems outside: how to call one, and which have asked for an event. */
export const outgoingParts = (outgoing: Outgoing): Pick<EngineParts, 'callOut' | 'takersOf'> => ({
  callOut: createOutgoing(outgoing),
  takersOf: takersAmong(outgoing.targets),
})

/** A response's beginning as text. Gives up when the rest does not come. */
const beginningOf = async (response: Response): Promise<string> => {
  const parts: Uint8Array[] = []
  let size = 0
  const reader = response.body?.getReader()
  while (reader && size < largestAnswer) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(value)
    size += value.byteLength
  }
  await reader?.cancel().catch(() => {})
  return Buffer.concat(parts).subarray(0, largestAnswer).toString('utf8')
}

/**
 * Sends by `fetch`, for runtimes that resolve names by themselves and have no network of ours behind them (Cloudflare Workers: a request to an address
 * of a private network leaves nowhere). Where names can lead into our own network, `mayReach` must be asked about what they resolve to.
 */
export const postByFetch: Outgoing['post'] = async ({ url, headers: sent, body, within: patience }) => {
  const signal = AbortSignal.timeout(patience)
  try {
    const response = await fetch(url, { method: 'POST', headers: sent, body: Uint8Array.from(body), redirect: 'manual', signal })
    const text = await beginningOf(response).catch(() => '')
    return { kind: 'answered', status: response.status, retryAfter: response.headers.get('retry-after'), text }
  } catch {
    return { kind: 'failed', because: 'no-answer', left: true }
  }
}
