import type { SandboxClock } from '../contract.ts'

/** At most `limit` within `length` milliseconds; going over closes the door for `block` milliseconds. */
export type Quota = { readonly length: number; readonly limit: number; readonly block: number }

export type Meter = {
  /** Counts one more under `key`; false when that is too many, and then nothing is counted. */
  readonly take: (key: string, quotas: readonly Quota[], amount?: number) => boolean
}

const minute = 60_000
const hour = 60 * minute

/** Limits of the page 访问频率限制 (document/path/90454, 2023-08-28). */
export const quotas = {
  api: [
    { length: minute, limit: 10_000, block: minute },
    { length: hour, limit: 150_000, block: hour },
  ],
  /** Messages of one app to one member; what is over is dropped without a word. */
  member: [
    { length: minute, limit: 30, block: 0 },
    { length: hour, limit: 1000, block: 0 },
  ],
  /** Wrong secrets from one address, as support answers of the platform tell. */
  wrongSecret: [{ length: hour, limit: 2000, block: hour }],
} as const satisfies Readonly<Record<string, readonly Quota[]>>

export const createMeter = (clock: SandboxClock): Meter => {
  const windows = new Map<string, { readonly since: number; count: number }>()
  const closedUntil = new Map<string, number>()
  const current = (name: string, length: number) => {
    const found = windows.get(name)
    const fresh = found && clock.now() - found.since < length ? found : { since: clock.now(), count: 0 }
    windows.set(name, fresh)
    return fresh
  }
  const take: Meter['take'] = (key, limits, amount = 1) => {
    if ((closedUntil.get(key) ?? 0) > clock.now()) return false
    const open = limits.map(({ length, limit, block }) => ({ window: current(`${key}/${length}`, length), limit, block }))
    const full = open.find(({ window, limit }) => window.count + amount > limit)
    if (full) {
      closedUntil.set(key, clock.now() + full.block)
      return false
    }
    for (const { window } of open) window.count += amount
    return true
  }
  return { take }
}
