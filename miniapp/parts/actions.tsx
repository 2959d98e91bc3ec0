import type { PageCard } from '../../src/webhooks/miniapp.ts'
import { words } from '../words.ts'

export type Action = PageCard['actions'][number]

/** The buttons, always in reach of a thumb. While one is under way none can be pressed. */
export const Actions = (props: {
  readonly actions: readonly Action[]
  readonly sending: string | null
  readonly press: (action: Action) => void
}) =>
  props.actions.length === 0 ? null : (
    <nav class="actions">
      {props.actions.map((action) => (
        <button
          type="button"
          key={action.key}
          class={action.style}
          disabled={props.sending !== null}
          onClick={() => props.press(action)}
        >
          {props.sending === action.key ? words.sending : action.label}
        </button>
      ))}
    </nav>
  )
