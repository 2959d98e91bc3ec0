import { randomBytes } from 'node:crypto'
import { type ChatLimits, chatLimits, type Limits, platformLimits } from './bots/limits.ts'
import { type Budget, type ChatPlatform, DeliveryError, type PlatformPorts } from './bots/platform.ts'
import type { ConnectionConfig } from './connections.ts'
import { createBuckets } from './db/buckets.ts'
import type { Database } from './db/database.ts'
import { createTokenStore } from './db/tokens.ts'
import { type Millis, type MovableClock, monotonic, seconds } from './lib/clock.ts'
import type { Log } from './lib/log.ts'

/** A replica's name for leases and seals: new at every start, because a restarted process is another one. A visit to a Worker is one too (`w`). */
export const replicaName = (runtime: 'r' | 'w' = 'r'): string => `${runtime}${randomBytes(8).toString('hex')}`

const secretOf = (connection: ConnectionConfig): string =>
  connection.platform === 'feishu'
    ? connection.appSecret
    : connection.platform === 'dingtalk'
      ? connection.clientSecret
      : connection.secret

type About = {
  readonly database: Database
  readonly clock: MovableClock
  readonly log: Log
  readonly replica: string
  /** Against the sandbox only what is configured is held back: it says no by itself where the platforms would. */
  readonly sandbox?: boolean
}

/** What the connection says, else what its platform publishes. */
const limitsOf = ({ platform, limits }: ConnectionConfig, sandbox: boolean): Limits => {
  if (!limits) return sandbox ? {} : platformLimits[platform]
  return Object.fromEntries(
    Object.entries(limits).map(([endpoint, windows]) => [
      endpoint,
      windows.map(({ calls, seconds: per }) => ({ calls, per: seconds(per) })),
    ]),
  )
}

/** What one chat allows is the platform's own, whatever edition the connection says it has. */
const chatLimitsOf = ({ platform }: ConnectionConfig, sandbox: boolean): ChatLimits | null =>
  sandbox ? null : chatLimits[platform]

const budgetFor = (connection: ConnectionConfig, { database, sandbox = false }: About): Budget => {
  const chats = chatLimitsOf(connection, sandbox)
  return createBuckets({
    database,
    monotonic,
    connection: connection.id,
    limits: limitsOf(connection, sandbox),
    refuse: (wait) => new DeliveryError('temporary', 'own-budget', { scope: 'connection', retryAfter: wait }),
    ...(chats
      ? {
          chats: {
            limits: chats,
            refuse: (wait: Millis) => new DeliveryError('temporary', 'own-budget', { scope: 'account', retryAfter: wait }),
          },
        }
      : {}),
  })
}

export const portsFor = (connection: ConnectionConfig, about: About): PlatformPorts => ({
  clock: about.clock,
  log: about.log,
  tokens: createTokenStore({
    database: about.database,
    clock: about.clock,
    connection: connection.id,
    secret: secretOf(connection),
    owner: about.replica,
  }),
  budget: budgetFor(connection, about),
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
  about: About,
): Promise<ReadonlyMap<string, ChatPlatform>> => {
  const entries = await Promise.all(connections.map(async (one) => [one.id, await createOne(one, portsFor(one, about))] as const))
  return new Map(entries)
}
