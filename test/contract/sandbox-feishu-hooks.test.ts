import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AESCipher, EventDispatcher, LoggerLevel } from '@larksuiteoapi/node-sdk'
import { afterEach, describe, expect, it } from 'vitest'
import { buttonOf, cardOf, type FeishuBench, feishuApp, openFeishu } from '../support/feishu-double.ts'

type Push = { readonly headers: IncomingHttpHeaders; readonly body: string }
type Answer = { readonly status: number; readonly body: string; readonly headers?: Record<string, string> }

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const key = 'demo-encrypt-key-01'
const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, trace: () => {} }

const dispatcher = (encryptKey: string, handlers: Record<string, (data: Record<string, unknown>) => unknown> = {}) =>
  new EventDispatcher({ encryptKey, logger: quiet, loggerLevel: LoggerLevel.fatal }).register(handlers)

/** What the official dispatcher makes of a push: it decrypts, and checks the signature from the headers on the prototype. */
const invoke = (each: EventDispatcher, { headers, body }: Push): Promise<unknown> =>
  each.invoke(Object.assign(Object.create({ headers }), JSON.parse(body)))

/** The challenge in a push; null for any other push, and for one that this key does not open. */
const readChallenge = ({ body }: Push, encryptKey: string): string | null => {
  try {
    const { encrypt } = JSON.parse(body)
    const plain = JSON.parse(encrypt ? new AESCipher(encryptKey).decrypt(encrypt) : body)
    return plain.type === 'url_verification' ? String(plain.challenge) : null
  } catch {
    return null
  }
}

/** A service that answers challenges rightly and everything else as told. */
const openService = async (answer: (push: Push) => Promise<Answer | null> | Answer | null, encryptKey = key) => {
  const pushes: Push[] = []
  const challenges: Push[] = []
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const push = { headers: request.headers, body: Buffer.concat(chunks).toString('utf8') }
    const challenge = readChallenge(push, encryptKey)
    if (challenge !== null) challenges.push(push)
    else pushes.push(push)
    const reply = challenge === null ? await answer(push) : { status: 200, body: JSON.stringify({ challenge }) }
    if (reply) response.writeHead(reply.status, reply.headers ?? {}).end(reply.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })
  return { pushes, challenges, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/feishu-test` }
}

const bench = async (urls: readonly string[], encryptKey = key): Promise<FeishuBench> => {
  const app = feishuApp('http', encryptKey)
  app.callbackUrls = [...urls]
  const made = await openFeishu(app)
  closers.push(made.close)
  return made
}
const ok = { status: 200, body: '{}' }

describe('pushes over HTTP', () => {
  it('the address is checked once, then the official dispatcher verifies and decrypts the push', async () => {
    const service = await openService(() => ok)
    const { double, chen } = await bench([service.url])
    await double.says({ account: chen, text: '漏油', group: null })
    await double.says({ account: chen, text: '快来', group: null })
    expect([service.challenges.length, service.pushes.length]).toEqual([1, 2])
    const heard: unknown[] = []
    const official = dispatcher(key, { 'im.message.receive_v1': (data) => void heard.push(data.message) })
    for (const push of service.pushes) await invoke(official, push)
    expect(heard).toMatchObject([{ content: '{"text":"漏油"}' }, { content: '{"text":"快来"}' }])
  })

  it('a forged body or key is not what the double signs', async () => {
    const service = await openService(() => ok)
    const { double, chen } = await bench([service.url])
    await double.says({ account: chen, text: '漏油', group: null })
    const heard: unknown[] = []
    const handlers = { 'im.message.receive_v1': (data: Record<string, unknown>) => void heard.push(data) }
    const [push] = service.pushes
    if (!push) throw new Error('nothing was pushed')
    await invoke(dispatcher('another key', handlers), push)
    await invoke(dispatcher(key, handlers), { ...push, headers: { ...push.headers, 'x-lark-request-nonce': 'x' } })
    expect(heard).toEqual([])
  })

  it('the challenge is unsigned by default and signed under the switch; without a key nothing is encrypted', async () => {
    const service = await openService(() => ok)
    const plain = await openService(() => ok, '')
    const first = await bench([service.url])
    await first.double.enters(first.chen)
    const second = await bench([service.url])
    second.world.set('feishu.challengeSignature', 'signed')
    await second.double.enters(second.chen)
    expect(service.challenges.map(({ headers }) => 'x-lark-signature' in headers)).toEqual([false, true])
    const third = await bench([plain.url], '')
    await third.double.enters(third.chen)
    expect(plain.pushes.map(({ headers, body }) => ['x-lark-signature' in headers, JSON.parse(body).header.token])).toEqual([
      [false, 'demoVerificationToken01'],
    ])
  })

  it('bodies are compact JSON', async () => {
    const service = await openService(() => ok)
    const { double, chen } = await bench([service.url])
    await double.enters(chen)
    expect(service.pushes.map(({ body }) => body === JSON.stringify(JSON.parse(body)))).toEqual([true])
  })

  it.each([
    ['a 500', { status: 500, body: '' }],
    ['a redirect', { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } }],
    ['a 204', { status: 204, body: '' }],
  ])('%s counts as not taken: the same event comes again until it is', async (_what, refusal) => {
    let tries = 0
    const service = await openService(() => (++tries < 3 ? refusal : ok))
    const { double, chen, world } = await bench([service.url])
    await double.enters(chen)
    await world.advance(15_000)
    await world.advance(300_000)
    await world.advance(86_400_000)
    expect(service.pushes).toHaveLength(3)
    expect(world.waiting()).toEqual([])
  })

  it('replicas are used in turn, each checked by itself; one that fails its check gets no push', async () => {
    const good = await openService(() => ok)
    const other = await openService(() => ok)
    const deaf = await openService(() => ok, 'a different key')
    const { double, chen } = await bench([good.url, other.url])
    await double.enters(chen)
    await double.enters(chen)
    expect([good.pushes.length, other.pushes.length, good.challenges.length, other.challenges.length]).toEqual([1, 1, 1, 1])
    const lone = await bench([deaf.url])
    await lone.double.enters(lone.chen)
    expect([deaf.challenges.length, deaf.pushes.length]).toEqual([0, 1])
    expect(lone.world.waiting()).toEqual(['feishu im.chat.access_event.bot_p2p_chat_entered_v1 retry 1'])
  })
})

describe('presses over HTTP', () => {
  const pressing = async (answer: (push: Push) => Answer | Promise<Answer | null> | null) => {
    const service = await openService(answer)
    const each = await bench([service.url])
    const id = await each.card(cardOf(buttonOf('接单', { act: 'accept' })))
    return {
      ...each,
      service,
      id,
      press: () => each.double.presses({ account: each.chen, message: id, label: '接单', form: {} }),
    }
  }
  const json = (body: unknown): Answer => ({ status: 200, body: JSON.stringify(body) })

  it('the official dispatcher’s answer is shown', async () => {
    const official = dispatcher(key, { 'card.action.trigger': () => ({ toast: { type: 'info', content: '好' } }) })
    const { press, sees, chen, id } = await pressing(async (push) => json(await invoke(official, push)))
    expect(await press()).toEqual({ status: 'answered', toast: { tone: 'info', text: '好' }, card: null })
    expect(sees(chen, id)?.updatedAt).toBeNull()
  })

  it.each([
    ['an empty object', json({}), 'answered'],
    ['no JSON', { status: 200, body: 'ok' }, 'error 200672'],
    ['a list', json([]), 'error 200672'],
    ['a strange member', json({ message: 'ok' }), 'error 200672'],
    ['a toast of no known type', json({ toast: { type: 'loud', content: 'x' } }), 'error 200672'],
    ['a card without its wrapper', json({ card: cardOf() }), 'error 200672'],
    ['a card of schema 1.0', json({ card: { type: 'raw', data: { elements: [] } } }), 'error 200830'],
    ['a card the linter refuses', json({ card: { type: 'raw', data: cardOf({ tag: 'note' }) } }), 'error 200673'],
    ['a template', json({ card: { type: 'template', data: { template_id: 'x' } } }), 'error 200673'],
    [
      'a card above 30 KB',
      json({ card: { type: 'raw', data: cardOf({ tag: 'markdown', content: 'x'.repeat(31_000) }) } }),
      'error 200673',
    ],
    ['a 500', { status: 500, body: '{}' }, 'error 200671'],
    ['a redirect', { status: 307, body: '', headers: { location: 'http://127.0.0.1:1/' } }, 'error 200671'],
  ])('%s: %3$s, and the card stays as it was', async (_what, answer, status) => {
    const { press, sees, chen, id, service } = await pressing(() => answer)
    expect(await press()).toEqual({ toast: null, card: null, status })
    expect(sees(chen, id)?.updatedAt).toBeNull()
    expect(service.pushes).toHaveLength(1)
  })

  it('no answer within three seconds is a time-out, and a callback is never sent again', async () => {
    const { press, service, world } = await pressing(() => null)
    expect((await press()).status).toBe('timeout 200341')
    await world.advance(86_400_000)
    expect(service.pushes).toHaveLength(1)
  })

  it('no address, and nobody behind it', async () => {
    const each = await bench([])
    const id = await each.card(cardOf(buttonOf('接单', { act: 'accept' })))
    expect((await each.double.presses({ account: each.chen, message: id, label: '接单', form: {} })).status).toBe('error 200340')
  })

  it('struck presses: never and late are silence for the presser; a late one still reaches the service; twice is two presses', async () => {
    const { press, service, world } = await pressing(() => json({}))
    world.order('press', 'never')
    expect([(await press()).status, service.pushes.length]).toEqual(['timeout 200341', 0])
    world.order('press', 'late', 30)
    expect([(await press()).status, service.pushes.length]).toEqual(['timeout 200341', 0])
    await world.advance(30_000)
    expect(service.pushes).toHaveLength(1)
    world.order('press', 'twice')
    expect([(await press()).status, service.pushes.length]).toEqual(['answered', 3])
  })
})
