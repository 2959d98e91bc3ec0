import { inZone } from '../../lib/clock.ts'
import { type Axis, portraitOf } from '../../workflows/points/portrait.ts'
import type { Plant, Reads } from '../../workflows/workflow.ts'
import type { Card, Fact } from '../card.ts'
import { pointsSheet } from '../points-card.ts'
import { penaltyText } from '../text/penalty.ts'
import { profileText as text } from '../text/profile.ts'
import { fill } from '../words.ts'

type Asked = Reads & { readonly person: string; readonly at: Date; readonly plant: Plant }

const cells = 10

/** An axis as a bar of ten cells, so that the portrait can be read where no picture is shown. */
export const bar = (value: number | null): string => {
  if (value === null) return text.unknown
  const full = Math.round((value / 100) * cells)
  return `${'█'.repeat(full)}${'░'.repeat(cells - full)} ${value}`
}

export const axisName = ({ name }: Axis): string => text.axes[name as keyof typeof text.axes] ?? name

const pointsAnswer = (asked: Asked): Card => pointsSheet(portraitOf(asked), inZone(asked.at, asked.plant.timeZone).date, null)

const portraitAnswer = (asked: Asked): Card => {
  const { axes, total, cards } = portraitOf(asked)
  const facts: readonly Fact[] = axes.map((axis) => ({ label: axisName(axis), value: bar(axis.value) }))
  const lines = cards.map(({ colour, cause, status, code }) =>
    fill(text.card, {
      colour: penaltyText.colours[colour],
      cause: penaltyText.causes[cause],
      status: penaltyText.status[status],
      code,
    }),
  )
  return {
    tone: 'info',
    title: text.title,
    subtitle: asked.plant.persons.get(asked.person)?.name ?? '',
    facts,
    body: [fill(text.total, { total: String(total) }), ...(lines.length > 0 ? lines.slice(0, 10) : [text.noCards])].join('\n'),
    pictures: [],
    form: [],
    actions: [],
    summary: text.title,
    page: null,
    note: text.note,
  }
}

/** 我的积分: total, this month by group, the last lines. */
export const pointsQuestion = { name: 'points', spoken: /^我的(安全)?积分[?？。]?$/, answer: pointsAnswer } as const

/** 我的安全画像: six axes over this month and the two before. The person's own, and nobody else's. */
export const profileQuestion = { name: 'profile', spoken: /^我的(安全)?画像[?？。]?$/, answer: portraitAnswer } as const
