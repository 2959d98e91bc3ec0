import { later, minutes } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { clip } from '../../lib/text.ts'
import { type WorkType, workTypes } from '../../rules/permits/rule-pack.ts'
import { areaIn } from '../areas.ts'
import { actingPerson, duty, freshCode, iso, isRefusal, strikeAt, toPerson } from '../pieces.ts'
import { accept, type Facts } from '../workflow.ts'
import { type Command, isAdministrator, type PermitDecision } from './common.ts'
import type { IsolationPoint, PermitState } from './permit.ts'
import type { Copied } from './permit-command.ts'
import type { PermitEvent } from './permit-event.ts'
import { placeOf } from './place.ts'
import { isolationKind } from './said.ts'

/** What people call the works when they apply for one. */
export const workNames: Readonly<Record<WorkType, readonly string[]>> = {
  hot: ['动火'],
  confinedSpace: ['受限空间', '有限空间', '进罐'],
  blindPlate: ['盲板抽堵', '盲板'],
  height: ['高处', '登高'],
  lifting: ['吊装', '起重'],
  temporaryPower: ['临时用电', '临电'],
  excavation: ['动土', '挖掘'],
  roadClosure: ['断路'],
}
const names = workTypes
  .flatMap((work) => workNames[work].map((name) => ({ work, name })))
  .sort((a, b) => b.name.length - a.name.length)

/** 申请动火作业：3号泵房更换法兰; 申请动火，和昨天3号罐一样. */
export const saidApply = new RegExp(
  `^申请(?:开)?(${names.map(({ name }) => name).join('|')})(?:安全)?(?:作业)?(?:票|许可证?)?(?:[\\s：:，,]+([\\s\\S]*))?$`,
)
const sameAs = /^(?:和|跟|同|照)?(昨天|上次|前天|上回)?(.*?)(?:的)?一样$/

/** A draft that nobody submits is forgotten after a day, so that it does not wait for ever. */
export const draftLife = minutes(24 * 60)
const longestWords = 500

/** How long a job is taken to last when nobody has said so. */
export const usualHours = 8

export const copyOf = (state: PermitState): Copied => {
  const { work, what, answers, place, crew, tools, period, isolations, job } = state
  const hours = period ? (new Date(period.to).getTime() - new Date(period.from).getTime()) / minutes(60) : usualHours
  return {
    work,
    what,
    answers,
    place,
    crew,
    tools,
    hours,
    isolations: isolations.map(({ what: at, kind }) => ({ what: at, kind })),
    job,
  }
}

const filledFrom = (copy: Copied, by: string, at: string): PermitEvent => ({
  type: 'filled',
  answers: copy.answers,
  what: copy.what,
  ...(copy.place ? { place: copy.place } : {}),
  ...(copy.crew ? { crew: copy.crew } : {}),
  tools: copy.tools,
  isolations: copy.isolations.map(
    ({ what, kind }, index): IsolationPoint => ({
      id: `i${index + 1}`,
      what,
      kind: isolationKind(kind),
      photo: null,
      tried: null,
    }),
  ),
  by,
  at,
})

/** The newest permit of this work that the applicant asked for, at the place that the words name; null when there is none. */
const earlierOf = (
  person: string,
  work: WorkType,
  place: string,
  facts: Facts,
): { readonly code: string; readonly copy: Copied } | null => {
  const rows = facts.read({ name: 'permit-mine', key: person, most: 50 })
  const area = areaIn(place, facts.plant)
  for (const { note } of rows) {
    const { code, copy } = JSON.parse(note) as { code: string; copy: Copied }
    const isThere =
      place === '' ||
      copy.place?.area === area ||
      (copy.place !== null && (place.includes(copy.place.point) || copy.place.space === place))
    if (copy.work === work && isThere) return { code, copy }
  }
  return null
}

const opened = (
  facts: Facts,
  work: WorkType,
  by: string,
  what: string,
  from: string | null,
  job: string | null,
): PermitEvent => ({
  type: 'applied',
  code: freshCode(facts),
  site: facts.plant.site,
  work,
  job: job ?? `job ${facts.subject}`,
  by,
  what,
  at: iso(facts.at),
  from,
})

/** 申请…作业. Opens a draft, of its own or like an earlier one; the applicant's card asks for what is missing. */
export const apply = (command: Command<'apply'>, facts: Facts): PermitDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (isAdministrator(facts.plant, by.id)) return refuse('administrators-do-not-act', { code: '' })
  const [, name = '', rest = ''] = saidApply.exec(command.text) ?? []
  const work = names.find((one) => one.name === name)?.work
  if (!work) return refuse('no-such-work')
  const words = rest.trim()
  const like = sameAs.exec(words)
  const earlier = like ? earlierOf(by.id, work, (like[2] ?? '').trim(), facts) : null
  if (like && !earlier) return refuse('nothing-like-it', { words })
  const what = clip(earlier ? earlier.copy.what : words, longestWords)
  const area = areaIn(words, facts.plant)
  const found = earlier || area === null ? null : placeOf({ area }, null, facts.plant)
  const place = found === 'wrong' ? null : found
  const at = iso(facts.at)
  return accept<PermitEvent>(
    [
      opened(facts, work, by.id, what, earlier?.code ?? null, null),
      ...(earlier ? [filledFrom(earlier.copy, by.id, at)] : []),
      ...(place ? [{ type: 'filled', place, by: by.id, at } as const] : []),
    ],
    [duty(toPerson(by.id), 'fill'), strikeAt('watch', later(facts.at, draftLife), { type: 'watch' })],
  )
}

/** 重新开票: what the machine opens for the applicant with what the earlier permit said (4.16, 4.17; there is no extension). */
export const applyAgain = ({ by, from, copy }: Command<'applyAgain'>, facts: Facts): PermitDecision => {
  const work = workTypes.find((one) => one === copy.work)
  if (!work) return refuse('no-such-work')
  return accept(
    [opened(facts, work, by, copy.what, from, copy.job), filledFrom(copy, by, iso(facts.at))],
    [duty(toPerson(by), 'fill'), strikeAt('watch', later(facts.at, draftLife), { type: 'watch' })],
  )
}
