/** The rows about clocks that strike in a running service, one after the other on one base: lateness, burst, backlog. */
import { backlog } from './backlog.ts'
import { burst } from './burst.ts'
import { database, openClockBase } from './clock-cases.ts'
import { lateness } from './lateness.ts'
import type { Stage } from './stage.ts'

export type ClockSizes = { readonly burst: number; readonly bursts: number; readonly backlog: number }

/** Past two windows of the alert budget, so that no row pays for the one before. */
const rest = 21 * 60_000

export const clocks = async (
  stage: Stage,
  sizes: ClockSizes,
  wanted: (part: 'lateness' | 'burst' | 'backlog') => boolean,
): Promise<void> => {
  const base = await openClockBase(stage)
  if (wanted('lateness')) await lateness(stage, base)
  for (let n = 0; wanted('burst') && n < sizes.bursts; n += 1) {
    await base.service.ahead(rest)
    await base.service.settled(60_000)
    await burst(stage, base, 'abcdefgh'.charAt(n), sizes.burst)
    stage.sheet.nextRound()
  }
  if (stage.settings.profile) for (const one of await stage.postgres.statements(database)) stage.say(one)
  await base.service.settled(60_000)
  if (wanted('backlog')) await backlog(stage, base, sizes.backlog)
  else await base.service.process.stop()
}
