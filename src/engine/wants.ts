import type { FoundRow, IndexQuery, IndexRow, Reads, Tally } from '../workflows/workflow.ts'

/**
 * What deciding a batch turned out to need and did not have: rows of the index, counters, locks on what spans subjects, codes. Decisions are pure, so the batch
 * is decided once to find out, then again on what was read. Batches that need nothing are decided once.
 */
export type Wants = {
  readonly queries: Map<string, IndexQuery>
  readonly tallies: Map<string, Tally>
  readonly locks: Set<string>
  /** How many more codes are needed, by site and prefix. */
  readonly codes: Map<string, number>
}
/** What has been read and locked so far in this transaction. */
export type Known = {
  readonly found: Map<string, readonly FoundRow[]>
  readonly counted: Map<string, number>
  readonly locked: Set<string>
}

export const noWants = (): Wants => ({ queries: new Map(), tallies: new Map(), locks: new Set(), codes: new Map() })
export const nothingKnown = (): Known => ({ found: new Map(), counted: new Map(), locked: new Set() })
export const isSatisfied = (wants: Wants): boolean =>
  wants.queries.size === 0 && wants.tallies.size === 0 && wants.locks.size === 0 && wants.codes.size === 0

/** Rows of one name and key that are read when nobody says how many. */
export const usualRows = 200

export const queryKey = (site: string, { name, key, from, most }: IndexQuery): string =>
  [site, name, key, from ?? '', most ?? usualRows].join('\n')
export const tallyKey = (site: string, { name, key }: Tally): string => `${site}\n${name}\n${key}`

/** Rows that the batch has changed so far, by subject: they stand for what the database says of those subjects. */
export type Overlay = ReadonlyMap<string, { readonly site: string; readonly rows: readonly IndexRow[] }>

const newestFirst = (a: FoundRow, b: FoundRow): number =>
  a.at === b.at ? (a.subject < b.subject ? -1 : 1) : a.at < b.at ? 1 : -1

const matches = (row: IndexRow, { name, key, from }: IndexQuery): boolean =>
  row.name === name && row.key === key && (from === undefined || row.at >= from)

/** Reads for one site. What is not known yet is noted in `wants`, and answered with nothing until the batch is decided again. */
export const readsOf = (site: string, known: Known, wants: Wants, overlay: Overlay): Reads => ({
  read: (query) => {
    const key = queryKey(site, query)
    const found = known.found.get(key)
    if (!found) {
      wants.queries.set(key, query)
      return []
    }
    const changed = [...overlay].flatMap(([subject, one]) =>
      one.site === site ? one.rows.filter((row) => matches(row, query)).map((row) => ({ ...row, subject })) : [],
    )
    const rest = found.filter(({ subject }) => !overlay.has(subject))
    return changed.length === 0 && rest.length === found.length
      ? found
      : [...rest, ...changed].sort(newestFirst).slice(0, query.most ?? usualRows)
  },
  count: (tally) => {
    const key = tallyKey(site, tally)
    const counted = known.counted.get(key)
    if (counted === undefined) wants.tallies.set(key, tally)
    return counted ?? 0
  },
})
