import { refuse } from '../../lib/refusal.ts'
import { accept, type Facts } from '../workflow.ts'
import { person, roundOf, tell, toReporter } from './common.ts'
import type { HazardDecision } from './decide.ts'
import type { HazardCommand, HazardFile, HazardState } from './hazard.ts'

type Store = Extract<HazardCommand, { type: 'storePhoto' }>
type Refused = Extract<HazardCommand, { type: 'refusePhoto' }>

/** The most files of one report, and of one round of evidence; more than any album, so that one sender cannot fill the store through one case. */
export const mostFiles = 30

/** After-files of the present round: since the last return or reopening, because what did not convince then proves nothing now. */
const ofThisRound = (state: HazardState): readonly HazardFile[] =>
  state.files.filter((file) => file.stage === 'after' && file.round === roundOf(state))

/** A photo counts from its arrival, a file once it has proved to be a picture; voices and videos show no repair. */
const mayProve = ({ kind, state }: HazardFile): boolean =>
  (kind === 'photo' && state === 'fetching') || ((kind === 'photo' || kind === 'file') && state === 'stored')

/** How many after-photos may prove the repair: sent since the last return or reopening and not refused. */
export const afterPhotos = (state: HazardState): number => ofThisRound(state).filter(mayProve).length

/** How many more after-files this round takes. */
export const roomForEvidence = (state: HazardState): number => Math.max(0, mostFiles - ofThisRound(state).length)

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
  const to = file.stage === 'after' ? person(file.by) : toReporter(state)
  return accept(
    [{ type: 'photoRefused', file: command.file, because: command.because, original: command.original }],
    [tell(to, `photo-${command.because}`, { code: state.code })],
  )
}
