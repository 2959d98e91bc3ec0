import { missingCauses } from '../workflows/hazard/causes.ts'
import type { HazardState } from '../workflows/hazard/hazard.ts'
import { mayKnow } from '../workflows/hazard/knowledge.ts'
import { afterPhotos, evidenceOf, missingStages, namesOf, ruleOf } from '../workflows/hazard/photos.ts'
import type { Stage } from '../workflows/hazard/proof.ts'
import { awaitsArea } from '../workflows/hazard/submit.ts'
import { maskNames } from '../workflows/mask.ts'
import type { Action, Card } from './card.ts'
import { hazardText as text } from './text/hazard.ts'
import type { View } from './view.ts'
import { fill } from './words.ts'

type Button = (command: string, style?: Action['style'], more?: Partial<Action>) => Action

/** Is the second signature awaited from this reader? */
export const mayConfirm = (state: HazardState, person: string): boolean =>
  awaitsArea(state) && (state.confirming ?? []).includes(person)

/**
 * Buttons of the owner of a case that is being rectified: what is still missing can be sent, and the case handed in. Two buttons ask for the stage only where
 * the grade wants photos of the repair under way; four at most.
 */
export const rectifyActions = (state: HazardState, button: Button): readonly Action[] => {
  const missing = missingStages(state)
  const rule = ruleOf(state)
  const shown = (stage: Stage): boolean => evidenceOf(state, stage).length > 0
  if (missing.includes('before')) return [button('startRectify', 'primary', { label: text.stageActions.before })]
  const stages = rule.during === 'must'
  const isComplete = missing.length === 0
  const wantsReport = rule.report === 'must' || rule.report === 'ifMeasurable'
  return [
    ...(missingCauses(state).length === 0 && afterPhotos(state) > 0 && !awaitsArea(state)
      ? [button('submit', isComplete ? 'primary' : 'default')]
      : []),
    ...(stages && !shown('during') ? [button('showDuring', 'primary')] : []),
    button('startRectify', afterPhotos(state) > 0 ? 'default' : 'primary', stages ? { label: text.stageActions.after } : {}),
    ...(wantsReport && !shown('report')
      ? [button('showReport', missing.includes('report') && !missing.includes('after') ? 'primary' : 'default')]
      : []),
  ]
}

/** What is still missing, for the foot of the owner's card; empty before anything was sent and when nothing is. */
export const missingWords = (state: HazardState): string => {
  const missing = state.status === 'rectifying' ? missingStages(state) : []
  return missing.length === 0 ? '' : fill(text.notes.missing, { missing: namesOf(missing) })
}

/** The verifiers as everybody but themselves may know them: letters, and how many have answered. */
export const verifierWords = ({ seats = [], verifier, status }: HazardState): string => {
  if (seats.length > 0 && (status === 'verifying' || status === 'closed')) {
    const done = seats.filter(({ outcome }) => outcome !== null).length
    return fill(text.verifiers, {
      letters: seats.map(({ seat }) => seat).join('、'),
      done: String(done),
      all: String(seats.length),
    })
  }
  return verifier === null ? '' : text.oneVerifier
}

/** May this reader see nothing of the case now, because they judge it or may yet be drawn to? */
export const isSealed = (state: HazardState, view: View): boolean =>
  view.reader.person !== null && !mayKnow(state, view.reader.person, view.plant)

/** Was this reader told of the case without names, because they may have to judge it, and is it not over yet? */
export const isNameless = (state: HazardState, { reader }: View): boolean =>
  reader.person !== null && state.closedAt === null && (state.nameless ?? []).includes(reader.person)

/** What says or shows who reported or rectifies, and the pictures that carry names in their watermark. */
const naming: ReadonlySet<string> = new Set([text.facts.reporter, text.facts.owner, text.facts.closedBy, text.facts.returned])

/** The case for a reader who learns nothing of its people: what and where it is, and how bad, as far as that can be told. */
export const withoutNames = (card: Card, state: HazardState, { plant }: View): Card => {
  const mask = (words: string): string => maskNames(words, plant, [state.reporter.name])
  return {
    ...card,
    facts: card.facts
      .filter(({ label }) => !naming.has(label))
      .map(({ label, value }) => ({ label, value: label === text.facts.area ? value : mask(value) })),
    body: mask(card.body),
    pictures: [],
    form: [],
    summary: mask(card.summary),
    page: null,
    note: text.nameless,
  }
}

/** What is left of a card in the hands of a possible verifier: that the case is being verified. */
export const sealedCard = (state: HazardState): Card => ({
  tone: 'neutral',
  title: text.titles.sealed,
  subtitle: state.code,
  facts: [{ label: text.facts.status, value: text.status[state.status] }],
  body: text.sealed,
  pictures: [],
  form: [],
  actions: [],
  summary: `${text.titles.sealed} ${state.code}`,
  page: null,
  note: '',
})
