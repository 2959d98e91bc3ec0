import { hours, later, minutes } from '../../lib/clock.ts'
import { sha256 } from '../../lib/crypto.ts'
import { type Refusal, refuse } from '../../lib/refusal.ts'
import {
  type AccountRef,
  accept,
  type CommandRule,
  type Decision,
  type Effect,
  type Facts,
  type Plant,
  type Recipient,
  type Workflow,
} from '../workflow.ts'
import { administrators, askThePerson, iso, nameOf, stopAsking, witnesses } from './assign.ts'
import { evolveLink } from './evolve.ts'
import type { LinkCommand, LinkEvent, LinkState } from './link.ts'

/** A one-time code can be typed this long. */
export const codeLife = minutes(10)
const remindEvery = hours(24)

type LinkDecision = Decision<LinkEvent>
/** Commands of an administrator at the console; they may be the first that is heard of an account. */
type Console = Extract<LinkCommand, { type: 'appoint' | 'release' }>
type Arm<T extends LinkCommand['type']> = (
  state: LinkState,
  command: Extract<LinkCommand, { type: T }>,
  facts: Facts,
) => LinkDecision

/** The subject of an account is found without a search, so two first messages at once are one request. */
export const linkSubject = (account: AccountRef): string =>
  `lnk_${sha256(`${account.connection}\n${account.account}`).slice(0, 30)}`

const toAccount = (account: AccountRef): Recipient => ({ kind: 'account', ...account })

const isOwn = (state: LinkState, facts: Facts): boolean =>
  'account' in facts.actor &&
  facts.actor.account.connection === state.account.connection &&
  facts.actor.account.account === state.account.account

const remind = (facts: Facts): Effect => ({
  kind: 'setDeadline',
  tag: 'remind',
  at: later(facts.at, remindEvery),
  command: { type: 'remind' },
})

const request = (state: LinkState | null, facts: Facts): LinkDecision => {
  const { actor } = facts
  if (actor.kind !== 'stranger') return refuse('already-linked')
  if (state && !isOwn(state, facts)) return refuse('not-your-account')
  if (state && state.status !== 'denied') return accept([], [])
  return accept(
    [{ type: 'requested', account: actor.account, conversation: actor.conversation, name: actor.name, at: iso(facts.at) }],
    [
      { kind: 'showCard', to: toAccount(actor.account), duty: 'link', urgent: false, ring: false },
      {
        kind: 'job',
        queue: 'who-is',
        key: `who-is:${facts.subject}:${facts.arrival}`,
        payload: { subject: facts.subject, ...actor.account },
      },
      remind(facts),
    ],
  )
}

/** Whoever another account is linked to without having confirmed it hears of it on the accounts they have, because they alone know when it is wrong. */
const tellThePerson = (state: LinkState, person: string, by: string, facts: Facts): readonly Effect[] =>
  by === person || !facts.plant.reachable(person)
    ? []
    : [
        {
          kind: 'notify',
          to: { kind: 'person', person },
          words: 'linked-also',
          values: { name: state.name, connection: state.account.connection },
          urgent: true,
        },
      ]

const link = (
  state: LinkState,
  person: string,
  proof: 'directory' | 'code' | 'administrator',
  by: string,
  facts: Facts,
): LinkDecision =>
  accept(
    [{ type: 'linked', person, proof, by, at: iso(facts.at) }],
    [
      { kind: 'link', account: state.account, person, proof },
      { kind: 'cancelDeadline', tag: 'remind' },
      stopAsking,
      {
        kind: 'notify',
        to: toAccount(state.account),
        words: 'linked',
        values: { name: facts.plant.persons.get(person)?.name ?? '' },
        urgent: false,
      },
      ...tellThePerson(state, person, by, facts),
    ],
    'linked',
    { name: facts.plant.persons.get(person)?.name ?? '' },
  )

/** A request that has ended: linked for good, or denied until its owner writes again. */
const ended = (state: LinkState): Refusal | null => {
  if (state.status === 'linked') return refuse('already-linked')
  return state.status === 'denied' ? refuse('link-denied', { name: state.name }) : null
}

/** Everybody whom the number or the mobile number names; the two must not name two. */
const candidates = (
  plant: Plant,
  { employeeNo, mobile }: { readonly employeeNo: string; readonly mobile: string },
): readonly string[] => [
  ...new Set([...(employeeNo ? plant.findPerson({ employeeNo }) : []), ...(mobile ? plant.findPerson({ mobile }) : [])]),
]

/** The card for the administrators; where nobody is one, the operators are alarmed, because then nobody could ever link the account. */
const askAdministrators = (facts: Facts): readonly Effect[] => {
  const cards = administrators(facts).map(
    (id): Effect => ({ kind: 'showCard', to: { kind: 'person', person: id }, duty: 'assign', urgent: false, ring: false }),
  )
  return cards.length > 0 ? cards : [{ kind: 'alarm', because: 'nobody-holds', values: { role: 'administrator', code: '' } }]
}

const arms: { readonly [T in Exclude<LinkCommand['type'], 'request' | Console['type']>]: Arm<T> } = {
  matchDirectory: (state, command, facts) => {
    const over = ended(state)
    if (over) return over
    const found = candidates(facts.plant, command)
    const [person] = found
    if (person && found.length === 1 && command.active) return link(state, person, 'directory', 'directory', facts)
    const because = !command.active ? 'inactive' : found.length > 1 ? 'several' : 'nobody'
    const name = command.name ? { name: command.name } : {}
    return accept([{ type: 'notMatched', because, at: iso(facts.at), ...name }], askAdministrators(facts))
  },
  issueCode: (state, _, facts) => {
    const over = ended(state)
    if (over) return over
    if (!isOwn(state, facts)) return refuse('not-your-account')
    const hash = sha256(facts.oneTimeCode)
    const until = later(facts.at, codeLife)
    return accept(
      [{ type: 'codeIssued', hash, until: iso(until), at: iso(facts.at) }],
      [{ kind: 'offerCode', hash, until }],
      'code-issued',
      {
        code: facts.oneTimeCode,
      },
    )
  },
  claim: (state, command, facts) => {
    if (facts.actor.kind !== 'person') return refuse('link-first')
    if (!state.code || sha256(command.code) !== state.code.hash || !(new Date(state.code.until).getTime() > facts.at.getTime()))
      return refuse('code-unknown')
    return accept(
      [{ type: 'claimed', person: facts.actor.person, at: iso(facts.at) }],
      [{ kind: 'showCard', to: { kind: 'account', ...facts.actor.account }, duty: 'confirm', urgent: true, ring: false }],
      'claimed',
      { name: state.name },
    )
  },
  confirm: (state, _, facts) => {
    const { actor } = facts
    if (actor.kind !== 'person' || state.status !== 'claimed' || state.person === null) return refuse('code-unknown')
    if (state.person === actor.person)
      return link(state, actor.person, state.assignedBy === undefined ? 'code' : 'administrator', actor.person, facts)
    if (state.assignedBy === undefined || !administrators(facts).includes(actor.person)) return refuse('code-unknown')
    if (state.assignedBy === actor.person) return refuse('second-administrator', { name: nameOf(state.person, facts) })
    if (facts.plant.persons.get(state.person)?.active !== true)
      return refuse('number-unknown', { employeeNo: nameOf(state.person, facts) })
    return link(state, state.person, 'administrator', actor.person, facts)
  },
  deny: (state, _, facts) => {
    if (facts.actor.kind !== 'person') return refuse('link-first')
    const over = ended(state)
    if (over) return over
    if (state.person !== facts.actor.person && !administrators(facts).includes(facts.actor.person)) return refuse('not-your-duty')
    return accept(
      [{ type: 'denied', by: facts.actor.person, at: iso(facts.at) }],
      [{ kind: 'cancelDeadline', tag: 'remind' }, stopAsking],
      'denied',
    )
  },
  assign: (state, command, facts) => {
    if (facts.actor.kind !== 'person' || !administrators(facts).includes(facts.actor.person)) return refuse('not-your-duty')
    const over = ended(state)
    if (over) return over
    const employeeNo = command.employeeNo.trim()
    if (employeeNo === '') {
      const { account, conversation } = facts.actor
      const until = later(facts.at, codeLife)
      return accept(
        [],
        [{ kind: 'expect', from: account, conversation, takes: 'text', command: 'assign', until }],
        'assign-number',
      )
    }
    const found = facts.plant.findPerson({ employeeNo })
    const [person] = found
    if (!person || found.length !== 1) return refuse('number-unknown', { employeeNo })
    if (facts.plant.reachable(person)) return askThePerson(person, facts.actor.person, facts)
    const linked = link(state, person, 'administrator', facts.actor.person, facts)
    if (linked.kind === 'refused') return linked
    return { ...linked, effects: [...linked.effects, ...witnesses(state, person, facts.actor.person, facts)] }
  },
  remind: (state, _, facts) => {
    const over = ended(state)
    if (over) return over
    return accept(
      [{ type: 'reminded', count: state.reminded + 1, at: iso(facts.at) }],
      [...askAdministrators(facts), remind(facts)],
    )
  },
  reportUnreachable: (_, command) =>
    accept([], [{ kind: 'alarm', because: 'unreachable', values: { person: command.person, duty: command.duty, code: '' } }]),
}

/** The account as it stands, or as it would stand had it asked; the events that make it so come first. */
const standing = (
  state: LinkState | null,
  { account, name }: Console,
  facts: Facts,
): { readonly state: LinkState; readonly events: readonly LinkEvent[] } => {
  if (state) return { state, events: [] }
  const asked: LinkEvent = { type: 'requested', account, conversation: 'direct', name, at: iso(facts.at) }
  return { state: evolveLink(null, asked), events: [asked] }
}

const appoint = (state: LinkState | null, command: Extract<Console, { type: 'appoint' }>, facts: Facts): LinkDecision => {
  if (state?.status === 'linked') return refuse('already-linked')
  if (facts.plant.persons.get(command.person)?.active !== true) return refuse('number-unknown', { employeeNo: command.person })
  const from = standing(state, command, facts)
  const decision = link(from.state, command.person, 'administrator', command.by, facts)
  return decision.kind === 'accepted' ? { ...decision, events: [...from.events, ...decision.events] } : decision
}

/** Nobody: the account acts for no person from now on, and may ask again. */
const nobody = ''

const release = (state: LinkState | null, command: Extract<Console, { type: 'release' }>, facts: Facts): LinkDecision => {
  const from = standing(state, command, facts)
  return accept(
    [...from.events, { type: 'released', by: command.by, at: iso(facts.at) }],
    [
      { kind: 'link', account: from.state.account, person: nobody, proof: 'released' },
      { kind: 'cancelDeadline', tag: 'remind' },
      stopAsking,
    ],
  )
}

const decide = (state: LinkState | null, command: LinkCommand, facts: Facts): LinkDecision => {
  if (command.type === 'request') return request(state, facts)
  if (command.type === 'appoint') return appoint(state, command, facts)
  if (command.type === 'release') return release(state, command, facts)
  if (!state) return refuse('no-such-case')
  return (arms[command.type] as (state: LinkState, command: LinkCommand, facts: Facts) => LinkDecision)(state, command, facts)
}

const rule = (from: CommandRule['from'], more: Partial<CommandRule> = {}): CommandRule => ({
  from,
  opens: false,
  needs: ['plant'],
  guards: ['plant'],
  ...more,
})

export const linkWorkflow: Workflow<LinkState, LinkCommand, LinkEvent> = {
  name: 'link',
  prefix: { code: null, id: 'lnk' },
  version: 1,
  commands: {
    request: rule('person', { opens: 'named' }),
    matchDirectory: rule('system'),
    issueCode: rule('person', { needs: ['plant', 'oneTimeCode'] }),
    claim: rule('person'),
    confirm: rule('person'),
    deny: rule('person'),
    assign: rule('person', { form: ['employeeNo'] }),
    remind: rule('clock'),
    reportUnreachable: rule('system'),
    appoint: rule('system', { opens: 'named' }),
    release: rule('system', { opens: 'named' }),
  },
  decide,
  evolve: evolveLink,
  open: (state) => state.status === 'waiting' || state.status === 'coded' || state.status === 'claimed',
  owner: () => null,
  stillDue: (state) => state.status !== 'linked' && state.status !== 'denied',
  maySee: (state, reader, plant) =>
    (reader.account !== null &&
      reader.account.connection === state.account.connection &&
      reader.account.account === state.account.account) ||
    (reader.person !== null &&
      (reader.person === state.person || plant.holders('administrator', plant.site).includes(reader.person))),
}
