import { causeItems } from '../workflows/hazard/causes.ts'
import { equipmentNow, equipmentOf, noEquipment } from '../workflows/hazard/equipment.ts'
import { categoryOf, criteria } from '../workflows/hazard/grade.ts'
import type { HazardState } from '../workflows/hazard/hazard.ts'
import { isAdministrator } from '../workflows/hazard/people.ts'
import { repeatOwner } from '../workflows/hazard/repeat.ts'
import type { FormField } from './card.ts'
import { hazardText } from './text/hazard.ts'
import { governText as text } from './text/hazard-govern.ts'
import type { View } from './view.ts'

type Option = { readonly value: string; readonly label: string }

/** The most that the drop-downs of all doors hold. */
const mostOptions = 10

const options = (labels: Readonly<Record<string, string>>): readonly Option[] =>
  Object.entries(labels).map(([value, label]) => ({ value, label }))
const choice = (name: string, label: string, of: readonly Option[], initial: string | null): FormField => ({
  kind: 'choice',
  name,
  label,
  options: of,
  initial,
  required: true,
})
const words = (name: string, label: string, required: boolean): FormField => ({
  kind: 'text',
  name,
  label,
  multiline: true,
  longest: 500,
  required,
})
const reason = (label: string): FormField => ({ ...words('reason', label, false), longest: 200 }) as FormField

/** Everybody who could own the case: the present owner, the head of the department where it repeats another, then the likely ones. */
const ownerOptions = (state: HazardState, { plant, reader }: View): readonly Option[] => {
  const area = plant.areas.find(({ id }) => id === state.suggestion.area)
  const ids = [
    state.owner,
    ...(state.repeat ? plant.holders(repeatOwner, plant.site) : []),
    area?.owner,
    reader.person,
    ...plant.membersOf(state.team),
    ...plant.areas.map(({ owner }) => owner),
  ]
  const known = [...new Set(ids)].filter(
    (id): id is string => typeof id === 'string' && plant.persons.has(id) && plant.reachable(id) && !isAdministrator(plant, id),
  )
  return known.slice(0, mostOptions).map((id) => ({ value: id, label: plant.persons.get(id)?.name ?? id }))
}

const areaField = (state: HazardState, { plant }: View): FormField => {
  const area = state.area ?? state.suggestion.area
  const likely = plant.areas.filter(({ id }) => id === area)
  const areas = [...new Set([...likely, ...plant.areas])].slice(0, mostOptions)
  const of = areas.map(({ id, name }) => ({ value: id, label: name }))
  return { ...choice('area', hazardText.form.area, of, likely[0]?.id ?? null), required: likely.length > 0 }
}

/** What stands in the likely area; nothing is asked in a plant that has listed no equipment there. */
const equipmentField = (state: HazardState, { plant }: View): readonly FormField[] => {
  const known = equipmentOf(state.area ?? state.suggestion.area, plant)
  if (known.length === 0) return []
  const now = equipmentNow(state)
  const first = known.filter(({ id }) => id === now)
  const of = [...new Set([...first, ...known])]
    .slice(0, mostOptions - 1)
    .map(({ id, name }) => ({ value: id, label: `${id} ${name}` }))
  const initial = first[0]?.id ?? noEquipment
  return [choice('equipment', hazardText.form.equipment, [...of, { value: noEquipment, label: hazardText.form.none }], initial)]
}

const severityOptions: readonly Option[] = [
  { value: 'general', label: text.general },
  ...criteria.map(({ id, label }) => ({ value: id, label })),
]
const deadlineOptions: readonly Option[] = text.deadlines.map(([value, label]) => ({ value, label }))

const causeFields = (state: HazardState): readonly FormField[] =>
  causeItems.filter((item) => item !== 'root' || state.repeat).map((item) => words(item, text.form[item], false))

/** What a triage asks. Nothing of it is asked of the reporter, and words may be given later. */
const triageForm = (state: HazardState, view: View): readonly FormField[] => {
  const owners = ownerOptions(state, view)
  return [
    areaField(state, view),
    choice('colour', hazardText.form.colour, options(hazardText.colours), state.colour ?? state.suggestion.colour),
    choice('owner', hazardText.form.owner, owners, owners[0]?.value ?? null),
    choice('severity', text.form.severity, severityOptions, state.severity === 'major' ? (state.basis ?? null) : 'general'),
    choice('category', text.form.category, options(text.categories), categoryOf(state)),
    ...equipmentField(state, view),
    choice('deadline', text.form.deadline, deadlineOptions, 'usual'),
    words('measure', text.form.measure, false),
    ...causeFields(state),
  ]
}

/** The five fixes, all of them; a door without text fields leads to the page. */
const planForm = (state: HazardState, view: View): readonly FormField[] => {
  const owners = ownerOptions(state, view)
  return [
    choice('owner', hazardText.form.owner, owners, owners.find(({ value }) => value === state.owner)?.value ?? null),
    words('measure', text.form.planMeasure, true),
    words('funding', text.form.funding, true),
    { kind: 'text', name: 'deadline', label: text.form.planDeadline, multiline: false, longest: 10, required: true },
    words('contingency', text.form.contingency, true),
  ]
}

const handOverForm = (state: HazardState, view: View): readonly FormField[] => {
  const others = ownerOptions(state, view).filter(({ value }) => value !== state.owner)
  return [choice('owner', text.form.newOwner, others, null)]
}

const forms: Readonly<Record<string, (state: HazardState, view: View) => readonly FormField[]>> = {
  triage: triageForm,
  verify: () => [reason(hazardText.form.reason)],
  explain: causeFields,
  plan: planForm,
  decide: () => [reason(text.form.reason)],
  charge: handOverForm,
}

/** What is asked of a reader besides the buttons, by what they are to the case. */
export const formOf = (state: HazardState, part: string, view: View): readonly FormField[] => forms[part]?.(state, view) ?? []
