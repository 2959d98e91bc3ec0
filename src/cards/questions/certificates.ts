import { inZone } from '../../lib/clock.ts'
import { standingOf, tradeName } from '../../workflows/certificate/certificate.ts'
import type { HeldCertificate, Plant } from '../../workflows/workflow.ts'
import type { Card } from '../card.ts'
import { certificateText as text } from '../text/certificate.ts'
import { fill } from '../words.ts'

type Asked = { readonly person: string; readonly at: Date; readonly plant: Plant }

const mostLines = 12

const lineOf = (one: HeldCertificate, index: number, on: string): string =>
  fill(text.line, {
    index: String(index + 1),
    trade: tradeName(one.trade),
    number: one.number,
    until: one.validUntil,
    review: one.reviewDue === null ? '' : fill(text.reviewPart, { on: one.reviewDue }),
    standing: text.standing[standingOf(one, on)],
  })

const answer = ({ person, at, plant }: Asked): Card => {
  const { date } = inZone(at, plant.timeZone)
  const held = plant.certificates?.(person) ?? []
  const invalid = held.filter((one) => standingOf(one, date) !== 'covered').length
  const [count, bad] = [String(held.length), String(invalid)]
  const rest = held.length - mostLines
  const lines = held.slice(0, mostLines).map((one, index) => lineOf(one, index, date))
  return {
    tone: held.length === 0 ? 'info' : invalid > 0 ? 'danger' : 'success',
    title: text.titles.mine,
    subtitle: '',
    facts:
      held.length === 0
        ? []
        : [
            { label: text.facts.count, value: fill(text.count, { count }) },
            { label: text.facts.invalid, value: fill(text.count, { count: bad }) },
          ],
    body: held.length === 0 ? text.noneHeld : [...lines, ...(rest > 0 ? [`…（+${rest}）`] : [])].join('\n'),
    pictures: [],
    form: [],
    actions: [],
    summary: fill(text.summary, { count, invalid: bad }),
    page: null,
    note: text.note,
  }
}

/** 我的证书: what the register says of whoever asks, numbers masked. The person's own, and nobody else's. */
export const certificatesQuestion = { name: 'certificates', spoken: /^我的(特种作业)?(操作)?证[书件]?[?？。]?$/, answer } as const
