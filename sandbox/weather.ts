/** A weather station of the plant: what it measures is set by whoever drives the sandbox, and read by the service as from any feed. */
import type { Hono } from 'hono'
import { z } from 'zod'
import { readBody, smallBody } from './control-body.ts'
import type { Core } from './world.ts'

const flag = z.boolean().nullable()
const setting = z.strictObject({
  /** Metres a second, mean of ten minutes. */
  windSpeed: z.number().nullable().optional(),
  /** Beaufort. */
  windForce: z.number().nullable().optional(),
  fog: flag.optional(),
  heavySnow: flag.optional(),
  rainstorm: flag.optional(),
  thunder: flag.optional(),
  /** The observation is so many minutes old. */
  age: z
    .number()
    .min(-60)
    .max(24 * 60)
    .optional(),
  /** What the station answers instead; 200 again makes it well. */
  status: z.number().int().min(200).max(599).optional(),
})
type Setting = z.infer<typeof setting>

const calm: Setting = { windSpeed: 2.5, fog: false, heavySnow: false, rainstorm: false, thunder: false }

/** `GET /weather` tells what is set, `POST /weather` sets some of it; the station itself answers at `/weather/feed`. */
export const mountWeather = (app: Hono, { clock }: Pick<Core, 'clock'>): void => {
  let now: Setting = calm
  app.get('/weather', (c) => c.json(now))
  app.post('/weather', smallBody, async (c) => {
    now = { ...now, ...(await readBody(c, setting)) }
    return c.json(now)
  })
  app.get('/weather/feed', (c) => {
    const { age = 0, status = 200, ...seen } = now
    if (status !== 200) return c.json({ error: 'told to fail' }, status as 500)
    return c.json({ at: new Date(clock.now() - age * 60_000).toISOString(), ...seen })
  })
}
