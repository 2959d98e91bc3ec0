import { z } from 'zod'
import { alertBudget, alertRuleOf } from './alerts.ts'
import { areSandbox, ConfigError, type ConnectionConfig, connection, withSecrets } from './connections.ts'
import type { R2Bucket } from './evidence/r2-blobs.ts'
import { checkIntegrations, type Integrations, integrations } from './integrations.ts'
import type { AlertRule } from './rules/alerts.ts'

/** The built pages, as the assets binding serves them. */
export type Assets = { readonly fetch: (address: string) => Promise<Response> }

const hosted = <T>(methods: readonly string[], what: string) =>
  z.custom<T>(
    (value) =>
      typeof value === 'object' && value !== null && methods.every((name) => typeof Reflect.get(value, name) === 'function'),
    `bind ${what}`,
  )

/** What `wrangler.toml` binds, and the vars and secrets that stand beside it. */
const bindings = z.object({
  HYPERDRIVE: z.object({ connectionString: z.string().min(1) }),
  BLOBS: hosted<R2Bucket>(['get', 'put', 'head', 'list'], 'an R2 bucket'),
  ASSETS: hosted<Assets>(['fetch'], 'the built pages'),
  ANDON_SECRET: z.string().min(32, 'at least 32 characters, the same for every replica'),
  ANDON_SITE: z.string().regex(/^[A-Z0-9]{3,6}$/, 'the id of a site in the organisation file'),
  PUBLIC_URL: z.url().transform((url) => url.replace(/\/+$/, '')),
  CONNECTIONS: z.string().min(1),
  ALARMS: z.string().default('[]'),
  CALLS: z.string().default('[]'),
  ACCESS: z.string().default('[]'),
  ALERT_BUDGET: z.string().default(''),
  SANDBOX_SECRET: z.string().default(''),
})

export type WorkerConfig = Integrations & {
  readonly database: string
  readonly blobs: R2Bucket
  readonly assets: Assets
  readonly secret: string
  /** Where strangers' reports go when their connection names no site. */
  readonly site: string
  readonly publicUrl: string
  readonly connections: readonly ConnectionConfig[]
  /** True when every connection is the sandbox: then, and only then, the clock can be moved. */
  readonly sandbox: boolean
  readonly sandboxSecret: string
  readonly alertRule: AlertRule
}

const parseJson = (name: string, text: string, what = 'array'): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new ConfigError(`${name} must be a JSON ${what}.`)
  }
}

/** Texts among the bindings: what `${NAME}` in CONNECTIONS may refer to. */
const textsOf = (env: object): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))

/** ALARMS, CALLS and ACCESS: the lists of the configuration file, as JSON. The weather is read by Node replicas. */
const readOutside = (
  { ALARMS, CALLS, ACCESS }: { readonly ALARMS: string; readonly CALLS: string; readonly ACCESS: string },
  env: object,
  sandbox: boolean,
) => {
  const lists = { alarms: parseJson('ALARMS', ALARMS), calls: parseJson('CALLS', CALLS), access: parseJson('ACCESS', ACCESS) }
  const outside = integrations.safeParse(withSecrets(lists, textsOf(env)))
  if (!outside.success) throw new ConfigError(`ALARMS, CALLS or ACCESS is not valid:\n${z.prettifyError(outside.error)}`)
  checkIntegrations(outside.data, sandbox)
  return outside.data
}

/** ALERT_BUDGET: `alertBudget` of the configuration file, as JSON; the product's own rule when empty. */
const readAlertRule = (text: string): AlertRule => {
  if (text === '') return alertRuleOf(undefined)
  const given = alertBudget.safeParse(parseJson('ALERT_BUDGET', text, 'object'))
  if (!given.success) throw new ConfigError(`ALERT_BUDGET is not valid:\n${z.prettifyError(given.error)}`)
  return alertRuleOf(given.data)
}

/**
 * Reads the bindings of a Worker. CONNECTIONS holds the same list as `connections` in `andon.config.yaml`, as JSON; secrets may stand in it when it is a
 * secret itself, or as `${NAME}` of other secrets. Throws ConfigError for whatever is missing or cannot be used, never with a secret in its message.
 */
export const readWorkerConfig = (env: object): WorkerConfig => {
  const bound = bindings.safeParse(env)
  if (!bound.success) throw new ConfigError(`The Worker's bindings are not complete:\n${z.prettifyError(bound.error)}`)
  const listed = z
    .array(connection)
    .min(1)
    .safeParse(withSecrets(parseJson('CONNECTIONS', bound.data.CONNECTIONS), textsOf(env)))
  if (!listed.success) throw new ConfigError(`CONNECTIONS is not valid:\n${z.prettifyError(listed.error)}`)
  const sandbox = areSandbox(listed.data)
  const outside = readOutside(bound.data, env, sandbox)
  const { HYPERDRIVE, BLOBS, ASSETS, ANDON_SECRET, ANDON_SITE, PUBLIC_URL, SANDBOX_SECRET } = bound.data
  return {
    database: HYPERDRIVE.connectionString,
    blobs: BLOBS,
    assets: ASSETS,
    secret: ANDON_SECRET,
    site: ANDON_SITE,
    publicUrl: PUBLIC_URL,
    connections: listed.data,
    ...outside,
    sandbox,
    sandboxSecret: SANDBOX_SECRET,
    alertRule: readAlertRule(bound.data.ALERT_BUDGET),
  }
}
