/** The platform's error codes with their HTTP status and words (open.feishu.cn 通用错误码 and the IM, contact and card pages, May 2026). */

type Code = { readonly status: number; readonly msg: string }
const bad = (msg: string): Code => ({ status: 400, msg })

export const codes = {
  9499: bad('Bad Request'),
  10002: bad('the callback of this token is not answered yet'),
  10003: bad('invalid param'),
  10014: bad('app secret invalid'),
  10015: bad('wrong app secret'),
  11247: bad('the daily quota of batch message receivers is used up'),
  11311: bad('Failed to create card content'),
  40004: bad('no dept authority error'),
  40011: bad('page size is invalid'),
  40012: bad('page token is invalid error'),
  41050: bad('no user authority error'),
  100000: bad('card is too large'),
  100030: bad('card is not json'),
  200000: bad('the message is recalled'),
  200310: bad('the card belongs to another app'),
  230001: bad('Your request contains an invalid request parameter.'),
  230002: bad('The bot can not be outside the group.'),
  230009: bad('Message has expired when recall message.'),
  230011: bad('The message is recalled.'),
  230012: bad('Bot is NOT the sender of the message.'),
  230013: bad('Bot has NO availability to this user.'),
  230017: bad('Bot is NOT the owner of the resource.'),
  230020: bad('This operation triggers the frequency limit.'),
  230023: bad('The user has too many unread urgent messages.'),
  230024: bad('Reach the upper limit of urgent message.'),
  230025: bad('The length of the message content reaches its limit.'),
  230026: bad('No permission to recall this message.'),
  230027: bad('Lack of necessary permissions.'),
  230028: bad('The messages do NOT pass the audit.'),
  230029: bad('User has resigned.'),
  230030: bad('The batch message id is invalid.'),
  230031: bad('Message can only be modified within 14 days after sending.'),
  230033: bad('Get the reading status must be done within 7 days after the message is sent.'),
  230034: bad('The receive_id is invalid.'),
  230049: bad('The message is being sent.'),
  230053: bad('The user has stopped the bot from sending messages.'),
  230054: bad('This message type is not supported.'),
  230099: bad('Failed to create card content'),
  230110: bad('Action unavailable as the message has been deleted.'),
  232001: bad('Your request contains an invalid request parameter.'),
  232006: bad('Your request specifies a chat_id which is invalid.'),
  232011: bad('Operator can NOT be out of the chat.'),
  234001: bad('Invalid request param.'),
  234002: { status: 401, msg: 'Unauthorized.' },
  234003: bad('File not in msg.'),
  234004: bad('App not in chat.'),
  234006: bad('The file size exceed the max value.'),
  234010: bad('File is empty.'),
  234011: bad("Can't recognize the image format."),
  234039: bad('Image resolution exceeds limit.'),
  234043: bad('Unsupported message type.'),
  300020: bad('the token is malformed'),
  300030: bad('the token is expired'),
  300040: bad('the token has been used up'),
  99991201: { status: 404, msg: 'resource not find' },
  99991301: bad("request method doesn't match"),
  99991400: { status: 429, msg: 'request trigger frequency limit' },
  99991403: { status: 429, msg: "This month's API call quota has been exceeded" },
  99991661: bad('Missing access token for authorization. Please make a request with token attached.'),
  99991663: bad('Invalid access token for authorization. Please make a request with token attached.'),
  99991668: bad('Invalid access token for authorization. Please make a request with token attached.'),
  99991671: bad('Invalid token: must start with t-/u-'),
  99991672: bad('Access denied.'),
  99992351: bad('The request you send is not a valid {open_id} or not exists'),
  99992354: bad('The request you send is not a valid {message_id} or not exists'),
  99992356: bad('The request you send is not a valid {open_chat_id} or not exists'),
  99992360: bad('The request you send is not a valid {user_id} or not exists'),
  99992364: bad('The request you send is not a valid {union_id} or not exists'),
  99992402: bad('field validation failed'),
} as const satisfies Readonly<Record<number, Code>>

export type VendorCode = keyof typeof codes

/** What goes beside code and msg: more words, the `error` object, headers, or another HTTP status. */
export type Detail = {
  readonly msg?: string
  readonly status?: number
  readonly error?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
}

/** Thrown by handlers; the gateway turns it into the platform's envelope. */
export class VendorError extends Error {
  readonly code: VendorCode
  readonly detail: Detail
  constructor(code: VendorCode, detail: Detail = {}) {
    super(`feishu ${code}`)
    this.code = code
    this.detail = detail
  }
}

/** Throws the platform's refusal. */
export const refuse = (code: VendorCode, detail?: Detail): never => {
  throw new VendorError(code, detail)
}
