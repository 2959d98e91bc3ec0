/**
 * What the platform's error codes mean for a delivery. Source: open.feishu.cn 通用错误码, 频控策略 and the error tables of 发送消息,
 * 更新应用发送的消息卡片, 发送应用内加急, 获取消息中的资源文件, 上传图片, 获取单个用户信息 (read 2026-05).
 */
import { type Millis, seconds } from '../../lib/clock.ts'
import { TokenRefused } from '../call.ts'
import { DeliveryError } from '../platform.ts'

/** An answer that says no: HTTP status, the platform's code (null when the body had none), its words, and when to come back. */
export type No = { readonly status: number; readonly code: number | null; readonly msg: string; readonly reset: Millis | null }

type Kind = DeliveryError['kind']
type Scope = DeliveryError['scope']
type Row = readonly [kind: Kind, because: string, scope: Scope, codes: readonly number[], retryAfter?: Millis]

const refusedTokens: ReadonlySet<number> = new Set([99991661, 99991663, 99991671])

const rows: readonly Row[] = [
  // Come back later. 230020 counts per person, chat and message; the others per app.
  ['temporary', 'rate-limited', 'connection', [99991400, 11232, 232019], seconds(1)],
  ['temporary', 'rate-limited', 'account', [230020], seconds(1)],
  ['temporary', 'token-service', 'connection', [10012, 10013], seconds(1)],
  ['temporary', 'storage', 'message', [234041, 234042], seconds(1)],
  // The same content is on its way already.
  ['ambiguous', 'being-sent', 'message', [230049], seconds(1)],
  // The connection: credentials, rights, quota.
  ['permanent', 'quota', 'connection', [99991403]],
  ['permanent', 'credentials', 'connection', [10003, 10014, 10015, 99991664, 99991665, 99991668]],
  ['permanent', 'app-off', 'connection', [99991662, 99991673, 230006, 232025, 234007]],
  ['permanent', 'no-permission', 'connection', [99991401, 99991672, 99991677, 99991679, 230027, 40004]],
  ['permanent', 'wrong-address', 'connection', [99991201, 99991301]],
  ['permanent', 'urgent-quota', 'connection', [230024]],
  // 批量发送消息 only: each can still be sent alone.
  ['permanent', 'batch-quota', 'message', [11247]],
  // This person or this group.
  ['permanent', 'unknown-account', 'account', [99992351, 99992360, 99992361, 99992364, 230034, 41050]],
  ['permanent', 'unknown-conversation', 'account', [99992356, 232006, 232009, 232011]],
  ['permanent', 'bot-outside', 'account', [230002, 234004]],
  ['permanent', 'unreachable', 'account', [230013, 230038, 232024]],
  ['permanent', 'resigned', 'account', [230029]],
  ['permanent', 'muted', 'account', [230053]],
  ['permanent', 'not-allowed', 'account', [230018, 230035]],
  ['permanent', 'too-many-urgent', 'account', [230023]],
  // This message.
  ['permanent', 'expired', 'message', [230009, 230031, 230033]],
  ['permanent', 'gone', 'message', [99992354, 230011, 230019, 230050, 230110, 230111, 234003, 234040]],
  ['permanent', 'not-ours', 'message', [230012, 230017, 230026]],
  ['permanent', 'content-refused', 'message', [230022, 230028]],
  ['permanent', 'card-refused', 'message', [230099]],
  ['permanent', 'too-large', 'message', [230025, 234006, 234037, 234039]],
  ['permanent', 'unsupported', 'message', [230015, 230030, 230052, 230054, 230055, 230075, 230098, 234009, 234038, 234043]],
  ['permanent', 'no-permission', 'message', [234002]],
  ['permanent', 'bad-request', 'message', [9499, 99992402, 230001, 232001, 234001, 234010, 234011, 40011, 40012]],
]

const table: ReadonlyMap<number, Row> = new Map(rows.flatMap((row) => row[3].map((code) => [code, row] as const)))

/** The codes that have a meaning here; for the test that reads them beside the document. */
export const knownCodes: ReadonlyMap<number, { readonly kind: Kind; readonly because: string; readonly scope: Scope }> = new Map(
  [...table].map(([code, [kind, because, scope]]) => [code, { kind, because, scope }]),
)

/** May the call have taken effect although we do not know? `once`: then repeating it shows. `idempotent`: repeating it changes nothing. */
export type Risk = 'once' | 'idempotent'

/** The error for an answer that says no. The platform's words stay out of it: they may repeat what was sent. */
export const refusalOf = (no: No, risk: Risk): DeliveryError | TokenRefused => {
  if (no.code !== null && refusedTokens.has(no.code)) return new TokenRefused(`code ${no.code}`)
  if (no.code === 230099 && locked.test(no.msg))
    return new DeliveryError('temporary', 'card-locked', { retryAfter: 500, detail: 'code 230099' })
  const row = no.code === null ? undefined : table.get(no.code)
  if (row) return failure(row, no)
  if (no.status === 429) return failure(['temporary', 'rate-limited', 'connection', [], seconds(1)], no)
  if (no.status >= 500)
    return failure([risk === 'once' ? 'ambiguous' : 'temporary', 'platform-down', 'connection', [], seconds(1)], no)
  if (risk === 'once' && alreadySent.test(no.msg)) return failure(['ambiguous', 'already-sent', 'message', []], no)
  return failure(['permanent', 'refused', no.code === null ? 'connection' : 'message', []], no)
}

/** A card in an interaction cannot be changed for a moment (200800; also 11310 with these words). */
const locked = /ErrCode: 200800\b|card action is lock/i

/** What a repeated `uuid` answers is not documented. An unknown refusal that speaks of one is not a reason to send in another way. */
const alreadySent = /uuid|duplicat|repeat|idempoten|already/i

const failure = ([kind, because, scope, , retryAfter]: Row, no: No): DeliveryError => {
  const wait = kind === 'permanent' ? null : (no.reset ?? retryAfter ?? null)
  return new DeliveryError(kind, because, {
    scope,
    ...(wait !== null && { retryAfter: wait }),
    detail: no.code === null ? `HTTP ${no.status}` : `code ${no.code}`,
  })
}
