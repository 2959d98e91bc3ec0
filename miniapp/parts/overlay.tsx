import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/**
 * Something above the page that must be answered or closed. Not a `<dialog>`, which the older containers lack, nor `confirm()`, which they suppress in frames.
 * Focus goes in and comes back; Escape and the container's back gesture close it.
 */
export const Overlay = (props: {
  readonly kind: 'dialog' | 'viewer'
  readonly label: string
  readonly close: () => void
  readonly children: ComponentChildren
}) => {
  const box = useRef<HTMLDivElement>(null)
  const { close } = props
  useEffect(() => {
    const before = document.activeElement
    box.current?.focus()
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close()
      if (event.key === 'Tab' && box.current) keepInside(event, box.current)
    }
    document.addEventListener('keydown', onKey)
    document.body.classList.add('covered')
    return () => {
      document.removeEventListener('keydown', onKey)
      document.body.classList.remove('covered')
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <div class={`overlay ${props.kind}`}>
      <div class="box" ref={box} role="dialog" aria-modal="true" aria-label={props.label} tabIndex={-1}>
        {props.children}
      </div>
    </div>
  )
}

/** The tab key goes round inside the box. */
const keepInside = (event: KeyboardEvent, box: HTMLElement): void => {
  const stops = [...box.querySelectorAll<HTMLElement>('button:not(:disabled)')]
  const first = stops[0]
  const last = stops[stops.length - 1]
  if (!first || !last) return
  const from = event.shiftKey ? first : last
  if (document.activeElement !== from && document.activeElement !== box) return
  event.preventDefault()
  ;(event.shiftKey ? last : first).focus()
}
