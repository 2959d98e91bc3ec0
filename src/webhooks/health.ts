import { Hono } from 'hono'
import type { Readiness } from '../engine/auditor.ts'

export type Health = {
  readonly readiness: () => Promise<Readiness>
  readonly metrics: () => Promise<string>
  readonly note: string | null
}

/** `/healthz` lives, `/readyz` is content, `/metrics` counts. None of them says anything about people. */
export const createHealth = ({ readiness, metrics, note }: Health): Hono => {
  const app = new Hono()
  app.get('/healthz', (c) => c.text('ok'))
  app.get('/readyz', async (c) => {
    try {
      const { ready, reasons } = await readiness()
      return c.json({ ready, reasons, ...(note === null ? {} : { note }) }, ready ? 200 : 503)
    } catch {
      return c.json({ ready: false, reasons: ['the database cannot be reached'] }, 503)
    }
  })
  app.get('/metrics', async (c) => c.text(await metrics()))
  return app
}
