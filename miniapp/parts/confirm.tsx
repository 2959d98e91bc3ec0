import { words } from '../words.ts'
import type { Action } from './actions.tsx'
import { Overlay } from './overlay.tsx'

/** The question before a press that cannot easily be taken back. */
export const Confirm = ({ action, yes, no }: { readonly action: Action; readonly yes: () => void; readonly no: () => void }) => (
  <Overlay kind="dialog" label={action.confirm?.title ?? action.label} close={no}>
    <h2>{action.confirm?.title}</h2>
    <p>{action.confirm?.text}</p>
    <div class="choices">
      <button type="button" class="default" onClick={no}>
        {words.cancel}
      </button>
      <button type="button" class={action.style} onClick={yes}>
        {words.confirm}
      </button>
    </div>
  </Overlay>
)
