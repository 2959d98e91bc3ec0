import { z } from 'zod'
import { lotOf } from '../lib/lots.ts'
import { drawLabel, fallsOn, firstFallsOn, hashOfPool } from '../workflows/hazard/draw.ts'

const seat = z.object({
  seat: z.enum(['A', 'B']),
  verifier: z.string(),
  verdict: z.string(),
  pool: z.array(z.tuple([z.string(), z.number().int().nonnegative()])),
  poolHash: z.string(),
  label: z.string(),
  number: z.string().regex(/^[0-9a-f]{64}$/),
})
export const drawn = z.object({
  type: z.literal('verifiersDrawn'),
  seats: z.array(seat).min(1),
  blindness: z.enum(['double', 'single']),
  epoch: z.string(),
  commitment: z.string(),
  shifts: z.literal('unknown').optional(),
})
/** A draw of the first release: its seed stands in the event, so that no secret is needed to repeat it. */
const firstDrawn = z.object({
  type: z.literal('verifierDrawn'),
  verifier: z.string(),
  pool: z.array(z.string()),
  seed: z.string(),
})

type Drawn = z.infer<typeof drawn>
type Seat = z.infer<typeof seat>

/** One seat of one draw, found again. `wrong` says what does not fit; empty when everything does. */
export type Replayed = {
  readonly seq: number
  readonly at: string
  readonly seat: string
  readonly verifier: string
  readonly candidates: readonly string[]
  readonly blindness: 'double' | 'single' | 'first release'
  readonly epoch: string | null
  /** What binds the key of that day; null for the first release. */
  readonly commitment: string | null
  /** No roster said who was off shift, so nobody was left out for it. */
  readonly shiftsUnknown: boolean
  readonly wrong: readonly string[]
}

const noKey = { epoch: null, commitment: null, shiftsUnknown: false } as const

export type DrawEntry = { readonly seq: number; readonly at: string; readonly event: string }

const replaySeat = (
  one: Seat,
  { epoch, commitment }: Drawn,
  draws: number,
  about: { subject: string; secret: string },
): readonly string[] => {
  const lot = lotOf(about.secret, epoch, about.subject, one.label)
  const checks: readonly (readonly [string, boolean])[] = [
    ['the list of candidates does not fit its hash', hashOfPool(one.pool) === one.poolHash],
    ['the label is not that of this draw', drawLabel(draws, one.seat, one.poolHash) === one.label],
    ["the day's key does not fit the commitment: another secret", lot.commitment === commitment],
    ['the lot is not the one that the secret gives', lot.number === one.number],
    ['the lot falls on somebody else', fallsOn(one.pool, one.number) === one.verifier],
  ]
  return checks.flatMap(([wrong, holds]) => (holds ? [] : [wrong]))
}

const seatedBefore = (taken: Drawn, index: number): readonly string[] =>
  taken.seats.slice(0, index).map(({ verifier }) => verifier)

/** Finds every draw of a case again from its journal. Pure; entries in their order. */
export const replayDraws = (subject: string, secret: string, entries: readonly DrawEntry[]): readonly Replayed[] => {
  let draws = 0
  return entries.flatMap(({ seq, at, event }): readonly Replayed[] => {
    const told: unknown = JSON.parse(event)
    const first = firstDrawn.safeParse(told)
    if (first.success) {
      const { verifier, pool, seed } = first.data
      const fits = firstFallsOn(pool, seed) === verifier
      const wrong = fits ? [] : ['the seed falls on somebody else']
      return [{ seq, at, seat: '-', verifier, candidates: pool, blindness: 'first release', ...noKey, wrong }]
    }
    const isDraw = typeof told === 'object' && told !== null && 'type' in told && told.type === 'verifiersDrawn'
    if (!isDraw) return []
    const read = drawn.safeParse(told)
    if (!read.success)
      return [
        {
          seq,
          at,
          seat: '?',
          verifier: '',
          candidates: [],
          blindness: 'double',
          ...noKey,
          wrong: ['the entry cannot be read'],
        },
      ]
    const number = draws
    draws += 1
    return read.data.seats.map((one, index) => ({
      seq,
      at,
      seat: one.seat,
      verifier: one.verifier,
      candidates: one.pool.map(([id]) => id),
      blindness: read.data.blindness,
      epoch: read.data.epoch,
      commitment: read.data.commitment,
      shiftsUnknown: read.data.shifts === 'unknown',
      wrong: [
        ...replaySeat(one, read.data, number, { subject, secret }),
        ...(one.pool.some(([id]) => seatedBefore(read.data, index).includes(id))
          ? ['somebody who sits already could be drawn']
          : []),
        ...(read.data.epoch === at.slice(0, 10) ? [] : ['the key is of another day than the draw']),
      ],
    }))
  })
}
