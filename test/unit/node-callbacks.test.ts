import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { encrypt, sign } from '../../sandbox/feishu/signing.ts'
import { createFeishu } from '../../src/bots/feishu/platform.ts'
import { createClock } from '../../src/lib/clock.ts'
import { silent } from '../../src/lib/log.ts'
import { createNodeCallbacks } from '../../src/node-request.ts'
import type { Callbacks } from '../../src/webhooks/platforms.ts'

const keys = {
  id: 'feishu',
  appId: 'cli_1',
  appSecret: 's',
  encryptKey: 'key-of-this-test',
  verificationToken: 'token',
  tenantKey: 't1',
}
const ports = {
  clock: createClock(),
  log: silent,
  tokens: { get: async () => '', drop: async () => {} },
  budget: { take: async () => {}, full: async () => [] },
}
const feishu = createFeishu({ ...keys, platform: 'feishu', mode: 'webhook', apiBase: 'http://127.0.0.1' }, ports)

/** A message as the platform pushes it. */
const pushed = () => {
  const header = {
    event_id: randomBytes(16).toString('hex'),
    event_type: 'im.message.receive_v1',
    create_time: String(Date.now()),
    token: keys.verificationToken,
    app_id: keys.appId,
    tenant_key: keys.tenantKey,
  }
  const sender = { sender_id: { open_id: 'ou_1' }, sender_type: 'user', tenant_key: keys.tenantKey }
  const message = {
    ...{ message_id: 'om_1', create_time: header.create_time, chat_id: 'oc_1', chat_type: 'p2p' },
    ...{ message_type: 'text', content: JSON.stringify({ text: '3号泵房漏油' }) },
  }
  const event = JSON.stringify({ schema: '2.0', header, event: { sender, message } })
  const body = JSON.stringify({ encrypt: encrypt(keys.encryptKey, event) })
  const [timestamp, nonce] = [String(Math.floor(Date.now() / 1000)), 'n1']
  const headers = {
    'content-type': 'application/json',
    'x-lark-request-timestamp': timestamp,
    'x-lark-request-nonce': nonce,
    'x-lark-signature': sign(timestamp, nonce, keys.encryptKey, body),
  }
  return { body, headers }
}

const open: { close: () => void }[] = []
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})

/** The callbacks on a socket of their own, with a decision that is made when the test says so. */
const listen = async () => {
  let decide = (): void => {}
  const decided = new Promise<void>((resolve) => {
    decide = resolve
  })
  let arrive = (): void => {}
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve
  })
  let tell = (_: boolean): void => {}
  const left = new Promise<boolean>((resolve) => {
    tell = resolve
  })
  const doors: Callbacks = {
    platforms: new Map([['feishu', feishu]]),
    siteOf: () => 'SH01',
    handle: async () => {
      arrive()
      await decided
      return { kind: 'decided', reply: null, subject: null, answered: tell }
    },
    refused: () => {},
    log: silent,
  }
  const callbacks = createNodeCallbacks(doors)
  const server = createServer((incoming, outgoing) => {
    if (!callbacks(incoming, outgoing)) outgoing.writeHead(418).end()
  }).listen(0, '127.0.0.1')
  const hungUp = once(server, 'connection').then(([socket]) => once(socket, 'close'))
  await once(server, 'listening')
  open.push(server)
  const { port } = server.address() as AddressInfo
  const push = (path = '/hooks/feishu') => {
    const { body, headers } = pushed()
    const call = request({ port, host: '127.0.0.1', path, method: 'POST', headers })
    call.on('error', () => {})
    call.end(body)
    return call
  }
  return { arrived, decide, hungUp, left, push }
}

const statusOf = async (call: ReturnType<typeof request>): Promise<number | undefined> => {
  const [response] = await once(call, 'response')
  response.resume()
  return response.statusCode
}

test('an answer that has left the process is told as having left', async () => {
  const { decide, left, push } = await listen()
  decide()
  expect(await statusOf(push())).toBe(200)
  expect(await left).toBe(true)
})

test('a caller who hangs up while it is decided is told as an answer that got lost', async () => {
  const { arrived, decide, hungUp, left, push } = await listen()
  const call = push()
  await arrived
  call.destroy()
  await hungUp
  decide()
  expect(await left).toBe(false)
})

test.each([['/hooks/feishu/more'], ['/hooks/'], ['/hooks/fei%73hu'], ['/hook/feishu'], ['/hooks/alarms/camera']])(
  '%s is no callback and is left to the application',
  async (path) => {
    const { push } = await listen()
    expect(await statusOf(push(path))).toBe(418)
  },
)

test('a connection that nobody configured is not found', async () => {
  const { push } = await listen()
  expect(await statusOf(push('/hooks/other'))).toBe(404)
})
