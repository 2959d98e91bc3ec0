import { days, inZone, later } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { clip } from '../../lib/text.ts'
import { checkCharacter, readCode } from '../../rules/code.ts'
import { gradeClauses } from '../../rules/hazard-grades.ts'
import { accept, type Effect, type Facts } from '../workflow.ts'
import { callRung } from './clocks.ts'
import { actingPerson, answer, ask, forget, iso, isRefusal, overtaken, tell, toReporter } from './common.ts'
import type { HazardDecision } from './decide.ts'
import { evolveHazard } from './evolve.ts'
import type { MergedResult } from './govern.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { mayTriage } from './people.ts'

type Merge = Extract<HazardCommand, { type: 'merge' }>
type Absorb = Extract<HazardCommand, { type: 'absorb' }>
type ComeBack = Extract<HazardCommand, { type: 'comeBack' }>
type TellResult = Extract<HazardCommand, { type: 'tellResult' }>

/** More cases than this are not merged into one. */
const mostAbsorbed = 50
/** A short number names a day of the past year. */
const daysOfYear = 366

/** `1124-0001` as cards write it: the latest such day that has been, at this site. */
const shortNumber = /(?<![\d-])(\d{4})-(\d{4,9})(?![\d-])/

const fromShort = (words: string, facts: Facts): { readonly code: string; readonly rest: string } | null => {
  const found = shortNumber.exec(words.normalize('NFKC'))
  const [whole = '', day = '', counter = ''] = found ?? []
  if (!found) return null
  const { day: today } = inZone(facts.at, facts.plant.timeZone)
  const year =
    day <= today.slice(4) ? today.slice(0, 4) : inZone(later(facts.at, -days(daysOfYear)), facts.plant.timeZone).day.slice(0, 4)
  const body = `YH-${facts.plant.site}-${year}${day}-${counter}`
  return { code: `${body}-${checkCharacter(body)}`, rest: words.normalize('NFKC').replace(whole, '') }
}

const tidy = (words: string): string => words.replace(/^[\s，,。；;：:并入到]+|\s+$/gu, '')

/** Which case is meant, and why: the fields of a form, else one sentence that names a code or its short number. */
const read = ({ into = '', reason = '' }: Merge, facts: Facts): { readonly code: string; readonly reason: string } | null => {
  const words = reason.trim()
  const where = into.trim() === '' ? words : into.trim()
  const whole = readCode(where)
  if (whole !== null) {
    const rest = into.trim() === '' ? words.normalize('NFKC').toUpperCase().replace(whole, '') : words
    return { code: whole, reason: tidy(rest) }
  }
  const short = fromShort(where, facts)
  return short && { code: short.code, reason: tidy(into.trim() === '' ? short.rest : words) }
}

/** 并入. The same hazard was reported before: this case ends in the other one, with a reason; both reporters hear of it. Never into itself or a case that has ended. */
export const merge = (state: HazardState, command: Merge, facts: Facts): HazardDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  const { code } = state
  if (!mayTriage(state, by.id, facts.plant)) return refuse('not-your-duty', { code }, gradeClauses.duties)
  if (state.status !== 'reported' && state.status !== 'triaged') return overtaken(state)
  if (!command.into?.trim() && !command.reason?.trim()) return ask('merge', 'merge-how', state, facts)
  const said = read(command, facts)
  if (!said || said.reason === '') return refuse('merge-incomplete', { code }, gradeClauses.merging)
  if (said.code === code) return refuse('merge-self', { code }, gradeClauses.merging)
  const [target] = facts.read({ name: 'open', key: `code:${said.code}`, most: 1 })
  if (!target || target.subject === facts.subject) return refuse('merge-target', { code, into: said.code }, gradeClauses.merging)
  const absorb = { type: 'absorb', from: facts.subject, code, text: clip(state.texts.join(' '), 200) }
  return accept(
    [
      {
        type: 'merged',
        into: target.subject,
        code: said.code,
        reason: clip(said.reason, 200),
        by: by.id,
        name: by.name,
        at: iso(facts.at),
      },
    ],
    [
      {
        kind: 'command',
        workflow: 'hazard',
        subject: target.subject,
        key: `merge:${facts.subject}:${facts.arrival}`,
        command: absorb,
      },
      { kind: 'cancelDeadline', tag: 'climb' },
      ...['addToReport', 'merge', 'reject'].map(forget),
      ...toReporter(state).map(answer),
    ],
    'merged',
    { code, into: said.code },
  )
}

/** Another case was merged into this one. If this one has ended meanwhile, the other comes back, so that nothing is lost between the two. */
export const absorb = (state: HazardState, command: Absorb, facts: Facts): HazardDecision => {
  const known = (state.absorbed ?? []).includes(command.code)
  if (known) return refuse('absorbed-already', { code: state.code })
  if (state.closedAt !== null || (state.absorbed ?? []).length >= mostAbsorbed) {
    const key = `comeBack:${facts.subject}:${facts.arrival}`
    const back: Effect = {
      kind: 'command',
      workflow: 'hazard',
      subject: command.from,
      key,
      command: { type: 'comeBack', code: state.code },
    }
    return accept<HazardEvent>([], [back])
  }
  return accept(
    [{ type: 'absorbed', code: command.code, from: command.from, text: command.text, at: iso(facts.at) }],
    toReporter(state).map((to) => tell(to, 'absorbed', { code: state.code, from: command.code })),
  )
}

const hearResult = (state: HazardState, result: MergedResult, facts: Facts): readonly Effect[] =>
  (state.absorbedIds ?? []).map((subject) => ({
    kind: 'command',
    workflow: 'hazard',
    subject,
    key: `result:${facts.subject}:${subject}:${facts.arrival}`,
    command: { type: 'tellResult', code: state.code, ...result },
  }))

/** A case has ended: every case that is told with it hears how, so that whoever reported it is answered too. Nothing when it ends in another one. */
export const followMerged = (before: HazardState | null, after: HazardState, facts: Facts): readonly Effect[] => {
  const { status: ending, closedAt: at } = after
  if (!before || before.closedAt !== null || at === null || (ending !== 'closed' && ending !== 'rejected')) return []
  return hearResult(after, { ending, reason: ending === 'rejected' ? (after.closing ?? '') : '', at }, facts)
}

/** 回执. The reporter of a merged case gets its result as a message of its own; cases that were merged into this one hear it in turn. */
export const tellResult = (state: HazardState, { code, ending, reason, at }: TellResult, facts: Facts): HazardDecision => {
  if (state.status !== 'merged' || state.merged?.code !== code) return refuse('not-now', { code: state.code })
  const result: MergedResult = { ending, reason, at }
  const told: HazardEvent = { type: 'resultTold', code, ...result }
  return accept([told], [...toReporter(state).map(answer), ...hearResult(state, result, facts)])
}

/** The case that this one was merged into had ended before it could take it in: its ladder starts anew. */
export const comeBack = (state: HazardState, command: ComeBack, facts: Facts): HazardDecision => {
  if (state.status !== 'merged' || state.merged?.code !== command.code) return refuse('not-now', { code: state.code })
  const reopened: HazardEvent = {
    type: 'reopened',
    by: 'system',
    name: '系统',
    reason: command.code,
    at: iso(facts.at),
    owner: null,
    dueAt: null,
    appeal: false,
  }
  const next = callRung(evolveHazard(state, reopened), 0, facts)
  return accept([reopened, ...next.events], [forget('reopen'), ...next.effects])
}
