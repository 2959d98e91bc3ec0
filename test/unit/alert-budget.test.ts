import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Card } from '../../src/cards/card.ts'
import { migrate } from '../../src/db/database.ts'
import { openPglite } from '../../src/db/pglite.ts'
import { createAlertBudget, isCounted, isVital, type Notice, quietUntil } from '../../src/engine/alert-budget.ts'
import { digestText, readDigest } from '../../src/engine/alert-digest.ts'
import type { EffectRow } from '../../src/engine/outbox-rows.ts'
import type { EngineParts } from '../../src/engine/parts.ts'
import { inZone, later, minutes } from '../../src/lib/clock.ts'
import { alertRule } from '../../src/rules/alerts.ts'
import { scratch } from '../support/scratch.ts'

const shanghai = 'Asia/Shanghai'
const card = (tone: Card['tone']): Card => ({ tone }) as unknown as Card
const notice = (more: Partial<Omit<Notice, 'effect'>> & { effect?: Partial<EffectRow> } = {}): Notice => ({
  ...{ clock: false, own: false, card: card('warning'), words: 'x', colour: 'yellow', timeZone: shanghai },
  ...more,
  effect: {
    ...{ site: 'SH01', id: 'eff_1', subject: 'haz_1', person: 'li-na', kind: 'card', urgent: false, attempts: 0 },
    ...more.effect,
  } as unknown as EffectRow,
})

test('red, and urgent words, are never held; a red case that is only information is', () => {
  expect(isVital(notice({ effect: { urgent: true }, colour: 'red' }))).toBe(true)
  expect(isVital(notice({ effect: { urgent: true }, card: card('danger') }))).toBe(true)
  expect(isVital(notice({ effect: { urgent: true }, colour: 'red', clock: true }))).toBe(true)
  expect(isVital(notice({ effect: { urgent: true, kind: 'text' }, card: null }))).toBe(true)
  expect(isVital(notice({ effect: { urgent: true } }))).toBe(false)
  expect(isVital(notice({ colour: 'red' }))).toBe(false)
})

test('a reminder is not life-safety because its card says that it is late', () => {
  const late = notice({ effect: { urgent: true }, card: card('danger'), clock: true })
  expect(isVital(late)).toBe(false)
  expect(isCounted(late)).toBe(true)
})

test('the first call to act and the answer to oneself are not counted; reminders and information are', () => {
  expect(isCounted(notice({ effect: { urgent: true } }))).toBe(false)
  expect(isCounted(notice({ effect: { urgent: true }, clock: true }))).toBe(true)
  expect(isCounted(notice())).toBe(true)
  expect(isCounted(notice({ own: true }))).toBe(false)
  expect(isCounted(notice({ effect: { person: null } }))).toBe(false)
})

const local = (text: string): Date => new Date(`${text}+08:00`)

test('blue is silent from ten in the evening to seven, and nothing else is', () => {
  const until = (text: string, colour = 'blue') => quietUntil(local(text), colour, shanghai, alertRule)
  expect(until('2026-05-06T22:00:00')).toEqual(local('2026-05-07T07:00:00'))
  expect(until('2026-05-07T06:59:59.999')).toEqual(local('2026-05-07T07:00:00'))
  expect(until('2026-05-07T07:00:00')).toBeNull()
  expect(until('2026-05-06T21:59:59.999')).toBeNull()
  for (const colour of ['yellow', 'orange', 'red']) expect(until('2026-05-06T23:00:00', colour)).toBeNull()
})

test('whatever the zone, quiet ends outside of the quiet hours and within nine hours and a shift of the clock', () => {
  const at = fc.date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
  const zone = fc.constantFrom(shanghai, 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu')
  fc.assert(
    fc.property(at, zone, (instant, timeZone) => {
      const end = quietUntil(instant, 'blue', timeZone, alertRule)
      if (!end) return
      expect(inZone(end, timeZone).time >= '07:00:00' && inZone(end, timeZone).time < '08:15:00').toBe(true)
      expect(end.getTime() - instant.getTime()).toBeLessThanOrEqual(minutes(10 * 60))
    }),
  )
})

test('a digest has the newest of each case, and says how many more there are', () => {
  expect(digestText([])).toBeNull()
  const text = digestText([
    { subject: 'a', words: 'A 新' },
    { subject: 'b', words: 'B\n两行' },
    { subject: 'a', words: 'A 旧' },
  ])
  expect(text).toContain('以下 3 条')
  expect(text).toContain('· A 新\n· B 两行')
  expect(text).not.toContain('A 旧')
  const many = digestText(Array.from({ length: 40 }, (_, n) => ({ subject: `s${n}`, words: `W${n}` })))
  expect(many).toContain('另有 25 条')
})

test('two replicas together call one person as often as the rule says and no more; the rest waits in one digest', async () => {
  const database = await openPglite(join(scratch('andon-alerts-'), 'db'))
  await migrate(database.db)
  let at = new Date('2026-05-06T08:00:00Z')
  const parts = { database, clock: { now: () => at } } as unknown as EngineParts
  const replicas = [createAlertBudget(parts, alertRule), createAlertBudget(parts, alertRule)] as const
  let n = 0
  const admit = async (minute: number): Promise<string> => {
    at = later(new Date('2026-05-06T08:00:00Z'), minutes(minute))
    n += 1
    const one = notice({ effect: { id: `eff_${n}`, subject: `haz_${n % 3}` }, words: `第${n}条` })
    const admitted = await (replicas[n % 2 === 0 ? 0 : 1] ?? replicas[0]).admit(one)
    return typeof admitted === 'string' ? admitted : admitted.outcome
  }
  const first: string[] = []
  for (let i = 0; i < 40; i += 1) first.push(await admit(i / 5))
  const sent = first.filter((one) => one === 'counted').length
  expect(sent).toBeLessThanOrEqual(alertRule.most)
  expect(sent).toBeGreaterThanOrEqual(alertRule.most - 4)
  expect(first.filter((one) => one === 'dropped')).toHaveLength(40 - sent)
  const digests = await database.db.selectFrom('effect').selectAll().where('kind', '=', 'digest').execute()
  expect(digests).toHaveLength(1)
  expect(digests[0]).toMatchObject({ person: 'li-na', urgent: false, state: 'waiting' })
  const text = await readDigest(digests[0] as unknown as EffectRow, parts)
  expect(text).toContain(`以下 ${40 - sent} 条`)
  expect(text?.split('\n').filter((line) => line.startsWith('·'))).toHaveLength(3)
  expect(await admit(12)).toBe('counted')
  const vital = notice({ effect: { urgent: true }, colour: 'red', clock: true })
  for (let i = 0; i < 30; i += 1) expect(await replicas[0].admit(vital)).toBe('free')
  await database.close()
})
