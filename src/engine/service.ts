import { schedule } from 'node-cron'
import type { BlobStore } from '../evidence/blobs.ts'
import type { Intake } from '../evidence/intake.ts'
import type { About } from '../evidence/strip.ts'
import { type Millis, type Monotonic, seconds } from '../lib/clock.ts'
import { clip, storable } from '../lib/text.ts'
import type { AccountRef } from '../workflows/workflow.ts'
import { createApologies } from './apologies.ts'
import type { Arrival, Outcome } from './arrival.ts'
import { beat, runAudit } from './auditor.ts'
import type { Settled } from './batch.ts'
import { createDeadlines, nextDue } from './deadlines.ts'
import { createDoor } from './door.ts'
import type { Drawable } from './draw.ts'
import { type Committed, createDecideBatch } from './engine.ts'
import type { Pictures } from './images.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { createLeases } from './leases.ts'
import { createLiveCards } from './live-cards.ts'
import { createOutbox } from './outbox.ts'
import type { EffectRow } from './outbox-rows.ts'
import type { EngineParts } from './parts.ts'
import { giveUpPhoto, type PhotoPayload, type PhotoTools, runPhotoJob } from './photo-job.ts'
import { createReads } from './reads.ts'

export type Service = {
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

export type ServiceOptions = {
  readonly parts: EngineParts & { readonly replica: string }
  readonly monotonic: Monotonic
  readonly pictures: Pictures
  readonly blobs: BlobStore
  readonly develop: (bytes: Uint8Array, about: About) => Promise<Intake>
  /** What else to forget once a minute: links and sessions that have ended. */
  readonly tidy: () => Promise<unknown>
}

type WhoIsPayload = AccountRef & { readonly site: string; readonly subject: string }

/** Asks the platform's own directory who an account is: the only proof of a person that a platform gives by itself. */
const whoIs = async (
  { site, subject, connection, account }: WhoIsPayload,
  parts: EngineParts,
  decide: (arrival: Arrival) => Promise<Outcome>,
): Promise<void> => {
  const platform = parts.platforms.get(connection)
  if (!platform) return
  const profile = await platform.whoIs(account)
  const command = {
    type: 'matchDirectory',
    mobile: digitsOf(profile.mobile),
    employeeNo: profile.employeeNo ?? '',
    active: profile.active,
    ...(profile.name ? { name: clip(storable(profile.name), 60) } : {}),
  }
  await decide({
    source: 'system',
    site,
    key: `who-is:${subject}:${parts.clock.now().getTime()}`,
    subject,
    workflow: 'link',
    command,
  })
}

/** The directory never answered: that is no match, and the administrators decide. */
const unknownAccount = async (
  { site, subject }: WhoIsPayload,
  parts: EngineParts,
  decide: (arrival: Arrival) => Promise<Outcome>,
): Promise<void> => {
  const command = { type: 'matchDirectory', mobile: '', employeeNo: '', active: true }
  await decide({
    source: 'system',
    site,
    key: `who-is:${subject}:gave-up:${parts.clock.now().getTime()}`,
    subject,
    workflow: 'link',
    command,
  })
}

/** Platforms write the country code or not; numbers of the mainland are compared by their eleven digits. */
const digitsOf = (mobile: string | null): string => (mobile ?? '').replace(/\D/g, '').replace(/^(?:0?0?86)(?=1\d{10}$)/, '')

/** Everything that runs beside the doors of one replica on Node: outbox, live cards, deadlines, leases, auditor, jobs. */
export const createService = async (options: ServiceOptions): Promise<Service> => {
  const { parts, monotonic, pictures } = options
  const reads = createReads(parts.database, parts.registry, monotonic)
  const senderTools = { parts, plantOf: reads.plantOf, subjectOf: reads.subjectOf, upload: pictures.upload }
  const liveCards = createLiveCards(senderTools, parts.replica)
  const jobs: Jobs = await createJobs(parts.database, parts.log)
  let closing = false

  const afterCommit = ({ effects, behind }: Committed): void => {
    outbox.perform(effects as unknown as readonly EffectRow[])
    liveCards.follow(behind.filter((card) => card.lease_owner === parts.replica && !card.held))
    if (effects.length > 0) reads.forgetPlants()
  }
  const answered = (settled: Settled, left: boolean): void => {
    if (left && settled.pressed && settled.drawn) liveCards.shown(settled.pressed, settled.drawn)
  }
  const door = createDoor({ parts, decide: createDecideBatch(parts), committed: afterCommit, answered })
  const outbox = createOutbox({
    ...senderTools,
    replica: parts.replica,
    enqueue: async (queue, key, payload) => {
      await jobs.enqueue(queue, key, payload)
    },
    decide: (arrival) => door.handle(arrival),
    behind: liveCards.follow,
  })
  const deadlines = createDeadlines(parts, (arrival) => door.handle(arrival))
  const leases = createLeases(parts)
  const apologies = createApologies(parts)

  const photoTools: PhotoTools = {
    clock: parts.clock,
    platforms: parts.platforms,
    blobs: options.blobs,
    develop: options.develop,
    subjectOf: reads.subjectOf,
    plantOf: reads.plantOf,
    decide: (arrival) => door.handle(arrival),
  }
  await leases.join(() => parts.log.warn('the session lock is lost and will be taken anew', { replica: parts.replica }))
  await jobs.work(
    'photo',
    4,
    (payload) => runPhotoJob(payload as PhotoPayload, photoTools),
    (payload) => giveUpPhoto(payload as PhotoPayload, photoTools),
  )
  await jobs.work(
    'who-is',
    4,
    (payload) => whoIs(payload as WhoIsPayload, parts, door.handle),
    (payload) => unknownAccount(payload as WhoIsPayload, parts, door.handle),
  )

  /** One loop: runs again at once while it finds work, otherwise at the next tick or wake-up. Errors are logged and never end it. */
  const loop = (name: string, every: Millis, turn: () => Promise<number>) => {
    let running = false
    let again = false
    let lastBeat = -Infinity
    const run = async (): Promise<void> => {
      if (closing) return
      if (running) {
        again = true
        return
      }
      running = true
      do {
        again = false
        try {
          again = (await turn()) > 0 || again
          if (monotonic.now() - lastBeat > seconds(5)) {
            lastBeat = monotonic.now()
            await beat(parts, name)
          }
        } catch (error) {
          if (!closing)
            parts.log.error('a loop stumbled', { loop: name, error: error instanceof Error ? error.message : String(error) })
        }
      } while (again && !closing)
      running = false
    }
    const timer = setInterval(() => void run(), every)
    timer.unref()
    return { run, stop: () => clearInterval(timer), running: () => running }
  }

  let lastAdoption = monotonic.now()
  const loops = {
    outbox: loop(
      'outbox',
      seconds(1),
      async () => (await apologies.flush()) + (await outbox.sweep()) + (await liveCards.sweep()),
    ),
    deadlines: loop('deadlines', seconds(1), () => deadlines.sweep()),
    clock: loop('clock', seconds(1), async () => {
      await leases.beat()
      const { offset_ms } = await parts.database.db.selectFrom('clock').select('offset_ms').executeTakeFirstOrThrow()
      parts.heardOffset(Number(offset_ms))
      if (monotonic.now() - lastAdoption > seconds(5)) {
        lastAdoption = monotonic.now()
        await outbox.adopt()
        await liveCards.adopt()
      }
      const freed = await leases.takeOver()
      if (freed > 0) wake()
      return 0
    }),
  }
  const wake = (): void => {
    void loops.outbox.run()
    void loops.deadlines.run()
  }
  /** Every minute; two replicas auditing is harmless, and the row they leave is the same. */
  const auditing = schedule(
    '* * * * *',
    () =>
      void runAudit(parts)
        .then(() => options.tidy())
        .catch((error: unknown) => parts.log.error('the audit failed', { error: String(error) })),
  )
  const stopListening = await parts.database.listen?.('andon', wake)
  await loops.clock.run()
  await runAudit(parts)
  wake()

  const dueNow = async (): Promise<readonly string[]> => {
    const due = await nextDue(parts.database)
    return due !== null && due.getTime() <= parts.clock.now().getTime() ? ['something is due'] : []
  }

  const busy = (): readonly string[] => [
    ...(door.waiting() > 0 ? [`${door.waiting()} arrivals`] : []),
    ...(outbox.underWay() > 0 ? [`${outbox.underWay()} effects`] : []),
    ...(liveCards.underWay() > 0 ? [`${liveCards.underWay()} cards`] : []),
    ...(deadlines.underWay() > 0 ? [`${deadlines.underWay()} deadlines`] : []),
  ]

  return {
    handle: async (arrival, within) => {
      const outcome = await door.handle(arrival, within)
      apologies.note(arrival, outcome)
      return outcome
    },
    subjectOf: reads.subjectOf,
    plantOf: reads.plantOf,
    waiting: async () => {
      const now = busy()
      if (now.length > 0) return now
      const jobCount = await jobs.waiting()
      return [...(jobCount > 0 ? [`${jobCount} jobs`] : []), ...(await dueNow()), ...(await leased(parts)), ...busy()]
    },
    nextDue: () => nextDue(parts.database),
    wake,
    close: async () => {
      closing = true
      for (const one of Object.values(loops)) one.stop()
      await auditing.stop()
      await stopListening?.()
      await jobs.close()
      await door.idle()
      await Promise.all([outbox.idle(), liveCards.idle()])
      await leases.leave().catch(() => {})
    },
  }
}

/** Work that some replica holds, this one or another. */
const leased = async ({ database: { db } }: EngineParts): Promise<readonly string[]> => {
  const { n } = await db
    .selectFrom('effect')
    .select(({ fn }) => fn.countAll<number | string>().as('n'))
    .where('state', '=', 'leased')
    .executeTakeFirstOrThrow()
  return Number(n) > 0 ? [`${n} leased effects`] : []
}
