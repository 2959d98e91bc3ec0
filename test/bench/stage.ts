/** What every row needs: the generator, the stand-in of the platforms, PostgreSQL, a folder that is deleted at the end, and the sheet that rows are put on. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cores, cpuOf, move, type Started, startOn } from './cores.ts'
import { createSheet, type Sheet } from './figures.ts'
import type { Order, Outcome } from './generator.ts'
import { writePlant } from './plant.ts'
import { type BenchPostgres, startPostgres } from './postgres.ts'
import type { Collected } from './stand-in.ts'

export type Settings = {
  readonly rounds: number
  /** Messages of one round through one door. */
  readonly messages: number
  /** Seconds of an open-loop round. */
  readonly seconds: number
  readonly photos: number
  /** The whole run ends within this time; what is left out then makes it void. */
  readonly minutes: number
  readonly profile: boolean
}

export type Stage = {
  readonly settings: Settings
  readonly folder: string
  readonly plant: string
  readonly sheet: Sheet
  readonly postgres: BenchPostgres
  readonly platformsPort: number
  readonly fire: (order: Order) => Promise<Outcome>
  /** What the platforms have accepted since they were last asked. */
  readonly collect: () => Promise<Collected>
  readonly generatorCpu: () => number
  readonly platformsCpu: () => number
  readonly say: (text: string) => void
  /** Has more than this share of the run's time gone by? Then no further round begins, and the run says that it had too few. */
  readonly late: (share: number, part: string) => boolean
  /** Facts that make the run worthless. */
  readonly voids: string[]
  readonly close: () => Promise<void>
}

export const benchFile = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url))

/** The photos that the stand-in serves, made before it starts: 12 megapixels as a camera takes them, and some 300 kB as a chat shrinks them. */
const writePhotos = async (folder: string): Promise<readonly string[]> => {
  const { default: sharp } = await import('sharp')
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
  const scene = await sharp({ create: { width: 1000, height: 750, channels: 3, background: '#808080', noise } })
    .png()
    .toBuffer()
  const [camera, chat] = [join(folder, 'photo.jpg'), join(folder, 'chat-photo.jpg')]
  await sharp(scene).resize(4000, 3000, { kernel: 'cubic' }).jpeg({ quality: 80 }).toFile(camera)
  await sharp(scene).resize(1440, 1080, { kernel: 'cubic' }).jpeg({ quality: 48 }).toFile(chat)
  return [camera, chat]
}

export const openStage = async (settings: Settings): Promise<Stage> => {
  const begun = performance.now()
  const voids: string[] = []
  move(process.pid, cores.load)
  const folder = mkdtempSync(join(tmpdir(), 'andon-bench-'))
  const photos = await writePhotos(folder)
  const generator = await startOn({
    file: benchFile('generator.ts'),
    core: cores.load,
    ready: /generator (ready)/,
    flags: ['--expose-gc'],
  })
  const standIn = await startOn({ file: benchFile('stand-in.ts'), core: cores.load, ready: /platforms on (\d+)/, args: photos })
  const postgres = await startPostgres(settings.profile)
  return {
    settings,
    folder,
    plant: writePlant(folder, settings.messages),
    sheet: createSheet(),
    postgres,
    platformsPort: Number(standIn.said),
    fire: async (order) => {
      const outcome = await generator.ask<Outcome | { readonly failed: string }>(order)
      if ('failed' in outcome) throw new Error(`the generator failed: ${outcome.failed}`)
      return outcome
    },
    collect: () => standIn.ask<Collected>({}),
    generatorCpu: () => cpuOf(generator.pid),
    platformsCpu: () => cpuOf(standIn.pid),
    say: (text) => console.log(text),
    late: (share, part) => {
      if (performance.now() - begun < share * settings.minutes * 60_000) return false
      voids.push(`${part}: there was no time for all its rounds`)
      return true
    },
    voids,
    close: () => closeAll([generator, standIn], postgres, folder),
  }
}

const closeAll = async (processes: readonly Started[], postgres: BenchPostgres, folder: string): Promise<void> => {
  await Promise.all(processes.map((one) => one.stop()))
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** The same for every row that fires: nothing may be missing, refused or answered with other words. */
export const checked = (stage: Stage, name: string, outcome: Outcome): void => {
  if (outcome.good === outcome.asked) return
  const said = `${name}: ${outcome.asked - outcome.good} of ${outcome.asked} were not answered as they must be (${JSON.stringify(outcome.statuses)}, ${outcome.strange})`
  if (!stage.voids.includes(said)) stage.voids.push(said)
  stage.say(`  ! ${said}`)
}
