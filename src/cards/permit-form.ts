import { rulesOf } from '../workflows/permit/common.ts'
import { questionField } from '../workflows/permit/fields.ts'
import type { PermitState } from '../workflows/permit/permit.ts'
import { openLines } from '../workflows/permit/prepare.ts'
import type { FormField } from './card.ts'
import { permitText as text } from './text/permit.ts'
import type { View } from './view.ts'
import { fill } from './words.ts'

type Rules = NonNullable<ReturnType<typeof rulesOf>>['rules']
type Question = Rules['questions'][number]
type Option = { readonly value: string; readonly label: string }

export const typed = (name: string, label: string, more: Partial<Extract<FormField, { kind: 'text' }>> = {}): FormField => ({
  ...{ kind: 'text', name, label, multiline: false, longest: 60, required: false },
  ...more,
})
export const choice = (name: string, label: string, options: readonly Option[], initial: string | null = null): FormField => ({
  ...{ kind: 'choice', name, label, options, initial, required: false },
})
const options = (labels: Readonly<Record<string, string>>): readonly Option[] =>
  Object.entries(labels).map(([value, label]) => ({ value, label }))

/** A question of the rule pack as a field, with what is answered already. */
const asked = (question: Question, { answers }: PermitState): FormField => {
  const name = questionField(question.id)
  const answer = answers[question.id]
  if (question.kind === 'yesNo')
    return choice(name, question.label, options(text.yesNo), typeof answer === 'boolean' ? (answer ? 'yes' : 'no') : null)
  const choices = question.choices ?? []
  if (question.kind === 'one')
    return choice(
      name,
      question.label,
      choices.map(({ id, label }) => ({ value: id, label })),
      typeof answer === 'string' ? answer : null,
    )
  if (question.kind === 'number')
    return typed(name, fill(text.number, { label: question.label, unit: question.unit ?? '' }), {
      longest: 12,
      ...(typeof answer === 'number' ? { initial: String(answer) } : {}),
    })
  const label = fill(text.some, { label: question.label, choices: choices.map((one) => one.label).join('、') })
  const chosen = Array.isArray(answer) ? choices.filter(({ id }) => answer.includes(id)).map((one) => one.label) : []
  return typed(name, label, { longest: 200, ...(chosen.length > 0 ? { initial: chosen.join('、') } : {}) })
}

const mostAreas = 60

/** What stands in the plain fields already, as somebody would type it. */
const plainNow = ({ what, place, period, crew, tools, coordinator, isolations }: PermitState, { plant }: View) => {
  const names = (ids: readonly string[]): string => ids.map((id) => plant.persons.get(id)?.name ?? id).join('、')
  const number = (value: number | undefined): string => (value === undefined || Number.isNaN(value) ? '' : String(value))
  const hours = period ? (new Date(period.to).getTime() - new Date(period.from).getTime()) / 3_600_000 : 8
  return {
    ...{ what, point: place?.point ?? '', line: place?.line ?? '', space: place?.space ?? '' },
    ...{ level: number(place?.level), lat: number(place?.lat), lng: number(place?.lng) },
    ...{ from: period?.from ?? '', hours: String(Math.round(hours * 100) / 100) },
    workLeader: crew?.workLeader ? names([crew.workLeader]) : '',
    ...{ workers: names(crew?.workers ?? []), attendants: names(crew?.attendants ?? []), contractor: crew?.contractor ?? '' },
    ...{ tools: tools.join('、'), coordinator: coordinator === null ? '' : names([coordinator]), job: '' },
    isolations: isolations.map((one) => `${one.what}|${text.isolationKinds[one.kind]}`).join('\n'),
  }
}
type Plain = ReturnType<typeof plainNow>

const long: Readonly<Partial<Record<keyof Plain, number>>> = {
  what: 500,
  workers: 400,
  attendants: 200,
  tools: 1_000,
  isolations: 2_000,
}

/** The application: where, when, who, and every question that the rules ask of this kind of work. What a chat cannot hold is on the page. */
export const applicationForm = (state: PermitState, view: View): readonly FormField[] => {
  const now = plainNow(state, view)
  const plain = (name: keyof Plain): FormField =>
    typed(name, text.fields[name], {
      multiline: name === 'what' || name === 'isolations',
      longest: long[name] ?? 60,
      ...(now[name] === '' ? {} : { initial: now[name] }),
    })
  const areas = view.plant.areas.slice(0, mostAreas).map(({ id, name }) => ({ value: id, label: name }))
  const questions = rulesOf(state, view.plant, view.at)?.rules.questions ?? []
  const isAsked = questions.some(({ id }) => id === 'outdoors')
  const outdoors = state.place ? (state.place.outdoors ? 'yes' : 'no') : null
  return [
    plain('what'),
    choice('area', text.fields.area, areas, state.place?.area ?? null),
    ...(['from', 'workLeader', 'workers', 'attendants', 'hours', 'tools', 'point', 'space', 'line', 'level'] as const).map(plain),
    ...questions.map((question) => asked(question, state)),
    ...(isAsked ? [] : [choice('outdoors', text.fields.outdoors, options(text.yesNo), outdoors)]),
    ...(['isolations', 'contractor', 'coordinator', 'job', 'lat', 'lng'] as const).map(plain),
  ]
}

/** One gas value. */
export const gasForm = (state: PermitState, { plant, at }: View): readonly FormField[] => {
  const rules = rulesOf(state, plant, at)?.rules
  const points = (rules?.gas?.points ?? []).map(({ id, label }) => ({ value: id, label }))
  return [
    choice('kind', text.gasFields.kind, options(text.gasKinds)),
    choice('unit', text.gasFields.unit, options(text.gasUnits)),
    points.length > 0 ? choice('point', text.gasFields.point, points) : typed('point', text.gasFields.point),
    typed('value', text.gasFields.value, { longest: 12 }),
    typed('sampledAt', text.gasFields.sampledAt, { longest: 30 }),
    typed('substance', text.gasFields.substance, { longest: 40 }),
    typed('instrument', text.gasFields.instrument, { longest: 40 }),
    typed('calibrationDue', text.gasFields.calibrationDue, { longest: 10 }),
  ]
}
export const gasWanted: readonly string[] = ['kind', 'unit', 'value', 'sampledAt', 'instrument', 'calibrationDue']

export const digits = (): FormField => typed('digits', text.form.digits, { longest: 6 })
export const position = (): FormField => ({ kind: 'position', name: 'position', label: text.form.position, required: false })
export const pin = (): FormField => ({ kind: 'secret', name: 'pin', label: text.form.pin, longest: 12, required: false })
export const reason = (): FormField => typed('reason', text.form.reason, { multiline: true, longest: 200 })

/** The number that the open line asks for, and a further point of isolation. */
export const measureForm = (state: PermitState, { plant, at }: View): readonly FormField[] => {
  const rules = rulesOf(state, plant, at)?.rules
  const asks = rules ? openLines(rules, state)[0]?.asks : undefined
  return [
    ...(asks ? [typed('value', fill(text.form.value, asks), { longest: 6 })] : []),
    typed('what', text.form.isolation, { longest: 80 }),
    choice('kind', text.form.isolationKind, options(text.isolationKinds), 'process'),
  ]
}

export const countForm = (): readonly FormField[] => [
  typed('people', text.form.people, { longest: 4 }),
  typed('tools', text.form.tools, { longest: 4 }),
  typed('note', text.form.note, { multiline: true, longest: 300 }),
]
