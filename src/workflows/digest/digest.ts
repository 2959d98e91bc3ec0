import type { Counts } from '../indicators.ts'

/** The rule under which digests are made, for the cards that speak of it. */
export { digestRule } from '../../rules/digest.ts'

/** A case on a digest. */
export type DigestLine = {
  readonly code: string
  readonly title: string
  readonly colour: string
  readonly owner: string | null
  readonly due: string | null
  readonly overdue: boolean
}

/** What is open somewhere: how many, how many of them overdue, and the first of them. `atLeast` when there are more than were looked at. */
export type OpenList = {
  readonly open: number
  readonly overdue: number
  readonly atLeast: boolean
  readonly lines: readonly DigestLine[]
}

/** The daily digest (每日安全简报) of a site: waits for its hour, is made once, and never changes. */
export type DigestState = {
  readonly status: 'waiting' | 'made'
  readonly site: string
  /** Day of the site, `YYYY-MM-DD`. */
  readonly date: string
  /** By team, for its lead. */
  readonly teams: Readonly<Record<string, OpenList>>
  readonly plant: OpenList | null
  /** The day before, and the days over which rates are taken. */
  readonly yesterday: Counts | null
  readonly window: Counts | null
  readonly unreached: readonly string[]
}

export type DigestCommand =
  | { readonly type: 'begin'; readonly date: string; readonly at: string }
  | { readonly type: 'make' }
  | { readonly type: 'reportUnreachable'; readonly person: string; readonly duty: string }

export type DigestEvent =
  | { readonly type: 'begun'; readonly site: string; readonly date: string; readonly at: string }
  | ({ readonly type: 'made'; readonly at: string; readonly readers: readonly string[] } & Pick<DigestState, 'teams'> & {
        readonly plant: OpenList
        readonly yesterday: Counts
        readonly window: Counts
      })
  | { readonly type: 'unreachable'; readonly person: string; readonly duty: string; readonly at: string }

/** One digest a day and site, whoever asks for it and how often: the next is begun by the one before, and by a replica that starts. */
export const digestKey = (site: string, date: string): string => `digest:${site}:${date}`

/** The rungs that read the whole plant, and those that read it for the group. */
export const plantRoles = ['deptHead', 'productionDirector', 'safetyDirector', 'safetyOfficer'] as const
export const groupRoles = ['principal'] as const
