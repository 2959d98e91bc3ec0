import type { Effect, Facts } from '../workflow.ts'
import type { HazardDecision } from './decide.ts'
import { equipmentNow } from './equipment.ts'
import { evolveHazard } from './evolve.ts'
import { categoryOf } from './grade.ts'
import type { HazardEvent, HazardState } from './hazard.ts'
import { isDevice } from './people.ts'

type Body = Readonly<Record<string, unknown>>
type Published = { readonly event: string; readonly body: Body }
type Step = { readonly before: HazardState | null; readonly after: HazardState; readonly event: HazardEvent }

/** What every event says of its case. Codes and ids of places and things, never a person and never words that somebody typed about somebody. */
const about = (state: HazardState): Body => ({
  site: state.site,
  code: state.code,
  status: state.status,
  colour: state.colour ?? state.suggestion.colour,
  graded: state.colour !== null,
  severity: state.severity ?? null,
  category: categoryOf(state),
  area: state.area ?? state.suggestion.area,
  equipment: equipmentNow(state),
})

const atOf = (event: HazardEvent, facts: Facts): string =>
  'at' in event && typeof event.at === 'string' ? event.at : facts.at.toISOString()

const isOpen = (state: HazardState | null): boolean => state !== null && state.closedAt === null
const isOfMajor = ({ severity }: HazardState): boolean => severity === 'major'

/** 隐患: its beginning, each grading, its end, and its coming back. */
const ofCase = ({ before, after, event }: Step, at: string): readonly Published[] => {
  const by = isDevice(after.reporter) ? 'device' : 'person'
  if (before === null) return [{ event: 'hazard.opened', body: { ...about(after), by, at } }]
  if (event.type === 'triaged' || event.type === 'regraded')
    return [{ event: 'hazard.graded', body: { ...about(after), due: after.dueAt, at } }]
  if (isOpen(before) && !isOpen(after)) return [{ event: 'hazard.closed', body: { ...about(after), at } }]
  return !isOpen(before) && isOpen(after) ? [{ event: 'hazard.reopened', body: { ...about(after), at } }] : []
}

/** The open hazard of a piece of equipment: from when it is known which, until the hazard ends or turns out to be another's. */
const ofEquipment = ({ before, after }: Step, at: string): readonly Published[] => {
  const was = before && isOpen(before) ? equipmentNow(before) : null
  const is = isOpen(after) ? equipmentNow(after) : null
  if (was === is) return []
  return [
    ...(was === null ? [] : [{ event: 'equipment.hazard.closed', body: { ...about(after), equipment: was, at } }]),
    ...(is === null ? [] : [{ event: 'equipment.hazard.opened', body: { ...about(after), at } }]),
  ]
}

/**
 * 重大事故隐患, for the regulator: that there is one, its plan, its end, and that it is judged none. Reported to the authority in charge of supervising work
 * safety (Work Safety Law art. 41; SAWS Order 16 of 2007, art. 14).
 */
const ofMajor = ({ before, after, event }: Step, at: string): readonly Published[] => {
  if (event.type === 'listed') return [{ event: 'major.listed', body: { ...about(after), basis: after.basis ?? null, at } }]
  if (event.type === 'planApproved') {
    const { measure = '', funding = '', deadline = event.dueAt, contingency = '' } = after.plan ?? {}
    return [{ event: 'major.planApproved', body: { ...about(after), measure, funding, deadline, contingency, at } }]
  }
  const major = isOfMajor(after) || (before !== null && isOfMajor(before))
  if (major && isOpen(before) && !isOpen(after)) return [{ event: 'major.closed', body: { ...about(after), at } }]
  if (before !== null && isOfMajor(before) && !isOfMajor(after))
    return [{ event: 'major.withdrawn', body: { ...about(after), at } }]
  return major && !isOpen(before) && before !== null && isOpen(after)
    ? [{ event: 'major.reopened', body: { ...about(after), at } }]
    : []
}

const families = [ofCase, ofEquipment, ofMajor] as const

/** Names of everything that a hazard tells systems outside, as `docs/integrations.md` lists them. */
export const hazardEventNames = [
  'hazard.opened',
  'hazard.graded',
  'hazard.closed',
  'hazard.reopened',
  'equipment.hazard.opened',
  'equipment.hazard.closed',
  'major.listed',
  'major.planApproved',
  'major.withdrawn',
  'major.closed',
  'major.reopened',
] as const

/** Tells whoever has asked for it in the configuration what a decision has made of the case: each event of the journal once, in its order. */
export const announce = (before: HazardState | null, decision: HazardDecision, facts: Facts): HazardDecision => {
  if (decision.kind === 'refused' || decision.events.length === 0) return decision
  let state = before
  const published = decision.events.flatMap((event): readonly Published[] => {
    const after = evolveHazard(state, event)
    const step = { before: state, after, event }
    state = after
    return families.flatMap((tell) => tell(step, atOf(event, facts)))
  })
  const effects = published.map(({ event, body }): Effect => ({ kind: 'publish', event, body }))
  return { ...decision, effects: [...decision.effects, ...effects] }
}
