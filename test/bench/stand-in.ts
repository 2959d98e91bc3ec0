/**
 * A stand-in of the three platforms for the bench: their token, sending, changing and file endpoints in the fewest lines that answer as the vendors do, with no checks and no
 * quotas, so that it takes as little of its core as possible. It stamps the instant at which it accepts each card. The sandbox's doubles are the truthful ones; they check and
 * remember everything, and would be what is measured.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { now } from './generator.ts'
import { type PlatformName, platforms } from './plant.ts'
import { chatPicture, tokenForm } from './traffic.ts'

/** A card as accepted: on which platform, for whom, and what its first button says. */
export type Accepted = {
  readonly platform: PlatformName
  /** Words name a case too: a digest does. */
  readonly isCard: boolean
  readonly token: string
  readonly at: number
  readonly account: string
  readonly message: string
  readonly accept: string | null
}
export type Collected = {
  readonly cards: readonly Accepted[]
  readonly sends: number
  readonly updates: number
  readonly files: number
  readonly lastAt: number
  /** Messages by whom they were for: cards, words and digests, but no changes of cards. */
  readonly messages: Readonly<Record<string, number>>
  /** When a message first showed a picture. */
  readonly pictured: Readonly<Record<string, number>>
}

let cards: Accepted[] = []
let sends = 0
let updates = 0
let files = 0
let lastAt = 0
let messages: Record<string, number> = {}
let pictured: Record<string, number> = {}
let numbers = 0
const fresh = (): number => {
  numbers += 1
  return numbers
}

/** A photo of a camera, and one as a chat shrinks it. */
const [cameraPhoto = null, chatPhoto = null] = process.argv.slice(2, 4).map((path) => readFileSync(path))

const matched = (text: string, form: RegExp): string => form.exec(text)?.[1] ?? ''

/** Keys of uploaded pictures, as they stand in cards. */
const pictureKey = /img_\d+|@\d+\\*"/
/** Notes the first instant at which a message carries a picture. */
const shows = (text: string, message: string): void => {
  if (message !== '' && pictureKey.test(text)) pictured[message] ??= now()
}

const cardForm = /"msg_type":"interactive"|"msgtype":"template_card"|"outTrackId"/

/** Every card and text that is sent; what shows the token of a report is kept. */
const sent = (platform: PlatformName, text: string, account: string, message: string): void => {
  lastAt = now()
  sends += 1
  const reader = `${platform}/${account}`
  messages[reader] = (messages[reader] ?? 0) + 1
  shows(text, message)
  const token = tokenForm.exec(text)?.[0]
  if (token)
    cards.push({
      platform,
      isCard: cardForm.test(text),
      token,
      at: lastAt,
      account,
      message,
      accept: /hazard\.accept:haz_[0-9a-z]+@\d+/.exec(text)?.[0] ?? null,
    })
}

const updated = (text: string, message: string): object => {
  lastAt = now()
  updates += 1
  shows(text, message)
  return { errcode: 0, code: 0, success: true, msg: 'success', data: {} }
}

type Endpoint = (text: string, url: string) => object | Buffer

const feishuSend: Endpoint = (text) => {
  const message = `om_${process.pid}_${fresh()}`
  sent('feishu', text, matched(text, /"receive_id":"([^"]+)"/), message)
  return { code: 0, msg: 'success', data: { message_id: message, chat_id: 'oc_bench' } }
}
const dingtalkCard: Endpoint = (text) => {
  sent('dingtalk', text, matched(text, /IM_ROBOT\.([^"]+)"/), matched(text, /"outTrackId":"([^"]+)"/))
  return { success: true, result: { outTrackId: '', deliverResults: [{ success: true, spaceType: 'IM_ROBOT', errorMsg: '' }] } }
}
const dingtalkText: Endpoint = (text) => {
  sent('dingtalk', text, matched(text, /"userIds":\["([^"]+)"/), '')
  return { processQueryKey: `q${fresh()}`, invalidStaffIdList: [], flowControlledStaffIdList: [] }
}
const wecomSend: Endpoint = (text) => {
  sent('wecom', text, matched(text, /"touser":"([^"]+)"/), matched(text, /"task_id":"([^"]+)"/))
  const n = fresh()
  return { errcode: 0, errmsg: 'ok', msgid: `m${n}`, response_code: `c${n}`, invaliduser: '' }
}

const feishuUpdate: Endpoint = (text, url) => updated(text, matched(url, /\/messages\/([^/?]+)/))
const dingtalkUpdate: Endpoint = (text) => updated(text, matched(text, /"outTrackId":"([^"]+)"/))

/** Another photo each time: a comment with a number of its own behind the first marker. */
const file: Endpoint = (_, url) => {
  files += 1
  const photo = url.includes(chatPicture) ? chatPhoto : cameraPhoto
  if (!photo) return Buffer.alloc(0)
  const comment = Buffer.from(`\xff\xfe\x00\x12${String(fresh()).padStart(16, '0')}`, 'latin1')
  return Buffer.concat([photo.subarray(0, 2), comment, photo.subarray(2)])
}

const life = 7_200
/** By method and path, the first that fits. */
const endpoints: readonly (readonly [RegExp, Endpoint])[] = [
  [/^POST \/open-apis\/im\/v1\/messages\?/, feishuSend],
  [/^(PATCH|DELETE) \/open-apis\/im\/v1\/messages\//, feishuUpdate],
  [
    /^GET \/open-apis\/im\/v1\/messages\/[^/]+\/read_users/,
    () => ({ code: 0, msg: 'success', data: { items: [], has_more: false } }),
  ],
  [/^GET \/open-apis\/im\/v1\/messages\/[^/]+\/resources\//, file],
  [/^POST \/open-apis\/im\/v1\/images/, () => ({ code: 0, msg: 'success', data: { image_key: `img_${fresh()}` } })],
  [/^POST \/open-apis\/auth\//, () => ({ code: 0, msg: 'ok', tenant_access_token: 't-bench', expire: life })],
  [/^POST \/v1\.0\/card\/instances\/createAndDeliver/, dingtalkCard],
  [/^PUT \/v1\.0\/card\/instances/, dingtalkUpdate],
  [
    /^GET \/v1\.0\/robot\/oToMessages\/readStatus/,
    () => ({ sendStatus: 'SUCCESS', messageReadInfoList: [{ userId: 'x', readStatus: 'UNREAD' }] }),
  ],
  [/^POST \/v1\.0\/robot\/oToMessages\/batchSend/, dingtalkText],
  [/^POST \/v1\.0\/robot\/ding\/send/, () => ({ openDingId: 'd1' })],
  [/^POST \/v1\.0\/oauth2\/accessToken/, () => ({ accessToken: 't-bench', expireIn: life })],
  [/^POST \/v1\.0\/card\/callbacks\/register/, (text) => ({ success: true, result: JSON.parse(text) as object })],
  [/^POST \/media\/upload/, () => ({ errcode: 0, errmsg: 'ok', media_id: `@${fresh()}` })],
  [/^POST \/cgi-bin\/message\/send/, wecomSend],
  [/^POST \/cgi-bin\/message\/update_template_card/, (text) => updated(text, '')],
  [/^GET \/cgi-bin\/gettoken/, () => ({ errcode: 0, errmsg: 'ok', access_token: 't-bench', expires_in: life })],
  [/^GET \/cgi-bin\/media\/get/, file],
]

const answer = (request: IncomingMessage, response: ServerResponse, text: string): void => {
  const line = `${request.method} ${request.url}`
  const found = endpoints.find(([form]) => form.test(line))?.[1](text, request.url ?? '')
  if (!found) console.error(`the stand-in knows no ${line.slice(0, 120)}`)
  const body = Buffer.isBuffer(found) ? found : Buffer.from(JSON.stringify(found ?? {}))
  const type = Buffer.isBuffer(found) ? 'image/jpeg' : 'application/json; charset=utf-8'
  response.writeHead(found ? 200 : 404, { 'content-type': type, 'content-length': body.length }).end(body)
}

const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  let text = ''
  request.setEncoding('utf8')
  request.on('data', (piece: string) => {
    text += piece
  })
  request.on('end', () => answer(request, response, text))
})

process.on('message', () => {
  const collected: Collected = { cards, sends, updates, files, lastAt, messages, pictured }
  cards = []
  sends = 0
  updates = 0
  files = 0
  messages = {}
  pictured = {}
  process.send?.(collected)
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`stand-in of ${platforms.length} platforms on ${address && typeof address === 'object' ? address.port : 0}`)
})
