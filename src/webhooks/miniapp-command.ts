import { z } from 'zod'
import { type ActionKey, heldIn, readActionKey } from '../cards/action-key.ts'
import type { Card, FormField, Toast } from '../cards/card.ts'
import { commonText } from '../cards/text/common.ts'
import { pagesText } from '../cards/text/pages.ts'
import type { Arrival, Command, Outcome } from '../engine/arrival.ts'
import type { Drawable } from '../engine/draw.ts'
import { pressedCommand } from '../engine/route.ts'
import { sha256 } from '../lib/crypto.ts'
import { longestText, storable } from '../lib/text.ts'
import type { PageSession } from '../people/pages.ts'

/** The application for a permit has most, some forty. */
const mostFields = 80

/** What the page sends when a button is pressed. */
const commandForm = z.strictObject({
  /** The action key of the button, as the card carried it. */
  command: z.string().max(200),
  form: z.record(z.string().max(40), z.string().max(longestText)).refine((form) => Object.keys(form).length <= mostFields),
  /** Chosen by the page for one press: the same key again is the same press, so a lost answer can be asked for again. */
  key: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/),
  /** The reader's mark as the page was drawn; a page that was signed in anew as somebody else meanwhile is stopped by it. */
  as: z.string().max(64).optional(),
})
export type PageCommand = z.infer<typeof commandForm>

/** The command in a body, or null for anything else. */
export const readCommand = (body: Uint8Array): PageCommand | null => {
  try {
    const read = commandForm.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)))
    return read.success ? read.data : null
  } catch {
    return null
  }
}

export type PressedAction = { readonly workflow: string; readonly name: string; readonly argument?: string }

/** The button that was pressed, by what it does: the revision in a key never decides whether a press is legal. Null for what is no button of this subject. */
export const pressedAction = (text: string, subject: string): PressedAction | null => {
  const key = readActionKey(text)
  if (!key || key.subject !== subject || heldIn(text) !== undefined) return null
  return { workflow: key.workflow, name: key.command, ...(key.argument === undefined ? {} : { argument: key.argument }) }
}

/** Does the card, as drawn for this reader now, offer the command? Commands that come by message carry files and are never taken from a page. */
export const isOffered = (card: Card, pressed: PressedAction): boolean =>
  card.actions.some(({ key }) => {
    const offered = readActionKey(key)
    return offered?.command === pressed.name && offered.workflow === pressed.workflow && offered.argument === pressed.argument
  })

const isTooLong = (field: FormField, value: string): boolean =>
  (field.kind === 'text' || field.kind === 'secret') && [...value].length > field.longest

/** The command with the values of the card's own fields, made storable; other values are passed over. Null when a text is longer than its field. */
export const filledCommand = (
  { workflow, name, argument }: PressedAction,
  form: PageCommand['form'],
  card: Card,
): Command | null => {
  const values: [string, string][] = []
  for (const field of card.form) {
    const value = storable(form[field.name] ?? '')
    if (isTooLong(field, value)) return null
    values.push([field.name, value])
  }
  const key: Pick<ActionKey, 'workflow' | 'command' | 'argument'> = {
    workflow,
    command: name,
    ...(argument === undefined ? {} : { argument }),
  }
  return pressedCommand(key, Object.fromEntries(values))
}

/** The inbox key of a press: nobody can take another account's, and one key for two different buttons is two presses. */
export const pressKey = (session: PageSession, subject: string, pressed: PressedAction, key: string): string =>
  sha256([session.connection, session.account, subject, pressed.workflow, pressed.name, pressed.argument ?? '', key].join('\n'))

export const arrivalOf = (
  session: PageSession,
  on: Drawable,
  key: string,
  command: Command,
): Arrival & { readonly source: 'page' } => ({
  source: 'page',
  site: session.site,
  key,
  connection: session.connection,
  account: session.account,
  subject: on.id,
  workflow: on.registered.workflow.name,
  command,
})

const toast = (tone: Toast['tone'], text: string): Toast => ({ tone, text })

/** What a press that was made before is answered with. */
export const repeatedToast = (recorded: string | null): Toast => {
  if (recorded === 'decided') return toast('success', pagesText.recorded)
  return recorded === 'quarantined' ? toast('danger', commonText.notRecorded) : toast('warning', pagesText.notEffective)
}

export type Answered = { readonly status: 200 | 409 | 500 | 503; readonly toast: Toast | null }

/** Status and words for each outcome. 503 means that the same press may be sent again under the same key. */
export const answerTo = (outcome: Outcome, recorded: string | null): Answered => {
  const said = outcome.reply?.toast ?? null
  switch (outcome.kind) {
    case 'decided':
      return { status: 200, toast: said ?? toast('success', pagesText.recorded) }
    case 'refused':
      return { status: 200, toast: said ?? toast('warning', pagesText.notEffective) }
    case 'repeated':
      return { status: 200, toast: repeatedToast(recorded) }
    case 'busy':
    case 'undecided':
      return { status: 503, toast: said ?? toast('danger', commonText.notRecorded) }
    case 'ignored':
    case 'quarantined':
      return { status: 500, toast: said ?? toast('danger', commonText.notRecorded) }
  }
}
