import { inZone } from '../../lib/clock.ts'
import { portraitOf } from '../../workflows/points/portrait.ts'
import type { Plant, Reads } from '../../workflows/workflow.ts'
import type { Card } from '../card.ts'
import { pointsSheet } from '../points-card.ts'

type Asked = Reads & { readonly person: string; readonly at: Date; readonly plant: Plant }

const answer = (asked: Asked): Card => pointsSheet(portraitOf(asked), inZone(asked.at, asked.plant.timeZone).date, null)

/** 我的积分: total, this month by group, the last lines. The person's own, and nobody else's. */
export const pointsQuestion = { name: 'points', spoken: /^我的(安全)?积分[?？。]?$/, answer } as const
