import type { Axis } from '../workflows/points/portrait.ts'
import type { PortraitCard, PortraitState } from '../workflows/portrait/portrait.ts'
import type { Card, Fact } from './card.ts'
import { penaltyText } from './text/penalty.ts'
import { portraitText as text } from './text/portrait.ts'
import type { View } from './view.ts'
import { fill } from './words.ts'

const cells = 10

/** A value as people read it: what nothing was ever recorded about is unknown. */
export const shownValue = (value: number | null): string => (value === null ? text.unknown : String(value))

/** An axis as a bar of ten cells, so that the portrait can be read where no picture is shown. */
export const bar = (value: number | null): string => {
  if (value === null) return text.unknown
  const full = Math.round((value / 100) * cells)
  return `${'█'.repeat(full)}${'░'.repeat(cells - full)} ${value}`
}

export const axisName = ({ name }: Axis): string => text.axes[name as keyof typeof text.axes] ?? name

const lineOf = ({ colour, cause, status, code }: PortraitCard): string =>
  fill(text.card, {
    colour: penaltyText.colours[colour],
    cause: penaltyText.causes[cause],
    status: penaltyText.status[status],
    code,
  })

/** The last axis stands here as well: a surface that shows fewer facts beside a picture must not lose it. */
const totals = ({ total, axes }: PortraitState): string =>
  fill(text.total, {
    total: String(total),
    discipline: shownValue(axes.find(({ name }) => name === 'discipline')?.value ?? null),
  })

/** All that the picture shows, for whoever hears it read out. */
const altOf = (axes: readonly Axis[]): string =>
  fill(text.alt, { values: axes.map((axis) => `${axisName(axis)} ${shownValue(axis.value)}`).join('，') })

/** The portrait as its person sees it, with its picture once that is drawn. Pure. */
export const portraitCard = (state: PortraitState, view: View): Card => {
  const facts: readonly Fact[] = state.axes.map((axis) => ({ label: axisName(axis), value: bar(axis.value) }))
  const lines = state.cards.map(lineOf)
  return {
    tone: 'info',
    title: text.title,
    subtitle: view.plant.persons.get(state.person)?.name ?? '',
    facts,
    body: [totals(state), ...(lines.length > 0 ? lines : [text.noCards])].join('\n'),
    pictures: state.picture ? [{ image: state.picture.thumbnail, alt: altOf(state.axes) }] : [],
    form: [],
    actions: [],
    summary: text.title,
    page: view.page(text.page),
    note: text.note,
  }
}
