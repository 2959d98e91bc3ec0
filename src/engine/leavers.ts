import { sql } from 'kysely'
import { idFor } from '../lib/id.ts'
import type { Arrival } from './arrival.ts'
import type { Pass } from './batch.ts'
import { dutiesOf } from './card-payload.ts'
import type { Try } from './delivery.ts'
import { effectWriter } from './effects.ts'
import type { EffectRow } from './outbox-rows.ts'
import type { EngineParts } from './parts.ts'

const nowhere = { connection: '', account: '', message: null, lost: null, dueAt: null, card: null, maybeSent: false } as const
const done = (detail: string): Try => ({ ...nowhere, outcome: 'done', detail })

type Open = { readonly id: string; readonly workflow: string; readonly owner: string | null; readonly state: string }

/** Somebody who is active and has an account that still works has not left. */
const isStillHere = async (site: string, person: string, { database: { db } }: EngineParts): Promise<boolean> => {
  const { rows } = await sql`select 1 from person p join account a on a.site = p.site and a.person = p.id
    where p.site = ${site} and p.id = ${person} and p.active and a.state <> 'gone' limit 1`.execute(db)
  return rows.length > 0
}

/** Open cases that are this person's to act on: as their owner, or on their list. */
const casesOf = async (site: string, person: string, { database: { db } }: EngineParts): Promise<readonly Open[]> => {
  const { rows } =
    await sql<Open>`select id, workflow, owner, state from subject where site = ${site} and open and owner = ${person}
    union select s.id, s.workflow, s.owner, s.state from subject_index i join subject s on s.site = i.site and s.id = i.subject
      where i.site = ${site} and i.name = 'todo' and i.key = ${person} and s.open
    order by id`.execute(db)
  return rows
}

/** What the owner of a case that is being put right owes, whether or not a card has called them to it. */
const ownersDuty = 'rectify'
/** What this person still owes in a case: of everything that anybody was called to in it, what is theirs now. */
const owedBy = async ({ id, workflow, owner, state }: Open, person: string, parts: EngineParts): Promise<readonly string[]> => {
  const calls = await parts.database.db
    .selectFrom('effect')
    .select('payload')
    .where('subject', '=', id)
    .where('kind', '=', 'card')
    .execute()
  const duties = new Set(calls.flatMap(({ payload }) => dutiesOf(JSON.parse(payload))))
  if (owner === person) duties.add(ownersDuty)
  const now = JSON.parse(state) as { readonly status: string }
  const stillDue = parts.registry.get(workflow)?.workflow.stillDue
  return [...duties].filter((duty) => stillDue?.(now, { person, account: null }, duty) ?? false).sort()
}

type Told = { readonly type: string; readonly person: string; readonly duty?: string }

/** What a workflow is told: to find somebody else where it can, else that this person cannot be reached for what they owe, which calls its ladder. */
const commandsFor = async (open: Open, person: string, parts: EngineParts): Promise<readonly Told[]> => {
  const rules = parts.registry.get(open.workflow)?.workflow.commands as
    | Readonly<Record<string, { readonly from: string }>>
    | undefined
  if (rules?.reassignLeaver?.from === 'system') return [{ type: 'reassignLeaver', person }]
  if (rules?.reportUnreachable?.from !== 'system') return []
  return (await owedBy(open, person, parts)).map((duty) => ({ type: 'reportUnreachable', person, duty }))
}

/** A person who has left leaves no case waiting for them. Each case hears of it once, through the inbox. */
export const callForLeaver = async ({ site, id, payload }: EffectRow, parts: EngineParts): Promise<Try> => {
  const { person } = JSON.parse(payload) as { readonly person: string }
  if (await isStillHere(site, person, parts)) return done('still here')
  const at = parts.clock.now()
  const nobody = { person: null, connection: null, account: null, conversation: null, lease_owner: null }
  const open = await casesOf(site, person, parts)
  const told = await Promise.all(open.map(async (one) => ({ one, commands: await commandsFor(one, person, parts) })))
  const rows = told.flatMap(({ one: { id: subject, workflow }, commands }) =>
    commands.map((command) => {
      const key = `left:${id}:${subject}:${command.duty ?? ''}`
      const payload = JSON.stringify({ workflow, subject, key, command })
      return {
        ...{ ...nobody, site, id: idFor('eff', key), subject, revision: 0, kind: 'command', payload },
        ...{ urgent: true, due_at: at, created_at: at },
      }
    }),
  )
  if (rows.length > 0)
    await parts.database.db
      .insertInto('effect')
      .values(rows)
      .onConflict((row) => row.doNothing())
      .execute()
  return done(`${open.length} cases`)
}

/** Whose account has gone may have left: their cases are looked at once this is committed. */
export const noteLeavers = (
  accounts: readonly string[],
  { site, incoming }: Arrival & { source: 'platform' },
  pass: Pass,
): void => {
  const { connection } = incoming
  for (const account of accounts) {
    const person = pass.plantOf(site).personOf({ connection, account })?.id
    if (person === undefined) continue
    const to = { person: null, connection: null, account: null, conversation: null }
    effectWriter(pass).row({ site, subject: '', revision: 0, kind: 'leaver', to, payload: { person }, urgent: true })
  }
}
