import { inZone } from '../../lib/clock.ts'
import { type Citation, type Refusal, refuse } from '../../lib/refusal.ts'
import { packById, packFor } from '../../rules/permits/packs.ts'
import type { RulePack, WorkRules } from '../../rules/permits/rule-pack.ts'
import { tightened } from '../../rules/permits/tighten.ts'
import { actingPerson, isRefusal } from '../pieces.ts'
import type { Decision, Facts, Plant } from '../workflow.ts'
import type { PermitState } from './permit.ts'
import type { PermitCommand } from './permit-command.ts'
import type { PermitEvent } from './permit-event.ts'

export type PermitDecision = Decision<PermitEvent>
export type Command<T extends PermitCommand['type']> = Extract<PermitCommand, { type: T }>
export type Arm<T extends PermitCommand['type']> = (state: PermitState, command: Command<T>, facts: Facts) => PermitDecision

/** The statutory clause a refusal rests on. */
export const cite = (pack: Pick<RulePack, 'standard'>, clause: string): Citation => {
  const [standard = pack.standard, edition = ''] = pack.standard.split(/-(?=\d{4}$)/)
  return { standard, clause, edition }
}

/** The rules of a permit: those frozen when it was submitted, or, for a draft, those that hold at the site on the day it is for. Null where no pack answers. */
export const rulesOf = (
  state: PermitState,
  plant: Plant,
  at: Date,
): { readonly pack: RulePack; readonly rules: WorkRules } | null => {
  const day = inZone(state.period ? new Date(state.period.from) : at, plant.timeZone).date
  const pack = state.pack === null ? packFor(plant.profile ?? 'hazchem', state.work, day) : packById(state.pack)
  const rules = pack?.works[state.work]
  if (!pack || !rules) return null
  const overlay = (state.pack === null ? plant.overlay : state.overlay) ?? null
  return { pack, rules: tightened(rules, overlay) }
}

/** The rules of a permit that was submitted. Throws when they are gone: a released pack never leaves the product. */
export const frozenRules = (state: PermitState, facts: Facts): { readonly pack: RulePack; readonly rules: WorkRules } => {
  const found = rulesOf(state, facts.plant, facts.at)
  if (!found) throw new Error(`the rule pack «${state.pack}» of ${state.code} is not here`)
  return found
}

/** The person who sent a command while the permit is in one of these states, or why not. */
export const whoIn = (
  state: PermitState,
  facts: Facts,
  statuses: readonly PermitState['status'][],
): { readonly id: string; readonly name: string } | Refusal => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (isAdministrator(facts.plant, by.id)) return refuse('administrators-do-not-act', { code: state.code })
  return statuses.includes(state.status) ? by : refuse('not-in-this-state', { code: state.code, status: state.status })
}

/** Separation of duties: whoever gives roles and links accounts acts in no permit. */
export const isAdministrator = (plant: Plant, person: string): boolean =>
  plant.holders('administrator', plant.site).includes(person)

/** Everybody who has a part in the job itself. */
export const partiesOf = ({ applicant, crew }: PermitState): readonly string[] => [
  ...new Set([applicant, ...(crew ? [crew.workLeader, ...crew.workers, ...crew.attendants] : [])]),
]

export const areaOf = (state: PermitState, plant: Plant) => plant.areas.find(({ id }) => id === state.place?.area) ?? null

/** Who may hear of what goes wrong here: the owner of the area, the shift lead of its team, the safety officers. */
export const unitOf = (state: PermitState, plant: Plant): readonly string[] => {
  const area = areaOf(state, plant)
  const leads = area ? plant.holders('teamLead', area.team) : []
  return [...new Set([...(area?.owner ? [area.owner] : []), ...leads])].filter((id) => plant.reachable(id))
}
