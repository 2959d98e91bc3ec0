import { sql } from 'kysely'
import type { Tx } from '../db/database.ts'
import { newId } from '../lib/id.ts'
import { certificateSubject } from '../rules/certificate-reminders.ts'
import { reviewDueOf } from '../rules/permits/certificates.ts'
import { readCertificates } from './certificates.ts'
import { problem, type RowProblem } from './certificates-columns.ts'
import { createNumbers, maskNumber, type Numbers } from './certificates-number.ts'
import type { CertificateRow } from './certificates-rows.ts'

type Matched = { readonly row: CertificateRow; readonly person: string; readonly hash: string }
type Person = { readonly id: string; readonly name: string; readonly employee_no: string | null }
type Sorted = { readonly matched: readonly Matched[]; readonly problems: readonly RowProblem[] }

const plain = (name: string): string => name.normalize('NFKC').replace(/\s/g, '')

/** Who a row is about. Nobody is guessed: a name alone must be borne by one person, and a number and a name must agree. */
const findHolder = (people: readonly Person[], { row, employeeNo, name }: CertificateRow): Person | RowProblem => {
  const numbered = employeeNo === '' ? people : people.filter((one) => one.employee_no === employeeNo)
  if (numbered.length === 0) return problem(row, 'unknown-employee', { employeeNo })
  const found = name === '' ? numbered : numbered.filter((one) => plain(one.name) === plain(name))
  const [first, ...more] = found
  if (!first) return employeeNo === '' ? problem(row, 'unknown-name', { name }) : problem(row, 'other-name', { employeeNo, name })
  return more.length > 0 ? problem(row, 'several-of-that-name', { name }) : first
}

/** Rows with their holders. A number belongs to one person for ever, and stands once for each trade. */
const matchRows = (rows: readonly CertificateRow[], people: readonly Person[], numbers: Numbers): Sorted => {
  const matched: Matched[] = []
  const problems: RowProblem[] = []
  const holders = new Map<string, string>()
  const seen = new Map<string, number>()
  for (const row of rows) {
    const holder = findHolder(people, row)
    if ('because' in holder) {
      problems.push(holder)
      continue
    }
    const hash = numbers.find(row.number)
    const before = seen.get(`${hash} ${row.trade}`)
    const said = { number: maskNumber(row.number) }
    if ((holders.get(hash) ?? holder.id) !== holder.id) problems.push(problem(row.row, 'number-of-another', said))
    else if (before !== undefined) problems.push(problem(row.row, 'twice', { ...said, before: String(before) }))
    else matched.push({ row, person: holder.id, hash })
    holders.set(hash, holders.get(hash) ?? holder.id)
    if (before === undefined) seen.set(`${hash} ${row.trade}`, row.row)
  }
  return { matched, problems }
}

type Known = { readonly id: string; readonly person: string; readonly number_hash: string; readonly trade: string }

/** What the list tells; what it has no column for is left out. */
const columnsOf = ({ row, person }: Matched) => ({
  person,
  issued_on: row.issuedOn,
  valid_until: row.validUntil,
  review_due: row.reviewDue,
  status: row.status,
  ...(row.authority === undefined ? {} : { authority: row.authority }),
  ...(row.reviewedOn === undefined ? {} : { reviewed_on: row.reviewedOn }),
  ...(row.lastPractisedOn === undefined ? {} : { practised_on: row.lastPractisedOn }),
  ...(row.health === undefined ? {} : { fit: row.health?.fit ?? null, fit_until: row.health?.until ?? null }),
})

const isSame = (one: Matched, known: Known): boolean =>
  Object.entries(columnsOf(one)).every(([column, value]) => known[column as keyof Known] === value)

type Importing = { readonly site: string; readonly secret: string; readonly at: Date }

/** Writes what is new and what has changed; gives how many of each. */
const writeRows = async (
  tx: Tx,
  { site, at }: Importing,
  numbers: Numbers,
  matched: readonly Matched[],
  known: readonly Known[],
) => {
  const byKey = new Map(known.map((one) => [`${one.number_hash} ${one.trade}`, one]))
  let [added, changed] = [0, 0]
  for (const one of matched) {
    const before = byKey.get(`${one.hash} ${one.row.trade}`)
    if (before && isSame(one, before)) continue
    const set = { ...columnsOf(one), imported_at: at }
    if (before) await tx.updateTable('certificate').set(set).where('site', '=', site).where('id', '=', before.id).execute()
    else {
      const number = {
        number_sealed: numbers.seal(one.row.number),
        number_hash: one.hash,
        number_masked: maskNumber(one.row.number),
      }
      await tx
        .insertInto('certificate')
        .values({ site, id: newId('cer', at), trade: one.row.trade, authority: '', ...number, ...set })
        .execute()
    }
    if (before) changed += 1
    else added += 1
  }
  return { added, changed }
}

/** Rows of one statement: a statement carries 65,535 values at most. */
const mostAtOnce = 500

/**
 * Tells the reminders of each person in the list what they hold now, through the outbox and in this transaction; whoever came back after leaving is told too.
 * `asOf` is the site's revision, so that a message that arrives late is known as old.
 */
const callForReminders = async (tx: Tx, { site, at }: Importing, people: readonly string[], asOf: number, on: string) => {
  const nobody = { person: null, connection: null, account: null, conversation: null, lease_owner: null }
  const stored = await readCertificates(tx, site)
  const batch = newId('imp', at)
  const rows = people.map((person) => {
    const certificates = stored
      .filter((one) => one.person === person)
      .map((one) => ({
        id: one.id,
        trade: one.trade,
        validUntil: one.validUntil,
        reviewDue: reviewDueOf(one, on),
        suspended: one.suspended,
      }))
    const command = { type: 'register', person, asOf, certificates }
    const payload = { workflow: 'certificate', subject: certificateSubject(site, person), key: `${batch}:${person}`, command }
    return {
      ...{ ...nobody, site, id: newId('eff', at), subject: '', revision: 0, kind: 'command', urgent: false },
      ...{ payload: JSON.stringify(payload), due_at: at, created_at: at },
    }
  })
  for (let at = 0; at < rows.length; at += mostAtOnce)
    await tx
      .insertInto('effect')
      .values(rows.slice(at, at + mostAtOnce))
      .execute()
}

export type Imported = {
  readonly problems: readonly RowProblem[]
  readonly added: number
  readonly changed: number
  readonly unchanged: number
}

/**
 * Brings the certificates of a site to what a list says: all of it or, when anything is wrong, nothing. Certificates that the list does not name stay. Known by
 * number and trade, so the same list twice changes nothing. Counts the site's revision up, so that every replica reads it anew. `on` is today at the site.
 */
export const importCertificates = async (
  tx: Tx,
  importing: Importing & { readonly on: string },
  rows: readonly CertificateRow[],
): Promise<Imported> => {
  const { site, secret, on } = importing
  const numbers = createNumbers(secret)
  await tx.selectFrom('site').select('id').where('id', '=', site).forUpdate().executeTakeFirstOrThrow()
  const people = await tx
    .selectFrom('person')
    .select(['id', 'name', 'employee_no'])
    .where('site', '=', site)
    .where('active', '=', true)
    .orderBy('id')
    .execute()
  const { matched, problems } = matchRows(rows, people, numbers)
  const hashes = [...new Set(matched.map(({ hash }) => hash))]
  const known =
    hashes.length === 0
      ? []
      : await tx.selectFrom('certificate').selectAll().where('site', '=', site).where('number_hash', 'in', hashes).execute()
  const owners = new Map(known.map((one) => [one.number_hash, one.person]))
  const lent = matched.filter(({ hash, person }) => (owners.get(hash) ?? person) !== person)
  const wrong = [...problems, ...lent.map(({ row }) => problem(row.row, 'number-of-another', { number: maskNumber(row.number) }))]
  if (wrong.length > 0) return { problems: wrong.sort((a, b) => a.row - b.row), added: 0, changed: 0, unchanged: 0 }
  const { added, changed } = await writeRows(tx, importing, numbers, matched, known)
  const move = sql<string>`revision + ${added + changed > 0 ? 1 : 0}`
  const { revision } = await tx
    .updateTable('site')
    .set({ revision: move })
    .where('id', '=', site)
    .returning('revision')
    .executeTakeFirstOrThrow()
  await callForReminders(tx, importing, [...new Set(matched.map(({ person }) => person))].sort(), Number(revision), on)
  return { problems: [], added, changed, unchanged: matched.length - added - changed }
}
