import { Counter, collectDefaultMetrics, Registry } from 'prom-client'
import type { Counted } from './engine/parts.ts'

export { createPlatforms, portsFor, replicaName } from './adapters.ts'

export type Metrics = {
  readonly count: (what: Counted, by?: number) => void
  readonly refused: (connection: string, because: string) => void
  readonly text: () => Promise<string>
}

/** Counters in Prometheus format. */
export const createMetrics = (): Metrics => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const counted = new Counter({
    name: 'andon_counted_total',
    help: 'Things that happened, by kind',
    labelNames: ['what'],
    registers: [registry],
  })
  const refused = new Counter({
    name: 'andon_refused_callbacks_total',
    help: 'Callbacks that were not authentic, by reason',
    labelNames: ['connection', 'because'],
    registers: [registry],
  })
  return {
    count: (what, by = 1) => counted.inc({ what }, by),
    refused: (connection, because) => refused.inc({ connection, because }),
    text: () => registry.metrics(),
  }
}
