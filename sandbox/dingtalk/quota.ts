import type { App, World } from '../contract.ts'

/**
 * What the free edition allows per organisation: 20 calls a second per app and API, 5,000 calls and 3,000 pushes a month
 * (notice on API quotas, in force since 2025-11-19). Counts only while the world is metered.
 */
export type Quota = {
  /** Counts one call. A call refused for its rate is not counted in the month. */
  readonly call: (app: App, api: string, counted: boolean) => 'fine' | 'qps' | 'month'
  /** Counts one push to the service; false when the month's are used up. */
  readonly push: (app: App) => boolean
}

type Bucket = { tokens: number; at: number }

/** Amounts can be moved: `dingtalk.qps`, `dingtalk.apiQuota`, `dingtalk.pushQuota`. */
export const createQuota = (world: World): Quota => {
  const buckets = new Map<string, Bucket>()
  const months = new Map<string, number>()
  const amount = (name: string, fallback: number) => Number(world.choose(name, String(fallback)))
  const take = (key: string, perSecond: number): boolean => {
    const now = world.clock.now()
    const bucket = buckets.get(key) ?? { tokens: perSecond, at: now }
    const tokens = Math.min(perSecond, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * perSecond)
    buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now })
    return tokens >= 1
  }
  const spend = (app: App, what: string, limit: number): boolean => {
    const month = new Date(world.clock.now() + 8 * 3_600_000).toISOString().slice(0, 7)
    const key = `${app.credentials.corpId} ${what} ${month}`
    const used = months.get(key) ?? 0
    if (!(used < limit)) return false
    months.set(key, used + 1)
    return true
  }
  return {
    call: (app, api, counted) => {
      if (!world.metered()) return 'fine'
      if (!take(`${app.id} ${api}`, amount('dingtalk.qps', 20))) return 'qps'
      return !counted || spend(app, 'api', amount('dingtalk.apiQuota', 5000)) ? 'fine' : 'month'
    },
    push: (app) => !world.metered() || spend(app, 'push', amount('dingtalk.pushQuota', 3000)),
  }
}
