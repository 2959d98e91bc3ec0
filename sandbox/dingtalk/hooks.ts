import type { App, World } from '../contract.ts'
import type { Ids } from './ids.ts'
import { masked } from './mask.ts'
import { cardSign, decryptEvent, encryptEvent, eventSign, robotSign, same } from './sign.ts'
import { type Fields, fieldsOf, fieldsOrNull, parseJson, textOf } from './wire.ts'

/** What the service answered, or that it did not in time. */
export type Answered = { readonly status: number; readonly text: string } | null

/** Pushes over HTTP, to the service's own address. */
export type Hooks = {
  /** The app's next hook address: replicas take turns. Null when it has none. */
  readonly next: (app: App) => string | null
  /** A robot message, signed by header. Gives the answer's body when the service answered 200. */
  readonly robot: (app: App, message: unknown) => Promise<{ readonly body: unknown } | null>
  /** An event, encrypted. True when the answer proves that the service read it. */
  readonly event: (app: App, event: Fields) => Promise<boolean>
  /** A card press. Gives the answer, `timeout` after the client's patience, or `error`. */
  readonly card: (url: string, apiSecret: string, body: unknown) => Promise<Fields | 'timeout' | 'error'>
}

const robotPatience = 3000
const eventPatience = 2500
const cardPatience = 2000

export const createHooks = (world: World, ids: Ids): Hooks => {
  const turns = new Map<string, number>()
  const next = (app: App): string | null => {
    const turn = turns.get(app.id) ?? 0
    turns.set(app.id, turn + 1)
    return app.callbackUrls[turn % Math.max(1, app.callbackUrls.length)] ?? null
  }

  const post = async (
    url: string,
    body: string,
    headers: Readonly<Record<string, string>>,
    patience: number,
  ): Promise<Answered> => {
    let answered: Answered = null
    try {
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
        signal: AbortSignal.timeout(patience),
        redirect: 'manual',
      })
      answered = { status: response.status, text: await response.text() }
    } catch {
      answered = null // refused, reset or too slow: the platform knows no difference
    }
    const heads = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    world.log({
      surface: 'dingtalk',
      direction: 'to-service',
      what: `POST ${new URL(url).pathname}`,
      status: answered?.status ?? null,
      request: masked([`POST ${url}`, ...heads, body].join('\n')),
      response: masked(answered?.text ?? '(no answer)'),
    })
    return answered
  }

  const robot: Hooks['robot'] = async (app, message) => {
    const url = next(app)
    if (url === null) return null
    const timestamp = String(world.clock.now())
    const headers = { timestamp, sign: robotSign(app.credentials.clientSecret ?? '', timestamp) }
    const answered = await post(url, JSON.stringify(message), headers, robotPatience)
    return answered?.status === 200 ? { body: parseJson(answered.text) } : null
  }

  const event: Hooks['event'] = async (app, fields) => {
    const url = next(app)
    const { token = '', aesKey = '', clientId = '' } = app.credentials
    if (url === null) return false
    const [timestamp, nonce] = [String(world.clock.now()), ids.hex(16)]
    const encrypt = encryptEvent(aesKey, clientId, JSON.stringify(fields), ids.hex(16))
    const signature = eventSign(token, timestamp, nonce, encrypt)
    const query = new URLSearchParams({ signature, msg_signature: signature, timestamp, nonce })
    const answered = await post(`${url}?${query}`, JSON.stringify({ encrypt }), {}, eventPatience)
    return answered?.status === 200 && isSuccess(app, answered.text)
  }

  const card: Hooks['card'] = async (url, apiSecret, body) => {
    const timestamp = String(world.clock.now())
    const headers = { 'x-ddpaas-signature': cardSign(apiSecret, timestamp), 'x-ddpaas-signature-timestamp': timestamp }
    const answered = await post(url, JSON.stringify(body), headers, cardPatience)
    if (!answered) return 'timeout'
    return (answered.status === 200 ? fieldsOrNull(parseJson(answered.text)) : null) ?? 'error'
  }
  return { next, robot, event, card }
}

/** The answer to an event must be the word `success`, encrypted and signed like the event itself ("配置事件订阅", read 2026-08). */
export const isSuccess = (app: App, text: string): boolean => {
  const { token = '', aesKey = '', clientId = '' } = app.credentials
  const { msg_signature, timeStamp, nonce, encrypt } = fieldsOf(parseJson(text))
  const parts = [msg_signature, timeStamp, nonce, encrypt].map(textOf)
  if (parts.includes('')) return false
  const signed = same(eventSign(token, textOf(timeStamp), textOf(nonce), textOf(encrypt)), textOf(msg_signature))
  return signed && decryptEvent(aesKey, clientId, textOf(encrypt)) === 'success'
}
