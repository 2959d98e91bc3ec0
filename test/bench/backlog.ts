/**
 * A backlog: the service was away for days, and deadlines of every kind are overdue, many for the same person and several of one case. How soon all is decided and sent, and
 * how many messages any one person got meanwhile, as the platforms counted them; the alert budget and digests are the service's own.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { alertRule } from '../../src/rules/alerts.ts'
import { type ClockBase, database, decidedSince, makeWave, tidy } from './clock-cases.ts'
import type { RowPlan } from './figures.ts'
import type { Service } from './service.ts'
import type { Stage } from './stage.ts'
import type { Collected } from './stand-in.ts'

const days = 24 * 3_600_000
const away = 3 * days
/** A digest leaves this much after the end of its window, at the latest. */
const afterWindow = 15_000

type Counts = Readonly<Record<string, number>>

/** Cards about one case to one person; a reminder that a newer one stands for must not be among them. */
const perCase = ({ cards }: Collected): Counts => {
  const counts: Record<string, number> = {}
  for (const { platform, account, token, isCard } of cards) {
    const key = `${platform}/${account} ${token}`
    if (isCard) counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

const most = (counts: Counts): number => Object.values(counts).reduce((a, b) => Math.max(a, b), 0)

/** The largest, in words. */
const largest = (counts: Counts): string =>
  Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([whose, count]) => `${whose} ${count}`)
    .join(', ')

const atMost = (name: string, bound: number): RowPlan => ({ name, unit: 'count', target: { of: 'value', most: bound } })

/** Half of the cases call the lead of a crew again, half the one department head; both of two rungs that are past, and each owes its reporter an answer. */
const makeBacklog = async (stage: Stage, until: number, cases: number): Promise<void> => {
  const due = { climb: { from: until - 2 * days, step: days / cases }, feedback: { from: until - days, step: days / 2 / cases } }
  await makeWave(stage, { name: 'y', cases: Math.ceil(cases / 2), due, next: 'teamLead' })
  await makeWave(stage, { name: 'z', cases: Math.floor(cases / 2), due, next: 'deptHead' })
  await tidy(stage)
}

const waitFor = async (service: Service, seconds: number): Promise<boolean> => {
  for (let tries = 0; tries < seconds / 60; tries += 1) if (await service.settled(60_000)) return true
  return false
}

export const backlog = async (stage: Stage, base: ClockBase, deadlines: number): Promise<void> => {
  const before = Date.now() + base.service.offset()
  await base.service.process.stop()
  const since = before + away
  await makeBacklog(stage, since, Math.ceil(deadlines / 2))
  await stage.postgres.query(database, `update clock set offset_ms = offset_ms + ${away}`)
  await stage.collect()
  stage.say(`backlog: ${deadlines} deadlines overdue`)
  const begun = performance.now()
  const service = await base.restart('backlog')
  const calm = await waitFor(service, 600)
  const seconds = (performance.now() - begun) / 1000
  if (!calm) stage.voids.push('backlog: not drained after ten minutes')
  const during = await stage.collect()
  const left = alertRule.per - ((Date.now() + service.offset()) % alertRule.per)
  await service.ahead(left + afterWindow)
  await sleep(1_000)
  await waitFor(service, 120)
  const digests = await stage.collect()
  const { count } = await decidedSince(stage, 'clock', since)
  const people = Object.keys(during.messages).length
  const note = `${count} deadlines decided, ${during.sends} messages to ${people} people, then ${digests.sends} digests and what follows in the next window`
  stage.sheet.put({ name: `backlog: ${deadlines} overdue, all decided and sent`, unit: 's' }, seconds, note)
  stage.sheet.put(
    atMost('backlog: messages to any one person until drained', alertRule.most),
    most(during.messages),
    `the alert budget is ${alertRule.most} in ${alertRule.per / 60_000} minutes; ${largest(during.messages)}`,
  )
  stage.sheet.put(atMost('backlog: messages to any one person in the window after', alertRule.most), most(digests.messages))
  const cases = perCase(during)
  stage.sheet.put(atMost('backlog: cards about one case to one person', 1), most(cases), largest(cases))
  await service.process.stop()
}
