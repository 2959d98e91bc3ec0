import { days, hours, minutes } from '../../../lib/clock.ts'
import { own } from '../pack-parts.ts'
import type { CertificateRule, Clause, GasLimit, GasRules, Level, Test } from '../rule-pack.ts'
import type { Trade } from '../trades.ts'

/** The limits of 5.3.2, which 6.4 c and 10.1 refer to: what a substance's own LEL decides. */
export const combustible = (clause: Clause): readonly GasLimit[] => [
  { id: 'combustible.highLel', kind: 'combustible', unit: 'vol%', most: 0.5, lel: { atLeast: 4 }, clause },
  { id: 'combustible.lowLel', kind: 'combustible', unit: 'vol%', most: 0.2, lel: { below: 4 }, clause },
]

/** 5.3.1 a and 6.3 b: what is large is sampled in three parts, everything else where it is representative. */
export const largePoints = (clause: Clause, when: readonly Test[]): GasRules['points'] => [
  { id: 'top', label: '内部上（左）部', when, clause },
  { id: 'middle', label: '内部中部', when, clause },
  { id: 'bottom', label: '内部下（右）部', when, clause },
]

export const halfHour = minutes(30)
export const oneHour = minutes(60)

/** Validity that the standard does not fix. */
export const byDefault = (most: number): Level['validity'] => ({ most, clause: own, isDefault: true })
export const oneShift = byDefault(hours(8))
export const oneDay = byDefault(hours(24))
export const oneWeek = byDefault(days(7))

export const attendant: CertificateRule = {
  id: 'attendant',
  who: 'attendant',
  trades: ['training.attendant'] satisfies readonly Trade[],
  clause: '4.10',
}

/** Every worker of a kind of work without a national trade is trained by the enterprise. */
export const trained = (trade: Trade): CertificateRule => ({ id: 'trained', who: 'worker', trades: [trade], clause: own })

export const licensed = (id: string, trade: Trade, when?: readonly Test[]): CertificateRule => ({
  id,
  who: 'worker',
  trades: [trade],
  ...(when ? { when } : {}),
  clause: '4.9',
})
