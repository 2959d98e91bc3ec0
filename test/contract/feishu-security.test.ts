import { EventDispatcher } from '@larksuiteoapi/node-sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFeishu } from '../../src/bots/feishu/platform.ts'
import { longestBody } from '../../src/bots/feishu/verify.ts'
import type { RawRequest } from '../../src/bots/platform.ts'
import { card, connection, createPorts, encrypt, envelope, message, now, press, pushed, signed } from './feishu-kit.ts'

const at = (second: number) =>
  createFeishu(
    connection,
    createPorts(() => second),
  )
const { receive } = at(now)
const because = (request: RawRequest, platform = at(now)): string => {
  const received = platform.receive(request)
  if (received.kind !== 'refused') throw new Error(`${received.kind}`)
  expect(received.response).toEqual({ status: 403, headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{}' })
  return received.because
}

const good = pushed(message('text', { text: '漏油' }))
const goodPress = pushed(press({ value: { key: 'hazard.accept:haz_01k9abcdefgh@3' } }))
const without = (name: string): RawRequest => ({
  ...good,
  headers: Object.fromEntries(Object.entries(good.headers).filter(([n]) => n !== name)),
})
const withHeader = (name: string, value: string): RawRequest => ({ ...good, headers: { ...good.headers, [name]: value } })
const headers = ['x-lark-request-timestamp', 'x-lark-request-nonce', 'x-lark-signature']

describe('the official SDK and this door', () => {
  it('accept the same signed request, and refuse the same with one bit changed', async () => {
    const heard: unknown[] = []
    const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, trace: () => {} }
    const dispatcher = new EventDispatcher({
      encryptKey: connection.encryptKey,
      verificationToken: connection.verificationToken,
      logger: quiet,
    })
    dispatcher.register({ 'im.message.receive_v1': (data) => void heard.push(data.message.message_id) })
    // The SDK looks for the headers on the prototype of the body.
    const asSdk = (request: RawRequest) =>
      Object.assign(Object.create({ headers: request.headers }), JSON.parse(Buffer.from(request.body).toString()))
    await dispatcher.invoke(asSdk(good))
    expect(heard).toEqual(['om_1a2b3c4d'])
    expect(receive(good)).toMatchObject({ kind: 'accepted', incoming: { kind: 'message', text: '漏油' } })

    const forged = withHeader('x-lark-request-nonce', 'another')
    await dispatcher.invoke(asSdk(forged))
    expect(heard).toEqual(['om_1a2b3c4d'])
    expect(because(forged)).toBe('wrong-signature')
  })
})

describe('an event or a press is refused', () => {
  it.each(headers)('without %s', (name) => {
    expect(because(without(name))).toBe('unsigned')
    expect(because(withHeader(name, ''))).toBe('unsigned')
  })

  it.each(headers)('with a forged %s', (name) => {
    expect(because(withHeader(name, name === 'x-lark-request-timestamp' ? String(now + 1) : 'f'.repeat(64)))).toBe(
      'wrong-signature',
    )
  })

  it.each(['', ' ', 'NaN', '-1', '1e9', '1767225600.0', '9'.repeat(13)])('with the time %j', (timestamp) => {
    expect(['unsigned', 'malformed-signature']).toContain(because(pushed(message('text', { text: 'x' }), { timestamp })))
  })

  it('with a signature that is cut, lengthened, or in capitals', () => {
    const sum = good.headers['x-lark-signature'] ?? ''
    for (const wrong of [sum.slice(0, 63), `${sum}0`, sum.toUpperCase(), sum.slice(0, 1)])
      expect(because(withHeader('x-lark-signature', wrong))).toBe('wrong-signature')
  })

  it('signed with another key, or encrypted with one', () => {
    expect(because(pushed(message('text', { text: 'x' }), { encryptKey: 'other' }))).toBe('wrong-signature')
    expect(because(signed(JSON.stringify({ encrypt: encrypt('{}', 'other') })))).toMatch(/not-encrypted-for-us|malformed/)
  })

  it('with any byte of its body changed, dropped or added', () => {
    const body = Buffer.from(good.body)
    for (let i = 0; i < body.length; i += 37) {
      const flipped = Buffer.from(body)
      flipped[i] = (flipped[i] ?? 0) ^ 1
      for (const wrong of [
        flipped,
        body.subarray(0, i),
        Buffer.concat([body.subarray(0, i), Buffer.from(' '), body.subarray(i)]),
      ]) {
        expect(receive({ ...good, body: wrong }).kind).toBe('refused')
      }
    }
  })

  it('in plain text, however well it is signed', () => {
    expect(because(signed(JSON.stringify(message('text', { text: 'x' }))))).toBe('not-encrypted-for-us')
  })

  it('by another method, or too large', () => {
    expect(because({ ...good, method: 'GET' })).toBe('method')
    expect(because(signed(Buffer.alloc(longestBody + 1, 32)))).toBe('too-large')
  })

  it('of another app, company or token, however well it is signed', () => {
    expect(because(pushed(envelope('x.y', {}, { app_id: 'cli_ffffffffffffffff' })))).toBe('other-app')
    expect(because(pushed(envelope('x.y', {}, { tenant_key: 'ffff' })))).toBe('other-tenant')
    expect(because(pushed(envelope('x.y', {}, { token: 'x' })))).toBe('wrong-token')
  })
})

describe('time', () => {
  const eightHours = 8 * 3600

  it('an event may come as late as the last retry, and not later', () => {
    expect(at(now + eightHours).receive(good).kind).toBe('accepted')
    expect(because(good, at(now + eightHours + 1))).toBe('stale')
  })

  it('a press is never retried, so a late one is a replay', () => {
    expect(at(now + 300).receive(goodPress).kind).toBe('accepted')
    expect(because(goodPress, at(now + 301))).toBe('stale')
  })

  it('nothing comes from more than five minutes ahead', () => {
    expect(at(now - 300).receive(good).kind).toBe('accepted')
    expect(because(good, at(now - 301))).toBe('from-the-future')
  })
})

describe('the check of an address', () => {
  const greeting = (more: object = {}) => ({
    challenge: '6b1d4f2e',
    token: connection.verificationToken,
    type: 'url_verification',
    ...more,
  })
  const unsigned = (body: string): RawRequest => ({ method: 'POST', query: {}, headers: {}, body: Buffer.from(body) })
  const sealed = (body: unknown): RawRequest => unsigned(JSON.stringify({ encrypt: encrypt(JSON.stringify(body)) }))

  it('is answered with its own words, signed or not', () => {
    for (const request of [sealed(greeting()), pushed(greeting())]) {
      expect(receive(request)).toMatchObject({ kind: 'handshake', response: { status: 200, body: '{"challenge":"6b1d4f2e"}' } })
    }
  })

  it.each([
    ['in plain text', unsigned(JSON.stringify(greeting())), 'unsigned'],
    ['under another token', sealed(greeting({ token: 'x' })), 'wrong-token'],
    ['without a token', sealed(greeting({ token: undefined })), 'malformed-handshake'],
    ['without a challenge', sealed(greeting({ challenge: undefined })), 'malformed-handshake'],
    ['with a challenge that is no text', sealed(greeting({ challenge: { toString: 1 } })), 'malformed-handshake'],
    ['with a challenge as long as a book', sealed(greeting({ challenge: 'c'.repeat(513) })), 'malformed-handshake'],
    ['as a cloak for an event', sealed({ ...message('text', { text: 'x' }), token: connection.verificationToken }), 'unsigned'],
    [
      'under another key',
      unsigned(JSON.stringify({ encrypt: encrypt(JSON.stringify(greeting()), 'other') })),
      'not-encrypted-for-us',
    ],
    ['too large to be one', sealed(greeting({ more: 'x'.repeat(9000) })), 'unsigned'],
  ])('is refused %s', (_, request, reason) => {
    expect([reason, 'not-encrypted-for-us']).toContain(because(request))
  })

  it('that is also an event is only an answer: nothing of it is decided', () => {
    expect(receive(sealed({ ...message('text', { text: 'x' }), ...greeting() })).kind).toBe('handshake')
  })
})

describe('a door without its keys', () => {
  it.each(['encryptKey', 'verificationToken'])('cannot be opened over HTTP without %s', (name) => {
    expect(() => createFeishu({ ...connection, [name]: '' }, createPorts())).toThrow(/encryptKey and verificationToken/)
  })

  it('refuses every request when the long connection is its only one', () => {
    const platform = createFeishu({ ...connection, mode: 'stream', encryptKey: '' }, createPorts())
    expect(because(good, platform)).toBe('no-keys')
    expect(because(signed('{}', { encryptKey: '' }), platform)).toBe('no-keys')
  })
})

describe('answers', () => {
  const answerTo = (request: RawRequest) => {
    const received = receive(request)
    if (received.kind !== 'accepted') throw new Error(received.kind)
    return received.answer
  }

  it('a press is answered with toast and card, or with an empty object', () => {
    const answer = answerTo(goodPress)
    expect(answer(null)).toMatchObject({ status: 200, body: '{}' })
    expect(answer({ toast: null, card: null })).toMatchObject({ status: 200, body: '{}' })
    const body = JSON.parse(answer({ toast: { tone: 'danger', text: '已被<at id=all></at>接单' }, card }).body)
    expect(body.toast).toEqual({ type: 'error', content: '已被<\u200bat id=all><\u200b/at>接单' })
    expect(body.card).toMatchObject({ type: 'raw', data: { schema: '2.0', header: { template: 'orange' } } })
  })

  it('an event is acknowledged without words', () => {
    const answer = answerTo(good)
    expect([answer(null), answer({ toast: null, card })].map(({ status, body }) => [status, body])).toEqual([
      [200, '{}'],
      [200, '{}'],
    ])
  })
})

describe('whatever comes', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))

  it('unsigned bytes are never accepted and never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.dictionary(fc.constantFrom(...headers), text), (body, given) => {
        expect(receive({ method: 'POST', query: {}, headers: given, body }).kind).toBe('refused')
      }),
    )
  })

  it('signed but hostile bodies never throw, and are accepted only when they are for this app', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        for (const request of [signed(JSON.stringify(value)), signed(JSON.stringify({ encrypt: value })), pushed(value)]) {
          expect(receive(request).kind).toBe('refused')
        }
      }),
    )
  })

  it('events of any shape are unsupported at worst', () => {
    const types = [
      'im.message.receive_v1',
      'card.action.trigger',
      'application.bot.menu_v6',
      'contact.user.deleted_v3',
      'im.chat.member.bot.added_v1',
    ]
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.jsonValue({ maxDepth: 6 }), (type, event) => {
        const received = receive(pushed(envelope(type, event)))
        expect(received).toMatchObject({ kind: 'accepted', incoming: { kind: 'unsupported' } })
      }),
    )
  })

  it('a genuine event with one part replaced by anything never throws', () => {
    const parts = [
      'sender',
      'message',
      'sender.sender_id',
      'sender.sender_type',
      'message.message_id',
      'message.chat_id',
      'message.content',
      'message.mentions',
      'message.create_time',
      'message.message_type',
    ]
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.oneof(fc.jsonValue({ maxDepth: 4 }), text), (path, value) => {
        const whole = structuredClone(message('text', { text: '漏油' })) as { event: Record<string, Record<string, unknown>> }
        const [first = '', second] = path.split('.')
        if (second) Object.assign(whole.event[first] ?? {}, { [second]: value })
        else Object.assign(whole.event, { [first]: value })
        expect(['accepted', 'refused']).toContain(receive(pushed(whole)).kind)
      }),
    )
  })

  it('depth and size break nothing', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    const around = (event: string) =>
      signed(
        JSON.stringify({
          encrypt: encrypt(JSON.stringify(envelope('x.y', 0, { event_id: null })).replace('"event":0', `"event":${event}`)),
        }),
      )
    expect(['accepted', 'refused']).toContain(receive(around(deep)).kind)
    expect(receive(around(`"${'x'.repeat(500_000)}"`)).kind).toBe('accepted')
    expect(receive(pushed(message('post', { content: Array.from({ length: 501 }, () => []) })))).toMatchObject({
      incoming: { kind: 'unsupported' },
    })
    expect(receive(pushed(message('text', deep)))).toMatchObject({ incoming: { kind: 'unsupported' } })
    const fields = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`f${i}`, 'x'.repeat(50)]))
    const pressed = receive(pushed(press({ value: { key: 'a' }, form_value: fields })))
    expect(pressed.kind === 'accepted' && pressed.incoming.kind === 'press' && Object.keys(pressed.incoming.form).length).toBe(50)
  })
})
