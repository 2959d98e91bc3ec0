import { inZone } from '../lib/clock.ts'
import { clip } from '../lib/text.ts'
import { type CertificateState, type Rung, tradeName } from '../workflows/certificate/certificate.ts'
import type { Card, Fact, Tone } from './card.ts'
import { certificateText as text } from './text/certificate.ts'
import type { View } from './view.ts'
import { fill } from './words.ts'

const day = 86_400_000
const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00.000Z`) - Date.parse(`${from}T00:00:00.000Z`)) / day)

const mostLines = 4

const dueFact = ({ trade, why, on }: Rung, today: string): Fact => {
  const left = daysBetween(today, on)
  const said = left < 0 ? text.due[why] : left === 0 ? text.due.today : text.due.soon
  return { label: text.labels[why], value: fill(said, { trade: tradeName(trade), on, left: String(left) }) }
}

type Kind = 'soon' | 'lapsed' | 'renewed'
const tones: Readonly<Record<Kind, Tone>> = { soon: 'warning', lapsed: 'danger', renewed: 'success' }

/** A person's reminder: everything that ends or must be reviewed, on one card. The number of the certificate is no part of it. Pure. */
export const certificateCard = (state: CertificateState, view: View): Card => {
  const { date } = inZone(view.at, view.plant.timeZone)
  const lines = state.lines.toSorted((a, b) => (a.on < b.on ? -1 : 1))
  const kind: Kind = lines.length === 0 ? 'renewed' : lines.some(({ on }) => on < date) ? 'lapsed' : 'soon'
  const holder = view.plant.persons.get(state.person)
  const rest = lines.length - mostLines
  const title = text.titles[kind]
  return {
    tone: tones[kind],
    title,
    subtitle: '',
    facts: [
      { label: text.facts.holder, value: `${holder?.name ?? state.person}${holder?.team ? `（${holder.team}）` : ''}` },
      ...lines.slice(0, mostLines).map((one) => dueFact(one, date)),
    ],
    body: rest > 0 ? `${fill(text.more, { count: String(rest) })}\n${text.body[kind]}` : text.body[kind],
    pictures: [],
    form: [],
    actions: [],
    summary: clip(
      `${title} ${holder?.name ?? ''} ${lines.map(({ trade, on }) => `${tradeName(trade)} ${on}`).join('；')}`.trim(),
      120,
    ),
    page: view.page(text.page),
    note: '',
  }
}
