import { setTimeout as sleep } from 'node:timers/promises'
import type { ChildService } from '../support/child-service.ts'
import type { Draw } from './acts.ts'
import type { Fleet } from './fleet.ts'

/** What goes wrong, and how often. */
export type Troubles = {
  /** Begins one trouble; it ends by itself. Gives its name. */
  readonly begin: (draw: Draw) => string
  /** Resolves when nothing is broken any more: faults cleared, every replica and the database up. */
  readonly healed: () => Promise<void>
}

const faults = ['twice', 'late', 'never', 'reordered', 'e429', 'e500', 'lostAnswer', 'tokenExpired', 'cut', 'halfOpen'] as const
const surfaces = ['feishu', 'dingtalk', 'wecom'] as const

/** As a supervisor does it: a start that meets a database which is down fails, and is tried again. */
const startSurely = async (service: ChildService): Promise<void> => {
  for (let tries = 0; ; tries += 1) {
    try {
      return await service.start()
    } catch (error) {
      if (tries >= 10) throw error
      await service.kill()
      await sleep(500)
    }
  }
}

export const createTroubles = (fleet: Fleet): Troubles => {
  const underWay = new Set<Promise<void>>()
  /** Replicas that are dead or frozen. */
  const down = new Set<number>()
  let databaseDown = false
  const run = (work: Promise<void>): void => {
    underWay.add(work)
    work.finally(() => underWay.delete(work)).catch(() => {})
  }

  const fault = (draw: Draw): string => {
    const order = {
      name: draw.of(faults),
      surface: draw.of(surfaces),
      seed: draw.below(1_000_000),
      share: 0.5,
      times: 1 + draw.below(5),
      seconds: 1 + draw.below(20),
    }
    run(fleet.post('/faults', order).then(() => {}))
    return `${order.name} on ${order.surface}`
  }
  const kill = (draw: Draw): string => {
    const index = draw.below(fleet.replicas.length)
    const pause = draw.between(100, 2_000)
    const victim = fleet.replicas[index]?.service
    if (!victim || down.has(index) || databaseDown) return 'nobody killed'
    const restart = async (): Promise<void> => {
      await victim.kill()
      await sleep(pause)
      await startSurely(victim)
      down.delete(index)
    }
    down.add(index)
    run(restart())
    return `replica ${index} killed`
  }
  /** Longer than a heartbeat may be old: the other replica takes over, and this one wakes up believing that nothing has happened. */
  const freeze = (draw: Draw): string => {
    const index = draw.below(fleet.replicas.length)
    const pause = draw.between(1_000, 9_000)
    const victim = fleet.replicas[index]?.service
    if (!victim || down.size > 0 || databaseDown) return 'nobody frozen'
    const wake = async (): Promise<void> => {
      await sleep(pause)
      victim.thaw()
      down.delete(index)
    }
    down.add(index)
    victim.freeze()
    run(wake())
    return `replica ${index} frozen`
  }
  const crash = (draw: Draw): string => {
    const pause = draw.between(200, 2_000)
    if (databaseDown || down.size > 0) return 'no crash'
    databaseDown = true
    const restart = async (): Promise<void> => {
      await fleet.cluster.crash()
      await sleep(pause)
      await fleet.cluster.start()
      databaseDown = false
    }
    run(restart())
    return 'PostgreSQL crashed'
  }
  const advance = (draw: Draw): string => {
    const by = draw.between(1, 20)
    run(fleet.post('/clock/advance', { minutes: by }).then(() => {}))
    return 'time passes'
  }
  const jump = (draw: Draw): string => {
    const by = draw.between(-1, 5)
    // Only together: a replica that did not hear of it would take honest callbacks for old ones.
    if (databaseDown || down.size > 0) return 'no jump'
    run(fleet.post('/clock/jump', { minutes: by }).then(() => {}))
    return 'the clock jumps'
  }

  return {
    begin: (draw) => draw.of([fault, fault, fault, fault, fault, kill, kill, freeze, advance, advance, jump, crash])(draw),
    healed: async () => {
      while (underWay.size > 0) await Promise.all(underWay)
      await fetch(`${fleet.sandbox.url}/faults`, { method: 'DELETE' })
    },
  }
}
