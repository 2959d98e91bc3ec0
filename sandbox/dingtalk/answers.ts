/** What the API answers. `body` is sent as JSON unless it is text. */
export type Answer = { readonly status: number; readonly body: unknown; readonly type?: string }

/** The two families of API, with different envelopes ("服务端API错误码", read 2026-08). */
export type Family = 'new' | 'old'

export const ok = (body: unknown): Answer => ({ status: 200, body })

/** Old family: HTTP 200, `errcode` 0, the fields given. */
export const okOld = (body: object = {}): Answer => ok({ errcode: 0, errmsg: 'ok', ...body })

type Known = { readonly status: number; readonly message: string }

/** New-family codes whose status or text differs from "400, the code itself". Texts marked by the documents as examples only are kept short. */
const known: Readonly<Record<string, Known>> = {
  InvalidAuthentication: { status: 400, message: '不合法的access_token' },
  invalidClientIdOrSecret: { status: 400, message: '无效的clientId或者clientSecret' },
  authFailed: { status: 401, message: '鉴权失败' },
  'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi': { status: 403, message: '应用对该接口的调用超过QPS限制' },
  'Forbidden.AccessDenied.ApiCountLimitForOrg': { status: 403, message: '企业本月API调用次数已用完' },
  'system.error': { status: 500, message: 'system.error' },
  'system.busy': { status: 500, message: 'system.busy' },
  'param.callbackRouteKeyExist': { status: 500, message: 'param.callbackRouteKeyExist' },
  'invalidParameter.robotCode.downloadCode': { status: 400, message: '下载码有误或者已经过期' },
}

/** New family: `{code, requestid, message}` with the status of the code. The request id is filled in on the way out. */
export const refuse = (code: string, message?: string): Answer => {
  const entry = known[code] ?? { status: 400, message: code }
  return { status: entry.status, body: { code, requestid: '', message: message ?? entry.message } }
}

/** Old-family codes and their texts. */
const oldTexts: Readonly<Record<number, string>> = {
  [-1]: '系统繁忙',
  33012: '无效的USERID',
  40004: '不合法的媒体文件类型',
  40014: '不合法的access_token',
  40035: '不合法的参数',
  40089: '不合法的corpId或corpSecret',
  40104: '手机号不在该企业中',
  60003: '部门不存在',
  60121: '找不到该用户',
  90018: '应用调用该接口超过QPS限制',
  90020: '企业本月API调用次数已用完',
  300001: 'session 不存在',
  400002: '参数错误',
}

/** Old family: HTTP 200 whatever happened, `{errcode, errmsg, request_id}`. */
export const refuseOld = (errcode: number, errmsg?: string): Answer =>
  ok({ errcode, errmsg: errmsg ?? oldTexts[errcode] ?? `errcode ${errcode}`, request_id: '' })

type Trouble = 'token' | 'qps' | 'month' | 'busy' | 'failed' | 'body'

const troubles: Readonly<Record<Trouble, { readonly new: string; readonly old: number }>> = {
  token: { new: 'InvalidAuthentication', old: 40014 },
  qps: { new: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', old: 90018 },
  month: { new: 'Forbidden.AccessDenied.ApiCountLimitForOrg', old: 90020 },
  busy: { new: 'system.busy', old: -1 },
  failed: { new: 'system.error', old: -1 },
  body: { new: 'invalidParameter.param.invalid', old: 40035 },
}

/** A trouble that every call may meet, in the words of its family. */
export const troubled = (family: Family, trouble: Trouble): Answer =>
  family === 'new' ? refuse(troubles[trouble].new) : refuseOld(troubles[trouble].old)

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** The same answer as XML, which the gateway prefers when nobody asks for JSON. */
export const asXml = (answer: Answer): Answer => {
  const rows = Object.entries(answer.body as object).map(([key, value]) => `<${key}>${escapeXml(String(value))}</${key}>`)
  return {
    status: answer.status,
    type: 'text/xml; charset=utf-8',
    body: `<?xml version="1.0" encoding="UTF-8"?><response>${rows.join('')}</response>`,
  }
}

/** Thrown inside an API to end it with this answer; the gate sends it. */
export class Refused extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super('refused')
    this.name = 'Refused'
    this.answer = answer
  }
}

/** Goes on only when the claim holds; otherwise the call ends with this new-family code. */
export function demand(claim: boolean, code: string, message?: string): asserts claim {
  if (!claim) throw new Refused(refuse(code, message))
}

/** The same for the old family. */
export function demandOld(claim: boolean, errcode: number, errmsg?: string): asserts claim {
  if (!claim) throw new Refused(refuseOld(errcode, errmsg))
}
