import { permitText } from '../cards/text/permit.ts'
import { paperText as text } from '../cards/text/permit-paper.ts'
import { substanceName } from '../workflows/permit/paper.ts'
import type { linesFor } from '../workflows/permit/prepare.ts'
import { cell, centred, head, type PaperBlock } from './paper.ts'
import type { Given } from './permit-form.ts'

type Lines = ReturnType<typeof linesFor>

/** Every sample, in the order of sampling: none is left out, least of all one that failed. */
export const gasBlock = ({ state, rules, time, name }: Given): PaperBlock => {
  const { gas: words } = text
  const pointName = (id: string): string => rules.gas?.points.find((point) => point.id === id)?.label ?? id
  const rows = [...state.gas]
    .sort((a, b) => (a.sampledAt < b.sampledAt ? -1 : a.sampledAt > b.sampledAt ? 1 : 0))
    .map((sample) => [
      cell(time(sample.sampledAt), 4),
      cell(pointName(sample.point), 3),
      cell(`${permitText.gasKinds[sample.kind]}\n${substanceName(sample.substance)}`, 3),
      cell(`${sample.value} ${sample.unit}`, 2),
      cell(`${sample.limit}（${sample.clause}）`, 5),
      cell(`${sample.instrument}\n${sample.calibrationDue.slice(0, 10)}`, 3),
      cell(name(sample.analyst), 2),
      centred(sample.passed ? words.passed : words.failed, 2),
    ])
  return {
    title: text.blocks.gas,
    head: [
      ...[head(words.at, 4), head(words.point, 3), head(words.substance, 3), head(words.value, 2), head(words.limit, 5)],
      ...[head(words.instrument, 3), head(words.analyst, 2), head(words.verdict, 2)],
    ],
    rows: rows.length > 0 ? rows : [[centred(words.none, 24)]],
  }
}

/** Every line that this job calls for, answered or not. */
export const measureBlock = ({ state, time, name }: Given, lines: Lines): PaperBlock => {
  const { measures: words } = text
  const rows = lines.map((line, index) => {
    const answer = state.measures.find((one) => one.line === line.id)
    const value =
      answer?.value === null || answer === undefined || !line.asks
        ? ''
        : `　${line.asks.label}：${answer.value} ${line.asks.unit}`
    return [
      centred(String(index + 1), 1),
      cell(`${line.text}（${line.clause}）${value}`, 14),
      centred(answer ? (answer.involved ? words.yes : words.no) : words.open, 2),
      centred(answer ? name(answer.by) : '', 3),
      centred(answer ? time(answer.at) : '', 4),
    ]
  })
  return {
    title: text.blocks.measures,
    head: [head(words.index, 1), head(words.line, 14), head(words.involved, 2), head(words.by, 3), head(words.at, 4)],
    rows,
  }
}

export const isolationBlock = ({ state, time, name }: Given): PaperBlock => {
  const { isolations: words } = text
  return {
    title: text.blocks.isolations,
    head: [head(words.what, 7), head(words.kind, 3), head(words.photo, 8), head(words.tried, 6)],
    rows: state.isolations.map(({ what, kind, photo, tried }) => [
      cell(what, 7),
      centred(permitText.isolationKinds[kind], 3),
      cell(photo ?? text.none, 8),
      cell(tried ? `${name(tried.by)} ${time(tried.at)}` : words.open, 6),
    ]),
  }
}
