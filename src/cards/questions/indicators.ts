import { inZone } from '../../lib/clock.ts'
import { mostCohort } from '../../workflows/cohort.ts'
import { digestRule } from '../../workflows/digest/digest.ts'
import {
  counted,
  countsOver,
  type Indicator,
  indicators,
  type Measure,
  type Measures,
  measuresOver,
  share,
} from '../../workflows/indicators.ts'
import type { Plant, Reads } from '../../workflows/workflow.ts'
import type { Card, Fact } from '../card.ts'
import { percent } from '../digest-card.ts'
import { digestText } from '../text/digest.ts'
import { indicatorsText as text } from '../text/indicators.ts'
import { fill } from '../words.ts'

type Asked = Reads & { readonly at: Date; readonly plant: Plant }

const days = String(digestRule.window)

const hoursText = (value: number | null): string => (value === null ? text.noData : fill(text.hours, { hours: value.toFixed(1) }))

const shareText = (part: number, whole: number): string =>
  whole > 0 ? fill(text.share, { percent: percent(share(part, whole)), part: String(part), whole: String(whole) }) : text.noData

type Overdue = Extract<Measure, { kind: 'ages' }>
const overdueText = ({ upTo24, upTo48, beyond, cut }: Overdue): string => {
  const count = String(upTo24 + upTo48 + beyond)
  return cut ? fill(text.atLeast, { count }) : count
}

/** An indicator in a word; what cannot be said is said to be so. */
const shownOf = (measure: Measure): string => {
  switch (measure.kind) {
    case 'share':
      return shareText(measure.part, measure.whole)
    case 'hours':
      return hoursText(measure.median)
    case 'ages':
      return overdueText(measure)
    case 'people':
      return measure.whole > 0
        ? fill(text.perHundred, {
            percent: percent(share(measure.part, measure.whole)),
            rate: ((measure.part / measure.whole) * 100).toFixed(1),
          })
        : text.noData
    case 'halfKnown':
      return text.notRecorded
  }
}

const mostTeams = 5

/** What it was reckoned from, by the words of the indicator. */
const inputsOf = (measure: Measure): Readonly<Record<string, string>> => {
  switch (measure.kind) {
    case 'share':
      return { part: String(measure.part), whole: String(measure.whole) }
    case 'hours':
      return {
        count: String(measure.count),
        mean: hoursText(measure.mean),
        median: hoursText(measure.median),
        p90: hoursText(measure.p90),
      }
    case 'ages':
      return {
        upTo24: String(measure.upTo24),
        upTo48: String(measure.upTo48),
        beyond: String(measure.beyond),
        noTerm: String(measure.noTerm),
      }
    case 'people': {
      const { silent } = measure
      const named = silent.slice(0, mostTeams).join('、')
      return {
        part: String(measure.part),
        whole: String(measure.whole),
        silent: silent.length === 0 ? text.nobody : `${silent.length}（${named}${silent.length > mostTeams ? '…' : ''}）`,
      }
    }
    case 'halfKnown':
      return { count: String(measure.count) }
  }
}

const noteOf = ({ cut, missing }: Measures): string =>
  [
    text.notes.usual,
    ...(cut ? [fill(text.notes.cut, { most: String(mostCohort) })] : []),
    ...(missing > 0 ? [fill(text.notes.missing, { count: String(missing) })] : []),
  ].join('')

const sheet = (asked: Asked, card: Pick<Card, 'title' | 'facts' | 'body' | 'summary' | 'note'>): Card => ({
  ...card,
  tone: 'info',
  subtitle: fill(text.subtitle, { days, date: inZone(asked.at, asked.plant.timeZone).date }),
  pictures: [],
  form: [],
  actions: [],
  page: null,
})

const measured = (asked: Asked): Measures => measuresOver(asked, asked.plant, asked.at, digestRule.window)

/** One indicator: its value, what it was reckoned from, and how. */
const answerOne =
  (name: Indicator) =>
  (asked: Asked): Card => {
    const all = measured(asked)
    const words: Readonly<Record<string, string>> = text.indicators[name]
    const value = shownOf(all.measures[name])
    const inputs = Object.entries(inputsOf(all.measures[name])).map(
      ([input, shown]): Fact => ({ label: words[input] ?? input, value: shown }),
    )
    return sheet(asked, {
      title: words.name ?? name,
      facts: [{ label: text.one.value, value }, ...inputs],
      body: fill(text.one.formula, { formula: words.formula ?? '' }),
      summary: fill(text.one.summary, { name: words.name ?? name, value }),
      note: noteOf(all),
    })
  }

/** Those that stand on one card; the others are asked for by name. */
const overview = indicators.slice(0, 6)

/** The indicators of the last days, counts and shares; a share without cases says that there are none. */
const answer = (asked: Asked): Card => {
  const all = measured(asked)
  const counts = countsOver(asked, asked.plant, asked.at, digestRule.window)
  const listed = counted.map((name) => `${digestText.counts[name]} ${counts[name]}`).join('　')
  return sheet(asked, {
    title: text.title,
    facts: overview.map((name) => ({ label: text.indicators[name].label, value: shownOf(all.measures[name]) })),
    body: [fill(text.counts, { counts: listed }), text.others, text.none].join('\n'),
    summary: fill(text.summary, { days, reported: String(counts.reported), closed: String(counts.closed) }),
    note: noteOf(all),
  })
}

/** 指标, 隐患指标, 统计 and their like. */
export const indicatorsQuestion = {
  name: 'indicators',
  spoken: /^(查看|本月)?(安全|隐患)?(治理)?(指标|统计)[?？。]?$/,
  answer,
} as const

/** What people call each. */
const names: Readonly<Record<Indicator, string>> = {
  rectification: '整改率',
  onTime: '按期(关闭|整改)?率',
  firstPass: '(一次|首次)(验收)?(通过|合格)率',
  overdue: '超期(未关|未关闭|隐患|情况)?',
  repeat: '重复(隐患)?率',
  falseClosure: '(关闭后)?重开率|假关闭率',
  closure: '(平均)?整改(时长|时间|用时)|关闭时长',
  ack: '(按时)?接单率|响应率',
  reply: '(上报人)?(回复|答复|反馈)率',
  reach: '(红色隐患|通知)?触达率',
  participation: '(上报)?参与率',
  nearMiss: '未遂(事件)?(比|统计)',
}

/** One question for each indicator. */
export const indicatorQuestions = indicators.map((name) => ({
  name: `indicator-${name}`,
  spoken: new RegExp(`^(查看|本月)?(隐患)?(${names[name]})[?？。]?$`),
  answer: answerOne(name),
}))
