import type { Card, Toast } from '../cards/card.ts'
import { pagesText } from '../cards/text/pages.ts'
import type { Arrival, Outcome } from '../engine/arrival.ts'
import type { Drawable } from '../engine/draw.ts'
import type { History } from '../engine/history.ts'
import { type Clock, type Millis, seconds } from '../lib/clock.ts'
import { type PageSession, reaches } from '../people/pages.ts'
import type { LoadedPlant } from '../people/plant.ts'
import {
  type Answered,
  answerTo,
  arrivalOf,
  filledCommand,
  isOffered,
  type PageCommand,
  pressedAction,
  pressKey,
  repeatedToast,
} from './miniapp-command.ts'
import { type CaseView, cardFor, caseView, maySee, mostLines } from './miniapp-view.ts'

export type DeskOptions = {
  readonly clock: Clock
  readonly subjectOf: (id: string, atLeast?: number) => Promise<Drawable | null>
  readonly plantOf: (site: string) => Promise<LoadedPlant>
  readonly history: History
  readonly handle: (arrival: Arrival, within?: Millis) => Promise<Outcome>
}

/** Reasons why a page is not shown or a press not taken, worded in `cards/text/pages.ts`. */
export type No = keyof typeof pagesText.errors
/** What a press is answered with: the words, and the page as it stands now; without a card when the press ended the reader's part in the case. */
export type PageAnswer = { readonly toast: Toast | null } & (CaseView | { readonly card: null })
export type Pressed =
  | { readonly kind: 'no'; readonly no: No }
  | { readonly kind: 'answer'; readonly status: Answered['status']; readonly body: PageAnswer }

/** A subject as whoever is signed in may see it. */
export type Seen = { readonly session: PageSession; readonly on: Drawable; readonly card: Card; readonly plant: LoadedPlant }

export type Desk = {
  /** Null for every reason alike: there is no such subject, it is of another site, or it is none of this reader's business. */
  readonly see: (session: PageSession, subject: string) => Promise<Seen | null>
  readonly view: (seen: Seen) => Promise<CaseView>
  /** Takes a press to the engine, at most once for each key of the page. */
  readonly press: (session: PageSession, subject: string, command: PageCommand) => Promise<Pressed>
}

/** People wait this long for the answer to a press; after that they are told that nothing was recorded and may press again under the same key. */
const answerWithin = seconds(8)
const subjectForm = /^[a-z]{3}_[0-9a-z]{10,40}$/
/** Cards of a page are drawn from the row itself, never from what was read a moment ago: people press on what they see. */
const asStored = Number.MAX_SAFE_INTEGER

const no = (why: No): Pressed => ({ kind: 'no', no: why })

/** What stands between the routes and the engine: who may see what, and which presses are taken. */
export const createDesk = ({ clock, subjectOf, plantOf, history, handle }: DeskOptions): Desk => {
  const see: Desk['see'] = async (session, subject) => {
    const on = subjectForm.test(subject) && reaches(session, subject) ? await subjectOf(subject, asStored) : null
    const plant = await plantOf(session.site)
    const card = on && maySee(on, session, plant) ? cardFor(on, session, plant, clock.now()) : null
    return on && card ? { session, on, card, plant } : null
  }

  const view: Desk['view'] = async ({ on, card, session, plant }) =>
    caseView(on, card, { session, plant, history: await history.of(on.site, on.id, mostLines + 1) })

  /** What the press left is drawn anew. Whoever may no longer see the case still hears what became of it. */
  const answer = async (seen: Seen | null, { status, toast }: Answered): Promise<Pressed> => {
    const now = seen && (await see(seen.session, seen.on.id))
    return { kind: 'answer', status, body: now ? { ...(await view(now)), toast } : { toast, card: null } }
  }

  const press: Desk['press'] = async (session, subject, command) => {
    const pressed = pressedAction(command.command, subject)
    if (!pressed) return no('malformed')
    if (!reaches(session, subject)) return no('not-found')
    const key = pressKey(session, subject, pressed, command.key)
    const seen = await see(session, subject)
    const recorded = await history.outcomeOf(key)
    if (recorded !== null) return answer(seen, { status: 200, toast: repeatedToast(recorded) })
    if (!seen) return no('not-found')
    if (!isOffered(seen.card, pressed))
      return answer(seen, { status: 409, toast: { tone: 'warning', text: pagesText.errors['not-offered'] } })
    const filled = filledCommand(pressed, command.form, seen.card)
    if (!filled) return no('too-large')
    const outcome = await handle(arrivalOf(session, seen.on, key, filled), answerWithin)
    outcome.answered(true)
    return answer(seen, answerTo(outcome, outcome.kind === 'repeated' ? await history.outcomeOf(key) : null))
  }

  return { see, view, press }
}
