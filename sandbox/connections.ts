/** The apps of the sandbox, and the proof that no real connection stands beside them. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import type { App, VendorName } from './contract.ts'
import { isLoopback } from './loopback.ts'

export const vendorName = z.enum(['feishu', 'dingtalk', 'wecom'])
export const doorKind = z.enum(['stream', 'http'])
export type Doors = Partial<Readonly<Record<string, App['door']>>>

const connection = z
  .object({ id: z.string().regex(/^[\w-]{1,64}$/), platform: vendorName, mode: z.enum(['stream', 'webhook', 'bot', 'http']) })
  .catchall(z.union([z.string(), z.number()]))

const asText = (fields: Readonly<Record<string, string | number>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)]))

/** Where the service listens for one app, at each replica. */
export const hooksAt = (services: readonly string[], app: string): string[] =>
  services.map((service) => `${service.replace(/\/+$/, '')}/hooks/${app}`)

/** Reads the connections file. `doors` overrides how each pushes, by connection id or platform. Throws when an address in it is not loopback. */
export const readApps = (path: string, services: readonly string[], doors: Doors): App[] =>
  z
    .array(connection)
    .parse(JSON.parse(readFileSync(path, 'utf8')))
    .map(({ id, platform, mode, ...rest }) => {
      const credentials = asText(rest)
      refuseReal({ id, platform, ...credentials }, path)
      const own = mode === 'webhook' || mode === 'http' ? 'http' : 'stream'
      return { id, platform, door: doors[id] ?? doors[platform] ?? own, callbackUrls: hooksAt(services, id), credentials }
    })

/** `feishu:http,dingtalk:stream` as a table. Throws on anything else. */
export const readDoors = (text: string): Doors =>
  Object.fromEntries(
    text
      .split(',')
      .filter((part) => part.trim() !== '')
      .map((part) => {
        const [name = '', door] = part.trim().split(':')
        return [name, doorKind.parse(door)] as const
      }),
  )

const addressField = /^(?:.*base|.*url)$/i

const refuseReal = (fields: Readonly<Record<string, unknown>>, where: string): void => {
  for (const [key, value] of Object.entries(fields)) {
    if (!addressField.test(key) || (typeof value === 'string' && isLoopback(value))) continue
    throw new Error(
      `${where} names a real connection (${String(fields.id)}.${key} is not on loopback). The sandbox does not start beside it.`,
    )
  }
}

const filledIn = (value: unknown, env: NodeJS.ProcessEnv): unknown =>
  typeof value === 'string' ? value.replace(/\$\{(\w+)\}/g, (_, name: string) => env[name] ?? '') : value

/** Which fields decide where a connection of this platform goes; one that is left out means the vendor's own address. */
const addressesOf: Readonly<Record<VendorName, (mode: unknown) => readonly string[]>> = {
  feishu: () => ['apiBase'],
  dingtalk: () => ['apiBase', 'oapiBase'],
  wecom: (mode) => (mode === 'bot' ? ['wsUrl'] : ['apiBase']),
}

const refuseConfig = (path: string, env: NodeJS.ProcessEnv): void => {
  const file = z
    .object({ connections: z.array(z.record(z.string(), z.unknown())).nullish() })
    .parse(parse(readFileSync(path, 'utf8')))
  for (const entry of file.connections ?? []) {
    const fields = Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, filledIn(value, env)]))
    const platform = vendorName.parse(fields.platform)
    for (const key of addressesOf[platform](fields.mode)) {
      const address = fields[key]
      if (typeof address === 'string' && isLoopback(address)) continue
      throw new Error(
        `${path} names a real connection (${String(fields.id)}.${key} is not on loopback). The sandbox does not start beside it.`,
      )
    }
    refuseReal(fields, path)
  }
}

const vendorVariable = /^(?:ANDON|FEISHU|LARK|DINGTALK|DING|WECOM|WXWORK)_(?:\w*_)?(?:API_?BASE|OAPI_?BASE|WS_?URL|BASE_?URL)$/i

/** Throws when the environment, or the file that `ANDON_CONFIG` names, points at anything but loopback. An unreadable file is no proof. */
export const refuseRealConnections = (env: NodeJS.ProcessEnv): void => {
  for (const [name, value] of Object.entries(env)) {
    if (!vendorVariable.test(name) || !value || isLoopback(value)) continue
    throw new Error(`${name} names a real connection. The sandbox does not start beside it.`)
  }
  if (env.ANDON_CONFIG) refuseConfig(env.ANDON_CONFIG, env)
}
