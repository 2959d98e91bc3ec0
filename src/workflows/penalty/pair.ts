import { idFor } from '../../lib/id.ts'
import { refuse } from '../../lib/refusal.ts'
import { inform, iso, toPerson } from '../pieces.ts'
import { accept, type Effect, type Facts } from '../workflow.ts'
import { undo } from './appeal.ts'
import { cardsOf } from './cards.ts'
import { type PenaltyDecision, rulesOf } from './common.ts'
import { weighCommand } from './issue.ts'
import { type Issue, type PenaltyCommand, type PenaltyState, stands } from './penalty.ts'
import { speakersOf } from './people.ts'

type Held = ReturnType<typeof cardsOf>[number]

/** Yellow cards that are part of a pair of which both still stand: each yellow card makes a red one once. */
const usedUp = (yellows: readonly Held[]): ReadonlySet<string> => {
  const standing = new Set(yellows.map(({ id }) => id))
  return new Set(yellows.flatMap(({ id, pair }) => (pair && standing.has(pair.with) ? [id, pair.with] : [])))
}

const redCommand = (state: PenaltyState, ids: readonly string[], codes: readonly string[], facts: Facts): Issue => ({
  type: 'issue',
  holder: state.holder,
  colour: 'red',
  cause: 'twoYellows',
  reason: codes.join('、'),
  case: null,
  code: null,
  round: 0,
  at: iso(facts.at),
  cards: ids,
})

/**
 * Looks for a second standing yellow card of the holder, nearest in time, within thirty days; the two are a red one under a key made of both, so once.
 * Runs under the holder's lock, so that two looks at once never use one card twice.
 */
export const weigh = (state: PenaltyState, _: object, facts: Facts): PenaltyDecision => {
  if (state.colour !== 'yellow' || !stands(state) || state.issuedAt === null) return refuse('nothing-due', { code: state.code })
  const yellows = cardsOf(state.holder, facts).filter((one) => one.colour === 'yellow' && stands(one))
  const used = usedUp(yellows)
  if (used.has(facts.subject)) return accept([], [])
  const own = new Date(state.issuedAt).getTime()
  const [partner] = yellows
    .map((one) => ({ ...one, apart: Math.abs(new Date(one.at).getTime() - own) }))
    .filter(({ id, apart }) => id !== facts.subject && !used.has(id) && apart <= rulesOf(state).pairWithin)
    .sort((a, b) => a.apart - b.apart || (a.id < b.id ? -1 : 1))
  if (!partner) return accept([], [])
  const ids = [facts.subject, partner.id].sort()
  const key = `penalty:pair:${ids.join(':')}`
  const command = redCommand(state, ids, [partner.code, state.code], facts)
  return accept(
    [{ type: 'paired', with: partner.id, red: idFor('pen', key), at: iso(facts.at) }],
    [{ kind: 'command', workflow: 'penalty', subject: null, key, command }],
  )
}

/**
 * A yellow card was overturned, or withdrawn with the card it stood on: the red ones that stand on it fall, and the cards it was paired with are weighed anew. Runs under the holder's lock after the
 * overturning is committed, so a red card that is being given at the same time is either seen here or sees the overturned one itself.
 */
export const settle = (state: PenaltyState, _: object, facts: Facts): PenaltyDecision => {
  if (state.status !== 'overturned' && state.status !== 'withdrawn') return refuse('nothing-due', { code: state.code })
  const others = cardsOf(state.holder, facts).filter(({ pair }) => pair?.with === facts.subject)
  const pairs = [
    ...(state.pair ? [{ partner: state.pair.with, red: state.pair.red }] : []),
    ...others.flatMap(({ id, pair }) => (pair ? [{ partner: id, red: pair.red }] : [])),
  ]
  const effects = pairs.flatMap(({ partner, red }): readonly Effect[] => [
    {
      kind: 'command',
      workflow: 'penalty',
      subject: red,
      key: `withdraw:${red}:${facts.subject}`,
      command: { type: 'withdraw', card: facts.subject },
    },
    weighCommand(state, `weigh:${partner}:${facts.subject}`, partner),
  ])
  return accept([], effects)
}

/** One of the two yellow cards was overturned: the red one has no ground any more. */
export const withdraw = (
  state: PenaltyState,
  { card }: Extract<PenaltyCommand, { type: 'withdraw' }>,
  facts: Facts,
): PenaltyDecision => {
  if (!state.cards.includes(card) || !stands(state)) return refuse('nothing-due', { code: state.code })
  return accept(
    [{ type: 'withdrawn', card, at: iso(facts.at) }],
    [...undo(state, 'rule', facts), ...speakersOf(state.holder, facts.plant).map((id) => inform(toPerson(id)))],
  )
}
