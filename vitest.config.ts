import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { LongestLayersFirst } from './test/support/order.ts'

type Options = {
  /** What one test may take on a machine that has better to do. */
  readonly seconds: number
  /** Files of a layer share what they have loaded where they leave nothing behind: half of the time of such a file is loading. */
  readonly isolate: boolean
}

const layer = (name: string, { seconds, isolate }: Options) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: seconds * 1000,
    hookTimeout: 120_000,
    isolate,
  },
})

/** One project per test layer (CONTRIBUTING, "Tests"). */
export default defineConfig({
  test: {
    // A story waits a third of its time, for photos above all, so one more than there are cores keeps them busy.
    maxWorkers: Math.min(4, availableParallelism() + 1),
    sequence: { sequencer: LongestLayersFirst },
    globalSetup: ['test/support/run.ts'],
    // One SDK greets on standard output with each connection; what tests print of themselves is kept.
    onConsoleLog: (log) => !log.includes('connect success'),
    projects: [
      layer('unit', { seconds: 20, isolate: false }),
      layer('contract', { seconds: 60, isolate: false }),
      layer('stories', { seconds: 120, isolate: false }),
      layer('worker', { seconds: 180, isolate: true }),
      layer('browser', { seconds: 120, isolate: true }),
      layer('chaos', { seconds: 300, isolate: true }),
    ],
  },
})
