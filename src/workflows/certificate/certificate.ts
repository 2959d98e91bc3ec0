import { certificateReminders } from '../../rules/certificate-reminders.ts'
import type { CertificateFault } from '../../rules/permits/certificate-orders.ts'
import { certCovers } from '../../rules/permits/certificates.ts'
import { dateAfter } from '../../rules/working-days.ts'
import type { HeldCertificate } from '../workflow.ts'

export { tradeName } from '../../rules/permits/certificate-trades.ts'

/** What the reminders know of a certificate: what it is for and when it ends. Its number stays in the register. Dates `YYYY-MM-DD`. */
export type Watched = {
  readonly id: string
  readonly trade: string
  readonly validUntil: string
  readonly reviewDue: string | null
  readonly suspended: boolean
}

export type Why = 'expiry' | 'review'
/** Something that is said once: a certificate ends or must be reviewed `on` a date, said `days` before it; 0 for the day after, when it is invalid. */
export type Rung = {
  readonly certificate: string
  readonly trade: string
  readonly why: Why
  readonly on: string
  readonly days: number
}

/** The certificates of one person (证书提醒): 60, 30 and 7 days before one of them ends or must be reviewed, and the day after, one card says so. */
export type CertificateState = {
  /** `watching`: something is still to be said. `quiet`: nothing is, until the next import. `left`: the person has gone. */
  readonly status: 'watching' | 'quiet' | 'left'
  readonly site: string
  readonly person: string
  /** The rule by which the last import is watched. */
  readonly rule: string
  readonly days: readonly number[]
  /** Revision of the site at the import that this comes from. */
  readonly asOf: number
  readonly watched: readonly Watched[]
  /** Rungs that were said, or had gone by when the certificate came. */
  readonly past: readonly string[]
  /** What the card says: the last step of everything that was said, less what was put right since. */
  readonly lines: readonly Rung[]
}

export type CertificateCommand =
  | { readonly type: 'register'; readonly person: string; readonly asOf: number; readonly certificates: readonly Watched[] }
  | { readonly type: 'remind' }
  | { readonly type: 'reassignLeaver'; readonly person: string }
  | { readonly type: 'reportUnreachable'; readonly person: string; readonly duty: string }

export type CertificateEvent =
  | {
      readonly type: 'registered'
      readonly site: string
      readonly person: string
      readonly at: string
      readonly rule: string
      readonly days: readonly number[]
      readonly asOf: number
      readonly certificates: readonly Watched[]
      /** Rungs that count as said: what ended before we knew of it is history. */
      readonly past: readonly string[]
    }
  | { readonly type: 'reminded'; readonly at: string; readonly lines: readonly Rung[]; readonly past: readonly string[] }
  | { readonly type: 'left'; readonly at: string }

export const rungKey = ({ certificate, why, on, days }: Rung): string => `${certificate} ${why} ${on} ${days}`
/** The first day on which a rung is due. */
export const rungDay = ({ on, days }: Rung): string => dateAfter(on, days === 0 ? 1 : -days)

/** What a certificate comes to: its end, and its review when that comes first. A suspended one is invalid whatever its dates say. */
const duesOf = ({ validUntil, reviewDue, suspended }: Watched): readonly (readonly [Why, string])[] => {
  if (suspended) return []
  return reviewDue !== null && reviewDue < validUntil
    ? [
        ['review', reviewDue],
        ['expiry', validUntil],
      ]
    : [['expiry', validUntil]]
}

/** Every rung of these certificates, said or not. */
export const rungsOf = ({ watched, days }: Pick<CertificateState, 'watched' | 'days'>): readonly Rung[] =>
  watched.flatMap((one) =>
    duesOf(one).flatMap(([why, on]) =>
      [...days, 0].map((before): Rung => ({ certificate: one.id, trade: one.trade, why, on, days: before })),
    ),
  )

/** What is still to be said. Once a review was missed the certificate is invalid, and its end is no news. */
export const pendingOf = (state: Pick<CertificateState, 'watched' | 'days' | 'past'>): readonly Rung[] => {
  const past = new Set(state.past)
  const rungs = rungsOf(state)
  const lapsed = new Set(rungs.filter((one) => one.days === 0 && past.has(rungKey(one))).map(({ certificate }) => certificate))
  return rungs.filter((one) => !past.has(rungKey(one)) && !lapsed.has(one.certificate))
}

export const { names: dueNames } = certificateReminders

/** What the start of a permit would say of this certificate alone, for its own trade. */
export const standingOf = (one: HeldCertificate, on: string): 'covered' | CertificateFault => {
  const answer = certCovers([one], one.trade, on)
  return answer.kind === 'covered' ? 'covered' : answer.because
}
