import { days, hours, seconds } from '../../lib/clock.ts'
import type { Capabilities } from '../platform.ts'

/** Plain text of a message, in bytes of the request body. */
export const longestText = 150_000

/** What Feishu can do. The counts of facts, actions and fields are ours: they keep a card under its 200 tagged parts and 30 kB. */
export const can = {
  asOf: '2026-05',
  source:
    'open.feishu.cn: 卡片回传交互回调, 卡片 JSON 2.0 结构, 发送消息, 更新应用发送的消息卡片, 查询消息已读信息, 发送应用内加急, 批量发送消息',
  // In a group the new card is everyone's; in a direct chat everyone is the presser.
  answer: { toast: true, card: 'everyone', within: seconds(3) },
  form: { choices: 10, texts: 5, besideActions: true },
  facts: 20,
  actions: 6,
  pictures: 'upload',
  update: { uses: 'many', life: days(14) },
  onceKey: { life: hours(1), texts: true },
  receipts: 'read',
  ring: true,
  // 批量发送消息: lists of 200; no uuid.
  bulk: { most: 200, once: false },
  longestText,
} as const satisfies Capabilities
