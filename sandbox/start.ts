/** Starts the sandbox in this process: the three platforms, the people and the control API on one loopback port. */
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { mountAssets } from './assets.ts'
import { type Doors, readApps, refuseRealConnections } from './connections.ts'
import type { App, Vendor, VendorFactory } from './contract.ts'
import { guardEdge } from './control-body.ts'
import { mountEvents } from './control-events.ts'
import { mountPeople, type Vendors } from './control-people.ts'
import { mountWorld } from './control-world.ts'
import { mountIntegrations, readIntegrations } from './integrations.ts'
import { isLoopback, isLoopbackHost } from './loopback.ts'
import { readPlant } from './plant.ts'
import { createService } from './service.ts'
import { createTime } from './time.ts'
import type { Factories } from './vendors.ts'
import { mountWeather } from './weather.ts'
import { type Core, createCore } from './world.ts'

export type SandboxOptions = {
  /** 0 takes any free port. */
  readonly port?: number
  /** Addresses of the service's replicas; may be none. */
  readonly services?: readonly string[]
  readonly plant?: string
  readonly connections?: string
  /** Sources of alarms and systems that are called. */
  readonly integrations?: string
  /** How each platform or connection pushes, where it differs from the connections file. */
  readonly doors?: Doors
  /** Shared with the service for its clock control. */
  readonly secret?: string
  /** Seeds what the platforms draw. */
  readonly seed?: number
  /** Checked for real connections; the sandbox does not start beside any. */
  readonly env?: NodeJS.ProcessEnv
  /** Hears of bugs in the sandbox itself. */
  readonly failed?: (label: string, error: unknown) => void
  readonly factories?: Factories
  /** How long `settle` and `advance` may take, in milliseconds. */
  readonly settleWithin?: number
}

export type Sandbox = {
  readonly url: string
  readonly core: Core
  readonly vendors: Vendors
  readonly close: () => Promise<void>
}

const demo = (file: string): string => fileURLToPath(new URL(`../demo/${file}`, import.meta.url))

const complain = (label: string, error: unknown): void => console.error(`sandbox: ${label}`, error)

const onlyLoopback = (services: readonly string[]): void => {
  const foreign = services.find((url) => !isLoopback(url))
  if (foreign !== undefined) throw new Error(`SERVICE_URLS names ${foreign}, which is not on loopback.`)
}

const platformsOf = (core: Core, apps: readonly App[], factories: Factories): Vendors => {
  const play = (create: VendorFactory, name: App['platform']) =>
    create(
      core.world,
      apps.filter((app) => app.platform === name),
    )
  return {
    feishu: play(factories.feishu, 'feishu'),
    dingtalk: play(factories.dingtalk, 'dingtalk'),
    wecom: play(factories.wecom, 'wecom'),
  }
}

/** A platform whose app is pushed over a long connection says nothing to nobody: until the service has dialled in, nothing is settled. */
const unconnected = (apps: readonly App[], vendors: Vendors): readonly string[] =>
  Object.values(vendors)
    .filter(
      (vendor: Vendor) =>
        vendor.connections() < apps.filter((app) => app.platform === vendor.name && app.door === 'stream').length,
    )
    .map((vendor) => `${vendor.name} waits for the service's long connection`)

const listen = async (app: Hono, vendors: Vendors, port: number) => {
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const taken =
      isLoopbackHost(request.headers.host) && Object.values(vendors).some((vendor) => vendor.upgrade(request, socket, head))
    if (!taken) socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
  })
  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(port, '127.0.0.1', done)
  })
  const stop = () =>
    new Promise<void>((done) => {
      server.close(() => done())
      if ('closeAllConnections' in server) server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop }
}

/** Throws when anything names a real connection, when a file cannot be read and when the port is taken. */
export const startSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  refuseRealConnections(options.env ?? process.env)
  const services = options.services ?? ['http://127.0.0.1:8080']
  onlyLoopback(services)
  const failed = options.failed ?? complain
  const apps = readApps(options.connections ?? demo('connections.json'), services, options.doors ?? {})
  const outside = readIntegrations(options.integrations ?? demo('integrations.json'))
  const core = createCore({ plant: readPlant(options.plant ?? demo('plant.json'), apps), apps, seed: options.seed ?? 1, failed })
  const vendors = platformsOf(core, apps, options.factories ?? (await import('./vendors.ts')).vendors)
  const service = createService(options.secret ?? '', services)
  const waiting = () => [...core.underWay(), ...(service.urls().length === 0 ? [] : unconnected(apps, vendors))]
  const time = createTime({
    clock: core.clock,
    service,
    waiting,
    ...(options.settleWithin === undefined ? {} : { budget: options.settleWithin }),
  })

  const app = new Hono()
  guardEdge(app, failed)
  mountPeople(app, core, vendors)
  mountWorld(app, { core, vendors, service, time })
  mountIntegrations(app, { core, service, outside })
  mountWeather(app, core)
  mountEvents(app, core.hub)
  mountAssets(app)
  for (const vendor of Object.values(vendors)) vendor.mount(app)

  const { url, stop } = await listen(app, vendors, options.port ?? 0)
  const close = async () => {
    core.clock.close()
    await Promise.all(Object.values(vendors).map((vendor) => vendor.close()))
    await stop()
  }
  return { url, core, vendors, close }
}
