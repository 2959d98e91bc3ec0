import { inZone, later } from '../../lib/clock.ts'
import { distanceMetres, isPlaced } from '../../rules/permits/places.ts'
import { photoRules } from '../../rules/photo-checks.ts'
import type { BlindCheck } from '../verdict/verdict.ts'
import type { Facts } from '../workflow.ts'
import type { HazardCommand, HazardState, PhotoFacts } from './hazard.ts'
import { shareOf, type Twins } from './photo-twins.ts'
import { evidenceOf, isPicture } from './photos.ts'
import type { PhotoCheck } from './proof.ts'

type Store = Extract<HazardCommand, { type: 'storePhoto' }>

/** The wall clock of the plant, in the form of a camera. */
const wallClock = (at: Date, timeZone: string): string => {
  const { date, time } = inZone(at, timeZone)
  return `${date}T${time}`
}

/** Since when the present repair goes on: the last return or reopening, else the acceptance. */
const beganAt = ({ returned, reopened, acceptedAt, reportedAt }: HazardState): Date => {
  const rounds = [...returned, ...reopened].map(({ at }) => at).sort()
  return new Date(rounds.at(-1) ?? acceptedAt ?? reportedAt)
}

/** When the camera says that it was taken, on the wall clock of the plant: a time without a zone is taken to be that of the plant. Null for none, or nonsense. */
const takenOn = ({ takenAt, offset }: PhotoFacts, timeZone: string): string | null => {
  if (takenAt === null || offset === undefined) return takenAt
  const at = new Date(`${takenAt}${offset}`)
  return Number.isNaN(at.getTime()) ? null : wallClock(at, timeZone)
}

/** A photo of this repair was taken after it began and before it came here. */
const checkTime = (state: HazardState, exif: PhotoFacts, sentAt: string, timeZone: string): readonly PhotoCheck[] => {
  const taken = takenOn(exif, timeZone)
  if (taken === null) return ['no-time']
  if (taken < wallClock(later(beganAt(state), -photoRules.clockSlack), timeZone)) return ['time-before']
  return taken > wallClock(later(new Date(sentAt), photoRules.clockSlack), timeZone) ? ['time-ahead'] : []
}

/** A photo with a position was taken in the area, as far as the position is exact. Both are WGS-84. */
const checkPlace = (state: HazardState, { lat, lng, accuracyMetres }: PhotoFacts, { plant }: Facts): readonly PhotoCheck[] => {
  if (lat === null || lng === null || !isPlaced({ lat, lng })) return ['no-place']
  const area = plant.areas.find(({ id }) => id === (state.area ?? state.suggestion.area))
  if (!area?.center || area.radiusMetres === undefined) return ['no-fence']
  const reach = area.radiusMetres + (accuracyMetres ?? photoRules.usualAccuracy)
  return distanceMetres({ lat, lng }, area.center) <= reach ? [] : ['outside']
}

/** Everything about a picture of the repair that verifiers must look at themselves. What the camera wrote is a hint and can be forged, so nothing here refuses. */
export const checksOf = (state: HazardState, { exif, look }: Store, sentAt: string, twins: Twins, facts: Facts) => {
  const camera = exif ?? { takenAt: null, lat: null, lng: null, datum: null }
  const checks: readonly PhotoCheck[] = [
    ...checkTime(state, camera, sentAt, facts.plant.timeZone),
    ...checkPlace(state, camera, facts),
    ...(look ? [] : (['blank'] as const)),
    ...(twins.isAlike ? (['alike'] as const) : []),
    ...(twins.all ? [] : (['many'] as const)),
  ]
  return checks
}

/**
 * Does a picture of the repair show what one of before shows? The best share of agreeing bits over all pairs, in whole percent; null where nothing can be
 * compared. Only a photo from nearly the same spot comes to 85 %, so a low share proves nothing: it is told to the verifiers, and decides nothing.
 */
export const sceneMatch = (state: HazardState): number | null => {
  const looksOf = (stage: 'before' | 'after') => evidenceOf(state, stage).flatMap(({ look }) => (look ? [look] : []))
  const shares = looksOf('before').flatMap((before) => looksOf('after').map((after) => shareOf(before, after)))
  return shares.length === 0 ? null : Math.floor(100 * Math.max(...shares))
}

/** The gravest first: a card that holds little shows the beginning, and its page everything. */
const gravity: readonly BlindCheck['check'][] = [
  ...(['outside', 'time-before', 'time-ahead', 'alike', 'scene', 'no-scene'] as const),
  ...(['many', 'blank', 'no-place', 'no-fence', 'no-time'] as const),
]

/** What the verifiers of the present submission are told to look at, each once, with in how many pictures it was found. */
export const blindChecks = (state: HazardState): readonly BlindCheck[] => {
  const pictures = evidenceOf(state, 'after').filter((file) => isPicture(file) && file.state === 'stored')
  const found = new Map<PhotoCheck, number>()
  for (const check of pictures.flatMap(({ checks }) => checks ?? [])) found.set(check, (found.get(check) ?? 0) + 1)
  const share = sceneMatch(state)
  const isSame = share !== null && share >= 100 * photoRules.sceneMatch
  const scene: readonly BlindCheck[] = isSame ? [] : [share === null ? { check: 'no-scene' } : { check: 'scene', value: share }]
  const all = [...scene, ...[...found].map(([check, value]): BlindCheck => ({ check, value }))]
  return pictures.length === 0 ? [] : all.sort((a, b) => gravity.indexOf(a.check) - gravity.indexOf(b.check))
}
