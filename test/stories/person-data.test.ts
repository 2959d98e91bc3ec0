import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../../src/cli.ts'
import type { Database, Handle } from '../../src/db/database.ts'
import { openPglite } from '../../src/db/pglite.ts'
import { bothPass, rectifies, takesOn } from '../support/acts.ts'
import { shiftedPlant } from '../support/plant.ts'
import { scratch } from '../support/scratch.ts'
import { openStage, type Stage } from '../support/story.ts'

type PlantPerson = {
  readonly id: string
  readonly name: string
  readonly employeeNo: string
  readonly mobile: string
  readonly accounts: readonly { readonly account: string }[]
}
type PlantFile = { readonly people: readonly PlantPerson[]; readonly areas: readonly { readonly owner: string | null }[] }

const plantFile = shiftedPlant(0)
const plant = JSON.parse(readFileSync(plantFile, 'utf8')) as PlantFile
const personNamed = (id: string): PlantPerson => {
  const found = plant.people.find((one) => one.id === id)
  if (!found) throw new Error(`nobody is ${id}`)
  return found
}
const everythingOf = ({ id, name, employeeNo, mobile, accounts }: PlantPerson): readonly string[] => [
  ...[id, name, employeeNo, mobile],
  ...accounts.map(({ account }) => account),
]

/** Every text that the database holds, in any schema. */
const dump = async (handle: Handle): Promise<string> => {
  const { rows } = await sql<{ schema: string; name: string }>`select n.nspname as schema, c.relname as name from pg_class c
    join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')`.execute(
    handle,
  )
  const texts: string[] = []
  for (const { schema, name } of rows) {
    const found = await sql<{ row: string }>`select row_to_json(t)::text as row from ${sql.table(`${schema}.${name}`)} t`.execute(
      handle,
    )
    texts.push(...found.rows.map(({ row }) => `${name} ${row}`))
  }
  return texts.join('\n')
}

/** The person's own welder reports, somebody else proves and closes; a bystander whose name is longer is named in a report. */
describe('personal data', () => {
  let stage: Stage
  let env: NodeJS.ProcessEnv
  const welder = personNamed('zhang-wei')
  const lead = personNamed('li-na')
  const andon = async (
    ...argv: string[]
  ): Promise<{ readonly code: number; readonly said: string; readonly lines: readonly string[] }> => {
    const lines: string[] = []
    const code = await runCli(argv, env, (line) => void lines.push(line))
    return { code, said: lines.join('\n'), lines }
  }
  const onDatabase = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
    const database = await openPglite(join(stage.world.dataDir, 'db'))
    try {
      return await work(database)
    } finally {
      await database.close()
    }
  }
  /** Verifies what a tampering leaves, and puts back what was there. */
  const afterTampering = async (...statements: readonly string[]): Promise<string> => {
    const run = (text: string) => onDatabase(async ({ executeSql }) => void (await executeSql(text)))
    await run('create table kept_journal as table journal; create table kept_redaction as table redaction')
    for (const statement of statements) await run(statement)
    const { said } = await andon('verify')
    await run(
      'delete from journal; insert into journal table kept_journal; delete from redaction; insert into redaction table kept_redaction; drop table kept_journal, kept_redaction',
    )
    return said
  }
  const leaves = async (...ids: readonly string[]): Promise<void> => {
    const rest = { ...plant, people: plant.people.filter(({ id }) => !ids.includes(id)) }
    const path = join(scratch('andon plant '), 'plant.json')
    writeFileSync(path, JSON.stringify(rest))
    env = { ...env, ANDON_PLANT: path }
    expect((await andon('import', path)).code).toBe(0)
  }

  beforeAll(async () => {
    stage = await openStage({ database: 'pglite', shift: 0, door: 'stream' })
    const code = await takesOn(stage.people)
    await rectifies(stage.people.teamLead, code)
    await bothPass(stage.people)
    await stage.people.operator2.says(`${welder.name}说变电所护栏松动，工号${welder.employeeNo}`)
    await stage.settles()
    env = { ANDON_DATA: stage.world.dataDir, ANDON_PLANT: plantFile, ANDON_DEMO: '1', SANDBOX_PORT: '1' }
    await stage.world.stop()
    expect((await andon('verify')).said).toContain('intact.')
  })
  afterAll(() => stage?.world.close())

  test('everything stored about one person is exported, whichever table it stands in', async () => {
    const { code, said } = await andon('person', 'export', welder.employeeNo)
    expect(code).toBe(0)
    const content = JSON.parse(said) as {
      readonly person: string
      readonly photos: readonly string[]
      readonly tables: Record<string, unknown[]>
    }
    expect(content.person).toBe('zhang-wei')
    expect(content.photos.length).toBeGreaterThan(2)
    for (const table of ['person', 'account', 'journal', 'subject', 'effect', 'delivery', 'live_card', 'inbox'])
      expect(content.tables[table]?.length, table).toBeGreaterThan(0)
    expect(content.tables.person).toEqual([expect.objectContaining({ mobile: welder.mobile, employee_no: welder.employeeNo })])
    expect(content.tables.token).toBeUndefined()
    const other = await andon('person', 'export', 'nobody-at-all')
    expect(other).toMatchObject({ code: 2, said: expect.stringContaining('Nobody has the id or employee number') })
  })

  test('who is still here, or says no reason, is not erased', async () => {
    expect(await andon('person', 'erase', 'zhang-wei')).toMatchObject({
      code: 2,
      said: expect.stringContaining('Say why with --reason'),
    })
    expect(await andon('person', 'erase', 'zhang-wei', '--reason', '本人要求')).toMatchObject({
      code: 2,
      said: expect.stringContaining('zhang-wei is still in the organisation'),
    })
    expect(await andon('person', 'forget', 'zhang-wei')).toMatchObject({
      code: 2,
      said: expect.stringContaining('either export or erase'),
    })
  })

  test('who has left is erased: nothing in the database names them, and the chain stands', async () => {
    await leaves('zhang-wei')
    const before = await onDatabase(({ db }) => dump(db))
    for (const mark of everythingOf(welder)) expect(before, mark).toContain(mark)
    const dry = await andon('person', 'erase', 'zhang-wei', '--reason', '本人要求 2026-11-24', '--dry-run')
    expect(dry).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^Would redact [1-9]\d* journal entries of \d+ cases[\s\S]*Nothing was changed\.$/),
    })
    expect(await onDatabase(({ db }) => dump(db))).toBe(before)

    const erased = await andon('person', 'erase', 'zhang-wei', '--reason', `${welder.name}要求删除 2026-11-24`)
    expect(erased).toMatchObject({ code: 0, said: expect.stringMatching(/^Redacted [1-9]\d* journal entries of [1-9]/) })
    const after = await onDatabase(({ db }) => dump(db))
    for (const mark of everythingOf(welder))
      expect(
        after.split('\n').filter((line) => line.includes(mark)),
        mark,
      ).toEqual([])
    expect(after).toContain(lead.name)

    const proof = await andon('verify')
    expect(
      proof.lines
        .slice(0, -1)
        .every((line) => / was redacted at \d{4}-\S+ by console:?\S*: 已删除人员\w{4}要求删除 2026-11-24 \(erased-/.test(line)),
    ).toBe(true)
    expect(proof).toMatchObject({ code: 0, said: expect.stringMatching(/photos, [1-9]\d* redacted entr(y|ies): intact\.$/) })
    expect((await andon('person', 'erase', 'zhang-wei', '--reason', '再来一次')).code).toBe(2)
  })

  test('a second person of the same entries is erased as well', async () => {
    await leaves('zhang-wei', 'li-na')
    expect(await andon('person', 'erase', lead.employeeNo, '--reason', '本人要求')).toMatchObject({ code: 0 })
    const after = await onDatabase(({ db }) => dump(db))
    for (const mark of everythingOf(lead))
      expect(
        after.split('\n').filter((line) => line.includes(mark)),
        mark,
      ).toEqual([])
    expect(await andon('verify')).toMatchObject({ code: 0, said: expect.stringContaining('intact.') })
  })

  test('a redaction without its record, with another reason, or taken back is found', async () => {
    const changed = 'is not what was written: its content does not fit its hash'
    const forgotten = 'was redacted, and the record of it is gone'
    const without = await afterTampering('delete from redaction')
    expect(without).toContain(changed)
    expect(without).toContain(forgotten)
    const other = await afterTampering(`update redaction set reason = 'routine'`)
    expect(other).toContain(changed)
    expect(other).not.toContain(forgotten)
    expect(await afterTampering(`update redaction set mac = repeat('0', 64)`)).toContain(changed)
    expect(
      await afterTampering(`update journal set event = replace(event, 'erased-', 'welder-') where event like '%erased-%'`),
    ).toContain(changed)
    expect((await andon('verify')).said).toContain('intact.')
  })
})
