/** Takes events and callbacks to the service: faults, the retry ladder of events, one try for callbacks. */
import type { World } from '../contract.ts'
import type { Door, Outcome } from './outcome.ts'
import type { FeishuApp } from './state.ts'

/** Waits before each retry of an event that was not taken (open.feishu.cn 事件订阅概述): 15 s, 5 min, 1 h, 6 h. */
const ladder = [15_000, 300_000, 3_600_000, 21_600_000] as const

export type Push = {
  readonly app: FeishuApp
  readonly what: string
  readonly json: string
  /** What goes out a second time under the fault `twice`. */
  readonly again: () => string
}

export type Delivery = {
  /** Resolves when the first try has ended, or a fault has put it off. */
  readonly event: (push: Push) => Promise<void>
  readonly callback: (app: FeishuApp, json: string) => Promise<Outcome>
  /** Runs a task at an instant unless the double is closed first. */
  readonly later: (seconds: number, label: string, task: () => Promise<void> | void) => void
  readonly close: () => void
}

type Task = () => Promise<void>

/** Events held back until another has gone first, or their time has come; each goes once. */
const createHeld = () => {
  let held: Task[] = []
  return {
    add: (task: Task): Task => {
      let sent = false
      const once = async () => {
        if (sent) return
        sent = true
        await task()
      }
      held.push(once)
      return once
    },
    release: async (): Promise<void> => {
      const waiting = held
      held = []
      for (const task of waiting) await task()
    },
  }
}

export const createDelivery = (world: World, doorOf: (app: FeishuApp) => Door): Delivery => {
  const cancels = new Set<() => void>()
  const held = createHeld()
  let closed = false

  const later: Delivery['later'] = (seconds, label, task) => {
    if (closed) return
    const cancel = world.clock.at(world.clock.now() + seconds * 1000, label, () => {
      cancels.delete(cancel)
      return task()
    })
    cancels.add(cancel)
  }

  const taken = async ({ app, what }: Push, json: string): Promise<boolean> =>
    (await world.busy(`feishu ${what}`, doorOf(app)(json, 'event', what))).kind === 'answered'

  const retry = (push: Push, tries: number): void => {
    const wait = ladder[tries]
    if (wait !== undefined) later(wait / 1000, `feishu ${push.what} retry ${tries + 1}`, () => attempt(push, tries + 1))
  }

  const send = async (push: Push, tries: number): Promise<void> => {
    if (closed) return
    if (!(await taken(push, push.json))) retry(push, tries)
    await held.release()
  }

  const hold = (push: Push, tries: number, seconds: number): void =>
    later(
      seconds,
      `feishu ${push.what} held back`,
      held.add(() => send(push, tries)),
    )

  const attempt = async (push: Push, tries: number): Promise<void> => {
    if (closed) return
    const fault = world.faults.strike('feishu', 'push', ['twice', 'late', 'never', 'reordered'])
    switch (fault?.name) {
      case 'never':
        return retry(push, tries)
      case 'late':
        return later(fault.seconds, `feishu ${push.what} late`, () => send(push, tries))
      case 'reordered':
        return hold(push, tries, fault.seconds)
      case 'twice':
        await send(push, tries)
        await taken(push, push.again())
        return
      default:
        return send(push, tries)
    }
  }

  return {
    event: (push) => attempt(push, 0),
    callback: (app, json) => doorOf(app)(json, 'callback', 'card.action.trigger'),
    later,
    close: () => {
      closed = true
      for (const cancel of cancels) cancel()
    },
  }
}
