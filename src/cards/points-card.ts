import { inZone } from '../lib/clock.ts'
import type { PointEntry, PointsState } from '../workflows/points/points.ts'
import type { Card, Fact } from './card.ts'
import { pointsText as text } from './text/points.ts'
import type { View } from './view.ts'

type Line = Pick<PointEntry, 'kind' | 'group' | 'points' | 'day' | 'code'>
type Account = { readonly total: number; readonly months: PointsState['months']; readonly recent: readonly Line[] }

export const signed = (points: number): string => (points > 0 ? `+${points}` : String(points))

const monthSum = (months: PointsState['months'], month: string): number =>
  Object.values(months[month] ?? {}).reduce((sum, points) => sum + points, 0)

const lineOf = ({ kind, group, points, day, code }: Line): string => {
  const what = group === null ? '' : text.groups[group]
  return `${day.slice(5)} ${what}${kind === 'reversal' ? text.reversal : ''} ${signed(points)}${code ? ` ${code}` : ''}`
}

/** The points of one person in words: total, this month by group, and the last few lines. Pure. */
export const pointsWords = (account: Account, today: string): { readonly facts: readonly Fact[]; readonly body: string } => {
  const month = today.slice(0, 7)
  const groups = Object.entries(account.months[month] ?? {}).map(([group, points]) => ({
    label: text.groups[group as keyof typeof text.groups],
    value: signed(points),
  }))
  const facts = [
    { label: text.facts.total, value: String(account.total) },
    { label: text.facts.month, value: signed(monthSum(account.months, month)) },
    ...groups,
  ]
  const lines = [...account.recent].reverse().map(lineOf)
  return { facts, body: lines.length > 0 ? `${text.facts.recent}\n${lines.join('\n')}` : text.none }
}

/** A card of somebody's points, from the ledger or from what the index says of it. Pure. */
export const pointsSheet = (account: Account, today: string, page: Card['page']): Card => {
  const words = pointsWords(account, today)
  return {
    tone: 'info',
    title: text.title,
    subtitle: '',
    facts: words.facts,
    body: words.body,
    pictures: [],
    form: [],
    actions: [],
    summary: `${text.title} ${account.total}`,
    page,
    note: text.note,
  }
}

/** The ledger as its person sees it. */
export const pointsCard = (state: PointsState, view: View): Card =>
  pointsSheet(
    { total: state.total, months: state.months, recent: state.entries.filter(({ points }) => points !== 0).slice(-5) },
    inZone(view.at, view.plant.timeZone).date,
    view.page(text.page),
  )
