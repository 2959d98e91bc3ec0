import { Hono } from 'hono'
import type { Log } from './lib/log.ts'
import { createHealth, type Health } from './webhooks/health.ts'
import { createSandboxClock, type SandboxClock } from './webhooks/sandbox-clock.ts'

export type AppParts = {
  readonly log: Log
  /** The callbacks of the platforms; null where the runtime serves them beside this application. */
  readonly doors: Hono | null
  readonly health: Health
  /** Where cameras and sensors raise alarms. */
  readonly alarms: Hono
  /** Where access control asks before a gate opens. */
  readonly access: Hono
  /** The board of permits for wall screens. */
  readonly board: Hono
  /** The pages that open from cards. */
  readonly pages: Hono
  /** Present only when every connection is a sandbox. */
  readonly sandboxClock: SandboxClock | null
}

/** The one application that both runtimes serve. */
export const createApp = ({ log, doors, alarms, access, board, health, pages, sandboxClock }: AppParts): Hono => {
  const app = new Hono()
  app.onError((error, c) => {
    log.error('a request failed', {
      path: new URL(c.req.url).pathname.slice(0, 60),
      error: error instanceof Error ? error.stack : String(error),
    })
    return c.text('', 500)
  })
  app.route('/', createHealth(health))
  if (doors) app.route('/', doors)
  app.route('/', alarms)
  app.route('/', access)
  app.route('/', board)
  if (sandboxClock) app.route('/', createSandboxClock(sandboxClock))
  app.route('/', pages)
  app.notFound((c) => c.text('', 404))
  return app
}
