import { later } from '../../lib/clock.ts'
import { type Refusal, refuse } from '../../lib/refusal.ts'
import { gradeClauses, type HazardGrades, hazardGradeRules, hazardGrades, type QuestionKind } from '../../rules/hazard-grades.ts'
import { nobodyHolds, reachableHolders, tell, toPerson } from '../pieces.ts'
import { accept, type Facts, type Plant } from '../workflow.ts'
import { actingPerson, type Called, duty, iso, isRefusal, overtaken } from './common.ts'
import type { HazardDecision } from './decide.ts'
import { questionOf } from './govern-state.ts'
import type { HazardState } from './hazard.ts'

const versions: ReadonlyMap<string, HazardGrades> = new Map(hazardGradeRules.map((rules) => [rules.id, rules]))

/** The rules of treatment of a case: those under which it opened, else the first ones. Throws for rules this release does not carry. */
export const gradesOf = ({ grades }: Pick<HazardState, 'grades'>): HazardGrades => {
  const rules = grades === undefined ? hazardGrades : versions.get(grades)
  if (!rules) throw new Error(`unknown rules of treatment ${grades}`)
  return rules
}

const levelOf = ({ severity, colour }: HazardState): 'usual' | 'red' | 'major' =>
  severity === 'major' ? 'major' : colour === 'red' ? 'red' : 'usual'

/** Who is asked, one role after the other. `owner` is whoever has the case. */
const rolesFor = (kind: QuestionKind, state: HazardState): readonly string[] =>
  kind === 'proposal' ? ['owner', ...gradesOf(state).proposers] : gradesOf(state).deciders[kind][levelOf(state)]

/** Whoever does the work, proposed it or asked for it never decides about it. */
const isPartOf = (kind: QuestionKind, state: HazardState, person: string): boolean =>
  kind !== 'proposal' &&
  (person === state.owner ||
    person === state.request?.by ||
    (kind === 'plan' && (person === state.plan?.by || person === state.plan?.owner)))

const holders = (kind: QuestionKind, role: string, state: HazardState, plant: Plant): readonly string[] =>
  role === 'owner'
    ? state.owner !== null && plant.reachable(state.owner)
      ? [state.owner]
      : []
    : reachableHolders(plant, role, plant.site).filter((id) => !isPartOf(kind, state, id))

const dutyOf = (kind: QuestionKind): string => (kind === 'proposal' ? 'plan' : 'decide')

/**
 * Asks the next role about the open question. Roles without anybody who may decide and can be reached are passed over; past the last the last that has somebody is asked
 * again; with nobody at all the operators hear of it, and the clock that asks again stands.
 */
export const askDeciders = (state: HazardState, level: number, facts: Facts): Called => {
  const kind = questionOf(state)
  if (kind === null) return { events: [], effects: [] }
  const roles = rolesFor(kind, state)
  const able = roles.map((role) => holders(kind, role, state, facts.plant))
  const next = able.findIndex((ids, at) => at >= level && ids.length > 0)
  const at = next >= 0 ? next : able.findLastIndex((ids) => ids.length > 0)
  const persons = able[at] ?? []
  return {
    events: [{ type: 'deciderAsked', kind, persons, level: Math.max(at, 0), at: iso(facts.at) }],
    effects:
      persons.length > 0
        ? persons.map((id) => duty(toPerson(id), dutyOf(kind), level > 0))
        : nobodyHolds(roles[roles.length - 1] ?? '', state.code, facts),
  }
}

/** When whoever must decide is asked again; a request ends with the term that it wants moved. */
export const decideAt = (state: HazardState): Date | null => {
  const kind = questionOf(state)
  if (kind === null || !state.asked) return null
  const again = later(new Date(state.asked.at), gradesOf(state).askAgain[kind])
  const due = state.request && state.dueAt !== null ? new Date(state.dueAt) : null
  return due && due.getTime() < again.getTime() ? due : again
}

/** Does this person hold a role that may decide what is open, and have no part in it? */
export const mayDecide = (state: HazardState, person: string, plant: Plant): boolean => {
  const kind = questionOf(state)
  if (kind === null || kind === 'proposal' || isPartOf(kind, state, person)) return false
  return rolesFor(kind, state).some((role) => plant.holders(role, plant.site).includes(person))
}

export type OpenQuestion = Exclude<QuestionKind, 'proposal'>

/** Who decides instead, by what is open. */
const notTheirs: Readonly<Record<OpenQuestion, (code: string) => Refusal>> = {
  plan: (code) => refuse('not-yours-to-plan', { code }, gradeClauses.plan),
  signOff: (code) => refuse('not-yours-to-sign', { code }, gradeClauses.plan),
  deferral: (code) => refuse('not-yours-to-deferral', { code }, gradeClauses.interim),
  extension: (code) => refuse('not-yours-to-extension', { code }, gradeClauses.extension),
}

/** The acting person with the question they may decide, or why not. */
export const decider = (
  state: HazardState,
  facts: Facts,
): { readonly id: string; readonly name: string; readonly kind: OpenQuestion } | Refusal => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  const kind = questionOf(state)
  if (kind === null || kind === 'proposal') return overtaken(state)
  const holds = rolesFor(kind, state).some((role) => facts.plant.holders(role, facts.plant.site).includes(by.id))
  if (!holds) return notTheirs[kind](state.code)
  if (isPartOf(kind, state, by.id)) return refuse('separate-duties', { code: state.code }, gradeClauses.duties)
  return { ...by, kind }
}

/** The clock: nobody has decided. The next role is asked as well; a request whose term has come is void, and whoever asked hears of it. */
export const callDecider = (state: HazardState, _: object, facts: Facts): HazardDecision => {
  const at = decideAt(state)
  if (at === null || !state.asked) return refuse('nothing-to-decide', { code: state.code })
  if (at.getTime() > facts.at.getTime()) return accept([])
  const { request, dueAt } = state
  if (request && dueAt !== null && !(new Date(dueAt).getTime() > facts.at.getTime()))
    return accept(
      [{ type: 'requestLapsed', at: iso(facts.at) }],
      [tell(toPerson(request.by), 'request-lapsed', { code: state.code })],
    )
  const asked = askDeciders(state, state.asked.level + 1, facts)
  return accept(asked.events, asked.effects)
}

/** The last of those who were asked cannot be reached: the next role is asked at once, once for each failure. */
export const decidersLost = (state: HazardState, lost: string, facts: Facts): Called => {
  const { asked } = state
  const gone = (id: string): boolean => state.unreached.includes(id) || !facts.plant.reachable(id)
  if (!asked?.persons.includes(lost) || !asked.persons.every(gone)) return { events: [], effects: [] }
  const roles = rolesFor(asked.kind, state)
  if (asked.level >= roles.length - 1) return { events: [], effects: nobodyHolds(roles[asked.level] ?? '', state.code, facts) }
  return askDeciders(state, asked.level + 1, facts)
}
