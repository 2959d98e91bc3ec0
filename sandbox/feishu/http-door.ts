/** Pushes over HTTP: encryption, signature, the address check, three seconds, no redirects (open.feishu.cn 将事件发送至开发者服务器, May 2026). */
import { randomUUID } from 'node:crypto'
import type { World } from '../contract.ts'
import { isFields } from './card-checks.ts'
import { masked } from './masking.ts'
import { answerWithin, type Door, type Outcome } from './outcome.ts'
import { parsed } from './screens.ts'
import { encrypt, sign } from './signing.ts'
import { type FeishuApp, hex } from './state.ts'
import { choice } from './switches.ts'

const challengeWithin = 1_000
const longestAnswer = 128 * 1024

type Posting = {
  readonly url: string
  readonly json: string
  readonly signed: boolean
  readonly within: number
  readonly what: string
}

export const createHttpDoor = (world: World, app: FeishuApp, closing: AbortSignal): Door => {
  const proven = new Set<string>()
  let turn = 0

  const headersFor = (body: string, signed: boolean): Record<string, string> => {
    const plain = { 'content-type': 'application/json; charset=utf-8' }
    if (!signed || app.encryptKey === '') return plain
    const timestamp = String(Math.floor(world.clock.now() / 1000))
    const nonce = hex(world, 16)
    return {
      ...plain,
      'X-Lark-Request-Timestamp': timestamp,
      'X-Lark-Request-Nonce': nonce,
      'X-Lark-Signature': sign(timestamp, nonce, app.encryptKey, body),
    }
  }

  const post = async ({ url, json, signed, within, what }: Posting): Promise<Outcome> => {
    const body = app.encryptKey === '' ? json : JSON.stringify({ encrypt: encrypt(app.encryptKey, json) })
    const signal = AbortSignal.any([AbortSignal.timeout(within), closing])
    const log = (status: number | null, response: string) =>
      world.log({
        surface: 'feishu',
        direction: 'to-service',
        what: `POST ${url} ${what}`,
        status,
        request: masked(json),
        response: masked(response),
      })
    try {
      const response = await fetch(url, { method: 'POST', headers: headersFor(body, signed), body, redirect: 'manual', signal })
      const text = await boundedText(response)
      log(response.status, text)
      return response.status === 200
        ? { kind: 'answered', body: text === '' ? null : text }
        : { kind: 'refused', status: response.status }
    } catch {
      log(null, signal.aborted ? 'no answer in time' : 'no connection')
      return signal.aborted ? { kind: 'silent' } : { kind: 'unreachable' }
    }
  }

  /** Each address must answer its challenge before anything is pushed to it. */
  const prove = async (url: string): Promise<boolean> => {
    if (proven.has(url)) return true
    const challenge = randomUUID()
    const json = JSON.stringify({ challenge, token: app.verificationToken, type: 'url_verification' })
    const signed = choice(world, 'challengeSignature') === 'signed'
    const outcome = await post({ url, json, signed, within: challengeWithin, what: 'url_verification' })
    const answer = outcome.kind === 'answered' ? parsed(outcome.body ?? '') : null
    if (!isFields(answer) || answer.challenge !== challenge) return false
    proven.add(url)
    return true
  }

  return async (json, _kind, what) => {
    const url = app.app.callbackUrls[turn++ % Math.max(1, app.app.callbackUrls.length)]
    if (url === undefined || !(await prove(url))) return { kind: 'unset' }
    return post({ url, json, signed: true, within: answerWithin, what })
  }
}

/** The answer's text; anything longer than a card could be is cut, and then no longer parses. */
const boundedText = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    length += chunk.length
    if (length > longestAnswer) break
  }
  return Buffer.concat(chunks).subarray(0, longestAnswer).toString('utf8')
}
