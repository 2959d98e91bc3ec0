import { axisName, shownValue } from '../cards/portrait-card.ts'
import { portraitText } from '../cards/text/portrait.ts'
import type { BlobStore } from '../evidence/blobs.ts'
import type { Drawing } from '../lib/drawing.ts'
import { radar } from '../papers/radar.ts'
import type { PortraitState } from '../workflows/portrait/portrait.ts'
import type { Arrival } from './arrival.ts'
import type { Drawable } from './draw.ts'

export type PicturePayload = { readonly site: string; readonly subject: string }

export type PictureTools = {
  readonly blobs: Pick<BlobStore, 'put'>
  readonly paint: (drawing: Drawing) => Promise<Uint8Array>
  readonly subjectOf: (id: string, atLeast?: number) => Promise<Drawable | null>
  /** Throws when nothing was recorded, so that the job is tried again. */
  readonly decide: (arrival: Arrival) => Promise<unknown>
}

const tell = (
  { site, subject }: PicturePayload,
  command: { readonly type: string; readonly thumbnail?: string },
  tools: PictureTools,
) => tools.decide({ source: 'system', site, key: `picture:${subject}`, subject, workflow: 'portrait', command })

/** Draws the radar of a portrait, keeps it, and tells the portrait, whose card is then repainted. */
export const runPictureJob = async (payload: PicturePayload, tools: PictureTools): Promise<void> => {
  const on = await tools.subjectOf(payload.subject)
  if (!on?.state || on.registered.workflow.name !== 'portrait') return
  const { axes } = on.state as PortraitState
  const spokes = axes.map((axis) => ({ label: axisName(axis), value: axis.value, shown: shownValue(axis.value) }))
  const { key } = await tools.blobs.put(await tools.paint(radar(spokes, portraitText.foot)), 'image/jpeg')
  await tell(payload, { type: 'storePicture', thumbnail: key }, tools)
}

/** It could not be drawn: the card has every number all the same. */
export const giveUpPicture = async (payload: PicturePayload, tools: PictureTools): Promise<void> =>
  void (await tell(payload, { type: 'refusePicture' }, tools))
