import fc from 'fast-check'
import { expect, test } from 'vitest'
import { days } from '../../src/lib/clock.ts'
import type { CertificateState } from '../../src/workflows/certificate/certificate.ts'
import { createDesk, system, untrue } from './desk.ts'

const start = '2026-11-24T02:00:00.000Z'
const day = 86_400_000
const dayNumber = (date: string): number => Math.round(Date.parse(`${date}T00:00:00.000Z`) / day)
const dateOf = (number: number): string => new Date(number * day).toISOString().slice(0, 10)
const today = dayNumber('2026-11-24')

type Step =
  | { readonly kind: 'list'; readonly ends: readonly number[]; readonly reviews: readonly (number | null)[] }
  | { readonly kind: 'wait'; readonly days: number }
const list = fc.record({
  kind: fc.constant('list' as const),
  ends: fc.array(fc.integer({ min: -20, max: 400 }), { minLength: 2, maxLength: 2 }),
  reviews: fc.array(fc.option(fc.integer({ min: -20, max: 400 })), { minLength: 2, maxLength: 2 }),
})
const wait = fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 0, max: 120 }) })
const steps: fc.Arbitrary<readonly Step[]> = fc.array(fc.oneof(list, wait), { minLength: 1, maxLength: 14 })

type Line = { readonly certificate: string; readonly why: string; readonly on: string; readonly days: number }

test('whatever lists come and however the clock moves: nothing is said twice, too early or of a date that no list has, and no end goes by unsaid', () => {
  fc.assert(
    fc.property(steps, (walk) => {
      const desk = createDesk<CertificateState>('certificate', { start })
      let asOf = 0
      let current = new Map<string, number>()
      const saidAt = new Map<string, number>()
      const ended: string[] = []
      const look = (): void => {
        const now = dayNumber(desk.now().toISOString().slice(0, 10))
        for (const { event } of desk.journal().slice(saidAt.get('journal') ?? 0)) {
          const { type, lines = [] } = JSON.parse(String(event)) as { type: string; lines?: readonly Line[] }
          if (type !== 'reminded') continue
          for (const { certificate, why, on, days: before } of lines) {
            const key = `${certificate} ${why} ${on} ${before}`
            expect(saidAt.has(key), `twice: ${key}`).toBe(false)
            saidAt.set(key, now)
            expect(current.get(`${certificate} ${why}`), key).toBe(dayNumber(on))
            expect(now, key).toBeGreaterThanOrEqual(dayNumber(on) - before)
            if (before === 0) ended.push(`${certificate} ${why} ${on}`)
          }
        }
        saidAt.set('journal', desk.journal().length)
      }
      for (const step of walk) {
        if (step.kind === 'wait') desk.passes(days(step.days))
        else {
          asOf += 1
          const certificates = step.ends.map((end, n) => ({
            ...{ id: `cer_${n}`, trade: 'electric.low', suspended: false },
            validUntil: dateOf(today + end),
            reviewDue: step.reviews[n] === null ? null : dateOf(today + (step.reviews[n] ?? 0)),
          }))
          current = new Map(
            certificates.flatMap((one): [string, number][] => [
              [`${one.id} expiry`, dayNumber(one.validUntil)],
              ...(one.reviewDue === null ? [] : ([[`${one.id} review`, dayNumber(one.reviewDue)]] as [string, number][])),
            ]),
          )
          desk.must(system, { type: 'register', person: 'worker', asOf, certificates })
        }
        desk.fireDue()
        look()
        if (desk.exists()) expect(untrue(desk)).toEqual([])
      }
      if (!desk.exists()) return
      // In the end everything that is watched has come to its end, or to the review that came before it.
      const watched = desk
        .state()
        .watched.filter(({ validUntil }) => dayNumber(validUntil) > dayNumber(desk.now().toISOString().slice(0, 10)))
      desk.passes(days(1_000))
      desk.fireDue()
      look()
      expect(desk.state().status).toBe('quiet')
      for (const { id, validUntil } of watched)
        expect(
          ended.some((one) => one.startsWith(`${id} review`)) ||
            ended.includes(`${id} expiry ${validUntil}`) ||
            desk.state().past.some((key) => key.startsWith(`${id} review`) && key.endsWith(' 0')),
          `${id} ${validUntil}`,
        ).toBe(true)
    }),
    { numRuns: 150 },
  )
})
