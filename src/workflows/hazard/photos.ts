import { canonical, sha256 } from '../../lib/crypto.ts'
import { refuse } from '../../lib/refusal.ts'
import { type EvidenceItem, type EvidenceRule, evidenceFor, evidenceNames } from '../../rules/evidence.ts'
import { accept, type Effect, type Facts } from '../workflow.ts'
import { blindJobs, showVerifiers } from './blind.ts'
import { person, roundOf, tell, toReporter } from './common.ts'
import type { HazardDecision } from './decide.ts'
import { evolveHazard } from './evolve.ts'
import type { HazardCommand, HazardEvent, HazardFile, HazardState } from './hazard.ts'
import { checksOf } from './photo-checks.ts'
import { showNothingNew, twinsElsewhere } from './photo-twins.ts'
import type { Stage } from './proof.ts'

type Store = Extract<HazardCommand, { type: 'storePhoto' }>
type Refused = Extract<HazardCommand, { type: 'refusePhoto' }>
type StoreBlind = Extract<HazardCommand, { type: 'storeBlind' }>
type RefuseBlind = Extract<HazardCommand, { type: 'refuseBlind' }>

/** The most files of one report, and of one round of evidence; more than any album, so that one sender cannot fill the store through one case. */
export const mostFiles = 30

/** Photos of before are of the case; the others of the present round: since the last return or reopening, because what did not convince then proves nothing now. */
const ofStage = (state: HazardState, stage: Stage): readonly HazardFile[] =>
  state.files.filter((file) => file.stage === stage && (stage === 'before' || file.round === roundOf(state)))

/** Something to look at; voices and videos show no repair. */
export const isPicture = ({ kind }: Pick<HazardFile, 'kind'>): boolean => kind === 'photo' || kind === 'file'

/** A photo counts from its arrival, a file once it has proved to be a picture; of a report, the document as it came. */
const mayProve = (file: HazardFile): boolean => {
  if (!isPicture(file)) return false
  return file.state === 'stored' || (file.state === 'fetching' && (file.kind === 'photo' || file.stage === 'report'))
}

/** What may prove something about a stage. */
export const evidenceOf = (state: HazardState, stage: Stage): readonly HazardFile[] => ofStage(state, stage).filter(mayProve)

/** How many after-photos may prove the repair: sent since the last return or reopening and not refused. */
export const afterPhotos = (state: HazardState): number => evidenceOf(state, 'after').length

/** How many more files the present round takes; photos of before are counted by themselves. */
export const roomForEvidence = (state: HazardState, stage: Stage): number => {
  const stages: readonly Stage[] = stage === 'before' ? ['before'] : ['during', 'after', 'report']
  return Math.max(0, mostFiles - stages.flatMap((one) => ofStage(state, one)).length)
}

/** What this case must show before it is submitted. */
export const ruleOf = (state: HazardState): EvidenceRule => evidenceFor(state)

/** The stages that this case must still show, in the order in which they happen. */
export const missingStages = (state: HazardState): readonly Stage[] => {
  const rule = evidenceFor(state)
  return (['before', 'during', 'after', 'report'] as const).filter(
    (stage) => rule[stage] === 'must' && evidenceOf(state, stage).length === 0,
  )
}

export const namesOf = (items: readonly EvidenceItem[]): string => items.map((item) => evidenceNames[item]).join('、')

/** The hash of the evidence as it lies there now: what a signature covers. */
export const evidenceHash = (state: HazardState): string =>
  sha256(
    canonical(
      (['before', 'during', 'after', 'report'] as const).flatMap((stage) =>
        evidenceOf(state, stage).map(({ id }) => [stage, id]),
      ),
    ),
  )

const waiting = (state: HazardState, id: string): boolean =>
  state.files.some((file) => file.id === id && file.state === 'fetching')

/** A file of the case has changed while verifiers look at it: blind copies are made, and what is ready is shown. */
const followed = (state: HazardState, events: readonly HazardEvent[], facts: Facts) => {
  const after = events.reduce<HazardState>((so, event) => evolveHazard(so, event), state)
  const beingVerified = after.status === 'verifying' || after.status === 'submitted'
  return beingVerified ? [...blindJobs(after, facts), ...showVerifiers(after, facts)] : []
}

/** What is found out about a picture as it is stored: whose copy it is, and, of the repair, what the verifiers are to look at. */
const storedAs = (state: HazardState, command: Store, facts: Facts): readonly HazardEvent[] => {
  const { file, original, watermarked, thumbnail, exif, look } = command
  const kept = state.files.find(({ id }) => id === file)
  const same = showNothingNew(state, command)
  const refused = same.map(({ id }): HazardEvent => ({ type: 'photoRefused', file: id, because: 'same-as-before', original }))
  if (same.some(({ id }) => id === file)) return refused
  const stored: HazardEvent = {
    ...{ type: 'photoStored', file, original, watermarked, thumbnail, exif },
    ...(look === undefined ? {} : { look }),
  }
  if (kept?.stage !== 'after' || look === undefined) return [stored, ...refused]
  const twins = twinsElsewhere(command, facts)
  if (twins.copy) return [{ type: 'photoRefused', file, because: 'seen-before', original, twin: twins.copy }]
  const checks = checksOf(state, command, kept.at, twins, facts)
  return [checks.length === 0 ? stored : { ...stored, checks }]
}

/** Whoever sent a copy hears what it is a copy of, as far as it is theirs to know. */
const tellCopied = (state: HazardState, { file, because }: Extract<HazardEvent, { type: 'photoRefused' }>): readonly Effect[] => {
  const sender = state.files.find(({ id }) => id === file)?.by
  if (!sender) return []
  const values = { code: state.code }
  return because === 'seen-before'
    ? [tell(person(sender), 'photo-seen-before', values)]
    : [tell(person(sender), 'photo-same-as-before', values)]
}

/** The workshop has developed a photo: original, watermarked picture and thumbnail are in the store. A copy proves nothing, and its sender hears so. */
export const storePhoto = (state: HazardState, command: Store, facts: Facts): HazardDecision => {
  if (!waiting(state, command.file)) return refuse('file-known', { code: state.code })
  const events = storedAs(state, command, facts)
  const told = events.flatMap((event) => (event.type === 'photoRefused' ? tellCopied(state, event) : []))
  return accept(events, [...told, ...followed(state, events, facts)])
}

/** Documents are no pictures and may be reports all the same; what could be a picture and is broken is neither. */
const documents = new Set(['not-an-image', 'unsupported-format'])

/** The photo cannot be shown. The report stands, and whoever sent it hears why and what to do. A document that was sent as a test report is kept as one. */
export const refusePhoto = (state: HazardState, command: Refused, facts: Facts): HazardDecision => {
  const file = state.files.find(({ id }) => id === command.file)
  if (!file || !waiting(state, command.file)) return refuse('file-known', { code: state.code })
  if (file.stage === 'report' && file.kind === 'file' && command.original !== null && documents.has(command.because))
    return accept([{ type: 'fileKept', file: command.file, original: command.original }])
  const to = file.stage === 'before' && file.by === (state.reporter.person ?? '') ? toReporter(state) : [person(file.by)]
  const events: readonly HazardEvent[] = [
    { type: 'photoRefused', file: command.file, because: command.because, original: command.original },
  ]
  // What a voice says stands in the case already when its platform has written it down: nobody need type it.
  const told = file.heard && command.because === 'not-a-photo' ? [] : to
  return accept(events, [
    ...told.map((one) => tell(one, `photo-${command.because}`, { code: state.code })),
    ...followed(state, events, facts),
  ])
}

const awaitsBlind = (state: HazardState, id: string): boolean =>
  state.files.some((file) => file.id === id && file.state === 'stored' && file.blind === undefined)

/** The workshop has made the blind copy of a picture. */
export const storeBlind = (state: HazardState, { file, watermarked, thumbnail }: StoreBlind, facts: Facts): HazardDecision => {
  if (!awaitsBlind(state, file)) return refuse('file-known', { code: state.code })
  const events: readonly HazardEvent[] = [{ type: 'blindStored', file, watermarked, thumbnail }]
  return accept(events, showVerifiers(evolveHazard(state, events[0] as HazardEvent), facts))
}

/** No blind copy could be made: verifiers do without this picture, and never see the other one instead. */
export const refuseBlind = (state: HazardState, { file }: RefuseBlind, facts: Facts): HazardDecision => {
  if (!awaitsBlind(state, file)) return refuse('file-known', { code: state.code })
  const refused: HazardEvent = { type: 'blindRefused', file }
  return accept([refused], showVerifiers(evolveHazard(state, refused), facts))
}
