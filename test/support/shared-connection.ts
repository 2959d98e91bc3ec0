import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Pooler } from './pgbouncer.ts'

/**
 * A transaction pooler with a single server connection, for machines without PgBouncer. Speaks just enough of PostgreSQL's protocol (documentation, chapter
 * "Frontend/Backend Protocol", version 3.0): everybody is let in, and the server belongs to one client from its first message until ReadyForQuery says idle.
 */

const sslRequest = 80877103
const gssRequest = 80877104
const cancelRequest = 80877102

/** Cuts a stream into messages of a type byte and a length. */
const createSplitter = (heard: (message: Buffer, type: string) => void): ((bytes: Buffer) => void) => {
  let rest: Buffer = Buffer.alloc(0)
  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    while (rest.length >= 5) {
      const size = 1 + rest.readUInt32BE(1)
      if (rest.length < size) return
      const message = rest.subarray(0, size)
      rest = rest.subarray(size)
      heard(message, String.fromCharCode(message[0] ?? 0))
    }
  }
}

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5)
  head.write(type, 0, 'latin1')
  head.writeUInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

const text = (value: string): Buffer => Buffer.from(`${value}\0`)

const startupMessage = (user: string, database: string): Buffer => {
  const body = Buffer.concat([
    int32(196_608),
    text('user'),
    text(user),
    text('database'),
    text(database),
    text('client_encoding'),
    text('UTF8'),
    Buffer.from([0]),
  ])
  return Buffer.concat([int32(4 + body.length), body])
}

const rollback = message('Q', text('rollback'))
const idle = 'I'.charCodeAt(0)

type Client = { readonly socket: Socket; readonly line: Buffer[]; waiting: boolean; gone: boolean }

type Upstream = {
  readonly send: (bytes: Buffer) => void
  readonly greeting: readonly Buffer[]
  readonly listen: (heard: (message: Buffer, type: string) => void) => void
  readonly end: () => void
}

/** Logs in with the password in clear text, as the test server asks for it, and keeps what it says about itself for every client. */
const openUpstream = (url: string): Promise<Upstream> =>
  new Promise((resolve, reject) => {
    const { hostname, port, username, password, pathname } = new URL(url)
    const socket = connect({ port: Number(port), host: hostname, noDelay: true })
    const greeting: Buffer[] = []
    let heard: (message: Buffer, type: string) => void = (one, type) => {
      if (type === 'R' && one.readInt32BE(5) === 3) socket.write(message('p', text(password)))
      else if (type === 'S') greeting.push(one)
      else if (type === 'E') reject(new Error(`the shared connection was refused: ${one.toString('utf8', 5)}`))
      else if (type === 'Z')
        resolve({
          send: (bytes) => void socket.write(bytes),
          greeting,
          listen: (next) => {
            heard = next
          },
          end: () => socket.destroy(),
        })
    }
    socket.once('connect', () => socket.write(startupMessage(username, pathname.slice(1))))
    socket.on('error', reject)
    socket.on(
      'data',
      createSplitter((one, type) => heard(one, type)),
    )
  })

/** Whose turn it is. The server is let go only when it is idle and every Sync sent has been answered. */
const createTurns = (upstream: Upstream) => {
  const waiting: Client[] = []
  let holder: Client | null = null
  let unanswered = 0

  const send = (bytes: Buffer, type: string): void => {
    if (type === 'Q' || type === 'S') unanswered += 1
    upstream.send(bytes)
  }
  const next = (): void => {
    holder = waiting.shift() ?? null
    if (!holder) return
    holder.waiting = false
    for (const one of holder.line.splice(0)) send(one, String.fromCharCode(one[0] ?? 0))
    if (holder.gone) leave(holder)
  }
  /** A client that goes away inside a transaction leaves nothing behind. */
  const leave = (client: Client): void => {
    client.gone = true
    if (holder === client) send(rollback, 'Q')
    else if (client.waiting) waiting.splice(waiting.indexOf(client), 1)
  }
  upstream.listen((one, type) => {
    if (holder && !holder.gone) holder.socket.write(one)
    if (type !== 'Z') return
    unanswered -= 1
    if (unanswered === 0 && one[5] === idle) next()
  })
  return {
    leave,
    take: (client: Client, one: Buffer, type: string): void => {
      if (holder === client) return void send(one, type)
      client.line.push(one)
      if (client.waiting) return
      client.waiting = true
      waiting.push(client)
      if (!holder) next()
    },
  }
}

type Turns = ReturnType<typeof createTurns>

const welcome = (socket: Socket, { greeting }: Upstream): void => {
  socket.write(
    Buffer.concat([
      message('R', int32(0)),
      ...greeting,
      message('K', Buffer.concat([int32(1), int32(1)])),
      message('Z', Buffer.from('I')),
    ]),
  )
}

const serve = (socket: Socket, upstream: Upstream, turns: Turns): void => {
  const client: Client = { socket, line: [], waiting: false, gone: false }
  const split = createSplitter((one, type) => (type === 'X' ? socket.end() : turns.take(client, one, type)))
  let greeted = false
  const greet = (bytes: Buffer): void => {
    const code = bytes.length >= 8 ? bytes.readInt32BE(4) : 0
    if (code === sslRequest || code === gssRequest) return void socket.write('N')
    if (code === cancelRequest) return void socket.end()
    greeted = true
    welcome(socket, upstream)
    const size = bytes.readInt32BE(0)
    if (bytes.length > size) split(bytes.subarray(size))
  }
  socket.on('data', (bytes) => (greeted ? split(bytes) : greet(bytes)))
  socket.on('error', () => socket.destroy())
  socket.on('close', () => turns.leave(client))
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const at = server.address()
      resolve(at && typeof at === 'object' ? at.port : 0)
    })
  })

/** Starts it; `close` cuts every client off. Throws when the server cannot be reached. */
export const startSharedConnection = async (url: string): Promise<Pooler> => {
  const upstream = await openUpstream(url)
  const turns = createTurns(upstream)
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve(socket, upstream, turns)
  })
  const port = await listen(server)
  const through = new URL(url)
  through.port = String(port)
  return {
    kind: 'one shared connection',
    url: through.href,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      upstream.end()
    },
  }
}
