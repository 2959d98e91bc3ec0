import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSocketServer } from 'node:net'
import { expect, test } from 'vitest'
import { DeliveryError } from '../../src/bots/platform.ts'
import type { OutgoingCall } from '../../src/engine/parts.ts'
import { createClock } from '../../src/lib/clock.ts'
import { postByNode } from '../../src/node-post.ts'
import { type CallTarget, createOutgoing, type Outgoing, postByFetch } from '../../src/webhooks/outgoing.ts'

const secret = 'the secret of this test, long enough'
const call: OutgoingCall = {
  target: 'hr',
  event: 'pay.freeze',
  key: 'eff_0123456789abcdefghijklmno',
  at: '2026-11-24T02:00:00.000Z',
  subject: 'haz_1',
  body: { person: 'E1001', 冻结: true },
}

type Arrived = { readonly headers: IncomingMessage['headers']; readonly body: string; readonly url: string }

/** A system on a real socket that answers in turn, the last answer for ever. */
const receiver = async (...answers: readonly ((response: ServerResponse, arrived: Arrived) => void)[]) => {
  const arrived: Arrived[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const one = { headers: request.headers, body: Buffer.concat(parts).toString('utf8'), url: request.url ?? '' }
      arrived.push(one)
      answers[Math.min(arrived.length, answers.length) - 1]?.(response, one)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : 0
  return {
    arrived,
    port,
    url: `http://127.0.0.1:${port}/andon`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const status =
  (code: number, headers: Readonly<Record<string, string>> = {}, body = '') =>
  (response: ServerResponse): void =>
    void response.writeHead(code, headers).end(body)

const targetAt = (url: string, more: Partial<CallTarget> = {}): CallTarget => ({
  id: 'hr',
  url,
  secret,
  events: ['*'],
  privateNetwork: false,
  ...more,
})
const outgoing = (target: CallTarget, more: Partial<Outgoing> = {}) =>
  createOutgoing({ targets: [target], sandbox: true, clock: createClock(), post: postByNode, ...more })

/** What became of a call: its receipt, or the failure as the outbox sees it. */
const made = async (calling: Promise<string>): Promise<string> => {
  try {
    return `done ${await calling}`
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error
    return `${error.kind} ${error.because}${error.retryAfter === null ? '' : ` after ${error.retryAfter}`}`
  }
}

for (const [name, post] of [
  ['Node', postByNode],
  ['fetch', postByFetch],
] as const)
  test(`a call by ${name} is signed over its time, its key and the bytes that travel`, async () => {
    const system = await receiver(status(200, {}, '{"receipt":"R-7"}'))
    try {
      expect(await made(outgoing(targetAt(system.url), { post })(call))).toBe('done R-7')
      const [one] = system.arrived
      const { 'x-andon-timestamp': timestamp, 'x-andon-nonce': nonce, 'x-andon-signature': signature } = one?.headers ?? {}
      expect(nonce).toBe(call.key)
      expect(signature).toBe(createHmac('sha256', secret).update(`${timestamp}\n${nonce}\n${one?.body}`).digest('hex'))
      expect(one?.headers['content-type']).toBe('application/json; charset=utf-8')
      expect(JSON.parse(one?.body ?? '')).toEqual({
        event: 'pay.freeze',
        key: call.key,
        at: call.at,
        subject: 'haz_1',
        data: { person: 'E1001', 冻结: true },
      })
    } finally {
      await system.close()
    }
  })

test.each([
  [200, {}, '', 'done '],
  [204, {}, '', 'done '],
  [200, {}, 'not JSON', 'done '],
  [200, {}, '{"receipt":7}', 'done '],
  [200, {}, `{"receipt":"${'x'.repeat(201)}"}`, 'done '],
  [301, { location: 'http://127.0.0.1:1/' }, '', 'permanent redirected'],
  [307, { location: 'http://127.0.0.1:1/' }, '', 'permanent redirected'],
  [400, {}, '', 'permanent http-400'],
  [401, {}, '', 'permanent http-401'],
  [404, {}, '', 'permanent http-404'],
  [410, {}, '', 'permanent http-410'],
  [408, {}, '', 'temporary http-408'],
  [425, {}, '', 'temporary http-425'],
  [429, { 'retry-after': '30' }, '', 'temporary http-429 after 30000'],
  [429, { 'retry-after': '999999999' }, '', 'temporary http-429 after 3600000'],
  [429, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, '', 'temporary http-429'],
  [500, {}, '', 'ambiguous http-500'],
  [503, { 'retry-after': '60' }, '', 'ambiguous http-503 after 60000'],
])('an answer %i with %j and «%s» means: %s', async (code, headers, body, meaning) => {
  const system = await receiver(status(code, headers as Record<string, string>, body))
  try {
    expect(await made(outgoing(targetAt(system.url))(call))).toBe(meaning)
    expect(system.arrived).toHaveLength(1)
  } finally {
    await system.close()
  }
})

test('an answer without end is read to its bound and believed by its status', async () => {
  const system = await receiver((response) => {
    response.writeHead(200)
    const more = (): void => {
      if (!response.destroyed && response.write('x'.repeat(65_536))) setImmediate(more)
    }
    response.on('drain', more)
    more()
  })
  try {
    expect(await made(outgoing(targetAt(system.url))(call))).toBe('done ')
  } finally {
    await system.close()
  }
})

test('a connection that ends without an answer may have done its work; one that never stood has not', async () => {
  const server = createSocketServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : 0
  const target = targetAt(`http://127.0.0.1:${port}/`)
  expect(await made(outgoing(target)(call))).toBe('ambiguous no-answer')
  await new Promise((resolve) => server.close(resolve))
  expect(await made(outgoing(target)(call))).toBe('temporary unreachable')
})

test('a target that is not configured, and an event that it does not take, are told at once', async () => {
  const target = targetAt('http://127.0.0.1:1/', { events: ['penalty.issued'] })
  expect(await made(outgoing(target)({ ...call, target: 'mes' }))).toBe('permanent unknown-target')
  expect(await made(outgoing(target)({ ...call, target: 'constructor' }))).toBe('permanent unknown-target')
  expect(await made(outgoing(target)(call))).toBe('permanent event-not-configured')
  expect(await made(outgoing(target)({ ...call, event: 'penalty.issued' }))).toBe('temporary unreachable')
})

/** Counts what is asked for, and sends nothing. */
const refusing = async (url: string, more: Partial<CallTarget> = {}): Promise<readonly [string, number]> => {
  let asked = 0
  const post: Outgoing['post'] = async () => {
    asked += 1
    return { kind: 'failed', because: 'unreachable', left: false }
  }
  const meaning = await made(outgoing(targetAt(url, more), { sandbox: false, post })(call))
  return [meaning, asked]
}

test('outside the sandbox only https leaves, and never to an address of our own network that was not allowed', async () => {
  expect(await refusing('http://hr.example.com/')).toEqual(['permanent not-https', 0])
  for (const host of ['127.0.0.1', '10.1.2.3', '192.168.1.1', '[::1]', '[fd00::1]', '127.1', '0x7f000001', '[::ffff:10.0.0.1]']) {
    expect(await refusing(`https://${host}/`), host).toEqual(['permanent address-refused', 0])
    expect(await refusing(`https://${host}/`, { privateNetwork: true }), host).toEqual(['temporary unreachable', 1])
  }
  for (const host of ['169.254.169.254', '0.0.0.0', '[fe80::1]', '[64:ff9b::7f00:1]', '224.0.0.1'])
    expect(await refusing(`https://${host}/`, { privateNetwork: true }), host).toEqual(['permanent address-refused', 0])
  expect(await refusing('https://8.8.8.8/')).toEqual(['temporary unreachable', 1])
})

test('the sandbox calls nobody but this machine', async () => {
  expect(await made(outgoing(targetAt('https://8.8.8.8/'))(call))).toBe('permanent address-refused')
})

test('a name that leads into our own network is refused before anything is connected to', async () => {
  const system = await receiver(status(200))
  try {
    const request = { url: `http://localhost:${system.port}/`, headers: {}, body: new Uint8Array(), within: 5_000 }
    expect(await postByNode({ ...request, mayReach: () => false })).toEqual({
      kind: 'failed',
      because: 'address-refused',
      left: false,
    })
    expect(system.arrived).toHaveLength(0)
    const asked: string[] = []
    const posted = await postByNode({
      ...request,
      mayReach: (address) => {
        asked.push(address)
        return true
      },
    })
    expect(posted).toMatchObject({ kind: 'answered', status: 200 })
    expect(asked).toContain('127.0.0.1')
  } finally {
    await system.close()
  }
})

test('a system that never answers is given up', async () => {
  const system = await receiver(() => {})
  try {
    const request = { url: system.url, headers: {}, body: new Uint8Array(), within: 200, mayReach: () => true }
    expect(await postByNode(request)).toEqual({ kind: 'failed', because: 'no-answer', left: true })
    expect(await postByFetch(request)).toEqual({ kind: 'failed', because: 'no-answer', left: true })
  } finally {
    await system.close()
  }
})

test('an answer that begins and does not go on counts by its status', async () => {
  const system = await receiver((response) => void response.writeHead(202, { 'content-length': '1000' }).write('{"receipt":'))
  try {
    const request = { url: system.url, headers: {}, body: new Uint8Array(), within: 300, mayReach: () => true }
    expect(await postByNode(request)).toMatchObject({ kind: 'answered', status: 202 })
    expect(await postByFetch(request)).toMatchObject({ kind: 'answered', status: 202 })
  } finally {
    await system.close()
  }
})
