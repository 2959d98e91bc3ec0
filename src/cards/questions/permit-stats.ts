import { inZone } from '../../lib/clock.ts'
import { fates, leadTimes, permitTally, startHours, stopReasons } from '../../workflows/permit/tallies.ts'
import type { Plant, Reads } from '../../workflows/workflow.ts'
import type { Card } from '../card.ts'
import { permitText } from '../text/permit.ts'
import { statsText as text } from '../text/permit-lists.ts'
import { fill } from '../words.ts'

type Asked = Reads & { readonly at: Date; readonly plant: Plant }
type Counted = readonly (readonly [name: string, count: number])[]

const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0)
const blocks = Array.from({ length: 24 / startHours }, (_, block) => block)

const listed = (counted: Counted): string => {
  const some = counted.filter(([, count]) => count > 0)
  return some.length === 0 ? text.none : some.map(([name, count]) => fill(text.item, { name, count: String(count) })).join('、')
}

const answer = ({ at, plant, count }: Asked): Card => {
  const month = inZone(at, plant.timeZone).date.slice(0, 7)
  const of = (name: string, key: string): number => count(permitTally(name, month, key))
  const starts = text.weekdays.map((day, index) => ({ day, counts: blocks.map((block) => of('start', `${index + 1}-${block}`)) }))
  const begun = sum(starts.flatMap(({ counts }) => counts))
  const lead: Counted = [...leadTimes.keys(), leadTimes.length].map((index) => [
    text.lead[index] ?? '',
    of('lead', String(index)),
  ])
  const works: Counted = Object.entries(permitText.works).map(([work, name]) => [name, of('work', work)])
  const stops: Counted = stopReasons.map((reason) => [permitText.reasons[reason], of('stop', reason)])
  const became: Counted = fates.map((name) => [text.fates[name], of('fate', name)])
  const head = fill(text.head, { blocks: blocks.map((block) => String(block * startHours)).join('/') })
  return {
    tone: 'info',
    title: text.title,
    subtitle: fill(text.subtitle, { month }),
    facts: [
      { label: text.facts.starts, value: fill(text.count, { count: String(begun) }) },
      { label: text.facts.lead, value: listed(lead) },
      { label: text.facts.stops, value: listed(stops) },
      { label: text.facts.fates, value: listed(became) },
      { label: text.facts.works, value: listed(works) },
    ],
    body: [head, ...starts.map(({ day, counts }) => fill(text.row, { day, counts: counts.join(' ') }))].join('\n'),
    pictures: [],
    form: [],
    actions: [],
    summary: fill(text.summary, { count: String(begun) }),
    page: null,
    note: text.note,
  }
}

/** 作业统计: when works begin, how long before they are asked for, why they are stopped. */
export const permitStatsQuestion = { name: 'permit-stats', spoken: /^(特殊)?作业(票)?统计[?？。]?$/, answer } as const
