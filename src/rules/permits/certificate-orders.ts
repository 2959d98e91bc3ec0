import type { Citation } from '../../lib/refusal.ts'
import { tradeOf } from './certificate-trades.ts'

/** Why a certificate does not count. */
export const certificateFaults = [
  'suspended',
  'unreadable',
  'unfit',
  'expired',
  'reviewMissed',
  'offTrade',
  'fitnessUnknown',
  'notYetValid',
  'otherTrade',
  'none',
] as const
export type CertificateFault = (typeof certificateFaults)[number]

/**
 * Who rules special operations from a day on. `reviewYears`: a review is due so many years after issue or the last review where the paper names no date.
 * `offTradeMonths`: off the trade so long, a practical re-test comes before the return.
 */
export type Order = {
  readonly from: string
  readonly edition: string
  readonly reviewYears: number
  readonly offTradeMonths: number
  readonly articles: Readonly<Record<CertificateFault, string>>
}

export const orderTitle = '特种作业人员安全技术培训考核管理规定'

/**
 * Newest first. The text of Order 19 was not read: its articles are named by subject. The press reports that it ends the three-yearly review (工人日报, 2026: 每3年复审改为每6年换证),
 * another secondary source that reviews go on; the stricter is kept, so a printed review date still counts, until the text has been read.
 */
export const orders: readonly [Order, ...Order[]] = [
  {
    from: '2026-06-01',
    edition: '应急管理部令第19号',
    reviewYears: 3,
    offTradeMonths: 6,
    articles: {
      suspended: '证件撤销与注销',
      unreadable: '持证上岗',
      unfit: '健康条件',
      expired: '证件有效期',
      reviewMissed: '复审与换证',
      offTrade: '离岗后重新考核',
      fitnessUnknown: '健康条件',
      notYetValid: '证件有效期',
      otherTrade: '持证上岗',
      none: '持证上岗',
    },
  },
  {
    from: '2010-07-01',
    edition: '国家安全生产监督管理总局令第30号',
    reviewYears: 3,
    offTradeMonths: 6,
    articles: {
      suspended: '第三十条',
      unreadable: '第五条',
      unfit: '第四条',
      expired: '第十九条',
      reviewMissed: '第二十一条、第二十六条',
      offTrade: '第三十二条',
      fitnessUnknown: '第四条',
      notYetValid: '第十九条',
      otherTrade: '第五条',
      none: '第五条',
    },
  },
]

/** The order in force on a date of the site; the oldest one for earlier dates. */
export const orderOn = (on: string): Order => orders.find(({ from }) => on >= from) ?? orders.at(-1) ?? orders[0]

/** The rule that a fault offends on a date: special equipment and the enterprise's own training rest on the permit standard itself (4.9, 4.10). */
export const clauseFor = (fault: CertificateFault, trade: string, on: string): Citation => {
  const known = tradeOf(trade)
  if (known && known.register !== 'specialOperation') return { standard: 'GB 30871-2022', clause: known.clause, edition: '2022' }
  const { edition, articles } = orderOn(on)
  return { standard: orderTitle, clause: articles[fault], edition }
}
