import { type Millis, minutes, seconds } from '../lib/clock.ts'

/** So many calls of one endpoint in any stretch of this length. */
export type Window = { readonly calls: number; readonly per: Millis }
/** Windows by endpoint; `*` stands for each endpoint that is not named. Empty: nothing is held back here, and only the platform's own answer slows us down. */
export type Limits = Readonly<Record<string, readonly Window[]>>

/**
 * What each platform allows one app, counted per endpoint. Feishu: 频控策略, tier 4, that of nearly every message, contact and card call (read 2026-05).
 * DingTalk: standard edition, 20 a second per app and API (notice on API quotas, in force since 2025-11-19). WeCom: 访问频率限制, document/path/90454
 * (2023-08-28). A larger edition is told by `limits` of the connection.
 */
export const platformLimits = {
  feishu: {
    '*': [
      { calls: 50, per: seconds(1) },
      { calls: 1_000, per: minutes(1) },
    ],
  },
  dingtalk: { '*': [{ calls: 20, per: seconds(1) }] },
  wecom: {
    '*': [
      { calls: 10_000, per: minutes(1) },
      { calls: 150_000, per: minutes(60) },
    ],
  },
} as const satisfies Readonly<Record<string, Limits>>
