import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'
import { alertBudget, alertRuleOf } from './alerts.ts'
import { areSandbox, ConfigError, type ConnectionConfig, checkIds, connection, withSecrets } from './connections.ts'
import { checkIntegrations, type Integrations, integrations } from './integrations.ts'
import type { AlertRule } from './rules/alerts.ts'

export { ConfigError, type ConnectionConfig }

const text = z.string().min(1)
const origin = z.url().transform((url) => url.replace(/\/+$/, ''))

const file = z.strictObject({
  /** Says that every connection here is the sandbox; without it even a loopback address is taken for a proxy to the real platform. */
  sandbox: z.boolean().default(false),
  database: text.optional(),
  /** The address is a transaction pooler (PgBouncer): no LISTEN, no session locks, no prepared statements. */
  pooled: z.boolean().default(false),
  blobs: z.strictObject({ dir: text }).optional(),
  publicUrl: origin.optional(),
  /** The organisation file: site, areas, people, roles. */
  organisation: text.optional(),
  secret: text.optional(),
  connections: z.array(connection).default([]),
  /** The daily digest per level. */
  digest: z.boolean().default(true),
  /** How often one person may be called. */
  alertBudget: alertBudget.optional(),
  ...integrations.shape,
})

export type Config = Integrations & {
  readonly database:
    | { readonly kind: 'pglite'; readonly dir: string }
    | { readonly kind: 'postgres'; readonly url: string; readonly pooled: boolean }
  readonly blobs: { readonly dir: string }
  readonly publicUrl: string
  readonly organisation: string
  /** The demo's certificates, taken in when the demo starts; null outside of it. */
  readonly certificates: string | null
  readonly secret: string
  readonly connections: readonly ConnectionConfig[]
  /** True when every connection is the sandbox: then, and only then, the clock can be moved. */
  readonly sandbox: boolean
  readonly digest: boolean
  readonly alertRule: AlertRule
  readonly sandboxUrl: string
  readonly sandboxSecret: string
  readonly port: number
  readonly host: string
  readonly dataDir: string
}

const root = fileURLToPath(new URL('..', import.meta.url))

const readFile = (path: string, env: NodeJS.ProcessEnv): z.infer<typeof file> => {
  let raw: unknown
  try {
    raw = parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new ConfigError(
      `ANDON_CONFIG names ${path}, which cannot be read: ${error instanceof Error ? error.message : 'unknown error'}`,
    )
  }
  const parsed = file.safeParse(withSecrets(raw, env))
  if (!parsed.success) throw new ConfigError(`${path} is not a valid configuration:\n${z.prettifyError(parsed.error)}`)
  return parsed.data
}

/** The sandbox's connections, with its address as every base. */
const demoConnections = (path: string, sandboxUrl: string, doors: string): readonly ConnectionConfig[] => {
  const door = new Map(doors.split(',').flatMap((one) => (one.includes(':') ? [one.split(':') as [string, string]] : [])))
  const list = z.array(z.record(z.string(), z.unknown())).parse(JSON.parse(readFileSync(path, 'utf8')))
  return list.map((one) => {
    const chosen = door.get(String(one.platform)) ?? door.get(String(one.id))
    const mode = chosen === 'http' ? 'webhook' : chosen === 'stream' ? 'stream' : one.mode
    const bases = one.platform === 'dingtalk' ? { apiBase: sandboxUrl, oapiBase: sandboxUrl } : { apiBase: sandboxUrl }
    return connection.parse({ ...one, mode, ...bases })
  })
}

const demoFileOf = z.object({
  alarms: z.array(z.unknown()),
  calls: z.array(z.record(z.string(), z.unknown())),
  access: z.array(z.unknown()).default([]),
})

/** The sandbox's sources of alarms and targets of calls: the targets are the sandbox itself. */
const demoIntegrations = (path: string, sandboxUrl: string): Integrations => {
  const { alarms, calls, access } = demoFileOf.parse(JSON.parse(readFileSync(path, 'utf8')))
  return integrations.parse({
    alarms,
    calls: calls.map((one) => ({ ...one, url: `${sandboxUrl}/calls/${String(one.id)}` })),
    access,
    weather: [{ url: `${sandboxUrl}/weather/feed` }],
  })
}

/** The demo's own plant has certificates; another plant has none unless they are named. */
const demoCertificates = (organisation: string, named: string | undefined): string | null => {
  if (named) return resolve(named)
  return organisation === join(root, 'demo', 'plant.json') ? join(root, 'demo', 'certificates.csv') : null
}

/** A secret of this installation, made once and kept beside the data with the owner's rights only. */
const ownSecret = (dataDir: string, name: string): string => {
  const path = join(dataDir, name)
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  }
  return readFileSync(path, 'utf8').trim()
}

const databaseOf = (url: string | undefined, pooled: boolean, dataDir: string): Config['database'] => {
  if (url === undefined) return { kind: 'pglite', dir: join(dataDir, 'db') }
  if (!/^postgres(ql)?:\/\//.test(url)) throw new ConfigError('DATABASE_URL must begin with postgres:// or postgresql://')
  return { kind: 'postgres', url, pooled }
}

/**
 * Reads the configuration from the environment and, when `ANDON_CONFIG` is set, from that file. Without connections the sandbox is the connection.
 * Throws ConfigError for whatever is set but cannot be used, and for a DATABASE_URL without connections outside the sandbox.
 */
export const readConfig = (env: NodeJS.ProcessEnv = process.env): Config => {
  const given = env.ANDON_CONFIG ? readFile(resolve(env.ANDON_CONFIG), env) : file.parse({})
  const url = env.DATABASE_URL || given.database
  const dataDir = resolve(env.ANDON_DATA ?? join(root, '.andon'))
  const sandboxUrl = `http://127.0.0.1:${env.SANDBOX_PORT ?? '8090'}`
  const demoFile = env.ANDON_SANDBOX_CONNECTIONS ?? join(root, 'demo', 'connections.json')
  if (given.connections.length === 0 && (url || env.ANDON_CONFIG) && env.ANDON_DEMO !== '1')
    throw new ConfigError(
      'A database or a configuration file is set but no connections are configured. To try the sandbox on PostgreSQL, set ANDON_DEMO=1.',
    )
  const connections =
    given.connections.length > 0 ? given.connections : demoConnections(demoFile, sandboxUrl, env.SANDBOX_DOORS ?? '')
  checkIds(connections)
  const sandbox = given.connections.length === 0 || given.sandbox
  if (sandbox && !areSandbox(connections)) throw new ConfigError('`sandbox: true` goes with loopback addresses only.')
  const demoOutside = env.ANDON_SANDBOX_INTEGRATIONS ?? join(root, 'demo', 'integrations.json')
  const outside =
    given.connections.length > 0
      ? { alarms: given.alarms, calls: given.calls, access: given.access, weather: given.weather }
      : demoIntegrations(demoOutside, sandboxUrl)
  checkIntegrations(outside, sandbox)
  const organisation = resolve(given.organisation ?? env.ANDON_PLANT ?? join(root, 'demo', 'plant.json'))
  const port = Number(env.PORT ?? 8080)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new ConfigError('PORT must be a number from 0 to 65535.')
  if (!sandbox && !given.organisation)
    throw new ConfigError('Name the organisation file (`organisation:`) that holds your site, people and roles.')
  return {
    database: databaseOf(url, given.pooled || env.DATABASE_POOLED === '1', dataDir),
    blobs: { dir: resolve(given.blobs?.dir ?? join(dataDir, 'blobs')) },
    publicUrl: given.publicUrl ?? env.PUBLIC_URL ?? `http://127.0.0.1:${port}`,
    organisation,
    certificates: sandbox ? demoCertificates(organisation, env.ANDON_SANDBOX_CERTIFICATES) : null,
    secret: env.ANDON_SECRET || given.secret || ownSecret(dataDir, 'secret'),
    connections,
    ...outside,
    sandbox,
    sandboxUrl,
    digest: env.ANDON_DIGEST ? env.ANDON_DIGEST !== 'off' : given.digest,
    alertRule: alertRuleOf(given.alertBudget),
    sandboxSecret: env.SANDBOX_SECRET ?? '',
    port,
    host: env.HOST ?? (sandbox ? '127.0.0.1' : '0.0.0.0'),
    dataDir,
  }
}
