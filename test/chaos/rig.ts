import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type ChildService, createChildService } from '../support/child-service.ts'
import { freePort } from '../support/free-port.ts'
import { createDatabase, postgresUrl, type TestDatabase } from '../support/postgres.ts'
import { createWires, type Wires } from '../support/proxy.ts'
import { scratch } from '../support/scratch.ts'
import { type Control, type Door, openControl, type ServicePlace } from './control.ts'
import { speakHttp } from './http-frames.ts'
import type { Books } from './ledger.ts'
import { speakPostgres } from './postgres-frames.ts'

/** The sandbox, a service that can be killed between any two messages, and the wires between them. One database after the other. */
export type Rig = Control & {
  readonly wires: Wires
  /** A fresh database with a fresh service on it; the one before is thrown away. */
  readonly renew: () => Promise<void>
  /** The books of the present world; their database past the wires. */
  readonly books: () => Books
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

type World = { readonly child: ChildService; readonly database: TestDatabase; readonly books: Books }

/** Each world has a folder and a database of its own; the template is migrated, with the plant in it and pg-boss at home. */
const createWorlds = async (control: Control, about: Omit<ServicePlace, 'home'>, databasePort: number) => {
  const homes = scratch('andon-chaos-')
  const serviceOn = (home: string, url: string): ChildService =>
    createChildService({ ...control.envFor({ ...about, home }), DATABASE_URL: url })
  mkdirSync(join(homes, 'template'))
  const template = await createDatabase()
  const first = serviceOn(join(homes, 'template'), template.url)
  await first.start()
  await first.stop()
  let world: World | null = null
  let recovering: Promise<void> = Promise.resolve()

  const forget = async (): Promise<void> => {
    const last = world
    world = null
    await recovering.catch(() => {})
    await last?.child.stop()
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
    books: (): Books => {
      if (!world) throw new Error('there is no database yet')
      return world.books
    },
    renew: async () => {
      await forget()
      const database = await createDatabase(template.name)
      const home = join(homes, database.name)
      cpSync(join(homes, 'template'), home, { recursive: true })
      const through = new URL(database.url)
      through.port = String(databasePort)
      const child = serviceOn(home, through.href)
      world = { child, database, books: { url: database.url, home, secret: control.secret } }
      await child.start()
    },
    close: async () => {
      await forget()
      await template.drop()
      rmSync(homes, { recursive: true, force: true })
    },
  }
}

/** Opens everything but the service, which `renew` starts. */
export const openRig = async (door: Door): Promise<Rig> => {
  const control = await openControl({ doors: { feishu: door, dingtalk: door, wecom: 'http' }, settleWithin: 30_000 })
  const victim = { kill: (): void => {} }
  const wires = createWires({ kill: () => victim.kill(), ignore: (name) => looks.some((look) => look.test(name)) })
  const port = await freePort()
  const ours = (path: string): boolean => path.includes(' /sandbox/')
  const inward = await wires.before(port, speakHttp('callback', ours))
  const front = `http://127.0.0.1:${inward}`
  const outward = await wires.before(Number(new URL(control.sandbox.url).port), speakHttp('platform'))
  const databasePort = await wires.before(Number(new URL(await postgresUrl()).port), speakPostgres)
  const worlds = await createWorlds(control, { port, front, sandboxPort: outward }, databasePort)
  victim.kill = worlds.kill
  await control.post('/service', { urls: [front] })
  return {
    ...control,
    wires,
    books: worlds.books,
    recovered: worlds.recovered,
    renew: async () => {
      await worlds.renew()
      await control.settles()
    },
    close: async () => {
      await worlds.close()
      await wires.close()
      await control.sandbox.close()
    },
  }
}
