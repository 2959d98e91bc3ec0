import type { Deliver, PlatformPorts, Stream } from '../platform.ts'
import type { WecomConnection } from './platform.ts'

/**
 * A self-built app is reached only at its callback address; WeCom's long connection belongs to the smart bot (doc 101463).
 * Throws TypeError, so that a connection set up for streaming does not start and then hear nothing.
 */
export const openStream = (connection: WecomConnection, _deliver: Deliver, _ports: PlatformPorts): Stream => {
  throw new TypeError(
    `connection ${connection.id}: a WeCom app has no long connection; set mode webhook and its callback address in the console`,
  )
}
