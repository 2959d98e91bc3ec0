import { later } from '../../lib/clock.ts'
import { type Refusal, refuse } from '../../lib/refusal.ts'
import { type PenaltyCause, penaltyCauses, penaltyClauses, penaltyRules, protectedCauses } from '../../rules/penalties.ts'
import { endOfMonth, endOfWorkingDays } from '../../rules/working-days.ts'
import { contractorOf } from '../contractor/employer.ts'
import { duty, freshCode, inform, iso, strikeAt, toPerson } from '../pieces.ts'
import { accept, type Effect, type Facts } from '../workflow.ts'
import { cardsOf } from './cards.ts'
import { askDeciders, noSteps, type PenaltyDecision, rulesOf, type Steps } from './common.ts'
import { chargeEffects } from './consequences.ts'
import { evolvePenalty } from './evolve.ts'
import { beginFollowUps } from './follow-up.ts'
import { groupFallen, lookAtGroups } from './group.ts'
import { type Holder, type Issue, type PenaltyEvent, type PenaltyState, stands } from './penalty.ts'
import { lineOf, nameOf, speakersOf } from './people.ts'
import { reporterOf } from './protected.ts'

/** Is the card for what came to light by its holder's own good-faith report? Then there is none, whoever asks for it. */
export const protects = (
  { holder, cause, code, reporter }: Pick<Issue, 'holder' | 'cause' | 'code'> & { readonly reporter?: string | null },
  facts: Facts,
): Refusal | null => {
  if (holder.kind !== 'person' || !protectedCauses.has(cause)) return null
  const reported = code === null ? [] : reporterOf(code, facts)
  const own = reporter === holder.id || reported.includes(holder.id)
  const name = nameOf(holder, facts.plant) ?? holder.id
  return own ? refuse('protected-act', { name, code: code ?? '' }, penaltyClauses.protectedAct) : null
}

export type Raise = Omit<Issue, 'type' | 'at' | 'reporter'> & { readonly proposer: PenaltyState['proposer'] }

export const raised = (raise: Raise, name: string, facts: Facts): Extract<PenaltyEvent, { type: 'raised' }> => ({
  type: 'raised',
  site: facts.plant.site,
  code: freshCode(facts),
  rules: penaltyRules.id,
  holder: raise.holder,
  holderName: name,
  speakers: speakersOf(raise.holder, facts.plant),
  team: teamOf(raise.holder, facts),
  ...companyOf(raise.holder, facts),
  colour: raise.colour,
  cause: raise.cause,
  reason: raise.reason,
  case: raise.case,
  caseCode: raise.code,
  round: raise.round,
  cards: raise.cards ?? [],
  proposer: raise.proposer,
  at: iso(facts.at),
})

const companyOf = ({ kind, id }: Holder, { plant }: Facts): Pick<PenaltyState, 'company'> => {
  const company = kind === 'person' ? contractorOf(id, plant) : null
  return company === null ? {} : { company }
}

const teamOf = ({ kind, id }: Holder, { plant }: Facts): string =>
  kind === 'person' ? (plant.persons.get(id)?.team ?? '') : kind === 'team' ? id : ''

/** When a yellow card ends; a red one stays in the profile. */
const expiryOf = (state: PenaltyState, facts: Facts): Date | null => {
  if (state.colour === 'red') return null
  const life = later(facts.at, rulesOf(state).yellowLife)
  const month = endOfMonth(facts.at, facts.plant.timeZone)
  return new Date(Math.min(life.getTime(), month.getTime()))
}

/** When the days for an appeal are over; null while the calendar does not reach that far, and then nobody loses their appeal. */
export const appealEnd = (state: PenaltyState, from: Date, facts: Pick<Facts, 'plant'>): Date | null => {
  const end = endOfWorkingDays(from, rulesOf(state).appealWorkingDays, facts.plant.timeZone)
  return end === 'unknown' ? null : end
}

const calendarUnknown = ({ code }: PenaltyState, { plant }: Facts): readonly Effect[] => [
  { kind: 'alarm', because: 'calendar-unknown', values: { code } },
  ...plant
    .holders('administrator', plant.site)
    .map((id): Effect => ({ kind: 'notify', to: toPerson(id), words: 'calendar-unknown', values: { code }, urgent: true })),
]

/** The freeze of the allowance is only a request: it waits for a named manager, and falls when nobody confirms it. */
const freezeSteps = (state: PenaltyState, facts: Facts): Steps => {
  if (state.colour !== 'red' || state.holder.kind !== 'person') return noSteps
  const until = iso(later(facts.at, rulesOf(state).freezeLife))
  const requested: PenaltyEvent = { type: 'freezeRequested', until, at: iso(facts.at) }
  const asked = askDeciders('freeze', evolvePenalty(state, requested), 0, facts)
  return { events: [requested, ...asked.events], effects: asked.effects }
}

/** Puts a raised card into force: its clocks, who hears of it, points, the request to freeze, and the look for a second yellow card. */
export const putInForce = (
  state: PenaltyState,
  confirmer: { readonly by: string; readonly name: string; readonly at: string } | null,
  facts: Facts,
): Steps => {
  const expires = expiryOf(state, facts)
  const appeal = appealEnd(state, facts.at, facts)
  const issued: PenaltyEvent = {
    type: 'issued',
    confirmer,
    at: iso(facts.at),
    expiresAt: expires && iso(expires),
    appealUntil: appeal && iso(appeal),
  }
  const given = evolvePenalty(state, issued)
  const freeze = freezeSteps(given, facts)
  const follow = beginFollowUps(freeze.events.reduce(evolvePenalty, given), facts)
  const close = appeal ?? later(facts.at, rulesOf(state).askAgain)
  return {
    events: [issued, ...freeze.events, ...follow.events],
    effects: [
      ...speakersOf(state.holder, facts.plant).map((id) => duty(toPerson(id), 'notice')),
      ...lineOf(given, facts.plant).map((id) => inform(toPerson(id))),
      ...(expires ? [strikeAt('expire', expires, { type: 'expire' })] : []),
      strikeAt('appeal', close, { type: 'closeAppeal' }),
      ...(appeal ? [] : calendarUnknown(state, facts)),
      ...chargeEffects(given, facts),
      ...(state.colour === 'yellow' ? [weighCommand(state, `weigh:${facts.subject}`, facts.subject)] : []),
      ...freeze.effects,
      ...follow.effects,
      ...lookAtGroups(given, 'given', facts),
    ],
  }
}

export const weighCommand = ({ holder }: Pick<PenaltyState, 'holder'>, key: string, subject: string): Effect => ({
  kind: 'command',
  workflow: 'penalty',
  subject,
  key,
  command: { type: 'weigh', holder },
})

const isCause = (cause: string): cause is PenaltyCause => (penaltyCauses as readonly string[]).includes(cause)

/** One cause in one round of one case gives a holder one card of a colour. */
const alreadyGiven = (command: Issue, facts: Facts): Refusal | null => {
  const { case: subject, cause, colour, round } = command
  if (subject === null) return null
  const same = cardsOf(command.holder, facts).find(
    (one) => one.case === subject && one.cause === cause && one.colour === colour && one.round === round,
  )
  return same ? refuse('already-issued', { code: same.code }) : null
}

/** A red card for two yellow ones needs both of them, standing and at most so many days apart. */
const pairFallen = (command: Issue, facts: Facts): Refusal | null => {
  if (command.cause !== 'twoYellows') return null
  const all = cardsOf(command.holder, facts)
  const yellows = (command.cards ?? []).map((id) => all.find((one) => one.id === id && one.colour === 'yellow' && stands(one)))
  const [a, b] = yellows
  const apart = a && b ? Math.abs(new Date(a.at).getTime() - new Date(b.at).getTime()) : Number.NaN
  return yellows.length === 2 && apart <= rulesOf({ rules: penaltyRules.id }).pairWithin && a?.id !== b?.id
    ? null
    : refuse('pair-fallen')
}

/** A card that a rule gives: overdue, or two yellow ones. Nobody has issued it, so anybody in the role may review it. */
export const issue = (command: Issue, facts: Facts): PenaltyDecision => {
  const name = nameOf(command.holder, facts.plant)
  if (name === null) return refuse('no-such-holder', { name: command.holder.id })
  if (!isCause(command.cause) || (command.colour !== 'yellow' && command.colour !== 'red')) return refuse('unknown-cause')
  const no = protects(command, facts) ?? alreadyGiven(command, facts) ?? pairFallen(command, facts) ?? groupFallen(command, facts)
  if (no) return no
  const event = raised({ ...command, proposer: null }, name, facts)
  const steps = putInForce(evolvePenalty(null, event), null, facts)
  return accept([event, ...steps.events], steps.effects)
}
