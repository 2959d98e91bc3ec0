import { days, hours, type Millis, minutes } from '../../lib/clock.ts'
import type { GasLimit, JobQuestion, Test } from './rule-pack.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** A Markdown table with an empty line after it; a dash where a row has nothing to say, and a sentence where there are no rows. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length === 0
    ? ['无。', '']
    : [
        `| ${head.join(' | ')} |`,
        `|${'---|'.repeat(head.length)}`,
        ...rows.map((row) => `| ${row.map((text) => cell(text === '' ? '—' : text)).join(' | ')} |`),
        '',
      ]

/** A duration as the standards write it: minutes up to an hour, hours up to three days, then days. */
export const durationWords = (length: Millis): string => {
  if (length === 0) return '0'
  if (length < hours(2) || length % hours(1) !== 0) return `${length / minutes(1)} min`
  return length > hours(72) && length % days(1) === 0 ? `${length / days(1)} 天` : `${length / hours(1)} h`
}

const bounds = ['above', 'atLeast', 'below', 'atMost'] as const
const signs = { above: '＞', atLeast: '≥', below: '＜', atMost: '≤' } as const

const choiceNames = (question: JobQuestion, ids: readonly string[]): string =>
  ids.length === 0 ? '任一' : ids.map((id) => question.choices?.find((one) => one.id === id)?.label ?? id).join('、')

/** One test in words, by the question that it is about. */
const testWords = (test: Test, questions: readonly JobQuestion[]): string => {
  const question = questions.find(({ id }) => id === test.fact)
  if (!question) throw new RangeError(`no question asks for «${test.fact}»`)
  const { label, unit = '' } = question
  if (test.is === true) return `“${label}”为是`
  if (test.is === false) return `“${label}”为否`
  if (typeof test.is === 'string') return `“${label}”为${choiceNames(question, [test.is])}`
  if (test.anyOf) return `“${label}”有${choiceNames(question, test.anyOf)}`
  return bounds
    .flatMap((bound) => (test[bound] === undefined ? [] : [`${label}${signs[bound]}${test[bound]} ${unit}`]))
    .join('且')
}

/** All tests together; empty where there are none. Throws RangeError for a test that no question answers. */
export const whenWords = (tests: readonly Test[] | undefined, questions: readonly JobQuestion[]): string =>
  (tests ?? []).map((test) => testWords(test, questions)).join('，且')

const unitWords: Readonly<Record<GasLimit['unit'], string>> = { 'vol%': '%（体积）', 'LEL%': '%LEL', 'mg/m3': ' mg/m³' }
export const gasKindWords: Readonly<Record<GasLimit['kind'], string>> = {
  combustible: '可燃气体',
  oxygen: '氧气',
  toxic: '有毒物质',
}

/** A limit in words. A toxic one without bounds is each substance's own. */
export const limitWords = ({ least, most, unit }: GasLimit): string => {
  if (least !== undefined && most !== undefined) return `${least}～${most}${unitWords[unit]}`
  if (most !== undefined) return `≤ ${most}${unitWords[unit]}`
  return least === undefined ? '该物质的 GBZ 2.1 限值' : `≥ ${least}${unitWords[unit]}`
}
