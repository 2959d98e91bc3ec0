import { type Refusal, refuse } from '../../lib/refusal.ts'
import { type CauseItem, causeItems, causeNames, gradeClauses } from '../../rules/hazard-grades.ts'
import { ask, forget } from '../pieces.ts'
import { accept, type Facts, type Plant } from '../workflow.ts'
import { actingPerson, iso, isRefusal, overtaken, slaOf } from './common.ts'
import type { HazardDecision } from './decide.ts'
import type { GovernEvent } from './govern.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { mayTriage } from './people.ts'
import { gradesOf } from './questions.ts'

export { causeItems } from '../../rules/hazard-grades.ts'

type Explain = Extract<HazardCommand, { type: 'explain' }>
type Given = Extract<GovernEvent, { type: 'explained' }>['causes']

/** What this case must say of its causes before a repair is handed in: nothing for those of the first release. */
export const demandedCauses = (state: HazardState): readonly CauseItem[] => {
  if (state.grades === undefined || state.colour === null) return []
  if (state.repeat) return causeItems
  return gradesOf(state).causesFor.includes(state.colour) ? causeItems.filter((item) => item !== 'root') : []
}

/** What of it has not been said yet. */
export const missingCauses = (state: HazardState): readonly CauseItem[] =>
  demandedCauses(state).filter((item) => !state.causes?.[item])

export const namesOf = (items: readonly CauseItem[]): string => items.map((item) => causeNames[item]).join('、')

/** Why the repair cannot be handed in yet; null when nothing is missing. */
export const causesGap = (state: HazardState): Refusal | null => {
  const missing = missingCauses(state)
  if (missing.length === 0) return null
  const values = { code: state.code, missing: namesOf(missing), name: state.triager?.name ?? '' }
  return refuse('causes-missing', values, gradeClauses.causes)
}

const explainable: readonly HazardState['status'][] = ['triaged', 'listed_pending', 'accepted', 'rectifying', 'deferred']
/** A case that has a grade and is not handed in. */
export const isExplainable = ({ status }: HazardState): boolean => explainable.includes(status)
export const mayExplain = (state: HazardState, person: string, plant: Plant): boolean =>
  isExplainable(state) && (state.triager?.person === person || mayTriage(state, person, plant))

/** The causes among the fields of a form, cut to size. */
export const causesIn = (fields: Readonly<Partial<Record<CauseItem, string>>>, longest: number): Given =>
  Object.fromEntries(causeItems.flatMap((item) => (fields[item]?.trim() ? [[item, fields[item].trim().slice(0, longest)]] : [])))

/** Words said in chat: one answer for each thing that is missing, parted by lines or semicolons; else the whole is the next one. */
const causesSaid = (words: string, missing: readonly CauseItem[], longest: number): Given => {
  const parts = words
    .split(/[\n；;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const said = parts.length === missing.length ? parts : [words.trim()]
  return Object.fromEntries(said.flatMap((text, at) => (missing[at] ? [[missing[at], text.slice(0, longest)]] : [])))
}

export const explained = (
  causes: Given,
  by: { readonly id: string; readonly name: string },
  facts: Facts,
): readonly HazardEvent[] =>
  Object.keys(causes).length === 0 ? [] : [{ type: 'explained', causes, by: by.id, name: by.name, at: iso(facts.at) }]

/** 补充原因. Whoever graded the case, or may grade it, says why it came about and how it is kept under control; never asked of its reporter. */
export const explain = (state: HazardState, command: Explain, facts: Facts): HazardDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (!isExplainable(state)) return overtaken(state)
  if (!mayExplain(state, by.id, facts.plant)) return refuse('not-your-duty', { code: state.code }, gradeClauses.duties)
  const { longestAnswer } = gradesOf(state)
  const wanted = missingCauses(state)
  const form = causesIn(command, longestAnswer)
  const words = command.reason?.trim() ?? ''
  const given = Object.keys(form).length > 0 || words === '' ? form : causesSaid(words, wanted, longestAnswer)
  if (Object.keys(given).length === 0 && wanted.length === 0)
    return refuse('explained-already', { code: state.code }, gradeClauses.causes)
  const missing = wanted.filter((item) => !given[item])
  const events = explained(given, by, facts)
  if (missing.length === 0) return accept(events, [forget('explain')], 'explained', { code: state.code })
  const values = { code: state.code, missing: namesOf(missing) }
  const asked = ask('explain', events.length > 0 ? 'explain-next' : 'explain-ask', {
    facts,
    within: slaOf(state).evidenceWindow,
    values,
  })
  return isRefusal(asked) ? asked : { ...accept(events, asked.effects), say: asked.say }
}
