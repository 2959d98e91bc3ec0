import { later, type Millis } from '../lib/clock.ts'
import type { Rung } from '../rules/sla.ts'

/**
 * A ladder (升级阶梯): who is asked when nobody answers. It is frozen into its subject when that opens, so `rungs` comes from the state and never from
 * today's rules. Pure; what a call means — a card, an event, a clock — is said by the workflow.
 */
export type Ladder = {
  readonly rungs: readonly Rung[]
  /** When a rung is due. */
  readonly dueAt: (rung: number) => Date
  /** The last rung is called again this often. */
  readonly repeatTop: Millis
}

export type Next = { readonly rung: number; readonly role: string; readonly at: Date }

/** One rung that was called; `persons` is empty for a rung that nobody holds or whose holders nobody can reach. */
export type Call = { readonly rung: number; readonly role: string; readonly persons: readonly string[]; readonly next: Next }

/** Rungs counted from one instant, the usual case. */
export const ladderFrom = (rungs: readonly Rung[], from: string, repeatTop: Millis): Ladder => ({
  rungs,
  repeatTop,
  dueAt: (rung) => later(new Date(from), rungs[rung]?.after ?? 0),
})

/** The rung after one that was called then; past the last rung the last is called again. */
export const nextRung = (ladder: Ladder, rung: number, calledAt: Date): Next => {
  const following = ladder.rungs[rung + 1]
  if (following) return { rung: rung + 1, role: following.role, at: ladder.dueAt(rung + 1) }
  return { rung: rung + 1, role: ladder.rungs[ladder.rungs.length - 1]?.role ?? '', at: later(calledAt, ladder.repeatTop) }
}

/**
 * Calls from a rung on. An empty rung is passed over at once, and rungs whose time is past are called together, each once; the last call says what is next.
 * `at` is now; a rung beyond the last means the last.
 */
export const callFrom = (
  ladder: Ladder,
  from: number,
  at: Date,
  holders: (role: string) => readonly string[],
): readonly Call[] => {
  const calls: Call[] = []
  const last = ladder.rungs.length - 1
  for (let rung = Math.max(0, Math.min(from, last)); ; rung += 1) {
    const role = ladder.rungs[rung]?.role ?? ''
    const persons = role === '' ? [] : holders(role)
    const following = nextRung(ladder, rung, at)
    const goesOn = rung < last && (persons.length === 0 || !(following.at.getTime() > at.getTime()))
    const next = goesOn && persons.length === 0 ? { ...following, at } : following
    calls.push({ rung, role, persons, next })
    if (!goesOn) return calls
  }
}
