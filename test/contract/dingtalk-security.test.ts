import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEvent, decodeMessage, decodePress } from '../../src/bots/dingtalk/decode.ts'
import { eventKeys, openEvent } from '../../src/bots/dingtalk/event-crypto.ts'
import { createDingtalk } from '../../src/bots/dingtalk/platform.ts'
import type { RawRequest } from '../../src/bots/platform.ts'
import {
  actionKey,
  cardRequest,
  connection,
  createPorts,
  eventRequest,
  now,
  pressOn,
  robotRequest,
  vectors,
} from './dingtalk-kit.ts'

const platform = createDingtalk(connection, createPorts())
const [, , sealed] = vectors.eventCrypto.encryptCases
if (!sealed) throw new Error('vector missing')

const outcome = (request: RawRequest, there = platform): string => {
  const received = there.receive(request)
  return received.kind === 'refused' ? `${received.because} ${received.response.status}` : received.kind
}
const without = (record: Readonly<Record<string, string>>, name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(record).filter(([key]) => key !== name))

const doors: readonly [string, RawRequest, readonly string[], readonly string[]][] = [
  ['robot', robotRequest(vectors.samplePayloads.botText), ['sign', 'timestamp'], []],
  ['card', cardRequest(pressOn({ key: actionKey })), ['x-ddpaas-signature', 'x-ddpaas-signature-timestamp'], []],
  [
    'event',
    { ...eventRequest(sealed), query: without(eventRequest(sealed).query, 'signature') },
    [],
    ['msg_signature', 'timestamp', 'nonce'],
  ],
]

describe.each(doors)('the %s door', (door, good, headers, query) => {
  it('takes the genuine request', () => expect(outcome(good)).toBe('accepted'))

  it.each([...headers])('refuses a request without the header %s', (name) => {
    expect(outcome({ ...good, headers: without(good.headers, name) })).toBe('unsigned 401')
  })
  it.each([...query])('refuses a request without the query %s', (name) => {
    expect(outcome({ ...good, query: without(good.query, name) })).toBe('unsigned 401')
  })
  it.each([...headers, ...query])('refuses a request whose %s is empty or changed', (name) => {
    for (const change of [
      (text: string) => `${text}0`,
      (text: string) => text.slice(0, -1),
      () => '',
      () => 'x',
      () => '０'.repeat(13),
    ]) {
      const alter = (record: Readonly<Record<string, string>>) =>
        name in record ? { ...record, [name]: change(record[name] ?? '') } : record
      expect(outcome({ ...good, headers: alter(good.headers), query: alter(good.query) })).toMatch(
        /^(unsigned 401|signature 403)$/,
      )
    }
  })

  it('refuses everything but POST, and bodies beyond 256 KB', () => {
    expect(outcome({ ...good, method: 'GET' })).toBe('method 405')
    expect(outcome({ ...good, body: new Uint8Array(256 * 1024 + 1) })).toBe('too-large 413')
  })

  it('stays shut without its secret, whatever is signed with an empty one', () => {
    const shut = { ...connection, token: '', aesKey: '', cardCallbackSecret: '' }
    if (door !== 'robot') expect(outcome(good, createDingtalk(shut, createPorts()))).toBe('unsigned 401')
    expect(() => createDingtalk({ ...connection, clientSecret: '' }, createPorts())).toThrow('set clientSecret')
  })

  it('is not opened by the proof of another door', () => {
    for (const [other, request] of doors) {
      if (other === door) continue
      const mixed = {
        ...request,
        headers: { ...request.headers, ...Object.fromEntries(headers.map((name) => [name, 'x'])) },
        body: good.body,
      }
      const received = platform.receive({
        ...mixed,
        query: { ...request.query, ...Object.fromEntries(query.map((name) => [name, 'x'])) },
      })
      if (received.kind === 'accepted') expect(received.incoming.kind).toBe('unsupported')
    }
  })

  it('says nothing about why', () => {
    const received = platform.receive({ ...good, headers: {}, query: {} })
    expect(received.kind === 'refused' && received.response.body).toBe('{}')
  })
})

describe('an old proof', () => {
  const at = (milliseconds: number) =>
    createDingtalk(connection, createPorts({ clock: { now: () => new Date(1767225600000 + milliseconds) } }))
  it.each([
    ['robot', robotRequest(vectors.samplePayloads.botText), 3_600_000],
    ['card', cardRequest(pressOn({ key: actionKey })), 300_000],
  ] as const)('of the %s door is refused, from the future too', (_, request, window) => {
    expect(outcome(request, at(window))).toBe('accepted')
    expect(outcome(request, at(window + 1))).toBe('stale 403')
    expect(outcome(request, at(-window - 1))).toBe('stale 403')
  })
  it('of the event door is refused after an hour', () => {
    expect(outcome(eventRequest(sealed), at(123 + 3_600_000))).toBe('accepted')
    expect(outcome(eventRequest(sealed), at(123 + 3_600_001))).toBe('stale 403')
  })
  it.each(['', 'NaN', '-1', '1e13', '176722560000', '17672256000000', ' 1767225600000', '1767225600000\n'])(
    'with the instant %j is refused',
    (text) => {
      expect(outcome(robotRequest('{}', text))).toMatch(/^(stale 403|unsigned 401)$/)
    },
  )
})

describe('a sealed event', () => {
  const keys = eventKeys(connection.token, connection.aesKey, connection.clientId)

  it.each(vectors.eventCrypto.negativeCases.filter(({ encrypt }) => encrypt))('is refused: $name', (bad) => {
    const there = createDingtalk(
      { ...connection, token: bad.token ?? '', clientId: bad.verifierOwnerKey ?? connection.clientId },
      createPorts(),
    )
    const request = eventRequest({ msgSignature: '', timestamp: '', nonce: '', encrypt: '', ...bad })
    expect(outcome(request, there)).toBe(bad.verifierOwnerKey ? 'sealed-for-another 403' : 'signature 403')
  })

  it('needs a whole key: 42 characters are refused when the connection is made', () => {
    expect(() => createDingtalk({ ...connection, aesKey: connection.aesKey.slice(1) }, createPorts())).toThrow('43 characters')
  })

  it('opens only whole: any cut or changed byte gives nothing or another text, never an exception', () => {
    const raw = Buffer.from(sealed.encrypt, 'base64')
    for (let cut = 0; cut < raw.length; cut += 1) expect(openEvent(keys, raw.subarray(0, cut).toString('base64'))).toBeNull()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        expect(openEvent(keys, Buffer.from(noise).toString('base64'))).toBeNull()
      }),
      { numRuns: 2_000 },
    )
  })

  it.each(['', 'null', '[]', '{}', '{"encrypt":7}', '{"encrypt":""}', '{"encrypt":{}}', '\u0000'])(
    'is refused as unsigned with the body %j',
    (body) => {
      expect(outcome({ ...eventRequest(sealed), body: new TextEncoder().encode(body) })).toBe('unsigned 401')
    },
  )
})

describe('whatever is sent', () => {
  const headerNames = ['sign', 'timestamp', 'x-ddpaas-signature', 'x-ddpaas-signature-timestamp', 'content-type']
  const queryNames = ['msg_signature', 'signature', 'timestamp', 'nonce']
  const someOf = (names: readonly string[]) =>
    fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.string(), fc.constant('1767225600000')))

  it('a door never throws and never accepts what is not signed', () => {
    fc.assert(
      fc.property(
        someOf(headerNames),
        someOf(queryNames),
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (headers, query, body) => {
          expect(platform.receive({ method: 'POST', query, headers, body }).kind).toBe('refused')
        },
      ),
      { numRuns: 3_000 },
    )
  })

  const hostile = fc.oneof(fc.json(), fc.string(), fc.constant('['.repeat(200_000)), fc.constant('{"a":'.repeat(50_000)))
  const twisted = (sample: Readonly<Record<string, unknown>>) =>
    fc
      .dictionary(fc.constantFrom(...Object.keys(sample), 'content', 'value', 'params', 'text', 'userId'), fc.jsonValue())
      .map((change) => JSON.stringify({ ...sample, ...change }))
  const arrival = (text: string) => ({ connection, now, text, key: () => 'key', stamp: undefined })

  it('decoding never throws, keeps every text storable and bounded', () => {
    const samples = ['botText', 'botRichText', 'botPicture', 'cardActionStream', 'cardFormSubmit'].map((name) =>
      twisted(vectors.samplePayloads[name] ?? {}),
    )
    fc.assert(
      fc.property(fc.oneof(hostile, ...samples), (text) => {
        const found = [
          decodeMessage(arrival(text)),
          decodePress(arrival(text)),
          decodeEvent({ type: 'user_add_org', id: undefined, corpId: connection.corpId }, arrival(text)),
        ]
        for (const incoming of found) {
          const stored = JSON.stringify(incoming)
          expect(stored.isWellFormed() && !stored.includes('\\u0000')).toBe(true)
          expect(incoming.key.length).toBeGreaterThan(0)
          expect(Number.isNaN(incoming.at.getTime())).toBe(false)
          expect(incoming.connection).toBe('dingtalk-demo')
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('an enormous message is cut, its files are counted', () => {
    const richText = Array.from({ length: 3_000 }, (_, index) =>
      index % 2 ? { text: '油'.repeat(20) } : { type: 'picture', downloadCode: `c${index}` },
    )
    const found = decodeMessage(arrival(JSON.stringify({ ...vectors.samplePayloads.botRichText, content: { richText } })))
    expect(found.kind === 'message' && [found.text.length <= 4_000, found.files.length]).toEqual([true, 50])
  })
})
