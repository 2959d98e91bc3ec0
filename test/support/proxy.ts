import { connect, createServer, type Server, type Socket } from 'node:net'

/** One message of a protocol as it crosses a wire. */
export type Frame = {
  readonly bytes: Buffer
  /** What it is, in a few words; null for what is no message of its own (a ping, a part of an answer) and passes uncounted. */
  readonly name: string | null
  /** When it counts as delivered: once written, or once the other side has done what it asks for and says so. */
  readonly delivered?: 'written' | 'performed'
  /** An answer that says so. */
  readonly performs?: boolean
}

/** Cuts the bytes of one direction into messages; what is not whole yet waits inside. */
export type Framer = (bytes: Buffer) => readonly Frame[]
/** Both directions of one connection: what the one who connected sends, and what comes back. */
export type Dialogue = { readonly asks: Framer; readonly answers: Framer }

/** Where to strike: at the message with this index (from 1), before it is delivered or after. */
export type Plan = { readonly index: number; readonly when: 'before' | 'after' }

/** All wires of one service. Messages of every wire share one running index. */
export type Wires = {
  /** Puts a proxy before an address of this machine and gives its port. */
  readonly before: (target: number, speak: () => Dialogue) => Promise<number>
  /** Begins counting at 1; with a plan, strikes once. */
  readonly arm: (plan: Plan | null) => void
  /** Ends counting; gives the names of the messages in order. */
  readonly disarm: () => readonly string[]
  /** The message that was struck since `arm`, null when the plan was not reached. */
  readonly struck: () => string | null
  readonly close: () => Promise<void>
}

export type WiresOptions = {
  /** Ends the service at once. Called in the very turn in which the message is held back or has been delivered. */
  readonly kill: () => void
  /** Messages that are no part of the story, such as the questions of the test's own clock. */
  readonly ignore: (name: string) => boolean
}

type Line = { readonly near: Socket; readonly far: Socket; withheld: string | null }

export const createWires = ({ kill, ignore }: WiresOptions): Wires => {
  const lines = new Set<Line>()
  const servers: Server[] = []
  let plan: Plan | null = null
  let names: string[] | null = null
  let struck: string | null = null

  /** The service dies here; what any wire still holds of it is gone with it. */
  const strike = (name: string): void => {
    struck = name
    plan = null
    kill()
    for (const line of lines) drop(line)
  }
  const drop = (line: Line): void => {
    lines.delete(line)
    line.near.destroy()
    line.far.destroy()
  }

  /** Counts a message and gives what the plan says about it. */
  const judge = (name: string | null): 'pass' | Plan['when'] => {
    if (name === null || names === null || ignore(name)) return 'pass'
    names.push(name)
    return plan?.index === names.length ? plan.when : 'pass'
  }

  /** Carries one message on. On a line whose last question is being performed nothing is delivered any more, and the end of that work is the end of the service. */
  const carry = (line: Line, frame: Frame, to: Socket): void => {
    if (!lines.has(line)) return
    if (line.withheld !== null) {
      if (frame.performs) strike(line.withheld)
      return
    }
    const verdict = judge(frame.name)
    const name = frame.name ?? ''
    if (verdict === 'before') strike(name)
    else if (verdict === 'pass') to.write(frame.bytes)
    else if (frame.delivered === 'performed') {
      line.withheld = name
      to.write(frame.bytes)
    } else to.write(frame.bytes, () => strike(name))
  }

  const join = (near: Socket, target: number, speak: () => Dialogue): void => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true })
    const line: Line = { near, far, withheld: null }
    lines.add(line)
    const { asks, answers } = speak()
    near.setNoDelay(true)
    near.on('data', (bytes) => {
      for (const frame of asks(bytes)) carry(line, frame, far)
    })
    far.on('data', (bytes) => {
      for (const frame of answers(bytes)) carry(line, frame, near)
    })
    near.on('end', () => far.end())
    far.on('end', () => near.end())
    for (const socket of [near, far]) {
      socket.on('error', () => drop(line))
      socket.on('close', () => drop(line))
    }
  }

  return {
    before: (target, speak) =>
      new Promise((resolve, reject) => {
        const server = createServer({ allowHalfOpen: true }, (near) => join(near, target, speak))
        servers.push(server)
        server.once('error', reject)
        server.listen(0, '127.0.0.1', () => {
          const address = server.address()
          if (address && typeof address === 'object') resolve(address.port)
        })
      }),
    arm: (next) => {
      plan = next
      names = []
      struck = null
    },
    disarm: () => {
      const counted = names ?? []
      plan = null
      names = null
      return counted
    },
    struck: () => struck,
    close: async () => {
      for (const line of lines) drop(line)
      await Promise.all(servers.map((server) => new Promise<void>((done) => server.close(() => done()))))
    },
  }
}
