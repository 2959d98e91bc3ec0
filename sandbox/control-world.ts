/** Time, faults, strictness, the log and pictures. */
import type { Hono } from 'hono'
import { z } from 'zod'
import { shownAs } from './blobs.ts'
import { type Doors, doorKind, hooksAt, vendorName } from './connections.ts'
import type { App } from './contract.ts'
import { queryNumber, readBody, smallBody } from './control-body.ts'
import type { Vendors } from './control-people.ts'
import { type FaultOrder, faultNames } from './faults.ts'
import { isLoopback } from './loopback.ts'
import { Refused } from './refused.ts'
import { sampleBytes, samples } from './samples.ts'
import type { Service } from './service.ts'
import type { Time } from './time.ts'
import type { Core } from './world.ts'

export type ControlParts = {
  readonly core: Core
  readonly vendors: Vendors
  readonly service: Service
  readonly time: Time
}

const millis = (minutes: number): number => Math.round(minutes * 60_000)
const aYear = 366 * 24 * 60
const advancing = z.strictObject({ minutes: z.number().min(0).max(aYear) })
const jumping = z.strictObject({ minutes: z.number().min(-aYear).max(aYear) })

const mountTime = (app: Hono, { core, time }: ControlParts): void => {
  app.get('/clock', async (c) => c.json(await time.look()))
  app.post('/clock/advance', smallBody, async (c) => {
    const { minutes } = await readBody(c, advancing)
    const end = await time.advance(millis(minutes))
    core.hub.tell({ kind: 'clock' })
    return c.json(end)
  })
  app.post('/clock/jump', smallBody, async (c) => {
    const { minutes } = await readBody(c, jumping)
    const end = await time.jump(millis(minutes))
    core.hub.tell({ kind: 'clock' })
    return c.json(end)
  })
  app.post('/settle', smallBody, async (c) => {
    await readBody(c, z.strictObject({}))
    return c.json(await time.settle())
  })
}

/** The surfaces of the service that share one platform. */
const surface = z
  .enum(['feishu', 'dingtalk', 'wecom', 'wecom-app', 'wecom-bot'])
  .transform((name) => vendorName.parse(name.replace(/-.*/, '')))
const ordering = z.strictObject({
  name: z.enum(faultNames),
  surface: surface.optional(),
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
  share: z.number().min(0).max(1).default(1),
  times: z.number().int().min(1).max(1_000_000).optional(),
  seconds: z.number().min(0).max(86_400).optional(),
})
const mostFaults = 100
const defaultSeconds = 5

const order = (body: z.infer<typeof ordering>): FaultOrder => ({
  name: body.name,
  surface: body.surface ?? null,
  seed: body.seed,
  share: body.share,
  times: body.times ?? null,
  seconds: body.seconds ?? defaultSeconds,
})

const mountFaults = (app: Hono, { core }: ControlParts): void => {
  app.get('/faults', (c) => c.json(core.faults.list()))
  app.delete('/faults', (c) => c.json({ cleared: core.faults.clear() }))
  app.post('/faults', smallBody, async (c) => {
    const asked = order(await readBody(c, ordering))
    if (core.faults.list().length >= mostFaults) throw new Refused(409, 'too-many-faults', 'DELETE /faults first.')
    return c.json(core.faults.add(asked), 201)
  })
}

const changing = z.strictObject({
  quotas: z.enum(['strict', 'unmetered']).optional(),
  choices: z.record(z.string().max(100), z.string().max(200)).optional(),
  doors: z.record(z.string().max(64), doorKind).optional(),
})

const changeDoors = (apps: readonly App[], doors: Doors): void => {
  const unknown = Object.keys(doors).find((name) => !apps.some((app) => app.id === name || app.platform === name))
  if (unknown !== undefined) throw new Refused(404, 'unknown-door', `There is no connection or platform "${unknown}".`)
  for (const app of apps) app.door = doors[app.id] ?? doors[app.platform] ?? app.door
}

const mountProfile = (app: Hono, { core, vendors, service }: ControlParts): void => {
  const profile = () => ({
    ...core.profile.get(),
    connections: core.apps.map(({ id, platform, door, callbackUrls }) => ({
      id,
      platform,
      door,
      callbackUrls,
      open: vendors[platform].connections(),
    })),
    service: service.urls(),
  })
  app.get('/profile', (c) => c.json(profile()))
  app.post('/profile', smallBody, async (c) => {
    const { doors, quotas, choices } = await readBody(c, changing)
    if (doors) changeDoors(core.apps, doors)
    core.profile.change({ ...(quotas ? { quotas } : {}), ...(choices ? { choices } : {}) })
    core.hub.tell({ kind: 'profile' })
    return c.json(profile())
  })
  app.post('/service', smallBody, async (c) => {
    const address = z.string().refine((url) => isLoopback(url) && url.startsWith('http'), 'takes http addresses on loopback')
    const { urls } = await readBody(c, z.strictObject({ urls: z.array(address).max(16) }))
    service.move(urls)
    for (const one of core.apps) one.callbackUrls = hooksAt(urls, one.id)
    core.hub.tell({ kind: 'profile' })
    return c.json(profile())
  })
}

const handOver = (bytes: Uint8Array, mime: string): Response => {
  const type = shownAs(mime)
  const headers = new Headers({
    'content-type': type,
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, max-age=86400',
  })
  if (type === 'application/octet-stream') headers.set('content-disposition', 'attachment')
  return new Response(Uint8Array.from(bytes), { headers })
}

const mountThings = (app: Hono, { core }: ControlParts): void => {
  app.get('/log', (c) => c.json(core.log.since(queryNumber(c, 'since', 0), queryNumber(c, 'most', 1_000))))
  app.get('/images/:id', (c) => {
    const found = core.blobs.bytes(c.req.param('id'))
    return found
      ? handOver(found.bytes, found.mime)
      : c.json({ error: 'unknown-image', message: 'No such picture, or no longer.' }, 404)
  })
  app.get('/plant', (c) =>
    c.json({ site: core.plant.site, areas: core.plant.areas, equipment: core.plant.equipment, samples: samples() }),
  )
  app.get('/samples/:name', (c) => {
    const bytes = sampleBytes(c.req.param('name'))
    return bytes
      ? handOver(bytes, 'image/jpeg')
      : c.json({ error: 'unknown-sample', message: 'demo/photos has no such file.' }, 404)
  })
}

export const mountWorld = (app: Hono, parts: ControlParts): void => {
  mountTime(app, parts)
  mountFaults(app, parts)
  mountProfile(app, parts)
  mountThings(app, parts)
}
