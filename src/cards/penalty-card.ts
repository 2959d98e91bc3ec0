import { clip } from '../lib/text.ts'
import { isTooLate } from '../workflows/penalty/appeal.ts'
import { isOwed } from '../workflows/penalty/follow-up.ts'
import { type FollowUp, followUps, type PenaltyState, type Question, stands } from '../workflows/penalty/penalty.ts'
import { holdsRoleFor, isConcerned, isSeparateFor } from '../workflows/penalty/people.ts'
import type { Action, Card, Fact, FormField, Tone } from './card.ts'
import { penaltyText as text } from './text/penalty.ts'
import { buttons, type View } from './view.ts'
import { fill, spokenTime } from './words.ts'

/** What the reader may do about the card; first that holds. */
type Part = Question | 'appeal' | 'watch'

const isQuestionOpen: Readonly<Record<Question, (state: PenaltyState) => boolean>> = {
  confirm: ({ status }) => status === 'proposed',
  review: ({ status }) => status === 'underAppeal',
  freeze: (state) => state.freeze === 'requested' && stands(state) && state.status !== 'underAppeal',
  talk: (state) => isOwed('talk', state) && state.status !== 'underAppeal',
  training: (state) => isOwed('training', state) && state.status !== 'underAppeal',
}

const mayAppeal = (state: PenaltyState, person: string, { plant, at }: View): boolean =>
  stands(state) && state.appeal === null && isConcerned(state, person, plant) && !isTooLate(state, { at, plant })

/** Is the question open, and may the reader decide it? */
const isTheirs = (question: Question, state: PenaltyState, { reader: { person }, plant }: View): boolean =>
  person !== null &&
  isQuestionOpen[question](state) &&
  holdsRoleFor(question, state, person, plant) &&
  isSeparateFor(question, state, person, plant)

const partOf = (state: PenaltyState, view: View): Part => {
  const { person } = view.reader
  if (person === null) return 'watch'
  const question = (['review', 'confirm', 'freeze', ...followUps] as const).find((one) => isTheirs(one, state, view))
  return question ?? (mayAppeal(state, person, view) ? 'appeal' : 'watch')
}

const titleOf = (state: PenaltyState, part: Part): string => {
  const colour = text.colours[state.colour]
  if (part !== 'appeal' && part !== 'watch') return fill(text.titles[part], { colour })
  return fill(text.titles[state.status === 'issued' ? 'notice' : state.status], { colour })
}

const toneOf = ({ status, colour }: PenaltyState): Tone => {
  if (status === 'overturned' || status === 'withdrawn') return 'success'
  if (status === 'declined' || status === 'expired') return 'neutral'
  return colour === 'red' ? 'danger' : 'warning'
}

const factsOf = (state: PenaltyState, view: View): readonly Fact[] => {
  const time = (at: string | null): string => (at === null ? '' : spokenTime(at, view.at, view.plant.timeZone))
  const said = (one: PenaltyState['verdict']): string => (one ? `${one.name} ${time(one.at)}` : '')
  const followed = (one: FollowUp): string => {
    const until = state.asked[one]?.until
    return isOwed(one, state) && until !== undefined ? fill(text.owed, { time: time(until) }) : said(state.held?.[one] ?? null)
  }
  const isWaiting = stands(state) && !state.appealClosed && state.appeal === null
  const until = state.appealUntil === null ? text.openAppeal : time(state.appealUntil)
  const rows: readonly (readonly [string, string])[] = [
    [text.facts.status, text.status[state.status]],
    [text.facts.holder, state.holderName],
    [text.facts.cause, text.causes[state.cause]],
    [text.facts.appeal, said(state.appeal)],
    [text.facts.verdict, said(state.verdict)],
    [text.facts.case, state.caseCode ?? ''],
    [text.facts.appealUntil, isWaiting ? until : ''],
    [text.facts.freeze, text.freezes[state.freeze]],
    [text.facts.talk, followed('talk')],
    [text.facts.training, followed('training')],
    [text.facts.proposer, state.proposer?.name ?? ''],
    [text.facts.confirmer, said(state.confirmer)],
    [text.facts.issuedAt, time(state.issuedAt)],
    [text.facts.expiresAt, state.expired ? '' : time(state.expiresAt)],
  ]
  return rows.filter(([, value]) => value !== '').map(([label, value]) => ({ label, value }))
}

/** What was said for and against it: the reason of the proposal, of whoever declined, of the appeal and of its review. */
const wordsOf = ({ reason, status, confirmer, appeal, verdict, held }: PenaltyState): readonly string[] => {
  const rows: readonly (readonly [string, string])[] = [
    [text.said.reason, reason],
    [text.said.declined, status === 'declined' ? (confirmer?.reason ?? '') : ''],
    [text.said.appeal, appeal?.reason ?? ''],
    [text.said.verdict, verdict?.reason ?? ''],
    [text.said.talk, held?.talk?.reason ?? ''],
    [text.said.training, held?.training?.reason ?? ''],
  ]
  return rows.filter(([, words]) => words !== '').map(([label, words]) => `${label}：${clip(words, 200)}`)
}

const bodyOf = (state: PenaltyState): string => {
  const rule =
    state.colour === 'yellow' ? text.body.yellow : state.holder.kind === 'contractor' ? text.body.contractor : text.body.red
  const group = state.cause === 'groupCards' ? [text.body.group] : []
  return [...wordsOf(state), ...group, rule, text.body.protected].join('\n')
}

const reason: FormField = {
  kind: 'text',
  name: 'reason',
  label: text.form.reason,
  multiline: true,
  longest: 200,
  required: false,
}

const noteOn = { talk: 'noteTalk', training: 'noteTraining' } as const

const actionsOf = (state: PenaltyState, part: Part, view: View): readonly Action[] => {
  const owed = followUps.filter((one) => isTheirs(one, state, view))
  const button = buttons('penalty', text.actions, view)
  const byPart: Readonly<Record<Part, () => readonly Action[]>> = {
    confirm: () => [button('confirm', 'primary', { confirm: text.confirm.confirm }), button('decline', 'danger')],
    review: () => [button('uphold'), button('overturn', 'primary', { confirm: text.confirm.overturn })],
    freeze: () => [button('confirmFreeze', 'danger', { confirm: text.confirm.confirmFreeze }), button('declineFreeze')],
    talk: () => owed.map((one) => button(noteOn[one], 'primary')),
    training: () => owed.map((one) => button(noteOn[one], 'primary')),
    appeal: () => [button('appeal', 'primary')],
    watch: () => [],
  }
  return byPart[part]()
}

const noteOf = (state: PenaltyState, part: Part, view: View): string => {
  const time = (at: string): string => spokenTime(at, view.at, view.plant.timeZone)
  if (part === 'appeal' && state.appealUntil !== null) return fill(text.notes.appeal, { time: time(state.appealUntil) })
  const asked = part === 'appeal' || part === 'watch' ? undefined : state.asked[part]
  return asked ? fill(text.notes.ask, { time: time(asked.until) }) : ''
}

/** A red or yellow card as one reader sees it at one revision. Pure. */
export const penaltyCard = (state: PenaltyState, view: View): Card => {
  const part = partOf(state, view)
  const title = titleOf(state, part)
  return {
    tone: toneOf(state),
    title,
    subtitle: state.code,
    facts: factsOf(state, view),
    body: bodyOf(state),
    pictures: [],
    form: part === 'watch' ? [] : [reason],
    actions: actionsOf(state, part, view),
    summary: clip(`${title} ${state.code} ${state.holderName} ${text.causes[state.cause]}`, 120),
    page: view.page(text.page),
    note: noteOf(state, part, view),
  }
}
