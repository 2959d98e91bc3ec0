import type { Dialogue, Frame, Framer } from '../support/proxy.ts'

/** Codes that stand in place of a protocol version in a first packet: SSLRequest, GSSENCRequest, CancelRequest (postgresql.org, "Message Formats", 18). */
const requests = new Map([
  [80877103, 'ssl request'],
  [80877104, 'gss request'],
  [80877102, 'cancel request'],
])

const textAt = (bytes: Buffer, from: number): string => {
  const end = bytes.indexOf(0, from)
  return bytes.toString('utf8', from, end < 0 ? bytes.length : end)
}

const short = (statement: string): string => statement.replaceAll(/\s+/g, ' ').trim().slice(0, 90)

/** What a group does, from its statements; a prepared statement is known by the name it was parsed under on this connection. */
const createReader = () => {
  const prepared = new Map<string, string>()
  return (messages: readonly Buffer[]): string => {
    const said = messages.flatMap((message) => {
      const type = String.fromCharCode(message[0] ?? 0)
      if (type === 'Q') return [textAt(message, 5)]
      if (type === 'P') {
        const name = textAt(message, 5)
        const statement = textAt(message, 5 + Buffer.byteLength(name) + 1)
        prepared.set(name, statement)
        return []
      }
      if (type !== 'B') return []
      const portal = textAt(message, 5)
      return [prepared.get(textAt(message, 5 + Buffer.byteLength(portal) + 1)) ?? 'a prepared statement']
    })
    return `database: ${short(said.join('; ')) || 'parse'}`
  }
}

/**
 * The client's side: whole groups, each ended by Sync or being a simple Query, are one message, delivered when the server is ready for the next. A group
 * that is cut is no message yet. Password and farewell pass uncounted.
 */
const createAsks = (): Framer => {
  const read = createReader()
  let rest: Buffer = Buffer.alloc(0)
  let begun = false
  let group: Buffer[] = []

  const first = (bytes: Buffer): Frame => {
    const what = requests.get(bytes.readInt32BE(4))
    begun ||= what === undefined
    return { bytes, name: `database: ${what ?? 'startup'}` }
  }
  const typed = (bytes: Buffer): readonly Frame[] => {
    const type = String.fromCharCode(bytes[0] ?? 0)
    if (type === 'p' || type === 'X') return [{ bytes, name: null }]
    group.push(bytes)
    if (type !== 'S' && type !== 'Q') return []
    const whole = group
    group = []
    return [{ bytes: Buffer.concat(whole), name: read(whole), delivered: 'performed' }]
  }

  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    const frames: Frame[] = []
    for (;;) {
      const head = begun ? 1 : 0
      if (rest.length < head + 4) return frames
      const length = head + rest.readInt32BE(head)
      if (rest.length < length) return frames
      const message = rest.subarray(0, length)
      frames.push(...(begun ? typed(message) : [first(message)]))
      rest = rest.subarray(length)
    }
  }
}

/** The server's side passes message by message; ReadyForQuery says that a group has been performed. */
const createAnswers = (): Framer => {
  let rest: Buffer = Buffer.alloc(0)
  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    const frames: Frame[] = []
    while (rest.length >= 5) {
      const length = 1 + rest.readInt32BE(1)
      if (rest.length < length) break
      frames.push({ bytes: rest.subarray(0, length), name: null, performs: rest[0] === 0x5a })
      rest = rest.subarray(length)
    }
    return frames
  }
}

/** PostgreSQL's protocol 3 without encryption (postgresql.org, "Frontend/Backend Protocol", 18). */
export const speakPostgres = (): Dialogue => ({ asks: createAsks(), answers: createAnswers() })
