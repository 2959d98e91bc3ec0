import { permitText } from '../cards/text/permit.ts'
import { paperText as text } from '../cards/text/permit-paper.ts'
import { fill } from '../cards/words.ts'
import { inZone } from '../lib/clock.ts'
import { rulesOf } from '../workflows/permit/common.ts'
import { tradeName } from '../workflows/permit/paper.ts'
import type { PermitState } from '../workflows/permit/permit.ts'
import { linesFor } from '../workflows/permit/prepare.ts'
import { nameOf } from '../workflows/pieces.ts'
import type { Plant } from '../workflows/workflow.ts'
import type { Paper, PaperBlock } from './paper.ts'
import { cell, head } from './paper.ts'
import { runBlock, signatureBlock } from './permit-form-signed.ts'
import { gasBlock, isolationBlock, measureBlock } from './permit-form-tables.ts'

/** What a form tells of: the permit as its journal up to `revision` has made it, `head` the hash of that entry and `at` its instant. */
export type Told = {
  readonly state: PermitState
  readonly plant: Plant
  readonly revision: number
  readonly head: string
  readonly at: Date
  /** Where the permit itself is looked at. */
  readonly page: string
}
export type Rules = NonNullable<ReturnType<typeof rulesOf>>
export type Given = Told &
  Rules & { readonly time: (at: string | Date) => string; readonly name: (person: string | null) => string }

const levelOf = ({ state, rules }: Given): string => {
  const { level } = state
  if (!level) return text.noLevel
  const named = (id: string): string => rules.levels.find((one) => one.id === id)?.name ?? id
  const words = fill(text.level, { name: named(level.level), clause: level.clause, reason: level.reason })
  return level.upgradedFrom === null ? words : `${words}　${fill(text.upgraded, { from: named(level.upgradedFrom) })}`
}

const placeOf = ({ state, plant }: Given): string => {
  const { place } = state
  if (!place) return text.none
  const area = plant.areas.find(({ id }) => id === place.area)?.name ?? place.area
  const parts = [area, place.point, place.line ?? '', place.space ?? '', fill(text.height, { level: String(place.level) })]
  const where = fill(text.coordinates, { lat: place.lat.toFixed(6), lng: place.lng.toFixed(6) })
  return `${[...parts, place.outdoors ? text.outdoors : text.indoors].filter((part) => part !== '').join('　')}${where}`
}

/** A worker with those certificates that the rules of the work ask of somebody, masked as everywhere. */
const worker = (person: string, { plant, name, rules }: Given): string => {
  const asked = new Set(rules.certificates.flatMap(({ trades }) => trades))
  const held = (plant.certificates?.(person) ?? []).filter(({ trade }) => asked.has(trade))
  const trades = held.map((one) => fill(text.trade, { trade: tradeName(one.trade), number: one.number, to: one.validUntil }))
  return fill(text.certificate, { name: name(person), trades: trades.join('；') || text.noCertificate })
}

const jobBlock = (given: Given): PaperBlock => {
  const { state, time, name } = given
  const { job } = text
  const names = (people: readonly string[]): string => people.map(name).join('、') || text.none
  const pair = (label: string, value: string, other: string, second: string) => [
    head(label, 4),
    cell(value, 8),
    head(other, 4),
    cell(second, 8),
  ]
  const whole = (label: string, value: string) => [head(label, 4), cell(value, 20)]
  const span = state.period ? fill(text.span, { from: time(state.period.from), to: time(state.period.to) }) : text.none
  return {
    title: text.blocks.job,
    head: null,
    rows: [
      pair(job.applicant, name(state.applicant), job.applied, time(state.openedAt)),
      pair(job.unit, state.crew?.contractor ?? text.own, job.code, state.code),
      whole(job.what, state.what),
      whole(job.place, placeOf(given)),
      whole(job.level, levelOf(given)),
      whole(job.period, span),
      pair(job.leader, name(state.crew?.workLeader ?? null), job.guards, names(state.crew?.attendants ?? [])),
      whole(job.workers, (state.crew?.workers ?? []).map((one) => worker(one, given)).join('\n') || text.none),
      whole(job.tools, state.tools.join('、') || text.none),
      pair(
        job.linked,
        state.linked.join('、') || text.none,
        job.coordinator,
        state.coordinator ? name(state.coordinator) : text.none,
      ),
    ],
  }
}

const answerBlock = ({ state, rules }: Given): PaperBlock => {
  const spoken = ({ id, unit, choices = [] }: (typeof rules.questions)[number]): string => {
    const answer = state.answers[id]
    const named = (one: string): string => choices.find((choice) => choice.id === one)?.label ?? one
    if (answer === undefined) return text.unanswered
    if (typeof answer === 'boolean') return answer ? permitText.yesNo.yes : permitText.yesNo.no
    if (typeof answer === 'number') return `${answer}${unit ? ` ${unit}` : ''}`
    return typeof answer === 'string' ? named(answer) : answer.map(named).join('、') || text.none
  }
  const cells = rules.questions.map((question) => [cell(question.label, 7), cell(spoken(question), 5)])
  const rows = Array.from({ length: Math.ceil(cells.length / 2) }, (_, index) => [
    ...(cells[2 * index] ?? []),
    ...(cells[2 * index + 1] ?? [cell('', 12)]),
  ])
  const labels = [head(text.question, 7), head(text.answer, 5), head(text.question, 7), head(text.answer, 5)]
  return { title: text.blocks.answers, head: labels, rows }
}

const jsaBlock = ({ state, name, time }: Given): PaperBlock | null => {
  const { jsa } = state
  if (!jsa) return null
  return {
    title: text.blocks.jsa,
    head: [head(text.jsa.step, 6), head(text.jsa.hazard, 8), head(text.jsa.control, 10)],
    rows: [
      ...jsa.steps.map(({ step, hazard, control }) => [cell(step, 6), cell(hazard, 8), cell(control, 10)]),
      [cell(fill(text.jsa.by, { name: name(jsa.by), at: time(jsa.at) }), 24)],
    ],
  }
}

const briefingBlock = ({ state, name, time }: Given): PaperBlock => {
  const { briefing } = state
  const received = briefing?.receivers.map(({ person, at }) => `${name(person)}（${time(at)}）`).join('、') ?? ''
  const { by, at, receivers, open } = text.briefing
  return {
    title: text.blocks.briefing,
    head: null,
    rows: [
      [head(by, 3), cell(briefing ? name(briefing.by) : open, 5), head(at, 4), cell(briefing ? time(briefing.at) : '', 12)],
      [head(receivers, 8), cell(received || text.none, 16)],
    ],
  }
}

/** Days as people say them: years where they are whole ones. */
const timeOf = (days: number): string =>
  days >= 365 ? fill(text.years, { n: String(Math.floor(days / 365)) }) : fill(text.days, { n: String(Math.round(days)) })

const proofOf = ({ state, rules, revision, head: hash, time, at }: Given): readonly string[] => {
  const level = rules.levels.find(({ id }) => id === state.level?.level)
  const lines = text.proofLines
  const stored = level
    ? [
        fill(lines.stored, {
          time: timeOf(level.retention.ticket / 86_400_000),
          clause: level.retention.clause,
          second: level.copies[0],
          third: level.copies[1],
        }),
      ]
    : []
  const made = fill(lines.made, { revision: String(revision), at: time(at) })
  return [made, fill(lines.head, { head: hash }), lines.document, ...stored, lines.open]
}

/** The statutory form of a permit (GB 30871-2022, annex A) as a document. Pure: the same journal and plant give the same paper. Null before there are rules to print. */
export const permitForm = (told: Told): Paper | null => {
  const { state, plant, revision, at } = told
  const found = state.pack === null ? null : rulesOf(state, plant, at)
  if (!found) return null
  const time = (instant: string | Date): string => {
    const { date, time: clock } = inZone(new Date(instant), plant.timeZone)
    return `${date} ${clock.slice(0, 5)}`
  }
  const given: Given = { ...told, ...found, time, name: (person) => nameOf(plant, person) }
  const { rules, pack } = given
  const lines = linesFor(rules, state)
  const blocks = [
    ...[jobBlock(given), answerBlock(given), jsaBlock(given), rules.gas ? gasBlock(given) : null, measureBlock(given, lines)],
    ...[state.isolations.length > 0 ? isolationBlock(given) : null, briefingBlock(given), signatureBlock(given), runBlock(given)],
  ].filter((block) => block !== null)
  return {
    title: rules.form.replace(/^[A-Z]\.\d+\s*/, ''),
    subtitle: fill(text.subtitle, { standard: pack.standard, form: rules.form, pack: pack.id }),
    code: state.code,
    stamp: permitText.status[state.status],
    blocks: blocks.map((block, index) => ({
      ...block,
      title: fill(text.numbered, { n: text.numbers[index] ?? '', title: block.title }),
    })),
    proof: proofOf(given),
    qr: told.page,
    foot: text.foot
      .replace('{code}', state.code)
      .replace('{revision}', String(revision))
      .replace('{head}', told.head.slice(0, 16)),
    author: fill(text.author, { site: plant.name }),
    at,
  }
}
