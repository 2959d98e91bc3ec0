import type { Config } from '../config.ts'
import type { Database, Handle } from '../db/database.ts'
import { type Bound, boundBefore, publishedCommitments } from '../engine/draw-commitments.ts'
import { harmless } from '../engine/findings.ts'
import { inZone } from '../lib/clock.ts'
import { commitmentDays, commitmentsFrom } from '../lib/lots.ts'
import { loadPlant } from '../people/plant.ts'
import {
  BadUsage,
  type Call,
  CannotRun,
  type Command,
  checkpointsOf,
  clockOf,
  type Exit,
  exit,
  findCase,
  withDatabase,
  wordAt,
} from './command.ts'
import { drawn, type Replayed, replayDraws } from './draw-replay.ts'

/** A seat of a draw, found again, and whether the key of its day was bound before. */
type Checked = Replayed & { readonly published: string | null }

const sayBound = ({ epoch, published }: Checked): string => {
  if (epoch === null) return ''
  return published === null ? ', key NOT PUBLISHED before the draw' : `, key published before in ${published}`
}

const sayDraw = (one: Checked, zone: string): string => {
  const { seq, at, seat: letter, verifier, candidates, blindness, epoch, shiftsUnknown, wrong } = one
  const { date, time } = inZone(new Date(at), zone)
  const how = epoch === null ? blindness : `${blindness}-blind, key of ${epoch}${sayBound(one)}`
  const shifts = shiftsUnknown ? '; no roster: nobody was left out for being off shift' : ''
  const verdict = wrong.length === 0 ? 'found again' : `DOES NOT FIT: ${wrong.join('; ')}`
  return harmless(
    `  ${date} ${time}  entry ${seq}, seat ${letter}: ${verifier} of ${candidates.join(', ')} (${how}${shifts}) – ${verdict}`,
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

const replayCase = async (db: Handle, on: { readonly site: string; readonly id: string }, secret: string) => {
  const rows = await db
    .selectFrom('journal')
    .select(['seq', 'at', 'event'])
    .where('site', '=', on.site)
    .where('subject', '=', on.id)
    .orderBy('seq')
    .execute()
  const entries = rows.map(({ seq, at, event }) => ({ seq, at: new Date(at).toISOString(), event }))
  return replayDraws(on.id, secret, entries)
}

/** Holds the key of each draw against what the checkpoints published of its day. */
const checkKeys = async (replayed: readonly Replayed[], config: Config): Promise<readonly Checked[]> => {
  const epochs = new Set(replayed.flatMap(({ epoch }) => (epoch === null ? [] : [epoch])))
  const days = epochs.size === 0 ? new Map() : await publishedCommitments(checkpointsOf(config), config.secret, epochs)
  return replayed.map((one) => {
    const { epoch, commitment, at } = one
    const bound: Bound =
      epoch === null || commitment === null ? { before: null, wrong: [] } : boundBefore({ epoch, commitment, at }, days)
    return { ...one, wrong: [...one.wrong, ...bound.wrong], published: bound.before?.name ?? null }
  })
}

const sayCase = async (code: string, checked: readonly Checked[], call: Call, timeZone: string): Promise<void> => {
  const wrong = checked.filter((one) => one.wrong.length > 0).length
  call.print(`Case ${harmless(code)}: the draws of its verifiers, times of ${timeZone}.`)
  for (const one of checked) call.print(sayDraw(one, timeZone))
  call.print(
    checked.length === 0
      ? 'Nobody has been drawn.'
      : `${checked.length} seats drawn, ${checked.length - wrong} found again. That the journal itself is genuine is proved by: npm run andon -- verify`,
  )
}

const drawOf = async (call: Call, { db }: Database, config: Config): Promise<Exit> => {
  const { site, id, code } = await findCase(db, wordAt(call, 0))
  if (!id.startsWith('haz_')) throw new CannotRun(`${harmless(code)} is no hazard, so nobody was drawn for it.`)
  const checked = await checkKeys(await replayCase(db, { site, id }, config.secret), config)
  if (call.flags.json === true) for (const one of checked) call.print(JSON.stringify(one))
  else await sayCase(code, checked, call, (await loadPlant(db, site)).plant.timeZone)
  return checked.every((one) => one.wrong.length === 0) ? exit.well : exit.findings
}

/** What binds the keys of today and the next days, one line each: to be handed to an auditor before anything is drawn. */
const sayCommitments = (call: Call, secret: string, at: Date): Exit => {
  for (const [epoch, commitment] of commitmentsFrom(secret, at, commitmentDays))
    call.print(call.flags.json === true ? JSON.stringify({ epoch, commitment }) : `${epoch} ${commitment}`)
  return exit.well
}

const runDraw = (call: Call): Promise<Exit> => {
  const wanted = call.flags.commitments === true
  if (wanted === call.args.length > 0) throw new BadUsage('Give the code of a case, or --commitments.')
  return withDatabase(call.env, async (database, config) =>
    wanted ? sayCommitments(call, config.secret, (await clockOf(database, config)).now()) : drawOf(call, database, config),
  )
}

export const drawCommand: Command = {
  summary: 'find every draw of the verifiers of a case again',
  usage: '<code> [--json] | --commitments [--json]',
  help: [
    'Computes each draw from the secret of the installation, the day, the case and the list of candidates in the journal, and holds the result against',
    'who was drawn, and the key of the day against what the checkpoints published before the draw (docs/proof.md). Names verifiers: for auditors, not for',
    'anybody with a part in the case. Changes nothing. --commitments prints what binds the keys of today and the next days, to be handed out beforehand.',
    'Exit code 0: every draw was found again. 1: one does not fit, or another key was published for its day. 2: it could not run.',
  ],
  options: { json: { type: 'boolean' }, commitments: { type: 'boolean' } },
  words: [0, 1],
  run: runDraw,
}
