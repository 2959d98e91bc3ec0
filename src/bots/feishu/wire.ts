/**
 * The bytes of the platform as zod schemas: only the fields that Andon reads, each bounded. Sources: open.feishu.cn 接收消息
 * (im.message.receive_v1), 接收消息内容, 卡片回传交互回调, 发送消息, 通讯录 v3 (read 2026-05).
 */
import { z } from 'zod'

/** An id is opaque: any printable ASCII, short enough for a key column. */
const id = z.string().regex(/^[\x21-\x7e]{1,128}$/)
const text = z.string()
/** Ids that a missing scope leaves out, empties or nulls (which of the three is not documented). */
const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().catch(null)

export const challenge = z.object({
  type: z.literal('url_verification'),
  token: z.string().max(256),
  challenge: z.string().min(1).max(512),
})

export type Envelope = {
  readonly header: {
    readonly event_id: string | null
    readonly event_type: string
    readonly create_time: string | null
    readonly token: string | null
    readonly app_id: string | null
    readonly tenant_key: string | null
  }
  readonly event: unknown
}

export type Mention = { readonly key: string; readonly name: string | null; readonly mentioned_type: string | null }

export type MessageEvent = {
  readonly sender: { readonly open_id: string | null; readonly sender_type: string | null; readonly tenant_key: string | null }
  readonly message: {
    readonly message_id: string
    readonly chat_id: string
    readonly chat_type: string | null
    readonly message_type: string
    readonly create_time: string | null
    readonly content: string | null
    readonly mentions: readonly Mention[]
  }
}

export const pressEvent = z.object({
  operator: z.object({ open_id: id, tenant_key: maybe(text) }),
  action: z.object({
    value: z.object({ key: z.string().min(1).max(200) }),
    form_value: z.unknown().optional(),
  }),
  context: z.object({ open_message_id: maybe(id), open_chat_id: maybe(id) }),
})

const userId = z.object({ open_id: id })
export const menuEvent = z.object({ operator: z.object({ operator_id: userId, operator_name: maybe(text) }) })
export const enteredEvent = z.object({ chat_id: id, operator_id: userId })
export const chatEvent = z.object({ chat_id: id, operator_id: maybe(userId), name: maybe(text) })
export const contactEvent = z.object({
  object: maybe(z.object({ open_id: maybe(id) })),
  old_object: maybe(z.object({ open_id: maybe(id) })),
})

const name = maybe(z.string())

// ── Answers of the API ───────────────────────────────────────────────────────────────────────────────────────────────

/** Every answer of the API; success is HTTP 2xx and code 0, never one of them alone. */
export const verdict = z.object({ code: z.number(), msg: z.string().catch('') })

export const tokenAnswer = z.object({
  tenant_access_token: z.string().min(1).max(8192),
  expire: z.number().positive().max(86_400),
})
export const sentAnswer = z.object({ data: z.object({ message_id: id, chat_id: maybe(id) }) })
export const readersAnswer = z.object({
  data: maybe(
    z.object({
      items: maybe(z.array(z.object({ user_id: id, timestamp: maybe(text) }))),
      has_more: maybe(z.boolean()),
      page_token: maybe(text),
    }),
  ),
})
export const urgentAnswer = z.object({ data: maybe(z.object({ invalid_user_id_list: maybe(z.array(text)) })) })
export const imageAnswer = z.object({ image_key: z.string().min(1).max(256) }).nullable()

const flag = maybe(z.boolean())
export const user = z.object({
  open_id: id,
  name,
  mobile: name,
  employee_no: name,
  status: maybe(z.object({ is_frozen: flag, is_resigned: flag, is_activated: flag, is_exited: flag, is_unjoin: flag })),
})
export type User = z.infer<typeof user>
export const userAnswer = z.object({ data: z.object({ user }) })

const page = { has_more: maybe(z.boolean()), page_token: maybe(text) }
export const usersAnswer = z.object({ data: z.object({ ...page, items: maybe(z.array(user)) }) })
export const departmentsAnswer = z.object({
  data: z.object({ ...page, items: maybe(z.array(z.object({ open_department_id: id }))) }),
})

/** The answer of the long connection's bootstrap; half a configuration would make the SDK ping without a pause. */
export const endpointAnswer = z.object({
  code: z.number(),
  msg: z.string().catch(''),
  data: maybe(
    z.object({
      URL: z.string().regex(/^wss?:\/\//),
      ClientConfig: z.object({
        ReconnectCount: z.number().int(),
        ReconnectInterval: z.number().positive(),
        ReconnectNonce: z.number().nonnegative(),
        PingInterval: z.number().min(1).max(600),
      }),
    }),
  ),
})
