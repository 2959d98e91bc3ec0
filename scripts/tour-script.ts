/** The script of the tour: played by `npm run tour` and by a story, printed as docs/tour.md. */
import { dailyScenes } from './tour-daily.ts'
import { governScenes } from './tour-govern.ts'
import { hazardScenes } from './tour-hazard.ts'
import { late } from './tour-late.ts'
import { outside } from './tour-outside.ts'
import { hotScenes } from './tour-permit.ts'
import type { Scene } from './tour-play.ts'
import { questions } from './tour-questions.ts'
import { repairScenes } from './tour-repair.ts'
import { spaceScenes } from './tour-space.ts'

export const scenes: readonly Scene[] = [
  ...repairScenes,
  ...hazardScenes,
  ...governScenes,
  late,
  outside,
  ...dailyScenes,
  ...hotScenes,
  ...spaceScenes,
  questions,
]
