import { randomBytes } from 'node:crypto'
import type { Budget, ChatPlatform, PlatformPorts } from './bots/platform.ts'
import type { ConnectionConfig } from './connections.ts'
import type { Database } from './db/database.ts'
import { createTokenStore } from './db/tokens.ts'
import type { MovableClock } from './lib/clock.ts'
import type { Log } from './lib/log.ts'

/** A replica's name for leases and seals: new at every start, because a restarted process is another one. A visit to a Worker is one too (`w`). */
export const replicaName = (runtime: 'r' | 'w' = 'r'): string => `${runtime}${randomBytes(8).toString('hex')}`

const secretOf = (connection: ConnectionConfig): string =>
  connection.platform === 'feishu'
    ? connection.appSecret
    : connection.platform === 'dingtalk'
      ? connection.clientSecret
      : connection.secret

/** What a platform allows is enforced by the platform; sharing budgets across replicas comes with the delivery rules. */
const openBudget: Budget = { take: async () => {} }

export const portsFor = (
  connection: ConnectionConfig,
  about: { database: Database; clock: MovableClock; log: Log; replica: string },
): PlatformPorts => ({
  clock: about.clock,
  log: about.log,
  tokens: createTokenStore({
    database: about.database,
    clock: about.clock,
    connection: connection.id,
    secret: secretOf(connection),
    owner: about.replica,
  }),
  budget: openBudget,
})

/** Loads only the adapters of configured platforms, and so only their SDKs. */
const createOne = async (connection: ConnectionConfig, ports: PlatformPorts): Promise<ChatPlatform> => {
  switch (connection.platform) {
    case 'feishu':
      return (await import('./bots/feishu/platform.ts')).createFeishu(
        connection as Parameters<typeof import('./bots/feishu/platform.ts').createFeishu>[0],
        ports,
      )
    case 'dingtalk':
      return (await import('./bots/dingtalk/platform.ts')).createDingtalk(
        connection as Parameters<typeof import('./bots/dingtalk/platform.ts').createDingtalk>[0],
        ports,
      )
    case 'wecom':
      return (await import('./bots/wecom/platform.ts')).createWecom(connection, ports)
  }
}

export const createPlatforms = async (
  connections: readonly ConnectionConfig[],
  about: { database: Database; clock: MovableClock; log: Log; replica: string },
): Promise<ReadonlyMap<string, ChatPlatform>> => {
  const entries = await Promise.all(connections.map(async (one) => [one.id, await createOne(one, portsFor(one, about))] as const))
  return new Map(entries)
}
