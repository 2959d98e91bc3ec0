import { inZone } from '../../lib/clock.ts'
import { type PortraitAxis, portrait } from '../../rules/points.ts'
import { type PenaltyNote, stands } from '../penalty/penalty.ts'
import type { Facts } from '../workflow.ts'
import type { PointsNote } from './points.ts'

/** One axis of a person's safety portrait: 0 to 100, or null when nothing at all is known. */
export type Axis = { readonly name: string; readonly value: number | null }

export type Portrait = {
  readonly axes: readonly Axis[]
  readonly total: number
  readonly months: PointsNote['months']
  readonly recent: PointsNote['recent']
  /** Cards of these months that stand, newest first. */
  readonly cards: readonly PenaltyNote[]
}

/** This month and the ones before it, newest first. */
const lastMonths = (today: string, count: number): readonly string[] => {
  const [year = 0, month = 0] = today.split('-').map(Number)
  return Array.from({ length: count }, (_, back) => {
    const at = new Date(Date.UTC(year, month - 1 - back, 1))
    return at.toISOString().slice(0, 7)
  })
}

const sumOver = ({ groups }: PortraitAxis, months: readonly string[], by: PointsNote['months']): number | null => {
  const found = months.flatMap((month) => groups.flatMap((group) => by[month]?.[group] ?? []))
  return found.length === 0 ? null : found.reduce((sum, points) => sum + points, 0)
}

const bounded = (value: number): number => Math.max(0, Math.min(100, Math.round(value)))

const read = ({ read: rows }: Pick<Facts, 'read'>, name: string, person: string) => rows({ name, key: `person:${person}` })

/**
 * The safety portrait from what the index says of the person. An axis about which nothing was ever recorded these months is unknown, not zero and not full;
 * the discipline axis is always known, because every card is recorded. Cards under appeal do not count until they are decided.
 */
export const portraitOf = (
  asked: Pick<Facts, 'read' | 'at'> & { readonly person: string; readonly plant: Pick<Facts['plant'], 'timeZone'> },
): Portrait => {
  const today = inZone(asked.at, asked.plant.timeZone).date
  const months = lastMonths(today, portrait.months)
  const [ledger] = read(asked, 'points', asked.person)
  const note = ledger ? (JSON.parse(ledger.note) as PointsNote) : null
  const cards = read(asked, 'penalty', asked.person)
    .filter(({ at }) => months.includes(inZone(new Date(at), asked.plant.timeZone).date.slice(0, 7)))
    .map((row) => JSON.parse(row.note) as PenaltyNote)
    .filter(stands)
  const lost = cards.filter(({ status }) => status !== 'underAppeal').reduce((sum, { colour }) => sum + portrait.cards[colour], 0)
  const axes = portrait.axes.map((axis): Axis => {
    const sum = sumOver(axis, months, note?.months ?? {})
    return { name: axis.name, value: sum === null ? null : bounded((sum / axis.full) * 100) }
  })
  return {
    axes: [...axes, { name: 'discipline', value: bounded(100 - lost) }],
    total: ledger?.weight ?? 0,
    months: note?.months ?? {},
    recent: note?.recent ?? [],
    cards,
  }
}
