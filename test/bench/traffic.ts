/**
 * Requests as the three platforms send them, whole and ready for a socket: each with its own body, signed, and encrypted where the platform encrypts (Feishu, WeCom; DingTalk
 * signs only). Written from the vendors' pages on callbacks: open.feishu.cn 配置 Encrypt Key, developer.work.weixin.qq.com/document/path/90968,
 * open.dingtalk.com 机器人接收消息 and 注册卡片回调地址.
 */
import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import { accountOf, credentials, type PlatformName } from './plant.ts'

const usualWords = '3号泵房地面漏油'

/** The body of a message is this long, give or take a letter. */
const bodyBytes = 1_100

export type Message = {
  readonly platform: PlatformName
  /** Which worker of the plant writes. */
  readonly worker: number
  /** Stands first in the text, so that the card that follows is known again. */
  readonly token: string
  /** What is reported; a leak in a pump house when left out. */
  readonly words?: string
  /** A key of a picture instead of words. */
  readonly picture?: string
  /** Milliseconds of the service's clock. */
  readonly at: number
}

/** A button on a card that the stand-in has accepted. */
export type Press = {
  readonly platform: PlatformName
  readonly account: string
  readonly message: string
  readonly key: string
  readonly at: number
}

const own = (platform: PlatformName, name: string): string => credentials[platform][name] ?? ''
const hex = (seed: string, length: number): string => createHash('sha256').update(seed).digest('hex').slice(0, length)

type Sealed = { readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly body: string }

const bytesOf = ({ path, headers, body }: Sealed): Buffer => {
  const lines = Object.entries({ host: '127.0.0.1', ...headers, 'content-length': String(Buffer.byteLength(body)) })
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`)
}

/** Words until the body has its length. */
const padded = (length: number, build: (words: string) => string, measure: (built: string) => number): string => {
  const missing = length - measure(build(''))
  return build('请尽快派人处理'.repeat(60).slice(0, Math.max(0, Math.floor(missing / 3))))
}

// ── Feishu ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const feishuKey = createHash('sha256').update(own('feishu', 'encryptKey')).digest()

export const feishuSealed = (plain: string, at: number): Sealed => {
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-256-cbc', feishuKey, iv)
  const body = JSON.stringify({ encrypt: Buffer.concat([iv, cipher.update(plain), cipher.final()]).toString('base64') })
  const timestamp = String(Math.floor(at / 1000))
  const nonce = hex(`${at}${body.length}`, 16)
  const signature = createHash('sha256')
    .update(timestamp + nonce + own('feishu', 'encryptKey'))
    .update(body)
    .digest('hex')
  return {
    path: '/hooks/feishu-demo',
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-lark-request-timestamp': timestamp,
      'x-lark-request-nonce': nonce,
      'x-lark-signature': signature,
    },
  }
}

const feishuEvent = (type: string, id: string, at: string, event: object): string => {
  const header = { event_id: hex(id, 32), event_type: type, create_time: at, token: own('feishu', 'verificationToken') }
  return JSON.stringify({
    schema: '2.0',
    header: { ...header, app_id: own('feishu', 'appId'), tenant_key: own('feishu', 'tenantKey') },
    event,
  })
}

const feishuMessage = ({ worker, token, words: trouble = usualWords, picture, at }: Message): Sealed => {
  const account = accountOf('feishu', 'worker', worker)
  const sender = { sender_id: { open_id: account }, sender_type: 'user', tenant_key: own('feishu', 'tenantKey') }
  const build = (words: string): string => {
    const content = picture ? { image_key: picture } : { text: `${token} ${trouble}。${words}` }
    const times = { create_time: String(at), update_time: String(at) }
    const message = { message_id: `om_${hex(token, 32)}`, ...times, chat_id: `oc_${hex(account, 32)}`, chat_type: 'p2p' }
    const kind = { message_type: picture ? 'image' : 'text', content: JSON.stringify(content) }
    return feishuEvent('im.message.receive_v1', token, String(at), { sender, message: { ...message, ...kind } })
  }
  return feishuSealed(padded((bodyBytes - 14) * 0.75 - 24, build, Buffer.byteLength), at)
}

const feishuPress = ({ account, message, key, at }: Press): Sealed => {
  const operator = { tenant_key: own('feishu', 'tenantKey'), user_id: null, open_id: account, union_id: `on_${hex(account, 32)}` }
  const action = { value: { key }, tag: 'button', timezone: 'Asia/Shanghai' }
  const context = { open_message_id: message, open_chat_id: `oc_${hex(account, 32)}` }
  const event = { operator, token: `c-${hex(`${message}${at}`, 40)}`, action, host: 'im_message', context }
  return feishuSealed(feishuEvent('card.action.trigger', `${message}${key}`, `${at}000`, event), at)
}

// ── WeCom ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const wecomKey = Buffer.from(`${own('wecom', 'encodingAesKey')}=`, 'base64')

export const wecomSealed = (plain: string, at: number): Sealed & { readonly query: Readonly<Record<string, string>> } => {
  const message = Buffer.from(plain)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(message.length)
  const whole = Buffer.concat([randomBytes(16), length, message, Buffer.from(own('wecom', 'corpId'))])
  const pad = 32 - (whole.length % 32)
  const cipher = createCipheriv('aes-256-cbc', wecomKey, wecomKey.subarray(0, 16)).setAutoPadding(false)
  const encrypted = Buffer.concat([cipher.update(whole), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString(
    'base64',
  )
  const timestamp = String(Math.floor(at / 1000))
  const nonce = hex(encrypted, 10)
  const signature = createHash('sha1')
    .update([own('wecom', 'token'), timestamp, nonce, encrypted].sort().join(''))
    .digest('hex')
  const head = `<xml><ToUserName><![CDATA[${own('wecom', 'corpId')}]]></ToUserName>`
  return {
    path: `/hooks/wecom-demo?msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`,
    query: { msg_signature: signature, timestamp, nonce },
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: `${head}<AgentID><![CDATA[${own('wecom', 'agentId')}]]></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
  }
}

const wecomHead = (account: string, at: number, type: string): string =>
  `<xml><ToUserName><![CDATA[${own('wecom', 'corpId')}]]></ToUserName><FromUserName><![CDATA[${account}]]></FromUserName>` +
  `<CreateTime>${Math.floor(at / 1000)}</CreateTime><MsgType><![CDATA[${type}]]></MsgType>`

const wecomMessage = ({ worker, token, words: trouble = usualWords, picture, at }: Message): Sealed => {
  const head = wecomHead(accountOf('wecom', 'worker', worker), at, picture ? 'image' : 'text')
  const id = `<MsgId>${BigInt(`0x${hex(token, 15)}`)}</MsgId><AgentID>${own('wecom', 'agentId')}</AgentID></xml>`
  const build = (words: string): string =>
    picture
      ? `${head}<PicUrl><![CDATA[https://example.com/${picture}]]></PicUrl><MediaId><![CDATA[${picture}]]></MediaId>${id}`
      : `${head}<Content><![CDATA[${token} ${trouble}。${words}]]></Content>${id}`
  return wecomSealed(padded((bodyBytes - 145) * 0.75 - 60, build, Buffer.byteLength), at)
}

const wecomPress = ({ account, message, key, at }: Press): Sealed =>
  wecomSealed(
    `${wecomHead(account, at, 'event')}<Event><![CDATA[template_card_event]]></Event><EventKey><![CDATA[${key}]]></EventKey>` +
      `<TaskId><![CDATA[${message}]]></TaskId><CardType><![CDATA[button_interaction]]></CardType>` +
      `<ResponseCode><![CDATA[${hex(`${message}${at}`, 40)}]]></ResponseCode><AgentID>${own('wecom', 'agentId')}</AgentID></xml>`,
    at,
  )

// ── DingTalk ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export const dingtalkSigned = (body: string, at: number): Sealed => {
  const secret = own('dingtalk', 'clientSecret')
  const sign = createHmac('sha256', secret).update(`${at}\n${secret}`).digest('base64')
  return {
    path: '/hooks/dingtalk-demo',
    body,
    headers: { 'content-type': 'application/json; charset=utf-8', timestamp: String(at), sign },
  }
}

const dingtalkMessage = ({ worker, token, words: trouble = usualWords, picture, at }: Message): Sealed => {
  const account = accountOf('dingtalk', 'worker', worker)
  const corp = own('dingtalk', 'corpId')
  const build = (words: string): string => {
    const said = picture
      ? { msgtype: 'picture', content: { downloadCode: picture, pictureDownloadCode: picture } }
      : { msgtype: 'text', text: { content: `${token} ${trouble}。${words}` } }
    const chat = { conversationId: `cid${hex(account, 30)}`, chatbotCorpId: corp, chatbotUserId: '$:LWCP_v1:$bench' }
    const sender = {
      senderNick: `工人${worker}`,
      isAdmin: false,
      senderStaffId: account,
      senderCorpId: corp,
      senderId: `$:${hex(account, 20)}`,
    }
    const times = { sessionWebhookExpiredTime: at + 5_400_000, createAt: at, conversationType: '1' }
    const robot = {
      sessionWebhook: `https://oapi.dingtalk.com/robot/sendBySession?session=${hex(token, 32)}`,
      robotCode: own('dingtalk', 'robotCode'),
    }
    return JSON.stringify({
      ...chat,
      msgId: `msg${hex(token, 21)}==`,
      ...sender,
      ...times,
      ...robot,
      ...said,
      senderPlatform: 'Android',
    })
  }
  return dingtalkSigned(padded(bodyBytes, build, Buffer.byteLength), at)
}

const dingtalkPress = ({ account, message, key, at }: Press): Sealed => {
  const content = JSON.stringify({ cardPrivateData: { actionIds: ['press'], params: { key } } })
  const who = { corpId: own('dingtalk', 'corpId'), userId: account, userIdType: 1, spaceType: 'IM_ROBOT', spaceId: account }
  const stamp = String(at)
  return {
    path: '/hooks/dingtalk-demo',
    body: JSON.stringify({ type: 'actionCallback', outTrackId: message, ...who, extension: '{}', content }),
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-ddpaas-signature': createHmac('sha256', own('dingtalk', 'cardCallbackSecret')).update(stamp).digest('base64'),
      'x-ddpaas-signature-timestamp': stamp,
    },
  }
}

const messages: Readonly<Record<PlatformName, (message: Message) => Sealed>> = {
  feishu: feishuMessage,
  dingtalk: dingtalkMessage,
  wecom: wecomMessage,
}
const presses: Readonly<Record<PlatformName, (press: Press) => Sealed>> = {
  feishu: feishuPress,
  dingtalk: dingtalkPress,
  wecom: wecomPress,
}

export const sealedMessage = (message: Message): Sealed => messages[message.platform](message)
export const messageRequest = (message: Message): Buffer => bytesOf(sealedMessage(message))
export const pressRequest = (press: Press): Buffer => bytesOf(presses[press.platform](press))

/** Begins the key of a picture that a chat has shrunk; the stand-in serves a small one for it. */
export const chatPicture = 'img_chat_'

/** A token that no code of a case and no one-time code looks like. */
export const tokenOf = (run: string, n: number): string => `Q${run}x${String(n).padStart(6, '0')}q`
export const tokenForm = /Q[0-9a-z]+x\d{6}q/
