import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A wire that can be shut: connections stand, and nothing passes in either direction, as when a machine behind it loses its power. */
export type Valve = {
  readonly port: number
  readonly shut: () => void
  readonly open: () => void
  readonly close: () => Promise<void>
}

export const openValve = async (target: number): Promise<Valve> => {
  const sockets = new Set<Socket>()
  let shut = false
  const keep = (socket: Socket, other: Socket): void => {
    sockets.add(socket)
    socket.on('data', (bytes) => void other.write(bytes))
    socket.on('end', () => other.end())
    socket.on('error', () => other.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      other.destroy()
    })
    if (shut) socket.pause()
  }
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ host: '127.0.0.1', port: target, noDelay: true, allowHalfOpen: true })
    keep(near, far)
    keep(far, near)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    shut: () => {
      shut = true
      for (const socket of sockets) socket.pause()
    },
    open: () => {
      shut = false
      for (const socket of sockets) socket.resume()
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}
