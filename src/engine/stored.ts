import { type RawBuilder, sql } from 'kysely'

/** A time as the database really holds it, to the microsecond: a driver's Date would hide a change below the millisecond. */
export const exactTime = (column: string): RawBuilder<string> =>
  sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`

/** The ISO text that was hashed when the time was written. Anything finer than a millisecond was never written by us and stays visible. */
export const isoOf = (exact: string): string => `${exact.replace(/000$/, '')}Z`

/** Reads a table page by page in the order of its key; `read` gives what comes after a row, or from the start. */
export async function* pages<T>(read: (after: T | null) => Promise<readonly T[]>): AsyncGenerator<readonly T[]> {
  let after: T | null = null
  for (;;) {
    const page: readonly T[] = await read(after)
    if (page.length === 0) return
    yield page
    after = page[page.length - 1] ?? null
  }
}
