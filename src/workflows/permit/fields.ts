import { allQuestions } from '../../rules/permits/packs.ts'
import type { JobFacts, JobQuestion } from '../../rules/permits/rule-pack.ts'
import { workTypes } from '../../rules/permits/rule-pack.ts'
import type { Plant } from '../workflow.ts'

/** Fields of the application form besides the questions of the rule pack. Text, as forms send it. */
export const plainFields = [
  ...['what', 'area', 'point', 'level', 'line', 'space', 'outdoors', 'lat', 'lng'],
  ...['from', 'hours', 'workLeader', 'workers', 'attendants', 'contractor', 'tools', 'coordinator', 'job', 'isolations'],
] as const

/** A question of the pack as a form field: its own id behind `q_`. */
export const questionField = (id: string): string => `q_${id}`

/** Every field that an application may send, of whatever kind of work. */
export const applicationFields: readonly string[] = [
  ...plainFields,
  ...new Set(workTypes.flatMap((work) => allQuestions(work).map(({ id }) => questionField(id)))),
]

const yes = new Set(['yes', 'true', '是', '有', '1'])
const no = new Set(['no', 'false', '否', '无', '0'])

/** An answer as the rules take it; undefined for words that are none. What is not answered is never assumed. */
export const answerOf = ({ kind, choices = [] }: JobQuestion, text: string): JobFacts[string] | undefined => {
  const said = text.trim()
  const named = (one: string): string | undefined => choices.find(({ id, label }) => id === one || label === one)?.id
  if (said === '') return undefined
  if (kind === 'yesNo') return yes.has(said) ? true : no.has(said) ? false : undefined
  if (kind === 'number') return /^-?\d{1,6}(\.\d{1,4})?$/.test(said) ? Number(said) : undefined
  if (kind === 'one') return named(said)
  if (no.has(said)) return []
  const all = said.split(/[,，、\s]+/).map(named)
  return all.every((one) => one !== undefined) ? (all as readonly string[]) : undefined
}

/** A person by id, employee number or unambiguous name; null for nobody in particular. */
export const personNamed = (text: string, plant: Plant): string | null => {
  const said = text.trim()
  if (said === '') return null
  if (plant.persons.get(said)?.active) return said
  const named = [...plant.persons.values()].filter(({ name, active }) => active && name === said).map(({ id }) => id)
  const numbered = named.length > 0 ? [] : plant.findPerson({ employeeNo: said })
  const found = [...named, ...numbered]
  return found.length === 1 ? (found[0] ?? null) : null
}

/** People in a list of names; `unknown` are the words that named nobody in particular. */
export const peopleNamed = (
  text: string,
  plant: Plant,
): { readonly ids: readonly string[]; readonly unknown: readonly string[] } => {
  const words = text
    .split(/[,，、;；\n]+/)
    .map((one) => one.trim())
    .filter((one) => one !== '')
  const found = words.map((word) => ({ word, id: personNamed(word, plant) }))
  return {
    ids: [...new Set(found.flatMap(({ id }) => (id === null ? [] : [id])))],
    unknown: found.filter(({ id }) => id === null).map(({ word }) => word),
  }
}
