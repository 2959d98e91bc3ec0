import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RawRequest } from './bots/platform.ts'
import { answerCallback, type Callbacks, largestBody, queryOf } from './webhooks/platforms.ts'

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

const headersOf = ({ headers }: IncomingMessage): Readonly<Record<string, string>> => {
  const one: Record<string, string> = {}
  for (const name of Object.keys(headers)) {
    const value = headers[name]
    one[name] = Array.isArray(value) ? value.join(', ') : (value ?? '')
  }
  return one
}

/** Reads a callback from Node's own request: the web's streams in between cost more than all the cryptography. Null when it is too large or its parameters are doubled. */
const readNodeRequest = async (incoming: IncomingMessage, search: string): Promise<RawRequest | null> => {
  if (Number(incoming.headers['content-length'] ?? 0) > largestBody) return null
  const query = search === '' ? {} : queryOf(new URLSearchParams(search))
  const body = query && (await bytesOf(incoming))
  return query && body ? { method: incoming.method ?? '', query, headers: headersOf(incoming), body } : null
}

/** `/hooks/<connection>` and what follows the question mark; a connection is named by letters that need no escaping. */
const address = /^\/hooks\/([^/?#%]+)(?:\?([^#]*))?$/

/** Tells when the response has been handed to the network, or that its connection broke before; it may have broken while the decision was made. */
const whenSent = (outgoing: ServerResponse, sent: (left: boolean) => void): void => {
  if (outgoing.destroyed) {
    sent(false)
    return
  }
  outgoing.once('finish', () => sent(true))
  outgoing.once('close', () => (outgoing.writableFinished ? undefined : sent(false)))
}

/**
 * The callbacks of the platforms on Node's own `http`, beside the web framework: its requests and responses cost more than a decision does. Gives false for
 * what is no callback.
 */
export const createNodeCallbacks = (doors: Callbacks): ((incoming: IncomingMessage, outgoing: ServerResponse) => boolean) => {
  const answer = async (
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    connection: string,
    search: string,
  ): Promise<void> => {
    const { response, answered } = await answerCallback(doors, connection, () => readNodeRequest(incoming, search))
    whenSent(outgoing, answered)
    const { status, headers, body } = response
    outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
  }
  return (incoming, outgoing) => {
    const [, connection = '', search = ''] = address.exec(incoming.url ?? '') ?? []
    if (connection === '' || (incoming.method !== 'POST' && incoming.method !== 'GET')) return false
    answer(incoming, outgoing, connection, search).catch((error: unknown) => {
      doors.log.error('a callback failed', {
        connection: connection.slice(0, 60),
        error: error instanceof Error ? error.stack : String(error),
      })
      if (outgoing.headersSent || !incoming.complete) outgoing.destroy()
      else outgoing.writeHead(500).end()
    })
    return true
  }
}
