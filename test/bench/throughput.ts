/** Rows of throughput: 64 connections, each with one request under way, a body of 1.1 kB of its own in every request. Every row runs once in each round, in turn. */
import { join } from 'node:path'
import { cores, type Started, startOn } from './cores.ts'
import { quantile, type RowPlan } from './figures.ts'
import type { Messages, Outcome } from './generator.ts'
import { type PlatformName, platforms } from './plant.ts'
import { profileFlags, type Service, startService } from './service.ts'
import { benchFile, checked, type Stage } from './stage.ts'

export const connections = 64
export const sdkRow = 'reference: official Feishu SDK, doing nothing, plain http'
const honoRow = (database: string): string => `reference: bare Hono, one INSERT each, ${database}`
export const generatorRow = 'generator alone'

/** What stays up through all rounds. */
type Bench = { readonly plain: ReadonlyMap<string, Started>; readonly services: ReadonlyMap<string, Service> }

const oks: Readonly<Record<PlatformName, string>> = { feishu: '{}', dingtalk: 'empty', wecom: '' }

let runs = 0
/** A name that no other order of this run of the bench has. */
export const nextRun = (): string => {
  runs += 1
  return `${process.pid.toString(36)}${runs.toString(36)}`
}

const messagesFor = (stage: Stage, platform: PlatformName): Messages => ({
  kind: 'messages',
  platforms: [platform],
  count: stage.settings.messages,
  run: nextRun(),
  firstWorker: 0,
  pictures: false,
})

const busy = (label: string, cpu: number, seconds: number): string => `${label} ${Math.round((cpu / (seconds * 1000)) * 100)} %`

const fireAt = async (stage: Stage, name: string, port: number, platform: PlatformName, offset = 0): Promise<Outcome> => {
  const load = messagesFor(stage, platform)
  const outcome = await stage.fire({ port, connections, perSecond: null, offset, load, must: oks[platform] })
  checked(stage, name, outcome)
  return outcome
}

/** A server of a few lines: fires and puts the rate. */
const plainRow = async (stage: Stage, server: Started, plan: RowPlan): Promise<void> => {
  const before = [stage.postgres.cpu(), stage.generatorCpu()] as const
  const { asked, seconds, latencies } = await fireAt(stage, plan.name, Number(server.said), 'feishu')
  const shares = [
    busy('PostgreSQL', stage.postgres.cpu() - before[0], seconds),
    busy('generator', stage.generatorCpu() - before[1], seconds),
  ]
  stage.sheet.put(plan, asked / seconds, `p99 ${quantile(latencies, 0.99).toFixed(1)} ms; ${shares.join(', ')}`)
}

const targets: Readonly<Record<string, number>> = { PostgreSQL: 0.5, PGlite: 0.4 }

/**
 * The whole service: the rate of answers, and the rate at which answers and the cards that follow are both done. What is still to be sent afterwards is waited for, so that
 * no row works for another.
 */
const serviceRow = async (stage: Stage, service: Service, database: string, platform: PlatformName): Promise<void> => {
  const name = `${platform} message decided, ${database}`
  await stage.collect()
  const before = [service.cpu(), stage.postgres.cpu(), stage.generatorCpu()] as const
  const begun = Number(process.hrtime.bigint()) / 1e6
  const outcome = await fireAt(stage, name, service.port, platform, service.offset())
  const { asked, seconds, latencies, longestSilence } = outcome
  const after = [service.cpu(), stage.postgres.cpu(), stage.generatorCpu()] as const
  const [own, postgres, generator] = after.map((value, index) => value - (before[index] ?? 0))
  const calm = await service.settled(60_000)
  const { cards, sends, updates, lastAt } = await stage.collect()
  const shares = [
    busy('server', own ?? 0, seconds),
    busy('PostgreSQL', postgres ?? 0, seconds),
    busy('generator', generator ?? 0, seconds),
  ]
  const note = `p99 ${quantile(latencies, 0.99).toFixed(1)} ms; ${shares.join(', ')}; then ${sends} sends, ${updates} updates`
  stage.sheet.put(
    { name, unit: '/s', reference: sdkRow, target: { of: 'ratio', least: targets[database] ?? 0 } },
    asked / seconds,
    note,
  )
  const whole = (asked * 1000) / (lastAt - begun)
  stage.sheet.put(
    { name: `${name}, its cards delivered too`, unit: '/s', reference: sdkRow },
    whole,
    `${cards.length} cards for ${asked} reports`,
  )
  if (database === 'PGlite')
    stage.sheet.put({ name: `${name}: longest pause`, unit: 'ms', target: { of: 'value', most: 100 } }, longestSilence)
  if (!calm) stage.voids.push(`${name}: cards were still waiting after 60 s`)
}

const server = (file: string, env: NodeJS.ProcessEnv = {}): Promise<Started> =>
  startOn({ file: benchFile(`servers/${file}`), core: cores.server, ready: /ready (\d+)/, env })

type PlainRow = { readonly plan: RowPlan; readonly open: (stage: Stage) => Promise<Started> }

const onPostgres = async (stage: Stage, name: string): Promise<NodeJS.ProcessEnv> => ({
  DATABASE_URL: await stage.postgres.createDatabase(name),
})
const onPglite = (stage: Stage): NodeJS.ProcessEnv => ({ DATABASE_URL: '', BENCH_DIR: stage.folder })

const inboxPlan = (name: string, least?: number): RowPlan => ({
  ...{ name, unit: '/s', reference: sdkRow },
  ...(least !== undefined && { target: { of: 'ratio', least } }),
})

const plainRows: readonly PlainRow[] = [
  { plan: { name: generatorRow, unit: '/s' }, open: () => server('null.ts') },
  { plan: { name: sdkRow, unit: '/s' }, open: () => server('feishu-sdk.ts') },
  {
    plan: { name: honoRow('PostgreSQL'), unit: '/s', reference: sdkRow },
    open: async (stage) => server('hono-insert.ts', await onPostgres(stage, 'hono')),
  },
  {
    plan: inboxPlan('feishu inbox row alone, PostgreSQL', 1.5),
    open: async (stage) => server('inbox.ts', await onPostgres(stage, 'inbox')),
  },
  {
    plan: inboxPlan('feishu inbox row alone, PostgreSQL, behind Hono'),
    open: async (stage) => server('inbox.ts', { DOOR: 'hono', ...(await onPostgres(stage, 'inbox_hono')) }),
  },
  {
    plan: { name: honoRow('PGlite'), unit: '/s', reference: sdkRow },
    open: (stage) => server('hono-insert.ts', onPglite(stage)),
  },
  { plan: inboxPlan('feishu inbox row alone, PGlite'), open: (stage) => server('inbox.ts', onPglite(stage)) },
]

export const openServices = async (stage: Stage, names: readonly string[]): Promise<ReadonlyMap<string, Service>> => {
  const services = new Map<string, Service>()
  for (const name of names) {
    const database = name === 'PostgreSQL' ? await stage.postgres.createDatabase('andon') : null
    const flags = stage.settings.profile ? profileFlags('bench-results', `throughput-${name}`) : []
    const { plant, platformsPort, folder } = stage
    services.set(name, await startService({ folder: join(folder, name), plant, platformsPort, database, flags }))
  }
  return services
}

const openBench = async (stage: Stage, databases: readonly string[]): Promise<Bench> => {
  const plain = new Map<string, Started>()
  for (const { plan, open } of plainRows) plain.set(plan.name, await open(stage))
  return { plain, services: await openServices(stage, databases) }
}

const round = async (stage: Stage, { plain, services }: Bench): Promise<void> => {
  for (const { plan } of plainRows) {
    const one = plain.get(plan.name)
    if (one) await plainRow(stage, one, plan)
  }
  for (const [database, service] of services) {
    await service.nextMinute()
    for (const platform of platforms) await serviceRow(stage, service, database, platform)
  }
}

/** Every code path is warm before it counts. */
const warmUp = async (stage: Stage, { plain, services }: Bench): Promise<void> => {
  for (const [name, one] of plain) await fireAt(stage, name, Number(one.said), 'feishu')
  for (const [name, service] of services) {
    for (const platform of platforms) await fireAt(stage, name, service.port, platform, service.offset())
    await service.settled(120_000)
  }
  await stage.collect()
}

/** Plays the rounds and gives the services that are still up, for the rows that follow. */
export const throughput = async (stage: Stage, databases: readonly string[]): Promise<ReadonlyMap<string, Service>> => {
  const bench = await openBench(stage, databases)
  await warmUp(stage, bench)
  for (let n = 1; n <= stage.settings.rounds; n += 1) {
    if (stage.late(0.7, 'throughput')) break
    stage.say(`throughput, round ${n} of ${stage.settings.rounds}`)
    await round(stage, bench)
    stage.sheet.nextRound()
  }
  for (const one of bench.plain.values()) await one.stop()
  return bench.services
}

/** The generator must not be what is measured. */
export const judgeGenerator = (stage: Stage): void => {
  const rows = stage.sheet.rows().filter(({ unit }) => unit === '/s')
  const rate = (name: string): number => Math.min(...(rows.find((row) => row.name === name)?.values ?? [Number.NaN]))
  const fastest = Math.max(...rows.filter(({ name }) => name !== generatorRow).flatMap(({ values }) => values))
  if (!(rate(generatorRow) >= 2 * fastest))
    stage.voids.push(
      `the generator alone makes ${Math.round(rate(generatorRow))}/s, less than twice the fastest row (${Math.round(fastest)}/s)`,
    )
}
