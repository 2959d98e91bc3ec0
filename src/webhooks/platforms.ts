import { Hono } from 'hono'
import type { ChatPlatform, RawRequest, RawResponse } from '../bots/platform.ts'
import type { Arrival, Outcome } from '../engine/arrival.ts'
import type { Millis } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'

/** Reading stops here, whatever the caller announces. */
export const largestBody = 1024 * 1024

/** What answering a callback needs, whatever carried it here. */
export type Callbacks = {
  readonly platforms: ReadonlyMap<string, ChatPlatform>
  readonly siteOf: (connection: string) => string
  readonly handle: (arrival: Arrival, within?: Millis) => Promise<Outcome>
  readonly refused: (connection: string, because: string) => void
  readonly log: Log
}

export type PlatformDoors = Callbacks & {
  /** Tells when the response has left the process, or that it never will. */
  readonly whenSent: (env: unknown, sent: (left: boolean) => void) => void
}

/** The body's bytes, or null when it is longer than allowed. A body that stops half-way throws, and is answered by the server with a closed connection. */
export const readBody = async (request: Request, most = largestBody): Promise<Uint8Array | null> => {
  if (Number(request.headers.get('content-length') ?? 0) > most) return null
  if (!request.body) return new Uint8Array()
  const parts: Uint8Array[] = []
  let size = 0
  const reader = request.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > most) {
      await reader.cancel()
      return null
    }
    parts.push(value)
  }
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
}

/** The parameters of an address, or null when one comes twice: what is signed and what is read must be the same one. */
export const queryOf = (parameters: URLSearchParams): Readonly<Record<string, string>> | null => {
  const query: Record<string, string> = Object.create(null)
  for (const [name, value] of parameters) {
    if (name in query) return null
    query[name] = value
  }
  return query
}

/** A callback as any runtime has it; null when it is too large or its parameters are doubled. */
export const readWebRequest = async (request: Request): Promise<RawRequest | null> => {
  const query = queryOf(new URL(request.url).searchParams)
  const body = query && (await readBody(request))
  if (!query || !body) return null
  return { method: request.method, query, headers: Object.fromEntries(request.headers), body }
}

const toResponse = ({ status, headers, body }: RawResponse): Response => new Response(body, { status, headers: { ...headers } })

/** Presses are answered within half of what the platform waits, so that there is time for the answer to travel. */
const withinFor = (platform: ChatPlatform): Millis => Math.floor(platform.can.answer.within / 2)

export type Answered = { readonly response: RawResponse; readonly answered: (left: boolean) => void }

const said = (status: number, headers: Readonly<Record<string, string>> = {}): Answered => ({
  response: { status, headers, body: '' },
  answered: () => {},
})

/** One callback for one connection: verified, decided, answered. `read` gives the request, or null when it is too large or its parameters are doubled. */
export const answerCallback = async (
  doors: Callbacks,
  connection: string,
  read: () => Promise<RawRequest | null>,
): Promise<Answered> => {
  const platform = doors.platforms.get(connection)
  if (!platform) return said(404)
  const request = await read()
  if (!request) {
    doors.refused(platform.connection, 'too-large-or-doubled')
    return said(413, { connection: 'close' })
  }
  const received = platform.receive(request)
  if (received.kind === 'refused') doors.refused(platform.connection, received.because)
  if (received.kind !== 'accepted') return { response: received.response, answered: () => {} }
  const { incoming, answer } = received
  const outcome = await doors.handle(
    { source: 'platform', site: doors.siteOf(platform.connection), incoming },
    withinFor(platform),
  )
  const undecided = outcome.kind === 'busy' || outcome.kind === 'undecided'
  const response = undecided && incoming.kind !== 'press' ? said(503).response : answer(outcome.reply)
  return { response, answered: outcome.answered }
}

/** HTTP callbacks of the platforms, one address for each connection: `POST|GET /hooks/<connection>`. */
export const createPlatformDoors = (doors: PlatformDoors): Hono => {
  const app = new Hono()
  app.on(['GET', 'POST'], '/hooks/:connection', async (c) => {
    const { response, answered } = await answerCallback(doors, c.req.param('connection'), () => readWebRequest(c.req.raw))
    doors.whenSent(c.env, answered)
    return toResponse(response)
  })
  return app
}
