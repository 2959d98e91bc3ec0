import { Hono } from 'hono'
import { z } from 'zod'
import type { MovableClock } from '../lib/clock.ts'
import { sameSecret } from '../lib/crypto.ts'

export type SandboxClock = {
  readonly secret: string
  readonly clock: MovableClock
  readonly store: (offset: number) => Promise<void>
  readonly waiting: () => Promise<readonly string[]>
  readonly nextDue: () => Promise<Date | null>
  readonly wake: () => void
}

const moved = z.object({ offset: z.number().int().min(-1e12).max(1e12) })

/** The movable clock, for the sandbox alone: mounted only when every connection is a sandbox, and opened only by its secret. */
export const createSandboxClock = (sandbox: SandboxClock): Hono => {
  const app = new Hono()
  const state = async () => ({
    now: sandbox.clock.now().getTime(),
    offset: sandbox.clock.offset(),
    nextDue: (await sandbox.nextDue())?.getTime() ?? null,
    waiting: await sandbox.waiting(),
  })
  app.use('/sandbox/*', async (c, next) => {
    if (sandbox.secret === '' || !sameSecret(c.req.header('x-andon-sandbox') ?? '', sandbox.secret))
      return c.json({ error: 'not the sandbox' }, 403)
    await next()
    return
  })
  app.get('/sandbox/clock', async (c) => c.json(await state()))
  app.post('/sandbox/clock', async (c) => {
    const parsed = moved.safeParse(await c.req.json().catch(() => null))
    if (!parsed.success) return c.json({ error: 'an offset in milliseconds is needed' }, 400)
    await sandbox.store(parsed.data.offset)
    sandbox.clock.setOffset(parsed.data.offset)
    sandbox.wake()
    return c.json(await state())
  })
  return app
}
