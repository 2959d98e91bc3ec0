import { createServer } from 'node:net'

/**
 * Ports below those that the system gives to outgoing connections (32768 and up on Linux): a service that is killed and started again finds its port still free.
 * Each process begins at a place of its own.
 */
const [first, count, block] = [10_000, 22_000, 110]
let next = (process.pid % (count / block)) * block

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** A TCP port of the loopback address that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  for (let tries = 0; tries < count; tries += 1) {
    const port = first + (next % count)
    next += 1
    if (await isFree(port)) return port
  }
  throw new Error('no port is free')
}
