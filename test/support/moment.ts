import { days } from '../../src/lib/clock.ts'
import type { Stage } from './story.ts'

/** The plant of the stories keeps China's time, which has no summer time. */
const instantOf = (local: string): number => new Date(`${local}:00+08:00`).getTime()
const nowOf = async ({ world }: Stage): Promise<number> => (await world.get<{ now: number }>('/clock')).now

/** The most that one jump may be. */
const longestJump = days(300)

/** Lays the story on a day of the plant's calendar, `YYYY-MM-DDThh:mm`, before anything has happened in it: what depends on the calendar needs a known one. */
export const beginsAt = async (stage: Stage, local: string): Promise<void> => {
  for (;;) {
    const left = instantOf(local) - (await nowOf(stage))
    if (Math.abs(left) < 1_000) break
    await stage.clock.jumps(Math.max(-longestJump, Math.min(longestJump, left)))
    if (Math.abs(left) <= longestJump) break
  }
  await stage.settles()
}

/** Time passes until an instant of the plant, from clock to clock. Throws for one that is past. */
export const passesTo = async (stage: Stage, local: string): Promise<void> => {
  const left = instantOf(local) - (await nowOf(stage))
  if (left < 0) throw new Error(`${local} is past`)
  await stage.clock.passes(left)
}

/** Both clocks at once, whatever stands between: nothing strikes before the instant has come. */
export const jumpsTo = async (stage: Stage, local: string): Promise<void> =>
  stage.clock.jumps(instantOf(local) - (await nowOf(stage)))
