import { packById } from '../../rules/permits/packs.ts'
import { todo } from '../pieces.ts'
import type { IndexRow } from '../workflow.ts'
import { copyOf } from './apply.ts'
import { occupancyRows } from './conflicts.ts'
import type { PermitState } from './permit.ts'
import { unbriefed } from './prepare.ts'

/** What each state waits for, and from whom; those whose signature is asked are not known without the plant, so their cards say it. */
const waiting: Readonly<Partial<Record<PermitState['status'], (state: PermitState) => readonly string[]>>> = {
  draft: ({ applicant }) => [applicant],
  jsa: ({ crew }) => (crew ? [crew.workLeader] : []),
  measures: ({ crew }) => (crew ? [crew.workLeader] : []),
  briefing: (state) => (state.briefing === null ? (state.crew ? [state.crew.workLeader] : []) : unbriefed(state)),
  issued: ({ crew }) => (crew ? [crew.workLeader, ...crew.attendants] : []),
  suspended: ({ crew }) => (crew ? [crew.workLeader] : []),
  expired: ({ crew, endedAt }) => (crew && endedAt === null ? [crew.workLeader] : []),
  revoked: ({ crew, endedAt }) => (crew && endedAt === null ? [crew.workLeader] : []),
}

/** Rows of the board and of the gate at an area: whatever is issued, goes on, is stopped or waits to be closed. */
export type OpenPermit = {
  readonly code: string
  readonly subject: string
  readonly work: PermitState['work']
  readonly status: PermitState['status']
  readonly area: string
  readonly point: string
  readonly from: string
  readonly to: string
  readonly leader: string
  readonly people: readonly string[]
  readonly attendants: readonly string[]
  /** The work and its level as people call them; the level is empty where the work has none. */
  readonly name: string
  readonly level: string
}

/** What the pack of the permit calls the work and its level. */
const namesOf = ({ pack, work, level }: PermitState): Pick<OpenPermit, 'name' | 'level'> => {
  const rules = pack === null ? undefined : packById(pack)?.works[work]
  const found = rules && rules.levels.length > 1 ? rules.levels.find(({ id }) => id === level?.level) : undefined
  return { name: rules?.name ?? work, level: found?.name ?? '' }
}

const openOf = (state: PermitState, subject: string): OpenPermit | null =>
  state.place && state.period && state.crew
    ? {
        ...{
          code: state.code,
          subject,
          work: state.work,
          status: state.status,
          area: state.place.area,
          point: state.place.point,
        },
        ...{ from: state.period.from, to: state.period.to, leader: state.crew.workLeader },
        people: [...new Set([state.crew.workLeader, ...state.crew.workers, ...state.crew.attendants])],
        attendants: state.crew.attendants,
        ...namesOf(state),
      }
    : null

const shown: readonly PermitState['status'][] = ['signing', 'issued', 'active', 'suspended', 'completed', 'expired', 'revoked']

export const permitRows = (state: PermitState, subject: string): readonly IndexRow[] => {
  const row = (name: string, key: string, at: string, note: object): IndexRow => ({
    name,
    key,
    at,
    weight: 1,
    note: JSON.stringify(note),
  })
  const open = state.endedAt === null && shown.includes(state.status) ? openOf(state, subject) : null
  const due = state.period?.to ?? state.openedAt
  return [
    row('permit-code', state.code, state.openedAt, { subject, job: state.job, status: state.status }),
    row('permit-mine', state.applicant, state.openedAt, { code: state.code, copy: copyOf(state) }),
    ...(state.place
      ? [
          row('permit-area', state.place.area, state.openedAt, {
            code: state.code,
            work: state.work,
            status: state.status,
            stops: state.suspensions.length,
          }),
        ]
      : []),
    ...occupancyRows(state, subject),
    ...(open
      ? [
          row('permit-open', state.site, open.from, open),
          ...open.people.map((person) => row('permit-person', person, open.from, open)),
        ]
      : []),
    ...(waiting[state.status]?.(state) ?? []).map((person) => todo(person, { code: state.code, title: state.what, due })),
  ]
}
