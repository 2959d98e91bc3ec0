/**
 * The leanest HTTP client that is still one: sockets that stay open, one request at a time on each, requests written as they were prepared, every answer read to its
 * end and its status kept. Node's own client costs more than the servers it would measure.
 */
import { connect, type Socket } from 'node:net'

export type Answer = { readonly status: number; readonly body: string }
/** One connection; `send` must not be called again before its answer has come. */
export type Line = { readonly send: (request: Buffer, done: (answer: Answer) => void) => void; readonly close: () => void }

const headEnd = '\r\n\r\n'

/** A whole answer at the beginning of a text in latin1, or null while more is to come. Gives the rest behind it. */
const read = (text: string): { readonly answer: Answer; readonly rest: string } | null => {
  const end = text.indexOf(headEnd)
  if (end < 0) return null
  const head = text.slice(0, end).toLowerCase()
  const status = Number(text.slice(9, 12))
  const start = end + headEnd.length
  if (head.includes('transfer-encoding: chunked')) return readChunks(text, start, status)
  const at = head.indexOf('\r\ncontent-length:')
  const length = at < 0 ? 0 : Number.parseInt(head.slice(at + 17), 10)
  if (text.length < start + length) return null
  return { answer: { status, body: text.slice(start, start + length) }, rest: text.slice(start + length) }
}

const readChunks = (text: string, from: number, status: number): { readonly answer: Answer; readonly rest: string } | null => {
  let body = ''
  for (let at = from; ; ) {
    const line = text.indexOf('\r\n', at)
    if (line < 0) return null
    const length = Number.parseInt(text.slice(at, line), 16)
    const next = line + 2 + length + 2
    if (!(text.length >= next)) return null
    if (length === 0) return { answer: { status, body }, rest: text.slice(next) }
    body += text.slice(line + 2, line + 2 + length)
    at = next
  }
}

/** A connection that breaks answers with status 0, so that whoever counts sees it, and the next request opens another. */
const createLine = (port: number): Promise<Line> => {
  let waiting: ((answer: Answer) => void) | null = null
  let text = ''
  const finish = (answer: Answer): void => {
    const done = waiting
    waiting = null
    done?.(answer)
  }
  const open = (): Socket => {
    const made = connect({ port, host: '127.0.0.1', noDelay: true })
    text = ''
    made.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1')
      const found = read(text)
      if (!found) return
      text = found.rest
      finish(found.answer)
    })
    made.on('error', () => {})
    made.on('close', () => finish({ status: 0, body: '' }))
    return made
  }
  let socket = open()
  const line: Line = {
    send: (request, done) => {
      if (socket.destroyed) socket = open()
      waiting = done
      socket.write(request)
    },
    close: () => {
      waiting = null
      socket.destroy()
    },
  }
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(line))
    socket.once('error', reject)
  })
}

export const openLines = (port: number, count: number): Promise<readonly Line[]> =>
  Promise.all(Array.from({ length: count }, () => createLine(port)))
