import { days, later } from '../../lib/clock.ts'
import { type Refusal, refuse } from '../../lib/refusal.ts'
import { gradeClauses } from '../../rules/hazard-grades.ts'
import { forget, tell, toPerson } from '../pieces.ts'
import { accept, type Facts } from '../workflow.ts'
import { ask, duty, iso, isRefusal, overtaken } from './common.ts'
import type { HazardDecision } from './decide.ts'
import type { HazardCommand, HazardState } from './hazard.ts'
import { endOfDate } from './major.ts'
import { gradesOf } from './questions.ts'
import { actingOwner } from './rectify.ts'

type Wish = Extract<HazardCommand, { type: 'extend' | 'defer' }>
type By = { readonly id: string; readonly name: string }
type Said = { readonly until: string; readonly reason: string; readonly interim: string }

/** What is asked for: the fields of a form, else lines said in chat — first the time, then why, then what keeps people safe meanwhile. */
const said = ({ until, reason, interim }: Wish): Said => {
  const whole = reason?.trim() ?? ''
  if (until?.trim()) return { until: until.trim(), reason: whole, interim: interim?.trim() ?? '' }
  const [first = '', second = '', ...rest] = whole
    .split(/[\n；;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return { until: first, reason: second, interim: rest.join('；') }
}

/** `5天` from an instant on, or a date. Null for anything else. */
const instantOf = (text: string, from: Date, longest: number, facts: Facts): string | null => {
  const count = /^(?:延(?:期|长)?)?\s*([1-9]\d{0,2})\s*天?$/.exec(text.normalize('NFKC'))?.[1]
  if (count !== undefined) return iso(later(from, days(Number(count))))
  return endOfDate(text, longest + Math.max(0, from.getTime() - facts.at.getTime()), facts)
}

type Limits = { readonly from: Date; readonly longest: number; readonly needsInterim: boolean }

const limitsOf = (state: HazardState, kind: Wish['type'], facts: Facts): Limits => {
  const rules = gradesOf(state)
  const isRed = state.colour === 'red' || state.severity === 'major'
  return kind === 'extend'
    ? { from: new Date(state.dueAt ?? facts.at), longest: rules.longestExtension, needsInterim: isRed }
    : { from: facts.at, longest: rules.longestDeferral, needsInterim: true }
}

/** What a request must say, for one that does not. */
const incomplete = (code: string, kind: Wish['type'], needsInterim: boolean): Refusal => {
  if (kind === 'defer') return refuse('deferral-incomplete', { code }, gradeClauses.interim)
  return needsInterim
    ? refuse('extension-needs-interim', { code }, gradeClauses.extension)
    : refuse('extension-incomplete', { code }, gradeClauses.extension)
}

/** The request as it would be recorded, or what is wrong with it. */
const readWish = (state: HazardState, command: Wish, facts: Facts): Said | Refusal => {
  const { from, longest, needsInterim } = limitsOf(state, command.type, facts)
  const wish = said(command)
  const until = instantOf(wish.until, from, longest, facts)
  const size = gradesOf(state).longestAnswer
  if (until === null || wish.reason === '' || (needsInterim && wish.interim === ''))
    return incomplete(state.code, command.type, needsInterim)
  const time = new Date(until).getTime()
  if (!(time > from.getTime() && time <= from.getTime() + longest))
    return refuse('too-long', { code: state.code, days: String(longest / days(1)) }, gradeClauses.extension)
  return { until, reason: wish.reason.slice(0, size), interim: wish.interim.slice(0, size) }
}

/** Why nothing more can be asked for now; null when it can. Only before the term, so that nobody mends a delay afterwards. */
const barred = (state: HazardState, kind: Wish['type'], facts: Pick<Facts, 'at'>): Refusal | null => {
  const { code, dueAt } = state
  const { mostExtensions, mostDeferrals } = gradesOf(state)
  const clause = gradeClauses.extension
  if (state.request) return refuse('request-pending', { code }, clause)
  if (!(dueAt !== null && new Date(dueAt).getTime() > facts.at.getTime())) return refuse('past-due', { code }, clause)
  if (kind === 'extend' && (state.extensions ?? []).length >= mostExtensions)
    return refuse('extended-enough', { code, most: String(mostExtensions) }, clause)
  if (kind === 'defer' && (state.deferrals ?? 0) >= mostDeferrals)
    return refuse('deferred-enough', { code, most: String(mostDeferrals) }, gradeClauses.interim)
  return null
}

/** Could the owner ask for more time now? */
export const canAsk = (state: HazardState, kind: Wish['type'], at: Date): boolean =>
  (state.status === 'accepted' || state.status === 'rectifying') && barred(state, kind, { at }) === null

const request =
  (kind: Wish['type']) =>
  (state: HazardState, command: Wish, facts: Facts): HazardDecision => {
    const by = actingOwner(state, facts, ['accepted', 'rectifying'])
    if (isRefusal(by)) return by
    const why = barred(state, kind, facts)
    if (why) return why
    if (!command.reason?.trim() && !command.until?.trim())
      return ask(kind, kind === 'extend' ? 'extend-how' : 'defer-how', state, facts)
    const wish = readWish(state, command, facts)
    if (isRefusal(wish)) return wish
    return accept(
      [
        {
          type: 'askedFor',
          kind: kind === 'extend' ? 'extension' : 'deferral',
          ...wish,
          by: by.id,
          name: by.name,
          at: iso(facts.at),
        },
      ],
      [forget(kind)],
      'asked-for',
      { code: state.code },
    )
  }

/** 申请延期. By the owner, before the term, at most twice; red and major only with an interim control. */
export const extend = request('extend')
/** 申请缓办. By the owner, when the hazard cannot be removed at once: never without an interim control. */
export const defer = request('defer')

/** The term really moves, and with it its clock; the old one is kept. */
const grantExtension = (state: HazardState, by: By, until: string, facts: Facts): HazardDecision =>
  accept(
    [{ type: 'extended', dueAt: until, by: by.id, name: by.name, at: iso(facts.at) }],
    [
      { kind: 'setDeadline', tag: 'due', at: new Date(until), command: { type: 'callOverdue' } },
      ...(state.owner === null ? [] : [tell(toPerson(state.owner), 'extended', { code: state.code, at: until })]),
    ],
    'extended',
    { code: state.code, at: until },
  )

const grantDeferral = (state: HazardState, by: By, until: string, interim: string, facts: Facts): HazardDecision =>
  accept(
    [{ type: 'deferred', until, interim, by: by.id, name: by.name, at: iso(facts.at) }],
    [
      { kind: 'cancelDeadline', tag: 'due' },
      { kind: 'cancelDeadline', tag: 'climb' },
      { kind: 'forget', command: 'addEvidence' },
      ...(state.owner === null ? [] : [tell(toPerson(state.owner), 'deferred', { code: state.code, at: until })]),
    ],
    'deferred',
    { code: state.code, at: until },
  )

/** Yes to what the owner asked for. A term that has come is not moved any more. */
export const grant = (state: HazardState, by: By, facts: Facts): HazardDecision => {
  const { request: asked, dueAt, code } = state
  if (!asked) return overtaken(state)
  if (!(dueAt !== null && new Date(dueAt).getTime() > facts.at.getTime()))
    return refuse('past-due', { code }, gradeClauses.extension)
  if (!(new Date(asked.until).getTime() > facts.at.getTime())) return refuse('past-due', { code }, gradeClauses.extension)
  return asked.kind === 'extension'
    ? grantExtension(state, by, asked.until, facts)
    : grantDeferral(state, by, asked.until, asked.interim, facts)
}

/** No, with a reason that the owner reads. */
export const decline = (state: HazardState, by: By, reason: string, facts: Facts): HazardDecision =>
  accept(
    [{ type: 'declined', reason, by: by.id, name: by.name, at: iso(facts.at) }],
    state.request ? [tell(toPerson(state.request.by), 'declined', { code: state.code, name: by.name, reason })] : [],
    'declined',
    { code: state.code },
  )

/** A rest that ends gives back the time it took, and no more. */
const goOn = (state: HazardState, facts: Facts): HazardDecision => {
  const { deferral, dueAt } = state
  if (!deferral || dueAt === null) return overtaken(state)
  const rested = facts.at.getTime() - new Date(deferral.from).getTime()
  const due = later(new Date(dueAt), Math.max(0, rested))
  return accept(
    [{ type: 'resumed', dueAt: iso(due), at: iso(facts.at) }],
    [
      { kind: 'setDeadline', tag: 'due', at: due, command: { type: 'callOverdue' } },
      ...(state.owner === null ? [] : [duty(toPerson(state.owner), 'rectify')]),
    ],
    'resumed',
    { code: state.code },
  )
}

/** 恢复整改. The owner can go on earlier than was granted. */
export const resume = (state: HazardState, _: object, facts: Facts): HazardDecision => {
  const by = actingOwner(state, facts, ['deferred'])
  return isRefusal(by) ? by : goOn(state, facts)
}

/** The clock: the rest is over. */
export const endDeferral = (state: HazardState, _: object, facts: Facts): HazardDecision => {
  if (state.status !== 'deferred' || !state.deferral) return refuse('not-deferred', { code: state.code })
  return new Date(state.deferral.until).getTime() > facts.at.getTime() ? accept([]) : goOn(state, facts)
}
