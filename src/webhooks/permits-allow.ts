import { type Context, Hono } from 'hono'
import type { AccessFound } from '../engine/open-permits.ts'
import { type Access, mayEnter } from '../engine/permit-access.ts'
import { type Clock, minutes, seconds } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { headers, isSigned, type Proof, readProof, sign } from './signature.ts'

/** A system that opens gates, as configured. */
export type AccessCaller = { readonly id: string; readonly secret: string; readonly site: string }

export type AccessDoor = {
  readonly callers: readonly AccessCaller[]
  readonly clock: Clock
  /** The site of a caller that names none. */
  readonly siteOf: (connection: string) => string
  readonly look: (question: {
    readonly site: string
    readonly person: string
    readonly area: string
    readonly at: Date
  }) => Promise<AccessFound>
  readonly refused: (connection: string, because: string) => void
  readonly log: Log
}

/** How far the caller's clock and the travel of a question may be from ours. */
const window = minutes(5)
/** Whoever stands at a gate is answered by then; without an answer the gate stays shut. */
const answerWithin = seconds(3)
/** In characters of the query as it travels. */
const longestQuery = 600
/** Questions that are looked up at the same time; the next is answered busy at once instead of waiting. */
const mostAtOnce = 64

type Refused = 'malformed' | 'unreadable' | 'busy'
type Question = { readonly by: string; readonly person: string; readonly area: string }

/** Exactly `by`, `person` and `area`, each once and not empty. */
const readQuestion = (query: string): Question | null => {
  const params = new URLSearchParams(query)
  const names = [...params.keys()].sort().join(' ')
  const one = (name: string): string => params.get(name)?.trim() ?? ''
  const question = { by: one('by'), person: one('person'), area: one('area') }
  const isWhole = names === 'area by person' && Object.values(question).every((value) => value !== '' && value.length <= 100)
  return isWhole && !/\p{C}/u.test(Object.values(question).join('')) ? question : null
}

const isStale = ({ timestamp }: Proof, at: Date): boolean => !(Math.abs(at.getTime() - Number(timestamp) * 1_000) <= window)

const inTime = async <T>(work: Promise<T>): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('not in time')), answerWithin)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

type Answer = {
  readonly status: 200 | 400 | 503
  readonly body: Omit<Access, 'because'> & { readonly because: Access['because'] | Refused }
}

const closed = (status: 400 | 503, because: Refused): Answer => ({
  status,
  body: { allow: false, permits: [], until: null, because },
})

/** The answer proves itself as the question did, under the question's own nonce: an older answer that somebody kept opens nothing. */
const respond = (
  c: Context,
  answer: Answer,
  about: { readonly caller: AccessCaller; readonly nonce: string; readonly at: Date },
): Response => {
  const body = Buffer.from(JSON.stringify({ ...answer.body, at: about.at.toISOString() }))
  const timestamp = String(Math.floor(about.at.getTime() / 1_000))
  return c.body(new Uint8Array(body), answer.status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    [headers.timestamp]: timestamp,
    [headers.nonce]: about.nonce,
    [headers.signature]: sign(about.caller.secret, { timestamp, nonce: about.nonce }, body),
  })
}

/** The query as it stands in the request line, without its question mark: what was signed. */
const queryOf = ({ url }: Request): string => (url.includes('?') ? url.slice(url.indexOf('?') + 1) : '')

type Turned = 'too-long' | 'unsigned' | 'stale' | 'unknown-caller' | 'wrong-signature'
type Proven = { readonly caller: AccessCaller; readonly proof: Proof; readonly query: string }

const prove = (request: Request, callers: ReadonlyMap<string, AccessCaller>, at: Date): Proven | Turned => {
  const query = queryOf(request)
  if (query.length > longestQuery) return 'too-long'
  const proof = readProof((name) => request.headers.get(name))
  if (!proof) return 'unsigned'
  if (isStale(proof, at)) return 'stale'
  const caller = callers.get(new URLSearchParams(query).get('by') ?? '')
  if (!caller) return 'unknown-caller'
  return isSigned(caller.secret, proof, Buffer.from(query)) ? { caller, proof, query } : 'wrong-signature'
}

/**
 * `GET /api/permits/allow?by=<caller>&person=<id or employee number>&area=<id or name>`: may this person pass into this area now? For access control. What is
 * not proven is told nothing; everything else is answered with a signed yes or no, and whatever goes wrong is a no.
 */
export const createPermitsAllow = (door: AccessDoor): Hono => {
  const callers = new Map(door.callers.map((caller) => [caller.id, caller]))
  let underWay = 0
  const look = async (question: Question, caller: AccessCaller, at: Date): Promise<Answer> => {
    if (underWay >= mostAtOnce) return closed(503, 'busy')
    underWay += 1
    try {
      const site = caller.site || door.siteOf(`access:${caller.id}`)
      const found = await inTime(door.look({ site, person: question.person, area: question.area, at }))
      return { status: 200, body: mayEnter(found, at) }
    } catch (error) {
      door.log.error('access control could not be answered', { caller: caller.id, error: String(error) })
      return closed(503, 'unreadable')
    } finally {
      underWay -= 1
    }
  }
  const app = new Hono()
  app.get('/api/permits/allow', async (c) => {
    const at = door.clock.now()
    const proven = prove(c.req.raw, callers, at)
    if (typeof proven === 'string') {
      door.refused('access', proven)
      return c.body(null, 401)
    }
    const { caller, proof, query } = proven
    const question = readQuestion(query)
    const answer = question ? await look(question, caller, at) : closed(400, 'malformed')
    if (!answer.body.allow) door.refused(`access:${caller.id}`, answer.body.because)
    return respond(c, answer, { caller, nonce: proof.nonce, at })
  })
  return app
}
