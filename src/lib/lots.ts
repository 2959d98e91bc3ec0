import { days, later } from './clock.ts'
import { hmacSha256, sha256 } from './crypto.ts'

/**
 * A number that nobody without the installation's secret can foresee, and that whoever has it can find again (a keyed pseudo-random function: HMAC, RFC 2104).
 * `commitment` binds the key of the day: a number drawn that day under another key would not fit it.
 */
export type Lot = {
  /** 256 bits in hex. */
  readonly number: string
  /** The day (UTC) whose key was used. */
  readonly epoch: string
  readonly commitment: string
}

const keyOf = (secret: string, epoch: string): string => hmacSha256(secret, `draw epoch\n${epoch}`)

/** The lot of a subject under a label, on the day of `at`. */
export const lotOn = (secret: string, at: Date, subject: string, label: string): Lot =>
  lotOf(secret, at.toISOString().slice(0, 10), subject, label)

/** The same for a day that is known by its name, to replay a draw. */
export const lotOf = (secret: string, epoch: string, subject: string, label: string): Lot => {
  const key = keyOf(secret, epoch)
  return {
    number: hmacSha256(key, `draw\n${subject}\n${label}`),
    epoch,
    commitment: commitmentTo(epoch, key),
  }
}

const commitmentTo = (epoch: string, key: string): string => sha256(`andon draw epoch\n${epoch}\n${key}`)

/** A day (UTC) and what binds its key: it tells nothing of the key, and no other key fits it. */
export type Commitment = readonly [epoch: string, commitment: string]

/** Days whose commitments are published at a time, the present one included: a service that was down for a weekend has published in time all the same. */
export const commitmentDays = 8

/** The commitments of the day of `at` and of the days after it, so many in all: to be handed out before anything is drawn on those days. */
export const commitmentsFrom = (secret: string, at: Date, count: number): readonly Commitment[] =>
  Array.from({ length: count }, (_, day) => {
    const epoch = later(at, days(day)).toISOString().slice(0, 10)
    return [epoch, commitmentTo(epoch, keyOf(secret, epoch))]
  })

/** One of several by weight: weights are whole and at least 1. The bias of 256 bits over any sum of weights is below 2^-200. Null when there is nobody. */
export const pickByWeight = <T>(among: readonly { readonly item: T; readonly weight: number }[], number: string): T | null => {
  const total = among.reduce((sum, { weight }) => sum + BigInt(weight), 0n)
  if (total === 0n) return null
  let rest = BigInt(`0x${number}`) % total
  for (const { item, weight } of among) {
    if (rest < BigInt(weight)) return item
    rest -= BigInt(weight)
  }
  return null
}
