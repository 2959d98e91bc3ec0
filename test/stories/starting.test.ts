import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { DirectoryRefused, openPglite } from '../../src/db/pglite.ts'
import { markDatabase } from '../../src/node.ts'
import { scratch } from '../support/scratch.ts'
import { pgliteTemplate } from '../support/world.ts'

const freshDirectory = async (): Promise<string> => {
  const parent = scratch('andon start ')
  cpSync(await pgliteTemplate(), parent, { recursive: true })
  const directory = join(parent, 'db')
  const database = await openPglite(directory)
  await database.db.insertInto('meta').values({ key: 'kept', value: 'yes' }).execute()
  await database.close()
  return directory
}

const kept = async (directory: string): Promise<string | undefined> => {
  const database = await openPglite(directory)
  const row = await database.db.selectFrom('meta').select('value').where('key', '=', 'kept').executeTakeFirst()
  await database.close()
  return row?.value
}

test('a second opener of one directory is refused with a clear message, and the first goes on', async () => {
  const directory = await freshDirectory()
  const first = await openPglite(directory)
  await expect(openPglite(directory)).rejects.toThrow(/in use by another process/)
  await expect(openPglite(directory)).rejects.toBeInstanceOf(DirectoryRefused)
  await first.db.insertInto('meta').values({ key: 'after', value: 'yes' }).execute()
  await first.close()
  expect(await kept(directory)).toBe('yes')
})

test('a directory that another machine is using is refused', async () => {
  const directory = await freshDirectory()
  const first = await openPglite(directory)
  await first.close()
  const inherited = new Set(readdirSync(await pgliteTemplate()))
  const lock = readdirSync(join(directory, '..')).find((name) => name.endsWith('.lock') && !inherited.has(name))
  expect(lock).toBeDefined()
  writeFileSync(join(directory, '..', lock ?? ''), JSON.stringify({ host: 'another-machine', pid: 7 }))
  await expect(openPglite(directory)).rejects.toThrow(/another machine/)
})

test.each(['PG_VERSION', 'global/pg_control', 'base', 'pg_wal'])(
  'a directory that lost %s is refused and not emptied',
  async (part) => {
    const directory = await freshDirectory()
    const copy = `${directory}-copy`
    cpSync(directory, copy, { recursive: true })
    rmSync(join(directory, part), { recursive: true })
    const before = readdirSync(directory).sort()
    await expect(openPglite(directory)).rejects.toThrow(/damaged/)
    expect(readdirSync(directory).sort()).toEqual(before)
    rmSync(directory, { recursive: true })
    cpSync(copy, directory, { recursive: true })
    expect(await kept(directory)).toBe('yes')
  },
)

test('a directory that is gone altogether, although it was there, is refused', async () => {
  const directory = await freshDirectory()
  rmSync(directory, { recursive: true })
  await expect(openPglite(directory)).rejects.toThrow(/damaged/)
})

test('a control file full of rubbish is refused and nothing is changed', async () => {
  const directory = await freshDirectory()
  writeFileSync(join(directory, 'global/pg_control'), Buffer.alloc(8192, 7))
  await expect(openPglite(directory)).rejects.toBeInstanceOf(DirectoryRefused)
})

test('a demo database refuses real connections, and the reverse', async () => {
  const demo = await openPglite(await freshDirectory())
  await markDatabase(demo, true)
  await markDatabase(demo, true)
  await expect(markDatabase(demo, false)).rejects.toThrow(/holds the demo/)
  await demo.close()
  const real = await openPglite(await freshDirectory())
  await markDatabase(real, false)
  await expect(markDatabase(real, true)).rejects.toThrow(/real cases/)
  await real.close()
})

test('the path of the data may have spaces', () => {
  expect(readConfig({ ANDON_DATA: join(tmpdir(), 'a path with spaces') }).dataDir).toContain('a path with spaces')
})
