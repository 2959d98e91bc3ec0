import { createCipheriv } from 'node:crypto'
import * as oracle from '@wecom/crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RawRequest } from '../../src/bots/platform.ts'
import { createWecom } from '../../src/bots/wecom/platform.ts'
import { openStream } from '../../src/bots/wecom/stream.ts'
import { longestBody } from '../../src/bots/wecom/verify.ts'
import { readXml } from '../../src/bots/wecom/xml.ts'
import {
  agentId,
  callback,
  connection,
  corpId,
  event,
  inside,
  now,
  outerXml,
  portsAt,
  signedQuery,
  textMessage,
} from './wecom-kit.ts'

const wecom = createWecom(connection, portsAt(now))
const good = callback(textMessage)
const seal = (xml: string): string => oracle.encrypt(connection.encodingAesKey, xml, corpId)
const secondsFromNow = (seconds: number): string => String(now.getTime() / 1000 + seconds)

const outcome = (request: RawRequest): string => {
  const received = wecom.receive(request)
  if (received.kind !== 'refused') return received.kind
  expect(received.response.status).toBeGreaterThanOrEqual(400)
  expect(received.response.body).toBe('')
  return received.because
}
const withQuery = (change: Record<string, string | undefined>): RawRequest => {
  const query = Object.entries({ ...good.query, ...change }).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { ...good, query: Object.fromEntries(query) }
}
const withBody = (body: string, encrypted: string): RawRequest => ({
  ...good,
  query: signedQuery(encrypted),
  body: Buffer.from(body),
})

describe('one sound callback is accepted, and every missing or forged part refuses it', () => {
  it('is accepted as it came', () => expect(outcome(good)).toBe('accepted'))

  const encrypted = seal(textMessage)
  const cases: readonly [string, string, RawRequest][] = [
    ['no signature', 'no-signature', withQuery({ msg_signature: undefined })],
    ['an empty signature', 'no-signature', withQuery({ msg_signature: '' })],
    ['an upper-case signature', 'no-signature', withQuery({ msg_signature: (good.query.msg_signature ?? '').toUpperCase() })],
    ['a signature of another length', 'no-signature', withQuery({ msg_signature: (good.query.msg_signature ?? '').slice(1) })],
    ['a forged signature', 'signature', withQuery({ msg_signature: 'a'.repeat(40) })],
    ['no nonce', 'no-nonce', withQuery({ nonce: undefined })],
    ['an endless nonce', 'no-nonce', withQuery({ nonce: '1'.repeat(129) })],
    ['another nonce', 'signature', withQuery({ nonce: '1372623150' })],
    ['no timestamp', 'no-timestamp', withQuery({ timestamp: undefined })],
    ['a timestamp that is no number', 'no-timestamp', withQuery({ timestamp: '1e9' })],
    ['a negative timestamp', 'no-timestamp', withQuery({ timestamp: '-5' })],
    ['another timestamp', 'signature', withQuery({ timestamp: secondsFromNow(1) })],
    ['a rightly signed callback 601 seconds old', 'stale', callback(textMessage, { timestamp: secondsFromNow(-601) })],
    ['a rightly signed callback from 601 seconds ahead', 'stale', callback(textMessage, { timestamp: secondsFromNow(601) })],
    ['another method', 'method', { ...good, method: 'PUT' }],
    ['no body', 'malformed', { ...good, body: new Uint8Array() }],
    ['a body past 1 MiB', 'too-large', { ...good, body: new Uint8Array(longestBody + 1) }],
    ['half a body', 'malformed', { ...good, body: good.body.subarray(0, good.body.length >> 1) }],
    ['another root', 'malformed', withBody(outerXml(encrypted).replaceAll('xml>', 'html>'), encrypted)],
    [
      'no cipher text',
      'no-cipher',
      withBody(`<xml><ToUserName>${corpId}</ToUserName><AgentID>${agentId}</AgentID></xml>`, encrypted),
    ],
    ['two cipher texts', 'no-cipher', withBody(outerXml(encrypted).replace('</xml>', '<Encrypt>x</Encrypt></xml>'), encrypted)],
    [
      'a cipher text in another alphabet',
      'no-cipher',
      callback('', { encrypted: encrypted.replaceAll('/', '_').replaceAll('+', '-') }),
    ],
    ['a changed cipher text', 'signature', withBody(outerXml(`A${encrypted.slice(1)}`), encrypted)],
    ['another corp outside', 'not-ours', withBody(outerXml(encrypted, agentId, 'ww9999999999999999'), encrypted)],
    ['another app outside', 'not-ours', withBody(outerXml(encrypted, '1000008'), encrypted)],
    ['no app outside', 'not-ours', withBody(outerXml(encrypted, ''), encrypted)],
    ['another corp behind the message', 'receiver', callback(textMessage, { receiveId: 'ww9999999999999999' })],
    ['nobody behind the message', 'receiver', callback(textMessage, { receiveId: '' })],
    ['another corp inside', 'not-ours', callback(textMessage.replace(corpId, 'ww9999999999999999'))],
    ['another app inside', 'not-ours', callback(textMessage.replace(agentId, '1000008'))],
    ['no app inside', 'not-ours', callback(textMessage.replace(`<AgentID>${agentId}</AgentID>`, ''))],
    ['two apps inside', 'not-ours', callback(textMessage.replace('</xml>', `<AgentID>${agentId}</AgentID></xml>`))],
    ['no XML inside', 'malformed', callback('{"a":1}')],
    ['another root inside', 'malformed', callback('<a></a>')],
    ['a document type inside', 'malformed', callback(`<!DOCTYPE xml>${textMessage}`)],
  ]
  it.each(cases)('%s: %s', (_, because, request) => expect(outcome(request)).toBe(because))

  it('accepts up to the edge of the window on both sides', () => {
    expect(outcome(callback(textMessage, { timestamp: secondsFromNow(-600) }))).toBe('accepted')
    expect(outcome(callback(textMessage, { timestamp: secondsFromNow(600) }))).toBe('accepted')
  })

  it('refuses everything when the clock itself is broken', () => {
    const broken = createWecom(connection, portsAt(new Date(Number.NaN)))
    expect(broken.receive(good)).toMatchObject({ kind: 'refused', because: 'stale' })
  })

  it('lets the system speak without an app, and nobody else', () => {
    const change = event('change_contact', '<ChangeType>delete_user</ChangeType><UserID>liwei</UserID>', 'sys')
    const bare = change.replace(`<AgentID>${agentId}</AgentID>`, '')
    const sealed = seal(bare)
    expect(outcome(withBody(outerXml(sealed, ''), sealed))).toBe('accepted')
    expect(outcome(withBody(outerXml(sealed, '1000008'), sealed))).toBe('not-ours')
    const person = seal(bare.replace('[sys]', '[liwei]'))
    expect(outcome(withBody(outerXml(person, ''), person))).toBe('not-ours')
  })
})

describe('the check of the callback address needs the same proofs', () => {
  const echo = seal('1616140317555161061')
  const get = (query: Record<string, string>): RawRequest => ({ method: 'GET', query, headers: {}, body: new Uint8Array() })

  it('answers a sound one, and nothing else', () => {
    expect(wecom.receive(get({ ...signedQuery(echo), echostr: echo }))).toMatchObject({
      kind: 'handshake',
      response: { body: '1616140317555161061' },
    })
    expect(outcome(get(signedQuery(echo)))).toBe('no-cipher')
    expect(outcome(get({ ...signedQuery(echo), echostr: seal('other') }))).toBe('signature')
    expect(outcome(get({ ...signedQuery(echo, { timestamp: secondsFromNow(-601) }), echostr: echo }))).toBe('stale')
    const foreign = oracle.encrypt(connection.encodingAesKey, '1', 'ww9999999999999999')
    expect(outcome(get({ ...signedQuery(foreign), echostr: foreign }))).toBe('receiver')
  })
})

describe('padding and frame are checked even under a right signature', () => {
  const key = Buffer.from(`${connection.encodingAesKey}=`, 'base64')
  const raw = (plain: Buffer): string => {
    const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
  }
  const plain = (length: number, last: readonly number[], total = 64): Buffer => {
    const bytes = Buffer.alloc(total)
    bytes.writeUInt32BE(length, 16)
    Buffer.from(last).copy(bytes, total - last.length)
    return bytes
  }
  const bad: readonly [string, Buffer][] = [
    ['pad 0', plain(4, [0])],
    ['pad 33', plain(4, Array<number>(33).fill(33))],
    ['pad 255', plain(4, [255])],
    ['a pad byte that differs', plain(4, [3, 2, 3])],
    ['a length past the end', plain(0xffff_ffff, [1])],
    ['a length one past the end', plain(44, [1])],
    ['no room for the frame', plain(0, Array<number>(32).fill(32), 32)],
    ['16 bytes', plain(0, [1], 32).subarray(0, 16)],
  ]
  it.each(bad)('%s', (_, bytes) => expect(outcome(callback('', { encrypted: raw(bytes) }))).toBe('cipher'))
})

describe('hostile XML costs no more than its length', () => {
  const mebibyte = 1024 * 1024
  const bombs: readonly [string, string][] = [
    ['billion laughs', '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><xml><Content>&b;</Content></xml>'],
    ['an entity of its own', '<xml><Content>&b;</Content></xml>'],
    ['a numeric entity', '<xml><Content>&#65;</Content></xml>'],
    ['a bare ampersand', '<xml><Content>a & b</Content></xml>'],
    ['an external entity', '<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml></xml>'],
    ['a processing instruction', '<?xml version="1.0"?><xml></xml>'],
    ['a comment', '<xml><!-- x --></xml>'],
    ['an attribute', '<xml a="1"></xml>'],
    ['100,000 levels', `${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`],
    ['9 levels', `${'<a>'.repeat(9)}${'</a>'.repeat(9)}`],
    ['100,000 elements', `<xml>${'<a/>'.repeat(100_000)}</xml>`],
    ['an endless tag', `<${'a'.repeat(mebibyte)}`],
    ['an endless name', `<${'a'.repeat(mebibyte)}>`],
    ['an endless CDATA', `<xml><![CDATA[${']'.repeat(mebibyte)}</xml>`],
    ['many open CDATA marks', '<xml><![CDATA['.repeat(70_000)],
    ['many ampersands', `<xml>${'&'.repeat(mebibyte)}</xml>`],
    ['crossed elements', '<xml><a><b></a></b></xml>'],
    ['two roots', '<xml></xml><xml></xml>'],
    ['words after the root', '<xml></xml>x'],
    ['an open root', '<xml>'],
    ['a close without open', '</xml>'],
    ['nothing', ''],
  ]
  it.each(bombs)('%s is no message, outside or inside', (_, xml) => {
    expect(readXml(xml)).toBe(null)
    const encrypted = seal(xml)
    expect(outcome(withBody(xml.slice(0, longestBody), encrypted))).toBe('malformed')
    if (xml.length > longestBody) expect(outcome(withBody(xml, encrypted))).toBe('too-large')
    if (xml.length < longestBody / 2) expect(outcome(callback(xml))).toBe('malformed')
  })

  it('10 MB of CDATA is refused before it is read', () => {
    expect(outcome(withBody(`<xml><![CDATA[${'x'.repeat(10_000_000)}]]></xml>`, seal('')))).toBe('too-large')
  })

  it('keeps CDATA as it stands, joins it with text, and knows five entities', () => {
    const xml = readXml('<xml>a&lt;&gt;&amp;&quot;&apos;<![CDATA[<b>&amp;]]]]><![CDATA[>]]></xml>')
    expect(xml).toEqual({ name: 'xml', text: 'a<>&"\'<b>&amp;]]>', children: [] })
  })
})

describe('whatever comes, receiving neither throws nor accepts what is not signed', () => {
  it('random requests', () => {
    const query = fc.dictionary(
      fc.constantFrom('msg_signature', 'timestamp', 'nonce', 'echostr', 'x'),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(fc.constantFrom('GET', 'POST', 'HEAD', ''), query, fc.uint8Array({ maxLength: 600 }), (method, q, body) => {
        expect(wecom.receive({ method, query: q, headers: {}, body }).kind).toBe('refused')
      }),
      { numRuns: 500 },
    )
  })

  it('a sound request with one byte changed', () => {
    fc.assert(
      fc.property(fc.nat(good.body.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const body = Buffer.from(good.body)
        body[at] = (body[at] ?? 0) ^ by
        expect(wecom.receive({ ...good, body }).kind).toBe('refused')
      }),
      { numRuns: 500 },
    )
  })

  it('signed nonsense in the place of a message', () => {
    const tags = fc.constantFrom(
      'MsgType',
      'Event',
      'Content',
      'MsgId',
      'FromUserName',
      'SelectedItems',
      'CreateTime',
      'UserID',
      'constructor',
      'x',
    )
    const element = fc
      .tuple(tags, fc.string({ unit: 'binary', maxLength: 30 }))
      .map(([tag, text]) => `<${tag}><![CDATA[${text}]]></${tag}>`)
    fc.assert(
      fc.property(fc.array(element, { maxLength: 8 }), (elements) => {
        const received = wecom.receive(callback(inside(elements.join(''))))
        expect(['accepted', 'refused']).toContain(received.kind)
        if (received.kind === 'accepted') expect(Number.isNaN(received.incoming.at.getTime())).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a connection that cannot be right does not start', () => {
  it.each([
    ['corpId', { corpId: '' }],
    ['agentId', { agentId: '@all' }],
    ['agentId', { agentId: '' }],
    ['secret', { secret: '' }],
    ['token', { token: '' }],
    ['apiBase', { apiBase: 'qyapi' }],
    ['encodingAesKey', { encodingAesKey: 'abc' }],
  ])('%s', (part, change) => {
    expect(() => createWecom({ ...connection, ...change }, portsAt(now))).toThrow(part)
  })

  it('and a long connection says what to set instead', () => {
    expect(() => openStream(connection, async () => null, portsAt(now))).toThrow('set mode webhook')
  })
})
