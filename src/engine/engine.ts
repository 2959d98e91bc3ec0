import type { CardHandle } from '../bots/platform.ts'
import type { Tx } from '../db/database.ts'
import { inZone, type Millis } from '../lib/clock.ts'
import { hmacSha256 } from '../lib/crypto.ts'
import { lotOn } from '../lib/lots.ts'
import { storable } from '../lib/text.ts'
import { type LoadedPlant, loadPlant } from '../people/plant.ts'
import { formatCode } from '../rules/code.ts'
import { type Arrival, inboxKey, type Outcome } from './arrival.ts'
import { decideArrival, type Pass, questionOf, type Settled, subjectsOf } from './batch.ts'
import { caseOf, writeCases } from './cases.ts'
import { type Drawable, drawSubject, withKeys } from './draw.ts'
import { type EffectKind, performEffect } from './effects.ts'
import { lockGuards, satisfy } from './index-rows.ts'
import { firstSeal, sealHash } from './journal.ts'
import type { EffectRow } from './outbox-rows.ts'
import type { EngineParts } from './parts.ts'
import { type Answers, ask, drawNumbers, lockSenders, lockSubjects, type Sender, standingDeadlines } from './rows.ts'
import { isSatisfied, nothingKnown, noWants, type Wants } from './wants.ts'
import { type BehindCard, noWrites, type Writes, writeCore, writeRest } from './writes.ts'

/** What a committed batch leaves to be done, for the loops of this replica. */
export type Committed = {
  readonly effects: Writes['effect']
  readonly behind: readonly BehindCard[]
  readonly nextDue: string | null
  /** The cases as they are now and the sites as they were read, so that cards can be drawn without reading them again. */
  readonly changed: readonly Drawable[]
  readonly plants: readonly LoadedPlant[]
  /** Somebody was linked or unlinked: what was read of people is out of date. */
  readonly peopleChanged: boolean
}

/**
 * The effects of a commit that a replica is to perform now. What it had no room for or does not perform waits in the table for whoever does: performed from here as
 * well, it would be sent twice.
 */
export const heldEffects = ({ effects }: Pick<Committed, 'effects'>, replica: string): readonly EffectRow[] =>
  effects.filter(({ lease_owner }) => lease_owner === replica) as unknown as readonly EffectRow[]

/** Decides one batch in one transaction. Throws what the database throws; nothing is kept then. */
export type DecideBatch = (
  arrivals: readonly Arrival[],
) => Promise<{ readonly settled: readonly Settled[]; readonly committed: Committed }>

/** Reads the snapshots of all sites, kept while their revision stays. */
const createPlants = () => {
  const loaded = new Map<string, LoadedPlant>()
  return async (tx: Tx, answers: Answers): Promise<(site: string) => LoadedPlant> => {
    for (const { id, revision } of answers.sites) {
      if (loaded.get(id)?.revision !== revision) loaded.set(id, await loadPlant(tx, id))
    }
    return (site) => {
      const plant = loaded.get(site)
      if (!plant) throw new Error(`unknown site ${site}`)
      return plant
    }
  }
}

/** Numbers drawn but not used yet, by site and prefix. They are forgotten when a transaction fails, because then the counter never moved. */
const createCodes = () => {
  const spare = new Map<string, { readonly day: string; readonly numbers: number[] }>()
  const dayOf = (plant: LoadedPlant, at: Date): string => inZone(at, plant.plant.timeZone).day
  const numbersOf = (name: string, day: string): number[] => {
    const known = spare.get(name)
    return known?.day === day ? known.numbers : []
  }
  return {
    forget: () => spare.clear(),
    /** Makes sure that `count` subjects with this prefix can open at a site today. */
    draw: async (tx: Tx, plant: LoadedPlant, prefix: string, at: Date, count: number): Promise<void> => {
      const day = dayOf(plant, at)
      const name = `${plant.plant.site}\n${prefix}`
      const numbers = numbersOf(name, day)
      if (numbers.length >= count) return
      const first = await drawNumbers(tx, plant.plant.site, prefix, day, count - numbers.length)
      for (let n = first; numbers.length < count; n += 1) numbers.push(n)
      spare.set(name, { day, numbers })
    },
    /** One way through a batch: codes in order, none given twice; `keep` uses up what was given. */
    open: (plantOf: (site: string) => LoadedPlant, at: Date, wants: Wants) => {
      const used = new Map<string, number>()
      return {
        next: (site: string, prefix: string): string => {
          const plant = plantOf(site)
          const day = dayOf(plant, at)
          const name = `${site}\n${prefix}`
          const index = used.get(name) ?? 0
          used.set(name, index + 1)
          const number = numbersOf(name, day)[index]
          if (number === undefined) wants.codes.set(name, index + 1)
          return formatCode(prefix, site, day, number ?? 0)
        },
        keep: (): void => {
          for (const [name, count] of used) spare.get(name)?.numbers.splice(0, count)
        },
      }
    },
  }
}

const opensCase = (arrival: Arrival): boolean =>
  arrival.source === 'platform' &&
  (arrival.incoming.kind === 'message' ||
    (arrival.incoming.kind === 'press' && arrival.incoming.action.startsWith('hazard.report:')))

/** Every arrival that can open a case may need a code: a window closes when it is full, so one chat can open several cases in one batch. What is left serves the next batch. */
const openingsOf = (arrivals: readonly Arrival[], site: string): number =>
  arrivals.filter((one) => one.site === site && opensCase(one)).length

/** Distinct senders that may open a case. */
const sendersOf = (arrivals: readonly Arrival[]): readonly Sender[] => {
  const senders = new Map<string, Sender>()
  for (const one of arrivals) {
    if (one.source !== 'platform' || !opensCase(one) || one.incoming.account === '') continue
    const { connection, account } = one.incoming
    senders.set(`${connection}\n${account}`, { connection: storable(connection), account: storable(account), site: one.site })
  }
  return [...senders.values()].sort((a, b) => (`${a.connection}\n${a.account}` < `${b.connection}\n${b.account}` ? -1 : 1))
}

/** A decision asks for what it reads, and reads at most this often for what that leads to. */
const mostReadings = 6

/** Locks that an arrival needs for certain, taken before its subjects; what only deciding shows is taken after. */
const locksOf = (arrival: Arrival, registry: EngineParts['registry']): readonly string[] => {
  if (arrival.source === 'platform') return []
  const rule = registry.get(arrival.workflow)?.workflow.commands[arrival.command.type]
  return (rule?.locks?.(arrival.command) ?? []).map((lock) => `${arrival.site}\n${lock}`)
}

const rawOf = (arrival: Arrival): string => JSON.stringify(arrival).slice(0, 100_000)

const inboxRow = (arrival: Arrival, settled: Settled, at: Date): Writes['inbox'][number] => {
  const { connection, key, alias } = inboxKey(arrival)
  const from = arrival.source === 'platform' ? arrival.incoming : null
  return {
    connection: storable(connection),
    key: storable(key),
    alias,
    kind: from ? from.kind : arrival.source,
    account: storable(from?.account ?? ''),
    conversation: storable(from?.conversation ?? ''),
    arrived_at: at.toISOString(),
    outcome: settled.outcome.kind,
    subject: settled.outcome.subject,
    note: settled.note === null ? null : storable(settled.note).slice(0, 500),
    raw: settled.outcome.kind === 'quarantined' ? storable(rawOf(arrival)) : null,
  }
}

const markSeen = (answers: Answers): Set<string> =>
  new Set(
    answers.seen.flatMap(({ connection, key, alias }) => [
      `${connection}\n${key}`,
      ...(alias ? [`${connection}\n${alias}\nalias`] : []),
    ]),
  )

const pressedRow = (arrival: Arrival, { pressed, drawn }: Settled): Writes['pressed'] => {
  if (!pressed || arrival.source !== 'platform' || arrival.incoming.kind !== 'press') return []
  const handle: CardHandle | null = arrival.incoming.handle
  return [
    {
      site: pressed.site,
      id: pressed.id,
      subject: pressed.subject,
      handle: handle ? JSON.stringify(handle) : null,
      hold: drawn !== null,
    },
  ]
}

export type DecideOptions = {
  /** The effects that this runtime performs by itself; all when left out. */
  readonly kinds?: readonly EffectKind[]
  /** Can this replica take more effects now? What it cannot waits in the table. */
  readonly mayHold?: () => boolean
}

/** Creates the one transaction in which everything is decided. */
export const createDecideBatch = (parts: EngineParts, options: DecideOptions = {}): DecideBatch => {
  const readPlants = createPlants()
  const codes = createCodes()

  const decide = async (tx: Tx, arrivals: readonly Arrival[]) => {
    const at = parts.clock.now()
    if (parts.database.kind !== 'pglite') await lockSenders(tx, sendersOf(arrivals))
    const answers = await ask(tx, arrivals.map(questionOf), parts.lane, at)
    parts.heardOffset(answers.offset)
    const plantOf = await readPlants(tx, answers)
    const rows = await lockSubjects(
      tx,
      arrivals.flatMap((arrival) => subjectsOf(arrival, answers)),
    )
    const standing = await standingDeadlines(
      tx,
      arrivals.flatMap((one) =>
        one.source === 'clock' ? [{ site: one.site, subject: one.subject, tag: one.tag, id: one.id }] : [],
      ),
    )
    for (const site of new Set(arrivals.map((one) => one.site))) {
      const opening = openingsOf(arrivals, site)
      if (opening > 0) await codes.draw(tx, plantOf(site), 'YH', at, opening)
    }
    const known = nothingKnown()
    await lockGuards(
      tx,
      arrivals.flatMap((one) => locksOf(one, parts.registry)),
      known,
    )
    for (let tries = 1; ; tries += 1) {
      const wants = noWants()
      const numbers = codes.open(plantOf, at, wants)
      const pass = createPass(parts, { at, answers, standing, known, wants, nextCode: numbers.next }, plantOf)
      for (const row of rows) {
        const registered = parts.registry.get(row.workflow)
        if (registered) pass.cases.set(row.id, caseOf(row, registered))
      }
      const settled = arrivals.map((arrival) => decideArrival(arrival, pass))
      if (isSatisfied(wants)) {
        numbers.keep()
        return { at, pass, settled }
      }
      if (tries > mostReadings) throw new Error('a decision asks for something new each time it is made')
      for (const [name, count] of wants.codes) {
        const [site = '', prefix = ''] = name.split('\n')
        await codes.draw(tx, plantOf(site), prefix, at, count)
      }
      await satisfy(tx, wants, known)
    }
  }

  return async (arrivals) => {
    try {
      return await parts.database.db.transaction().execute(async (tx) => {
        const { at, pass, settled } = await decide(tx, arrivals)
        arrivals.forEach((arrival, index) => {
          const one = settled[index] as Settled
          if (one.outcome.kind !== 'repeated') pass.writes.inbox.push(inboxRow(arrival, one, at))
          pass.writes.pressed.push(...pressedRow(arrival, one))
        })
        addSeal(pass, writeCases(pass), parts)
        if (options.mayHold?.() ?? true) lease(pass.writes, parts, at, options.kinds)
        const behind = await writeCore(tx, pass.writes, parts.replica)
        await writeRest(tx, pass.writes)
        return { settled, committed: leftBehind(pass, behind, [...new Set(arrivals.map(({ site }) => site))]) }
      })
    } catch (error) {
      codes.forget()
      throw error
    }
  }
}

const leftBehind = (pass: Pass, behind: readonly BehindCard[], sites: readonly string[]): Committed => ({
  effects: pass.writes.effect,
  behind,
  nextDue: earliest(pass.writes.deadline),
  changed: [...pass.cases.values()].filter(({ changed }) => changed),
  plants: sites.map((site) => pass.plantOf(site)),
  peopleChanged: pass.writes.link.length > 0,
})

const createPass = (
  parts: EngineParts,
  given: Pick<Pass, 'at' | 'answers' | 'standing' | 'known' | 'wants' | 'nextCode'>,
  plantOf: (site: string) => LoadedPlant,
): Pass => {
  const { at, answers } = given
  const pass: Pass = {
    ...given,
    registry: parts.registry,
    plantOf,
    oneTimeCode: (subject, arrival) => digits(hmacSha256(parts.secret, `one-time code ${subject} ${arrival}`)),
    lot: (subject, label) => lotOn(parts.secret, at, subject, label),
    keyed: (label) => hmacSha256(parts.secret, `keyed\n${label}`),
    writes: noWrites(),
    cases: new Map(),
    perform: (effect, on, actor) => performEffect(effect, on, actor, pass),
    overlay: new Map(),
    expectations: [...answers.expectations],
    seenHere: markSeen(answers),
    takersOf: parts.takersOf ?? (() => []),
    cardsFollow: (connection) => parts.platforms.get(connection)?.can.update.uses === 'many',
    saysInAnswer: (connection) => parts.platforms.get(connection)?.can.answer.toast ?? true,
    draw: (on, actor) => {
      if (actor.kind !== 'person' && actor.kind !== 'stranger') return null
      const reader = { person: actor.kind === 'person' ? actor.person : null, account: actor.account }
      if (!on.state || !on.registered.workflow.maySee(on.state, reader, plantOf(on.site).plant)) return null
      const drawn = drawSubject(on, reader, { at, plantOf, page: parts.page })
      return drawn && withKeys(drawn, actor.account.connection, parts.images)
    },
  }
  return pass
}

const digits = (hex: string): string => (BigInt(`0x${hex.slice(0, 24)}`) % 100_000_000n).toString().padStart(8, '0')

/**
 * What an arrival that cannot be decided comes to. A bug in a decision ends the whole transaction; the door then halves the batch until the culprit stands alone,
 * so that nothing half decided is kept and no neighbour is spoiled.
 */
export const quarantined = (error: unknown): Settled => ({
  outcome: { kind: 'quarantined', reply: null, subject: null },
  note: error instanceof Error ? error.message : 'unknown',
  pressed: null,
  drawn: null,
})

const addSeal = (pass: Pass, body: string, parts: EngineParts): void => {
  if (body === '[]') return
  const last = pass.answers.seal
  const seq = (last?.seq ?? 0) + 1
  const prev = last?.hash ?? firstSeal(parts.lane)
  const at = pass.at.toISOString()
  pass.writes.seal.push({ lane: parts.lane, seq, at, body, prev, hash: sealHash(parts.secret, parts.lane, seq, at, body, prev) })
}

/** Effects that are due go to this replica's outbox without another look at the table; if it dies, its leases fall to the others. */
const lease = (writes: Writes, parts: EngineParts, at: Date, kinds: readonly string[] | undefined): void => {
  if (parts.replica === null) return
  writes.effect.forEach((row, index) => {
    if (kinds && !kinds.includes(String(row.kind))) return
    writes.effect[index] = {
      ...row,
      state: 'leased',
      lease_owner: parts.replica,
      fence: 1,
      leased_real: null,
      first_tried_at: at.toISOString(),
    }
  })
}

const earliest = (deadlines: Writes['deadline']): string | null => deadlines.map((one) => String(one.due_at)).sort()[0] ?? null

export type { Millis, Outcome }
