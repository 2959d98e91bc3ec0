import { inZone } from '../../lib/clock.ts'
import { digestRule } from '../../workflows/digest/digest.ts'
import { counted, countsOver } from '../../workflows/indicators.ts'
import type { Plant, Reads } from '../../workflows/workflow.ts'
import type { Card } from '../card.ts'
import { rateFacts } from '../digest-card.ts'
import { digestText as text } from '../text/digest.ts'
import { fill } from '../words.ts'

type Asked = Reads & { readonly at: Date; readonly plant: Plant }

/** The indicators of the last days, counts and shares; a share without cases says that there are none. */
const answer = (asked: Asked): Card => {
  const days = String(digestRule.window)
  const counts = countsOver(asked, asked.plant, asked.at, digestRule.window)
  const { date } = inZone(asked.at, asked.plant.timeZone)
  const words = text.indicators
  return {
    tone: 'info',
    title: words.title,
    subtitle: fill(words.subtitle, { days, date }),
    facts: rateFacts(counts),
    body: counted.map((name) => `${text.counts[name]} ${counts[name]}`).join('　'),
    pictures: [],
    form: [],
    actions: [],
    summary: fill(words.summary, { days, reported: String(counts.reported), closed: String(counts.closed) }),
    page: null,
    note: words.note,
  }
}

/** 指标, 隐患指标, 整改率 and their like. */
export const indicatorsQuestion = {
  name: 'indicators',
  spoken: /^(查看|本月)?(安全|隐患)?(治理)?(指标|整改率|按期关闭率|统计)[?？。]?$/,
  answer,
} as const
