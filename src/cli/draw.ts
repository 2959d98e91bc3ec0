import { z } from 'zod'
import type { Handle } from '../db/database.ts'
import { harmless } from '../engine/findings.ts'
import { inZone } from '../lib/clock.ts'
import { lotOf } from '../lib/lots.ts'
import { loadPlant } from '../people/plant.ts'
import { drawLabel, fallsOn, firstFallsOn, hashOfPool } from '../workflows/hazard/draw.ts'
import { type Call, CannotRun, type Command, type Exit, exit, findCase, withDatabase, wordAt } from './command.ts'

const seat = z.object({
  seat: z.enum(['A', 'B']),
  verifier: z.string(),
  verdict: z.string(),
  pool: z.array(z.tuple([z.string(), z.number().int().nonnegative()])),
  poolHash: z.string(),
  label: z.string(),
  number: z.string().regex(/^[0-9a-f]{64}$/),
})
const drawn = z.object({
  type: z.literal('verifiersDrawn'),
  seats: z.array(seat).min(1),
  blindness: z.enum(['double', 'single']),
  epoch: z.string(),
  commitment: z.string(),
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
  readonly wrong: readonly string[]
}

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
      return [{ seq, at, seat: '-', verifier, candidates: pool, blindness: 'first release', epoch: null, wrong }]
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
          epoch: null,
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

const sayDraw = ({ seq, at, seat: letter, verifier, candidates, blindness, epoch, wrong }: Replayed, zone: string): string => {
  const { date, time } = inZone(new Date(at), zone)
  const how = epoch === null ? blindness : `${blindness}-blind, key of ${epoch}`
  const verdict = wrong.length === 0 ? 'found again' : `DOES NOT FIT: ${wrong.join('; ')}`
  return harmless(
    `  ${date} ${time}  entry ${seq}, seat ${letter}: ${verifier} of ${candidates.join(', ')} (${how}) – ${verdict}`,
  )
}

/** The verdicts that were ever asked for about a case, in the order of their draws. */
export const verdictsOf = async (handle: Handle, site: string, subject: string): Promise<readonly string[]> => {
  const rows = await handle
    .selectFrom('journal')
    .select('event')
    .where('site', '=', site)
    .where('subject', '=', subject)
    .where('event', 'like', '%"type":"verifiersDrawn"%')
    .orderBy('seq')
    .execute()
  return rows.flatMap(({ event }) => {
    const read = drawn.safeParse(JSON.parse(event))
    return read.success ? read.data.seats.map(({ verdict }) => verdict) : []
  })
}

const runDraw = (call: Call): Promise<Exit> =>
  withDatabase(call.env, async ({ db }, { secret }) => {
    const { site, id, code } = await findCase(db, wordAt(call, 0))
    if (!id.startsWith('haz_')) throw new CannotRun(`${harmless(code)} is no hazard, so nobody was drawn for it.`)
    const rows = await db
      .selectFrom('journal')
      .select(['seq', 'at', 'event'])
      .where('site', '=', site)
      .where('subject', '=', id)
      .orderBy('seq')
      .execute()
    const entries = rows.map(({ seq, at, event }) => ({ seq, at: new Date(at).toISOString(), event }))
    const replayed = replayDraws(id, secret, entries)
    const wrong = replayed.filter((one) => one.wrong.length > 0).length
    if (call.flags.json === true) {
      for (const one of replayed) call.print(JSON.stringify(one))
      return wrong === 0 ? exit.well : exit.findings
    }
    const { timeZone } = (await loadPlant(db, site)).plant
    call.print(`Case ${harmless(code)}: the draws of its verifiers, times of ${timeZone}.`)
    for (const one of replayed) call.print(sayDraw(one, timeZone))
    call.print(
      replayed.length === 0
        ? 'Nobody has been drawn.'
        : `${replayed.length} seats drawn, ${replayed.length - wrong} found again. That the journal itself is genuine is proved by: npm run andon -- verify`,
    )
    return wrong === 0 ? exit.well : exit.findings
  })

export const drawCommand: Command = {
  summary: 'find every draw of the verifiers of a case again',
  usage: '<code> [--json]',
  help: [
    'Computes each draw from the secret of the installation, the day, the case and the list of candidates in the journal, and holds the result against',
    'who was drawn (docs/proof.md). Names verifiers: for auditors, not for anybody with a part in the case. Changes nothing.',
    'Exit code 0: every draw was found again. 1: one does not fit. 2: it could not run.',
  ],
  options: { json: { type: 'boolean' } },
  words: 1,
  run: runDraw,
}
