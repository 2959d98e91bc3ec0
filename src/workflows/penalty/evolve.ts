import type { Decider, FollowUp, PenaltyEvent, PenaltyState, Question } from './penalty.ts'

type Changes = {
  readonly [T in Exclude<PenaltyEvent['type'], 'raised'>]: (
    state: PenaltyState,
    event: Extract<PenaltyEvent, { type: T }>,
  ) => Partial<PenaltyState>
}

const raise = (event: Extract<PenaltyEvent, { type: 'raised' }>): PenaltyState => {
  const { type: _, at, ...rest } = event
  return {
    ...rest,
    status: 'proposed',
    raisedAt: at,
    confirmer: null,
    issuedAt: null,
    expiresAt: null,
    expired: false,
    appealUntil: null,
    appealClosed: false,
    appeal: null,
    verdict: null,
    freeze: 'none',
    freezeUntil: null,
    freezer: null,
    pair: null,
    asked: {},
    last: null,
  }
}

const without = ({ asked }: PenaltyState, question: Question): Pick<PenaltyState, 'asked'> => {
  const { [question]: _, ...rest } = asked
  return { asked: rest }
}

const deciderOf = ({ by, name, at, reason = '' }: Omit<Decider, 'reason'> & { reason?: string }): Decider => ({
  by,
  name,
  at,
  reason,
})

const actOf = (act: string, { name, at }: Pick<Decider, 'name' | 'at'>): Pick<PenaltyState, 'last'> => ({
  last: { act, name, at },
})

const held = (state: PenaltyState, followUp: FollowUp, by: Decider): Partial<PenaltyState> => ({
  ...without(state, followUp),
  ...actOf(followUp, by),
  held: { ...state.held, [followUp]: deciderOf(by) },
})

const changes: Changes = {
  issued: (state, { confirmer, at, expiresAt, appealUntil }) => ({
    ...without(state, 'confirm'),
    ...(confirmer ? actOf('confirm', confirmer) : {}),
    status: 'issued',
    confirmer: confirmer ? deciderOf(confirmer) : null,
    issuedAt: at,
    expiresAt,
    appealUntil,
  }),
  declined: (state, event) => ({
    ...without(state, 'confirm'),
    ...actOf('decline', event),
    status: 'declined',
    confirmer: deciderOf(event),
  }),
  lapsed: () => ({ status: 'declined', asked: {} }),
  asked: ({ asked }, { question, persons, level, until }) => ({ asked: { ...asked, [question]: { persons, level, until } } }),
  freezeRequested: (_, { until }) => ({ freeze: 'requested', freezeUntil: until }),
  freezeConfirmed: (state, event) => ({
    ...without(state, 'freeze'),
    ...actOf('confirmFreeze', event),
    freeze: 'confirmed',
    freezer: deciderOf(event),
  }),
  freezeDeclined: (state, event) => ({
    ...without(state, 'freeze'),
    ...actOf('declineFreeze', event),
    freeze: 'declined',
    freezer: deciderOf(event),
  }),
  freezeLapsed: (state) => ({ ...without(state, 'freeze'), freeze: 'lapsed' }),
  appealed: (_, event) => ({ ...actOf('appeal', event), status: 'underAppeal', appeal: deciderOf(event) }),
  upheld: (state, event) => ({
    ...without(state, 'review'),
    ...actOf('uphold', event),
    status: state.expired ? 'expired' : 'issued',
    verdict: deciderOf(event),
    appealClosed: true,
    freezeUntil: event.freezeUntil,
  }),
  overturned: (_, event) => ({ ...actOf('overturn', event), status: 'overturned', verdict: deciderOf(event), asked: {} }),
  talkHeld: (state, event) => held(state, 'talk', event),
  trainingHeld: (state, event) => held(state, 'training', event),
  expired: ({ status }) => ({ expired: true, status: status === 'issued' ? 'expired' : status }),
  appealClosed: () => ({ appealClosed: true }),
  paired: (_, { with: partner, red }) => ({ pair: { with: partner, red } }),
  withdrawn: () => ({ status: 'withdrawn', asked: {} }),
  unreachable: () => ({}),
}

/** Folds one event; `raised` alone begins a card. */
export const evolvePenalty = (state: PenaltyState | null, event: PenaltyEvent): PenaltyState => {
  if (event.type === 'raised') return raise(event)
  if (!state) throw new Error(`a card cannot begin with ${event.type}`)
  return {
    ...state,
    ...(changes[event.type] as (state: PenaltyState, event: PenaltyEvent) => Partial<PenaltyState>)(state, event),
  }
}
