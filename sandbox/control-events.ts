/** `GET /events`: what changed, as it changes, for the phone page (server-sent events). */
import type { Hono } from 'hono'
import type { Change, Hub } from './events.ts'

const heartbeat = 15_000

const encode = (change: Change): string => `event: ${change.kind}\ndata: ${JSON.stringify(change)}\n\n`

/** A listener that does not read is let go of rather than kept in memory: the page comes back by itself. */
const mostUnread = 1_000

const stream = (hub: Hub): ReadableStream<Uint8Array> | null => {
  const text = new TextEncoder()
  let stop = () => {}
  let hear = (_: string) => {}
  const end = hub.listen((change) => hear(encode(change)))
  if (!end) return null
  const source: UnderlyingDefaultSource<Uint8Array> = {
    start: (controller) => {
      const beat = setInterval(() => hear(': beat\n\n'), heartbeat)
      beat.unref()
      stop = () => {
        clearInterval(beat)
        end()
      }
      hear = (line) => {
        if ((controller.desiredSize ?? 0) > -mostUnread) return controller.enqueue(text.encode(line))
        stop()
        controller.close()
      }
      hear('retry: 1000\n\n')
    },
    cancel: () => stop(),
  }
  return new ReadableStream(source)
}

export const mountEvents = (app: Hono, hub: Hub): void => {
  app.get('/events', (c) => {
    const body = stream(hub)
    if (!body) return c.json({ error: 'too-many-listeners', message: 'Close a page first.' }, 503)
    return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
  })
}
