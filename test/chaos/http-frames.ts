import type { Dialogue, Frame, Framer } from '../support/proxy.ts'

type Head = { readonly first: string; readonly headers: ReadonlyMap<string, string>; readonly length: number }

const headOf = (bytes: Buffer): Head | null => {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const
    }),
  )
  return { first, headers, length: end + 4 }
}

/** Where a chunked body that begins at `from` ends; null while it is not whole. */
const endOfChunks = (bytes: Buffer, from: number): number | null => {
  for (let at = from; ; ) {
    const line = bytes.indexOf('\r\n', at)
    if (line < 0) return null
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16)
    const end = line + 2 + size + 2
    if (bytes.length < end) return null
    if (!(size > 0)) return end
    at = end
  }
}

const bodiless = /^HTTP\/1\.1 (?:1\d\d|204|304)/

/** Where the message ends; null while it is not whole. One that ends with its connection is taken as it comes. */
const endOf = (bytes: Buffer, { first, headers, length }: Head): number | null => {
  if (/chunked/i.test(headers.get('transfer-encoding') ?? '')) return endOfChunks(bytes, length)
  const announced = headers.get('content-length')
  if (announced !== undefined) return bytes.length < length + Number(announced) ? null : length + Number(announced)
  return !first.startsWith('HTTP/') || bodiless.test(first) ? length : bytes.length
}

/** Data frames of a WebSocket count one by one; ping, pong and close do not (RFC 6455, section 5.2). */
const createSocketFramer = (name: string): Framer => {
  let rest: Buffer = Buffer.alloc(0)
  const lengthOf = (): number | null => {
    if (rest.length < 2) return null
    const [, second = 0] = rest
    const mask = second & 0x80 ? 4 : 0
    const short = second & 0x7f
    const more = short === 126 ? 2 : short === 127 ? 8 : 0
    if (rest.length < 2 + more) return null
    const body = more === 0 ? short : more === 2 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2))
    return 2 + more + mask + body
  }
  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    const frames: Frame[] = []
    for (let length = lengthOf(); length !== null && rest.length >= length; length = lengthOf()) {
      frames.push({ bytes: rest.subarray(0, length), name: ((rest[0] ?? 0) & 0x08) === 0 ? name : null })
      rest = rest.subarray(length)
    }
    return frames
  }
}

/** `POST /path`, without the query. */
const pathOf = (first: string): string => first.split(' ').slice(0, 2).join(' ').replace(/\?.*$/, '')

/**
 * HTTP/1.1: every request and every response is one message, whole or not at all. A request and its response whose path is the test's own pass uncounted.
 * After a switch of protocols both directions are WebSockets.
 */
export const speakHttp =
  (who: string, isOurs: (path: string) => boolean = () => false) =>
  (): Dialogue => {
    const asked: (string | null)[] = []
    let sockets: { readonly asks: Framer; readonly answers: Framer } | null = null

    const framer = (nameOf: (head: Head) => string | null, turned: () => Framer | null): Framer => {
      let rest: Buffer = Buffer.alloc(0)
      const framed: Framer = (bytes) => {
        const other = turned()
        if (other) return other(bytes)
        rest = Buffer.concat([rest, bytes])
        const frames: Frame[] = []
        while (rest.length > 0) {
          const head = headOf(rest)
          const end = head && endOf(rest, head)
          if (!head || end === null) break
          frames.push({ bytes: rest.subarray(0, end), name: nameOf(head) })
          rest = rest.subarray(end)
          const now = turned()
          if (!now) continue
          frames.push(...now(rest))
          break
        }
        return frames
      }
      return framed
    }

    const asks = framer(
      ({ first }) => {
        const path = pathOf(first)
        asked.push(isOurs(path) ? null : path)
        return isOurs(path) ? null : `${who}: ${path}`
      },
      () => sockets?.asks ?? null,
    )
    const answers = framer(
      ({ first }) => {
        const path = asked.shift() ?? null
        if (first.startsWith('HTTP/1.1 101'))
          sockets = { asks: createSocketFramer(`${who}: frame out`), answers: createSocketFramer(`${who}: frame in`) }
        return path === null ? null : `${who}: answer to ${path}`
      },
      () => sockets?.answers ?? null,
    )
    return { asks, answers }
  }
