import { days, hours, type Millis } from '../lib/clock.ts'
import type { Citation } from '../lib/refusal.ts'
import { type Colour, colours } from './sla.ts'

/** Legal grade (一般／重大隐患), apart from the colour: it decides who approves and who strikes the case off, the colour decides the clocks. */
export const severities = ['general', 'major'] as const
export type Severity = (typeof severities)[number]

/** By which a hazard is judged major: the criteria of each sector. `id` is what a form sends. */
export type Criterion = Citation & { readonly id: string; readonly label: string }

const order16 = (clause: string): Citation => ({
  standard: '《安全生产事故隐患排查治理暂行规定》（原国家安监总局令第16号）',
  clause,
  edition: '2007',
})

/** What decisions about grades and treatment rest on. */
export const gradeClauses = {
  /** General: small harm, removed at once. Major: serious, needs a shutdown and a period of treatment, or cannot be removed by the enterprise itself. */
  severity: order16('第三条'),
  plan: order16('第十五条'),
  interim: { standard: 'GB/T 33000-2025', clause: '8.2', edition: '2025' },
  own: { standard: '隐患分级治理规则（安灯默认版）', clause: '2.3', edition: 'hazard-grades@1' },
  causes: { standard: '隐患分级治理规则（安灯默认版）', clause: '2.3、2.4', edition: 'hazard-grades@1' },
  extension: { standard: '隐患分级治理规则（安灯默认版）', clause: '2.4', edition: 'hazard-grades@1' },
  merging: { standard: '隐患分级治理规则（安灯默认版）', clause: '2.1', edition: 'hazard-grades@1' },
  duties: { standard: '隐患分级治理规则（安灯默认版）', clause: '2.2', edition: 'hazard-grades@1' },
} as const satisfies Readonly<Record<string, Citation>>

/** A major hazard names the criteria it was judged by. */
export const criteria: readonly Criterion[] = [
  {
    id: 'aq3067',
    label: '重大：AQ 3067-2026（化工、危化品）',
    standard: 'AQ 3067-2026',
    clause: '化工和危险化学品重大事故隐患判定准则',
    edition: '2026',
  },
  {
    id: 'order10',
    label: '重大：应急管理部令第10号（工贸）',
    standard: '《工贸企业重大事故隐患判定标准》（应急管理部令第10号）',
    clause: '全文',
    edition: '2023',
  },
  {
    id: 'construction',
    label: '重大：建质规〔2024〕5号（建筑施工）',
    standard: '建质规〔2024〕5号',
    clause: '房屋市政工程生产安全重大事故隐患判定标准',
    edition: '2024',
  },
  {
    id: 'gb35181',
    label: '重大：GB 35181（消防）',
    standard: 'GB 35181',
    clause: '重大火灾隐患判定规则',
    edition: 'GB 35181',
  },
]

/** What people are asked before a hazard is treated, beside grade and place. `root` is asked only of a repeated hazard. */
export const causeItems = ['direct', 'indirect', 'control', 'root'] as const
export type CauseItem = (typeof causeItems)[number]

/** A question that somebody above has to decide. */
export const questions = ['proposal', 'plan', 'signOff', 'deferral', 'extension'] as const
export type QuestionKind = (typeof questions)[number]

/** Grades, approvals and limits of the treatment as versioned data; a case keeps the rules under which it opened. */
export type HazardGrades = {
  readonly id: string
  readonly effectiveFrom: string
  readonly source: string
  readonly section: string
  /** Colours whose causes and control must be given before anything is submitted; repeated hazards always. */
  readonly causesFor: readonly Colour[]
  readonly longestAnswer: number
  /** Roles that decide, in the order in which they are asked; each of them may decide. */
  readonly deciders: Readonly<
    Record<Exclude<QuestionKind, 'proposal'>, Readonly<Record<'usual' | 'red' | 'major', readonly string[]>>>
  >
  /** Who is asked for the plan of a major hazard when its owner does not bring it. */
  readonly proposers: readonly string[]
  /** Roles that hear of a listed hazard. */
  readonly listedInforms: readonly string[]
  /** Whoever must decide is asked again this often, and the next role with them. */
  readonly askAgain: Readonly<Record<QuestionKind, Millis>>
  /** Extensions of one rectification. */
  readonly mostExtensions: number
  readonly longestExtension: Millis
  /** Deferrals of one rectification. */
  readonly mostDeferrals: number
  readonly longestDeferral: Millis
  /** A plan may not promise more than this. */
  readonly longestPlan: Millis
  /** A new owner says within this that they have the case; asked again as often. */
  readonly takeOverWithin: Millis
}

const oneUp = {
  usual: ['deptHead', 'productionDirector', 'principal'],
  red: ['productionDirector', 'principal'],
  major: ['principal', 'principalDelegate'],
} as const
const principal = ['principal', 'principalDelegate'] as const
const onlyPrincipal = { usual: principal, red: principal, major: principal } as const

/**
 * Sources: Order 16 (2007) art. 3 and 15 for the legal grade and its plan, GB/T 33000-2025 8.2 for the interim control; two extensions before the term by
 * whoever is one level up, and the principal's signature for a major one, are promises of the product. How often people are asked, the longest times and
 * the stand-ins are our own defaults.
 */
export const hazardGrades: HazardGrades = {
  id: 'hazard-grades@1',
  effectiveFrom: '2026-09-01',
  source:
    '原国家安监总局令第16号第三条、第十五条；GB/T 33000-2025 8.2；延期与签字销号为产品承诺；催办间隔、最长期限与替补顺序为自定默认值',
  section: '2.3、2.5',
  causesFor: ['red', 'orange'],
  longestAnswer: 500,
  deciders: { plan: onlyPrincipal, signOff: onlyPrincipal, deferral: oneUp, extension: oneUp },
  proposers: ['deptHead', 'safetyDirector', 'principal'],
  listedInforms: ['safetyDirector', 'productionDirector', 'principal'],
  askAgain: { proposal: hours(24), plan: hours(24), signOff: hours(24), deferral: hours(4), extension: hours(4) },
  mostExtensions: 2,
  longestExtension: days(30),
  mostDeferrals: 2,
  longestDeferral: days(90),
  longestPlan: days(365),
  takeOverWithin: hours(2),
}

/** Every version that a case may have opened under. */
export const hazardGradeRules: readonly HazardGrades[] = [hazardGrades]

/** 0 is the most severe. */
export const rankOf = (colour: Colour): number => colours.indexOf(colour)
export const moreSevere = (a: Colour, b: Colour): Colour => (rankOf(a) <= rankOf(b) ? a : b)
/** One colour up; red stays. */
export const oneUpFrom = (colour: Colour): Colour => colours[Math.max(0, rankOf(colour) - 1)] ?? colour

/** What is asked, as refusals and questions name it. */
export const causeNames: Readonly<Record<CauseItem, string>> = {
  direct: '直接原因',
  indirect: '间接原因',
  control: '管控建议',
  root: '根本原因',
}

/** The five fixes (五落实) as they are named. */
export const fixNames = {
  owner: '责任人',
  measure: '整改措施',
  funding: '资金',
  deadline: '完成日期',
  contingency: '应急预案',
} as const
/** Money and contingency of a general hazard, unless somebody says otherwise. */
export const notNeeded = '不需要'
