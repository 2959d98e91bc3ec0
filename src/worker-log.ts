import type { Log } from './lib/log.ts'

/** One JSON line each, where `wrangler tail` and the dashboard read them. */
export const createWorkerLog = (): Log => {
  const say =
    (level: 'info' | 'warn' | 'error') =>
    (msg: string, about: Readonly<Record<string, unknown>> = {}): void =>
      console[level](JSON.stringify({ level, msg, ...about }))
  return { info: say('info'), warn: say('warn'), error: say('error') }
}
