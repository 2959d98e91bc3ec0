import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSigned, readProof, sign } from '../../src/webhooks/signature.ts'

const secret = 'a secret of both sides that is long enough'
const page = readFileSync(new URL('../../docs/integrations.md', import.meta.url), 'utf8')

test('the example of the documentation is right', () => {
  const [, secret = '', timestamp = '', nonce = ''] =
    /the secret `(\w+)`, the timestamp `(\d+)`, the nonce `(\w+)` and the body/.exec(page) ?? []
  const [, body = '', signature = ''] = /```text\n(\{"camera".*\})\n```[\s\S]*?give\s+```\n([0-9a-f]{64})\n```/.exec(page) ?? []
  expect(sign(secret, { timestamp, nonce }, Buffer.from(body))).toBe(signature)
  expect(
    readProof((name) => ({ 'x-andon-timestamp': timestamp, 'x-andon-nonce': nonce, 'x-andon-signature': signature })[name]),
  ).toEqual({
    timestamp,
    nonce,
    signature,
  })
})

const snippets = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code ?? '')

/** A function of the documentation, run as it stands there. */
const load = async (code: string | undefined, name: string): Promise<(...given: readonly unknown[]) => unknown> =>
  (await import(`data:text/javascript,${encodeURIComponent(`${code}\nexport default ${name}`)}`)).default

test('the sender of the documentation signs as Andon checks', async () => {
  const raise = await load(snippets[0], 'raise')
  const arrived: (readonly [IncomingMessage['headers'], Buffer])[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      arrived.push([request.headers, Buffer.concat(parts)])
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await raise(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, secret, { event: { name: '未戴安全帽' } })
    const [headers = {}, body = Buffer.alloc(0)] = arrived[0] ?? []
    const proof = readProof((name) => headers[name]?.toString())
    expect(proof && isSigned(secret, proof, body)).toBe(true)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('the receiver of the documentation checks as Andon signs', async () => {
  const isAuthentic = await load(snippets[1], 'isAuthentic')
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const proof = { timestamp, nonce: 'eff_0123456789abcdefghijklmno' }
  const body = Buffer.from('{"事件":1}')
  const signature = sign(secret, proof, body)
  const headers = { 'x-andon-timestamp': timestamp, 'x-andon-nonce': proof.nonce, 'x-andon-signature': signature }
  expect(isAuthentic(secret, headers, body)).toBe(true)
  expect(isAuthentic(secret, headers, Buffer.from('{"事件":2}'))).toBe(false)
  expect(isAuthentic('another secret', headers, body)).toBe(false)
  expect(isAuthentic(secret, { ...headers, 'x-andon-timestamp': String(Number(timestamp) - 301) }, body)).toBe(false)
  expect(isAuthentic(secret, {}, body)).toBe(false)
})

test('a proof is for one secret, one time, one nonce and one body', () => {
  const part = fc.tuple(fc.stringMatching(/^\d{10}$/), fc.stringMatching(/^[\w-]{16,64}$/), fc.uint8Array({ maxLength: 64 }))
  fc.assert(
    fc.property(fc.string(), part, part, (secret, [timestamp, nonce, body], [otherTime, otherNonce, otherBody]) => {
      const proof = { timestamp, nonce, signature: sign(secret, { timestamp, nonce }, body) }
      expect(isSigned(secret, proof, body)).toBe(true)
      const same = (a: string, b: string): boolean => a === b
      if (!same(timestamp, otherTime)) expect(isSigned(secret, { ...proof, timestamp: otherTime }, body)).toBe(false)
      if (!same(nonce, otherNonce)) expect(isSigned(secret, { ...proof, nonce: otherNonce }, body)).toBe(false)
      if (Buffer.compare(body, otherBody) !== 0) expect(isSigned(secret, proof, otherBody)).toBe(false)
      expect(isSigned(`${secret}x`, proof, body)).toBe(false)
    }),
    { numRuns: 200, seed: 9 },
  )
})
