import { appendFileSync, copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { runCli } from '../../src/cli.ts'
import { openPglite } from '../../src/db/pglite.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { bothPass, rectifies, takesOn } from '../support/acts.ts'
import { shiftedPlant } from '../support/plant.ts'
import { createDatabase, postgresUrl } from '../support/postgres.ts'
import { scratch } from '../support/scratch.ts'
import { openStage, type Stage } from '../support/story.ts'

type Kind = 'pglite' | 'postgres'
const arrangement = (database: Kind) => ({ database, shift: 0, door: 'stream' }) as const

const envOf = (dataDir: string, url: string | null, port = '1'): NodeJS.ProcessEnv => ({
  ANDON_DATA: dataDir,
  ANDON_PLANT: shiftedPlant(0),
  ANDON_DEMO: '1',
  SANDBOX_PORT: port,
  ...(url === null ? {} : { DATABASE_URL: url }),
})

const andon = async (env: NodeJS.ProcessEnv, ...argv: string[]): Promise<{ readonly code: number; readonly said: string }> => {
  const lines: string[] = []
  const code = await runCli(argv, env, (line) => void lines.push(line))
  return { code, said: lines.join('\n') }
}

const urlOf = async ({ world }: Stage): Promise<string | null> => {
  if (world.arrangement.database === 'pglite') return null
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(world.running().database.db)
  return `${await postgresUrl()}/${rows[0]?.name}`
}

/** As if the service had been stopped while photos were being fetched. */
const leavePhotosUnderWay = async ({ world }: Stage, url: string | undefined): Promise<void> => {
  const database = url
    ? openPostgres({ url, pooled: false, connections: 1, onError: () => {} })
    : await openPglite(join(world.dataDir, 'db'))
  await database.executeSql(`update pgboss.job set state = 'retry' where name = 'photo'`)
  await database.close()
}

/** A case that somebody has taken on, with a photo, and a backup of the plant it is in. */
const backedUp = async (kind: Kind, { photos }: { readonly photos: 'done' | 'under way' } = { photos: 'done' }) => {
  const stage = await openStage(arrangement(kind))
  const folder = join(scratch('andon backup '), 'monday')
  const env = envOf(stage.world.dataDir, await urlOf(stage))
  const code = await takesOn(stage.people)
  await stage.people.operator2.says('变电所\u2028护栏\r松动“｜”\n第二行')
  await stage.settles()
  await andon(env, 'checkpoint')
  const live = kind === 'postgres' ? await andon(env, 'backup', `${folder} live`) : null
  await stage.world.stop()
  if (photos === 'under way') await leavePhotosUnderWay(stage, env.DATABASE_URL)
  const made = await andon(env, 'backup', folder)
  const secret = join(stage.world.dataDir, 'secret')
  return { stage, folder, env, code, made, live, secret }
}

/** Empties the place that a service keeps its things in: the machine is lost, and only the secret was kept elsewhere. */
const loses = async (dataDir: string, url: string | undefined): Promise<void> => {
  for (const name of ['db', 'db.json', 'blobs', 'checkpoints']) rmSync(join(dataDir, name), { recursive: true, force: true })
  if (url === undefined) return
  const { pathname } = new URL(url)
  const client = new pg.Client({ connectionString: `${await postgresUrl()}/postgres` })
  await client.connect()
  await client.query(`drop database "${pathname.slice(1)}" with (force)`)
  await client.query(`create database "${pathname.slice(1)}"`)
  await client.end()
}

/** An empty place of a kind with the secret of the installation. */
const emptyPlace = async (kind: Kind, secret: string) => {
  const dir = scratch('andon restored ')
  copyFileSync(secret, join(dir, 'secret'))
  const made = kind === 'postgres' ? await createDatabase() : null
  return { dir, env: envOf(dir, made?.url ?? null), drop: async () => void (await made?.drop()) }
}

describe.each([
  ['pglite', 'postgres'],
  ['postgres', 'pglite'],
] as const)('a plant on %s', (home, away) => {
  test(`is restored on an empty ${away}, proves whole, comes home to a lost machine, and its case goes on to the end`, async () => {
    const { stage, folder, code, made, live, secret, env } = await backedUp(home, { photos: 'under way' })
    const { world, people, settles } = stage
    const other = await emptyPlace(away, secret)
    try {
      const wrote = /^Wrote \d+ rows of \d+ tables, \d checkpoints and [3-9] photos/
      expect(made).toMatchObject({ code: 0, said: expect.stringMatching(wrote) })
      if (live) expect(live).toMatchObject({ code: 0, said: expect.stringMatching(wrote) })
      expect(await andon(other.env, 'restore', folder)).toMatchObject({
        code: 0,
        said: expect.stringContaining('Prove it: npm run andon -- verify'),
      })
      expect(await andon(other.env, 'verify')).toMatchObject({
        code: 0,
        said: expect.stringMatching(/\d checkpoints?, [3-9] photos: intact\.$/),
      })
      const back = join(scratch('andon backup '), 'tuesday')
      expect((await andon(other.env, 'backup', back)).code).toBe(0)

      await loses(world.dataDir, env.DATABASE_URL)
      expect((await andon(env, 'restore', back)).code).toBe(0)
      expect(await andon(env, 'verify')).toMatchObject({ code: 0, said: expect.stringContaining('intact.') })
      await world.restart()
      await settles()
      await rectifies(people.teamLead, code)
      await bothPass(people)
      const { db } = world.running().database
      expect(await db.selectFrom('subject').select('status').where('code', '=', code).executeTakeFirst()).toEqual({
        status: 'closed',
      })
      const again = await db.selectFrom('effect').select('state').where('payload', 'like', '%"restored:%').execute()
      expect(again.map(({ state }) => state)).toEqual(['done'])
      await world.stop()
      expect(await andon(env, 'verify')).toMatchObject({ code: 0, said: expect.stringContaining('intact.') })
    } finally {
      await world.close()
      await other.drop()
    }
  })
})

describe('a restore', () => {
  test('takes back every row as it was, and is refused where it could do harm', async () => {
    const { stage, folder, env, secret, made } = await backedUp('pglite')
    try {
      expect(made.code, made.said).toBe(0)
      expect(await andon(env, 'restore', folder)).toMatchObject({
        code: 2,
        said: expect.stringContaining('The database is not empty ('),
      })
      expect(await andon(env, 'backup', folder)).toMatchObject({ code: 2, said: expect.stringContaining('exists already') })
      expect(await andon((await emptyPlace('pglite', secret)).env, 'restore', join(folder, 'tables'))).toMatchObject({
        code: 2,
        said: expect.stringContaining('is not a backup'),
      })

      const stranger = scratch('andon stranger ')
      expect(await andon(envOf(stranger, null), 'restore', folder)).toMatchObject({
        code: 2,
        said: expect.stringContaining('made under another secret'),
      })
      expect(existsSync(join(stranger, 'db'))).toBe(false)

      const again = await emptyPlace('pglite', secret)
      expect((await andon(again.env, 'restore', folder)).code).toBe(0)
      const copy = join(scratch('andon again '), 'copy')
      expect((await andon(again.env, 'backup', copy)).code).toBe(0)
      for (const name of readdirSync(join(folder, 'tables'))) {
        const lines = (of: string) =>
          readFileSync(join(of, 'tables', name), 'utf8')
            .split('\n')
            .sort()
        expect(lines(copy), name).toEqual(lines(folder))
      }
    } finally {
      await stage.world.close()
    }
  })

  test('of a backup in which a byte was changed changes nothing', async () => {
    const { stage, folder, secret } = await backedUp('pglite')
    const blob =
      readdirSync(join(folder, 'blobs'), { recursive: true, encoding: 'utf8' }).find((name) => /[0-9a-f]{64}$/.test(name)) ?? ''
    const damages: readonly (readonly [string, string, (text: string) => string])[] = [
      ['tables/journal.jsonl', 'the table journal is not the one', (text) => text.replace('welder', 'wilder').replace('3', '4')],
      ['tables/subject.jsonl', 'the table subject is not the one', (text) => `${text}{}\n`],
      ['checkpoints/00000001.json', 'the checkpoint 00000001.json is not', (text) => text.replace('1', '2')],
      [`blobs/${blob}`, `the photo ${blob.slice(-64)} was changed`, (text) => `${text}!`],
      ['manifest.json', 'or its manifest was changed', (text) => text.replace('"rows": ', '"rows": 1')],
    ]
    try {
      for (const [file, says, change] of damages) {
        const path = join(folder, file)
        const bytes = readFileSync(path)
        rmSync(path)
        writeFileSync(path, change(bytes.toString('latin1')), 'latin1')
        const dir = scratch('andon damaged ')
        copyFileSync(secret, join(dir, 'secret'))
        expect(await andon(envOf(dir, null), 'restore', folder), file).toMatchObject({
          code: 2,
          said: expect.stringContaining(says),
        })
        expect(readdirSync(dir), file).toEqual(['secret'])
        rmSync(path)
        writeFileSync(path, bytes)
      }
      const dir = scratch('andon mended ')
      copyFileSync(secret, join(dir, 'secret'))
      appendFileSync(join(folder, 'README'), 'a file that is none of ours changes nothing')
      expect((await andon(envOf(dir, null), 'restore', folder)).code).toBe(0)
    } finally {
      await stage.world.close()
    }
  })
})
