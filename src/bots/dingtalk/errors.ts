import { type Millis, minutes, seconds } from '../../lib/clock.ts'
import type { Fields } from '../../lib/json.ts'
import { TokenRefused } from '../call.ts'
import { DeliveryError } from '../platform.ts'
import { asObject } from './wire.ts'

type Fault = {
  readonly kind: DeliveryError['kind']
  readonly because: string
  readonly scope: DeliveryError['scope']
  readonly retryAfter?: Millis
}

const never = (because: string, scope: Fault['scope'] = 'message'): Fault => ({ kind: 'permanent', because, scope })
const wait = (because: string, retryAfter: Millis): Fault => ({ kind: 'temporary', because, scope: 'connection', retryAfter })
const unknown: Fault = { kind: 'ambiguous', because: 'platform-timeout', scope: 'connection' }
const token = 'token'

/**
 * What the platform's codes mean for a delivery, both hosts together: new ones are words, old ones numbers.
 * Pages "服务端API错误码" (`server-api-error-codes-1`) and the error tables of each API, 2026-08. A code that ends in `.` stands for all that begin so.
 */
const faults: ReadonlyMap<string, Fault | typeof token> = new Map<string, Fault | typeof token>([
  // The token itself.
  ['InvalidAuthentication', token],
  ['invalidParameter.token.invalid', token],
  ['40001', token],
  ['40014', token],
  ['41001', token],
  ['42001', token],
  // Credentials, scopes, addresses: an administrator has to act.
  ['authFailed', never('bad-credentials', 'connection')],
  ['invalidClientIdOrSecret', never('bad-credentials', 'connection')],
  ['Forbidden.AccessDenied.AccessTokenPermissionDenied', never('no-permission', 'connection')],
  ['Forbidden.AccessDenied.IpNotInWhiteList', never('address-not-listed', 'connection')],
  ['Forbidden.AccessDenied.ApiCountLimitForOrg', never('quota-spent', 'connection')],
  ['88', never('no-permission', 'connection')],
  ['60011', never('no-permission', 'connection')],
  ['60020', never('address-not-listed', 'connection')],
  ['90020', never('quota-spent', 'connection')],
  ['90003', never('blocked', 'connection')],
  ['90004', never('blocked', 'connection')],
  ['invalidParameter.robotCode.', never('bad-robot', 'connection')],
  ['bot.stopped', never('bad-robot', 'connection')],
  ['chatbotId.notAllow.sendOTO', never('bad-robot', 'connection')],
  ['robot.oto.notExist', never('bad-robot', 'connection')],
  ['invalid.chatbotId', never('bad-robot', 'connection')],
  ['param.cardTemplateIdEmpty', never('bad-template', 'connection')],
  ['param.templateNotExist', never('bad-template', 'connection')],
  ['param.templateUnpublished', never('bad-template', 'connection')],
  ['ding.serverquota.insufficient', never('quota-spent')],
  // Too much at once.
  ['Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', wait('too-fast', seconds(1))],
  ['Forbidden.AccessDenied.QpsLimitForApi', wait('too-fast', seconds(1))],
  ['Forbidden.AccessDenied.QpmLimitForAppkeyAndApi', wait('too-fast', minutes(1))],
  ['send.too.fast', wait('too-fast', seconds(1))],
  ['send.byToken.tooFast', wait('too-fast', minutes(1))],
  ['toomuch.msg', wait('too-fast', minutes(1))],
  ['90002', wait('too-fast', seconds(1))],
  ['90018', wait('too-fast', seconds(1))],
  ['90005', wait('too-fast', minutes(1))],
  ['90006', wait('too-fast', minutes(1))],
  // Busy, and nothing was done.
  ['system.busy', wait('busy', seconds(1))],
  ['system.error', wait('busy', seconds(1))],
  ['server.error', wait('busy', seconds(1))],
  ['ServiceUnavailable', wait('busy', seconds(1))],
  ['-1', wait('busy', seconds(1))],
  // The platform gave up waiting for itself: done or not, nobody knows.
  ['15', unknown],
  ['isp.top-remote-connection-timeout', unknown],
  // Nobody there.
  ['33012', never('unknown-account', 'account')],
  ['60121', never('unknown-account', 'account')],
  ['50002', never('unknown-account', 'account')],
  ['staffId.notExisted', never('unknown-account', 'account')],
  ['miss.staffId', never('unknown-account', 'account')],
  ['param.userIdNotExist', never('unknown-account', 'account')],
  ['param.openSpaceIdInvalid', never('unknown-account', 'account')],
  ['invalid.openConversationId', never('unknown-group', 'account')],
  ['group.disbanded', never('unknown-group', 'account')],
  ['conversation.org.notMatch', never('unknown-group', 'account')],
  // These words, not this person.
  ['param.contentUnsafe', never('content-refused')],
  ['contain.', never('content-refused')],
  ['resource.not.found', never('unknown-message')],
  ['param.cardNotExist', never('card-gone')],
  ['param.cardAlreadyExist', never('card-exists')],
])

const find = (code: string): Fault | typeof token | undefined =>
  faults.get(code) ?? [...faults].find(([prefix]) => prefix.endsWith('.') && code.startsWith(prefix))?.[1]

/** What a status says when no code does: a gateway's time-out leaves the outcome open. */
const byStatus = (status: number): Fault => {
  if (status === 429 || status === 503) return wait('busy', seconds(1))
  if (status >= 500) return unknown
  return never('refused')
}

/** A call that changes nothing can simply be made again. */
const settle = (fault: Fault, effect: boolean): Fault =>
  fault.kind === 'ambiguous' && !effect ? { ...fault, kind: 'temporary' } : fault

const thrown = ({ kind, because, scope, retryAfter }: Fault, detail?: string): DeliveryError =>
  new DeliveryError(kind, because, {
    scope,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(detail === undefined ? {} : { detail }),
  })

/** Only letters, digits, dots: what the platform calls the error, never what it says about it. */
const codeOnly = (code: string): string => code.replace(/[^\w.-]/g, '').slice(0, 80)

/**
 * The error a response stands for, or null when it is a success. `effect` is false for calls that only read.
 * Bodies may be anything: a ban of the address is answered with a page or `{"status":1111}` for five minutes.
 */
export const faultOf = (status: number, text: string, effect: boolean): DeliveryError | TokenRefused | null => {
  const body = asObject(text)
  if (body?.status === 1111 || (!body && status < 500 && /^\s*</.test(text))) return thrown(wait('address-banned', minutes(5)))
  const code = body ? codeIn(body, status) : null
  if (code === null && status >= 200 && status < 300) return null
  const named = code === null ? undefined : find(code)
  if (named === token) return new TokenRefused(code ?? token)
  return thrown(settle(named ?? byStatus(status), effect), code === null ? `HTTP ${status}` : codeOnly(code))
}

/** Old host: `errcode`, with the real reason of 88 and 15 in `sub_code`. New host: `code`, only beside a failing status. */
const codeIn = (body: Fields, status: number): string | null => {
  const old = body.errcode
  if (old !== undefined && String(old) !== '0') {
    const sub = typeof body.sub_code === 'string' || typeof body.sub_code === 'number' ? String(body.sub_code) : ''
    return sub && find(sub) ? sub : String(old)
  }
  return status >= 400 && typeof body.code === 'string' ? body.code : null
}

/** Did nothing reach us, the request may still have been performed. */
export const lostAnswer = (effect: boolean, detail: string): DeliveryError =>
  thrown(settle({ kind: 'ambiguous', because: 'no-answer', scope: 'connection' }, effect), detail)

export const unreadable = (effect: boolean): DeliveryError =>
  thrown(settle({ kind: 'ambiguous', because: 'unreadable-answer', scope: 'connection' }, effect))

/** Words in a delivery result that speak of the moment rather than of the address. The texts are not documented. */
const passing = /频|限流|繁忙|超时|稍后|busy|limit|too.?(fast|many|much)|time.?out|flow|qps/i
export const mayPass = (words: string): boolean => passing.test(words)
