/**
 * `npm run bench`: prints a table and writes JSON to `bench-results/`. Ten minutes at most; `-- --full` takes the long rows. `-- --only=throughput,chat` plays some parts,
 * `-- --quick` two short rounds, `-- --profile` keeps processor profiles of the service and the statements of PostgreSQL.
 */
import { cpus, totalmem } from 'node:os'
import { cores, loadAverage } from './cores.ts'
import { tableOf, writeResult } from './figures.ts'
import { openStage, type Settings, type Stage } from './stage.ts'
import { judgeGenerator, throughput } from './throughput.ts'

const options = new Set(process.argv.slice(2))
const only =
  [...options]
    .find((one) => one.startsWith('--only='))
    ?.slice(7)
    .split(',') ?? []

const settings: Settings = {
  rounds: options.has('--quick') ? 2 : options.has('--full') ? 9 : 5,
  messages: options.has('--quick') ? 2_000 : 4_000,
  seconds: options.has('--full') ? 30 : options.has('--quick') ? 2 : 4,
  photos: options.has('--full') ? 500 : 60,
  only,
  profile: options.has('--profile'),
}

const machine = {
  node: process.version,
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGB: Math.round(totalmem() / 2 ** 30),
  placement: cores.pinned
    ? `service on core ${cores.server}; generator and stand-in of the platforms on core ${cores.load}; PostgreSQL on core ${cores.database}`
    : 'not pinned: there is no taskset here, or only one core',
}

const wanted = (part: string): boolean => settings.only.length === 0 || settings.only.includes(part)

const play = async (stage: Stage): Promise<void> => {
  if (wanted('throughput')) {
    const services = await throughput(stage, ['PostgreSQL', 'PGlite'])
    judgeGenerator(stage)
    for (const service of services.values()) await service.process.stop()
  }
}

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
  ...{ started: started.toISOString(), minutes, settings, machine: { ...machine, loadBefore, loadAfter: loadAverage() } },
  ...{ postgres: { version: stage.postgres.version, ...stage.postgres.settings }, void: stage.voids, rows },
}
const path = writeResult('bench-results', started.toISOString().replaceAll(':', '-'), result)
console.log(`\n${tableOf(rows)}\n`)
for (const row of rows) for (const note of row.notes.slice(-1)) console.log(`  ${row.name}: ${note}`)
console.log(
  `\n${machine.placement}; ${stage.postgres.version}, fsync ${stage.postgres.settings.fsync}; load of the machine before ${loadBefore}`,
)
for (const one of stage.voids) console.log(`VOID: ${one}`)
console.log(`${minutes.toFixed(1)} minutes, written to ${path}`)
process.exitCode = stage.voids.length > 0 ? 1 : 0
