import { useState } from 'preact/hooks'
import type { CaseView } from '../../src/webhooks/miniapp.ts'
import { type Failure, newKey, type Press, send, type Toast } from '../api.ts'
import type { Action } from '../parts/actions.tsx'
import { filled, missingField, type Values } from '../parts/form.tsx'
import { words } from '../words.ts'

/** What the page does with the answer to a press. */
type Outcomes = {
  readonly show: (view: CaseView, toast: Toast | null) => void
  readonly ended: (toast: Toast | null) => void
  readonly say: (toast: Toast | null) => void
  readonly lost: (failure: Failure) => void
}

/** A press that may not have arrived, and what the service said about it, if anything. */
export type Unsure = { readonly press: Press; readonly said: string | null }

const isSame = (one: Press, other: Omit<Press, 'key'>): boolean =>
  one.command === other.command && one.as === other.as && JSON.stringify(one.form) === JSON.stringify(other.form)

/**
 * Sends presses one at a time. A press whose answer got lost keeps its key while command and form stay the same, so trying again never does it twice,
 * by whatever button it is tried.
 */
export const usePress = (subject: string, { show, ended, say, lost }: Outcomes) => {
  const [unsure, setUnsure] = useState<Unsure | null>(null)
  const [sending, setSending] = useState<Press | null>(null)

  const perform = async (press: Press): Promise<void> => {
    setSending(press)
    say(null)
    const result = await send(subject, press)
    setSending(null)
    if (result.kind === 'offline') return setUnsure({ press, said: null })
    if (result.kind === 'later') return setUnsure({ press, said: result.toast?.text ?? null })
    setUnsure(null)
    if (result.kind === 'error') return lost(result)
    say(result.toast)
    result.view ? show(result.view, result.toast) : ended(result.toast)
  }

  const press = (action: Action, view: CaseView, typed: Values): void => {
    const { form } = view.card
    const missing = action.needsForm ? missingField(form, typed, action.needs) : undefined
    if (missing) {
      say({ tone: 'warning', text: words.missing.replace('{label}', missing.label) })
      document.getElementById(`field-${missing.name}`)?.focus()
      return
    }
    const values = Object.fromEntries(form.map((field) => [field.name, filled(field, typed)]))
    const wanted = { command: action.key, form: values, as: view.reader.mark }
    void perform(unsure && isSame(unsure.press, wanted) ? unsure.press : { ...wanted, key: newKey() })
  }

  return {
    sending: sending?.command ?? null,
    unsure,
    press,
    /** Somebody goes on typing: what is sent next is another press. */
    dismiss: () => setUnsure(null),
    retry: () => {
      if (unsure) void perform(unsure.press)
    },
  }
}
