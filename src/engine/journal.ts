import { canonical, hmacSha256, sha256 } from '../lib/crypto.ts'

/** What one link of a subject's chain commits to. `event` and `actor` are canonical JSON texts, exactly as stored. */
export type Entry = {
  readonly site: string
  readonly subject: string
  readonly seq: number
  readonly at: string
  readonly actor: string
  readonly arrival: string
  readonly version: number
  readonly event: string
  readonly prev: string
}

/** The head before the first entry of a subject: it names the subject, so that a chain cannot be moved to another. */
export const firstHead = (site: string, subject: string): string => sha256(`andon journal ${site} ${subject}`)

export const entryHash = (entry: Entry): string => sha256(canonical(entry))

/** The head before the first seal of a lane. */
export const firstSeal = (lane: string): string => sha256(`andon seal ${lane}`)

/** Seals are keyed with a secret that is not in the database, so nobody who can only write there can make one. */
export const sealHash = (secret: string, lane: string, seq: number, at: string, body: string, prev: string): string =>
  hmacSha256(secret, canonical({ lane, seq, at, body, prev }))
