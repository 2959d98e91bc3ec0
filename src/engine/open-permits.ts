import { sql } from 'kysely'
import { z } from 'zod'
import type { Handle } from '../db/database.ts'
import { type Millis, minutes } from '../lib/clock.ts'
import { readJson } from '../lib/json.ts'
import type { OpenPermit } from '../workflows/permit/rows.ts'

/** Permits that are signed for, issued, active, stopped or wait to be closed, as they publish themselves; for whoever only looks. Decisions never use this. */

const instant = z.iso.datetime()
const permitForm = z.object({
  code: z.string().min(1),
  subject: z.string().min(1),
  work: z.enum(['hot', 'confinedSpace', 'blindPlate', 'height', 'lifting', 'temporaryPower', 'excavation', 'roadClosure']),
  status: z.enum([
    ...(['draft', 'jsa', 'measures', 'briefing', 'signing', 'issued', 'active', 'suspended', 'completed', 'accepted'] as const),
    ...(['rejected', 'cancelled', 'expired', 'revoked'] as const),
  ]),
  area: z.string().min(1),
  point: z.string(),
  from: instant,
  to: instant,
  leader: z.string().min(1),
  people: z.array(z.string()),
  attendants: z.array(z.string()),
  name: z.string(),
  level: z.string(),
}) satisfies z.ZodType<OpenPermit>

/** `permit` is null where the row cannot be read: there is a permit, and nothing is known of it. */
export type FoundPermit = {
  readonly subject: string
  readonly permit: OpenPermit | null
  /** Its clock has struck and nothing has looked, or it has none: what it says of itself may not be true any more. */
  readonly stale: boolean
}

/** A deadline that is due so long and was not acted upon: whoever acts on deadlines has stopped. They act within a second or two. */
export const clockLag: Millis = minutes(2)
/** More open permits than this are not shown of one site. */
const mostOfSite = 5_000
/** More permits of one person at once nobody has. */
const mostOfPerson = 50

type Row = { readonly subject: string; readonly note: string; readonly due: string | Date | null }

const found = ({ subject, note, due }: Row, at: Date): FoundPermit => {
  const read = permitForm.safeParse(readJson(note))
  const isOn = due !== null && new Date(due).getTime() + clockLag >= at.getTime()
  return { subject, permit: read.success && read.data.subject === subject ? read.data : null, stale: !isOn }
}

/** What is known of one person at one place. `people` and `areas` are the ids that the words name: one each, or the question has no answer. */
export type AccessFound = {
  readonly people: readonly string[]
  readonly areas: readonly string[]
  readonly permits: readonly FoundPermit[]
}

type AccessRow = { readonly people: string | null; readonly areas: string | null; readonly permits: string | null }

/**
 * A person by id or employee number, an area by id or name, and the person's permits, in one statement of index look-ups.
 * Only active people count; everything else is for `mayEnter` to judge.
 */
export const readAccess = async (
  handle: Handle,
  { site, person, area, at }: { readonly site: string; readonly person: string; readonly area: string; readonly at: Date },
): Promise<AccessFound> => {
  const { rows } = await sql<AccessRow>`/* hot */ with who as (
      select id from person where site = ${site} and id = ${person} and active
      union select id from person where site = ${site} and employee_no = ${person} and active),
    permit as (select i.subject, i.note, (select min(d.due_at) from deadline d where d.site = i.site and d.subject = i.subject) as due
      from who cross join lateral (select * from subject_index s where s.site = ${site} and s.name = 'permit-person' and s.key = who.id
        order by s.at desc, s.subject limit ${mostOfPerson}) i)
    select (select json_agg(id)::text from who) as people,
      (select json_agg(id)::text from area where site = ${site} and (id = ${area} or name = ${area})) as areas,
      (select json_agg(json_build_object('subject', subject, 'note', note, 'due', due))::text from permit) as permits`.execute(
    handle,
  )
  const [row] = rows
  const list = <T>(text: string | null | undefined): readonly T[] => (text ? (JSON.parse(text) as readonly T[]) : [])
  return { people: list(row?.people), areas: list(row?.areas), permits: list<Row>(row?.permits).map((one) => found(one, at)) }
}

/** Every open permit of a site; `complete` is false where there are more than are read. */
export const readOpenPermits = async (
  handle: Handle,
  site: string,
  at: Date,
): Promise<{ readonly permits: readonly FoundPermit[]; readonly complete: boolean }> => {
  const { rows } = await sql<Row>`select i.subject, i.note,
      (select min(d.due_at) from deadline d where d.site = i.site and d.subject = i.subject) as due
    from subject_index i where i.site = ${site} and i.name = 'permit-open' and i.key = ${site}
    order by i.at desc, i.subject limit ${mostOfSite + 1}`.execute(handle)
  return { permits: rows.slice(0, mostOfSite).map((row) => found(row, at)), complete: rows.length <= mostOfSite }
}
