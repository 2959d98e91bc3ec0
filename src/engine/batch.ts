import type { Incoming } from '../bots/platform.ts'
import { heldIn, readActionKey } from '../cards/action-key.ts'
import type { Reply } from '../cards/card.ts'
import { askCard, homeCard, type Possibility } from '../cards/home-card.ts'
import { commonText } from '../cards/text/common.ts'
import { newId } from '../lib/id.ts'
import { readCode } from '../rules/code.ts'
import { linkSubject } from '../workflows/link/workflow.ts'
import type { Actor } from '../workflows/workflow.ts'
import { type Arrival, inboxKey, type Outcome } from './arrival.ts'
import { type Case, type Folding, runCommand } from './cases.ts'
import type { DrawFor } from './draw.ts'
import { noteLeavers } from './leavers.ts'
import { showFound } from './look-up.ts'
import { plainCard, textTo } from './messages.ts'
import { answerPress, pressedCard } from './presses.ts'
import { questions } from './registry.ts'
import { replyTo } from './replies.ts'
import { conversationOf, type Expectation, type Held, type Route, route } from './route.ts'
import type { Answers, PressedCard, Question } from './rows.ts'
import { readsOf } from './wants.ts'

/** What became of one arrival: what is answered and what its inbox row says. */
export type Settled = {
  readonly outcome: Omit<Outcome, 'answered'>
  readonly note: string | null
  readonly pressed: PressedCard | null
  readonly drawn: { hash: string; revision: number } | null
}

export const questionOf = (arrival: Arrival): Question => {
  const { connection, key, alias } = inboxKey(arrival)
  const none = { connection, key, alias, account: '', conversation: '', message: null, code: null, secret: null, held: null }
  if (arrival.source !== 'platform') return none
  const { incoming } = arrival
  const text = incoming.kind === 'message' ? incoming.text.slice(0, 400) : ''
  const held = incoming.kind === 'press' ? heldIn(incoming.action) : undefined
  return {
    ...none,
    account: incoming.account,
    conversation: conversationOf(incoming),
    message: incoming.kind === 'press' ? incoming.message : null,
    code: text ? readCode(text) : null,
    secret: secretIn(incoming),
    held: held ?? null,
  }
}

const secretIn = (incoming: Incoming): string | null => {
  if (incoming.kind !== 'message' || incoming.files.length > 0) return null
  const routed = route(incoming, { expectations: [], held: new Map(), knownAccount: true })
  return routed.kind === 'claim' ? routed.hash : null
}

/** Subjects that an arrival may touch, known before anything is locked. */
export const subjectsOf = (arrival: Arrival, answers: Answers): readonly string[] => {
  if (arrival.source !== 'platform') return [arrival.subject]
  const { incoming } = arrival
  const own = [
    linkSubject(incoming),
    ...answers.expectations.filter((one) => isSender(one, incoming)).map(({ subject }) => subject),
  ]
  if (incoming.kind !== 'press')
    return [...own, ...answers.codes.map(({ id }) => id), ...answers.secrets.map(({ subject }) => subject)]
  const key = readActionKey(incoming.action)
  return key && key.subject !== '-' ? [...own, key.subject] : own
}

const isSender = (one: Pick<Expectation, 'connection' | 'account' | 'conversation'>, incoming: Incoming): boolean =>
  one.connection === incoming.connection && one.account === incoming.account && one.conversation === conversationOf(incoming)

export type Pass = Folding & {
  readonly answers: Answers
  readonly expectations: Expectation[]
  readonly draw: DrawFor
  readonly seenHere: Set<string>
  /** Ids of the batch's deadlines that still stand. */
  readonly standing: ReadonlySet<string>
  /** Systems outside that have asked for this event. */
  readonly takersOf: (event: string) => readonly string[]
  /** Can cards of this connection be changed again and again, so that they speak for themselves? */
  readonly cardsFollow: (connection: string) => boolean
  /** Can the answer to a press carry words of its own? */
  readonly saysInAnswer: (connection: string) => boolean
}

const ignored = (note: string): Settled => ({
  outcome: { kind: 'ignored', reply: null, subject: null },
  note,
  pressed: null,
  drawn: null,
})

const actorOf = (arrival: Arrival & { source: 'platform' | 'page' }, pass: Pass): Actor => {
  const account =
    arrival.source === 'page'
      ? { connection: arrival.connection, account: arrival.account }
      : { connection: arrival.incoming.connection, account: arrival.incoming.account }
  const conversation = arrival.source === 'page' ? 'direct' : conversationOf(arrival.incoming)
  const person = pass.plantOf(arrival.site).personOf(account)
  if (person?.active) return { kind: 'person', person: person.id, name: person.name, account, conversation }
  const name = (arrival.source === 'platform' ? arrival.incoming.accountName : null) ?? '未关联账号'
  return { kind: 'stranger', name, account, conversation }
}

/** Decides about one arrival on top of what the batch has decided so far. Pure apart from what it adds to the pass. Throws only on a bug. */
export const decideArrival = (arrival: Arrival, pass: Pass): Settled => {
  const { connection, key, alias } = inboxKey(arrival)
  const known = [`${connection}\n${key}`, ...(alias === null ? [] : [`${connection}\n${alias}\nalias`])]
  const repeated = known.some((one) => pass.seenHere.has(one))
  for (const one of known) pass.seenHere.add(one)
  if (repeated) return repeatedAnswer(arrival, pass)
  if (arrival.source === 'platform') return decidePlatform(arrival, pass)
  const actor: Actor =
    arrival.source === 'page' ? actorOf(arrival, pass) : arrival.source === 'clock' ? { kind: 'clock' } : { kind: 'system' }
  const site = arrival.site
  if (arrival.source === 'clock' && !pass.standing.has(arrival.id)) return ignored('set anew or cancelled meanwhile')
  if (arrival.source === 'clock') pass.writes.deadlineGone.push({ site, subject: arrival.subject, tag: arrival.tag })
  const decided = runCommand(
    {
      site,
      workflow: arrival.workflow,
      subject: arrival.subject,
      command: arrival.command,
      actor,
      arrival: `${connection}/${key}`,
    },
    pass,
  )
  const reply = replyTo(decided, actor, pass, arrival.source === 'page')
  return settledBy(
    decided.decision.kind,
    reply.reply,
    decided.on,
    null,
    null,
    decided.decision.kind === 'refused' ? decided.decision.because : null,
  )
}

const settledBy = (
  kind: 'accepted' | 'refused',
  reply: Reply | null,
  on: Case | null,
  pressed: PressedCard | null,
  drawn: Settled['drawn'],
  note: string | null,
): Settled => ({
  outcome: { kind: kind === 'accepted' ? 'decided' : 'refused', reply, subject: on?.id ?? null },
  note,
  pressed,
  drawn,
})

/** The same event again: nothing changes; a press is answered with the card as it is now. */
const repeatedAnswer = (arrival: Arrival, pass: Pass): Settled => {
  const nothing: Settled = { outcome: { kind: 'repeated', reply: null, subject: null }, note: null, pressed: null, drawn: null }
  if (arrival.source !== 'platform' || arrival.incoming.kind !== 'press') return nothing
  const key = readActionKey(arrival.incoming.action)
  const on = key ? pass.cases.get(key.subject) : undefined
  if (!on?.state) return nothing
  const actor = actorOf(arrival, pass)
  const drawn = pass.draw(on, actor)
  return { ...nothing, outcome: { kind: 'repeated', reply: drawn ? { toast: null, card: drawn.card } : null, subject: on.id } }
}

const decidePlatform = (arrival: Arrival & { source: 'platform' }, pass: Pass): Settled => {
  const { incoming } = arrival
  const actor = actorOf(arrival, pass)
  const known = pass.answers.accounts.find((one) => one.connection === incoming.connection && one.account === incoming.account)
  if (incoming.account !== '' && (!known?.lately || known.state === 'dead')) seeAccount(arrival, known?.state === 'dead', pass)
  const gone = (id: string): boolean => pass.writes.heldGone.some((one) => one.id === id)
  const held = new Map(pass.answers.held.filter(({ id }) => !gone(id)).map(({ id, body }) => [id, JSON.parse(body) as Held]))
  const expectations = pass.expectations.filter((one) => isSender(one, incoming) && one.until.getTime() > pass.at.getTime())
  const routed = route(incoming, { expectations, held, knownAccount: known?.seen === true })
  const settled = follow(routed, arrival, actor, pass)
  const claimed = incoming.kind === 'press' ? heldIn(incoming.action) : undefined
  if (claimed !== undefined && settled.outcome.kind === 'decided') pass.writes.heldGone.push({ id: claimed })
  if (actor.kind === 'stranger' && incoming.account !== '' && incoming.kind === 'message') askToLink(arrival, actor, pass)
  return settled
}

const askToLink = (arrival: Arrival & { source: 'platform' }, actor: Actor, pass: Pass): void => {
  const { connection, key } = arrival.incoming
  runCommand(
    {
      site: arrival.site,
      workflow: 'link',
      subject: linkSubject(arrival.incoming),
      command: { type: 'request' },
      actor,
      arrival: `${connection}/${key}`,
    },
    pass,
  )
}

const seeAccount = (arrival: Arrival & { source: 'platform' }, revive: boolean, pass: Pass): void => {
  const { incoming, site } = arrival
  const { connection, account } = incoming
  const row = {
    connection,
    account,
    site,
    person: null,
    name: incoming.accountName ?? '',
    proof: null,
    state: 'active',
    linked_at: null,
    seen_at: pass.at.toISOString(),
  }
  if (!pass.writes.account.some((one) => one.connection === connection && one.account === account)) pass.writes.account.push(row)
  if (revive) pass.writes.link.push({ connection, account, site, person: null, proof: 'active', at: pass.at.toISOString() })
}

const follow = (routed: Route, arrival: Arrival & { source: 'platform' }, actor: Actor, pass: Pass): Settled => {
  const { incoming, site } = arrival
  const { connection, key } = incoming
  const run = (workflow: string, subject: string | null, command: { type: string }): Settled => {
    const request = { site, workflow, subject, command, actor, arrival: `${connection}/${key}` }
    const decided = runCommand({ ...request, pressed: incoming.kind === 'press' }, pass)
    const pressed = pressedCard(incoming, pass)
    const foreign = pressed !== null && pressed.account !== incoming.account
    const answer =
      incoming.kind === 'press'
        ? answerPress(replyTo(decided, actor, pass, !foreign), arrival, decided.on, pass)
        : speak(decided, arrival, actor, pass)
    return settledBy(
      decided.decision.kind,
      answer.reply,
      decided.on,
      foreign ? null : pressed,
      answer.drawn,
      decided.decision.kind === 'refused' ? decided.decision.because : null,
    )
  }
  switch (routed.kind) {
    case 'command':
      return run(routed.workflow, routed.subject, routed.command)
    case 'claim': {
      const subject = pass.answers.secrets.find(({ hash }) => hash === routed.hash)?.subject ?? null
      return subject
        ? run('link', subject, { type: 'claim', code: routed.code } as { type: string })
        : say(arrival, commonText.link.refusals['code-unknown'], pass, 'code unknown')
    }
    case 'find':
      return find(routed.code, arrival, actor, pass)
    case 'ask':
      return askWhere(routed, arrival, actor, pass)
    case 'question':
      return answerQuestion(routed, arrival, actor, pass)
    case 'show':
      plainCard(arrival, homeCard(), pass)
      return ignored('shown home')
    case 'say':
      return say(arrival, commonText[routed.words], pass, routed.words)
    case 'leave':
      for (const account of routed.accounts)
        pass.writes.link.push({ connection, account, site, person: null, proof: 'gone', at: pass.at.toISOString() })
      noteLeavers(routed.accounts, arrival, pass)
      return ignored(`left: ${routed.accounts.length}`)
    case 'ignore':
      return ignored(routed.note)
  }
}

/** Lists and scores are for people of the plant; a stranger is told how to become one. */
const answerQuestion = (
  { name, text }: Route & { kind: 'question' },
  arrival: Arrival & { source: 'platform' },
  actor: Actor,
  pass: Pass,
): Settled => {
  const question = questions.find((one) => one.name === name)
  if (!question || actor.kind !== 'person') return say(arrival, commonText.linkFirst, pass, `question ${name} by a stranger`)
  const { site } = arrival
  const reads = readsOf(site, pass.known, pass.wants, pass.overlay)
  const { plant } = pass.plantOf(site)
  plainCard(arrival, question.answer({ ...reads, person: actor.person, site, text, at: pass.at, plant }), pass)
  return ignored(`asked ${name}`)
}

/** What a typed or photographed command is answered with: cards speak for acceptance; refusals and questions need words of their own. */
const speak = (
  decided: ReturnType<typeof runCommand>,
  arrival: Arrival & { source: 'platform' },
  actor: Actor,
  pass: Pass,
): ReturnType<typeof replyTo> => {
  const answer = replyTo(decided, actor, pass, false)
  const said = decided.decision.kind === 'accepted' ? decided.decision.say?.words : undefined
  const follows = said === 'added' && pass.cardsFollow(arrival.incoming.connection)
  const quiet = decided.decision.kind === 'accepted' && (said === undefined || said === 'reported' || follows)
  if (!quiet && answer.reply?.toast) textTo(arrival, answer.reply.toast.text, pass, decided.on)
  return { reply: null, drawn: null }
}

const say = (arrival: Arrival & { source: 'platform' }, words: string, pass: Pass, note: string): Settled => {
  if (arrival.incoming.kind === 'press' && !pass.saysInAnswer(arrival.incoming.connection)) textTo(arrival, words, pass, null)
  if (arrival.incoming.kind === 'press')
    return {
      ...ignored(note),
      outcome: { kind: 'refused', reply: { toast: { tone: 'warning', text: words }, card: null }, subject: null },
    }
  if (arrival.incoming.account !== '') textTo(arrival, words, pass, null)
  return ignored(note)
}

const find = (code: string, arrival: Arrival & { source: 'platform' }, actor: Actor, pass: Pass): Settled => {
  const id = pass.answers.codes.find((one) => one.code === code)?.id
  const on = id ? pass.cases.get(id) : undefined
  const reader = { person: actor.kind === 'person' ? actor.person : null, account: 'account' in actor ? actor.account : null }
  if (!on?.state || on.site !== arrival.site || !on.registered.workflow.maySee(on.state, reader, pass.plantOf(on.site).plant)) {
    return say(arrival, commonText.unknownCode.replace('{code}', code), pass, 'code not found or not visible')
  }
  showFound(on, arrival.incoming, actor, pass)
  return { ...ignored('shown by code'), outcome: { kind: 'ignored', reply: null, subject: on.id } }
}

const askWhere = (
  routed: Route & { kind: 'ask' },
  arrival: Arrival & { source: 'platform' },
  actor: Actor,
  pass: Pass,
): Settled => {
  const { connection, account } = arrival.incoming
  const id = newId('arr', pass.at)
  const body: Held = { id, account, connection, text: routed.text, files: routed.files }
  pass.writes.held.push({
    id,
    connection,
    account,
    conversation: conversationOf(arrival.incoming),
    body: JSON.stringify(body),
    at: pass.at.toISOString(),
  })
  const cases = routed.candidates.slice(0, 4).map((one): Possibility => {
    const on = pass.cases.get(one.subject)
    const words = (on && pass.draw(on, actor)?.card.body) ?? ''
    return { subject: one.subject, code: on?.code ?? one.subject, command: 'addEvidence', revision: on?.revision ?? 0, words }
  })
  const fresh: Possibility = { subject: '-', code: '', command: 'report', revision: 0, words: '' }
  plainCard(arrival, askCard([...cases, fresh], id, routed.files.length), pass)
  return ignored('asked where it belongs')
}
