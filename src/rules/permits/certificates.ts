import type { Citation } from '../../lib/refusal.ts'
import { type CertificateFault, certificateFaults, clauseFor, orderOn } from './certificate-orders.ts'
import { type Register, tradeName, tradeOf } from './certificate-trades.ts'

/**
 * Whether somebody's certificates let them do a trade on a day. Dates are `YYYY-MM-DD` of the site's own calendar; a due date itself still counts. Null is not
 * known, and what is not known does not count in the holder's favour.
 */
export type Certificate = {
  readonly id: string
  /** An id of `certificate-trades.ts`. */
  readonly trade: string
  readonly issuedOn: string
  readonly validUntil: string
  /** When the next review is due; null where the paper names no date. */
  readonly reviewDue: string | null
  readonly reviewedOn: string | null
  /** Suspended, withdrawn or revoked, by the authority or the enterprise. */
  readonly suspended: boolean
  /** Last day on this trade that is known. The days of issue, of review and of a practical re-test are such days too. */
  readonly lastPractisedOn: string | null
  /** Fitness for the trade, without any diagnosis (GBZ/T 260); null where no examination is recorded. */
  readonly health: { readonly fit: boolean; readonly until: string } | null
}

export type CertificateAnswer =
  | { readonly kind: 'covered'; readonly by: Certificate }
  | {
      readonly kind: 'refused'
      readonly because: CertificateFault
      /** The certificate that comes nearest: of the trade, else of its family (低压 for 高压), else null. */
      readonly nearest: Certificate | null
      /** For the words: the trade wanted, the one held, and the date that passed. */
      readonly values: Readonly<Record<'wanted' | 'held' | 'date', string>>
      readonly clause: Citation
    }

const familyOf = (trade: string): string => trade.split('.')[0] ?? trade
/** Who keeps the register of a trade; the strictest one for a trade that the product does not know. */
const registerOf = (trade: string): Register['id'] => tradeOf(trade)?.register ?? 'specialOperation'

const isDate = (date: string): boolean => {
  const at = new Date(`${date}T00:00:00.000Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(date) && at.toString() !== 'Invalid Date' && at.toISOString().startsWith(date)
}

/** The same day so many months later, the last one of a shorter month. Throws RangeError for what is no date. */
export const monthsLater = (date: string, months: number): string => {
  if (!isDate(date)) throw new RangeError(`«${date}» is no date`)
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  const lastDay = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastDay))).toISOString().slice(0, 10)
}

type Fault = { readonly because: CertificateFault; readonly date: string }

const datesOf = ({ issuedOn, validUntil, reviewDue, reviewedOn, lastPractisedOn, health }: Certificate): readonly string[] =>
  [issuedOn, validUntil, reviewDue, reviewedOn, lastPractisedOn, health?.until ?? null].filter((date) => date !== null)

const lastOf = (dates: readonly (string | null)[], on: string): string | null =>
  dates
    .filter((date) => date !== null && date <= on)
    .toSorted()
    .at(-1) ?? null

/** The review that must have been passed: the printed date, else by the order in force, and never after the certificate itself ends. */
export const reviewDueOf = (one: Certificate, on: string): string | null => {
  if (one.reviewDue !== null) return one.reviewDue
  if (registerOf(one.trade) !== 'specialOperation') return null
  const last = lastOf([one.issuedOn, one.reviewedOn], on)
  return last && monthsLater(last, orderOn(on).reviewYears * 12)
}

/** Off the trade for six months or more (Order 30, art. 32): the law says so of special operations only. */
const offTradeSince = (one: Certificate, on: string): string | null => {
  if (registerOf(one.trade) !== 'specialOperation') return null
  const last = lastOf([one.lastPractisedOn, one.issuedOn, one.reviewedOn], on)
  return last === null || monthsLater(last, orderOn(on).offTradeMonths) <= on ? (last ?? one.issuedOn) : null
}

const healthFault = ({ trade, health }: Certificate, on: string): Fault | null => {
  if (health === null) return registerOf(trade) === 'enterprise' ? null : { because: 'fitnessUnknown', date: '' }
  if (!health.fit) return { because: 'unfit', date: health.until }
  return on <= health.until ? null : { because: 'fitnessUnknown', date: health.until }
}

/** What is wrong with a certificate on a day, the gravest first; null when it counts. */
const faultOf = (one: Certificate, on: string): Fault | null => {
  if (one.suspended) return { because: 'suspended', date: '' }
  if (!datesOf(one).every(isDate)) return { because: 'unreadable', date: '' }
  if (on < one.issuedOn) return { because: 'notYetValid', date: one.issuedOn }
  if (on > one.validUntil) return { because: 'expired', date: one.validUntil }
  const due = reviewDueOf(one, on)
  if (due !== null && on > due) return { because: 'reviewMissed', date: due }
  const since = offTradeSince(one, on)
  return since === null ? healthFault(one, on) : { because: 'offTrade', date: since }
}

const refusal = (fault: Fault, wanted: readonly string[], nearest: Certificate | null, on: string): CertificateAnswer => ({
  kind: 'refused',
  because: fault.because,
  nearest,
  values: {
    wanted: wanted.map(tradeName).join('、'),
    held: nearest ? tradeName(nearest.trade) : '',
    date: fault.date,
  },
  clause: clauseFor(fault.because, wanted[0] ?? '', on),
})

const gravity = ({ because }: Fault): number => certificateFaults.indexOf(because)

/**
 * Whether any of these certificates covers a trade, or any of several, on a date of the site's calendar. Throws RangeError for what is no date. The answer
 * names what is wrong with the certificate that comes nearest; a certificate of another trade of the family is told apart from none at all.
 */
export const certCovers = (
  certificates: readonly Certificate[],
  trade: string | readonly string[],
  on: string,
): CertificateAnswer => {
  if (!isDate(on)) throw new RangeError(`«${on}» is no date`)
  const wanted = typeof trade === 'string' ? [trade] : trade
  const own = certificates.filter((one) => wanted.includes(one.trade)).map((one) => ({ one, fault: faultOf(one, on) }))
  const good = own.find(({ fault }) => fault === null)
  if (good) return { kind: 'covered', by: good.one }
  const faulty = own
    .flatMap(({ one, fault }) => (fault ? [{ one, fault }] : []))
    .toSorted((a, b) => gravity(b.fault) - gravity(a.fault))
  const [nearest] = faulty
  if (nearest) return refusal(nearest.fault, wanted, nearest.one, on)
  const relative = certificates.find((one) => wanted.some((id) => familyOf(id) === familyOf(one.trade)))
  return relative
    ? refusal({ because: 'otherTrade', date: '' }, wanted, relative, on)
    : refusal({ because: 'none', date: '' }, wanted, null, on)
}
