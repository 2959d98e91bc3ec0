import { days } from '../lib/clock.ts'
import type { Citation } from '../lib/refusal.ts'

/** When a hazard is a repeated one, and when a place is a frequent source. Frozen by id into what a case says of itself. */
export const repeatRules = {
  id: 'hazard-repeat@1',
  effectiveFrom: '2026-09-01',
  source: '产品承诺：90 天内同一设备或区域同类隐患 3 次为重复；30 天内未销号 7 次为高频隐患源',
  section: '2.8',
  /** So many cases of one kind at one place within `within`, closed or open, this one among them. */
  times: 3,
  within: days(90),
  /** So many reports or alarms from one place within `sourceWithin` whose cases are not closed. */
  sourceTimes: 7,
  sourceWithin: days(30),
  /** Who gets the report about a frequent source: safety, and who mends and who buys. A role that nobody holds is stood in for by `instead`. */
  informs: [
    { role: 'safetyOfficer', instead: null },
    { role: 'safetyDirector', instead: null },
    { role: 'maintenance', instead: 'deptHead' },
    { role: 'purchasing', instead: 'deptHead' },
  ],
  /** Who is proposed as owner of a repeated hazard. */
  owner: 'deptHead',
  /** More rows than this are not looked through. */
  most: 100,
} as const

export const repeatClause: Citation = { standard: '隐患分级治理规则（安灯默认版）', clause: '2.8', edition: repeatRules.id }

/** Kinds of hazard, as far as words tell; the first row that matches is suggested and a person confirms it. Our own default. */
const rows: readonly (readonly [category: string, words: RegExp])[] = [
  ['fire', /起火|着火|冒烟|火灾|灭火器|消防|易燃/],
  ['gas', /燃气|煤气|毒气|中毒|硫化氢|氨气|可燃气|报警器/],
  ['electric', /电|线缆|电缆|开关柜|接地/],
  ['pressure', /压力|超压|安全阀|气瓶|锅炉/],
  ['leak', /漏|泄|滴|渗/],
  ['edge', /临边|护栏|高处|坠落|脚手架|孔洞|盖板/],
  ['guard', /防护罩|联锁|急停|机械|皮带|转动/],
  ['lifting', /吊|起重|钢丝绳|叉车/],
  ['behaviour', /违章|未戴|没戴|安全帽|无证|监护|抽烟|吸烟/],
]
export const otherCategory = 'other'
export const categories: readonly string[] = [...rows.map(([category]) => category), otherCategory]

/** The kind that the words suggest. */
export const categoryIn = (text: string): string => rows.find(([, words]) => words.test(text))?.[0] ?? otherCategory
