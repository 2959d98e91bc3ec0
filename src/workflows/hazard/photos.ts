import { refuse } from '../../lib/refusal.ts'
import { accept, type Facts } from '../workflow.ts'
import { tell, toReporter } from './common.ts'
import type { HazardDecision } from './decide.ts'
import type { HazardCommand, HazardState } from './hazard.ts'

type Store = Extract<HazardCommand, { type: 'storePhoto' }>
type Refused = Extract<HazardCommand, { type: 'refusePhoto' }>

const waiting = (state: HazardState, id: string): boolean =>
  state.files.some((file) => file.id === id && file.state === 'fetching')

/** The workshop has developed a photo: original, watermarked picture and thumbnail are in the store. */
export const storePhoto = (state: HazardState, command: Store, _: Facts): HazardDecision => {
  if (!waiting(state, command.file)) return refuse('file-known', { code: state.code })
  const { file, original, watermarked, thumbnail, exif } = command
  return accept([{ type: 'photoStored', file, original, watermarked, thumbnail, exif }])
}

/** The photo cannot be shown. The report stands, and whoever sent it hears why and what to do. */
export const refusePhoto = (state: HazardState, command: Refused, _: Facts): HazardDecision => {
  const file = state.files.find(({ id }) => id === command.file)
  if (!file || !waiting(state, command.file)) return refuse('file-known', { code: state.code })
  const to = file.stage === 'after' && state.owner ? ({ kind: 'person', person: state.owner } as const) : toReporter(state)
  return accept(
    [{ type: 'photoRefused', file: command.file, because: command.because, original: command.original }],
    [tell(to, `photo-${command.because}`, { code: state.code })],
  )
}
