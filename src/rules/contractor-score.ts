import { days, type Millis } from '../lib/clock.ts'

export const scoreKinds = [
  'findingBlue',
  'findingYellow',
  'findingOrange',
  'violation',
  'findingRed',
  'permitBreach',
  'injury',
  'falseCertificate',
  'validReport',
  'closedOnTime',
  'drillExcellent',
] as const
export type ScoreKind = (typeof scoreKinds)[number]

export type ContractorClass = 'A' | 'B' | 'C' | 'D'

/** What a contractor must have, and for how long it is valid. */
export const contractorPapers = ['insurance', 'licence'] as const
export type ContractorPaper = (typeof contractorPapers)[number]

/**
 * The score of a contractor company in one quarter. GB/T 33000-2025 10.6.1 demands entry check, agreement, supervision and evaluation of interested
 * parties; points and classes are our own defaults.
 */
export const contractorRules = {
  id: 'contractor@1',
  effectiveFrom: '2026-01-01',
  source: 'GB/T 33000-2025 10.6.1；企业承包商评价制度（安灯默认版）',
  start: 100,
  kinds: {
    findingBlue: -2,
    findingYellow: -5,
    findingOrange: -10,
    violation: -10,
    findingRed: -20,
    permitBreach: -20,
    injury: -40,
    falseCertificate: -40,
    validReport: 3,
    closedOnTime: 5,
    drillExcellent: 10,
  } satisfies Readonly<Record<ScoreKind, number>>,
  /** Lowest score of each class; below C it is D. */
  classes: [
    ['A', 90],
    ['B', 75],
    ['C', 60],
  ] satisfies readonly (readonly [ContractorClass, number])[],
  /** Roles that may lift a suspension, in the order in which they are asked. */
  reviewers: ['safetyDirector', 'principal'],
  askAgain: days(3) as Millis,
} as const

/** A: green channel from 90; B from 75; C (watch list) from 60; D (suspended) below. A score that is no number is D. */
export const classOf = (score: number): ContractorClass => contractorRules.classes.find(([, from]) => score >= from)?.[0] ?? 'D'

/** The quarter of a local date `YYYY-MM-DD`, such as `2026Q4`. */
export const quarterOf = (date: string): string => `${date.slice(0, 4)}Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`
