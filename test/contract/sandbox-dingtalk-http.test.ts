import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cardBody, pressable } from './sandbox-dingtalk-card.ts'
import { type Desk, demoApp, type Json, openDesk } from './sandbox-dingtalk-desk.ts'

type Heard = { readonly url: URL; readonly headers: IncomingMessage['headers']; readonly body: Json }

/** A service that listens on HTTP, written here apart from the double: what it hears, and what it answers to each. */
const listen = async (answer: (heard: Heard) => { status?: number; body?: unknown }) => {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const one = {
      url: new URL(request.url ?? '/', 'http://localhost'),
      headers: request.headers,
      body: JSON.parse(Buffer.concat(chunks).toString()) as Json,
    }
    heard.push(one)
    const { status = 200, body = {} } = answer(one)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { heard, address: `http://127.0.0.1:${port}/hooks/dingtalk-demo`, close: () => server.close() }
}

const app = demoApp({ door: 'http' })
const { clientId = '', clientSecret = '', token = '', aesKey = '', cardCallbackSecret = '' } = app.credentials
const key = Buffer.from(`${aesKey}=`, 'base64')

const opened = (encrypt: string): Json => {
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const whole = Buffer.concat([decipher.update(encrypt, 'base64'), decipher.final()])
  const end = 20 + whole.readUInt32BE(16)
  expect(whole.subarray(end, whole.length - (whole.at(-1) ?? 0)).toString()).toBe(clientId)
  return JSON.parse(whole.subarray(20, end).toString()) as Json
}

const signed = (...parts: readonly string[]) => createHash('sha1').update(parts.toSorted().join('')).digest('hex')

/** The encrypted `success`, padded to 16 as one official sample does: a reader must take that too. */
const success = (text = 'success') => {
  const plain = Buffer.concat([
    Buffer.from('0123456789abcdef'),
    Buffer.from([0, 0, 0, text.length]),
    Buffer.from(text + clientId),
  ])
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16))
  const encrypt = Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
  const [timeStamp, nonce] = ['1767225600123', 'Nonce1234567890A']
  return { msg_signature: signed(token, timeStamp, nonce, encrypt), timeStamp, nonce, encrypt }
}

let desk: Desk
let service: Awaited<ReturnType<typeof listen>>
let reply: (heard: Heard) => { status?: number; body?: unknown }
beforeEach(async () => {
  reply = () => ({})
  service = await listen((heard) => reply(heard))
  desk = await openDesk([{ ...app, callbackUrls: [service.address] }])
})
afterEach(async () => {
  await desk.close()
  service.close()
})

const says = async (text: string) => {
  await desk.vendor.says({ account: desk.who('u_chen'), text, group: null })
  await desk.world.settled()
}

describe('robot messages', () => {
  test('are signed over the timestamp with the app secret', async () => {
    await says('漏油')
    const { headers, body } = service.heard[0] as Heard
    const mac = createHmac('sha256', clientSecret).update(`${headers.timestamp}\n${clientSecret}`).digest('base64')
    expect(headers.sign).toBe(mac)
    expect(Number(headers.timestamp)).toBeGreaterThan(1_600_000_000_000)
    expect(body).toMatchObject({ msgtype: 'text', text: { content: '漏油' }, robotCode: app.credentials.robotCode })
  })
  test('may be answered in place; an empty answer says nothing', async () => {
    reply = () => ({ body: { msgtype: 'text', text: { content: '收到' } } })
    await says('漏油')
    reply = () => ({ body: { msgtype: 'empty' } })
    await says('还在漏')
    expect(desk.world.phone('u_chen').map(({ from, text }) => [from, text])).toEqual([
      ['person', '漏油'],
      ['bot', '收到'],
      ['person', '还在漏'],
    ])
  })
  test('that fail come once more, with the same msgId', async () => {
    reply = () => ({ status: 503 })
    await says('漏油')
    await desk.world.advance(60_000)
    await desk.world.advance(600_000)
    expect(service.heard).toHaveLength(2)
    expect(service.heard[0]?.body.msgId).toBe(service.heard[1]?.body.msgId)
  })
})

describe('events', () => {
  const readSomething = async () => {
    const body = { robotCode: app.credentials.robotCode, userIds: ['u_chen'], msgKey: 'sampleText', msgParam: '{"content":"x"}' }
    await desk.call('POST', '/v1.0/robot/oToMessages/batchSend', body)
    await desk.vendor.reads(desk.who('u_chen'), desk.world.phone('u_chen').at(-1)?.id ?? '')
    await desk.world.settled()
  }
  const types = () => service.heard.map(({ body }) => opened(String(body.encrypt)).EventType)

  test('are encrypted and signed, after the address has proved itself with check_url', async () => {
    reply = () => ({ body: success() })
    await readSomething()
    expect(types()).toEqual(['check_url', 'robot_msg_read'])
    const { url, body } = service.heard[1] as Heard
    const part = (name: string) => url.searchParams.get(name) ?? ''
    expect(part('msg_signature')).toBe(signed(token, part('timestamp'), part('nonce'), String(body.encrypt)))
    expect(part('signature')).toBe(part('msg_signature'))
    expect(opened(String(body.encrypt))).toMatchObject({
      CorpId: app.credentials.corpId,
      userId: 'u_chen',
      robotCode: app.credentials.robotCode,
    })
  })
  test.each<[string, () => { status?: number; body?: unknown }]>([
    ['plain success', () => ({ body: 'success' })],
    ['another word', () => ({ body: success('failure') })],
    ['a forged signature', () => ({ body: { ...success(), msg_signature: '0'.repeat(40) } })],
    ['an error', () => ({ status: 500, body: success() })],
  ])('are told again after 10 s and 30 s when the answer is %s', async (_name, answer) => {
    reply = (heard) => (opened(String(heard.body.encrypt)).EventType === 'check_url' ? { body: success() } : answer())
    await readSomething()
    await desk.world.advance(10_000)
    await desk.world.advance(30_000)
    await desk.world.advance(600_000)
    expect(types()).toEqual(['check_url', 'robot_msg_read', 'robot_msg_read', 'robot_msg_read'])
    const list = await desk.call('GET', '/call_back/get_call_back_failed_result')
    expect(list.body.failed_list).toMatchObject([{ call_back_tag: 'robot_msg_read' }])
  })
})

describe('card presses', () => {
  const press = async (callbackRouteKey = 'andon') => {
    const change = { callbackType: 'HTTP', callbackRouteKey }
    await desk.call('POST', '/v1.0/card/instances/createAndDeliver', cardBody(desk, { to: 'u_chen', map: pressable, change }))
    const message = desk.world.phone('u_chen').at(-1)?.id ?? ''
    return desk.vendor.presses({ account: desk.who('u_chen'), message, label: '接单', form: {} })
  }
  const verifies = (secret: string) => {
    const { headers } = service.heard.at(-1) as Heard
    const mac = createHmac('sha256', secret).update(String(headers['x-ddpaas-signature-timestamp'])).digest('base64')
    return headers['x-ddpaas-signature'] === mac
  }
  const answered = { cardUpdateOptions: { updateCardDataByKey: true }, cardData: { cardParamMap: { title: '处理中' } } }

  test('are signed with the registered secret, and the body of the answer is the response itself', async () => {
    reply = () => ({ body: answered })
    const body = { callbackRouteKey: 'andon', callbackUrl: service.address, apiSecret: 'registered-secret' }
    const registered = await desk.call('POST', '/v1.0/card/callbacks/register', body)
    expect(registered.body).toEqual({ success: true, result: { callbackUrl: service.address, apiSecret: 'registered-secret' } })
    expect(await press()).toMatchObject({ status: 'answered', card: { title: '处理中' } })
    expect(verifies('registered-secret')).toBe(true)
    expect(service.heard.at(-1)?.body).toMatchObject({ type: 'actionCallback', userId: 'u_chen', outTrackId: 'hz-7:u_chen:1' })
  })
  test('without a registration the secret of the connection signs', async () => {
    reply = () => ({ body: answered })
    expect((await press('never-registered')).status).toBe('answered')
    expect(verifies(cardCallbackSecret)).toBe(true)
  })
  test('a wrapped response is not one: the template knows no such answer, nothing changes', async () => {
    reply = () => ({ body: { response: answered } })
    expect(await press()).toEqual({ status: 'answered', toast: null, card: null })
    expect(desk.world.phone('u_chen').at(-1)?.title).toBe('隐患待处理')
  })
  test('a refusal of the service is an error on the phone', async () => {
    reply = () => ({ status: 401 })
    expect((await press()).status).toBe('error')
  })
  test('an existing key without forceUpdate gives the old registration, or an error under the switch', async () => {
    const register = (body: Json) =>
      desk.call('POST', '/v1.0/card/callbacks/register', { callbackRouteKey: 'andon', callbackUrl: service.address, ...body })
    const first = await register({ apiSecret: 'one' })
    expect((await register({ apiSecret: 'two' })).body).toEqual(first.body)
    expect((await register({ apiSecret: 'two', forceUpdate: true })).body).toMatchObject({ result: { apiSecret: 'two' } })
    desk.world.set('dingtalk.registerExisting', 'error')
    const refused = await register({ apiSecret: 'three' })
    expect([refused.status, refused.body.code]).toEqual([500, 'param.callbackRouteKeyExist'])
    expect((await register({ callbackRouteKey: '' })).body.code).toBe('param.callbackRouteKeyEmpty')
    expect((await register({ callbackUrl: '' })).body.code).toBe('param.callbackUrlEmpty')
    expect((await register({ callbackUrl: 'https://example.com/hooks' })).body.code).toBe('system.updateCallbackFailed')
  })
})
