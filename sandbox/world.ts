/** Puts the core together: the people, what they see, the time, the faults and the log, as the vendors know them. */
import { type Blobs, createBlobs } from './blobs.ts'
import { createBusy } from './busy.ts'
import { type Clock, createClock } from './clock.ts'
import type { App, World } from './contract.ts'
import { createHub, type Hub } from './events.ts'
import { createFaults, type FaultBook } from './faults.ts'
import { createLog, type Log } from './log.ts'
import { createPhones, type Phones } from './phones.ts'
import type { Plant } from './plant.ts'
import { createProfile, type ProfileBook } from './profile.ts'
import { createRandom } from './random.ts'

/** What the control API sees of the world, beside what the vendors do. */
export type Core = {
  readonly world: World
  readonly plant: Plant
  readonly apps: readonly App[]
  readonly clock: Clock
  readonly faults: FaultBook
  readonly phones: Phones
  readonly blobs: Blobs
  readonly log: Log
  readonly hub: Hub
  readonly profile: ProfileBook
  /** Labels of the work under way towards the service. */
  readonly underWay: () => readonly string[]
}

export type CoreOptions = {
  readonly plant: Plant
  readonly apps: readonly App[]
  readonly seed: number
  readonly failed: (label: string, error: unknown) => void
}

export const createCore = ({ plant, apps, seed, failed }: CoreOptions): Core => {
  const hub = createHub()
  const clock = createClock(failed)
  const faults = createFaults(() => hub.tell({ kind: 'faults' }))
  const phones = createPhones()
  const blobs = createBlobs()
  const log = createLog()
  const profile = createProfile()
  const { busy, waiting } = createBusy()
  const accounts = plant.people.flatMap((person) => person.accounts)
  const byPlatform = Object.groupBy(accounts, (account) => account.platform)
  const owners = new Map(accounts.map((account) => [`${account.platform}/${account.account}`, account.person]))

  const world: World = {
    clock,
    faults,
    people: plant.people,
    accountsOf: (platform) => byPlatform[platform] ?? [],
    metered: () => profile.get().quotas === 'strict',
    choose: (name, fallback) => profile.get().choices[name] ?? fallback,
    log: (exchange) => {
      log.write(exchange, clock.now())
      hub.tell({ kind: 'log' })
    },
    show: (platform, account, seen) => {
      const person = owners.get(`${platform}/${account}`)
      if (person === undefined) throw new Error(`Nobody of the plant has the ${platform} account "${account}".`)
      phones.show(person, account, seen)
      hub.tell({ kind: 'phone', person })
    },
    keep: blobs.keep,
    bytes: blobs.bytes,
    busy,
    random: createRandom(seed),
  }
  return { world, plant, apps, clock, faults, phones, blobs, log, hub, profile, underWay: waiting }
}
