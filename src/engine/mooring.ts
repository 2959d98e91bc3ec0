import { setTimeout as sleep } from 'node:timers/promises'
import type { EffectRow } from './outbox-rows.ts'
import type { EngineParts } from './parts.ts'

export type Mooring = {
  readonly took: (effect: EffectRow) => void
  readonly done: (effect: EffectRow) => void
  readonly adrift: () => void
  readonly anchored: () => void
  /** Waits while the lock is lost. False for an effect that another replica has taken over meanwhile: it must not be sent, and there is nothing to write. */
  readonly mayGoOn: (effect: EffectRow) => Promise<boolean>
}

/**
 * What a replica holds is its own for as long as it holds its session lock. After a loss, each effect that was in hand then is looked up before it is sent; in
 * between nothing is sent at all. Costs nothing while the lock is held.
 */
export const createMooring = ({ database: { db }, log }: EngineParts, replica: string): Mooring => {
  let losses = 0
  let lost: { readonly held: Promise<void>; readonly release: () => void } | null = null
  const taken = new Map<string, number>()

  const isOurs = async ({ site, id, fence }: EffectRow): Promise<boolean> => {
    const row = await db
      .selectFrom('effect')
      .select(['state', 'lease_owner', 'fence'])
      .where('site', '=', site)
      .where('id', '=', id)
      .executeTakeFirst()
    return row?.state === 'leased' && row.lease_owner === replica && Number(row.fence) === Number(fence)
  }

  /** Asks until the database answers: what cannot be known to be ours is not sent. */
  const isSurelyOurs = async (effect: EffectRow): Promise<boolean> => {
    for (let tries = 0; ; tries += 1) {
      try {
        return await isOurs(effect)
      } catch {
        await sleep(Math.min(2_000, 100 * 2 ** tries))
      }
    }
  }

  return {
    took: ({ id }) => void (losses === 0 ? undefined : taken.set(id, losses)),
    done: ({ id }) => void taken.delete(id),
    adrift: () => {
      losses += 1
      if (lost) return
      log.warn('the session lock is lost: nothing is sent until it is held again', { replica })
      let release = (): void => {}
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      lost = { held, release }
    },
    anchored: () => {
      lost?.release()
      lost = null
    },
    mayGoOn: async (effect) => {
      if (losses === 0) return true
      while (lost) await lost.held
      return taken.get(effect.id) === losses || isSurelyOurs(effect)
    },
  }
}
