import { z } from 'zod'
import { ConfigError } from './connections.ts'
import type { Database } from './db/database.ts'
import { readAccess } from './engine/open-permits.ts'
import type { BlobStore } from './evidence/blobs.ts'
import { colours } from './rules/sla.ts'
import { kindOfAddress, literalOf } from './webhooks/addresses.ts'
import { type AlarmDoor, type AlarmSource, createAlarms } from './webhooks/alarms.ts'
import type { CallTarget } from './webhooks/outgoing.ts'
import { type AccessCaller, type AccessDoor, createPermitsAllow } from './webhooks/permits-allow.ts'
import type { WeatherFeed } from './webhooks/weather-feed.ts'

/** Systems outside: who raises alarms here, who is told of events, who asks before a gate opens, where the weather comes from. Read by both runtimes. */

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{1,40}$/, 'ids are lower-case letters, digits and dashes')
const text = z.string().min(1).max(100)
const secret = z.string().min(32, 'a secret has at least 32 characters')
const pointer = z
  .string()
  .max(200)
  .regex(/^(?:\/(?:[^~/]|~[01])*)+$/, 'a JSON pointer such as /camera/id (RFC 6901)')
const colour = z.enum(colours)

/** One source of alarms. */
export const alarmSource = z.strictObject({
  id,
  name: z.string().min(1).max(40),
  secret,
  site: z.string().default(''),
  device: pointer,
  text: z.union([pointer.transform((one) => [one]), z.array(pointer).min(1).max(8)]),
  area: pointer.optional(),
  areas: z.record(text, text).default({}),
  defaultArea: text.optional(),
  equipment: pointer.optional(),
  colour: z.strictObject({ from: pointer, to: z.record(text, colour), otherwise: colour.optional() }).optional(),
  photo: pointer.optional(),
  suspends: z
    .union([
      z.literal(true).transform(() => ({ because: 'deviceAlarm' as const })),
      z.strictObject({
        because: z.enum(['gasAlarm', 'deviceAlarm']).default('deviceAlarm'),
        colours: z.array(colour).min(1).optional(),
      }),
    ])
    .optional(),
  sameCaseHours: z
    .number()
    .positive()
    .max(24 * 7)
    .default(24),
}) satisfies z.ZodType<AlarmSource>

/** One system that is called. */
export const callTarget = z.strictObject({
  id,
  url: z.url({ protocol: /^https?$/ }),
  secret,
  events: z.array(text).min(1),
  privateNetwork: z.boolean().default(false),
}) satisfies z.ZodType<CallTarget>

/** One system that opens gates. */
export const accessCaller = z.strictObject({ id, secret, site: z.string().default('') }) satisfies z.ZodType<AccessCaller>

/** Where the weather of a site is read; the feed of a site is the first that names it, or that names none. */
export const weatherFeed = z.strictObject({
  site: z.string().default(''),
  url: z.url({ protocol: /^https?$/ }),
  /** Sent as `authorization`, where the feed wants one. */
  authorization: z.string().min(1).max(500).optional(),
  privateNetwork: z.boolean().default(false),
}) satisfies z.ZodType<WeatherFeed>

/** The lists as a file names them. */
export const integrations = z.strictObject({
  alarms: z.array(alarmSource).default([]),
  calls: z.array(callTarget).default([]),
  access: z.array(accessCaller).default([]),
  weather: z.array(weatherFeed).default([]),
})
export type Integrations = {
  readonly alarms: readonly AlarmSource[]
  readonly calls: readonly CallTarget[]
  readonly access: readonly AccessCaller[]
  readonly weather: readonly WeatherFeed[]
}

const refuseTwins = (what: string, list: readonly { readonly id: string }[]): void => {
  if (new Set(list.map((one) => one.id)).size !== list.length) throw new ConfigError(`Two ${what} have the same id.`)
}

/** What is wrong with where a target stands; null when nothing is. Names are judged again by what they resolve to, at each call. */
const complaintOf = ({ url, privateNetwork }: Pick<CallTarget, 'url' | 'privateNetwork'>, sandbox: boolean): string | null => {
  const { protocol, hostname, username, password } = new URL(url)
  const literal = hostname === 'localhost' ? '127.0.0.1' : literalOf(hostname)
  const kind = literal === null ? null : kindOfAddress(literal)
  if (username !== '' || password !== '') return 'its address holds a name or password; calls are signed instead'
  if (sandbox) return kind === 'own' ? null : 'the sandbox calls loopback addresses only'
  if (protocol !== 'https:') return 'its address must begin with https://'
  if (kind === 'never') return 'its address can be nobody to call'
  return kind === 'own' && !privateNetwork ? 'it stands in a private network; allow that with `privateNetwork: true`' : null
}

/** Throws ConfigError for two of one name, and for a target or feed that would never be called. */
export const checkIntegrations = ({ alarms, calls, access, weather }: Integrations, sandbox: boolean): void => {
  refuseTwins('sources of alarms', alarms)
  refuseTwins('targets of calls', calls)
  refuseTwins('callers of access control', access)
  for (const feed of weather) {
    const complaint = complaintOf(feed, sandbox)
    if (complaint !== null)
      throw new ConfigError(`The weather feed of «${feed.site || 'every site'}» cannot be used: ${complaint}.`)
  }
  for (const target of calls) {
    const complaint = complaintOf(target, sandbox)
    if (complaint !== null) throw new ConfigError(`The call target «${target.id}» cannot be used: ${complaint}.`)
  }
}

/** The door for alarms, as both runtimes mount it. */
export const alarmDoor = (
  sources: readonly AlarmSource[],
  { blobs, ...door }: Omit<AlarmDoor, 'sources' | 'keep'> & { readonly blobs: Pick<BlobStore, 'put'> },
) => createAlarms({ ...door, sources, keep: async (bytes) => (await blobs.put(bytes, 'image/jpeg')).key })

/** The door for access control, as both runtimes mount it. */
export const accessDoor = (
  callers: readonly AccessCaller[],
  { database, ...door }: Omit<AccessDoor, 'callers' | 'look'> & { readonly database: Pick<Database, 'db'> },
) => createPermitsAllow({ ...door, callers, look: (question) => readAccess(database.db, question) })
