/** Systems outside, as the plant has them: cameras and sensors that raise alarms, and systems that are called. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import { photoBody, queryNumber, readBody, smallBody } from './control-body.ts'
import { Refused } from './refused.ts'
import type { Service } from './service.ts'
import type { Core } from './world.ts'

const outsider = z.object({ id: z.string().regex(/^[\w-]{1,64}$/), secret: z.string().min(1) })
const file = z.object({ alarms: z.array(outsider), calls: z.array(outsider) })
export type Integrations = z.infer<typeof file>

/** Throws when the file cannot be read or has another shape. */
export const readIntegrations = (path: string): Integrations => file.parse(JSON.parse(readFileSync(path, 'utf8')))

/** One call that arrived: what it said, and whether it proved itself. */
export type Call = {
  readonly id: number
  readonly at: number
  readonly target: string
  readonly key: string
  readonly event: string
  readonly subject: string
  readonly data: unknown
  readonly verified: boolean
  /** A call with the same key was taken before. */
  readonly repeat: boolean
  readonly status: number
}

const said = z.object({ event: z.string(), key: z.string(), at: z.iso.datetime(), subject: z.string(), data: z.unknown() })
const mostCalls = 1_000
const window = 5 * 60_000

const sign = (secret: string, timestamp: string, nonce: string, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}\n${nonce}\n${body}`).digest('hex')

const equal = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

const proves = (c: Context, secret: string, body: string, now: number): boolean => {
  const [timestamp, nonce, signature] = ['timestamp', 'nonce', 'signature'].map((name) => c.req.header(`x-andon-${name}`) ?? '')
  const fresh = Math.abs(now - Number(timestamp) * 1_000) <= window
  return fresh && equal(sign(secret, timestamp ?? '', nonce ?? '', body), signature ?? '')
}

const answered = async (response: Response): Promise<unknown> => {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

type Parts = { readonly core: Core; readonly service: Service; readonly outside: Integrations }

const find = (list: Integrations['alarms'], id: string) => {
  const found = list.find((one) => one.id === id)
  if (!found)
    throw new Refused(404, 'unknown-system', `There is no "${id}"; there are ${list.map((one) => one.id).join(', ') || 'none'}.`)
  return found
}

/** Signs an alarm as its source would and sends it. The same nonce again is the same alarm. */
const mountAlarms = (app: Hono, { core, service, outside }: Parts): void => {
  app.post('/alarms/:source', photoBody, async (c) => {
    const { id, secret } = find(outside.alarms, c.req.param('source'))
    const body = JSON.stringify(await readBody(c, z.record(z.string(), z.unknown())))
    const [url] = service.urls()
    if (url === undefined) throw new Refused(409, 'no-service', 'No service is connected.')
    const timestamp = String(Math.floor(core.clock.now() / 1_000))
    const nonce = c.req.query('nonce') ?? randomBytes(16).toString('hex')
    const headers = {
      'content-type': 'application/json',
      'x-andon-timestamp': timestamp,
      'x-andon-nonce': nonce,
      'x-andon-signature': sign(secret, timestamp, nonce, body),
    }
    const sent = fetch(new URL(`/hooks/alarms/${id}`, url), { method: 'POST', body, headers, redirect: 'error' })
    const response = await core.world.busy(`alarm of ${id}`, sent)
    return c.json({ status: response.status, answer: await answered(response), nonce })
  })
}

const failing = z.strictObject({
  target: z.string(),
  status: z.number().int().min(400).max(599).default(500),
  times: z.number().int().min(1).max(1_000),
})

/** Takes the service's calls as HR, MES and the regulator would, and remembers them. */
const mountCalls = (app: Hono, { core, outside }: Parts): void => {
  const calls: Call[] = []
  const taken = new Set<string>()
  const fails = new Map<string, { readonly status: number; times: number }>()
  let last = 0
  const statusOf = (target: string, verified: boolean): number => {
    const fail = fails.get(target)
    if (!verified) return 401
    if (!fail || fail.times === 0) return 200
    fail.times -= 1
    return fail.status
  }
  app.get('/calls', (c) => {
    const since = queryNumber(c, 'since', 0)
    return c.json(calls.filter(({ id }) => id > since))
  })
  app.post('/calls', smallBody, async (c) => {
    const { target, status, times } = await readBody(c, failing)
    fails.set(find(outside.calls, target).id, { status, times })
    return c.json({ target, status, times })
  })
  app.post('/calls/:target', smallBody, async (c) => {
    const { id: target, secret } = find(outside.calls, c.req.param('target'))
    const text = await c.req.text()
    const call = await readBody(c, said)
    const status = statusOf(target, proves(c, secret, text, core.clock.now()) && call.key === c.req.header('x-andon-nonce'))
    last += 1
    const { key, event, subject, data } = call
    const at = core.clock.now()
    calls.push({ id: last, at, target, key, event, subject, data, verified: status !== 401, repeat: taken.has(key), status })
    if (calls.length > mostCalls) calls.shift()
    if (status !== 200) return c.json({ error: 'told to fail, or not proven' }, status as 500)
    taken.add(key)
    return c.json({ receipt: `${target}-${last}` })
  })
}

export const mountIntegrations = (app: Hono, parts: Parts): void => {
  mountAlarms(app, parts)
  mountCalls(app, parts)
}
