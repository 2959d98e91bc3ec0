import type { Database } from '../db/database.ts'
import type { Monotonic } from '../lib/clock.ts'
import { type LoadedPlant, loadPlant } from '../people/plant.ts'
import type { Drawable } from './draw.ts'
import type { Committed } from './engine.ts'
import type { Registered } from './registry.ts'
import { readSubject } from './rows.ts'

/** A thing read a moment ago may be used this long, in milliseconds of real time; a stale card drawn from it is found by its revision and repainted. */
const fresh = 1_000
const most = 5_000

type Kept<T> = { readonly value: T; readonly until: number }

const trim = <T>(kept: Map<string, Kept<T>>): void => {
  for (const key of kept.keys()) {
    if (kept.size <= most) return
    kept.delete(key)
  }
}

/** Reads outside of decisions: what cards are drawn from. */
export const createReads = (database: Database, registry: ReadonlyMap<string, Registered>, monotonic: Monotonic) => {
  const subjects = new Map<string, Kept<Drawable>>()
  const plants = new Map<string, Kept<Promise<LoadedPlant>>>()

  const keep = (on: Drawable): void => {
    subjects.delete(on.id)
    subjects.set(on.id, { value: on, until: monotonic.now() + fresh })
    trim(subjects)
  }

  return {
    /** What decisions of this replica have just made of their subjects, and the sites as they read them. */
    learn: ({ changed, plants: read, peopleChanged }: Pick<Committed, 'changed' | 'plants' | 'peopleChanged'>): void => {
      for (const { site, id, registered, state, revision } of changed) keep({ site, id, registered, state, revision })
      for (const one of read) plants.set(one.plant.site, { value: Promise.resolve(one), until: monotonic.now() + fresh })
      if (peopleChanged) plants.clear()
    },
    subjectOf: async (id: string, atLeast = 0): Promise<Drawable | null> => {
      const known = subjects.get(id)
      if (known && known.until > monotonic.now() && known.value.revision >= atLeast) return known.value
      const row = await readSubject(database.db, id)
      const registered = row ? registry.get(row.workflow) : undefined
      if (!row || !registered) return null
      const on: Drawable = {
        site: row.site,
        id: row.id,
        registered,
        revision: row.revision,
        state: JSON.parse(row.state) as { status: string },
      }
      keep(on)
      return on
    },
    plantOf: (site: string): Promise<LoadedPlant> => {
      const known = plants.get(site)
      if (known && known.until > monotonic.now()) return known.value
      const value = loadPlant(database.db, site)
      value.catch(() => plants.delete(site))
      plants.set(site, { value, until: monotonic.now() + fresh })
      return value
    },
  }
}
export type Reads = ReturnType<typeof createReads>
