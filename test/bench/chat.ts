/**
 * Chat to chat: text reports leave at their instants whatever the answers do, from workers on all three platforms; each becomes a card for the crew's lead on another
 * platform. The time runs from the instant the message was to arrive until that platform has accepted the card. Then those cards are pressed.
 */
import { quantile, type RowPlan } from './figures.ts'
import type { Outcome } from './generator.ts'
import { leadOn, type PlatformName, platforms } from './plant.ts'
import type { Service } from './service.ts'
import { checked, type Stage } from './stage.ts'
import type { Accepted } from './stand-in.ts'
import { connections, nextRun } from './throughput.ts'

type Told = { readonly latencies: readonly number[]; readonly missing: number; readonly doubled: number }

/** Each report is known by its token; its lead's card must be there exactly once, and so must the reporter's own. */
const tell = (outcome: Outcome, cards: readonly Accepted[]): Told => {
  const byToken = new Map<string, Accepted[]>()
  for (const card of cards) byToken.set(card.token, [...(byToken.get(card.token) ?? []), card])
  const latencies: number[] = []
  let [missing, doubled] = [0, 0]
  outcome.sentAt.forEach(([token, at], n) => {
    const from = platforms[n % platforms.length] as PlatformName
    const shown = byToken.get(token) ?? []
    for (const platform of [from, leadOn[from]]) {
      const here = shown.filter((card) => card.platform === platform)
      if (here.length === 0) missing += 1
      if (here.length > 1) doubled += 1
    }
    const first = shown.find(({ platform }) => platform === leadOn[from])
    if (first) latencies.push(first.at - at)
  })
  return { latencies, missing, doubled }
}

const rates: readonly { readonly perSecond: number; readonly most: number }[] = [
  { perSecond: 200, most: 25 },
  { perSecond: 1_000, most: 60 },
]

const ms = (name: string, most?: number): RowPlan => ({
  name,
  unit: 'ms',
  ...(most !== undefined && { target: { of: 'value', most } }),
})
const none = (name: string): RowPlan => ({ name, unit: 'count', target: { of: 'value', most: 0 } })

const chatRound = async (stage: Stage, service: Service, perSecond: number, most: number): Promise<readonly Accepted[]> => {
  await service.nextMinute()
  await service.settled(60_000)
  await stage.collect()
  const count = Math.min(perSecond * stage.settings.seconds, stage.settings.messages * platforms.length)
  const load = { kind: 'messages', platforms, count, run: nextRun(), firstWorker: 0, pictures: false } as const
  const before = service.cpu()
  const outcome = await stage.fire({ port: service.port, connections, perSecond, offset: service.offset(), load, must: '' })
  const name = `chat to chat at ${perSecond}/s`
  checked(stage, name, outcome)
  await service.settled(60_000)
  const perMessage = ((service.cpu() - before) * 1000) / count
  const { cards } = await stage.collect()
  const told = tell(outcome, cards)
  const note = `median ${quantile(told.latencies, 0.5).toFixed(1)} ms, longest ${quantile(told.latencies, 1).toFixed(0)} ms; ${Math.round(perMessage)} µs of processor time per report and its cards`
  stage.sheet.put(ms(`${name}: p99`, most), quantile(told.latencies, 0.99), note)
  stage.sheet.put(none(`${name}: cards missing`), told.missing)
  stage.sheet.put(none(`${name}: cards doubled`), told.doubled)
  return cards.filter(({ accept }) => accept !== null)
}

/** 接单 on cards that nobody has pressed yet. */
const pressRound = async (stage: Stage, service: Service, cards: readonly Accepted[]): Promise<void> => {
  const perSecond = 500
  const presses = cards.slice(0, perSecond * stage.settings.seconds).map(({ platform, account, message, accept }) => ({
    ...{ platform, account, message },
    key: accept ?? '',
  }))
  if (presses.length === 0) return
  const load = { kind: 'presses', presses } as const
  const before = service.cpu()
  const outcome = await stage.fire({ port: service.port, connections, perSecond, offset: service.offset(), load, must: '' })
  checked(stage, 'press', outcome)
  await service.settled(60_000)
  const perPress = ((service.cpu() - before) * 1000) / presses.length
  const note = `${presses.length} presses, median ${quantile(outcome.latencies, 0.5).toFixed(1)} ms; ${Math.round(perPress)} µs of processor time per press and what follows`
  stage.sheet.put(ms('answer to a press at 500/s: p99', 50), quantile(outcome.latencies, 0.99), note)
  await stage.collect()
}

export const chat = async (stage: Stage, service: Service): Promise<void> => {
  await chatRound(quiet(stage), service, 200, Number.POSITIVE_INFINITY)
  for (let n = 1; n <= stage.settings.rounds; n += 1) {
    if (stage.late(0.85, 'chat to chat')) break
    stage.say(`chat to chat, round ${n} of ${stage.settings.rounds}`)
    const cards: Accepted[] = []
    for (const { perSecond, most } of rates) cards.push(...(await chatRound(stage, service, perSecond, most)))
    await pressRound(stage, service, cards)
    stage.sheet.nextRound()
  }
}

/** For warming up: nothing is put on the sheet. */
const quiet = (stage: Stage): Stage => ({ ...stage, sheet: { ...stage.sheet, put: () => {} } })
