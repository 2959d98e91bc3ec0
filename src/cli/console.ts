import { userInfo } from 'node:os'
import type { Config } from '../config.ts'
import type { Database } from '../db/database.ts'
import type { Arrival, Outcome } from '../engine/arrival.ts'
import { createDoor } from '../engine/door.ts'
import { createDecideBatch } from '../engine/engine.ts'
import { type EngineParts, noCallOut } from '../engine/parts.ts'
import { createRegistry } from '../engine/registry.ts'
import type { MovableClock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'

/** What goes wrong on the way is said; what goes well is not. */
export const consoleLog = (print: (line: string) => void): Log => {
  const say = (message: string, about: Readonly<Record<string, unknown>> = {}): void =>
    print(`${message} ${JSON.stringify(about)}`)
  return { info: () => {}, warn: say, error: say }
}

/** Whoever sits at the console, for the journal. */
export const operator = (): string => {
  try {
    return `console:${userInfo().username}`
  } catch {
    return 'console'
  }
}

export type ConsoleDesk = { readonly decide: (arrival: Arrival) => Promise<Outcome> }

/**
 * Decides as the service does, journal and seal included, in a seal lane of its own. It sends nothing: what is to be sent waits for a running service.
 * A command from here is a command of the system; the workflow decides whether it may come from there.
 */
export const createDesk = (
  database: Database,
  config: Config,
  about: { readonly clock: MovableClock; readonly site: string; readonly log: Log },
): ConsoleDesk => {
  const parts: EngineParts = {
    database,
    clock: about.clock,
    log: about.log,
    registry: createRegistry(),
    platforms: new Map(),
    siteOf: () => about.site,
    secret: config.secret,
    replica: null,
    lane: 'console',
    page: () => null,
    images: { known: () => undefined, takes: () => false },
    callOut: noCallOut,
    count: () => {},
    heardOffset: (offset) => (config.sandbox ? about.clock.setOffset(offset) : undefined),
  }
  const door = createDoor({ parts, decide: createDecideBatch(parts), committed: () => {}, answered: () => {} })
  return { decide: (arrival) => door.handle(arrival) }
}
