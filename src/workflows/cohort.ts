import type { IndexRow, Reads } from './workflow.ts'

/** What the indicators need to know of one case, by the day on which it was reported: the note of the index row `cohort`. */
export type CohortCase = {
  /** Who reported; null for devices and for those who are not known. */
  readonly person: string | null
  readonly end: 'open' | 'closed' | 'void'
  readonly reportedAt: string
  readonly closedAt: string | null
  /** Taken on before the next rung of its ladder had to be called; null while nobody has taken it on. */
  readonly inTime: boolean | null
  /** Was its reporter told something, the end of the case included, within the time that was promised? */
  readonly answered: 'yes' | 'waiting' | 'unpromised'
  /** The last instant at which the reporter can be told in time; null where nothing was promised. */
  readonly answerBy: string | null
  /** Who must be reached, until when, and whether they were by then. */
  readonly targets: readonly { readonly by: string; readonly reached: boolean }[]
}

const name = 'cohort'
const nearMissName = 'cohort-near-miss'
const key = 'site'

/** The most cases of one look; a larger period is cut, and that is said. */
export const mostCohort = 2_000

export const cohortRow = (one: CohortCase): IndexRow => ({
  name,
  key,
  at: one.reportedAt,
  weight: 1,
  note: JSON.stringify(one),
})
/** A near miss counts, and nothing of it is told. */
export const nearMissRow = (at: string): IndexRow => ({ name: nearMissName, key, at, weight: 1, note: '' })

/** The cases that were reported since, newest first. */
export const cohortSince = ({ read }: Pick<Reads, 'read'>, from: Date): readonly CohortCase[] =>
  read({ name, key, from: from.toISOString(), most: mostCohort }).map(({ note }) => JSON.parse(note) as CohortCase)

export const nearMissesSince = ({ read }: Pick<Reads, 'read'>, from: Date): number =>
  read({ name: nearMissName, key, from: from.toISOString(), most: mostCohort }).length
