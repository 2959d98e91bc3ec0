import { type Millis, minutes, seconds } from '../lib/clock.ts'

/** So many calls of one endpoint in any stretch of this length. */
export type Window = { readonly calls: number; readonly per: Millis }
/** Windows by endpoint; `*` stands for each endpoint that is not named. Empty: nothing is held back here, and only the platform's own answer slows us down. */
export type Limits = Readonly<Record<string, readonly Window[]>>

/** Windows by what is written to: messages to one person, messages into one group, changes of one message. */
export type ChatLimits = Readonly<Record<'person' | 'group' | 'message', readonly Window[]>>

/**
 * What each platform allows one chat, whatever the endpoint, beside the limits of the app. Over them Feishu refuses (230020), WeCom takes the message and drops
 * it without a word, and DingTalk closes the group to the robot for ten minutes, so they are never passed, not even for what is urgent.
 * Feishu: 频控策略 and 发送消息, 5 a second to one person, 5 a second into one group, 5 a second for changes of one message (read 2026-05). WeCom: 访问频率限制,
 * document/path/90454 (2023-08-28), 30 a minute and 1,000 an hour from one app to one member. DingTalk: "机器人发送群聊消息" and the page of group robots, 20 a
 * minute into one group (read 2026-08); none is published for one person.
 */
export const chatLimits = {
  feishu: {
    person: [{ calls: 5, per: seconds(1) }],
    group: [{ calls: 5, per: seconds(1) }],
    message: [{ calls: 5, per: seconds(1) }],
  },
  dingtalk: { person: [], group: [{ calls: 20, per: minutes(1) }], message: [] },
  wecom: {
    person: [
      { calls: 30, per: minutes(1) },
      { calls: 1_000, per: minutes(60) },
    ],
    group: [],
    message: [],
  },
} as const satisfies Readonly<Record<string, ChatLimits>>

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
