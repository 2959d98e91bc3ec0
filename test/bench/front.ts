/**
 * A front before the stand-in of the platforms, in this process: it passes every call on, lets one platform be down, and notes the instant at which a platform has accepted
 * a card that says its work is stopped, be it a new message or a change of one that hangs already.
 */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { now } from './generator.ts'
import type { PlatformName } from './plant.ts'

export type Front = {
  readonly port: number
  /** From now on every call to this platform fails; null brings it back. */
  readonly down: (platform: PlatformName | null) => void
  /** When a platform first accepted this, in milliseconds of the machine's monotonic clock; undefined when it has not. */
  readonly acceptedAt: (flip: Flip) => number | undefined
  readonly close: () => Promise<void>
}

/** A card of a case in somebody's chat that must say it: a new one for an account, or the one that hangs there as a message. */
export type Flip = {
  readonly kind: 'shown' | 'changed'
  readonly platform: PlatformName
  readonly target: string
  readonly code: string
}

const keyOf = ({ kind, platform, target, code }: Flip): string => `${kind} ${platform} ${target} ${code}`

const platformOf = (url: string): PlatformName =>
  url.startsWith('/open-apis/') ? 'feishu' : url.startsWith('/cgi-bin/') ? 'wecom' : 'dingtalk'

type Endpoint = {
  readonly kind: Flip['kind']
  readonly line: RegExp
  /** Where the account or the message stands: in the address or in the body. */
  readonly target: RegExp
}

/** By method and path. WeCom has no line for changes: its cards can be changed in answer to a press alone. */
const endpoints: readonly Endpoint[] = [
  { kind: 'shown', line: /^POST \/open-apis\/im\/v1\/messages\?/, target: /"receive_id":"([^"]+)"/ },
  { kind: 'changed', line: /^PATCH \/open-apis\/im\/v1\/messages\/[^/?]+$/, target: /\/messages\/([^/?\s]+)/ },
  { kind: 'shown', line: /^POST \/v1\.0\/card\/instances\/createAndDeliver/, target: /IM_ROBOT\.([^"]+)"/ },
  { kind: 'changed', line: /^PUT \/v1\.0\/card\/instances/, target: /"outTrackId":"([^"]+)"/ },
  { kind: 'shown', line: /^POST \/cgi-bin\/message\/send/, target: /"touser":"([^"]+)"/ },
]

const codeForm = /ZY-[A-Z0-9]{3,6}-\d{8}-\d{4,9}-[0-9A-Z]/
const saysStopped = '已停止'

const flipOf = (line: string, body: string): Flip | null => {
  const endpoint = endpoints.find((one) => one.line.test(line))
  const code = codeForm.exec(body)?.[0]
  if (!endpoint || code === undefined || !body.includes(saysStopped)) return null
  const target = endpoint.target.exec(`${line}\n${body}`)?.[1] ?? ''
  return { kind: endpoint.kind, platform: platformOf(line.slice(line.indexOf('/'))), target, code }
}

const bytesOf = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece)
  return Buffer.concat(pieces)
}

const agent = new Agent({ keepAlive: true })

/** Sends a call on and gives what came back, with all of its body. */
const passOn = (asked: IncomingMessage, body: Buffer, port: number): Promise<readonly [IncomingMessage, Buffer]> =>
  new Promise((resolve, reject) => {
    const { method, url, headers } = asked
    const onward = request(
      { host: '127.0.0.1', port, agent, method, path: url, headers: { ...headers, connection: 'keep-alive' } },
      (answer) => {
        bytesOf(answer).then((bytes) => resolve([answer, bytes]), reject)
      },
    )
    onward.once('error', reject)
    onward.end(body)
  })

/** Opens a front before the platforms at this port. */
export const openFront = async (port: number): Promise<Front> => {
  const accepted = new Map<string, number>()
  let away: PlatformName | null = null
  const serve = async (asked: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bytesOf(asked)
    if (away === platformOf(asked.url ?? '')) return void response.writeHead(503, { 'content-length': 0 }).end()
    const [answer, bytes] = await passOn(asked, body, port)
    const { 'content-type': type = 'application/json' } = answer.headers
    response.writeHead(answer.statusCode ?? 502, { 'content-type': type, 'content-length': bytes.length }).end(bytes)
    const flip = answer.statusCode === 200 ? flipOf(`${asked.method} ${asked.url}`, body.toString()) : null
    if (flip && !accepted.has(keyOf(flip))) accepted.set(keyOf(flip), now())
  }
  const server = createServer({ keepAliveTimeout: 120_000 }, (asked, response) => {
    serve(asked, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: address && typeof address === 'object' ? address.port : 0,
    down: (platform) => {
      away = platform
    },
    acceptedAt: (flip) => accepted.get(keyOf(flip)),
    close: () => {
      agent.destroy()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
