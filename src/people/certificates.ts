import type { Handle } from '../db/database.ts'
import type { Certificate } from '../rules/permits/certificates.ts'
import { createNumbers, maskNumber } from './certificates-number.ts'

/** A row of the table as decisions and cards read it. */
export type StoredCertificate = Certificate & { readonly person: string; readonly number: string; readonly authority: string }

/** The certificates of a site, the sealed numbers left where they are. */
export const readCertificates = async (handle: Handle, site: string): Promise<readonly StoredCertificate[]> => {
  const rows = await handle
    .selectFrom('certificate')
    .selectAll()
    .where('site', '=', site)
    .orderBy('person')
    .orderBy('trade')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    person: row.person,
    trade: row.trade,
    number: row.number_masked,
    authority: row.authority,
    issuedOn: row.issued_on,
    validUntil: row.valid_until,
    reviewDue: row.review_due,
    reviewedOn: row.reviewed_on,
    suspended: row.status !== 'valid',
    lastPractisedOn: row.practised_on,
    health: row.fit === null || row.fit_until === null ? null : { fit: row.fit, until: row.fit_until },
  }))
}

/** Certificates whose number cannot be opened under this secret, or is not the one by which the row is found: written under another secret, or changed. */
export const unreadableNumbers = async (
  handle: Handle,
  secret: string,
): Promise<readonly { readonly site: string; readonly id: string; readonly person: string }[]> => {
  const numbers = createNumbers(secret)
  const rows = await handle
    .selectFrom('certificate')
    .select(['site', 'id', 'person', 'number_sealed', 'number_hash', 'number_masked'])
    .orderBy('site')
    .orderBy('id')
    .execute()
  return rows.flatMap(({ site, id, person, number_sealed, number_hash, number_masked }) => {
    const number = numbers.open(number_sealed)
    const fits = number !== null && numbers.find(number) === number_hash && maskNumber(number) === number_masked
    return fits ? [] : [{ site, id, person }]
  })
}
