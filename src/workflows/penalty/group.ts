import { inZone } from '../../lib/clock.ts'
import { type Refusal, refuse } from '../../lib/refusal.ts'
import { penaltyRules } from '../../rules/penalties.ts'
import { accept, type Effect, type Facts, type FoundRow, type IndexRow } from '../workflow.ts'
import { cardsOf } from './cards.ts'
import type { PenaltyDecision } from './common.ts'
import { rulesOf } from './edition.ts'
import { type Holder, holderKey, type Issue, type PenaltyCommand, type PenaltyState, stands } from './penalty.ts'

/** The team and the contractor of a person who holds a card; they answer for what their people let happen again and again. */
const groupsOf = ({ holder, team, company }: Pick<PenaltyState, 'holder' | 'team' | 'company'>): readonly Holder[] =>
  holder.kind !== 'person'
    ? []
    : [
        ...(team === '' ? [] : [{ kind: 'team', id: team } as const]),
        ...(company ? [{ kind: 'contractor', id: company } as const] : []),
      ]

/** The row by which the team and the contractor find a standing card of their people; a red one for two yellow ones is no third. */
export const groupRows = (state: PenaltyState): readonly IndexRow[] =>
  !stands(state) || state.cause === 'twoYellows' || state.issuedAt === null
    ? []
    : groupsOf(state).map((group) => ({
        name: 'penalty-group',
        key: holderKey(group),
        at: state.issuedAt ?? state.raisedAt,
        weight: 1,
        note: state.holder.id,
      }))

/** Has the group looked at after a card of one of its people was given or has fallen. */
export const lookAtGroups = (state: PenaltyState, why: string, { subject }: Pick<Facts, 'subject'>): readonly Effect[] =>
  groupsOf(state).map((group) => ({
    kind: 'command',
    workflow: 'penalty',
    subject,
    key: `group:${subject}:${why}:${group.kind}`,
    command: { type: 'weighGroup', holder: group },
  }))

const monthOf = (at: string, { plant }: Pick<Facts, 'plant'>): string => inZone(new Date(at), plant.timeZone).date.slice(0, 7)

/** Standing cards of the group's people in this month of the site, oldest first. */
const membersIn = (month: string, group: Holder, facts: Facts): readonly FoundRow[] =>
  facts
    .read({ name: 'penalty-group', key: holderKey(group) })
    .filter(({ at }) => monthOf(at, facts) === month)
    .toSorted((a, b) => (a.at === b.at ? (a.subject < b.subject ? -1 : 1) : a.at < b.at ? -1 : 1))

/** The oldest cards that make one for the group: so many, and never all of one person. Null while there are too few. */
const ground = (members: readonly FoundRow[], many: number): readonly FoundRow[] | null => {
  const [first] = members
  const other = members.find(({ note }) => note !== first?.note)
  if (!first || !other || members.length < many) return null
  const rest = members.filter((one) => one !== first && one !== other)
  return [first, other, ...rest].slice(0, many)
}

/** Does the group hold a card of this month whose ground still stands? */
const heldIn = (month: string, group: Holder, members: readonly FoundRow[], facts: Facts): boolean =>
  cardsOf(group, facts).some(
    (one) =>
      one.cause === 'groupCards' &&
      stands(one) &&
      monthOf(one.at, facts) === month &&
      one.cards.every((id) => members.some(({ subject }) => subject === id)),
  )

type Weigh = Extract<PenaltyCommand, { type: 'weighGroup' }>

/**
 * Looks whether the team or contractor gets a card of its own: with the third standing card of its people in a month, once in that month. One that stands on this
 * card, which has fallen, falls too. Runs under the group's lock and under a key made of the cards, so that looks at once make one card.
 */
export const weighGroup = (state: PenaltyState, { holder: group }: Weigh, facts: Facts): PenaltyDecision => {
  if (group.kind === 'person' || state.issuedAt === null) return refuse('nothing-due', { code: state.code })
  const { cards: many, colour } = rulesOf(state).groups[group.kind]
  const month = monthOf(state.issuedAt, facts)
  const members = membersIn(month, group, facts)
  const fallen = stands(state) ? [] : cardsOf(group, facts).filter((one) => one.cards.includes(facts.subject) && stands(one))
  const withdraw = fallen.map(
    ({ id }): Effect => ({
      kind: 'command',
      workflow: 'penalty',
      subject: id,
      key: `withdraw:${id}:${facts.subject}`,
      command: { type: 'withdraw', card: facts.subject },
    }),
  )
  const on = ground(members, many)
  if (!on || heldIn(month, group, members, facts)) return accept([], withdraw)
  const ids = on.map(({ subject }) => subject).sort()
  const command: Issue = {
    type: 'issue',
    holder: group,
    colour,
    cause: 'groupCards',
    reason: '',
    case: null,
    code: null,
    round: 0,
    at: facts.at.toISOString(),
    cards: ids,
  }
  const key = `penalty:group:${holderKey(group)}:${month}:${ids.join(':')}`
  return accept([], [...withdraw, { kind: 'command', workflow: 'penalty', subject: null, key, command }])
}

/** A card of a group needs the cards that it stands on, and is the only one of their month. */
export const groupFallen = ({ cause, holder, cards = [] }: Issue, facts: Facts): Refusal | null => {
  if (cause !== 'groupCards') return null
  const rows = facts.read({ name: 'penalty-group', key: holderKey(holder) }).filter(({ subject }) => cards.includes(subject))
  const month = monthOf(rows[0]?.at ?? facts.at.toISOString(), facts)
  const members = membersIn(month, holder, facts)
  const many = holder.kind === 'person' ? Number.NaN : rulesOf({ rules: penaltyRules.id }).groups[holder.kind].cards
  const complete = rows.length === many && new Set(cards).size === many
  return complete && !heldIn(month, holder, members, facts) ? null : refuse('group-fallen')
}
