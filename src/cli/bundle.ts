import { sql } from 'kysely'
import type { Handle } from '../db/database.ts'
import { readLedger } from '../engine/ledger.ts'
import { readSeal, type SealRow, sealColumns } from '../engine/seals.ts'
import { exactTime, isoOf } from '../engine/stored.ts'
import { photosIn } from '../engine/verify-photos.ts'
import type { BlobStore } from '../evidence/blobs.ts'
import { isBlobKey, keyOf } from '../evidence/blobs.ts'
import { CannotRun, type FoundCase } from './command.ts'

type Row = Readonly<Record<string, unknown>>

const readSubject = async (handle: Handle, id: string): Promise<Row & { readonly state: string }> => {
  const { rows } = await sql<
    Row & { readonly state: string; readonly opened_at: string; readonly changed_at: string }
  >`select site, id, workflow, code, status, open, revision, state,
    head, owner, ${exactTime('opened_at')} as opened_at, ${exactTime('changed_at')} as changed_at from subject where id = ${id}`.execute(
    handle,
  )
  const [row] = rows
  if (!row) throw new CannotRun(`The case ${id} is gone.`)
  return { ...row, opened_at: isoOf(row.opened_at), changed_at: isoOf(row.changed_at) }
}

const readJournal = async (handle: Handle, { site, id }: FoundCase): Promise<readonly Row[]> => {
  const { rows } = await sql<
    Row & { readonly at: string }
  >`select site, subject, seq, ${exactTime('at')} as at, actor, arrival, version, event, prev, hash
    from journal where site = ${site} and subject = ${id} order by seq`.execute(handle)
  return rows.map((row) => ({ ...row, at: isoOf(row.at) }))
}

const readSeals = async (handle: Handle, { site, id }: FoundCase): Promise<readonly SealRow[]> => {
  const { rows } = await sql<SealRow>`select ${sealColumns} from seal where exists (select 1 from journal j
    where j.site = ${site} and j.subject = ${id} and j.at = seal.at and position(j.hash in seal.body) > 0) order by seal.at, seal.lane, seal.seq`.execute(
    handle,
  )
  return rows.map(readSeal)
}

/** What was taken out of entries of the case since they were written, by whom and why. */
const readRedactions = async (handle: Handle, { site, id }: FoundCase): Promise<readonly Row[]> => {
  const { rows } = await sql<
    Row & { readonly at: string }
  >`select seq, original, redacted, ${exactTime('at')} as at, by, reason, stand_in
    from redaction where site = ${site} and subject = ${id} order by seq, at`.execute(handle)
  return rows.map((row) => ({ ...row, at: isoOf(row.at) }))
}

/** Names of the people who act in the case, so that a reader need not guess who `zhang-wei` is. No numbers, no accounts. */
const readNames = async (handle: Handle, { site }: FoundCase, text: string): Promise<readonly Row[]> => {
  const people = await handle
    .selectFrom('person')
    .select(['id', 'name', 'job', 'team', 'company'])
    .where('site', '=', site)
    .orderBy('id')
    .execute()
  return people.filter(({ id }) => text.includes(JSON.stringify(id)))
}

export type Photo = {
  readonly key: string
  readonly path: string | null
  readonly found: 'intact' | 'changed' | 'missing'
  readonly bytes: Uint8Array | null
}

const extension = (bytes: Uint8Array): string =>
  bytes[0] === 0xff && bytes[1] === 0xd8 ? 'jpg' : bytes[0] === 0x89 && bytes[1] === 0x50 ? 'png' : 'bin'

const readPhoto = async (blobs: BlobStore, key: string): Promise<Photo> => {
  const bytes = isBlobKey(key) ? await blobs.get(key) : null
  if (bytes === null) return { key, path: null, found: 'missing', bytes }
  return { key, path: `photos/${key}.${extension(bytes)}`, found: keyOf(bytes) === key ? 'intact' : 'changed', bytes }
}

/** Everything about one case, ready to be written: `case.json` without the photos' bytes, and the photos. */
export const readBundle = async (handle: Handle, blobs: BlobStore, found: FoundCase, at: Date) => {
  const subject = await readSubject(handle, found.id)
  const journal = await readJournal(handle, found)
  const photos = await Promise.all([...new Set(photosIn(JSON.parse(subject.state)))].map((key) => readPhoto(blobs, key)))
  const site = await handle.selectFrom('site').select(['id', 'name', 'time_zone']).where('id', '=', found.site).executeTakeFirst()
  return {
    content: {
      format: 'andon case 1',
      exportedAt: at.toISOString(),
      site,
      subject,
      journal,
      redactions: await readRedactions(handle, found),
      seals: await readSeals(handle, found),
      people: await readNames(
        handle,
        found,
        `${subject.state}${JSON.stringify(journal.map(({ event, actor }) => `${event}${actor}`)).replaceAll('\\"', '"')}`,
      ),
      deliveries: await readLedger(handle, found.id),
      photos: photos.map(({ key, path, found: state }) => ({ key, path, found: state })),
    },
    photos,
  }
}
