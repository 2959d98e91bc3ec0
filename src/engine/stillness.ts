import { nextDue } from './deadlines.ts'
import type { EngineParts } from './parts.ts'

export type Busy = {
  readonly arrivals: () => number
  readonly effects: () => number
  readonly cards: () => number
  readonly deadlines: () => number
}

const inMemory = (busy: Busy): readonly string[] =>
  Object.entries(busy).flatMap(([what, count]) => (count() > 0 ? [`${count()} ${what}`] : []))

/** Work that some replica holds, this one or another. */
const leased = async ({ database: { db } }: EngineParts): Promise<readonly string[]> => {
  const { n } = await db
    .selectFrom('effect')
    .select(({ fn }) => fn.countAll<number | string>().as('n'))
    .where('state', '=', 'leased')
    .executeTakeFirstOrThrow()
  return Number(n) > 0 ? [`${n} leased effects`] : []
}

const dueNow = async (parts: EngineParts): Promise<readonly string[]> => {
  const due = await nextDue(parts.database)
  return due !== null && due.getTime() <= parts.clock.now().getTime() ? ['something is due'] : []
}

/** What is due now and not done, in words; empty when everything is settled. In memory it is looked at before and after the tables, because work moves between them. */
export const whatWaits = async (parts: EngineParts, busy: Busy, jobs: () => Promise<number>): Promise<readonly string[]> => {
  const now = inMemory(busy)
  if (now.length > 0) return now
  const count = await jobs()
  return [...(count > 0 ? [`${count} jobs`] : []), ...(await dueNow(parts)), ...(await leased(parts)), ...inMemory(busy)]
}
