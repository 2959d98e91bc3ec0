/** Moves time on both sides, from due instant to due instant, and waits until nothing is left that is due. */
import type { Clock } from './clock.ts'
import type { Service } from './service.ts'

export type Settled = { readonly settled: boolean; readonly waiting: readonly string[]; readonly now: number }

/** Every call ends within `budget`. Calls take turns: two movers never interleave. */
export type Time = {
  readonly settle: () => Promise<Settled>
  readonly advance: (millis: number) => Promise<Settled>
  /** A fault: both clocks at once, whatever stands between. Backwards is allowed. */
  readonly jump: (millis: number) => Promise<Settled>
  /** One look at both sides, moving nothing. */
  readonly look: () => Promise<{ now: number; offset: number; nextDue: number | null; waiting: readonly string[] }>
}

export type TimeParts = {
  readonly clock: Clock
  readonly service: Service
  /** What the sandbox itself still does or waits for. */
  readonly waiting: () => readonly string[]
  readonly budget?: number
  readonly pause?: number
}

/** Each look takes time from what it waits for, so the longer that lasts, the seldomer they are. Milliseconds. */
const longestPause = 80
const growth = 1.4

const earliest = (...instants: readonly (number | null)[]): number =>
  instants.reduce<number>((first, instant) => (instant === null ? first : Math.min(first, instant)), Number.POSITIVE_INFINITY)

export const createTime = ({ clock, service, waiting, budget = 60_000, pause = 15 }: TimeParts): Time => {
  let turn: Promise<unknown> = Promise.resolve()
  const sleep = (millis: number) => new Promise((done) => setTimeout(done, millis))

  const look = async () => {
    const theirs = await service.look()
    return { ...theirs, waiting: [...new Set([...waiting(), ...clock.waiting(), ...theirs.waiting])] }
  }

  /** After a restart of either side the greater offset wins: time seen once is never taken back. */
  const align = async (theirs: { offset: number | null; agree: boolean }) => {
    if (theirs.offset === null || (theirs.agree && theirs.offset === clock.offset())) return
    const offset = Math.max(theirs.offset, clock.offset())
    await service.setOffset(offset)
    clock.setOffset(offset)
  }

  /** Two quiet readings in a row, because an answer may be on its way between the two sides during one. */
  const settleBy = async (deadline: number): Promise<Settled & { nextDue: number | null }> => {
    for (let quiet = 0, rest = pause; ; ) {
      const state = await look()
      await align(state)
      quiet = state.waiting.length === 0 ? quiet + 1 : 0
      const end = { waiting: state.waiting, now: clock.now(), nextDue: state.nextDue }
      if (quiet >= 2) return { ...end, settled: true }
      if (!(performance.now() < deadline)) return { ...end, settled: false }
      await sleep(rest)
      rest = quiet > 0 ? pause : Math.max(pause, Math.min(longestPause, rest * growth))
    }
  }

  /** Never backwards. Service first: an event pushed with the new time must not meet a service that still lives in the old one. */
  const moveTo = async (instant: number, deadline: number): Promise<readonly string[]> => {
    const offset = Math.max(clock.offset(), Math.ceil(instant - Date.now()))
    for (;;) {
      const complaints = await service.setOffset(offset)
      if (complaints.length === 0) break
      if (!(performance.now() < deadline)) return complaints
      await sleep(pause)
    }
    clock.setOffset(offset)
    return []
  }

  const advanceBy = async (millis: number, deadline: number): Promise<Settled> => {
    const target = clock.now() + millis
    for (;;) {
      const state = await settleBy(deadline)
      if (!state.settled || state.now >= target) return state
      const complaints = await moveTo(earliest(clock.nextDue(), state.nextDue, target), deadline)
      if (complaints.length > 0) return { settled: false, waiting: complaints, now: clock.now() }
    }
  }

  const jumpBy = async (millis: number): Promise<Settled> => {
    const offset = clock.offset() + millis
    const complaints = await service.setOffset(offset)
    if (complaints.length === 0) clock.setOffset(offset)
    return { settled: complaints.length === 0, waiting: complaints, now: clock.now() }
  }

  const inTurn = (move: (deadline: number) => Promise<Settled>): Promise<Settled> => {
    const deadline = performance.now() + budget
    const mine = turn.then(() => move(deadline))
    turn = mine.catch(() => undefined)
    return mine
  }

  return {
    settle: () => inTurn(settleBy).then(({ settled, waiting: left, now }) => ({ settled, waiting: left, now })),
    advance: (millis) =>
      inTurn((deadline) => advanceBy(millis, deadline)).then(({ settled, waiting: left, now }) => ({
        settled,
        waiting: left,
        now,
      })),
    jump: (millis) => inTurn(() => jumpBy(millis)),
    look: async () => {
      const { waiting: left, nextDue } = await look()
      const next = earliest(clock.nextDue(), nextDue)
      return { now: clock.now(), offset: clock.offset(), nextDue: Number.isFinite(next) ? next : null, waiting: left }
    },
  }
}
