import type { IncomingMessage } from 'node:http'
import type { RawRequest } from './bots/platform.ts'
import { largestBody, queryOf } from './webhooks/platforms.ts'

/** The bytes of a request as they arrive, or null past the limit; then the rest is not read. Rejects when the caller hangs up half-way. */
const bytesOf = (incoming: IncomingMessage): Promise<Uint8Array | null> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let size = 0
    incoming.on('data', (part: Buffer) => {
      size += part.byteLength
      if (size <= largestBody) return void parts.push(part)
      incoming.pause()
      resolve(null)
    })
    incoming.once('end', () => resolve(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)))
    incoming.once('error', reject)
    incoming.once('aborted', () => reject(new Error('the caller hung up')))
  })

/** Reads a callback from Node's own request: the web streams in between cost more than all the cryptography. */
export const readNodeRequest = async (env: unknown): Promise<RawRequest | null> => {
  const { incoming } = env as { incoming: IncomingMessage }
  if (Number(incoming.headers['content-length'] ?? 0) > largestBody) return null
  const query = queryOf(new URL(incoming.url ?? '/', 'http://localhost').searchParams)
  const body = query && (await bytesOf(incoming))
  if (!query || !body) return null
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
  return { method: incoming.method ?? '', query, headers, body }
}
