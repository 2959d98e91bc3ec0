import { inZone } from '../../lib/clock.ts'
import type { Plant, Tally } from '../workflow.ts'
import type { PermitState, SuspendReason } from './permit.ts'
import type { PermitEvent } from './permit-event.ts'

/** How long before the start a permit was applied for, in hours; what took longer than the last comes behind it. */
export const leadTimes = [2, 8, 24] as const

export const stopReasons = [
  ...['stop', 'attendantAbsent', 'gasExpired', 'gasAlarm', 'deviceAlarm', 'weather', 'conflict'],
  ...['certificate', 'leader', 'changed', 'emergency'],
] as const satisfies readonly SuspendReason[]

/** What else became of permits. */
export const fates = ['submitted', 'upgraded', 'sentBack', 'conflictFound', 'expired', 'revoked', 'accepted'] as const

/** Hours of a day that one counter of starts holds together. */
export const startHours = 4

/** Monday is 1. */
const weekdayOf = (date: string): number => ((new Date(`${date}T00:00:00.000Z`).getUTCDay() + 6) % 7) + 1

type Moment = { readonly state: PermitState; readonly at: Date; readonly date: string; readonly hour: number }
type Count<T extends PermitEvent['type']> = (
  event: Extract<PermitEvent, { type: T }>,
  moment: Moment,
) => readonly (readonly [name: string, key: string])[]

const fate = (name: (typeof fates)[number]) => () => [['fate', name]] as const

const counts: { readonly [T in PermitEvent['type']]?: Count<T> } = {
  started: (_, { state, at, date, hour }) => {
    const waited = (at.getTime() - new Date(state.openedAt).getTime()) / 3_600_000
    const lead = leadTimes.findIndex((most) => waited < most)
    return [
      ['start', `${weekdayOf(date)}-${Math.floor(hour / startHours)}`],
      ['lead', String(lead < 0 ? leadTimes.length : lead)],
      ['work', state.work],
    ]
  },
  suspended: ({ because }) => [['stop', because]],
  submitted: ({ level }) => [['fate', 'submitted'], ...(level.upgradedFrom === null ? [] : ([['fate', 'upgraded']] as const))],
  sentBack: fate('sentBack'),
  conflictFound: fate('conflictFound'),
  expired: fate('expired'),
  revoked: fate('revoked'),
  accepted: fate('accepted'),
}

/** A counter of a month of the site, `2026-11`, as events are counted in it and questions read it. */
export const permitTally = (name: string, month: string, key: string): Tally => ({
  name: `permit.${name}`,
  key: `${month} ${key}`,
})

/** The counters behind 作业统计. What was refused changed nothing, so it is counted nowhere. */
export const permitTallies = (event: PermitEvent, state: PermitState, { timeZone }: Plant, at: Date): readonly Tally[] => {
  const { date, time } = inZone(at, timeZone)
  const count = counts[event.type] as Count<PermitEvent['type']> | undefined
  const found = count?.(event as never, { state, at, date, hour: Number(time.slice(0, 2)) }) ?? []
  return found.map(([name, key]) => permitTally(name, date.slice(0, 7), key))
}
