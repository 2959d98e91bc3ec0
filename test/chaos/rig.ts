import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type ChildService, createChildService } from '../support/child-service.ts'
import { freePort } from '../support/free-port.ts'
import { createDatabase, postgresUrl, type TestDatabase } from '../support/postgres.ts'
import { createWires, type Wires } from '../support/proxy.ts'
import { type Control, type Door, openControl } from './control.ts'
import { speakHttp } from './http-frames.ts'
import { speakPostgres } from './postgres-frames.ts'

/** The sandbox, a service that can be killed between any two messages, and the wires between them. One database after the other. */
export type Rig = Control & {
  readonly wires: Wires
  /** A fresh database with a fresh service on it; the one before is thrown away. */
  readonly renew: () => Promise<void>
  /** A client on the database itself, past the wires. */
  readonly database: () => pg.Client
  /** Resolves when the service that was killed runs again; at once when none was. Throws when it cannot start. */
  readonly recovered: () => Promise<void>
  readonly close: () => Promise<void>
}

/** What only the sandbox's look at the service's clock asks of the database. */
const looks = [
  /^database: select least\(\(select min\(due_at\) from deadline/,
  /^database: select count\(\*\)::int as n from pgboss\.job/,
  /^database: select count\(\*\) as "n" from "effect" where "state" = /,
  /^database: update "clock" set "offset_ms"/,
]

/** A migrated database with the plant in it and pg-boss at home, made once and copied for each world. */
const makeTemplate = async (env: NodeJS.ProcessEnv): Promise<TestDatabase> => {
  const template = await createDatabase()
  const child = createChildService({ ...env, DATABASE_URL: template.url })
  await child.start()
  await child.stop()
  return template
}

type World = { readonly child: ChildService; readonly database: TestDatabase; readonly client: pg.Client }

const createWorlds = async (env: NodeJS.ProcessEnv, databasePort: number) => {
  const template = await makeTemplate(env)
  let world: World | null = null
  let recovering: Promise<void> = Promise.resolve()

  const forget = async (): Promise<void> => {
    const last = world
    world = null
    await recovering.catch(() => {})
    await last?.child.stop()
    await last?.client.end()
    await last?.database.drop()
  }
  return {
    kill: (): void => {
      const victim = world?.child
      if (!victim) return
      recovering = victim.kill().then(victim.start)
      recovering.catch(() => {})
    },
    recovered: () => recovering,
    database: (): pg.Client => {
      if (!world) throw new Error('there is no database yet')
      return world.client
    },
    renew: async () => {
      await forget()
      const database = await createDatabase(template.name)
      const client = new pg.Client({ connectionString: database.url })
      await client.connect()
      const through = new URL(database.url)
      through.port = String(databasePort)
      const child = createChildService({ ...env, DATABASE_URL: through.href })
      world = { child, database, client }
      await child.start()
    },
    close: async () => {
      await forget()
      await template.drop()
    },
  }
}

/** Opens everything but the service, which `renew` starts. */
export const openRig = async (door: Door): Promise<Rig> => {
  const home = mkdtempSync(join(tmpdir(), 'andon-chaos-'))
  const control = await openControl({ doors: { feishu: door, dingtalk: door, wecom: 'http' } })
  const victim = { kill: (): void => {} }
  const wires = createWires({ kill: () => victim.kill(), ignore: (name) => looks.some((look) => look.test(name)) })
  const port = await freePort()
  const ours = (path: string): boolean => path.includes(' /sandbox/')
  const inward = await wires.before(port, speakHttp('callback', ours))
  const outward = await wires.before(Number(new URL(control.sandbox.url).port), speakHttp('platform'))
  const databasePort = await wires.before(Number(new URL(await postgresUrl()).port), speakPostgres)
  const worlds = await createWorlds(control.envFor({ home, port, sandboxPort: outward }), databasePort)
  victim.kill = worlds.kill
  await control.post('/service', { urls: [`http://127.0.0.1:${inward}`] })
  return {
    ...control,
    wires,
    database: worlds.database,
    recovered: worlds.recovered,
    renew: async () => {
      await worlds.renew()
      await control.settles()
    },
    close: async () => {
      await worlds.close()
      await wires.close()
      await control.sandbox.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
