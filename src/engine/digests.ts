import { type Clock, days, inZone, later } from '../lib/clock.ts'
import { idFor } from '../lib/id.ts'
import type { LoadedPlant } from '../people/plant.ts'
import { digestKey } from '../workflows/digest/digest.ts'
import { digestWorkflow, hourOf } from '../workflows/digest/workflow.ts'
import type { Arrival, Outcome } from './arrival.ts'

export type DigestTools = {
  readonly site: string
  readonly clock: Clock
  readonly plantOf: (site: string) => Promise<LoadedPlant>
  readonly handle: (arrival: Arrival) => Promise<Outcome>
}

/** Begins the next digest of a site, if nobody has: each day's begins the next one's by itself, so this only mends a chain that was never begun or broke. */
export const beginDigest = async ({ site, clock, plantOf, handle }: DigestTools): Promise<Outcome> => {
  const { timeZone } = (await plantOf(site)).plant
  const now = clock.now()
  const today = inZone(now, timeZone).date
  const isAhead = hourOf(today, timeZone).getTime() > now.getTime()
  const date = isAhead
    ? today
    : later(new Date(`${today}T12:00:00.000Z`), days(1))
        .toISOString()
        .slice(0, 10)
  const key = digestKey(site, date)
  return handle({
    source: 'system',
    site,
    key,
    subject: idFor(digestWorkflow.prefix.id, key),
    workflow: digestWorkflow.name,
    command: { type: 'begin', date, at: hourOf(date, timeZone).toISOString() },
  })
}
