import { fill, speakValues } from '../cards/words.ts'
import { idFor, newId } from '../lib/id.ts'
import type { Actor, Effect, Recipient } from '../workflows/workflow.ts'
import { crowdsOf } from './audience.ts'
import type { Pass } from './batch.ts'
import { type CardPayload, joined } from './card-payload.ts'
import type { Case } from './cases.ts'

/** Kinds of work that the outbox performs. */
export type EffectKind =
  | 'card'
  | 'plainCard'
  | 'text'
  | 'broadcast'
  | 'bulk'
  | 'recall'
  | 'job'
  | 'command'
  | 'callOut'
  | 'check'
  | 'digest'
  | 'leaver'

export type EffectTarget = {
  readonly person: string | null
  readonly connection: string | null
  readonly account: string | null
  readonly conversation: string | null
}

type NewEffect = {
  readonly site: string
  readonly subject: string
  readonly revision: number
  readonly kind: string
  readonly to: EffectTarget
  readonly payload: object
  readonly urgent: boolean
}

const nobody: EffectTarget = { person: null, connection: null, account: null, conversation: null }

const target = (to: Recipient): EffectTarget =>
  to.kind === 'person' ? { ...nobody, person: to.person } : { ...nobody, connection: to.connection, account: to.account }

/** Turns what a workflow wants into rows of this batch. Sending rows are due at once. */
export const effectWriter = (pass: Pick<Pass, 'at' | 'writes'>) => ({
  row: ({ to, payload, ...rest }: NewEffect): void => {
    const at = pass.at.toISOString()
    pass.writes.effect.push({
      ...rest,
      ...to,
      id: newId('eff', pass.at),
      payload: JSON.stringify(payload),
      due_at: at,
      created_at: at,
      state: 'waiting',
      attempts: 0,
      maybe_sent: false,
      first_tried_at: null,
      fence: 0,
      lease_owner: null,
      leased_real: null,
      done_at: null,
      message: null,
      error: null,
    })
  },
})

type Arms = { readonly [K in Effect['kind']]: (effect: Extract<Effect, { kind: K }>, on: Case, actor: Actor, pass: Pass) => void }

const send = (on: Case, kind: EffectKind, to: EffectTarget, payload: object, urgent: boolean, pass: Pass): void =>
  effectWriter(pass).row({ site: on.site, subject: on.id, revision: on.revision, kind, to, payload, urgent })

type Origin = { readonly clock?: true; readonly own?: true }
const [fromClock, fromOneself, fromAnother]: readonly Origin[] = [{ clock: true }, { own: true }, {}]
/** For the alert budget: what the clock sends is a reminder, and an answer to what somebody did is no alert to them. */
const originOf = (to: Recipient, actor: Actor): Origin | undefined => {
  if (actor.kind === 'clock') return fromClock
  return actor.kind === 'person' && to.kind === 'person' && to.person === actor.person ? fromOneself : fromAnother
}

/** Puts a card into the one that this decision shows the same person already. False when there is none. */
const joinsAnother = (
  person: string,
  payload: CardPayload,
  urgent: boolean,
  on: Case,
  { writes }: Pick<Pass, 'writes'>,
): boolean => {
  const index = writes.effect.findLastIndex(
    (row) => row.kind === 'card' && row.person === person && row.subject === on.id && row.revision === on.revision,
  )
  const shown = writes.effect[index]
  if (!shown) return false
  const both = joined(JSON.parse(String(shown.payload)) as CardPayload, payload)
  writes.effect[index] = { ...shown, payload: JSON.stringify(both), urgent: shown.urgent === true || urgent }
  return true
}

/** A notice as people read it. */
const worded = (words: string, values: Readonly<Record<string, string>>, on: Case, pass: Pass): string => {
  const { plant } = pass.plantOf(on.site)
  const spoken = {
    ...speakValues(values, pass.at, plant.timeZone),
    ...(values.role ? { role: on.registered.words.roles[values.role] ?? values.role } : {}),
  }
  return fill(on.registered.words.notices[words] ?? words, spoken)
}

const arms: Arms = {
  showCard: ({ to, duty, urgent, ring, channel, vital }, on, actor, pass) => {
    const payload: CardPayload = {
      duty,
      ring,
      ...originOf(to, actor),
      ...(channel === undefined ? {} : { channel }),
      ...(vital ? { vital } : {}),
    }
    if (to.kind === 'person' && joinsAnother(to.person, payload, urgent, on, pass)) return
    send(on, 'card', target(to), payload, urgent, pass)
  },
  notify: ({ to, words, values, urgent }, on, actor, pass) => {
    const text = worded(words, values, on, pass)
    send(on, 'text', target(to), { text, ...originOf(to, actor) }, urgent, pass)
  },
  broadcast: ({ to, words, values, urgent }, on, actor, pass) => {
    const text = worded(words, values, on, pass)
    if (to.kind === 'group') {
      const { connection, conversation } = to
      return send(on, 'text', { ...nobody, connection, conversation }, { text }, urgent, pass)
    }
    const clock = actor.kind === 'clock' ? fromClock : undefined
    for (const persons of crowdsOf(to, pass.plantOf(on.site).plant, urgent))
      send(on, 'broadcast', nobody, { text, persons, ...clock }, urgent, pass)
  },
  recall: ({ from }, on, _, pass) => send(on, 'recall', from.kind === 'everyone' ? nobody : target(from), {}, true, pass),
  setDeadline: ({ tag, at, command }, on, _, pass) => {
    dropDeadline(pass, on, tag)
    pass.writes.deadline.push({
      site: on.site,
      subject: on.id,
      tag,
      id: newId('ddl', pass.at),
      due_at: at.toISOString(),
      command: JSON.stringify({ workflow: on.registered.workflow.name, command }),
      tries: 0,
    })
    removeWhere(pass.writes.deadlineGone, (one) => one.subject === on.id && one.tag === tag)
  },
  cancelDeadline: ({ tag }, on, _, pass) => {
    dropDeadline(pass, on, tag)
    pass.writes.deadlineGone.push({ site: on.site, subject: on.id, tag })
  },
  expect: ({ from, conversation, takes, command, until }, on, _, pass) => {
    const row = { ...from, conversation, subject: on.id, command, workflow: on.registered.workflow.name, takes, until }
    const same = (one: {
      connection: unknown
      account: unknown
      conversation: unknown
      subject: unknown
      command: unknown
    }): boolean =>
      one.connection === row.connection &&
      one.account === row.account &&
      one.conversation === row.conversation &&
      one.subject === row.subject &&
      one.command === row.command
    removeWhere(pass.expectations, same)
    removeWhere(pass.writes.expectation, (one) => same(one as Parameters<typeof same>[0]))
    pass.expectations.push(row)
    pass.writes.expectation.push({ ...row, until: until.toISOString() })
  },
  forget: ({ command }, on, _, pass) => {
    const same = (one: { readonly subject?: unknown; readonly command?: unknown }): boolean =>
      one.subject === on.id && one.command === command
    removeWhere(pass.expectations, same)
    removeWhere(pass.writes.expectation, same)
    pass.writes.expectationGone.push({ subject: on.id, command })
  },
  job: ({ queue, key, payload }, on, _, pass) =>
    send(on, 'job', nobody, { queue, key, payload: { ...payload, site: on.site } }, false, pass),
  alarm: ({ because, values }, on, _, pass) => {
    pass.writes.alarm.push({
      site: on.site,
      id: newId('arr', pass.at),
      because,
      vals: JSON.stringify(values),
      at: pass.at.toISOString(),
      cleared_at: null,
    })
  },
  link: ({ account, person, proof }, on, _, pass) => {
    pass.writes.link.push({ ...account, site: on.site, person, proof, at: pass.at.toISOString() })
  },
  offerCode: ({ hash, until }, on, _, pass) => {
    pass.writes.linkCode.push({ hash, subject: on.id, until: until.toISOString() })
  },
  command: ({ workflow, subject, key, command }, on, _, pass) => {
    const prefix = pass.registry.get(workflow)?.workflow.prefix.id
    if (prefix === undefined) throw new Error(`there is no workflow «${workflow}»`)
    send(on, 'command', nobody, { workflow, subject: subject ?? idFor(prefix, key), key, command }, false, pass)
  },
  callOut: ({ target: name, event, body }, on, _, pass) =>
    send(on, 'callOut', nobody, { target: name, event, body }, false, pass),
  publish: ({ event, body }, on, _, pass) => {
    for (const name of pass.takersOf(event)) send(on, 'callOut', nobody, { target: name, event, body }, false, pass)
  },
}

const dropDeadline = (pass: Pass, on: Case, tag: string): void =>
  removeWhere(pass.writes.deadline, (one) => one.subject === on.id && one.tag === tag)

const removeWhere = <T>(list: T[], gone: (one: T) => boolean): void => {
  for (let index = list.length - 1; index >= 0; index -= 1) if (gone(list[index] as T)) list.splice(index, 1)
}

export const performEffect = (effect: Effect, on: Case, actor: Actor, pass: Pass): void =>
  (arms[effect.kind] as (effect: Effect, on: Case, actor: Actor, pass: Pass) => void)(effect, on, actor, pass)
