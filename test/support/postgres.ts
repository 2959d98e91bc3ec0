import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { z } from 'zod'
import { alive, madeOnce, run, runFolder } from './scratch.ts'

/** A fresh, empty database of its own for one test. `drop` throws out whoever is still connected. */
export type TestDatabase = { readonly name: string; readonly url: string; readonly drop: () => Promise<void> }

const announced = z.object({ keeper: z.number().int(), url: z.string().optional(), error: z.string().optional() })
export type Announced = z.infer<typeof announced>

const startWithin = 60_000

const read = (address: string): Announced | null => {
  try {
    return announced.parse(JSON.parse(readFileSync(address, 'utf8')))
  } catch {
    return null
  }
}

/** Where the keeper of a run says how to reach the server. */
const addressIn = (folder: string): string => join(folder, 'address.json')

/** The keeper lives as long as the run, which may be longer than the worker that started it. */
const startKeeper = async (folder: string): Promise<void> => {
  const file = fileURLToPath(new URL('./postgres-keeper.ts', import.meta.url))
  const address = addressIn(folder)
  const child = spawn(process.execPath, [file, address, String(run), runFolder()], { detached: true, stdio: 'ignore' })
  let ended: number | null = null
  child.once('exit', (code) => {
    ended = code ?? 1
  })
  child.unref()
  for (let waited = 0; waited < startWithin; waited += 25) {
    const known = read(address)
    if (known?.error !== undefined) throw new Error(known.error)
    if (known?.url !== undefined) return
    if (ended !== null) throw new Error(`the keeper of PostgreSQL ended at once (exit code ${ended})`)
    await sleep(25)
  }
  throw new Error(`PostgreSQL did not start within ${startWithin / 1000} s; see ${folder}`)
}

const find = async (): Promise<string> => {
  const known = read(addressIn(await madeOnce('postgres', startKeeper)))
  if (known?.url === undefined || !alive(known.keeper)) throw new Error(`PostgreSQL of this run is gone; see ${runFolder()}`)
  return known.url
}

/** Ends the server of this run now instead of soon; it deletes the run's folder when it has stopped. True when there was one. */
export const endPostgres = (): boolean => {
  const known = read(addressIn(join(runFolder(), 'postgres')))
  if (!known || !alive(known.keeper)) return false
  process.kill(known.keeper, 'SIGTERM')
  return true
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

/** A database from which others can be made: whatever `fill` puts in, once per run. Gives its name. */
export const databaseTemplate = async (name: string, fill: (url: string) => Promise<void>): Promise<string> => {
  await madeOnce(`database-${name}`, async () => {
    await asAdministrator(`create database ${name} template template0`)
    await fill(`${await postgresUrl()}/${name}`)
    await asAdministrator(`alter database ${name} with is_template true allow_connections false`)
  })
  return name
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
