/**
 * `npm run bench`: prints a table and writes JSON to `bench-results/`. Ten minutes at most; `-- --full` takes the long rows. `-- --only=throughput,chat` plays some parts, `-- --databases=PGlite` one database,
 * `-- --open=`, `--burst=`, `--backlog=`, `--count=` and `--stops=` say how large those rows are, `-- --quick` two short rounds, `-- --profile` keeps processor profiles of the service and counts the statements of PostgreSQL.
 */
import { cpus, totalmem } from 'node:os'
import { chat } from './chat.ts'
import { type ClockSizes, clocks } from './clocks.ts'
import { cores, loadAverage } from './cores.ts'
import { deadlines } from './deadlines.ts'
import { tableOf, writeResult } from './figures.ts'
import { hostile, opening, photo } from './micro.ts'
import { permits } from './permits.ts'
import { permitsGate } from './permits-gate.ts'
import { permitsStop } from './permits-stop.ts'
import { photoBurst } from './photo-burst.ts'
import { reports } from './reports.ts'
import { openStage, type Settings, type Stage } from './stage.ts'
import { startUp } from './start-up.ts'
import { judgeGenerator, openServices, throughput } from './throughput.ts'

const options = new Set(process.argv.slice(2))
const clockParts = ['lateness', 'burst', 'backlog'] as const
const serviceParts = ['throughput', 'chat', 'reports', 'photos'] as const
type Part =
  | 'opening'
  | 'hostile'
  | 'photo'
  | 'start'
  | 'deadlines'
  | 'permits'
  | (typeof clockParts)[number]
  | (typeof serviceParts)[number]
/** What stands behind `--<name>=`. */
const given = (name: string): string | undefined =>
  [...options].find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3)
const only = given('only')?.split(',')
const databases = given('databases')?.split(',') ?? ['PostgreSQL', 'PGlite']
const wanted = (part: Part): boolean => only?.includes(part) ?? true

const sizes: Readonly<Record<'usual' | 'quick' | 'full', Omit<Settings, 'profile'>>> = {
  usual: { rounds: 5, messages: 4_000, seconds: 4, photos: 60, minutes: 10 },
  quick: { rounds: 2, messages: 1_000, seconds: 2, photos: 20, minutes: 10 },
  full: { rounds: 9, messages: 12_000, seconds: 20, photos: 500, minutes: 90 },
}
const size = options.has('--quick') ? 'quick' : options.has('--full') ? 'full' : 'usual'
/** Open cases of the large base; ten million take some minutes to make. */
const openCases = Number(given('open') ?? { usual: 300_000, quick: 100_000, full: 10_000_000 }[size])
/** Deadlines that are due at once, in a running service and after an outage; the target for the latter speaks of 100,000. */
const clockSizes: ClockSizes = {
  burst: Number(given('burst') ?? { usual: 10_000, quick: 5_000, full: 100_000 }[size]),
  bursts: { usual: 1, quick: 1, full: 3 }[size],
  backlog: Number(given('backlog') ?? { usual: 10_000, quick: 5_000, full: 100_000 }[size]),
}
/** Pairs of permits that exclude each other, submitted through two replicas at one instant; the target speaks of 10,000. */
const pairs = Number(given('count') ?? { usual: 500, quick: 100, full: 10_000 }[size])
/** Permits whose work goes on, each of which is stopped once. Some minutes, so this part is played when it is asked for, and in a full run. */
const stops = Number(given('stops') ?? { usual: 40, quick: 40, full: 300 }[size])
const stopsToo = only?.includes('stop') ?? size === 'full'
const settings: Settings = { ...sizes[size], profile: options.has('--profile') }

const machine = {
  node: process.version,
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGB: Math.round(totalmem() / 2 ** 30),
  placement: cores.pinned
    ? `service on core ${cores.server}; generator and stand-in of the platforms on core ${cores.load}; PostgreSQL on core ${cores.database}`
    : 'not pinned: there is no taskset here, or only one core',
}

/** The rows on a running service, in the order in which they may follow one another. */
const onServices = async (stage: Stage): Promise<void> => {
  const loaded = wanted('throughput')
  const services = loaded ? await throughput(stage, databases) : await openServices(stage, ['PostgreSQL'])
  if (loaded) judgeGenerator(stage)
  await services.get('PGlite')?.process.stop()
  const service = services.get('PostgreSQL')
  if (!service) return
  if (wanted('chat')) await chat(stage, service)
  if (settings.profile) for (const one of await stage.postgres.statements('andon')) stage.say(one)
  if (wanted('reports')) await reports(stage, service)
  if (wanted('photos')) await photoBurst(stage, service)
  await service.process.stop()
}

const play = async (stage: Stage): Promise<void> => {
  if (wanted('opening')) await opening(stage)
  if (wanted('hostile')) await hostile(stage)
  if (wanted('photo')) await photo(stage)
  if (wanted('start')) await startUp(stage)
  if (wanted('deadlines')) await deadlines(stage, openCases)
  if (wanted('permits')) await permits(stage, pairs)
  if (wanted('permits')) await permitsGate(stage)
  if (stopsToo) await permitsStop(stage, stops)
  if (clockParts.some(wanted)) await clocks(stage, clockSizes, wanted)
  if (serviceParts.some(wanted)) await onServices(stage)
}

/** So that what was started is ended too. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const started = new Date()
const loadBefore = loadAverage()
const stage = await openStage(settings)
try {
  await play(stage)
} finally {
  await stage.close()
}
const rows = stage.sheet.rows()
const minutes = (Date.now() - started.getTime()) / 60_000
const result = {
  ...{ started: started.toISOString(), minutes, size, only, settings },
  machine: { ...machine, loadBefore, loadAfter: loadAverage() },
  ...{ postgres: { version: stage.postgres.version, ...stage.postgres.settings }, void: stage.voids, rows },
}
const path = writeResult('bench-results', started.toISOString().replaceAll(':', '-'), result)
console.log(`\n${tableOf(rows)}\n`)
for (const row of rows) for (const note of row.notes.slice(-1)) console.log(`  ${row.name}: ${note}`)
console.log(`\n${machine.placement}`)
console.log(`${stage.postgres.version}, fsync ${stage.postgres.settings.fsync}; load of the machine before: ${loadBefore}`)
for (const one of stage.voids) console.log(`VOID: ${one}`)
console.log(`${minutes.toFixed(1)} minutes, written to ${path}`)
process.exitCode = stage.voids.length > 0 ? 1 : 0
