import { useEffect, useState } from 'preact/hooks'
import { words } from '../words.ts'

/** How long the phone may look for satellites, and how old a place may be that it still knows, in milliseconds. */
const patience = 20_000
const freshness = 5_000

type Look =
  | { readonly kind: 'none' }
  | { readonly kind: 'looking' }
  | { readonly kind: 'found'; readonly metres: number }
  | { readonly kind: 'failed'; readonly why: 'denied' | 'unavailable' }

/** `lat,lng,accuracy,epochMs`, as the service reads it. */
const wire = ({ coords, timestamp }: GeolocationPosition): string =>
  [
    coords.latitude.toFixed(7),
    coords.longitude.toFixed(7),
    Math.min(coords.accuracy, 999_999).toFixed(1),
    Math.round(timestamp),
  ].join(',')

/** How long whoever shows this page in a frame may take to say where its phone stands, in milliseconds. */
const frameAnswers = 1_000
const shape = /^-?\d{1,2}\.\d{1,9},-?\d{1,3}\.\d{1,9},(\d{1,6}(?:\.\d)?),\d{12,14}$/

/**
 * The sandbox's phones stand in a plant, and the laptop that shows them does not: a page in a frame asks the frame first. Nobody else may frame a page (the
 * service says so in `frame-ancestors`). Null without a frame, or without an answer.
 */
const fromFrame = (): Promise<string | null> =>
  new Promise((resolve) => {
    if (window.parent === window) return resolve(null)
    const done = (answer: string | null) => {
      clearTimeout(late)
      window.removeEventListener('message', hear)
      resolve(answer)
    }
    const hear = ({ source, data }: MessageEvent<{ readonly andonPosition?: unknown } | null>) => {
      const said = data?.andonPosition
      if (source === window.parent && typeof said === 'string' && shape.test(said)) done(said)
    }
    const late = setTimeout(done, frameAnswers, null)
    window.addEventListener('message', hear)
    window.parent.postMessage({ andonPosition: 'wanted' }, '*')
  })

/** Asks the phone where it is, once when the form appears and again on every tap. What was measured before is gone while it looks. */
export const PositionControl = ({
  id,
  value,
  change,
}: {
  readonly id: string
  /** What the form holds of it; emptied by a press that was taken, and then asked for anew. */
  readonly value: string
  readonly change: (value: string) => void
}) => {
  const [look, setLook] = useState<Look>({ kind: 'none' })
  const ask = async () => {
    setLook({ kind: 'looking' })
    change('')
    const told = await fromFrame()
    if (told !== null) {
      change(told)
      return setLook({ kind: 'found', metres: Math.round(Number(shape.exec(told)?.[1])) })
    }
    if (!('geolocation' in navigator)) return setLook({ kind: 'failed', why: 'unavailable' })
    navigator.geolocation.getCurrentPosition(
      (found) => {
        change(wire(found))
        setLook({ kind: 'found', metres: Math.round(found.coords.accuracy) })
      },
      ({ code, PERMISSION_DENIED }) => setLook({ kind: 'failed', why: code === PERMISSION_DENIED ? 'denied' : 'unavailable' }),
      { enableHighAccuracy: true, timeout: patience, maximumAge: freshness },
    )
  }
  const isSpent = value === '' && look.kind === 'found'
  useEffect(() => {
    if (look.kind === 'none' || isSpent) void ask()
  }, [isSpent])
  // Said aloud as what it does; the field's own label stands above it.
  const label = look.kind === 'found' ? words.position.again : words.position.ask
  return (
    <div class="position">
      <button
        type="button"
        id={id}
        aria-label={label}
        class="default"
        disabled={look.kind === 'looking'}
        onClick={() => void ask()}
      >
        {label}
      </button>
      <span role="status">{said(look)}</span>
    </div>
  )
}

const said = (look: Look): string => {
  switch (look.kind) {
    case 'none':
      return ''
    case 'looking':
      return words.position.looking
    case 'found':
      return words.position.found.replace('{metres}', String(look.metres))
    case 'failed':
      return words.position[look.why]
  }
}
