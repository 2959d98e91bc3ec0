import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'
import pg from 'pg'
import { z } from 'zod'

/** A fresh, empty database of its own for one test. `drop` throws out whoever is still connected. */
export type TestDatabase = { readonly name: string; readonly url: string; readonly drop: () => Promise<void> }

const announced = z.object({ keeper: z.number().int(), url: z.string().optional(), error: z.string().optional() })
type Announced = z.infer<typeof announced>

/** The process that a whole run belongs to: vitest's own when this is one of its workers, otherwise this very process. */
const run = process.env.VITEST_POOL_ID !== undefined && isMainThread ? process.ppid : process.pid
const home = join(tmpdir(), `andon-test-run-${run}`)
const address = join(home, 'postgres.json')
const startWithin = 60_000

const read = (): Announced | null => {
  try {
    return announced.parse(JSON.parse(readFileSync(address, 'utf8')))
  } catch {
    return null
  }
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** True for the one caller, over all workers of the run, that must start the server. */
const first = (): boolean => {
  try {
    mkdirSync(home)
    return true
  } catch {
    return false
  }
}

const startKeeper = (): void => {
  const file = fileURLToPath(new URL('./postgres-keeper.ts', import.meta.url))
  const child = spawn(process.execPath, [file, address, String(run)], { detached: true, stdio: 'ignore' })
  child.once('exit', (code) => {
    if (!read())
      writeFileSync(
        address,
        JSON.stringify({ keeper: child.pid, error: `the keeper of PostgreSQL ended at once (exit code ${code})` }),
      )
  })
  child.unref()
}

/** Left by an earlier run whose process had the same number. */
const forgetDead = (): void => {
  const known = read()
  if (known && !alive(known.keeper)) rmSync(home, { recursive: true, force: true })
}

const find = async (): Promise<string> => {
  forgetDead()
  if (first()) startKeeper()
  for (let waited = 0; waited < startWithin; waited += 50) {
    const known = read()
    if (known?.error !== undefined) throw new Error(known.error)
    if (known?.url !== undefined) return known.url
    await sleep(50)
  }
  throw new Error(`PostgreSQL did not start within ${startWithin / 1000} s; see ${home}`)
}

let found: Promise<string> | null = null

/** Address of the run's PostgreSQL 18, without a database's name; the first call starts it, the end of the run stops and deletes it. */
export const postgresUrl = (): Promise<string> => {
  found ??= find()
  return found
}

const asAdministrator = async (statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: `${await postgresUrl()}/postgres` })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** A database nobody else has. With `like` it is a copy of that one, which must have no connections. */
export const createDatabase = async (like = 'template0'): Promise<TestDatabase> => {
  const name = `t_${randomBytes(8).toString('hex')}`
  await asAdministrator(`create database ${name} template ${like}`)
  return {
    name,
    url: `${await postgresUrl()}/${name}`,
    drop: () => asAdministrator(`drop database if exists ${name} with (force)`),
  }
}
