import { lookup } from 'node:dns'
import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { largestAnswer, type Outgoing, type Post, type Posted } from './webhooks/outgoing.ts'

/** A name leads to an address that may not be connected to. */
class AddressRefused extends Error {}

/**
 * Resolves a name and connects to nothing that may not be reached: the address that is judged is the one that is used, so that a name which changes its
 * answer in between (DNS rebinding) gains nothing. One bad address among good ones is reason enough.
 */
const guardedLookup =
  (mayReach: Post['mayReach']): LookupFunction =>
  (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error, '')
      const [first] = found
      if (!first || !found.every(({ address }) => mayReach(address))) return done(new AddressRefused('address refused'), '')
      return options.all ? done(null, found) : done(null, first.address, first.family)
    })
  }

/** The beginning of an answer; whatever stops it, what has come is enough, because the status is known. */
const beginningOf = (incoming: IncomingMessage): Promise<string> =>
  new Promise((resolve) => {
    const parts: Buffer[] = []
    let size = 0
    const end = (): void => {
      incoming.destroy()
      resolve(Buffer.concat(parts).subarray(0, largestAnswer).toString('utf8'))
    }
    incoming.on('data', (part: Buffer) => {
      parts.push(part)
      size += part.byteLength
      if (size >= largestAnswer) end()
    })
    incoming.once('end', end)
    incoming.once('error', end)
    incoming.once('close', end)
  })

const answerOf = async (incoming: IncomingMessage): Promise<Posted> => ({
  kind: 'answered',
  status: incoming.statusCode ?? 0,
  retryAfter: incoming.headers['retry-after'] ?? null,
  text: await beginningOf(incoming),
})

/** One request on a connection of its own: nothing is followed, and the other side's certificate must be good. Never rejects. */
export const postByNode: Outgoing['post'] = ({ url, headers, body, method = 'POST', mayReach, within }) =>
  new Promise((resolve) => {
    const secure = url.startsWith('https:')
    const signal = AbortSignal.timeout(within)
    let left = false
    let answered = false
    const failed = (error: Error): void => {
      // What breaks after the status has come breaks the rest of the answer alone.
      if (answered) return
      const because = error instanceof AddressRefused ? 'address-refused' : left ? 'no-answer' : 'unreachable'
      resolve({ kind: 'failed', because, left })
    }
    const request = (secure ? secureRequest : plainRequest)(url, {
      method,
      headers: method === 'GET' ? headers : { ...headers, 'content-length': body.byteLength },
      agent: false,
      lookup: guardedLookup(mayReach),
      signal,
    })
    request.once('socket', (socket) =>
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        left = true
      }),
    )
    request.once('response', (incoming) => {
      answered = true
      void answerOf(incoming).then(resolve)
    })
    request.on('error', failed)
    request.end(method === 'GET' ? undefined : body)
  })
