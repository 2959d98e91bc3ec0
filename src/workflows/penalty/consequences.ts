import { inZone } from '../../lib/clock.ts'
import { quarterOf } from '../../rules/contractor-score.ts'
import { contractorSubject } from '../contractor/contractor.ts'
import { pointsSubject } from '../points/points.ts'
import type { Effect, Facts } from '../workflow.ts'
import type { PenaltyState } from './penalty.ts'

/** What a card costs, by whoever holds it: a person loses points; a contractor with a red card is let in no more until somebody has reviewed it. */
export const chargeEffects = (state: PenaltyState, facts: Facts): readonly Effect[] => {
  const { holder, colour, code } = state
  if (holder.kind === 'person') {
    const kind = colour === 'red' ? 'redCard' : 'yellowCard'
    const at = state.issuedAt ?? facts.at.toISOString()
    const command = { type: 'award', person: holder.id, kind, key: cardKey(facts.subject), case: facts.subject, code, at }
    return [toPoints(state, `award:${facts.subject}`, command)]
  }
  if (holder.kind !== 'contractor' || colour !== 'red') return []
  const suspend = { type: 'suspend', key: cardKey(facts.subject), because: 'redCard', code }
  return [toContractor(state, `suspend:${facts.subject}`, suspend, facts)]
}

/** The same taken back, after the card was overturned or withdrawn. Arriving first it keeps the charge from ever counting. */
export const dischargeEffects = (state: PenaltyState, facts: Facts): readonly Effect[] => {
  const { holder, colour } = state
  if (state.issuedAt === null) return []
  if (holder.kind === 'person')
    return [toPoints(state, `reverse:${facts.subject}`, { type: 'reverse', person: holder.id, key: cardKey(facts.subject) })]
  if (holder.kind !== 'contractor' || colour !== 'red') return []
  return [toContractor(state, `lift:${facts.subject}`, { type: 'lift', key: cardKey(facts.subject) }, facts)]
}

type Command = { readonly type: string } & Readonly<Record<string, unknown>>

const cardKey = (subject: string): string => `card:${subject}`

const toPoints = ({ site, holder }: PenaltyState, key: string, command: Command): Effect => ({
  kind: 'command',
  workflow: 'points',
  subject: pointsSubject(site, holder.id),
  key: `points:${key}`,
  command,
})

const toContractor = (state: PenaltyState, key: string, what: Command, facts: Facts): Effect => {
  const contractor = state.holder.id
  const quarter = quarterOf(inZone(new Date(state.issuedAt ?? facts.at), facts.plant.timeZone).date)
  return {
    kind: 'command',
    workflow: 'contractor',
    subject: contractorSubject(state.site, contractor, quarter),
    key: `contractor:${key}`,
    command: { ...what, contractor, quarter },
  }
}

/** What HR is told: only after a named manager has confirmed, and again when the card falls. Ids, no names: HR knows its people. */
export const payCall = (
  event: 'allowance.freeze' | 'allowance.unfreeze',
  state: PenaltyState,
  decidedBy: string,
  facts: Facts,
): Effect => ({
  kind: 'callOut',
  target: 'hr',
  event,
  body: {
    person: state.holder.id,
    card: state.code,
    colour: state.colour,
    cause: state.cause,
    case: state.caseCode,
    month: inZone(new Date(state.issuedAt ?? facts.at), facts.plant.timeZone).date.slice(0, 7),
    decidedBy,
    decidedAt: facts.at.toISOString(),
  },
})
