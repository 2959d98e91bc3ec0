/** How soon the service is ready on data that it knows, and what it holds in memory when nothing happens. With the demo plant, alone on its core. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { megabytesOf } from './cores.ts'
import { startService } from './service.ts'
import type { Stage } from './stage.ts'

const plant = fileURLToPath(new URL('../../demo/plant.json', import.meta.url))

const ready = async (port: number): Promise<void> => {
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)
    if (response?.ok) return
    await response?.body?.cancel()
    await sleep(5)
  }
}

const databases = [
  { name: 'PostgreSQL', memory: 200 },
  { name: 'PGlite', memory: 450 },
] as const

/** Milliseconds without work before memory is read. */
const idle = 3_000

export const startUp = async (stage: Stage): Promise<void> => {
  const url = await stage.postgres.createDatabase('start')
  const optionsFor = (name: string) => ({
    ...{ folder: join(stage.folder, `start-${name}`), plant, platformsPort: stage.platformsPort },
    database: name === 'PostgreSQL' ? url : null,
  })
  for (const { name } of databases) await (await startService(optionsFor(name))).process.stop()
  for (let n = 1; n <= stage.settings.rounds; n += 1) {
    stage.say(`start, round ${n} of ${stage.settings.rounds}`)
    for (const { name, memory } of databases) {
      const begun = performance.now()
      const service = await startService(optionsFor(name))
      await ready(service.port)
      const seconds = (performance.now() - begun) / 1000
      stage.sheet.put({ name: `ready on ${name}`, unit: 's', target: { of: 'value', most: 1 } }, seconds)
      await sleep(idle)
      const plan = { name: `idle on ${name}`, unit: 'MB', target: { of: 'value', most: memory } } as const
      stage.sheet.put(plan, megabytesOf(service.process.pid))
      await service.process.stop()
    }
    stage.sheet.nextRound()
  }
}
