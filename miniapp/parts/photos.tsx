import { useState } from 'preact/hooks'
import type { PagePicture } from '../../src/webhooks/miniapp.ts'
import { words } from '../words.ts'
import { Overlay } from './overlay.tsx'

const Picture = ({ src, alt }: { readonly src: string; readonly alt: string }) => {
  const [lost, setLost] = useState(false)
  return lost ? (
    <span class="lost">{words.photoLost}</span>
  ) : (
    <img src={src} alt={alt} decoding="async" onError={() => setLost(true)} />
  )
}

const Viewer = (props: {
  readonly pictures: readonly PagePicture[]
  readonly at: number
  readonly go: (at: number | null) => void
}) => {
  const { pictures, at, go } = props
  const picture = pictures[at]
  if (!picture) return null
  return (
    <Overlay kind="viewer" label={picture.alt} close={() => go(null)}>
      <div class="canvas">
        <Picture key={picture.full} src={picture.full} alt={picture.alt} />
      </div>
      <p class="caption">
        {picture.alt}（{at + 1}/{pictures.length}）
      </p>
      <div class="choices">
        <button type="button" class="default" disabled={at === 0} onClick={() => go(at - 1)}>
          {words.previous}
        </button>
        <button type="button" class="default" onClick={() => go(null)}>
          {words.close}
        </button>
        <button type="button" class="default" disabled={at === pictures.length - 1} onClick={() => go(at + 1)}>
          {words.next}
        </button>
      </div>
    </Overlay>
  )
}

/** Small pictures, each of which fills the screen at a touch. */
export const Photos = ({ pictures }: { readonly pictures: readonly PagePicture[] }) => {
  const [at, go] = useState<number | null>(null)
  if (pictures.length === 0) return null
  return (
    <section class="panel">
      <h2>{words.photos}</h2>
      <div class="photos">
        {pictures.map(({ thumbnail, alt }, index) => (
          <button type="button" key={thumbnail + alt} onClick={() => go(index)}>
            <Picture src={thumbnail} alt={alt} />
            <span>{alt}</span>
          </button>
        ))}
      </div>
      {at !== null && <Viewer pictures={pictures} at={at} go={go} />}
    </section>
  )
}
