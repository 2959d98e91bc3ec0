import { sql } from 'kysely'
import type { Card } from '../cards/card.ts'
import { inZone, later, type Millis } from '../lib/clock.ts'
import { idFor } from '../lib/id.ts'
import { clip } from '../lib/text.ts'
import type { AlertRule } from '../rules/alerts.ts'
import type { Try } from './delivery.ts'
import type { EffectRow } from './outbox-rows.ts'
import type { EngineParts } from './parts.ts'

/** A notice at the door: what it is about, as it would be sent now. */
export type Notice = {
  readonly effect: EffectRow
  /** Sent by the clock: a reminder. */
  readonly clock: boolean
  /** The answer to what this very person did. */
  readonly own: boolean
  /** Null for words. */
  readonly card: Card | null
  readonly words: string
  readonly colour: string | null
  readonly timeZone: string
}

/**
 * Red, and urgent words to operators: never held, never counted. What the clock sends again is vital by its colour alone: a card looks dangerous too when it is
 * merely late, and after an outage everything is.
 */
export const isVital = ({ effect, clock, card, colour }: Notice): boolean =>
  effect.urgent && (card === null || colour === 'red' || (card.tone === 'danger' && !clock))

/** Counts against the budget: everything that somebody did not ask for, except the first call to act that a person's deed has caused. */
export const isCounted = (notice: Notice): boolean =>
  notice.effect.person !== null && !notice.own && !isVital(notice) && (notice.clock || !notice.effect.urgent)

const wallTime = (at: Date, timeZone: string): string => inZone(at, timeZone).time
const isWithin = (time: string, { from, until }: AlertRule['quiet']): boolean =>
  from <= until ? from <= time && time < until : from <= time || time < until

const step: Millis = 15 * 60_000
/** The end of the quiet hours when a notice of this colour must wait for it; null when it may be sent. Pure. */
export const quietUntil = (at: Date, colour: string | null, timeZone: string, { quiet }: AlertRule): Date | null => {
  if (colour === null || !quiet.colours.includes(colour) || !isWithin(wallTime(at, timeZone), quiet)) return null
  let end = new Date(Math.ceil((at.getTime() + 1) / step) * step)
  for (let steps = 0; steps < 100 && isWithin(wallTime(end, timeZone), quiet); steps += 1) end = later(end, step)
  return end
}

/** Sends of one person that this replica has not reported yet; few a window need no look at the database. */
type Local = { readonly slot: number; unreported: number; reports: boolean }
/** What a replica may send to one person in a window before it asks what the others have sent; twice that is kept free of the shared count. */
const unasked = 2
const mostPeople = 10_000

const nowhere = { connection: '', account: '', message: null, lost: null, dueAt: null, card: null, maybeSent: false } as const

export type AlertBudget = {
  /** `free` and `counted`: send it now. Anything else is what became of it instead. */
  readonly admit: (notice: Notice) => Promise<'free' | 'counted' | Try>
  /** It was counted and could not be sent. */
  readonly giveBack: (effect: EffectRow) => void
}

/** One budget for each person over all replicas. What is over it is not lost: it stands in a digest at the end of the window, newest of each case first. */
export const createAlertBudget = ({ database: { db }, clock }: EngineParts, rule: AlertRule): AlertBudget => {
  const locals = new Map<string, Local>()
  const slotOf = (at: Date): number => Math.floor(at.getTime() / rule.per)

  const localOf = ({ site, person }: EffectRow): Local => {
    const key = `${site}\n${person}`
    const known = locals.get(key)
    const slot = slotOf(clock.now())
    if (known?.slot === slot) return known
    if (locals.size >= mostPeople) locals.clear()
    const fresh = { slot, unreported: 0, reports: false }
    locals.set(key, fresh)
    return fresh
  }

  /** Adds what was sent since the last report and this one, when the sliding window has room for them. */
  const report = async ({ site, person }: EffectRow, local: Local): Promise<boolean> => {
    const most = Math.max(1, rule.most - 2 * unasked)
    const share = 1 - (clock.now().getTime() % rule.per) / rule.per
    const sent = local.unreported + 1
    local.unreported = 0
    local.reports = true
    const { rows } = await sql`with before as (select coalesce(max(n), 0) * ${share}::double precision as n from alert_count
        where site = ${site} and person = ${person} and slot = ${local.slot - 1}::bigint)
      insert into alert_count as c (site, person, slot, n) select ${site}, ${person}, ${local.slot}::bigint, ${sent}::int from before
        where before.n + ${sent}::int <= ${most}::int
      on conflict (site, person, slot) do update set n = c.n + excluded.n
        where c.n + excluded.n + (select n from before) <= ${most}::int returning n`.execute(db)
    if (rows.length === 0) local.unreported += sent - 1
    return rows.length > 0
  }

  const hasRoom = async (effect: EffectRow): Promise<boolean> => {
    const local = localOf(effect)
    if (local.reports || local.unreported >= unasked) return report(effect, local)
    local.unreported += 1
    return true
  }

  const collapse = async ({ effect, words }: Notice): Promise<Try> => {
    const at = clock.now()
    const slot = slotOf(at)
    const { site, person, id, subject } = effect
    const digest = idFor('eff', `digest ${site} ${person} ${slot}`)
    const due = later(new Date((slot + 1) * rule.per), 5_000).toISOString()
    await sql`with kept as (insert into collapsed (site, person, effect, digest, subject, words, at)
        values (${site}, ${person}, ${id}, ${digest}, ${subject}, ${clip(words, 120)}, ${at.toISOString()}::timestamptz) on conflict do nothing)
      insert into effect (site, id, subject, revision, kind, person, payload, due_at, created_at)
        values (${site}, ${digest}, '', 0, 'digest', ${person}, '{}', ${due}::timestamptz, ${at.toISOString()}::timestamptz) on conflict do nothing`.execute(
      db,
    )
    return { ...nowhere, outcome: 'dropped', detail: 'collapsed into a digest' }
  }

  return {
    admit: async (notice) => {
      const until = notice.own || isVital(notice) ? null : quietUntil(clock.now(), notice.colour, notice.timeZone, rule)
      if (until) return { ...nowhere, outcome: 'retry', detail: 'quiet hours', dueAt: until }
      if (!isCounted(notice)) return 'free'
      if (notice.clock && notice.effect.attempts > 0 && (await isSuperseded(notice.effect, db)))
        return { ...nowhere, outcome: 'dropped', detail: 'a newer reminder stands for it' }
      return (await hasRoom(notice.effect)) ? 'counted' : collapse(notice)
    },
    giveBack: (effect) => {
      localOf(effect).unreported -= 1
    },
  }
}

/** Of several reminders about one case that waited for a platform, the newest is enough. */
const isSuperseded = async (
  { site, id, subject, person, kind, created_at }: EffectRow,
  db: EngineParts['database']['db'],
): Promise<boolean> => {
  const { rows } =
    await sql`select 1 from effect where subject = ${subject} and site = ${site} and person = ${person} and kind = ${kind} and id <> ${id}
    and created_at > ${new Date(created_at).toISOString()}::timestamptz and state in ('waiting', 'leased', 'done') limit 1`.execute(
      db,
    )
  return rows.length > 0
}
