import { setTimeout as sleep } from 'node:timers/promises'
import { createBatcher, createGate } from '../lib/batcher.ts'
import { createPace } from '../lib/pace.ts'
import { alertRule } from '../rules/alerts.ts'
import { createAlertBudget } from './alert-budget.ts'
import { attempt } from './attempts.ts'
import { createPauses } from './delivery.ts'
import type { AttemptTools } from './delivery-outcomes.ts'
import type { EffectKind } from './effects.ts'
import { isLatePush } from './late-push.ts'
import { createMooring } from './mooring.ts'
import { type Attempt, claimEffects, type EffectRow, heldBy, settleAttempts } from './outbox-rows.ts'

export type OutboxOptions = Omit<AttemptTools, 'alerts' | 'pauses'> & {
  readonly replica: string
  /** What this runtime can perform; everything when left out. */
  readonly kinds?: readonly EffectKind[]
  /** Cards that are behind already when they are put up. */
  readonly behind: (cards: readonly { site: string; id: string; subject: string }[]) => void
  /** Do so many arrivals wait for their answer that sends of this rank (0 life-safety, 1 who must act, 2 information) give way? */
  readonly pressed: (rank: number) => boolean
  /** There is room again after a look at the table had to leave rows behind. */
  readonly roomAgain: () => void
}

export type Outbox = {
  /** Performs effects that this replica holds already. */
  readonly perform: (effects: readonly EffectRow[]) => void
  /** Looks for due effects of anybody; the tick and the wake-up call. Gives how many it took. */
  readonly sweep: () => Promise<number>
  /** Takes up what the table says is this replica's although it knows nothing of it. For a slow tick. */
  readonly adopt: () => Promise<number>
  readonly underWay: () => number
  /** Can it take what a commit has just made, or should that wait in the table, for whoever has room first? */
  readonly hasRoom: () => boolean
  readonly idle: () => Promise<void>
  /** The session lock is lost: whoever finds it free takes what this replica holds, so nothing more is sent until it is held again. */
  readonly adrift: () => void
  /** The lock is held (again): what is still this replica's, by the table, goes on. */
  readonly anchored: () => void
}

/** Calls under way to one connection; the platform's own limits are below what this many can do. */
const sendsAtOnce = 48
/** Effects in memory beyond which new ones wait in the table. */
const mostInHand = 2_000
/** Effects in memory beyond which the table is not looked at. */
const mostSwept = 256

/** Life-safety first, then whoever has to act, then words for information. */
const rankOf = ({ urgent, kind, payload }: EffectRow): number => {
  if (urgent) return 0
  return kind === 'card' && !payload.includes('"duty":null') ? 1 : 2
}

/** Performs effects at least once and, where the platform has a once-key, visibly once. Sends outside any transaction; outcomes are settled in groups. */
export const createOutbox = (options: OutboxOptions): Outbox => {
  const { parts, replica } = options
  const tools = { ...options, alerts: createAlertBudget(parts, parts.alertRule ?? alertRule), pauses: createPauses(parts.clock) }
  const gates = new Map<string, ReturnType<typeof createGate>>()
  const gateFor = (connection: string) => {
    let gate = gates.get(connection)
    if (!gate) {
      gate = createGate(sendsAtOnce)
      gates.set(connection, gate)
    }
    return gate
  }
  const idlers: (() => void)[] = []
  const inHand = new Set<string>()
  let suspects = new Set<string>()
  let underWay = 0
  let leftBehind = false

  const settle = createBatcher<Attempt, null>(async (attempts) => {
    const behind = await parts.database.db.transaction().execute((tx) => settleAttempts(tx, attempts, replica))
    if (behind.length > 0) options.behind(behind)
    return attempts.map(() => null)
  }, 64)

  /** What was sent must be written down, or it would be sent again: tried until the database takes it, as long as this process lives. */
  const settleSurely = async (made: Attempt): Promise<void> => {
    for (let tries = 0; ; tries += 1) {
      try {
        await settle(made)
        return
      } catch (error) {
        parts.log.warn('the outcome of an effect could not be written yet', {
          effect: made.effect.id,
          tries,
          error: String(error),
        })
        await sleep(Math.min(5_000, 100 * 2 ** tries))
      }
    }
  }

  /**
   * Effects that the table says are this replica's but that it knows nothing of: the answer to a commit got lost. Adopted when two looks in a row find
   * them, so that one which is just being handed over is left alone.
   */
  const adopt = async (): Promise<number> => {
    const unknown = (await heldBy(parts.database.db, replica)).filter(({ id }) => !inHand.has(id))
    const certain = unknown.filter(({ id }) => suspects.has(id)).map((effect) => ({ ...effect, maybe_sent: true }))
    suspects = new Set(unknown.map(({ id }) => id))
    perform(certain)
    return certain.length
  }

  const mooring = createMooring(parts, replica)

  const one = async (effect: EffectRow): Promise<void> => {
    if (!(await mooring.mayGoOn(effect))) return
    const result = await attempt(effect, tools, gateFor)
    await settleSurely({ effect, attempt: effect.attempts + 1, at: parts.clock.now(), ...result })
    parts.count(
      result.outcome === 'done' ? 'delivered' : result.outcome === 'dead' ? 'dead-letter' : 'delivery-failed',
      result.outcome === 'dropped' ? 0 : 1,
    )
    if (isLatePush(effect, result, parts.clock.now())) parts.count('late-push')
  }

  const finished = (effect: EffectRow): void => {
    underWay -= 1
    inHand.delete(effect.id)
    mooring.done(effect)
    if (underWay === 0) for (const idle of idlers.splice(0)) idle()
    if (leftBehind && underWay < mostSwept / 2) {
      leftBehind = false
      options.roomAgain()
    }
  }

  const pace = createPace<EffectRow>({
    rankOf,
    pressed: options.pressed,
    start: (effect) =>
      one(effect)
        .catch((error: unknown) =>
          parts.log.error('an effect could not be settled', {
            effect: effect.id,
            error: error instanceof Error ? error.stack : String(error),
          }),
        )
        .finally(() => finished(effect)),
  })

  const perform = (effects: readonly EffectRow[]): void => {
    underWay += effects.length
    for (const effect of effects) {
      inHand.add(effect.id)
      mooring.took(effect)
    }
    pace(effects)
  }

  return {
    perform,
    sweep: async () => {
      const room = mostSwept - underWay
      leftBehind = room <= 0
      if (leftBehind) return 0
      const effects = await claimEffects(parts.database.db, replica, parts.clock.now(), Math.min(room, 128), options.kinds)
      perform(effects)
      return effects.length
    },
    adopt,
    adrift: mooring.adrift,
    anchored: mooring.anchored,
    underWay: () => underWay,
    hasRoom: () => underWay < mostInHand,
    idle: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
  }
}
