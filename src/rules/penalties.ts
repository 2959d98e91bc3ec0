import { days, hours, type Millis } from '../lib/clock.ts'
import type { Citation } from '../lib/refusal.ts'

export const cardColours = ['yellow', 'red'] as const
export type CardColour = (typeof cardColours)[number]

/** Why a card is given. `overdue`, `twoYellows` and `groupCards` follow from rules; the others are proposed by a safety officer and confirmed by a line manager. */
export const penaltyCauses = [
  'overdue',
  'twoYellows',
  'groupCards',
  'skippedGasTest',
  'falseEvidence',
  'absentAttendant',
  'uncertifiedWorker',
  'hiddenNearMiss',
] as const
export type PenaltyCause = (typeof penaltyCauses)[number]

/** The red and yellow cards as versioned data; the id is frozen into each card when it is raised. */
export type PenaltyRules = {
  readonly id: string
  readonly effectiveFrom: string
  readonly source: string
  /** A rectification that is overdue by this much. */
  readonly overdueAfter: Readonly<Record<CardColour, Millis>>
  /** An owner who handed the case on this shortly before it was due is answerable for it too. */
  readonly previousOwnerWithin: Millis
  /** A yellow card ends after this, or with the month at the site, whichever is first. */
  readonly yellowLife: Millis
  /** Two yellow cards within this are a red one; whether the first has ended meanwhile does not matter. */
  readonly pairWithin: Millis
  readonly appealWorkingDays: number
  /** Whoever must decide is asked again this often, and the next role with them. */
  readonly askAgain: Millis
  /** A proposal or a freeze that nobody decides falls after this: silence never works against the person. */
  readonly proposalLife: Millis
  readonly freezeLife: Millis
  readonly proposers: readonly string[]
  /** Roles that may confirm a proposal, in the order in which they are asked. */
  readonly confirmers: Readonly<Record<CardColour, readonly string[]>>
  readonly reviewers: readonly string[]
  readonly freezers: readonly string[]
  /** So many standing cards of a group's people in one month of the site, not all of one person, give the group a card of its own, once in that month. */
  readonly groups: Readonly<Record<'team' | 'contractor', { readonly cards: number; readonly colour: CardColour }>>
  /** What a red card of people asks for besides: by when, and the roles that are asked, in this order. */
  readonly followUps: Readonly<Record<FollowUp, { readonly within: Millis; readonly by: readonly string[] }>>
}

/** 约谈, 复训. */
export const followUps = ['talk', 'training'] as const
export type FollowUp = (typeof followUps)[number]

/**
 * Sources: product promises (24 h, 48 h, 30 days or month end, two yellows are a red, 3 working days, another reviewer, freezing only after a named manager
 * confirms, talk and re-training after a red card); our own defaults for reminders, for the time of talk and training, for cards of teams and contractors, and for what happens when nobody decides. Roles as in the table of who may do what.
 */
export const penaltyRules: PenaltyRules = {
  id: 'penalty@1',
  effectiveFrom: '2026-01-01',
  source: '企业红黄牌与积分制度（安灯默认版）',
  overdueAfter: { yellow: hours(24), red: hours(48) },
  previousOwnerWithin: hours(24),
  yellowLife: days(30),
  pairWithin: days(30),
  appealWorkingDays: 3,
  askAgain: hours(24),
  proposalLife: days(7),
  freezeLife: days(7),
  proposers: ['safetyOfficer', 'safetyDirector'],
  confirmers: {
    yellow: ['deptHead', 'safetyDirector', 'principal'],
    red: ['productionDirector', 'safetyDirector', 'principal'],
  },
  reviewers: ['safetyDirector', 'productionDirector', 'principal'],
  freezers: ['hrManager', 'principal'],
  groups: { team: { cards: 3, colour: 'yellow' }, contractor: { cards: 3, colour: 'yellow' } },
  followUps: {
    talk: { within: days(3), by: ['deptHead', 'productionDirector', 'safetyDirector', 'principal'] },
    training: { within: days(7), by: ['safetyOfficer', 'safetyDirector', 'principal'] },
  },
}

/** Every edition under which a card may have been raised. */
export const penaltyEditions: readonly PenaltyRules[] = [penaltyRules]

const own = (clause: string): Citation => ({ standard: penaltyRules.source, clause, edition: penaltyRules.id })

/** What refusals rest on. The law protects criticism, reports and stopping work: Work Safety Law (2021) art. 54 and 55. */
export const penaltyClauses = {
  protectedAct: { standard: '《安全生产法》', clause: '第五十四条、第五十五条', edition: '2021' },
  separation: own('职责分离'),
  appeal: own('申诉'),
  authority: own('签发权限'),
  freeze: own('津贴冻结'),
  followUp: own('约谈与复训'),
} as const satisfies Readonly<Record<string, Citation>>

/** Words by which a proposal names its cause; first row that matches wins. */
const causeWords: readonly (readonly [PenaltyCause, RegExp])[] = [
  ['hiddenNearMiss', /(瞒报|隐瞒|不报|漏报).{0,6}(近失|未遂|事件|险情)|(近失|未遂|险情).{0,6}(瞒报|隐瞒|不报|漏报)/],
  ['skippedGasTest', /(未|没|不|跳过|漏).{0,6}(气体|测气|测爆|分析|检测)|(气体|测气|测爆).{0,6}(未|没|不|跳过|漏)/],
  ['falseEvidence', /假|伪造|造假|冒用|旧照片|弄虚/],
  ['absentAttendant', /监护|监火|看火/],
  ['uncertifiedWorker', /无证|没证|证件|未持证|证书|操作证/],
]

/** The cause that a reason names; null when it names none for which a card may be given. */
export const causeOf = (reason: string): PenaltyCause | null => causeWords.find(([, words]) => words.test(reason))?.[0] ?? null

/** Reasons that are nothing but a protected act: reporting, stopping work, speaking up. */
const protectedWords = /上报|举报|随手拍|叫停|停工|停止作业|停工卡|STOP|暂停卡|拒绝.{0,4}(作业|违章)|投诉|检举|批评/i
const hiding = /瞒|隐瞒|不报|漏报|未上报|没上报|不上报|假|伪造/

export const namesProtectedAct = (reason: string): boolean => protectedWords.test(reason) && !hiding.test(reason)

/**
 * Causes for which it matters who reported the case: what came to light by somebody's own good-faith report is no reason against them. Being late is not
 * what was reported, and a report with false evidence is not made in good faith.
 */
export const protectedCauses: ReadonlySet<PenaltyCause> = new Set([
  'skippedGasTest',
  'absentAttendant',
  'uncertifiedWorker',
  'hiddenNearMiss',
])
