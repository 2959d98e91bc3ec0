import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../../src/cli.ts'
import { type Database, migrate } from '../../src/db/database.ts'
import { openPglite } from '../../src/db/pglite.ts'
import { days } from '../../src/lib/clock.ts'
import { loadPlant } from '../../src/people/plant.ts'
import { shiftedPlant } from '../support/plant.ts'
import { scratch } from '../support/scratch.ts'
import { type Actor, story } from '../support/story.ts'
import { across } from '../support/world.ts'

const demo = fileURLToPath(new URL('../../demo/certificates.csv', import.meta.url))
const heads = '工号,姓名,准操项目,证号,发证日期,有效期至,复审日期,发证机关,状态'
const number = 'T310199199103080022'
const fileOf = (...lines: readonly string[]): string => {
  const path = join(scratch('andon certificates '), 'certificates.csv')
  writeFileSync(path, [heads, ...lines].join('\n'))
  return path
}
// Dates of the demo's file are as of 2026-11-24; they are moved to the day on which the story is played.
const ending = fileOf(
  `E1011,冯雪,低压电工作业,${number},2021-02-01,2027-01-31,2027-01-28,应急局,有效`,
  `E1011,冯雪,高压电工作业,${number},2021-02-01,2027-01-31,2027-01-31,应急局,有效`,
  'E1009,吴刚,监护人培训,PX-0001,2025-01-01,2026-11-23,,安环部,有效',
)

/** The answer to 我的证书, which some doors give as a card and some in words. */
const asks = async (actor: Actor): Promise<string> => {
  await actor.says('我的证书')
  const [last] = (await actor.sees()).slice(-1)
  if (last?.kind === 'card') return JSON.stringify(await actor.seesCard('我的证书'))
  return (await actor.seesText('我的证书')).text
}

story(
  'a certificate that runs out is told to its holder and the officers, once for each step, on one card; 我的证书 shows it masked',
  across,
  async ({ people, clock }) => {
    const { electrician, officerA, officerB, operator, welder } = people
    expect(await asks(electrician)).toMatch(/T3101[*＊]{8}0022/)
    expect(await asks(operator)).toContain('已过期')
    expect(await asks(welder)).toContain('没有登记您的证书')
    await people.everyone.seesNothingElse()

    await clock.passes(days(10))
    const soon = await electrician.seesCard('证书即将到期', { tone: 'warning' })
    expect(JSON.stringify(soon.facts)).toMatch(/低压电工作业 [\d-]{10}，剩 \d\d 天.*高压电工作业 [\d-]{10}，剩 \d\d 天/)
    await officerA.seesCard('证书即将到期')
    await officerB.seesCard('证书即将到期')
    await people.everyone.seesNothingElse()

    await clock.passes(days(70))
    const over = await electrician.seesCard('证书已失效', { tone: 'danger' })
    for (const words of ['逾期失效', '已过期']) expect(JSON.stringify(over.facts)).toContain(words)
    await officerA.seesCard('证书已失效')
    await officerB.seesCard('证书已失效')
    for (const one of [electrician, officerA, officerB]) {
      await one.seesCard(/证书/)
      const all = (await one.sees()).map(({ title, text, facts }) => JSON.stringify([title, text, facts])).join('\n')
      expect(all).not.toContain(number)
    }
  },
  { env: { ANDON_SANDBOX_CERTIFICATES: ending } },
)

/** The command line on a database of its own, with the demo's plant and certificates in it. */
describe('certificates', () => {
  const dataDir = scratch('andon certificates ')
  const plantFile = shiftedPlant(0)
  const env: NodeJS.ProcessEnv = { ANDON_DATA: dataDir, ANDON_PLANT: plantFile, ANDON_DEMO: '1', SANDBOX_PORT: '1' }
  const andon = async (...argv: string[]): Promise<{ readonly code: number; readonly said: string }> => {
    const lines: string[] = []
    const code = await runCli(argv, env, (line) => void lines.push(line))
    return { code, said: lines.join('\n') }
  }
  const onDatabase = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
    const database = await openPglite(join(dataDir, 'db'))
    try {
      return await work(database)
    } finally {
      await database.close()
    }
  }
  const count = (table: 'certificate' | 'effect'): Promise<number> =>
    onDatabase(
      async ({ db }) =>
        (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(db)).rows[0]?.n ?? 0,
    )
  const everything = (): Promise<string> =>
    onDatabase(async ({ db }) => {
      const { rows } = await sql<{
        name: string
      }>`select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`.execute(db)
      const texts = await Promise.all(
        rows.map(
          async ({ name }) =>
            (await sql<{ row: string }>`select row_to_json(t)::text as row from ${sql.table(name)} t`.execute(db)).rows,
        ),
      )
      return texts
        .flat()
        .map(({ row }) => row)
        .join('\n')
    })

  beforeAll(async () => {
    await onDatabase(({ db }) => migrate(db))
    expect((await andon('import', plantFile)).code).toBe(0)
  })
  afterAll(() => onDatabase(async () => {}))

  test('a list with one bad row changes nothing, and says which row and what to do', async () => {
    const path = fileOf(
      `E1011,冯雪,低压电工作业,${number},2024-12-20,2030-12-19,2027-12-19,应急局,有效`,
      `E1001,张伟,熔化焊接与热切割作业,${number},2024-12-20,2030-12-19,2027-12-19,应急局,有效`,
      'E9999,某人,监护人培训,PX-1009,2026-01-01,2028-01-01,,安环部,有效',
      ',张伟明,监护人培训,PX-1008,2026-01-01,2028-01-01,,安环部,有效',
      'E1001,冯雪,监护人培训,PX-1007,2026-01-01,2028-01-01,,安环部,有效',
      `E1011,冯雪,低压电工,${number},2024-12-20,2030-12-19,2027-12-19,应急局,有效`,
      'E1001,张伟,监护人培训,PX-1006,2026-01-01,=1+1,,安环部,有效',
    )
    const { code, said } = await andon('certificates', 'import', path)
    expect(code).toBe(1)
    for (const line of [
      '第 3 行：证号 T3101********0022 已登记在另一人名下',
      '第 4 行：工号 E9999 不在在职人员档案里',
      '第 5 行：姓名 张伟明 不在在职人员档案里',
      '第 6 行：工号 E1001 与姓名 冯雪 不是同一个人',
      '第 7 行：与第 2 行重复',
      '第 8 行：“有效期至”是公式',
      '6 problems. Nothing was imported',
    ])
      expect(said).toContain(line)
    expect(said).not.toContain(number)
    expect([await count('certificate'), await count('effect')]).toEqual([0, 0])
  })

  test('the same list twice changes nothing, --dry-run neither, and a renewal changes one', async () => {
    expect(await andon('certificates', 'import', demo, '--dry-run')).toMatchObject({
      code: 0,
      said: expect.stringContaining('14 would be added'),
    })
    expect(await count('certificate')).toBe(0)
    const before = await onDatabase(async ({ db }) => (await loadPlant(db, 'SH01')).revision)
    expect((await andon('certificates', 'import', demo)).said).toContain('14 added, 0 changed, 0 unchanged.')
    expect((await andon('certificates', 'import', demo)).said).toContain('0 added, 0 changed, 14 unchanged.')
    const renewed = fileOf(`E1011,,低压电工作业,t310199 19910308 0022,2024-12-20,2031-12-19,2027-12-19,应急局,有效`)
    expect((await andon('certificates', 'import', renewed)).said).toContain('0 added, 1 changed, 0 unchanged.')
    const plant = await onDatabase(({ db }) => loadPlant(db, 'SH01'))
    expect(plant.revision).toBe(before + 2)
    expect(plant.plant.certificates?.('feng-xue')).toMatchObject([
      { trade: 'electric.low', number: 'T3101********0022', validUntil: '2031-12-19', suspended: false },
    ])
    expect(plant.plant.certificates?.('xu-lei').map(({ trade }) => trade)).toEqual([
      'electric.explosionProof',
      'electric.high',
      'electric.low',
    ])
    expect(plant.plant.certificates?.('he-ping')).toEqual([])
    const lent = fileOf(`E1001,张伟,低压电工作业,${number},2024-12-20,2030-12-19,2027-12-19,应急局,有效`)
    expect(await andon('certificates', 'import', lent)).toMatchObject({
      code: 1,
      said: expect.stringContaining('已登记在另一人名下'),
    })
  })

  test('the number stands nowhere in the clear, and what was changed behind our back is found', async () => {
    const stored = await everything()
    for (const text of [number, 'T310199198805120011', '19910308', '198805120011']) expect(stored).not.toContain(text)
    const check = await andon('certificates', 'check')
    expect(check).toMatchObject({ code: 1, said: expect.stringMatching(/韩冰（han-bing）.*已过期/) })
    expect(check.said).toContain('14 certificates: 1 cannot be used')
    expect(check.said).not.toContain('198702140066')
    await onDatabase(({ db }) =>
      sql`update certificate set number_sealed = (select number_sealed from certificate where person = 'zhang-wei' limit 1) where person = 'feng-xue'`.execute(
        db,
      ),
    )
    expect((await andon('certificates', 'check')).said).toContain('1 unreadable')
  })

  test('the export of a person has the number, and an erased person has none', async () => {
    const welder = JSON.parse((await andon('person', 'export', 'zhang-wei')).said) as {
      tables: { certificate: { number: string }[] }
    }
    expect(new Set(welder.tables.certificate.map((row) => row.number))).toEqual(new Set(['T310199198805120011', 'PX20260045']))
    expect(JSON.stringify(welder.tables)).not.toContain('number_sealed')
    const plant = JSON.parse(readFileSync(plantFile, 'utf8')) as { people: { id: string }[] }
    const rest = join(scratch('andon plant '), 'plant.json')
    writeFileSync(rest, JSON.stringify({ ...plant, people: plant.people.filter(({ id }) => id !== 'zhang-wei') }))
    expect((await andon('import', rest)).code).toBe(0)
    expect((await andon('person', 'erase', 'zhang-wei', '--reason', '本人要求 2026-11-24')).code).toBe(0)
    expect(await count('certificate')).toBe(11)
    expect(await everything()).not.toContain('T3101********0011')
  })

  test.each([
    [['certificates'], 'It takes one word to 2'],
    [['certificates', 'import'], 'either import <file> or check'],
    [['certificates', 'drop', 'x'], 'either import <file> or check'],
    [['certificates', 'check', '--site', 'XX99'], 'There is no site XX99'],
    [['certificates', 'import', '/no/such/file'], 'ENOENT'],
    [['certificates', 'import', fileURLToPath(new URL('../fixtures/certificates/old.xls', import.meta.url))], '旧版 .xls'],
  ])('%s cannot run', async (argv, said) => {
    expect(await andon(...argv)).toMatchObject({ code: 2, said: expect.stringContaining(said) })
  })
})
