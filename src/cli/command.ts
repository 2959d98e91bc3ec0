import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ParseArgsOptionsConfig } from 'node:util'
import { sql } from 'kysely'
import { type Config, readConfig } from '../config.ts'
import type { Database, Handle } from '../db/database.ts'
import type { CheckpointStore } from '../engine/checkpoint.ts'
import { createCheckpointDirectory } from '../engine/checkpoint-directory.ts'
import { harmless } from '../engine/findings.ts'
import { createClock, type MovableClock } from '../lib/clock.ts'
import { silent } from '../lib/log.ts'
import { openDatabase } from '../node.ts'

/** Something outside of the command keeps it from running; the message says what to do. */
export class CannotRun extends Error {}
/** The command line itself cannot be understood. */
export class BadUsage extends CannotRun {}

/** How a command ended, as the exit code of the process. */
export const exit = { well: 0, findings: 1, cannotRun: 2 } as const
export type Exit = (typeof exit)[keyof typeof exit]

export type Call = {
  readonly args: readonly string[]
  readonly flags: Readonly<Record<string, string | boolean | undefined>>
  readonly env: NodeJS.ProcessEnv
  readonly print: (line: string) => void
}

export type Command = {
  readonly summary: string
  /** What stands after the command's name. */
  readonly usage: string
  /** What it does and what its exit codes mean; shown by `--help`. */
  readonly help: readonly string[]
  readonly options: ParseArgsOptionsConfig
  /** How many words it takes, or the least and the most. */
  readonly words: number | readonly [least: number, most: number]
  readonly run: (call: Call) => Promise<Exit>
}

/** The word at a place; the table of commands has counted them before. */
export const wordAt = ({ args }: Call, index: number): string => args[index] ?? ''

export const flagText = ({ flags }: Call, name: string): string | null => {
  const value = flags[name]
  return typeof value === 'string' && value !== '' ? value : null
}

const folder = fileURLToPath(new URL('../db/migrations', import.meta.url))

/** Steps of the schema that this release brings and the database does not have. */
export const pendingMigrations = async (handle: Handle): Promise<readonly string[]> => {
  const steps = readdirSync(folder).flatMap((name) => (/^\d{4}-[\w-]+\.ts$/.test(name) ? [basename(name, '.ts')] : []))
  const { rows } = await sql<{ there: boolean }>`select to_regclass('kysely_migration') is not null as there`.execute(handle)
  if (rows[0]?.there !== true) return steps.sort()
  const done = await sql<{ name: string }>`select name from kysely_migration`.execute(handle)
  return steps.filter((step) => !done.rows.some(({ name }) => name === step)).sort()
}

const refuseMissing = (config: Config): void => {
  if (config.database.kind !== 'pglite' || existsSync(join(config.database.dir, 'PG_VERSION'))) return
  throw new CannotRun(
    `There is no database in ${config.database.dir}. Name the right place with ANDON_DATA, DATABASE_URL or ANDON_CONFIG, or start Andon once.`,
  )
}

/** Opens the configured database, hands it over and closes it. Throws CannotRun when it does not exist or is older than this release. */
export const withDatabase = async <T>(
  env: NodeJS.ProcessEnv,
  work: (database: Database, config: Config) => Promise<T>,
): Promise<T> => {
  const config = readConfig(env)
  refuseMissing(config)
  const database = await openDatabase(config, silent)
  try {
    const pending = await pendingMigrations(database.db)
    if (pending.length > 0) throw new CannotRun(`The database lacks ${pending.join(', ')}. Run: npm run andon -- migrate`)
    return await work(database, config)
  } finally {
    await database.close()
  }
}

export type FoundCase = { readonly site: string; readonly id: string; readonly code: string }

/** The case that people call by this code, or that has this id. Throws CannotRun when there is none. */
export const findCase = async (handle: Handle, code: string): Promise<FoundCase> => {
  const rows = await handle
    .selectFrom('subject')
    .select(['site', 'id', 'code'])
    .where((where) => where.or([where('code', '=', code), where('id', '=', code)]))
    .execute()
  const [found] = rows
  if (!found) throw new CannotRun(`There is no case ${harmless(code)}.`)
  if (rows.length > 1)
    throw new CannotRun(`Several sites have a case ${harmless(code)}. Give its id: ${rows.map(({ id }) => id).join(', ')}`)
  return found
}

export const checkpointsOf = (config: Config): CheckpointStore => createCheckpointDirectory(join(config.dataDir, 'checkpoints'))

/** The clock as the database has it; in a sandbox it may have been moved. */
export const clockOf = async ({ db }: Database, config: Config): Promise<MovableClock> => {
  const clock = createClock()
  const { offset_ms } = await db.selectFrom('clock').select('offset_ms').executeTakeFirstOrThrow()
  if (config.sandbox) clock.setOffset(Number(offset_ms))
  return clock
}
