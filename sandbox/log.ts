/** The log of every exchange: a ring that forgets the oldest when it holds too many lines or too many bytes. */
import type { Exchange } from './contract.ts'

/** `id` rises by one and is never used again; `at` is the sandbox's time. */
export type Line = Exchange & { readonly id: number; readonly at: number }

export type Log = {
  readonly write: (exchange: Exchange, at: number) => Line
  /** Lines with a greater id, oldest first. */
  readonly since: (id: number, most: number) => readonly Line[]
}

export type LogBounds = { readonly lines: number; readonly characters: number; readonly body: number }
const bounds: LogBounds = { lines: 5_000, characters: 32_000_000, body: 16_384 }

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most)}… (${text.length - most} more)`

const weight = (line: Line): number => line.request.length + line.response.length

export const createLog = ({ lines, characters, body }: LogBounds = bounds): Log => {
  let ring: Line[] = []
  let held = 0
  let last = 0
  const forget = () => {
    let gone = 0
    while (ring.length - gone > lines || (held > characters && gone < ring.length)) {
      const oldest = ring[gone]
      if (oldest) held -= weight(oldest)
      gone += 1
    }
    if (gone > 0) ring = ring.slice(gone)
  }
  return {
    write: (exchange, at) => {
      last += 1
      const line = { ...exchange, id: last, at, request: cut(exchange.request, body), response: cut(exchange.response, body) }
      ring.push(line)
      held += weight(line)
      if (ring.length > lines * 1.1 || held > characters) forget()
      return line
    },
    since: (id, most) =>
      ring
        .slice(-lines)
        .filter((line) => line.id > id)
        .slice(0, most),
  }
}
