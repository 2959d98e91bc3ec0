import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type Database, migrate } from '../../src/db/database.ts'
import { openPglite } from '../../src/db/pglite.ts'
import { noWrites, type Writes, writeRest } from '../../src/engine/writes.ts'
import { scratch } from '../support/scratch.ts'

const [site, subject] = ['SH01', 'haz_1']
const at = '2026-05-06T08:00:00.000Z'
type Place = { readonly name: string; readonly key: string; readonly note: string }

const write = ({ db }: Database, of: string, places: readonly Place[]): Promise<void> => {
  const index: Writes['index'] = places.map((place) => ({ site, subject: of, at, weight: 1, ...place }))
  return db.transaction().execute((tx) => writeRest(tx, { ...noWrites(), indexGone: [{ site, subject: of }], index }))
}

type Row = Place & { readonly subject: string; readonly tuple: string }
const places = async ({ db }: Database): Promise<readonly Row[]> =>
  (
    await sql<Row>`select subject, name, key, note, ctid::text as tuple from subject_index order by subject, name, key`.execute(
      db,
    )
  ).rows

const todo = { name: 'todo', key: 'li-na', note: 'a' }
const open = { name: 'open', key: 'site', note: 'b' }

test('the places of a case are those it has now; what stays as it is is not written again, and no other case is touched', async () => {
  const database = await openPglite(join(scratch('index-write'), 'db'))
  try {
    await migrate(database.db)
    await write(database, subject, [todo, open])
    await write(database, 'haz_2', [todo, open])
    const [before, other] = [await places(database), (await places(database)).filter((row) => row.subject === 'haz_2')]
    await write(database, subject, [open, { ...todo, key: 'zhang-wei' }])
    const after = await places(database)
    expect(after.filter((row) => row.subject === 'haz_2')).toEqual(other)
    const own = after.filter((row) => row.subject === subject)
    expect(own.map(({ name, key }) => `${name} ${key}`)).toEqual(['open site', 'todo zhang-wei'])
    expect(own[0]).toEqual(before.find((row) => row.subject === subject && row.name === 'open'))
    await write(database, subject, [{ ...open, note: 'c' }])
    expect((await places(database)).filter((row) => row.subject === subject).map(({ note }) => note)).toEqual(['c'])
    await write(database, subject, [])
    expect(await places(database)).toEqual(other)
  } finally {
    await database.close()
  }
})
