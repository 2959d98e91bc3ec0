import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isSuccess } from '../../sandbox/dingtalk/hooks.ts'
import { cardSign, decryptEvent, encryptEvent, eventSign, robotSign } from '../../sandbox/dingtalk/sign.ts'
import vectors from '../vectors/dingtalk.json' with { type: 'json' }
import { cardBody, pressable } from './sandbox-dingtalk-card.ts'
import { type Desk, dataOf, demoApp, dial, type Frame, openDesk, openTicket } from './sandbox-dingtalk-desk.ts'

describe('signatures', () => {
  test.each(vectors.robotHttpCallbackSign.cases)('robot callback at $timestamp', ({ secret, timestamp, signBase64 }) => {
    expect(robotSign(secret, timestamp)).toBe(signBase64)
  })
  test.each(vectors.cardHttpCallbackSign.cases)('card callback at $timestamp', ({ apiSecret, timestamp, signature }) => {
    expect(cardSign(apiSecret, timestamp)).toBe(signature)
  })
})

describe('event encryption', () => {
  test.each(vectors.eventCrypto.encryptCases)('writes $padBytes bytes of padding and the published signature', (row) => {
    const encrypt = encryptEvent(row.encodingAesKey, row.ownerKey, row.plaintext, row.random16)
    expect(encrypt).toBe(row.encrypt)
    expect(eventSign(row.token, row.timestamp, row.nonce, encrypt)).toBe(row.msgSignature)
    expect(decryptEvent(row.encodingAesKey, row.ownerKey, encrypt)).toBe(row.plaintext)
  })
  test.each(vectors.eventCrypto.decryptCases)('reads the $source', (row) => {
    expect(decryptEvent(row.encodingAesKey, row.ownerKey, row.encrypt)).toBe(row.expect.msg)
    expect(eventSign(row.token, row.timestamp, row.nonce, row.encrypt)).toBe(row.msgSignature)
  })
  test('takes only a signed and encrypted success for an answer', () => {
    const row = vectors.eventCrypto.encryptCases[0]
    const credentials = {
      ...demoApp().credentials,
      token: String(row?.token),
      aesKey: String(row?.encodingAesKey),
      clientId: String(row?.ownerKey),
    }
    const app = demoApp({ credentials })
    const good = { msg_signature: row?.msgSignature, timeStamp: row?.timestamp, nonce: row?.nonce, encrypt: row?.encrypt }
    const other = vectors.eventCrypto.encryptCases[1]
    expect(isSuccess(app, JSON.stringify(good))).toBe(true)
    expect(isSuccess(app, 'success')).toBe(false)
    expect(isSuccess(app, JSON.stringify({ ...good, msg_signature: undefined }))).toBe(false)
    expect(isSuccess(app, JSON.stringify({ ...good, timeStamp: '1767225600124' }))).toBe(false)
    expect(isSuccess(app, JSON.stringify({ ...good, encrypt: other?.encrypt, msg_signature: other?.msgSignature }))).toBe(false)
    expect(isSuccess(demoApp({ credentials: { ...credentials, clientId: 'dingotherapp' } }), JSON.stringify(good))).toBe(false)
  })
  test('refuses a key of 42 characters', () => {
    const key = vectors.eventCrypto.negativeCases.find(({ name }) => name.startsWith('42'))?.encodingAesKey ?? ''
    expect(() => encryptEvent(key, 'a', 'b', '0123456789abcdef')).toThrow('900004')
  })
})

const keysOf = (value: unknown): readonly string[] => Object.keys(value as object)
const samePlan = (frame: Frame, vector: { headers: object; data: string; type: string; specVersion: string }) => {
  expect(keysOf(frame)).toEqual(keysOf(vector))
  expect(keysOf(frame.headers)).toEqual(keysOf(vector.headers))
  expect(Object.values(frame.headers).every((value) => typeof value === 'string')).toBe(true)
  expect([frame.specVersion, frame.type]).toEqual([vector.specVersion, vector.type])
  return { frame: dataOf(frame), vector: JSON.parse(vector.data) as Record<string, unknown> }
}

describe('frames have the keys of the vectors, in their order', () => {
  let desk: Desk
  beforeEach(async () => {
    desk = await openDesk()
  })
  afterEach(() => desk.close())

  test('opening', async () => {
    const { body } = await openTicket(desk)
    expect(keysOf(body)).toEqual(keysOf(vectors.streamFrames.openResponse200))
    expect(String(body.endpoint)).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/connect$/)
    const refused = await openTicket(desk, { clientSecret: 'wrong' })
    expect(refused.status).toBe(401)
    expect({ ...refused.body, requestid: '' }).toEqual({ ...vectors.streamFrames.openResponse401, requestid: '' })
    expect(String(refused.body.requestid)).toMatch(/^[0-9A-F]{8}-/)
  })

  test('robot message in a group', async () => {
    const line = await dial(desk)
    await desk.vendor.says({ account: desk.who('u_chen'), text: '报告隐患 3号机防护罩缺失', group: '二号车间安全群' })
    const { frame, vector } = samePlan(await line.frame(0), vectors.streamFrames.botDown)
    expect(keysOf(frame).toSorted()).toEqual(keysOf(vector).toSorted())
    expect(frame.text).toEqual(vector.text)
    expect([frame.conversationTitle, frame.isInAtList, frame.conversationType]).toEqual(['二号车间安全群', true, '2'])
    expect(Number(frame.sessionWebhookExpiredTime) - Number(frame.createAt)).toBe(5_400_000)
  })

  test('event', async () => {
    const line = await dial(desk, () => ({ status: 'SUCCESS', message: 'ok' }))
    await desk.call('POST', '/v1.0/robot/oToMessages/batchSend', {
      robotCode: 'dingemuappkey0001',
      userIds: ['u_chen'],
      msgKey: 'sampleText',
      msgParam: '{"content":"x"}',
    })
    await desk.vendor.reads(desk.who('u_chen'), desk.world.phone('u_chen')[0]?.id ?? '')
    const { frame } = samePlan(await line.frame(0), vectors.streamFrames.eventDown)
    expect(frame).toMatchObject({ userId: 'u_chen', robotCode: 'dingemuappkey0001' })
  })

  test('card press', async () => {
    const line = await dial(desk, () => ({ response: {} }))
    await desk.call('POST', '/v1.0/card/instances/createAndDeliver', cardBody(desk, { to: 'u_chen', map: pressable }))
    const message = desk.world.phone('u_chen')[0]?.id ?? ''
    expect(await desk.vendor.presses({ account: desk.who('u_chen'), message, label: '接单', form: {} })).toEqual({
      status: 'answered',
      toast: null,
      card: null,
    })
    const { frame, vector } = samePlan(await line.frame(0), vectors.streamFrames.cardDown)
    expect(keysOf(frame)).toEqual(keysOf(vector))
    expect(JSON.parse(String(frame.content))).toEqual({
      cardPrivateData: { actionIds: ['hazard.accept'], params: { key: 'hazard.accept:haz_1@3' } },
    })
  })

  test('ping and disconnect', async () => {
    desk.world.set('dingtalk.pingSeconds', '0.3')
    desk.world.set('dingtalk.connectionHours', '6')
    const line = await dial(desk)
    const raw: Frame[] = []
    line.socket.on('message', (text) => raw.push(JSON.parse(String(text)) as Frame))
    while (raw.length === 0) await new Promise((resolve) => line.socket.once('message', resolve))
    samePlan(raw[0] as Frame, vectors.streamFrames.pingDown)
    await desk.world.advance(6 * 3_600_000)
    const disconnect = await line.frame(0)
    expect(samePlan(disconnect, vectors.streamFrames.disconnectDown).frame).toEqual({
      reason: 'persistent connection is timeout',
    })
  })
})
