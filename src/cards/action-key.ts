/**
 * What a button carries: `hazard.accept:haz_…@3` — command, subject, revision as drawn, and at most one argument (`~arr_…`, the id of a kept arrival, or what the
 * button itself answers, for commands whose rule names `argument`). A button never holds code, and the revision never decides whether a press is legal; it only lets
 * the answer say what has changed since the card was drawn.
 */
export type ActionKey = {
  readonly workflow: string
  readonly command: string
  readonly subject: string
  readonly revision: number
  readonly argument?: string
}

const form = /^([a-z][a-z-]{1,20})\.([a-zA-Z]{1,30}):([a-z]{3}_[0-9a-z]{10,40}|-)@(\d{1,9})(?:~([0-9A-Za-z_.-]{1,80}))?$/

export const actionKey = (key: ActionKey): string =>
  `${key.workflow}.${key.command}:${key.subject}@${key.revision}${key.argument ? `~${key.argument}` : ''}`

/** The parts of an action key, or null for anything that is not one (a forged or foreign button). */
export const readActionKey = (text: string): ActionKey | null => {
  const found = form.exec(text)
  if (!found) return null
  const [, workflow = '', command = '', subject = '', revision = '', argument] = found
  return { workflow, command, subject, revision: Number(revision), ...(argument === undefined ? {} : { argument }) }
}

/** The kept arrival that a button is about; undefined for every other button. */
export const heldIn = (text: string): string | undefined => {
  const argument = readActionKey(text)?.argument
  return argument?.startsWith('arr_') ? argument : undefined
}
