/** Lateness: deadlines strike one after the other over some seconds, each with a card for the lead of a crew; from the instant one is due until the platform has accepted its card. */
import { type ClockBase, makeWave, tidy, type Wave, waveToken } from './clock-cases.ts'
import { quantile } from './figures.ts'
import { now } from './generator.ts'
import type { Stage } from './stage.ts'
import type { Accepted } from './stand-in.ts'

const perSecond = 100
/** To one lead, so that the alert budget holds nothing back. */
const mostPerLead = 8
/** What making the cases takes, and a little. */
const ahead = 8_000

/** The wave's first card of each case. */
const firstCards = (wave: Wave, cards: readonly Accepted[]): ReadonlyMap<string, number> => {
  const first = new Map<string, number>()
  for (const { token, at } of cards) if (token.startsWith(`Q${wave.name}x`) && !first.has(token)) first.set(token, at)
  return first
}

export const lateness = async (stage: Stage, { service, leads }: ClockBase): Promise<void> => {
  const cases = Math.min(perSecond * Math.max(8, stage.settings.seconds * 3), leads * mostPerLead)
  const step = 1000 / perSecond
  const [wall, monotonic] = [Date.now(), now()]
  const from = wall + service.offset() + ahead
  const wave: Wave = { name: 'l', cases, due: { climb: { from, step } }, next: 'teamLead' }
  stage.say(`lateness: ${cases} deadlines, ${perSecond} a second`)
  await makeWave(stage, wave)
  await tidy(stage)
  const left = ahead - (Date.now() - wall)
  if (left < 500) stage.voids.push('lateness: making its cases took longer than was thought')
  await new Promise((done) => setTimeout(done, left + cases * step + 1_000))
  await service.settled(60_000)
  const first = firstCards(wave, (await stage.collect()).cards)
  const late = Array.from(
    { length: cases },
    (_, n) => (first.get(waveToken(wave, n)) ?? Number.NaN) - (monotonic + ahead + n * step),
  )
  const told = late.filter((one) => !Number.isNaN(one))
  const note = `median ${quantile(told, 0.5).toFixed(0)} ms, longest ${quantile(told, 1).toFixed(0)} ms, earliest ${Math.min(...told).toFixed(0)} ms; ${cases} deadlines`
  stage.sheet.put(
    { name: 'lateness, due to card accepted: p99', unit: 'ms', target: { of: 'value', most: 1_000 } },
    quantile(told, 0.99),
    note,
  )
  stage.sheet.put({ name: 'lateness: cards missing', unit: 'count', target: { of: 'value', most: 0 } }, cases - told.length)
}
