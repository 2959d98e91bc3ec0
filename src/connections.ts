import { z } from 'zod'

/** A mistake of whoever configures; the message says what to change. Nothing falls back in silence. */
export class ConfigError extends Error {}

/** Names under which arrivals of our own stand in the inbox; no connection may be called so. */
const reserved = ['clock', 'system', 'page']
const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,40}$/, 'ids are lower-case letters, digits and dashes')
  .refine((name) => !reserved.includes(name), 'this id is reserved')
const text = z.string().min(1)
const origin = z.url().transform((url) => url.replace(/\/+$/, ''))
const site = z.string().default('')
/**
 * Calls allowed per endpoint, instead of the platform's published limits: `{ "*": [{ "calls": 40, "seconds": 1 }] }`; `*` is every endpoint not named, an
 * empty object holds nothing back.
 */
const limits = z
  .record(z.string(), z.array(z.strictObject({ calls: z.int().positive(), seconds: z.number().positive().max(86_400) })).max(4))
  .optional()

const feishu = z.strictObject({
  id,
  platform: z.literal('feishu'),
  mode: z.enum(['stream', 'webhook']),
  appId: text,
  appSecret: text,
  encryptKey: z.string().default(''),
  verificationToken: z.string().default(''),
  tenantKey: text.optional(),
  apiBase: origin.default('https://open.feishu.cn'),
  site,
  limits,
})
const dingtalk = z.strictObject({
  id,
  platform: z.literal('dingtalk'),
  mode: z.enum(['stream', 'webhook']),
  clientId: text,
  clientSecret: text,
  corpId: text,
  agentId: text,
  robotCode: text,
  cardTemplateId: text.optional(),
  token: z.string().default(''),
  aesKey: z.string().default(''),
  cardCallbackSecret: text.optional(),
  cardCallbackRouteKey: text.optional(),
  apiBase: origin.default('https://api.dingtalk.com'),
  oapiBase: origin.default('https://oapi.dingtalk.com'),
  site,
  limits,
})
const wecom = z.strictObject({
  id,
  platform: z.literal('wecom'),
  mode: z.literal('webhook'),
  corpId: text,
  agentId: z.coerce.string().regex(/^\d+$/),
  secret: text,
  token: text,
  encodingAesKey: z.string().length(43),
  apiBase: origin.default('https://qyapi.weixin.qq.com'),
  site,
  limits,
})
/** One app on one platform of one company, as both runtimes read it. */
export const connection = z.discriminatedUnion('platform', [feishu, dingtalk, wecom])
export type ConnectionConfig = z.infer<typeof connection>

/** `${NAME}` becomes the environment's value; a name that is not set refuses to start, because an empty secret is worse than none. */
export const withSecrets = (value: unknown, env: Readonly<Record<string, string | undefined>>): unknown => {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Z][A-Z0-9_]*)\}/g, (_, name: string) => {
      const found = env[name]
      if (found === undefined || found === '')
        throw new ConfigError(`The configuration refers to \${${name}}, but that environment variable is not set.`)
      return found
    })
  }
  if (Array.isArray(value)) return value.map((one) => withSecrets(one, env))
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withSecrets(one, env)]))
  return value
}

const isLoopback = (url: string): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)

const basesOf = (one: ConnectionConfig): readonly string[] =>
  one.platform === 'dingtalk' ? [one.apiBase, one.oapiBase] : [one.apiBase]

/** True when every connection is a sandbox on this machine. Throws ConfigError when some are and some are not, or when an id repeats. */
export const areSandbox = (connections: readonly ConnectionConfig[]): boolean => {
  const local = connections.map((one) => basesOf(one).every(isLoopback))
  if (local.some((one) => one !== local[0]))
    throw new ConfigError('Sandbox connections and real ones cannot be mixed in one configuration.')
  checkIds(connections)
  return local[0] ?? false
}

/** Throws ConfigError when two connections have one id: the id is the address of the callbacks and half of every identity. */
export const checkIds = (connections: readonly ConnectionConfig[]): void => {
  const ids = connections.map(({ id: name }) => name)
  if (new Set(ids).size !== ids.length) throw new ConfigError('Two connections have the same id.')
}
