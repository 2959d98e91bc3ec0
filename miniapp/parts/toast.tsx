import { useEffect } from 'preact/hooks'
import type { Toast } from '../api.ts'
import { words } from '../words.ts'

/** In milliseconds. What went wrong stays until it is put away. */
const shownFor = 6_000

export const ToastBar = ({ toast, close }: { readonly toast: Toast; readonly close: () => void }) => {
  const passes = toast.tone === 'success' || toast.tone === 'info'
  useEffect(() => {
    if (!passes) return
    const timer = setTimeout(close, shownFor)
    return () => clearTimeout(timer)
  }, [toast])
  return (
    <div class={`toast ${toast.tone}`} role={passes ? 'status' : 'alert'}>
      <p>{toast.text}</p>
      <button type="button" class="plain" onClick={close}>
        {words.close}
      </button>
    </div>
  )
}
