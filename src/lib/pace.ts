/** Tasks under way beyond which only a few more are started at a time: most of them wait for somebody else. */
const many = 256
/** Started at a turn when nothing presses, and when something does: never none, so that what hangs cannot hold back the rest. */
const usual = 32
const few = 2
/** Milliseconds between turns while tasks wait. */
const turnEvery = 5

export type PaceOptions<T> = {
  /** 0 goes first; three ranks. */
  readonly rankOf: (task: T) => number
  /** Does something more urgent than this rank need the processor now? */
  readonly pressed: (rank: number) => boolean
  readonly start: (task: T) => Promise<unknown>
}

/**
 * Starts tasks at once while there are few, in order of their rank while there are many, and slowly while something more urgent needs the processor. `start` must
 * not reject.
 */
export const createPace = <T>({ rankOf, pressed, start }: PaceOptions<T>): ((tasks: readonly T[]) => void) => {
  const lines: readonly [T[], T[], T[]] = [[], [], []]
  let running = 0
  let timer: NodeJS.Timeout | null = null

  const turn = (): void => {
    timer = null
    let left = usual
    for (const [rank, line] of lines.entries()) {
      const allowed = pressed(rank) || running >= many ? few : usual
      for (const task of line.splice(0, Math.min(allowed, left))) {
        left -= 1
        running += 1
        void start(task).finally(() => {
          running -= 1
        })
      }
    }
    if (lines.some((line) => line.length > 0)) timer = setTimeout(turn, turnEvery)
  }

  return (tasks) => {
    for (const task of tasks) (lines[rankOf(task) as 0 | 1 | 2] ?? lines[2]).push(task)
    if (timer === null) turn()
  }
}
