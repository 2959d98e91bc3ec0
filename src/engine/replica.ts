import type { BlobStore } from '../evidence/blobs.ts'
import type { Intake } from '../evidence/intake.ts'
import type { About } from '../evidence/strip.ts'
import type { Millis, Monotonic } from '../lib/clock.ts'
import type { Drawing } from '../lib/drawing.ts'
import { createApologies } from './apologies.ts'
import type { Arrival, Outcome } from './arrival.ts'
import type { Settled } from './batch.ts'
import type { CheckpointStore } from './checkpoint.ts'
import { createCheckpointing } from './checkpointing.ts'
import { createDeadlines, nextDue } from './deadlines.ts'
import { createDoor, type Door } from './door.ts'
import type { Drawable } from './draw.ts'
import { type Committed, createDecideBatch, heldEffects } from './engine.ts'
import type { Pictures } from './images.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { createLeases } from './leases.ts'
import { createLiveCards } from './live-cards.ts'
import { startLoops } from './loops.ts'
import { createOutbox } from './outbox.ts'
import type { EngineParts } from './parts.ts'
import { giveUpPhoto, type PhotoPayload, type PhotoTools, runPhotoJob } from './photo-job.ts'
import { giveUpPicture, type PicturePayload, type PictureTools, runPictureJob } from './picture-job.ts'
import { createReads, type Reads } from './reads.ts'
import { createReceipts } from './receipts.ts'
import { type Busy, whatWaits } from './stillness.ts'
import { giveUpWeather, runWeatherJob, type WeatherPayload, type WeatherTools } from './weather-job.ts'
import { unknownAccount, type WhoIsPayload, whoIs } from './who-is.ts'

export type Replica = {
  readonly handle: (arrival: Arrival, within?: Millis) => Promise<Outcome>
  readonly subjectOf: (id: string, atLeast?: number) => Promise<Drawable | null>
  readonly plantOf: ReturnType<typeof createReads>['plantOf']
  /** What is due now and not done: for the sandbox's `settle`. */
  readonly waiting: () => Promise<readonly string[]>
  readonly nextDue: () => Promise<Date | null>
  /** Looks at everything that may be due, because the clock was moved or somebody called. */
  readonly wake: () => void
  readonly close: () => Promise<void>
}

export type ReplicaOptions = {
  readonly parts: EngineParts & { readonly replica: string }
  readonly monotonic: Monotonic
  readonly pictures: Pictures
  readonly blobs: BlobStore
  readonly develop: (bytes: Uint8Array, about: About) => Promise<Intake>
  readonly paint: (drawing: Drawing) => Promise<Uint8Array>
  /** One look at the weather of a site. */
  readonly weather: WeatherTools['feed']
  /** What else to forget once a minute: links and sessions that have ended. */
  readonly tidy: () => Promise<unknown>
  /** Where signed heads are written once an hour, outside the database. */
  readonly checkpoints: CheckpointStore
}

/** More arrivals than this waiting for their answer are pressure, to which what is sent gives way: mere information sooner than what calls somebody to act. */
const pressing = [32, 32, 8] as const

/** Everything that runs beside the doors of one replica on Node: outbox, live cards, deadlines, leases, auditor, jobs. */
export const createReplica = async (options: ReplicaOptions): Promise<Replica> => {
  const { parts, monotonic, pictures } = options
  const reads = createReads(parts.database, parts.registry, monotonic)
  const senderTools = { parts, plantOf: reads.plantOf, subjectOf: reads.subjectOf, upload: pictures.upload }
  const liveCards = createLiveCards(senderTools, parts.replica)
  const jobs = await createJobs(parts.database, parts.log)

  let wake = (): void => {}
  const afterCommit = (committed: Committed): void => {
    const { behind } = committed
    reads.learn(committed)
    deadlines.noted(committed.nextDue)
    outbox.perform(heldEffects(committed, parts.replica))
    liveCards.follow(behind.filter((card) => card.lease_owner === parts.replica && !card.held))
  }
  const answered = (settled: Settled, left: boolean): void => {
    if (left && settled.pressed && settled.drawn) liveCards.shown(settled.pressed, settled.drawn)
  }
  const door = createDoor({
    parts,
    decide: createDecideBatch(parts, { mayHold: () => outbox.hasRoom() }),
    committed: afterCommit,
    answered,
  })
  const outbox = createOutbox({
    ...senderTools,
    replica: parts.replica,
    enqueue: jobs.enqueue,
    decide: (arrival) => door.handle(arrival),
    behind: liveCards.follow,
    pressed: (rank) => door.waiting() > (pressing[rank] ?? 8),
    roomAgain: () => wake(),
  })
  const deadlines = createDeadlines(parts, (arrival) => door.handle(arrival))
  const leases = createLeases(parts)
  const apologies = createApologies(parts)

  await leases.join(outbox.adrift, outbox.anchored)
  await workQueues({ jobs, options, reads, door })
  const loops = await startLoops({
    parts,
    monotonic,
    outbox,
    liveCards,
    deadlines,
    leases,
    apologies,
    tidy: options.tidy,
  })
  wake = loops.wake
  const checkpointing = await createCheckpointing({ ...parts, store: options.checkpoints, jobs })
  const busy: Busy = {
    arrivals: door.waiting,
    effects: outbox.underWay,
    cards: liveCards.underWay,
    deadlines: deadlines.underWay,
  }

  return {
    handle: createReceipts(parts, () => wake()).aside(async (arrival, within) => {
      const outcome = await door.handle(arrival, within)
      apologies.note(arrival, outcome)
      return outcome
    }),
    subjectOf: reads.subjectOf,
    plantOf: reads.plantOf,
    waiting: () => whatWaits(parts, busy, jobs.waiting),
    nextDue: () => nextDue(parts.database),
    wake: loops.wake,
    close: async () => {
      await loops.stop()
      await checkpointing.stop()
      await jobs.close()
      await door.idle()
      await Promise.all([outbox.idle(), liveCards.idle()])
      await leases.leave().catch(() => {})
    },
  }
}

type WorkParts = { readonly jobs: Jobs; readonly options: ReplicaOptions; readonly reads: Reads; readonly door: Door }

/** The queues that this replica works: photos, pictures of our own, and look-ups. */
const workQueues = async ({ jobs, options, reads, door }: WorkParts): Promise<void> => {
  const { parts } = options
  /** For jobs, which are tried again when they fail. */
  const decideOrFail = async (arrival: Arrival): Promise<Outcome> => {
    const outcome = await door.handle(arrival)
    if (outcome.kind === 'busy' || outcome.kind === 'undecided') throw new Error(`not recorded: ${outcome.kind}`)
    return outcome
  }
  const tools: PhotoTools = {
    clock: parts.clock,
    platforms: parts.platforms,
    blobs: options.blobs,
    develop: options.develop,
    subjectOf: reads.subjectOf,
    plantOf: reads.plantOf,
    decide: decideOrFail,
  }
  await jobs.work(
    'photo',
    4,
    (payload) => runPhotoJob(payload as PhotoPayload, tools),
    (payload) => giveUpPhoto(payload as PhotoPayload, tools),
  )
  await jobs.work(
    'weather',
    1,
    (payload) => runWeatherJob(payload as WeatherPayload, { feed: options.weather, decide: decideOrFail }),
    (payload) => giveUpWeather(payload as WeatherPayload, { decide: decideOrFail }),
  )
  const drawing: PictureTools = { ...tools, paint: options.paint, decide: decideOrFail }
  await jobs.work(
    'picture',
    2,
    (payload) => runPictureJob(payload as PicturePayload, drawing),
    (payload) => giveUpPicture(payload as PicturePayload, drawing),
  )
  await jobs.work(
    'who-is',
    4,
    (payload) => whoIs(payload as WhoIsPayload, parts, decideOrFail),
    (payload) => unknownAccount(payload as WhoIsPayload, parts, decideOrFail),
  )
}
