import type { QuestionKind } from '../../rules/hazard-grades.ts'
import { unsigned } from './evolve-proof.ts'
import type { GovernEvent, GovernState, Request } from './govern.ts'
import type { HazardEvent, HazardState } from './hazard.ts'

type Arms = {
  readonly [T in GovernEvent['type']]: (state: HazardState, event: Extract<GovernEvent, { type: T }>) => Partial<HazardState>
}

const act = (
  what: string,
  { by, name, at }: { readonly by: string; readonly name: string; readonly at: string },
): Pick<HazardState, 'last'> => ({ last: { act: what, by, name, at } })

const isRectified = ({ status }: Pick<HazardState, 'status'>): boolean => status === 'accepted' || status === 'rectifying'

/** What waits for somebody's decision; null when nothing does. A plan that was sent back waits to be proposed anew. */
export const questionOf = (state: HazardState): QuestionKind | null => {
  if (state.status === 'listed_pending') return state.plan && !state.plan.approved ? 'plan' : 'proposal'
  if (state.status === 'verified') return 'signOff'
  return state.request && isRectified(state) ? state.request.kind : null
}

/** Where a case goes when it is no longer major: to its owner, who may have taken it on before. */
const unlisted = (state: HazardState): HazardState['status'] => {
  if (state.status !== 'listed_pending') return state.status
  return state.acceptedAt === null ? 'triaged' : 'rectifying'
}

const requested = (state: HazardState): Request | undefined => state.request

/** Whose level decides about more time: a grade that crosses it puts the question to others. */
const decidesAbove = ({ severity, colour }: Pick<HazardState, 'severity' | 'colour'>): string =>
  severity === 'major' ? 'major' : colour === 'red' ? 'red' : 'usual'

/** What each event of grading and treatment changes. */
export const governArms: Arms = {
  explained: (state, event) => ({ causes: { ...state.causes, ...event.causes }, ...act('explain', event) }),
  regraded: (state, event) => ({
    severity: event.severity,
    basis: event.basis,
    colour: event.colour,
    dueAt: event.dueAt,
    ...(event.severity === 'general' ? { status: unlisted(state), plan: undefined } : {}),
    ...(state.request && decidesAbove(state) !== decidesAbove(event) ? { asked: undefined } : {}),
    ...act('regrade', event),
  }),
  listed: () => ({ status: 'listed_pending', dueAt: null, nextClimb: null, plan: undefined }),
  planProposed: (_, { type: _type, name, ...plan }) => ({
    plan: { ...plan, approved: false },
    ...act('proposePlan', { by: plan.by, name, at: plan.at }),
  }),
  planApproved: (state, event) => ({
    status: 'rectifying',
    owner: event.owner,
    dueAt: event.dueAt,
    firstDueAt: event.dueAt,
    acceptedAt: state.acceptedAt ?? event.at,
    overdue: 0,
    ...(state.plan ? { plan: { ...state.plan, approved: true } } : {}),
    ...act('approve', event),
  }),
  planReturned: (_, event) => ({ plan: undefined, planReturned: event.reason, ...act('sendBack', event) }),
  verified: () => ({ status: 'verified', verifier: null }),
  askedFor: (_, { type: _type, ...request }) => ({ request }),
  deciderAsked: (state, { kind, persons, level, at }) => ({
    asked: {
      kind,
      persons: [...new Set([...(state.asked?.kind === kind ? state.asked.persons : []), ...persons])],
      level,
      at,
    },
  }),
  extended: (state, event) => ({
    dueAt: event.dueAt,
    overdue: 0,
    extensions: [
      ...(state.extensions ?? []),
      {
        from: state.dueAt ?? event.at,
        to: event.dueAt,
        by: event.by,
        reason: requested(state)?.reason ?? '',
        interim: requested(state)?.interim ?? '',
        at: event.at,
      },
    ],
    request: undefined,
    ...act('approve', event),
  }),
  deferred: (state, event) => ({
    status: 'deferred',
    deferral: state.request ? { ...state.request, until: event.until, interim: event.interim, from: event.at } : undefined,
    deferrals: (state.deferrals ?? 0) + 1,
    request: undefined,
    ...act('approve', event),
  }),
  declined: (_, event) => ({ request: undefined, ...act('sendBack', event) }),
  requestLapsed: () => ({ request: undefined }),
  resumed: (_, { dueAt }) => ({ status: 'rectifying', dueAt }),
  merged: (_, event) => ({
    status: 'merged',
    closedAt: event.at,
    closing: event.reason,
    nextClimb: null,
    merged: { into: event.into, code: event.code },
    ...act('merge', event),
  }),
  absorbed: (state, { code, from, text }) => ({
    absorbed: [...(state.absorbed ?? []), code],
    ...(from === undefined ? {} : { absorbedIds: [...(state.absorbedIds ?? []), from] }),
    texts: text ? [...state.texts, text] : state.texts,
  }),
  resultTold: (state, { ending, reason, at }) => ({
    merged: state.merged ? { ...state.merged, result: { ending, reason, at } } : undefined,
  }),
  handedOver: (state, event) => ({
    ...unsigned(state),
    owner: event.owner,
    unreached: [],
    handover: { from: event.from, to: event.owner, at: event.at, count: 0 },
    ...act('handOver', event),
  }),
  takenOver: (_, event) => ({ handover: undefined, ...act('takeOver', event) }),
  takeOverCalled: (state, { count }) => ({ handover: state.handover ? { ...state.handover, count } : undefined }),
  repeated: (state, { repeat, colour }) => ({
    repeat: repeat ?? undefined,
    suggestion: { ...state.suggestion, colour },
  }),
  sourceReported: (_, { count, at }) => ({ source: { count, at } }),
}

/** What a triage of this release says besides colour, area and owner. Earlier ones say nothing of it, and their cases keep it that way. */
export const gradedAt = (event: Extract<HazardEvent, { type: 'triaged' }>): Partial<GovernState> =>
  event.severity === undefined
    ? {}
    : {
        severity: event.severity,
        basis: event.basis,
        category: event.category ?? 'other',
        triager: { person: event.by, name: event.name },
        firstDueAt: event.dueAt,
        ...(event.measure ? { measure: event.measure } : {}),
      }

/** Without these fields of the state, where it has any of them: what was never set stays absent, so that old states keep their text. */
const without = (state: HazardState, names: readonly (keyof GovernState)[]): Partial<HazardState> =>
  Object.fromEntries(names.filter((name) => state[name] !== undefined).map((name) => [name, undefined]))

/** A case that was brought back begins a new term: what was asked for the last one is void, and so is the count of its extensions. */
const broughtBack = (state: HazardState, event: HazardEvent): Partial<HazardState> =>
  event.type === 'reopened'
    ? {
        ...without(state, ['extensions', 'deferrals', 'merged']),
        ...(event.dueAt === null || state.severity === undefined ? {} : { firstDueAt: event.dueAt }),
      }
    : {}

const isActOf = (event: HazardEvent, person: string): boolean => 'by' in event && event.by === person

const isHandedIn = ({ status, closedAt }: HazardState): boolean => status === 'submitted' || closedAt !== null

/** What can no longer be answered: requests of somebody who handed the case on, a rest that is over, a handing over that was taken or overtaken. */
const settled = (state: HazardState, event: HazardEvent): readonly (keyof GovernState)[] => {
  const { request, deferral, handover } = state
  const isTaken = handover && (isHandedIn(state) || handover.to !== state.owner || isActOf(event, handover.to))
  return [
    ...(request && !(isRectified(state) && request.by === state.owner) ? (['request'] as const) : []),
    ...(deferral && state.status !== 'deferred' ? (['deferral'] as const) : []),
    ...(isTaken ? (['handover'] as const) : []),
  ]
}

/** Whatever is settled is not waited for, and nobody is asked a question that is not open. */
export const rememberGovern = (state: HazardState, event: HazardEvent): HazardState => {
  const next: HazardState = { ...state, ...broughtBack(state, event), ...without(state, settled(state, event)) }
  return next.asked && next.asked.kind !== questionOf(next) ? { ...next, asked: undefined } : next
}
