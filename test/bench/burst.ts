/** A burst: many deadlines are due at one instant. Each is a decision of the engine, with its state, its journal entry, its next deadline and a card for somebody. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type ClockBase, database, decidedSince, makeWave, tidy, type Wave } from './clock-cases.ts'
import type { Stage } from './stage.ts'

/** Long after they were made, and within the term of every rung after the first. */
const ahead = 30 * 60_000

const stillDue = async (stage: Stage, at: number): Promise<boolean> =>
  (await stage.postgres.query(database, `select 1 from deadline where due_at <= to_timestamp(${at / 1000}) limit 1`)).length > 0

export const burst = async (stage: Stage, { service }: ClockBase, name: string, cases: number): Promise<void> => {
  const at = Date.now() + service.offset() + ahead
  const wave: Wave = { name, cases, due: { climb: { from: at, step: 0 } }, next: 'teamLead' }
  await makeWave(stage, wave)
  await tidy(stage)
  await stage.collect()
  stage.say(`burst: ${cases} deadlines due at once`)
  const before = [service.cpu(), stage.postgres.cpu()] as const
  const begun = performance.now()
  await service.ahead(at + 1_000 - Date.now() - service.offset())
  while (await stillDue(stage, at)) await sleep(200)
  const cost = [service.cpu() - before[0], stage.postgres.cpu() - before[1]] as const
  const { count, seconds } = await decidedSince(stage, 'clock', at)
  await service.settled(300_000)
  const whole = (performance.now() - begun) / 1000
  const { sends } = await stage.collect()
  const each = cost.map((ms) => Math.round((ms * 1000) / cases))
  const note = `${cases} at once: all decided in ${seconds.toFixed(1)} s, ${sends} sent and all else done after ${whole.toFixed(1)} s; ${each[0]} µs of the service and ${each[1]} µs of PostgreSQL for each, with what was sent meanwhile`
  stage.sheet.put({ name: 'burst: deadlines fired', unit: '/s', target: { of: 'value', least: 20_000 } }, count / seconds, note)
  stage.sheet.put({ name: 'burst: deadlines not fired', unit: 'count', target: { of: 'value', most: 0 } }, cases - count)
}
