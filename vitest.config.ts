import { defineConfig } from 'vitest/config'

const layer = (name: string, options: { seconds?: number; parallel?: boolean } = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: (options.seconds ?? 20) * 1000,
    hookTimeout: 120_000,
    fileParallelism: options.parallel ?? true,
  },
})

/** One project per test layer (CONTRIBUTING, "Tests"). */
export default defineConfig({
  test: {
    maxWorkers: 2,
    // One SDK greets on standard output with each connection; what tests print of themselves is kept.
    onConsoleLog: (log) => !log.includes('connect success'),
    projects: [
      layer('unit'),
      layer('contract', { seconds: 60 }),
      layer('stories', { seconds: 120 }),
      layer('worker', { seconds: 180, parallel: false }),
      layer('browser', { seconds: 120, parallel: false }),
      layer('chaos', { seconds: 300, parallel: false }),
    ],
  },
})
