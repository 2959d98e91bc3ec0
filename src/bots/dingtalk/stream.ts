import { type Millis, minutes, monotonic, seconds } from '../../lib/clock.ts'
import { type Deliver, DeliveryError, type PlatformPorts, type Stream } from '../platform.ts'
import { createClient } from './client.ts'
import { type Link, openLink } from './link.ts'
import type { DingtalkConnection } from './wire.ts'

/** How the supervisor paces itself. */
export type Pace = {
  readonly ping: Millis
  readonly firstRetry: Millis
  readonly longestRetry: Millis
  /** After refused credentials: no retry helps, but somebody may mend the console while we run. */
  readonly refusedRetry: Millis
  /** A connection that lived this long ended for good reason; a younger one counts as a failure. */
  readonly stable: Millis
}

const usualPace: Pace = {
  ping: seconds(20),
  firstRetry: seconds(1),
  longestRetry: seconds(30),
  refusedRetry: minutes(1),
  stable: seconds(30),
}

/** Two pings without any sign of life, and a socket counts as half-open. */
const mostMissed = 2

/**
 * Holds one Stream connection open until closed: one attempt at a time, the replacement up before the old one goes, retries doubling from 1 s
 * to 30 s, refused credentials once a minute with an error in the log. Each push goes to one connection of an app, so replicas share the load.
 */
export const openStream = (
  connection: DingtalkConnection,
  deliver: Deliver,
  ports: PlatformPorts,
  pace: Pace = usualPace,
): Stream => {
  const client = createClient(connection, ports)
  const stopping = new AbortController()
  const links = new Set<Link>()
  let current: { readonly link: Link; readonly since: Millis } | null = null
  let opening: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  let failures = 0

  const stopped = (): boolean => stopping.signal.aborted

  const retire = async (link: Link, how: 'retire' | 'stop'): Promise<void> => {
    await link[how]()
    links.delete(link)
  }

  const schedule = (delay: Millis): void => {
    if (stopped() || timer || opening) return
    timer = setTimeout(() => {
      timer = null
      opening = attempt().finally(() => {
        opening = null
        // Lost again while it was being put in place, or not opened at all.
        if (!current?.link.good()) schedule(nextDelay())
      })
    }, delay)
  }

  let refused = false
  const nextDelay = (): Millis => {
    if (refused) return pace.refusedRetry
    return failures === 0 ? 0 : Math.min(pace.longestRetry, pace.firstRetry * 2 ** (failures - 1))
  }

  const attempt = async (): Promise<void> => {
    try {
      const link = await openLink({ connection, client, deliver, ports, signal: stopping.signal, lost: (gone) => lose(gone) })
      links.add(link)
      refused = false
      const old = current?.link
      current = { link, since: monotonic.now() }
      if (!link.good()) failures += 1
      if (old) void retire(old, 'retire')
    } catch (error) {
      failures += 1
      refused = error instanceof DeliveryError && error.kind === 'permanent'
      if (!stopped()) report(ports, connection, error, refused)
    }
  }

  /** The link stays in place, answering what it took, until its replacement is up. */
  const lose = (link: Link): void => {
    if (stopped() || current?.link !== link) return
    failures = monotonic.now() - current.since >= pace.stable ? 0 : failures + 1
    schedule(nextDelay())
  }

  const watch = setInterval(() => {
    if (current?.link.good() && current.link.ping() >= mostMissed) current.link.terminate()
  }, pace.ping)

  schedule(0)

  return {
    state: () => {
      if (stopped()) return 'down'
      if (current?.link.good()) return 'connected'
      return failures > 0 ? 'down' : 'connecting'
    },
    close: async () => {
      stopping.abort()
      clearInterval(watch)
      if (timer) clearTimeout(timer)
      await opening
      await Promise.all([...links].map((link) => retire(link, 'stop')))
    },
  }
}

const report = ({ log }: PlatformPorts, { id }: DingtalkConnection, error: unknown, refused: boolean): void => {
  const because = error instanceof DeliveryError ? error.because : 'socket'
  if (refused)
    log.error('DingTalk refuses the stream: check clientId and clientSecret, and that the app uses Stream mode', {
      connection: id,
      because,
    })
  else log.warn('The DingTalk stream is not up; it will be tried again', { connection: id, because })
}
