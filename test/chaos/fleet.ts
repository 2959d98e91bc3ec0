import { rmSync } from 'node:fs'
import { type ChildService, createChildService } from '../support/child-service.ts'
import { freePort } from '../support/free-port.ts'
import { scratch } from '../support/scratch.ts'
import { type Cluster, openCluster } from './cluster.ts'
import { type Control, type ControlOptions, openControl } from './control.ts'
import type { Books } from './ledger.ts'
import { openValve, type Valve } from './valve.ts'

/** Replicas of the service on one PostgreSQL that can crash, and the sandbox before them. All run when it opens. */
export type Fleet = Control & {
  readonly cluster: Cluster
  /** The wire between the replicas and the database. */
  readonly valve: Valve
  readonly replicas: readonly { readonly service: ChildService }[]
  readonly books: Books
  readonly close: () => Promise<void>
}

const database = 'andon'

/** What stands before a replica, by its port: gives the address under which the platforms reach it. */
export type Front = (port: number) => Promise<string>
const nothingBefore: Front = async (port) => `http://127.0.0.1:${port}`

export const openFleet = async (size: number, options: ControlOptions, frontOf = nothingBefore): Promise<Fleet> => {
  const home = scratch('andon-fleet-')
  const control = await openControl(options)
  const cluster = await openCluster()
  await cluster.create(database)
  const url = cluster.urlOf(database)
  const valve = await openValve(Number(new URL(url).port))
  const through = new URL(url)
  through.port = String(valve.port)
  const replicas: { readonly service: ChildService; readonly front: string }[] = []
  while (replicas.length < size) {
    const port = await freePort()
    const front = await frontOf(port)
    const service = createChildService({ ...control.envFor({ home, port, front }), DATABASE_URL: through.href })
    await service.start()
    replicas.push({ service, front })
  }
  await control.post('/service', { urls: replicas.map(({ front }) => front) })
  await control.settles()
  return {
    ...control,
    cluster,
    valve,
    replicas,
    books: { url, home, secret: control.secret },
    close: async () => {
      await Promise.all(replicas.map(({ service }) => service.stop()))
      await control.sandbox.close()
      await valve.close()
      await cluster.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
