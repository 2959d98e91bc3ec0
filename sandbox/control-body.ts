/** The edge of the control API: JSON bodies, parsed once, refused clearly. */
import type { Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { isLoopbackHost, mayDrive } from './loopback.ts'
import { Refused } from './refused.ts'

export const smallBody = bodyLimit({ maxSize: 128 * 1024, onError: () => tooLarge('128 kB') })
/** A photo of 20 MB in base64, and some words. */
export const photoBody = bodyLimit({ maxSize: 28 * 1024 * 1024, onError: () => tooLarge('28 MB') })

const tooLarge = (most: string): Response =>
  Response.json({ error: 'too-large', message: `The body may hold at most ${most}.` }, { status: 413 })

/** The body as JSON, whatever its content type says: scripts forget it, and pages of other origins are kept out by their `Origin`. */
export const readBody = async <T>(c: Context, schema: z.ZodType<T>): Promise<T> => {
  const text = await c.req.text()
  const parsed = schema.safeParse(text.trim() === '' ? {} : asJson(text))
  if (parsed.success) return parsed.data
  throw new Refused(400, 'bad-body', z.prettifyError(parsed.error))
}

const asJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refused(400, 'bad-json', 'The body is not JSON.')
  }
}

/** A whole number in the query; `fallback` when it is absent. */
export const queryNumber = (c: Context, name: string, fallback: number): number => {
  const text = c.req.query(name)
  if (text === undefined) return fallback
  if (!/^\d{1,15}$/.test(text)) throw new Refused(400, 'bad-query', `?${name}= takes a whole number, 0 or greater.`)
  return Number(text)
}

/** Keeps out what did not come from this machine's own pages and scripts, and words every failure as JSON. */
export const guardEdge = (app: Hono, failed: (label: string, error: unknown) => void): void => {
  app.use('*', async (c, next) => {
    if (!isLoopbackHost(c.req.header('host')))
      return c.json({ error: 'not-loopback', message: 'The sandbox answers on loopback only.' }, 403)
    if (!mayDrive(c.req.header('origin')))
      return c.json({ error: 'foreign-origin', message: 'Only pages of this machine may drive the sandbox.' }, 403)
    await next()
    c.res.headers.set('x-content-type-options', 'nosniff')
    return undefined
  })
  app.notFound((c) => c.json({ error: 'not-found', message: `The sandbox has no ${c.req.method} ${c.req.path}.` }, 404))
  app.onError((error, c) => {
    if (error instanceof Refused) return c.json({ error: error.because, message: error.message }, error.status)
    failed(`${c.req.method} ${c.req.path}`, error)
    return c.json({ error: 'sandbox-bug', message: error.message }, 500)
  })
}
