import { sql } from 'kysely'
import type { Handle } from '../db/database.ts'
import { photosIn } from '../engine/verify-photos.ts'
import { createNumbers } from '../people/certificates-number.ts'
import { everyPattern, type Identity, textColumns } from '../people/erasure.ts'

type Row = Readonly<Record<string, unknown>>

/** What a table holds in sealed form or for itself alone: platform tokens and the names of open sessions help nobody but a thief. */
const kept = new Set(['token', 'page_session', 'page_link', 'kysely_migration', 'kysely_migration_lock', 'seal'])
/** Columns that hold JSON as text, shown as what they say. */
const json = new Set(['actor', 'event', 'state', 'payload', 'command', 'aliases', 'body', 'vals', 'lost'])

const opened = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (!json.has(name) || typeof value !== 'string') return [name, value]
      try {
        return [name, JSON.parse(value) as unknown]
      } catch {
        return [name, value]
      }
    }),
  )

/** A certificate with its number in the clear, which is the person's own, instead of the forms in which it is kept. */
const withNumber = ({ number_sealed, number_hash: _, ...row }: Row, secret: string): Row => ({
  ...row,
  number: typeof number_sealed === 'string' ? createNumbers(secret).open(number_sealed) : null,
})

const rowsAbout = async (handle: Handle, table: string, identity: Identity): Promise<readonly Row[]> => {
  const { rows } = await sql<{ row: string }>`select row_to_json(t)::text as row from ${sql.table(table)} t
    where row_to_json(t)::text ~ ${everyPattern(identity)} order by 1`.execute(handle)
  return rows.map(({ row }) => opened(JSON.parse(row) as Row))
}

export type PersonExport = {
  readonly exportedAt: string
  readonly person: string
  readonly site: string
  /** Photos of cases that name the person, by the name of the blob. */
  readonly photos: readonly string[]
  readonly tables: Readonly<Record<string, readonly Row[]>>
}

/** Every row of every table in which a person can be recognised, so that nothing that is stored is left out by a list that somebody forgot to keep. */
export const exportPerson = async (handle: Handle, identity: Identity, at: Date, secret: string): Promise<PersonExport> => {
  const tables: Record<string, readonly Row[]> = {}
  for (const table of (await textColumns(handle)).keys()) {
    if (kept.has(table)) continue
    const rows = await rowsAbout(handle, table, identity)
    if (rows.length > 0) tables[table] = table === 'certificate' ? rows.map((row) => withNumber(row, secret)) : rows
  }
  const photos = [...new Set((tables.subject ?? []).flatMap(({ state }) => photosIn(state)))].sort()
  return { exportedAt: at.toISOString(), person: identity.person, site: identity.site, photos, tables }
}
