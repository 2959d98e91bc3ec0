import { canonical, sha256 } from '../lib/crypto.ts'
import { newId } from '../lib/id.ts'
import type { Lot } from '../lib/lots.ts'
import { refuse } from '../lib/refusal.ts'
import type { LoadedPlant } from '../people/plant.ts'
import {
  type AccountRef,
  type Actor,
  accept,
  type Decision,
  type Effect,
  type Facts,
  type IndexRow,
} from '../workflows/workflow.ts'
import type { Command } from './arrival.ts'
import { entryHash, firstHead } from './journal.ts'
import type { Registered } from './registry.ts'
import type { SubjectRow } from './rows.ts'
import { type Known, readsOf, type Wants } from './wants.ts'
import type { Writes } from './writes.ts'

type State = { readonly status: string }

/** A subject during a batch: what was read, and what the arrivals so far made of it. */
export type Case = {
  readonly site: string
  readonly id: string
  readonly registered: Registered
  readonly code: string
  state: State | null
  revision: number
  head: string
  openedAt: string | null
  changed: boolean
  /** Its rows of the index before the batch, as one text, so that rows that stay are not written again. */
  readonly indexed: string
}

/** What the cases of one batch share. */
export type Folding = {
  readonly at: Date
  readonly registry: ReadonlyMap<string, Registered>
  readonly plantOf: (site: string) => LoadedPlant
  readonly nextCode: (site: string, prefix: string) => string | null
  readonly oneTimeCode: (subject: string, arrival: string) => string
  readonly lot: (subject: string, label: string) => Lot
  readonly keyed: (label: string) => string
  readonly writes: Writes
  readonly cases: Map<string, Case>
  readonly known: Known
  readonly wants: Wants
  /** Rows of the index of the cases that have changed so far. */
  readonly overlay: Map<string, { readonly site: string; readonly rows: readonly IndexRow[] }>
  /** Effects on what people see and on other subjects; the batch turns them into rows. */
  readonly perform: (effect: Effect, on: Case, actor: Actor) => void
}

export const caseOf = (row: SubjectRow, registered: Registered): Case => {
  const state = JSON.parse(row.state) as State
  return {
    site: row.site,
    id: row.id,
    registered,
    code: row.code,
    state,
    revision: row.revision,
    head: row.head,
    openedAt: null,
    changed: false,
    indexed: registered.workflow.index ? JSON.stringify(registered.workflow.index(state, row.id)) : '[]',
  }
}

const newCase = (site: string, id: string, code: string, registered: Registered): Case => ({
  site,
  id,
  registered,
  code,
  state: null,
  revision: 0,
  head: firstHead(site, id),
  openedAt: null,
  changed: false,
  indexed: '[]',
})

const actorText = (actor: Actor): string =>
  canonical(
    actor.kind === 'person'
      ? { kind: 'person', person: actor.person, account: actor.account }
      : actor.kind === 'stranger'
        ? { kind: 'stranger', account: actor.account }
        : actor,
  )

/** What was decided, on which case as it stands now, and whose words say it; both null when there is no such workflow. */
export type Decided = {
  readonly decision: Decision<{ readonly type: string }>
  readonly on: Case | null
  readonly words: Registered['words'] | null
}

const noSuchCase = (words: Registered['words'] | null): Decided => ({ decision: refuse('no-such-case'), on: null, words })

const noLot = (): never => {
  throw new Error('a lot was drawn by a command that does not need one')
}

const noKey = (): never => {
  throw new Error('a keyed hash was asked for by a command that does not need one')
}

/** Which subject a command without one opens: the account's own link request, or a fresh case. */
const subjectFor = (registered: Registered, id: string | null, folding: Folding): string =>
  id ?? newId(registered.workflow.prefix.id, folding.at)

/**
 * Runs one command: the case as the batch has left it so far, facts, decision, and on acceptance the fold with its journal entries and effects.
 * A refusal changes nothing. Commands that may open a subject draw a code first.
 * A command of one workflow on a case of another is refused, whatever a forged button says.
 */
export const runCommand = (
  request: {
    readonly site: string
    readonly workflow: string
    readonly subject: string | null
    readonly command: Command
    readonly actor: Actor
    readonly arrival: string
    /** Did it come from a button, which anybody can forge? */
    readonly pressed?: boolean
  },
  folding: Folding,
): Decided => {
  const registered = folding.registry.get(request.workflow)
  const rule = registered?.workflow.commands[request.command.type]
  if (!registered || !rule) return noSuchCase(registered?.words ?? null)
  const allowed =
    rule.from === 'person'
      ? request.actor.kind === 'person' || request.actor.kind === 'stranger'
      : request.actor.kind === rule.from
  if (!allowed) return noSuchCase(registered.words)
  const existing = request.subject === null ? undefined : folding.cases.get(request.subject)
  if (existing ? existing.registered !== registered : !rule.opens) return noSuchCase(registered.words)
  // Whoever presses a button does not choose what a new subject is called, nor opens the one that the engine would derive for somebody else.
  if (!existing && request.pressed && request.subject !== null) return noSuchCase(registered.words)
  if (existing && 'account' in request.actor && existing.site !== request.site) return noSuchCase(registered.words)
  for (const lock of rule.locks?.(request.command) ?? []) {
    const key = `${request.site}\n${lock}`
    if (!folding.known.locked.has(key)) folding.wants.locks.add(key)
  }
  const id = subjectFor(registered, existing?.id ?? request.subject, folding)
  const prefix = registered.workflow.prefix.code
  const code = existing ? existing.code : prefix === null ? id : folding.nextCode(request.site, prefix)
  const on = existing ?? newCase(request.site, id, code ?? id, registered)
  const facts: Facts = {
    ...readsOf(on.site, folding.known, folding.wants, folding.overlay),
    at: folding.at,
    actor: request.actor,
    arrival: request.arrival,
    subject: id,
    code,
    oneTimeCode: rule.needs.includes('oneTimeCode') ? folding.oneTimeCode(id, request.arrival) : '',
    draw: rule.needs.includes('draw') ? (label) => folding.lot(id, label) : noLot,
    keyed: rule.needs.includes('keyed') ? folding.keyed : noKey,
    plant: folding.plantOf(on.site).plant,
  }
  const decision = registered.workflow.decide(on.state, request.command, facts)
  if (decision.kind === 'accepted') fold(on, decision.events, decision.effects, request.actor, request.arrival, folding)
  return { decision, on: on.state ? on : null, words: registered.words }
}

const fold = (
  on: Case,
  events: readonly { readonly type: string }[],
  effects: readonly Effect[],
  actor: Actor,
  arrival: string,
  folding: Folding,
): void => {
  const { workflow } = on.registered
  let { state, head } = on
  const entries: object[] = []
  events.forEach((event, index) => {
    state = workflow.evolve(state, event)
    const entry = {
      site: on.site,
      subject: on.id,
      seq: on.revision + index + 1,
      at: folding.at.toISOString(),
      actor: actorText(actor),
      arrival,
      version: workflow.version,
      event: canonical(event),
      prev: head,
    }
    head = entryHash(entry)
    entries.push({ ...entry, hash: head })
    for (const tally of workflow.tallies?.(event, state, folding.plantOf(on.site).plant, folding.at) ?? [])
      folding.writes.tally.push({ site: on.site, ...tally, n: 1 })
  })
  if (events.length > 0) {
    on.state = state
    on.head = head
    on.revision += events.length
    on.changed = true
    on.openedAt ??= folding.at.toISOString()
    folding.writes.journal.push(...(entries as Writes['journal']))
    folding.cases.set(on.id, on)
    if (workflow.index && state) folding.overlay.set(on.id, { site: on.site, rows: workflow.index(state, on.id) })
  }
  for (const effect of effects) folding.perform(effect, on, actor)
}

/** The rows of the cases that changed: state, seal body, and the revision that live cards must show. */
export const writeCases = (folding: Folding): string => {
  const heads: (readonly [string, number, string])[] = []
  for (const one of [...folding.cases.values()].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (!one.changed || !one.state) continue
    const { workflow } = one.registered
    folding.writes.subject.push({
      site: one.site,
      id: one.id,
      workflow: workflow.name,
      code: one.code,
      status: one.state.status,
      open: workflow.open(one.state),
      revision: one.revision,
      state: canonical(one.state),
      head: one.head,
      owner: workflow.owner(one.state),
      opened_at: one.openedAt ?? folding.at.toISOString(),
      changed_at: folding.at.toISOString(),
    })
    folding.writes.behind.push({ subject: one.id, revision: one.revision })
    indexCase(one, folding)
    heads.push([one.id, one.revision, one.head])
  }
  return canonical(heads)
}

const indexCase = (one: Case, { overlay, writes }: Folding): void => {
  const rows = overlay.get(one.id)?.rows ?? []
  if (JSON.stringify(rows) === one.indexed) return
  writes.indexGone.push({ site: one.site, subject: one.id })
  writes.index.push(...rows.map((row) => ({ site: one.site, subject: one.id, ...row })))
}

/** A name for an account in logs and keys that tells nothing about it. */
export const accountTag = ({ connection, account }: AccountRef): string => `${connection}:${sha256(account).slice(0, 10)}`

export const nothingToDo = accept<never>([], [])
