/** The client against a small server written from the document: what is asked, and what each answer means. */
import { createServer } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { knownCodes } from '../../src/bots/feishu/codes.ts'
import { createFeishu } from '../../src/bots/feishu/platform.ts'
import { card, connection, createPorts, person } from './feishu-kit.ts'
import { addressOf, closeServers, failure, json, no, ok, say, serve, servers, text, toPerson } from './feishu-server.ts'

afterEach(closeServers)

describe('sending', () => {
  it('a card goes to a person under its once-key, and its handle comes back', async () => {
    const { platform, asked, taken } = await serve((_, response) => json(response, ok))
    const sent = await platform.send(toPerson, { kind: 'card', card: { ...card, tone: 'danger' } }, 'eff_01k9-1')
    expect(sent).toEqual({ message: 'om_sent', conversation: 'oc_direct', handle: { message_id: 'om_sent' }, lost: [] })
    expect(asked).toMatchObject([
      {
        method: 'POST',
        path: '/open-apis/im/v1/messages?receive_id_type=open_id',
        token: 'Bearer t-1',
        json: { receive_id: person, msg_type: 'interactive', uuid: 'eff_01k9-1' },
      },
    ])
    expect(JSON.parse(String(asked[0]?.json.content))).toMatchObject({ schema: '2.0', header: { template: 'red' } })
    expect(taken).toEqual(['im.message.create!'])
  })

  it('a text goes to a group and mentions nobody', async () => {
    const { platform, asked } = await serve((_, response) => json(response, ok))
    const sent = await platform.send({ kind: 'group', conversation: 'oc_9f8e' }, text('<at user_id="all"></at> 漏油'), 'once-2')
    expect(sent.handle).toBeNull()
    expect(asked).toMatchObject([
      { path: '/open-apis/im/v1/messages?receive_id_type=chat_id', json: { receive_id: 'oc_9f8e', msg_type: 'text' } },
    ])
    expect(asked[0]?.json.content).toBe('{"text":"<\u200bat user_id=\\"all\\"><\u200b/at> 漏油"}')
  })

  it('a text too long for the platform is cut to what it takes, and the loss is told', async () => {
    const { platform, asked } = await serve((_, response) => json(response, ok))
    expect((await say(platform, '"油'.repeat(60_000))).lost).toEqual([{ part: 'body', standIn: 'clipped' }])
    expect(Buffer.byteLength(JSON.stringify(asked[0]?.json.content))).toBeLessThanOrEqual(150_000)
  })

  it('a once-key of another form is refused before anything leaves', async () => {
    const { platform, asked } = await serve((_, response) => json(response, ok))
    for (const once of ['', 'x'.repeat(51), 'a b'])
      expect(await failure(platform.send(toPerson, text('x'), once))).toMatchObject({ kind: 'permanent' })
    expect(asked).toEqual([])
  })
})

describe('tokens', () => {
  it('one is fetched once for many calls', async () => {
    const { platform, tokens, asked } = await serve((_, response) => json(response, ok))
    await say(platform)
    await say(platform)
    expect([tokens(), asked.map((one) => one.token)]).toEqual([1, ['Bearer t-1', 'Bearer t-1']])
  })

  it.each([99991661, 99991663, 99991671])('a token refused with %d is fetched anew, once', async (code) => {
    const { platform, tokens } = await serve(({ token }, response) =>
      token === 'Bearer t-1' ? json(response, no(code), 400) : json(response, ok),
    )
    expect((await say(platform)).message).toBe('om_sent')
    expect(tokens()).toBe(2)
  })

  it('a second refusal is the whole connection’s trouble, for now', async () => {
    const { platform, tokens } = await serve((_, response) => json(response, no(99991663), 400))
    expect(await failure(say(platform))).toMatchObject({ kind: 'temporary', because: 'token-refused', scope: 'connection' })
    expect(tokens()).toBe(2)
  })

  it('a wrong secret is permanent for the connection', async () => {
    const server = createServer((_, response) => json(response, { code: 10014, msg: 'app secret invalid' }))
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    servers.push(() => new Promise((resolve) => server.close(() => resolve())))
    const platform = createFeishu({ ...connection, apiBase: addressOf(server) }, createPorts())
    expect(await failure(say(platform))).toMatchObject({ kind: 'permanent', because: 'credentials', scope: 'connection' })
  })

  it('no error tells a token, a secret, or what was sent', async () => {
    const { platform } = await serve((_, response) => json(response, no(230001, 'bad: 演练通知'), 400))
    const error = await failure(say(platform))
    const told = JSON.stringify([error.message, error.stack, Object.entries(error), String(error.cause)])
    expect(told).not.toMatch(/t-1|demo-app-secret|演练通知|Bearer/)
  })
})

describe('what a no means', () => {
  it.each([...knownCodes])('%d, with an HTTP error or without', async (code, meaning) => {
    for (const status of [400, 200]) {
      const { platform } = await serve((_, response) => json(response, no(code), status))
      expect(await failure(say(platform))).toMatchObject(meaning)
    }
  })

  it.each([
    [99991400, 'temporary', 'connection'],
    [230020, 'temporary', 'account'],
    [230049, 'ambiguous', 'message'],
    [99991403, 'permanent', 'connection'],
    [99991672, 'permanent', 'connection'],
    [230013, 'permanent', 'account'],
    [230029, 'permanent', 'account'],
    [230002, 'permanent', 'account'],
    [230031, 'permanent', 'message'],
    [230099, 'permanent', 'message'],
  ])('%d is %s for the %s', (code, kind, scope) => {
    expect(knownCodes.get(code)).toMatchObject({ kind, scope })
  })

  it('too often: wait as long as the platform says', async () => {
    const { platform } = await serve((_, response) =>
      json(response, no(99991400), 429, { 'x-ogw-ratelimit-limit': '50', 'x-ogw-ratelimit-reset': '7' }),
    )
    expect(await failure(say(platform))).toMatchObject({ kind: 'temporary', retryAfter: 7000 })
  })

  it('too often, said by a gateway without a code', async () => {
    const { platform } = await serve(
      (_, response) => void response.writeHead(429, { 'x-ogw-ratelimit-reset': 'soon' }).end('slow down'),
    )
    expect(await failure(say(platform))).toMatchObject({ kind: 'temporary', because: 'rate-limited', retryAfter: 1000 })
  })

  it('the month’s quota is spent: that is 429 too, but never to be tried again', async () => {
    const { platform } = await serve((_, response) => json(response, no(99991403), 429, { 'x-ogw-ratelimit-reset': '7' }))
    expect(await failure(say(platform))).toMatchObject({ kind: 'permanent', scope: 'connection', retryAfter: null })
  })

  it('a card in an interaction is only locked for a moment', async () => {
    const msg = 'Failed to create card content, ext=ErrCode: 200800; ErrMsg: card action is lock; '
    const { platform } = await serve((_, response) => json(response, no(230099, msg), 400))
    expect(await failure(platform.update('om_1', { message_id: 'om_1' }, card))).toMatchObject({
      kind: 'temporary',
      because: 'card-locked',
      retryAfter: 500,
    })
  })

  it('an HTTP error with code 0 is no success, nor is HTTP 200 without a code', async () => {
    const { platform } = await serve((_, response) => json(response, ok, 500))
    expect(await failure(say(platform))).toMatchObject({ kind: 'ambiguous', because: 'platform-down' })
    const { platform: other } = await serve((_, response) => void response.end('<html>captive portal</html>'))
    expect(await failure(say(other))).toMatchObject({ kind: 'ambiguous' })
  })

  it('a repeated once-key that is answered with an error is not a reason to send in another way', async () => {
    const { platform } = await serve((_, response) => json(response, no(777777, 'duplicate uuid'), 400))
    expect(await failure(say(platform))).toMatchObject({ kind: 'ambiguous', because: 'already-sent' })
  })

  it('a code that nobody knows is permanent', async () => {
    const { platform } = await serve((_, response) => json(response, no(777777), 400))
    expect(await failure(say(platform))).toMatchObject({ kind: 'permanent', because: 'refused', scope: 'message' })
  })

  it('a yes in strange words may have been sent', async () => {
    const { platform } = await serve((_, response) => json(response, { code: 0, msg: 'ok', data: {} }))
    expect(await failure(say(platform))).toMatchObject({ kind: 'ambiguous', because: 'strange-answer' })
  })

  it('a redirect is not followed: the token goes nowhere else', async () => {
    const { platform, asked } = await serve((_, response) => void response.writeHead(302, { location: '/elsewhere' }).end())
    expect(await failure(say(platform))).toMatchObject({ kind: 'permanent', scope: 'connection' })
    expect(asked).toHaveLength(1)
  })
})

describe('no answer', () => {
  it('after the request has left, a send may have happened', async () => {
    const { platform } = await serve((_, response) => void response.socket?.destroy())
    expect(await failure(say(platform))).toMatchObject({ kind: 'ambiguous', because: 'no-answer', scope: 'connection' })
  })

  it('to an update it is only a reason to do it again: twice is the same card', async () => {
    const { platform } = await serve((_, response) => void response.socket?.destroy())
    expect(await failure(platform.update('om_1', { message_id: 'om_1' }, card))).toMatchObject({
      kind: 'temporary',
      because: 'no-answer',
    })
  })

  it('because nobody listens: nothing happened', async () => {
    const { server, ports } = await serve((_, response) => json(response, ok))
    const apiBase = addressOf(server)
    await new Promise((resolve) => server.close(resolve))
    await ports.tokens.get('tenant_access_token', async () => ({ token: 't-kept', life: 7_200_000 }))
    const platform = createFeishu({ ...connection, apiBase }, ports)
    expect(await failure(say(platform))).toMatchObject({
      kind: 'temporary',
      because: 'no-answer',
      message: 'no-answer: ECONNREFUSED',
    })
  })

  it('and none while asking for a token: nothing was sent', async () => {
    const server = createServer((_, response) => void response.socket?.destroy())
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    servers.push(() => new Promise((resolve) => void server.close(() => resolve())))
    expect(await failure(say(createFeishu({ ...connection, apiBase: addressOf(server) }, createPorts())))).toMatchObject({
      kind: 'temporary',
    })
  })
})
