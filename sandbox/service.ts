/** The service's clock control: `GET|POST {service}/sandbox/clock` on every replica, under the shared secret. */
import { z } from 'zod'

const reading = z.object({ now: z.number(), offset: z.number(), nextDue: z.number().nullable(), waiting: z.array(z.string()) })
export type Reading = z.infer<typeof reading>

/** All replicas together. `waiting` is empty when nothing is due; `offset` is the greatest, null when nobody answered. */
export type Services = {
  readonly waiting: readonly string[]
  readonly nextDue: number | null
  readonly offset: number | null
  /** True when every replica has the same offset. */
  readonly agree: boolean
}

export type Service = {
  readonly urls: () => readonly string[]
  readonly move: (urls: readonly string[]) => void
  readonly look: () => Promise<Services>
  /** Sets the offset on every replica; gives the complaints, empty when all obeyed. */
  readonly setOffset: (offset: number) => Promise<readonly string[]>
}

type Answer = Reading | string

const answerWithin = 5_000

const ask = async (url: string, secret: string, body: string | null): Promise<Answer> => {
  const headers = { 'x-andon-sandbox': secret, ...(body === null ? {} : { 'content-type': 'application/json' }) }
  try {
    const response = await fetch(new URL('/sandbox/clock', url), {
      method: body === null ? 'GET' : 'POST',
      body,
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(answerWithin),
    })
    const text = await response.text()
    if (response.status === 401 || response.status === 403) return 'service refuses the clock: SANDBOX_SECRET differs'
    if (!response.ok) return `service answers ${response.status} to the clock`
    return reading.parse(JSON.parse(text))
  } catch (error) {
    return error instanceof z.ZodError || error instanceof SyntaxError
      ? 'service answers the clock with something else'
      : 'service unreachable'
  }
}

const overdue = (answer: Reading): readonly string[] =>
  answer.waiting.length === 0 && answer.nextDue !== null && answer.nextDue <= answer.now ? ['service has something due'] : []

const together = (answers: readonly Answer[]): Services => {
  const readings = answers.filter((answer) => typeof answer !== 'string')
  const complaints = answers.filter((answer) => typeof answer === 'string')
  const dues = readings.map(({ nextDue }) => nextDue).filter((due) => due !== null)
  const offsets = readings.map(({ offset }) => offset)
  return {
    waiting: [...new Set([...complaints, ...readings.flatMap((one) => [...one.waiting, ...overdue(one)])])],
    nextDue: dues.length === 0 ? null : Math.min(...dues),
    offset: offsets.length === 0 ? null : Math.max(...offsets),
    agree: new Set(offsets).size <= 1,
  }
}

export const createService = (secret: string, first: readonly string[]): Service => {
  let urls = first
  const all = (body: string | null) => Promise.all(urls.map((url) => ask(url, secret, body)))
  return {
    urls: () => urls,
    move: (next) => {
      urls = next
    },
    look: async () => together(await all(null)),
    setOffset: async (offset) => (await all(JSON.stringify({ offset }))).filter((answer) => typeof answer === 'string'),
  }
}
