import { later, minutes } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { clip } from '../../lib/text.ts'
import type { JobFacts, WorkRules } from '../../rules/permits/rule-pack.ts'
import { iso, isRefusal } from '../pieces.ts'
import { accept, type Facts } from '../workflow.ts'
import { usualHours } from './apply.ts'
import { type Arm, rulesOf, whoIn } from './common.ts'
import { answerOf, peopleNamed, personNamed, questionField } from './fields.ts'
import type { Crew, IsolationPoint, Period, PermitState } from './permit.ts'
import type { PermitEvent } from './permit-event.ts'
import { placeOf } from './place.ts'
import { instantSaid, isolationKind } from './said.ts'
import { lookAtWeather } from './weather.ts'

type Filled = Extract<PermitEvent, { type: 'filled' }>
type Form = Readonly<Record<string, string>>

const periodOf = (
  from: string | undefined,
  hours: string | undefined,
  state: PermitState,
  facts: Facts,
): Period | null | 'wrong' => {
  if (!from && !hours) return state.period
  const start = from ? instantSaid(from, facts) : state.period ? new Date(state.period.from) : null
  const known = state.period
    ? (new Date(state.period.to).getTime() - new Date(state.period.from).getTime()) / minutes(60)
    : usualHours
  const length = hours ? Number(hours) : known
  if (!start || !Number.isFinite(length) || !(length > 0) || length > 24 * 60) return 'wrong'
  return { from: iso(start), to: iso(later(start, Math.round(length * 60) * minutes(1))) }
}

/** `什么|kind` for each point, one in a line; kinds as the isolation list names them. */
const isolationsOf = (text: string): readonly IsolationPoint[] =>
  text
    .split(/[\n;；]+/)
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .slice(0, 40)
    .map((one, index) => {
      const [what = '', kind = ''] = one.split('|').map((part) => part.trim())
      return { id: `i${index + 1}`, what: clip(what, 80), kind: isolationKind(kind), photo: null, tried: null }
    })
const answersOf = (form: Form, rules: WorkRules): { readonly answers: JobFacts; readonly wrong: readonly string[] } => {
  const given = rules.questions.flatMap((question) => {
    const text = form[questionField(question.id)]
    return text === undefined || text.trim() === '' ? [] : [{ question, answer: answerOf(question, text) }]
  })
  return {
    answers: Object.fromEntries(given.flatMap(({ question, answer }) => (answer === undefined ? [] : [[question.id, answer]]))),
    wrong: given.filter(({ answer }) => answer === undefined).map(({ question }) => question.label),
  }
}

/** The crew with what the form changes of it; `unknown` are words that name nobody at this site. */
const crewOf = (
  form: Form,
  { crew }: PermitState,
  facts: Facts,
): { readonly crew: Crew | null; readonly unknown: readonly string[] } => {
  const { workLeader, workers, attendants, contractor } = form
  if ([workLeader, workers, attendants, contractor].every((one) => one === undefined || one.trim() === ''))
    return { crew, unknown: [] }
  const some = (text: string | undefined, before: readonly string[]) =>
    text === undefined || text.trim() === '' ? { ids: before, unknown: [] } : peopleNamed(text, facts.plant)
  const leader = workLeader?.trim() ? personNamed(workLeader, facts.plant) : (crew?.workLeader ?? '')
  const hands = some(workers, crew?.workers ?? [])
  const guards = some(attendants, crew?.attendants ?? [])
  return {
    crew: {
      workLeader: leader ?? '',
      workers: hands.ids,
      attendants: guards.ids,
      contractor: contractor?.trim() ? clip(contractor.trim(), 60) : (crew?.contractor ?? null),
    },
    unknown: [...(leader === null ? [workLeader ?? ''] : []), ...hands.unknown, ...guards.unknown],
  }
}

const listOf = (text: string): readonly string[] =>
  text
    .split(/[,，、;；\n]+/)
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .slice(0, 60)

/** The permits of one job (4.6) by the code of any of them: its job becomes this one's too. */
const jobOf = (code: string | undefined, facts: Facts): string | null | undefined => {
  if (code === undefined || code.trim() === '') return undefined
  const row = facts.read({ name: 'permit-code', key: code.trim().toUpperCase(), most: 1 })[0]
  return row ? (JSON.parse(row.note) as { job: string }).job : null
}

/** What the applicant enters, in as many steps as they like. Words that cannot be understood are named, and nothing is taken for them. */
export const fill: Arm<'fill'> = (state, command, facts) => {
  const by = whoIn(state, facts, ['draft'])
  if (isRefusal(by)) return by
  if (by.id !== state.applicant) return refuse('applicant-only', { code: state.code })
  const found = rulesOf(state, facts.plant, facts.at)
  if (!found) return refuse('no-rules', { code: state.code })
  const form = command as Form
  const { answers, wrong } = answersOf(form, found.rules)
  const { crew, unknown } = crewOf(form, state, facts)
  const period = periodOf(form.from, form.hours, state, facts)
  const place = placeOf(form, state.place, facts.plant)
  const job = jobOf(form.job, facts)
  const coordinator = form.coordinator?.trim() ? personNamed(form.coordinator, facts.plant) : undefined
  const bad = [
    ...wrong,
    ...unknown,
    ...(period === 'wrong' ? [form.from ?? form.hours ?? ''] : []),
    ...(place === 'wrong' ? [form.area ?? form.lat ?? ''] : []),
    ...(job === null ? [form.job ?? ''] : []),
    ...(coordinator === null ? [form.coordinator ?? ''] : []),
  ]
  if (bad.length > 0) return refuse('not-understood', { code: state.code, words: clip(bad.join('、'), 200) })
  const filled: Filled = {
    type: 'filled',
    answers: { ...state.answers, ...answers },
    ...(form.what?.trim() ? { what: clip(form.what.trim(), 500) } : {}),
    ...(place !== null && place !== 'wrong' ? { place } : {}),
    ...(period !== null && period !== 'wrong' ? { period } : {}),
    ...(crew ? { crew } : {}),
    ...(form.tools?.trim() ? { tools: listOf(form.tools) } : {}),
    ...(coordinator ? { coordinator } : {}),
    ...(job ? { job } : {}),
    ...(form.isolations?.trim() ? { isolations: isolationsOf(form.isolations) } : {}),
    by: by.id,
    at: iso(facts.at),
  }
  return accept([filled], lookAtWeather({ place: filled.place ?? state.place }, facts), 'filled', { code: state.code })
}
