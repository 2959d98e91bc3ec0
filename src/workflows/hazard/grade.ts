import { days, later } from '../../lib/clock.ts'
import { type Refusal, refuse } from '../../lib/refusal.ts'
import { criteria, gradeClauses, moreSevere, rankOf, type Severity } from '../../rules/hazard-grades.ts'
import { categories, categoryIn, otherCategory } from '../../rules/repeat.ts'
import { type Colour, colours } from '../../rules/sla.ts'
import { repairStandardFor } from '../../rules/work-order.ts'
import { holdsAny, tell, toPerson } from '../pieces.ts'
import { accept, type Effect, type Facts, type Plant } from '../workflow.ts'
import { actingPerson, ask, forget, inform, iso, isRefusal, overtaken } from './common.ts'
import type { HazardDecision } from './decide.ts'
import { readEquipment } from './equipment.ts'
import type { TriageMore } from './govern.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { listing } from './major.ts'
import { gradesOf } from './questions.ts'
import { dueFor } from './start.ts'

type Regrade = Extract<HazardCommand, { type: 'regrade' }>

/** Words for forms: the criteria of a major hazard. */
export { criteria } from '../../rules/hazard-grades.ts'

export const isColour = (text: string): text is Colour => (colours as readonly string[]).includes(text)

/** The legal grade that a form says: `general`, or the criteria by which it is major. Null for what is neither; general where it says nothing. */
export const readSeverity = (text: string | undefined): { readonly severity: Severity; readonly basis?: string } | null => {
  if (text === undefined || text === '' || text === 'general') return { severity: 'general' }
  return criteria.some(({ id }) => id === text) ? { severity: 'major', basis: text } : null
}

/** The kind of hazard, as a person has confirmed it, else as the words suggest. */
export const categoryOf = ({ category, texts }: Pick<HazardState, 'category' | 'texts'>): string =>
  category ?? categoryIn(texts.join('\n'))

/** What the repair must look like, for whoever does it. */
export const standardOf = (state: Pick<HazardState, 'category' | 'texts'>): string => repairStandardFor(categoryOf(state))

const readCategory = (text: string | undefined, state: HazardState): string =>
  text !== undefined && categories.includes(text) ? text : (categoryOf(state) ?? otherCategory)

/** Who judges whether a hazard is no longer major, or graded too high or too low after somebody took it on. */
const judges = ['safetyOfficer', 'safetyDirector', 'principal']
export const mayRegrade = (state: HazardState, person: string, plant: Plant): boolean =>
  regradable.includes(state.status) && holdsAny(plant, person, judges)
const regradable: readonly HazardState['status'][] = ['triaged', 'listed_pending', 'accepted', 'rectifying', 'deferred']

/** A term that is earlier than what the colour gives; null when the form asks for more time, which only an extension can give. */
const termFrom = (state: HazardState, colour: Colour, text: string | undefined, facts: Facts): Date | null => {
  const usual = dueFor(state, colour, new Date(state.triagedAt ?? facts.at), facts.plant)
  if (text === undefined || text === '' || text === 'usual') return usual
  if (!/^[1-9]\d{0,2}$/.test(text)) return null
  const asked = later(facts.at, days(Number(text)))
  return asked.getTime() <= usual.getTime() ? asked : null
}

export type Graded = {
  readonly triaged: Extract<HazardEvent, { type: 'triaged' }>
  readonly severity: Severity
}

/** Everything a triage confirms besides who may do it. Major forces red; a legal grade that people gave before is lowered by those alone who judge it. */
export const gradeOf = (
  state: HazardState,
  said: { readonly colour: Colour; readonly area: string; readonly owner: string; readonly more: TriageMore },
  by: { readonly id: string; readonly name: string },
  facts: Facts,
): Graded | Refusal => {
  const { code } = state
  const read = readSeverity(said.more.severity)
  if (!read) return refuse('choose-severity', { code }, gradeClauses.severity)
  const before = state.severity === 'major'
  if (before && read.severity === 'general' && said.more.severity === 'general' && !holdsAny(facts.plant, by.id, judges))
    return refuse('still-major', { code }, gradeClauses.severity)
  const kept = before && said.more.severity !== 'general' && read.severity === 'general'
  const severity: Severity = kept ? 'major' : read.severity
  const colour = severity === 'major' ? 'red' : said.colour
  const due = termFrom(state, colour, said.more.deadline, facts)
  if (!due) return refuse('deadline-too-late', { code }, gradeClauses.extension)
  const equipment = readEquipment(said.more.equipment, said.area, state, facts.plant)
  if (equipment === undefined) return refuse('choose-equipment', { code }, gradeClauses.merging)
  const isListed = facts.plant.areas.some((one) => (one.equipment ?? []).length > 0)
  const measure = (said.more.measure ?? said.more.control ?? '').trim() || (said.more.control ?? '').trim()
  return {
    severity,
    triaged: {
      type: 'triaged',
      colour,
      area: said.area,
      owner: said.owner,
      by: by.id,
      name: by.name,
      at: iso(facts.at),
      dueAt: iso(due),
      severity,
      basis: kept ? state.basis : read.basis,
      category: readCategory(said.more.category, state),
      measure: measure.slice(0, gradesOf(state).longestAnswer),
      ...(isListed ? { equipment } : {}),
    },
  }
}

/** What words suggest never undercuts what a person has said of this case before. */
export const atLeastAsSaid = (state: HazardState, suggested: Colour): Colour =>
  state.reopened.length > 0 ? moreSevere(state.suggestion.colour, suggested) : suggested

type Next = { readonly severity: Severity; readonly basis?: string; readonly colour: Colour }

/** The term after a grade was changed: never later than it was, because time is given by an extension only; a case that is no longer major gets the time of its colour. */
const dueAfter = (state: HazardState, next: Next, facts: Facts): string | null => {
  if (next.severity === 'major') return state.severity === 'major' ? state.dueAt : null
  const fresh = iso(dueFor(state, next.colour, facts.at, facts.plant))
  if (state.dueAt === null) return fresh
  const raised = state.colour !== null && rankOf(next.colour) < rankOf(state.colour)
  return raised && fresh < state.dueAt ? fresh : state.dueAt
}

type Wish = { readonly severity: string; readonly colour: string; readonly reason: string }

const colourWords: readonly (readonly [Colour, RegExp])[] = [
  ['red', /^红/],
  ['orange', /^橙/],
  ['yellow', /^黄/],
  ['blue', /^蓝/],
]
const criterionWords: readonly (readonly [string, RegExp])[] = [
  ['aq3067', /AQ\s*\/?T?\s*3067/i],
  ['order10', /10\s*号/],
  ['construction', /建质规/],
  ['gb35181', /35181/],
]

/** The new grade: fields of a form, else words said in chat, the grade first and the reason on a line of its own. Null when the grade is not understood. */
const wishOf = ({ severity = '', colour = '', reason = '' }: Regrade): Wish | null => {
  if (severity !== '' || colour !== '') return { severity, colour, reason: reason.trim() }
  const [first = '', ...rest] = reason
    .normalize('NFKC')
    .split(/[\n;]/)
    .map((part) => part.trim())
  const why = rest.join(' ').trim()
  if (first.startsWith('重大')) {
    const basis = criterionWords.find(([, words]) => words.test(first))?.[0]
    return basis === undefined ? null : { severity: basis, colour: 'red', reason: why }
  }
  const said = colourWords.find(([, words]) => words.test(first))?.[0] ?? ''
  if (said !== '' || first.startsWith('一般'))
    return { severity: first.startsWith('一般') ? 'general' : '', colour: said, reason: why }
  return null
}

const isLower = (state: HazardState, next: Next): boolean =>
  (state.severity === 'major' && next.severity === 'general') ||
  (state.colour !== null && rankOf(next.colour) > rankOf(state.colour))

/** 重新定级. By a safety officer, the safety director or the principal, with a reason, while the case is not handed in. Who has the case never lowers its grade. */
export const regrade = (state: HazardState, command: Regrade, facts: Facts): HazardDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  const { code } = state
  if (!holdsAny(facts.plant, by.id, judges)) return refuse('not-yours-to-grade', { code }, gradeClauses.severity)
  if (!regradable.includes(state.status)) return overtaken(state)
  if (!command.severity && !command.colour && !command.reason?.trim()) return ask('regrade', 'regrade-how', state, facts)
  const wish = wishOf(command)
  if (!wish) return refuse('regrade-unread', { code }, gradeClauses.own)
  const read = wish.severity ? readSeverity(wish.severity) : { severity: state.severity ?? 'general', basis: state.basis }
  if (!read) return refuse('choose-severity', { code }, gradeClauses.severity)
  const said = wish.colour || state.colour || ''
  if (!isColour(said)) return refuse('choose-colour', { code })
  const next: Next = {
    severity: read.severity,
    ...(read.basis ? { basis: read.basis } : {}),
    colour: read.severity === 'major' ? 'red' : said,
  }
  if (next.severity === (state.severity ?? 'general') && next.colour === state.colour) return refuse('same-grade', { code })
  if (isLower(state, next) && state.owner === by.id) return refuse('separate-duties', { code }, gradeClauses.duties)
  if (wish.reason === '') return refuse('reason-needed', { code })
  const event: HazardEvent = {
    type: 'regraded',
    ...next,
    reason: wish.reason.slice(0, gradesOf(state).longestAnswer),
    dueAt: dueAfter(state, next, facts),
    by: by.id,
    name: by.name,
    at: iso(facts.at),
  }
  const listed = next.severity === 'major' && state.severity !== 'major' ? listing(state, facts) : { events: [], effects: [] }
  return accept(
    [event, ...listed.events],
    [forget('regrade'), forget('sign'), ...toldOf(state, event, facts), ...listed.effects],
    'regraded',
    { code },
  )
}

const toldOf = (state: HazardState, event: HazardEvent & { type: 'regraded' }, facts: Facts): readonly Effect[] => {
  const moved =
    (state.status === 'accepted' || state.status === 'rectifying') && event.dueAt !== null && event.dueAt !== state.dueAt
  const owner = state.owner !== null && facts.plant.reachable(state.owner) ? state.owner : null
  return [
    ...(moved && event.dueAt !== null
      ? [{ kind: 'setDeadline', tag: 'due', at: new Date(event.dueAt), command: { type: 'callOverdue' } } as const]
      : []),
    ...(event.severity === 'major'
      ? [{ kind: 'cancelDeadline', tag: 'due' } as const, { kind: 'cancelDeadline', tag: 'climb' } as const]
      : []),
    ...(owner
      ? [tell(toPerson(owner), 'regraded', { code: state.code, name: event.name, reason: event.reason }), inform(toPerson(owner))]
      : []),
  ]
}
