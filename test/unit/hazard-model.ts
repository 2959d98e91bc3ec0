import { missingStages } from '../../src/workflows/hazard/photos.ts'
import type { HazardDesk, Result, Status } from './hazard-govern-desk.ts'

/**
 * What a safety officer would say about one case, written apart from the implementation: a status, a few names and numbers. It predicts whether a command is taken
 * and where it leads; the sentences below are asked after each step. Which pictures a grade wants and who sits on which seat have tests of their own and are
 * read from the case.
 */
export type Model = {
  status: Status
  owner: string | null
  major: boolean
  colour: string
  triager: string | null
  explained: boolean
  appealed: boolean
  /** Has anybody ever taken it on since it began? */
  taken: boolean
  plan: { readonly by: string; readonly owner: string } | null
  asks: 'extension' | 'deferral' | null
  /** Until when a deferral lasts. */
  until: number
  extensions: number
  deferrals: number
  handedTo: string | null
  readonly called: Set<string>
  /** Who was asked for the plan. */
  readonly planners: Set<string>
}

export type Step = { readonly who: string; readonly type: string } & Readonly<Record<string, string>>

export const newModel = (): Model => ({
  status: 'reported',
  owner: null,
  major: false,
  colour: '',
  triager: null,
  explained: false,
  appealed: false,
  taken: false,
  plan: null,
  asks: null,
  until: 0,
  extensions: 0,
  deferrals: 0,
  handedTo: null,
  called: new Set(),
  planners: new Set(),
})

const officers = ['officerA', 'officerB', 'officerProd', 'safetyDirector']
const triagers = new Set(['lead', ...officers])
const unanswered = ({ status }: Model): boolean => status === 'reported' || status === 'triaged'
const rectified = ({ status }: Model): boolean => status === 'accepted' || status === 'rectifying'
const ended = ({ status }: Model): boolean => status === 'closed' || status === 'rejected' || status === 'merged'
const colours = ['red', 'orange', 'yellow', 'blue']
const judges = new Set([...officers, 'principal'])
const mayTriage = (model: Model, who: string): boolean => triagers.has(who) || model.called.has(who)
const decider = (model: Model, who: string): boolean => unanswered(model) && mayTriage(model, who)
const owns = (model: Model, who: string, ...status: readonly Status[]): boolean =>
  status.includes(model.status) && model.owner === who
const inTime = (desk: HazardDesk): boolean => new Date(desk.state().dueAt ?? 0).getTime() > desk.now().getTime()
const reachable = (desk: HazardDesk, who: string | undefined): boolean => desk.plant().reachable(who ?? '')

/** Who is above the owner, by how bad it is. */
const above = ({ major, colour }: Model): readonly string[] =>
  major ? ['principal'] : colour === 'red' ? ['director', 'principal'] : ['head', 'director', 'principal']

/** Something that somebody above the owner has to say yes or no to. */
const openQuestion = (model: Model): 'plan' | 'signOff' | 'more' | null => {
  if (model.status === 'listed_pending') return model.plan ? 'plan' : null
  if (model.status === 'verified') return 'signOff'
  return model.asks !== null && rectified(model) ? 'more' : null
}
const mayDecide = (model: Model, who: string): boolean => {
  const question = openQuestion(model)
  if (question === null || who === model.owner) return false
  if (question === 'more') return above(model).includes(who)
  if (question === 'plan' && (who === model.plan?.by || who === model.plan?.owner)) return false
  return who === 'principal'
}

/** Red and orange say why before they are handed in. */
const owesCauses = (model: Model): boolean => !model.explained && (model.colour === 'red' || model.colour === 'orange')

/** `no`, `asks` for the words it needs, `any` where another test decides, or the status that follows. */
export type Outcome = 'no' | 'asks' | 'any' | Status
type Rule = (model: Model, step: Step, desk: HazardDesk) => Outcome

const grades = (model: Model, step: Step): boolean | 'refused' => {
  const said = step.severity ?? ''
  if (said === '') return model.major
  if (said !== 'general') return said === 'order10' ? true : 'refused'
  return model.major && !judges.has(step.who) ? 'refused' : false
}

const handsIn = (model: Model, { who }: Step, desk: HazardDesk): boolean =>
  owns(model, who, 'rectifying') && missingStages(desk.state()).length === 0 && !owesCauses(model)
const awaitsArea = (desk: HazardDesk): boolean =>
  (desk.state().signed ?? []).length === 1 && (desk.state().confirming ?? []).length > 0

const asksForMore =
  (most: number, used: (model: Model) => number): Rule =>
  (model, { who, until, interim }, desk) => {
    if (!owns(model, who, 'accepted', 'rectifying') || model.asks !== null || !inTime(desk) || used(model) >= most) return 'no'
    if (until === '') return 'asks'
    return interim === '' && (most === 0 || model.colour === 'red') ? 'no' : model.status
  }

const rules: Readonly<Record<string, Rule>> = {
  addToReport: (model, { who }) => (model.status === 'reported' && who === 'welder' ? 'reported' : 'no'),
  triage: (model, step, desk) => {
    const known = colours.includes(step.colour ?? '') && ['pump-3', 'yard'].includes(step.area ?? '')
    const isMajor = grades(model, step)
    if (!decider(model, step.who) || !known || !reachable(desk, step.owner) || isMajor === 'refused') return 'no'
    return isMajor ? 'listed_pending' : 'triaged'
  },
  accept: (model, step) => {
    if (model.status === 'triaged') return model.owner === step.who ? 'accepted' : 'no'
    if (!decider(model, step.who) || step.area === 'nowhere' || step.colour === 'purple') return 'no'
    return model.major ? 'listed_pending' : 'accepted'
  },
  reject: (model, step) => (!decider(model, step.who) ? 'no' : step.reason === '' ? 'asks' : 'rejected'),
  merge: (model, step) => {
    if (!decider(model, step.who)) return 'no'
    if (step.into === '' && step.reason === '') return 'asks'
    return step.into === 'unknown' || step.into === '' || step.reason === '' ? 'no' : 'merged'
  },
  explain: (model, { who }) =>
    ['triaged', 'listed_pending', 'accepted', 'rectifying', 'deferred'].includes(model.status) &&
    (model.triager === who || mayTriage(model, who))
      ? model.status
      : 'no',
  regrade: (model, step) => {
    const { who, reason, severity, colour } = step
    if (!judges.has(who) || !['triaged', 'listed_pending', 'accepted', 'rectifying', 'deferred'].includes(model.status))
      return 'no'
    const isMajor = severity === '' ? model.major : severity === 'order10'
    const next = isMajor ? 'red' : colour || model.colour
    if (isMajor === model.major && next === model.colour) return 'no'
    const lower = (model.major && !isMajor) || colours.indexOf(next) > colours.indexOf(model.colour)
    if ((lower && who === model.owner) || reason === '') return 'no'
    if (isMajor && !model.major) return 'listed_pending'
    return !isMajor && model.status === 'listed_pending' ? (model.taken ? 'rectifying' : 'triaged') : model.status
  },
  proposePlan: (model, { who, owner }, desk) => {
    const areaOwner = desk.state().area === 'pump-3' ? 'areaOwner' : ''
    const may = who === model.owner || who === areaOwner || officers.includes(who) || (!model.plan && model.planners.has(who))
    return model.status === 'listed_pending' && may && reachable(desk, owner) ? 'listed_pending' : 'no'
  },
  approve: (model, { who }, desk) => {
    if (!mayDecide(model, who)) return 'no'
    if (model.status === 'verified') return 'closed'
    if (model.status === 'listed_pending') {
      const isTooLate = !(new Date(desk.state().plan?.deadline ?? 0).getTime() > desk.now().getTime())
      return isTooLate || !reachable(desk, model.plan?.owner) ? 'no' : 'rectifying'
    }
    const isStale = !(new Date(desk.state().request?.until ?? 0).getTime() > desk.now().getTime())
    if (!inTime(desk) || isStale) return 'no'
    return model.asks === 'deferral' ? 'deferred' : model.status
  },
  sendBack: (model, { who, reason }) => {
    if (!mayDecide(model, who)) return 'no'
    if (reason === '') return 'asks'
    return model.status === 'verified' ? 'rectifying' : model.status
  },
  extend: asksForMore(2, ({ extensions }) => extensions),
  defer: (model, step, desk) =>
    step.interim === '' && step.until !== ''
      ? 'no'
      : asksForMore(2, ({ deferrals }) => deferrals)(model, { ...step, interim: 'x' }, desk),
  resume: (model, { who }) => (owns(model, who, 'deferred') ? 'rectifying' : 'no'),
  handOver: (model, { who, owner }, desk) => {
    const may = who === 'head' || (who === 'areaOwner' && desk.state().area === 'pump-3')
    const movable = rectified(model) || model.status === 'deferred'
    return may && movable && owner !== model.owner && reachable(desk, owner) ? model.status : 'no'
  },
  takeOver: (model, { who }) => (model.handedTo !== null && model.handedTo === who && !ended(model) ? model.status : 'no'),
  startRectify: (model, { who }) => (owns(model, who, 'accepted', 'rectifying') ? 'rectifying' : 'no'),
  showDuring: (model, { who }) => (owns(model, who, 'accepted', 'rectifying') ? 'rectifying' : 'no'),
  showReport: (model, { who }) => (owns(model, who, 'accepted', 'rectifying') ? 'rectifying' : 'no'),
  addEvidence: (model, { who }) => (owns(model, who, 'rectifying') ? 'rectifying' : 'no'),
  submit: (model, step, desk) => {
    if (!handsIn(model, step, desk) || awaitsArea(desk)) return 'no'
    return model.colour === 'blue' ? 'any' : 'asks'
  },
  sign: (model, step, desk) => (handsIn(model, step, desk) && !awaitsArea(desk) ? 'any' : 'no'),
  confirmRepair: (model, { who }, desk) => {
    const may = awaitsArea(desk) && model.status === 'rectifying' && desk.state().confirming?.includes(who) && who !== model.owner
    return may && !owesCauses(model) ? 'any' : 'no'
  },
  passes: (model, _, desk) => {
    if (model.status !== 'verifying') return 'no'
    const left = (desk.state().seats ?? []).filter(({ outcome }) => outcome === null)
    if (left.length > 1) return 'verifying'
    return left[0]?.verifier === null ? 'no' : model.major ? 'verified' : 'closed'
  },
  returns: (model) => (model.status === 'verifying' ? 'rectifying' : 'no'),
  reopen: (model, { who, reason }, desk) => {
    const turnedAway = model.status === 'rejected' || model.status === 'merged'
    const reporter = who === 'welder' && !(turnedAway && model.appealed)
    if (!ended(model) || !(reporter || officers.includes(who))) return 'no'
    if (reason === '') return 'asks'
    return model.status === 'closed' && reachable(desk, model.owner ?? '') ? 'rectifying' : 'reported'
  },
  climb: (model, _, desk) => (unanswered(model) || waitsToStart(model, desk) ? model.status : 'no'),
  callReach: ({ status }) => status,
  answerReporter: ({ status }) => status,
  joinPlan: ({ status }) => status,
  callOverdue: (model) => (rectified(model) ? model.status : 'no'),
  callDecider: (model) => (openQuestion(model) !== null || model.status === 'listed_pending' ? model.status : 'no'),
  callTakeOver: (model) => (model.handedTo !== null && !ended(model) ? model.status : 'no'),
  endDeferral: (model, _, desk) => {
    if (model.status !== 'deferred') return 'no'
    return model.until <= desk.now().getTime() ? 'rectifying' : 'deferred'
  },
  redraw: () => 'any',
  absorb: () => 'any',
  comeBack: (model) => (model.status === 'merged' ? 'reported' : 'no'),
  reportUnreachable: () => 'any',
}

export const colourNow = (desk: HazardDesk): string => desk.state().colour ?? desk.state().suggestion.colour
/** Yellow must be begun, not only taken on: the ladder goes on until then. */
const waitsToStart = (model: Model, desk: HazardDesk): boolean => model.status === 'accepted' && colourNow(desk) === 'yellow'

export const predict: Rule = (model, step, desk) => rules[step.type]?.(model, step, desk) ?? 'no'

type Follow = (model: Model, step: Step, to: Status, desk: HazardDesk) => void
const begins = (model: Model): void => {
  Object.assign(model, { owner: null, taken: false, plan: null, asks: null, extensions: 0, deferrals: 0, handedTo: null })
}
const follows: Readonly<Record<string, Follow>> = {
  triage: (model, step, to) => {
    model.major = to === 'listed_pending'
    model.owner = step.owner ?? ''
    model.colour = model.major ? 'red' : (step.colour ?? '')
    model.triager = step.who
    model.explained ||= step.direct !== ''
    model.plan = null
  },
  accept: (model, step, to, desk) => {
    if (model.status === 'reported') {
      model.triager = step.who
      model.colour = desk.state().colour ?? ''
    }
    model.owner = step.who
    model.taken = to === 'accepted'
  },
  explain: (model) => {
    model.explained = true
  },
  regrade: (model, step) => {
    const before = model.major
    if (step.severity !== '') model.major = step.severity === 'order10'
    model.colour = model.major ? 'red' : step.colour || model.colour
    if (before !== model.major) model.plan = null
  },
  proposePlan: (model, step) => {
    model.plan = { by: step.who, owner: step.owner ?? '' }
  },
  approve: (model, _, to, desk) => {
    if (model.status === 'listed_pending') {
      model.owner = model.plan?.owner ?? null
      model.taken = true
    }
    if (rectified(model)) {
      model.extensions += model.asks === 'extension' ? 1 : 0
      model.deferrals += model.asks === 'deferral' ? 1 : 0
      model.until = to === 'deferred' ? new Date(desk.state().deferral?.until ?? 0).getTime() : 0
      model.asks = null
    }
  },
  sendBack: (model) => {
    if (model.status === 'listed_pending') model.plan = null
    model.asks = null
  },
  extend: (model) => {
    model.asks = 'extension'
  },
  defer: (model) => {
    model.asks = 'deferral'
  },
  callDecider: (model, _, __, desk) => {
    if (model.asks !== null && !inTime(desk)) model.asks = null
  },
  handOver: (model, step) => {
    model.handedTo = step.owner === step.who ? null : (step.owner ?? null)
    model.owner = step.owner ?? null
    model.asks = null
  },
  reopen: (model, step, to) => {
    model.appealed ||= model.status !== 'closed' && step.who === 'welder'
    if (to === 'reported') begins(model)
    Object.assign(model, { extensions: 0, deferrals: 0, asks: null, handedTo: null })
  },
  comeBack: begins,
}

/** Acts of whoever was given the case say that they have it. */
const saysSo = ['takeOver', 'addEvidence', 'showsSomething']

/** Brings the model up to what was accepted, from the command and from what the outside sees of it: cards and their duties. */
export const follow = (model: Model, step: Step, to: Status, { effects, decision }: Result, desk: HazardDesk): void => {
  follows[step.type]?.(model, step, to, desk)
  model.status = to
  if (!rectified(model)) model.asks = null
  const events = decision.kind === 'accepted' ? decision.events : []
  const acted = saysSo.includes(step.type) || events.some((event) => 'by' in event && event.by === model.handedTo)
  if (ended(model) || to === 'submitted' || events.some(({ type }) => type === 'submitted') || acted) model.handedTo = null
  for (const effect of effects) {
    if (effect.kind !== 'showCard' || effect.to.kind !== 'person') continue
    if (effect.duty === 'triage' || effect.duty === 'start') model.called.add(effect.to.person)
  }
  if (model.status !== 'listed_pending' || model.plan) model.planners.clear()
  for (const effect of effects)
    if (effect.kind === 'showCard' && effect.to.kind === 'person' && effect.duty === 'plan') model.planners.add(effect.to.person)
}
