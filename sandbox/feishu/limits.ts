/** Rate limits and the monthly quota (open.feishu.cn 频控策略 and 自建应用 API 调用量上限调整说明, May 2026), on the world's clock. */
import type { World } from '../contract.ts'
import { refuse } from './codes.ts'
import type { FeishuApp } from './state.ts'
import { amount, choice } from './switches.ts'

type Window = { readonly limit: number; readonly milliseconds: number }

/** Tier 4, that of nearly every IM, contact and card call: 1000 a minute and 50 a second, per API and app. */
const tier4: readonly Window[] = [
  { limit: 50, milliseconds: 1_000 },
  { limit: 1_000, milliseconds: 60_000 },
]
/** Messages to one user, to one group (shared by all bots in it), changes of one message. */
const fivePerSecond: readonly Window[] = [{ limit: 5, milliseconds: 1_000 }]

export type Limits = {
  /** Counts one call of an API. Throws 99991400 with the gateway's headers. */
  readonly call: (app: FeishuApp, api: string) => void
  /** Counts one message to a user or chat, or one change of a message. Throws 230020. */
  readonly gently: (target: string) => void
  /** Throws 99991403 when the month's calls are used up. Failed calls are not counted: `spend` after success. */
  readonly quota: (app: FeishuApp) => void
  readonly spend: (app: FeishuApp) => void
}

type Full = { readonly limit: number; readonly seconds: number }

const createWindows = (world: World) => {
  const hits = new Map<string, readonly number[]>()
  /** Null when there was room, and the hit is counted. A refused hit is not. */
  return (key: string, windows: readonly Window[]): Full | null => {
    const now = world.clock.now()
    const longest = Math.max(...windows.map(({ milliseconds }) => milliseconds))
    const recent = (hits.get(key) ?? []).filter((at) => at > now - longest)
    for (const { limit, milliseconds } of windows) {
      const inside = recent.filter((at) => at > now - milliseconds)
      if (inside.length < limit) continue
      return { limit, seconds: Math.max(1, Math.ceil(((inside[0] ?? now) + milliseconds - now) / 1000)) }
    }
    hits.set(key, [...recent, now])
    return null
  }
}

const headersOf = ({ limit, seconds }: Full) => ({
  'x-ogw-ratelimit-limit': String(limit),
  'x-ogw-ratelimit-reset': String(seconds),
})

export const createLimits = (world: World): Limits => {
  const take = createWindows(world)
  const spent = new Map<string, number>()
  const month = (app: FeishuApp) => `${app.tenantKey} ${new Date(world.clock.now()).toISOString().slice(0, 7)}`
  return {
    call: (app, api) => {
      const full = world.metered() ? take(`${app.appId} ${api}`, tier4) : null
      if (full) refuse(99991400, { headers: headersOf(full) })
    },
    gently: (target) => {
      const full = world.metered() ? take(target, fivePerSecond) : null
      if (full) refuse(230020, choice(world, 'busyHeaders') === 'present' ? { headers: headersOf(full) } : {})
    },
    quota: (app) => {
      if (world.metered() && (spent.get(month(app)) ?? 0) >= amount(world, 'monthlyQuota')) refuse(99991403)
    },
    spend: (app) => {
      if (world.metered()) spent.set(month(app), (spent.get(month(app)) ?? 0) + 1)
    },
  }
}
