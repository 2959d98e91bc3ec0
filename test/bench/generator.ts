/**
 * The load, in a process of its own. Orders come over IPC, one at a time: build the requests, open the connections, then either as fast as the answers come (closed) or
 * so many a second whatever the answers do (open; a request's time then runs from the instant it was meant to leave).
 */
import type { PlatformName } from './plant.ts'
import { type Answer, type Line, openLines } from './sockets.ts'
import { chatPicture, messageRequest, type Press, pressRequest, tokenOf } from './traffic.ts'

export type Messages = {
  readonly kind: 'messages'
  readonly platforms: readonly PlatformName[]
  readonly count: number
  /** Distinguishes the tokens of this order from all others. */
  readonly run: string
  readonly firstWorker: number
  /** Every so many workers one writes; each of them when left out. */
  readonly step?: number
  /** What is reported; the usual leak when left out. */
  readonly words?: string
  /** Pictures instead of words: as a camera takes them, or as a chat shrinks them. */
  readonly pictures: false | 'camera' | 'chat'
}
export type Presses = { readonly kind: 'presses'; readonly presses: readonly Omit<Press, 'at'>[] }

export type Order = {
  readonly port: number
  readonly connections: number
  /** Requests per second; null sends the next as soon as a connection is free. */
  readonly perSecond: number | null
  /** How far the service's clock is ahead, in milliseconds. */
  readonly offset: number
  readonly load: Messages | Presses
  /** Every answer must contain this. */
  readonly must: string
}

export type Outcome = {
  readonly asked: number
  /** Answers with status 200 that say what they must. */
  readonly good: number
  readonly statuses: Readonly<Record<string, number>>
  readonly strange: string | null
  readonly seconds: number
  /** Milliseconds of each answer. */
  readonly latencies: readonly number[]
  /** The longest time without any answer on any connection while answers were awaited, in milliseconds. */
  readonly longestSilence: number
  /** Instant of each request by token, in milliseconds of the machine's monotonic clock. */
  readonly sentAt: readonly (readonly [string, number])[]
}

export const now = (): number => Number(process.hrtime.bigint()) / 1e6

const pictureKeys = { camera: 'img_', chat: chatPicture } as const

type Prepared = { readonly request: Buffer; readonly token: string }

const prepare = ({ load, offset }: Order): readonly Prepared[] => {
  const at = Date.now() + offset
  if (load.kind === 'presses')
    return load.presses.map((press) => ({ token: press.message, request: pressRequest({ ...press, at }) }))
  const { platforms, count, run, firstWorker, step = 1, words, pictures } = load
  return Array.from({ length: count }, (_, n) => {
    const token = tokenOf(run, n)
    const platform = platforms[n % platforms.length] ?? 'feishu'
    const worker = firstWorker + Math.floor(n / platforms.length) * step
    return {
      token,
      request: messageRequest({
        platform,
        worker,
        token,
        at,
        ...(words !== undefined && { words }),
        ...(pictures && { picture: `${pictureKeys[pictures]}${token}` }),
      }),
    }
  })
}

type Tally = {
  readonly statuses: Record<string, number>
  readonly latencies: Float64Array
  good: number
  answered: number
  strange: string | null
  last: number
  silence: number
}

const count = (tally: Tally, { status, body }: Answer, from: number, must: string): void => {
  const at = now()
  tally.statuses[status] = (tally.statuses[status] ?? 0) + 1
  if (status === 200 && body.includes(must)) tally.good += 1
  else tally.strange ??= `${status} ${body.slice(0, 200)}`
  tally.latencies[tally.answered] = at - from
  tally.answered += 1
  tally.silence = Math.max(tally.silence, at - tally.last)
  tally.last = at
}

/** Each connection sends the next as soon as its answer is there. */
const closed = (lines: readonly Line[], requests: readonly Prepared[], tally: Tally, must: string): Promise<void> =>
  new Promise((resolve) => {
    let next = 0
    const go = (line: Line): void => {
      const one = requests[next]
      if (!one) return
      next += 1
      const from = now()
      line.send(one.request, (answer) => {
        count(tally, answer, from, must)
        if (tally.answered === requests.length) resolve()
        else go(line)
      })
    }
    for (const line of lines) go(line)
  })

/** Requests leave at their instants; when no connection is free they wait, and the wait counts. */
const open = (
  lines: readonly Line[],
  requests: readonly Prepared[],
  tally: Tally,
  perSecond: number,
  must: string,
): Promise<number> =>
  new Promise((resolve) => {
    const start = now() + 5
    const free = [...lines]
    let next = 0
    const due = (): number => Math.min(requests.length, Math.floor(((now() - start) * perSecond) / 1000) + 1)
    const pump = (): void => {
      while (next < due() && free.length > 0) {
        const line = free.pop() as Line
        const from = start + (next * 1000) / perSecond
        const { request } = requests[next] as Prepared
        next += 1
        line.send(request, (answer) => {
          count(tally, answer, from, must)
          free.push(line)
          if (tally.answered === requests.length) resolve(start)
          else pump()
        })
      }
    }
    const tick = (): void => {
      pump()
      if (next < requests.length) setTimeout(tick, 1)
    }
    tick()
  })

const run = async (order: Order): Promise<Outcome> => {
  const requests = prepare(order)
  const lines = await openLines(order.port, order.connections)
  globalThis.gc?.()
  const begun = now()
  const tally: Tally = {
    statuses: {},
    latencies: new Float64Array(requests.length),
    good: 0,
    answered: 0,
    strange: null,
    last: begun,
    silence: 0,
  }
  let start = begun
  if (order.perSecond === null) await closed(lines, requests, tally, order.must)
  else start = await open(lines, requests, tally, order.perSecond, order.must)
  const seconds = (tally.last - start) / 1000
  for (const line of lines) line.close()
  const { statuses, good, strange, silence } = tally
  const step = order.perSecond === null ? 0 : 1000 / order.perSecond
  const sentAt = step === 0 ? [] : requests.map(({ token }, n) => [token, start + n * step] as const)
  return {
    asked: requests.length,
    good,
    statuses,
    strange,
    seconds,
    latencies: [...tally.latencies],
    longestSilence: silence,
    sentAt,
  }
}

/** Only when this file is the program. */
if (import.meta.main) {
  process.on('message', (order) => {
    run(order as Order).then(
      (outcome) => process.send?.(outcome),
      (error: unknown) => process.send?.({ failed: String(error) }),
    )
  })
  console.log('generator ready')
}
