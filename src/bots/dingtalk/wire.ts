import { z } from 'zod'
import { type Fields, fieldsOf, readJson, textOf } from '../../lib/json.ts'

/**
 * One internal app of one organisation (钉钉企业内部应用).
 * `mode` says which door the cards call back through; the three HTTP doors stay shut unless their secret is set.
 */
export type DingtalkConnection = {
  readonly id: string
  readonly platform: 'dingtalk'
  readonly mode: 'stream' | 'webhook'
  readonly clientId: string
  readonly clientSecret: string
  readonly corpId: string
  readonly agentId: string
  readonly robotCode: string
  /** Id of the imported `templates/dingtalk/andon-card.json`; without it cards become link messages that never change. */
  readonly cardTemplateId?: string
  /** Event subscription: signing token and the 43 characters of the EncodingAESKey. */
  readonly token: string
  readonly aesKey: string
  readonly cardCallbackSecret?: string
  readonly cardCallbackRouteKey?: string
  readonly apiBase: string
  readonly oapiBase: string
}

export const robotTopic = '/v1.0/im/bot/messages/get'
export const cardTopic = '/v1.0/card/instances/callback'

/** Longest body or frame that is looked at. The official Java SDK takes frames of 256 KB. */
export const longestArrival = 256 * 1024

// ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A JSON object, given as one or as its text; null for everything else. */
export const asObject = (value: unknown): Fields | null => fieldsOf(typeof value === 'string' ? asJson(value) : value)

/** Any JSON, or undefined when the text is none. */
export const asJson = readJson

/** An id that may be stored and compared: no control characters, no lone surrogates, no bidirectional marks. */
const idForm = /^\P{C}+$/u
const longestId = 256
const id = z.string().min(1).max(longestId).regex(idForm)
const maybeId = id.optional().catch(undefined)
const maybeText = z.string().optional().catch(undefined)

/** What arrives with every message to the robot. Absent, empty or of another shape is undefined, save what no message lacks. */
export type BotMessage = {
  readonly msgId: string
  readonly msgtype: string
  readonly conversationType: string
  readonly conversationId: string | undefined
  readonly chatbotCorpId: string | undefined
  readonly senderCorpId: string | undefined
  readonly senderStaffId: string | undefined
  readonly senderId: string | undefined
  readonly senderNick: string | undefined
  readonly robotCode: string | undefined
  readonly createAt: unknown
  readonly text: unknown
  readonly content: unknown
  /** `errorCode`, in some deliveries `errCode`. */
  readonly code: unknown
}

const idOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= longestId && idForm.test(value) ? value : undefined

const longestWord = 100
const wordOf = (value: unknown): string | null => textOf(Number.isFinite(value) ? String(value) : value, longestWord)

/**
 * A message to the robot, the same over both doors; null without id or kind. By hand, because every message passes here and a schema takes a sixth
 * of the whole opening. Page "机器人接收消息" (`robot-receive-message`), 2026-08.
 */
export const readBotMessage = (value: unknown): BotMessage | null => {
  const fields = fieldsOf(value)
  if (!fields) return null
  const [msgId, msgtype] = [idOf(fields.msgId), textOf(fields.msgtype, longestWord)]
  const conversationType = wordOf(fields.conversationType)
  if (msgId === undefined || msgtype === null || conversationType === null) return null
  return {
    ...{ msgId, msgtype, conversationType, conversationId: idOf(fields.conversationId) },
    ...{ chatbotCorpId: idOf(fields.chatbotCorpId), senderCorpId: idOf(fields.senderCorpId) },
    ...{ senderStaffId: idOf(fields.senderStaffId), senderId: idOf(fields.senderId), robotCode: idOf(fields.robotCode) },
    senderNick: textOf(fields.senderNick) ?? undefined,
    ...{ createAt: fields.createAt, text: fields.text, content: fields.content, code: fields.errorCode ?? fields.errCode },
  }
}

/** A click on a card. Page "事件回调" (`event-callback-card`), 2026-08; `spaceType`, `spaceId` and `userIdType` come from the official SDK models. */
export const cardCallback = z.object({
  type: z.string().max(100),
  outTrackId: id,
  corpId: maybeId,
  userId: maybeId,
  userIdType: z.unknown().optional(),
  spaceType: maybeText,
  spaceId: maybeId,
  content: z.unknown().optional(),
  value: z.unknown().optional(),
  params: z.unknown().optional(),
})
export type CardCallback = z.infer<typeof cardCallback>

/** A downward frame of Stream mode. Page "Stream 模式协议" (`develop-stream-mode-push-server`), 2026-08. */
export const frame = z.object({
  type: z.string().max(30),
  headers: z.looseObject({
    topic: z.string().max(200),
    messageId: maybeId,
    eventType: maybeId,
    eventId: maybeId,
    eventCorpId: maybeId,
    eventBornTime: z.unknown().optional(),
    time: z.unknown().optional(),
  }),
  data: z.string().catch(''),
})
export type Frame = z.infer<typeof frame>

export const eventFields = z.object({
  EventType: id,
  EventTime: z.unknown().optional(),
  CorpId: maybeId,
  eventId: maybeId,
})

export const someIds = z.array(id).max(5_000).catch([])

// ── Answers of the platform ──────────────────────────────────────────────────────────────────────────────────────────

const list = z
  .array(z.string())
  .nullish()
  .transform((ids) => ids ?? [])

export const answers = {
  token: z.object({ accessToken: z.string().min(1), expireIn: z.number().positive().max(100_000) }),
  endpoint: z.object({ endpoint: z.url({ protocol: /^wss?$/ }), ticket: z.string().min(1).max(1_000) }),
  card: z.object({
    success: z.literal(true),
    result: z.object({ deliverResults: z.array(z.object({ success: z.boolean(), errorMsg: z.string().nullish() })).min(1) }),
  }),
  redelivered: z.object({
    success: z.literal(true),
    result: z.array(z.object({ success: z.boolean(), errorMsg: z.string().nullish() })).min(1),
  }),
  done: z.object({ success: z.literal(true) }),
  callback: z.object({
    success: z.literal(true),
    result: z.object({ callbackUrl: z.string(), apiSecret: z.string().nullish() }),
  }),
  toPeople: z.object({ processQueryKey: z.string().nullish(), invalidStaffIdList: list, flowControlledStaffIdList: list }),
  toGroup: z.object({ processQueryKey: z.string().min(1) }),
  recalled: z.object({ successResult: list, failedResult: z.record(z.string(), z.string()).nullish() }),
  userToken: z.object({ accessToken: z.string().min(1).max(8_192), corpId: maybeId }),
  me: z.object({ unionId: id }),
  byUnionId: z.object({ result: z.object({ userid: id }) }),
  readStatus: z.object({
    messageReadInfoList: z
      .array(z.object({ userId: z.string(), readStatus: z.string() }))
      .nullish()
      .transform((list) => list ?? []),
  }),
  ding: z.object({ openDingId: z.string().nullish(), failedList: z.record(z.string(), z.unknown()).nullish() }),
  download: z.object({ downloadUrl: z.string().min(1).max(8_000) }),
  media: z.object({ media_id: z.string().min(1).max(1_000) }),
  user: z.object({
    result: z.object({
      userid: id,
      name: maybeText,
      mobile: maybeText,
      job_number: maybeText,
      active: z.boolean().optional().catch(undefined),
    }),
  }),
  users: z.object({
    result: z.object({
      has_more: z.boolean(),
      next_cursor: z.number().int().nullish(),
      list: z.array(
        z.object({
          userid: id,
          name: maybeText,
          mobile: maybeText,
          job_number: maybeText,
          active: z.boolean().optional().catch(undefined),
        }),
      ),
    }),
  }),
  departments: z.object({ result: z.object({ dept_id_list: z.array(z.number().int()) }) }),
} as const
