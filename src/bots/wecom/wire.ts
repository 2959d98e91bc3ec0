import { z } from 'zod'
import { cdata } from './xml.ts'

/** The id of the "please choose" line that stands first in a drop-down without an initial value: WeCom knows no empty choice. */
export const nothingChosen = 'andon:none'

/** 0 grey, 1 black, 2 red, 3 green. */
export type SourceColour = 0 | 1 | 2 | 3

/**
 * The part of `template_card` that Andon writes (doc 90236, updated 2025-09-24). Keys are in the order in which the XML repeats
 * them.
 */
export type TemplateCard = {
  readonly card_type: 'text_notice' | 'button_interaction'
  readonly source: { readonly desc: string; readonly desc_color: SourceColour }
  readonly main_title: { readonly title: string; readonly desc?: string }
  readonly quote_area?: { readonly type: 0; readonly quote_text: string }
  readonly sub_title_text?: string
  readonly horizontal_content_list?: readonly HorizontalItem[]
  readonly jump_list?: readonly { readonly type: 1; readonly title: string; readonly url: string }[]
  readonly card_action?: { readonly type: 1; readonly url: string }
  readonly button_selection?: ButtonSelection
  readonly button_list?: readonly CardButton[]
  readonly replace_text?: string
  readonly task_id?: string
}
export type HorizontalItem = { readonly type?: 1; readonly keyname: string; readonly value: string; readonly url?: string }
export type ButtonSelection = {
  readonly question_key: string
  readonly title: string
  readonly option_list: readonly { readonly id: string; readonly text: string }[]
  readonly selected_id: string
}
export type CardButton =
  | { readonly text: string; readonly style: 1 | 2 | 3 | 4; readonly key: string }
  | { readonly type: 1; readonly text: string; readonly style: 1 | 2 | 3 | 4; readonly url: string }

// ── Passive replies ──────────────────────────────────────────────────────────────────────────────────────────────────

type Plain = string | number | undefined | readonly Plain[] | { readonly [name: string]: Plain }

/** Names that are one word in JSON and two in XML (doc 90241). */
const irregular = new Map([
  ['keyname', 'KeyName'],
  ['userid', 'UserId'],
])

const camel = (name: string): string =>
  irregular.get(name) ?? name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())

const xmlOf = (name: string, value: Plain): string => {
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.map((item: Plain) => xmlOf(name, item)).join('')
  const tag = camel(name)
  if (typeof value === 'number') return `<${tag}>${value}</${tag}>`
  if (typeof value === 'string') return `<${tag}>${cdata(value)}</${tag}>`
  const inner = Object.entries(value).map(([key, item]) => xmlOf(key, item))
  return `<${tag}>${inner.join('')}</${tag}>`
}

/**
 * The passive reply that repaints the pressed card for the one who pressed it (doc 90241): CamelCase names, lists as repeated
 * elements.
 */
export const updateCardXml = (to: { account: string; corpId: string; seconds: number }, card: TemplateCard): string => {
  const { task_id: _, ...shown } = card
  return [
    `<xml><ToUserName>${cdata(to.account)}</ToUserName><FromUserName>${cdata(to.corpId)}</FromUserName>`,
    `<CreateTime>${to.seconds}</CreateTime><MsgType>${cdata('update_template_card')}</MsgType>${xmlOf('template_card', shown)}</xml>`,
  ].join('')
}

/** The outer XML of a passive reply (doc 90968). */
export const sealedXml = (sealed: { encrypted: string; signature: string; timestamp: string; nonce: string }): string =>
  `<xml><Encrypt>${cdata(sealed.encrypted)}</Encrypt><MsgSignature>${cdata(sealed.signature)}</MsgSignature>` +
  `<TimeStamp>${sealed.timestamp}</TimeStamp><Nonce>${cdata(sealed.nonce)}</Nonce></xml>`

// ── Answers of the API ───────────────────────────────────────────────────────────────────────────────────────────────

/** Every answer is HTTP 200 with an `errcode`; some older calls leave it out when all is well. */
export const verdict = z.looseObject({ errcode: z.number().int().default(0) })

export const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })

/** Receivers that were passed over are joined with `|` and lower-cased, while `errcode` is 0. */
export const sentAnswer = z.object({
  msgid: z.string().min(1),
  response_code: z.string().optional(),
  invaliduser: z.string().default(''),
  unlicenseduser: z.string().default(''),
})

export const doneAnswer = z.object({})

/** Apps made after 2022-06-20 do not see `mobile`. `status` 1 is active, 2 disabled, 4 not activated, 5 left. */
export const memberAnswer = z.object({
  userid: z.string().min(1),
  name: z.string().optional(),
  mobile: z.string().optional(),
  status: z.number().optional(),
})

export const departmentsAnswer = z.object({ department: z.array(z.object({ id: z.number().int() })) })
export const membersAnswer = z.object({ userlist: z.array(z.object({ userid: z.string().min(1) })) })
