import type { Database } from '../db/database.ts'

/** One entry of a subject's journal as it is stored: actor and event are canonical JSON. */
export type HistoryEntry = { readonly seq: number; readonly at: string; readonly actor: string; readonly event: string }

/** Reads of what has happened, for people who look; decisions never use them. */
export type History = {
  /** The newest entries of a subject, newest first, at most `most`. */
  readonly of: (site: string, subject: string, most: number) => Promise<readonly HistoryEntry[]>
  /** What became of an arrival that was made on a page, or null when it never came. */
  readonly outcomeOf: (key: string) => Promise<string | null>
}

export const createHistory = ({ db }: Database): History => ({
  of: async (site, subject, most) => {
    const rows = await db
      .selectFrom('journal')
      .select(['seq', 'at', 'actor', 'event'])
      .where('site', '=', site)
      .where('subject', '=', subject)
      .orderBy('seq', 'desc')
      .limit(most)
      .execute()
    return rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }))
  },
  outcomeOf: async (key) => {
    const row = await db
      .selectFrom('inbox')
      .select('outcome')
      .where('connection', '=', 'page')
      .where('key', '=', key)
      .executeTakeFirst()
    return row?.outcome ?? null
  },
})
