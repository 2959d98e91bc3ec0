/**
 * The vectors that no other test uses, and the proof that none is left over (`vectors-where.ts`). The `pbbp2` frames of Feishu are proved
 * against the codec of the sandbox (`sandbox-feishu-wire.test.ts`): our side of that line is the official SDK, which does not export its codec.
 */
import { createHash, createHmac } from 'node:crypto'
import { EventDispatcher } from '@larksuiteoapi/node-sdk'
import * as wecomOracle from '@wecom/crypto'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { decodePress } from '../../src/bots/dingtalk/decode.ts'
import { faultOf } from '../../src/bots/dingtalk/errors.ts'
import { eventKeys, eventSignature, openEvent } from '../../src/bots/dingtalk/event-crypto.ts'
import { createFrames } from '../../src/bots/dingtalk/frames.ts'
import { configSignature, customRobotSign } from '../../src/bots/dingtalk/signing.ts'
import { openStream as openDingtalk } from '../../src/bots/dingtalk/stream.ts'
import { answers } from '../../src/bots/dingtalk/wire.ts'
import { codeChallenge, customBotSign, legacyCardSignature } from '../../src/bots/feishu/signing.ts'
import { openStream as openFeishu } from '../../src/bots/feishu/stream.ts'
import { endpointAnswer } from '../../src/bots/feishu/wire.ts'
import { jsapiSignature } from '../../src/bots/jsapi.ts'
import type { Deliver, Stream } from '../../src/bots/platform.ts'
import { createEnvelope } from '../../src/bots/wecom/envelope.ts'
import { openMedia } from '../../src/bots/wecom/signing.ts'
import { readXml, textOf } from '../../src/bots/wecom/xml.ts'
import { chen, failure, ok, useApi } from './dingtalk-api.ts'
import * as ding from './dingtalk-kit.ts'
import * as fei from './feishu-kit.ts'
import { listen, until } from './vectors-host.ts'
import { take, takeOne, untested, type VectorFile, vectorsOf, where } from './vectors-where.ts'
import type { Vector } from './wecom-kit.ts'

type Fields<Names extends string> = Readonly<Record<Names, string>>

describe('WeCom', () => {
  const proof = (v: Fields<'jsapi_ticket' | 'nonceStr' | 'timestamp' | 'page_url'>) => ({
    ticket: v.jsapi_ticket,
    nonce: v.nonceStr,
    timestamp: v.timestamp,
    url: v.page_url,
  })
  type Page = Fields<'jsapi_ticket' | 'nonceStr' | 'timestamp' | 'page_url' | 'signed_url' | 'signature'>
  it.each(take<Page>('wecom', 'jsapi_vectors'))('%s is signed', (_, v) => {
    expect(jsapiSignature(proof(v))).toBe(v.signature)
    const { signature } = wecomOracle.getJsApiSignature({
      url: v.signed_url,
      ticket: v.jsapi_ticket,
      nonceStr: v.nonceStr,
      timestamp: Number(v.timestamp),
    })
    expect(signature).toBe(v.signature)
    expect(jsapiSignature({ ...proof(v), url: `x${v.page_url}` })).not.toBe(v.signature)
  })

  type Media = Fields<'aeskey_base64' | 'plain_base64' | 'plain_md5' | 'cipher_base64'>
  const media = take<Media>('wecom', 'media_file_vectors')
  it.each(media)('%s opens to the file', (_, v) => {
    const plain = openMedia(v.aeskey_base64, Buffer.from(v.cipher_base64, 'base64'))
    expect(Buffer.from(plain ?? []).toString('base64')).toBe(v.plain_base64)
    expect(
      createHash('md5')
        .update(plain ?? '')
        .digest('hex'),
    ).toBe(v.plain_md5)
  })

  it.each(media)('%s stays shut when cut, and when its last byte is another', (_, v) => {
    const sealed = Buffer.from(v.cipher_base64, 'base64')
    for (let cut = 1; cut < 32; cut += 1) expect(openMedia(v.aeskey_base64, sealed.subarray(0, -cut))).toBeNull()
    expect(openMedia(v.aeskey_base64, new Uint8Array())).toBeNull()
    // The last byte of the block before flips the padding's last byte alone: 0, beyond 32, or unlike its neighbours.
    for (const flip of [0x01, 0x40, 0x80]) {
      const twisted = Buffer.from(sealed)
      const before = sealed.length - 17
      twisted.writeUInt8(twisted.readUInt8(before) ^ flip, before)
      expect(openMedia(v.aeskey_base64, twisted)).toBeNull()
    }
  })

  it('any bytes as a file never throw; a key that is none does', () => {
    const key = media[0]?.[1].aeskey_base64 ?? ''
    fc.assert(fc.property(fc.uint8Array({ maxLength: 320 }), (bytes) => openMedia(key, bytes)?.length !== bytes.length))
    for (const bad of ['', 'short', key.slice(0, 42), `${key}=`, `${key.slice(0, 42)}!=`])
      expect(() => openMedia(bad, Buffer.alloc(32))).toThrow(TypeError)
  })

  type Body = Fields<'encrypt' | 'msgsignature' | 'timestamp' | 'nonce'>
  const asXml = (text: string): Partial<Body> => {
    const xml = readXml(text)
    const part = (name: string) => (xml && textOf(xml, name)) ?? ''
    return {
      encrypt: part('Encrypt'),
      msgsignature: part('MsgSignature'),
      timestamp: part('TimeStamp'),
      nonce: part('Nonce'),
    }
  }
  it.each(take<Vector>('wecom', 'callback_vectors'))('%s: the address and the body as they travel, bots included', (_, v) => {
    const envelope = createEnvelope(v.token, v.encoding_aes_key)
    const query = Object.fromEntries(new URLSearchParams(v.query_string))
    const body: Partial<Body> = v.http_body ? (v.flavour === 'json' ? JSON.parse(v.http_body) : asXml(v.http_body)) : {}
    const encrypt = query.echostr ?? body.encrypt ?? v.encrypt
    const signed = v.query_string ? query : v.http_body ? { ...body, msg_signature: body.msgsignature } : v
    expect(envelope.authentic(signed.msg_signature ?? '', String(signed.timestamp), signed.nonce ?? '', encrypt)).toBe(true)
    expect(envelope.open(encrypt)).toEqual({ message: v.plaintext, receiveId: v.receiveid })
    if (v.flavour === 'json' && v.kind !== 'url_verify') expect(JSON.parse(v.plaintext)).toHaveProperty('msgtype')
  })
})

describe('DingTalk', () => {
  type Robot = Fields<'secret' | 'timestamp' | 'signBase64' | 'signUrlEncoded' | 'url'>
  it.each(take<Robot>('dingtalk', 'customRobotWebhookSign.cases'))('%s is signed', (_, v) => {
    const sign = customRobotSign(v.secret, v.timestamp)
    expect([sign, encodeURIComponent(sign)]).toEqual([v.signBase64, v.signUrlEncoded])
    const address = new URL('https://oapi.dingtalk.com/robot/send')
    address.search = String(new URLSearchParams({ access_token: 'TOKEN', timestamp: v.timestamp, sign }))
    expect(address.href).toBe(v.url)
  })

  type Page = Fields<'jsapiTicket' | 'nonceStr' | 'timeStamp' | 'url' | 'sha256' | 'sha1'>
  it.each(take<Page>('dingtalk', 'jsapiConfigSign.cases'))('%s is signed, as shown, as escaped, with a fragment', (_, v) => {
    for (const url of [v.url, `${v.url}#/step/1?x`, encodeURI(v.url)]) {
      const proof = { ticket: v.jsapiTicket, nonce: v.nonceStr, timestamp: v.timeStamp, url }
      expect(configSignature(proof)).toBe(v.sha256)
      expect(configSignature(proof, 'sha1')).toBe(v.sha1)
    }
  })
  it('an address with a broken escape is signed as it stands', () => {
    const proof = { ticket: 't', nonce: 'n', timestamp: '1', url: 'https://h5.example.com/?a=%E4%' }
    const text = 'jsapi_ticket=t&noncestr=n&timestamp=1&url=https://h5.example.com/?a=%E4%'
    expect(configSignature(proof)).toBe(createHash('sha256').update(text).digest('hex'))
  })

  type Bad = Fields<'token' | 'timestamp' | 'nonce' | 'encrypt' | 'msgSignature' | 'encodingAesKey' | 'verifierOwnerKey'>
  it.each(take<Partial<Bad>>('dingtalk', 'eventCrypto.negativeCases'))('%s fails', (_, v) => {
    const { token = '', timestamp = '', nonce = '', encrypt = '', msgSignature = '' } = v
    const { aesKey, clientId } = ding.connection
    const keys = () => eventKeys(token, v.encodingAesKey ?? aesKey, v.verifierOwnerKey ?? clientId)
    if (v.encodingAesKey) return expect(keys).toThrow('43 characters')
    const isSigned = eventSignature(token, timestamp, nonce, encrypt) === msgSignature
    expect([isSigned, isSigned && openEvent(keys(), encrypt)]).toEqual(v.verifierOwnerKey ? [true, null] : [false, false])
  })

  type Up = { readonly code: number; readonly message: string; readonly headers: object; readonly data: string }
  const answered = async (down: unknown, deliver: Deliver = async () => null): Promise<Up> => {
    const said: Up[] = []
    const { connection } = ding
    const frames = createFrames({
      connection,
      deliver,
      ports: ding.createPorts(),
      say: (up) => said.push(up),
      leaving: () => {},
    })
    frames.take(JSON.stringify(down))
    await frames.settled()
    const [only] = said
    if (!only || said.length > 1) throw new Error(`${said.length} answers`)
    return only
  }
  const { pingDown, eventDown } = ding.vectors.streamFrames

  it('a ping is answered with at least what the document asks for', async () => {
    expect(await answered(pingDown)).toMatchObject(takeOne<Up>('dingtalk', 'streamFrames.pingUp'))
  })
  it('an event that was not kept is asked for again', async () => {
    const later = takeOne<Up>('dingtalk', 'streamFrames.eventUpLater')
    const up = await answered(eventDown, () => Promise.reject(new Error('db unavailable')))
    // The reason is free text, and ours tells nothing of the inside.
    expect({ ...up, data: JSON.parse(up.data) }).toEqual({ ...later, data: { ...JSON.parse(later.data), message: 'failed' } })
  })
  it('a press is answered in the published shape', async () => {
    const cardUp = takeOne<Up>('dingtalk', 'streamFrames.cardUp')
    const reply = { toast: { tone: 'success', text: '已接单' }, card: ding.card } as const
    const { data, ...up } = await answered(takeOne('dingtalk', 'streamFrames.cardDown'), async () => reply)
    const { data: published, ...rest } = cardUp
    expect(up).toEqual(rest)
    const [ours, theirs] = [data, published].map((text) => JSON.parse(text).response)
    expect(Object.keys(ours)).toEqual(Object.keys(theirs))
    expect(ours.cardUpdateOptions).toEqual(theirs.cardUpdateOptions)
    for (const { cardParamMap, ...more } of [ours.cardData, ours.userPrivateData]) {
      expect(more).toEqual({})
      expect(new Set(Object.values(cardParamMap).map((value) => typeof value))).toEqual(new Set(['string']))
    }
  })

  const press = (name: string, change: (params: object) => object = (params) => params) => {
    const payload = takeOne<Fields<'content'>>('dingtalk', `samplePayloads.${name}`)
    const { cardPrivateData } = JSON.parse(payload.content)
    const content = JSON.stringify({ cardPrivateData: { ...cardPrivateData, params: change(cardPrivateData.params) } })
    const text = JSON.stringify({ ...payload, content })
    return decodePress({ connection: ding.connection, now: ding.now, text, key: () => 'k', stamp: ding.stamp })
  }
  it.each(['cardActionStream', 'cardNoBusinessPayload'])('%s names no command of ours and is journaled', (name) => {
    expect(press(name)).toMatchObject({ kind: 'unsupported', what: 'press-without-params' })
  })
  it('a form keeps every field as one text', () => {
    expect(press('cardFormSubmit', (params) => ({ ...params, key: ding.actionKey }))).toMatchObject({
      kind: 'press',
      action: ding.actionKey,
      account: 'u_chen',
      message: 'wo-20260101-0007:form:1',
      form: { level: 'major', due: '2026-01-05', owner: '王五', photos_ok: 'true', tags: 'guard,electrical' },
    })
  })

  it('a token and a gateway answer are read as published', () => {
    const token = takeOne('dingtalk', 'samplePayloads.tokenOk')
    const gateway = takeOne('dingtalk', 'streamFrames.openResponse200')
    expect([answers.token.parse(token), answers.endpoint.parse(gateway)]).toEqual([token, gateway])
  })
  it.each([
    [200, 'sessionWebhookOk', null],
    [400, 'tokenBadSecret', { kind: 'permanent', because: 'bad-credentials', scope: 'connection' }],
    [400, 'newApiBadToken', { message: 'InvalidAuthentication' }],
    [403, 'newApiQps', { kind: 'temporary', because: 'too-fast', scope: 'connection' }],
    [403, 'newApiNoScope', { kind: 'permanent', because: 'no-permission', scope: 'connection' }],
    [200, 'oldApiBadCode', { kind: 'permanent', because: 'refused', scope: 'message' }],
    [200, 'sessionWebhookExpired', { kind: 'permanent', because: 'refused', scope: 'message' }],
  ] as const)('%i with %s means what it says', (status, name, fault) => {
    const found = faultOf(status, JSON.stringify(takeOne('dingtalk', `samplePayloads.${name}`)), true)
    if (fault === null) expect(found).toBeNull()
    else expect(found).toMatchObject(fault)
  })

  const api = useApi()
  it('HTTP 200 with a failed delivery is no delivery', async () => {
    api.script = () => ok(takeOne('dingtalk', 'samplePayloads.createAndDeliverPartial'))
    expect(await failure(api.platform().send(chen, { kind: 'card', card: ding.card }, 'eff_1'))).toMatchObject({
      kind: 'permanent',
      because: 'not-delivered',
    })
  })
})

describe('Feishu', () => {
  type Bot = Fields<'timestamp' | 'secret' | 'sign'>
  it.each(take<Bot>('feishu', 'custom_bot_sign.vectors'))('%s is signed', (_, v) => {
    expect(customBotSign(v.secret, v.timestamp)).toBe(v.sign)
  })
  it('the common mistake is not made', () => {
    const v = takeOne<Fields<'timestamp' | 'secret' | 'wrong_sign'>>('feishu', 'custom_bot_sign.negative')
    expect(createHmac('sha256', v.secret).update(`${v.timestamp}\n${v.secret}`).digest('base64')).toBe(v.wrong_sign)
    expect(customBotSign(v.secret, v.timestamp)).not.toBe(v.wrong_sign)
  })

  type Page = Fields<'jsapi_ticket' | 'noncestr' | 'timestamp' | 'url' | 'signature'>
  it.each(take<Page>('feishu', 'jsapi_signature_sha1.vectors'))('%s is signed, with and without a fragment', (_, v) => {
    for (const url of [v.url, `${v.url}#/step/1`]) {
      const proof = { ticket: v.jsapi_ticket, nonce: v.noncestr, timestamp: v.timestamp, url }
      expect(jsapiSignature(proof)).toBe(v.signature)
    }
  })

  type Legacy = Fields<'timestamp' | 'nonce' | 'verification_token' | 'raw_body' | 'x_lark_signature'>
  it.each(take<Legacy>('feishu', 'legacy_card_signature_sha1.vectors'))('%s is signed over the bytes', (_, v) => {
    const body = Buffer.from(v.raw_body)
    expect(legacyCardSignature(v.timestamp, v.nonce, v.verification_token, body)).toBe(v.x_lark_signature)
    expect(legacyCardSignature(v.timestamp, v.nonce, v.verification_token, body.subarray(1))).not.toBe(v.x_lark_signature)
  })

  it.each(take<Fields<'code_verifier' | 'code_challenge'>>('feishu', 'pkce'))('%s is challenged', (_, v) => {
    expect(codeChallenge(v.code_verifier)).toBe(v.code_challenge)
  })

  it('the bootstrap of the long connection is read as published', () => {
    type Ok = { readonly data: Fields<'URL'> }
    const good = takeOne<Ok>('feishu', 'ws_endpoint.response_ok')
    const { device_id, service_id } = takeOne<Fields<'device_id' | 'service_id'>>('feishu', 'ws_endpoint.parsed')
    expect(endpointAnswer.parse(good)).toEqual(good)
    const query = new URL(good.data.URL).searchParams
    expect([query.get('device_id'), Number(query.get('service_id'))]).toEqual([device_id, service_id])
  })

  it('the official SDK lets the card token overwrite the header token; that is why it hands us the whole envelope', async () => {
    const { note: _, ...flat } = takeOne<Fields<'note' | 'token' | 'event_type'>>('feishu', 'flattening_by_node_sdk.expect')
    const seen: unknown[] = []
    const dispatcher = new EventDispatcher({})
    dispatcher.register({ 'card.action.trigger': async (data: unknown) => void seen.push(data) })
    await dispatcher.invoke(fei.vectors.flattening_by_node_sdk.input_card_event, { needCheck: false })
    expect(seen).toMatchObject([flat])
  })
})

describe('the first words of a long connection', () => {
  const closers: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
    vi.restoreAllMocks()
  })
  const host = async (say: (base: string) => unknown) => {
    // The official client talks to the console.
    vi.spyOn(console, 'info').mockImplementation(() => {})
    const found = await listen(say)
    closers.push(found.close)
    return found
  }
  const kept = (stream: Stream): Stream => {
    closers.unshift(stream.close)
    return stream
  }

  it('of DingTalk: the ticket goes where the document puts it', async () => {
    const published = new URL(takeOne<string>('dingtalk', 'streamFrames.connectUrl'))
    const ticket = published.searchParams.get('ticket')
    const { base, upgrades } = await host((at) => ({ endpoint: `${at.replace('http', 'ws')}${published.pathname}`, ticket }))
    kept(openDingtalk({ ...ding.connection, apiBase: base }, async () => null, ding.createPorts()))
    await until(() => upgrades.length > 0)
    expect(upgrades[0]).toBe(published.pathname + published.search)
  })

  it('of Feishu: the app is named as published, and a refusal keeps the line down', async () => {
    type Asked = { readonly method: string; readonly path: string; readonly headers: Fields<string>; readonly body: unknown }
    const { path: url, headers, ...rest } = takeOne<Asked>('feishu', 'ws_endpoint.request')
    const refusal = takeOne('feishu', 'ws_endpoint.response_auth_failed')
    const { base, heard, upgrades } = await host(() => refusal)
    const stream = kept(openFeishu({ ...fei.connection, mode: 'stream', apiBase: base }, async () => null, fei.createPorts()))
    await until(() => stream.state() === 'down')
    expect(heard[0]).toMatchObject({ ...rest, url, headers: { locale: headers.locale } })
    expect(heard[0]?.headers['content-type']).toContain(headers['content-type'])
    expect([heard.length, upgrades]).toEqual([1, []])
  })
})

describe.each(['wecom', 'dingtalk', 'feishu'] as const satisfies readonly VectorFile[])('the vectors of %s', (file) => {
  it('are each used by a test', () => {
    expect(vectorsOf(file).flatMap((one) => untested(file, one) ?? [])).toEqual([])
  })
  it('have each their own name, and fill every row of the table', () => {
    const all = vectorsOf(file)
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    expect([...new Set(all.map(({ group }) => group))].sort()).toEqual(Object.keys(where[file]).sort())
  })
})
