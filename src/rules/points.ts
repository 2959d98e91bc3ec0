/** What points are given for, and taken for. */
export const pointKinds = [
  'reportBlue',
  'reportYellow',
  'reportOrange',
  'reportRed',
  'nearMiss',
  'suggestion',
  'onTime',
  'verification',
  'stopCard',
  'checkIn',
  'renewal',
  'yellowCard',
  'redCard',
  'falseReport',
] as const
export type PointKind = (typeof pointKinds)[number]

/** Kinds that share one cap and one line in what people read. */
export const pointGroups = [
  'report',
  'nearMiss',
  'suggestion',
  'onTime',
  'verification',
  'stopCard',
  'checkIn',
  'renewal',
  'card',
  'falseReport',
] as const
export type PointGroup = (typeof pointGroups)[number]

export type PointRow = { readonly group: PointGroup; readonly points: number }

/** Points of each kind, and the most that a group gives a person on one day of the site; null where there is no cap. Our own defaults, as versioned data. */
export const pointRules = {
  id: 'points@1',
  effectiveFrom: '2026-01-01',
  source: '企业红黄牌与积分制度（安灯默认版）',
  kinds: {
    reportBlue: { group: 'report', points: 5 },
    reportYellow: { group: 'report', points: 8 },
    reportOrange: { group: 'report', points: 12 },
    reportRed: { group: 'report', points: 20 },
    nearMiss: { group: 'nearMiss', points: 8 },
    suggestion: { group: 'suggestion', points: 15 },
    onTime: { group: 'onTime', points: 5 },
    verification: { group: 'verification', points: 3 },
    stopCard: { group: 'stopCard', points: 20 },
    checkIn: { group: 'checkIn', points: 4 },
    renewal: { group: 'renewal', points: 5 },
    yellowCard: { group: 'card', points: -10 },
    redCard: { group: 'card', points: -30 },
    falseReport: { group: 'falseReport', points: -5 },
  } satisfies Readonly<Record<PointKind, PointRow>>,
  caps: {
    report: 40,
    nearMiss: 24,
    suggestion: null,
    onTime: 25,
    verification: 15,
    stopCard: null,
    checkIn: 8,
    renewal: null,
    card: null,
    falseReport: null,
  } satisfies Readonly<Record<PointGroup, number | null>>,
  /** Warnings that must have been given before a false report costs points. */
  warningsBefore: 2,
  /** Days for which single entries stay in the state; older ones remain in the journal and in the sums. Longer than any appeal takes. */
  keepDays: 100,
  /** Months for which sums by group are kept. */
  keepMonths: 13,
} as const

/** One axis of the safety portrait: the groups it sums over this month and the two before, and the points that fill it. */
export type PortraitAxis = { readonly name: string; readonly groups: readonly PointGroup[]; readonly full: number }

/** Our own choice of axes and targets; the discipline axis is counted from standing cards instead. */
export const portrait = {
  id: 'portrait@1',
  effectiveFrom: '2026-01-01',
  months: 3,
  axes: [
    { name: 'reporting', groups: ['report', 'nearMiss'], full: 60 },
    { name: 'rectifying', groups: ['onTime'], full: 40 },
    { name: 'verifying', groups: ['verification'], full: 30 },
    { name: 'speakingUp', groups: ['suggestion', 'stopCard'], full: 50 },
    { name: 'readiness', groups: ['checkIn', 'renewal'], full: 20 },
  ] satisfies readonly PortraitAxis[],
  /** What a standing card of these months takes off the discipline axis. */
  cards: { yellow: 30, red: 70 },
} as const
