import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Config, ConfigError, readConfig } from '../config.ts'
import type { Database } from '../db/database.ts'
import { DirectoryRefused } from '../db/pglite.ts'
import { readCheckpointFile } from '../engine/checkpoint.ts'
import { createClock, hours, seconds } from '../lib/clock.ts'
import { silent } from '../lib/log.ts'
import { openDatabase } from '../node.ts'
import { type Call, CannotRun, type Command, checkpointsOf, type Exit, exit, pendingMigrations } from './command.ts'
import { examineConnections } from './connections.ts'
import { examineOutside } from './doctor-outside.ts'
import { readOrganisation } from './organisation.ts'
import { bad, note, ok, type Remark, sayRemark } from './remark.ts'

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'no code')

const examineOrganisation = (config: Config): readonly Remark[] => {
  try {
    const { people, areas, site } = readOrganisation(config.organisation)
    const administrators = people.filter(({ roles }) =>
      roles.some((role) => role === 'administrator' || role === `administrator@${site.id}`),
    )
    return [
      ok(`organisation: ${config.organisation} names ${people.length} people and ${areas.length} areas of ${site.id}`),
      administrators.length > 0
        ? ok(`organisation: ${administrators.length} administrator`)
        : bad('organisation: nobody holds the role administrator, so nobody can link new accounts'),
    ]
  } catch (error) {
    if (error instanceof CannotRun) return [bad(error.message)]
    throw error
  }
}

/** A secret kept in a file must be its owner's alone: with it anybody could make seals. */
const examineSecret = (config: Config): readonly Remark[] => {
  const path = join(config.dataDir, 'secret')
  if (process.platform === 'win32' || !existsSync(path)) return []
  const open = (statSync(path).mode & 0o077) !== 0
  return [
    open
      ? bad(`secret: others on this machine can read ${path}; run chmod 600 on it`)
      : ok('secret: its file is readable by its owner only'),
  ]
}

/** Writes and removes a file, as evidence will be written. */
const examineFolder = (what: string, dir: string): Remark => {
  const path = join(dir, `.doctor-${randomUUID()}`)
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    writeFileSync(path, 'andon', { flag: 'wx', mode: 0o600 })
    return ok(`${what}: ${dir} can be written`)
  } catch (error) {
    return bad(`${what}: ${dir} cannot be written (${codeOf(error)})`)
  } finally {
    rmSync(path, { force: true })
  }
}

const examineCheckpoints = async (config: Config, now: Date): Promise<Remark> => {
  const store = checkpointsOf(config)
  const name = (await store.list()).at(-1)
  const bytes = name === undefined ? null : await store.read(name)
  if (bytes === null) return note('checkpoints: there is none yet; the service writes one every hour')
  const last = readCheckpointFile(bytes)
  if (last === null) return bad(`checkpoints: ${name} is not a checkpoint; run verify`)
  const age = now.getTime() - new Date(last.at).getTime()
  return age <= hours(2)
    ? ok(`checkpoints: the last one is of ${last.at}`)
    : note(`checkpoints: the last one is of ${last.at}, more than two hours ago`)
}

const examineMark = async ({ db }: Database, config: Config): Promise<Remark> => {
  const mark = await db.selectFrom('meta').select('value').where('key', '=', 'kind').executeTakeFirst()
  if (!mark) return note('database: it is not marked as demo or real yet; the first start does that')
  const mine = config.sandbox ? 'demo' : 'real'
  return mark.value === mine
    ? ok(`database: it is marked ${mine}`)
    : bad(`database: it is marked ${mark.value}, but the connections are ${mine}; Andon will not start on it`)
}

const examineClock = async ({ db }: Database, config: Config): Promise<readonly Remark[]> => {
  const clock = createClock()
  const { rows } = await sql<{
    now: number | string
    offset: number | string
  }>`select extract(epoch from clock_timestamp()) * 1000 as now, (select offset_ms from clock) as offset`.execute(db)
  const apart = Math.abs(Number(rows[0]?.now) - clock.now().getTime())
  const offset = Number(rows[0]?.offset)
  return [
    apart <= seconds(2)
      ? ok('clock: this machine and the database agree')
      : bad(`clock: this machine and the database are ${Math.round(apart / seconds(1))} s apart; set both by NTP`),
    ...(offset === 0
      ? []
      : [
          config.sandbox
            ? note(`clock: the sandbox has moved it by ${Math.round(offset / seconds(60))} min`)
            : note('clock: the database holds a moved clock, which real connections ignore'),
        ]),
  ]
}

const nameOf = ({ database }: Config): string => {
  if (database.kind === 'pglite') return `PGlite in ${database.dir}`
  const { host, pathname } = new URL(database.url)
  return `PostgreSQL at ${host}${pathname}${database.pooled ? ' through a pooler' : ''}`
}

const examineOpen = async (database: Database, config: Config): Promise<readonly Remark[]> => {
  const pending = await pendingMigrations(database.db)
  const reached = ok(`database: ${nameOf(config)} answers`)
  if (pending.length > 0) return [reached, bad(`database: it lacks ${pending.join(', ')}; run: npm run andon -- migrate`)]
  return [
    reached,
    ok('database: its schema is up to date'),
    await examineMark(database, config),
    ...(await examineClock(database, config)),
    ...(await examineOutside(config, database)),
  ]
}

const examineDatabase = async (config: Config): Promise<readonly Remark[]> => {
  if (config.database.kind === 'pglite' && !existsSync(join(config.database.dir, 'PG_VERSION')))
    return [note(`database: there is none in ${config.database.dir} yet; the first start makes it`)]
  try {
    const database = await openDatabase(config, silent)
    try {
      return await examineOpen(database, config)
    } finally {
      await database.close()
    }
  } catch (error) {
    if (error instanceof DirectoryRefused) return [note(`database: not looked into. ${error.message}`)]
    return [bad(`database: ${nameOf(config)} cannot be used (${codeOf(error)})`)]
  }
}

/** Everything it looks at, in the order in which it would stop a start. */
const examine = async (env: NodeJS.ProcessEnv): Promise<readonly Remark[]> => {
  let config: Config
  try {
    config = readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return [bad(`configuration: ${error.message}`)]
    throw error
  }
  const from = env.ANDON_CONFIG ? env.ANDON_CONFIG : 'the environment and defaults'
  return [
    ok(
      `configuration: read from ${from}; ${config.connections.length} connections, ${config.sandbox ? 'all of the sandbox' : 'real'}`,
    ),
    ...examineSecret(config),
    ...examineOrganisation(config),
    ...(await examineDatabase(config)),
    examineFolder('photos', config.blobs.dir),
    await examineCheckpoints(config, createClock().now()),
    ...(await examineConnections(config)),
  ]
}

const runDoctor = async ({ env, print }: Call): Promise<Exit> => {
  const remarks = await examine(env)
  for (const remark of remarks) print(sayRemark(remark))
  const wrong = remarks.filter(({ level }) => level === 'bad').length
  print(wrong === 0 ? 'Nothing is in the way.' : `${wrong} to mend.`)
  return wrong === 0 ? exit.well : exit.findings
}

export const doctorCommand: Command = {
  summary: 'look at configuration, database, connections, systems outside and folders, and say what is in the way',
  usage: '',
  help: [
    'Fetches a token from each platform; sends nothing to anybody and prints no secret.',
    'Exit code 0: nothing is in the way. 1: something must be mended. 2: it could not run.',
  ],
  options: {},
  words: 0,
  run: runDoctor,
}
