import { dateAfter } from '../rules/working-days.ts'
import type { CertificateRow } from './certificates-rows.ts'

/** The day for which the dates of `demo/certificates.csv` were written. */
const writtenOn = '2026-11-24'

const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00.000Z`) - Date.parse(`${from}T00:00:00.000Z`)) / 86_400_000)

/** The demo's certificates as if they had been written today, so that what is valid in the demo is valid whenever somebody tries it. */
export const movedToToday = (rows: readonly CertificateRow[], today: string): readonly CertificateRow[] => {
  const by = daysBetween(writtenOn, today)
  const moved = (date: string): string => dateAfter(date, by)
  const maybe = <T extends string | null | undefined>(date: T): T | string => (typeof date === 'string' ? moved(date) : date)
  return rows.map((row) => ({
    ...row,
    issuedOn: moved(row.issuedOn),
    validUntil: moved(row.validUntil),
    reviewDue: maybe(row.reviewDue),
    reviewedOn: maybe(row.reviewedOn),
    lastPractisedOn: maybe(row.lastPractisedOn),
    health: row.health && { ...row.health, until: moved(row.health.until) },
  }))
}
