/**
 * The answers of the API: HTTP 200 with an `errcode`.
 * Codes after the page 全局错误码 (developer.work.weixin.qq.com/document/path/90313); callers match codes, never words.
 */

export const words: Readonly<Record<number, string>> = {
  [-1]: 'system error',
  0: 'ok',
  40001: 'invalid credential',
  40003: 'invalid userid',
  40004: 'invalid media type',
  40005: 'invalid type',
  40006: 'invalid media size',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40009: 'invalid image size',
  40013: 'invalid corpid',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40032: 'invalid user list size',
  40035: 'invalid parameter',
  40039: 'invalid url size',
  40056: 'invalid agentid',
  40058: 'invalid request parameter',
  41001: 'access_token missing',
  41002: 'corpid missing',
  41004: 'corpsecret missing',
  41006: 'media_id missing',
  42001: 'access_token expired',
  42014: 'invalid task_id',
  42015: 'the updating app is not the sending app',
  42022: 'code has been used',
  42027: 'invalid keyname',
  42028: 'invalid url',
  42029: 'invalid media_id of horizontal content',
  42030: 'invalid appid',
  42031: 'invalid card_type',
  42033: 'invalid title',
  42035: 'invalid count of horizontal_content_list',
  42036: 'invalid count of vertical_content_list',
  42037: 'invalid count of option_list',
  42038: 'invalid button text or count',
  42039: 'invalid button key',
  42040: 'invalid option id',
  42041: 'invalid option text',
  42042: 'invalid count of jump_list',
  42043: 'invalid question_key',
  42044: 'invalid card_image.url',
  42045: 'invalid card_action',
  42046: 'invalid submit_button.key',
  42047: 'invalid count of select_list',
  42049: 'invalid submit_button.text',
  42050: 'invalid userid of horizontal content',
  42051: 'invalid action_menu',
  42052: 'message is older than 24 hours',
  43012: 'callback url required',
  44001: 'empty media data',
  44004: 'empty content',
  45001: 'media size out of limit',
  45002: 'content size out of limit',
  45008: 'article count out of limit',
  45009: 'reach max api daily quota limit',
  45034: 'url without scheme',
  46004: 'user does not exist',
  60003: 'department not found',
  60111: 'userid not found',
  60140: 'invalid response_code',
  81013: 'user & party & tag all invalid',
  82001: 'touser & toparty & totag all empty',
  82002: 'too many departments',
  82003: 'too many tags',
  301002: 'no right to this agentid',
}

/** What an endpoint says. `code` 0 is success; `detail` tells a developer where to look. */
export type Answer = { readonly code: number; readonly detail?: string; readonly body?: Readonly<Record<string, unknown>> }

export const ok = (body: Readonly<Record<string, unknown>> = {}): Answer => ({ code: 0, body })
export const no = (code: number, detail = '', body: Readonly<Record<string, unknown>> = {}): Answer => ({ code, detail, body })

/** Codes whose words were seen without the hint, in logs that users of the platform published. */
const bare = new Set([0, 40014])

/** The `errmsg` of an answer in the platform's long form; `hint` is its 24 digits. */
export const errmsg = ({ code, detail }: Answer, hint: string): string => {
  const said = [words[code] ?? 'error', detail?.replace(/[^\x20-\x7e]/g, '?')].filter(Boolean).join(': ')
  const tail = `hint: [${hint}], from ip: 127.0.0.1, more info at https://open.work.weixin.qq.com/devtool/query?e=${code}`
  return bare.has(code) ? (words[code] ?? '') : `${said}, ${tail}`
}
