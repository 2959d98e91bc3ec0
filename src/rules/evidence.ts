import type { Colour } from './sla.ts'

/** What proves a repair (整改证据). Photos by stage, an inspection or test report, and signatures. */
export type EvidenceItem = 'before' | 'during' | 'after' | 'report' | 'signature' | 'areaSignature'

/**
 * How much of an item a grade asks for. `must`: without it nothing is submitted. `ifMeasurable`: the rectifier declares in the signature that there is
 * nothing to measure. `words`: the person writes the words of the rule. `tap`: the press of the button is the signature.
 */
export type EvidenceRule = {
  readonly before: 'must' | 'none'
  readonly during: 'must' | 'optional' | 'none'
  readonly after: 'must'
  readonly report: 'must' | 'ifMeasurable' | 'none'
  readonly signature: 'words' | 'tap' | 'none'
  readonly areaSignature: 'words' | 'none'
}

/** The grades of the table: the four colours, and the legal grade that goes before them. */
export type EvidenceGrade = Colour | 'major'

export type EvidenceRules = {
  readonly id: string
  readonly effectiveFrom: string
  readonly source: string
  /** Where the table stands in the rules, as refusals cite it. */
  readonly section: string
  readonly grades: Readonly<Record<EvidenceGrade, EvidenceRule>>
  /** A repeated hazard shows the repair under way whatever its colour: the relaxation for yellow and blue is not for it. */
  readonly strictForRepeats: boolean
  /** Officers who pass or return a case; any single return returns it. */
  readonly verifiers: 2
}

/** What each item is called in the rules and in refusals. */
export const evidenceNames: Readonly<Record<EvidenceItem, string>> = {
  before: '整改前照片',
  during: '整改中照片',
  after: '整改后照片',
  report: '检测报告',
  signature: '责任人签认',
  areaSignature: '区域负责人签认',
}

/** The words of a signature at level L0: the account is proven by its platform, the words are the person's own. */
export const signingWords = '本人确认'

/**
 * The evidence set by grade. All three photo stages on every order is the product's promise; that yellow and blue may leave out `during` is our own default,
 * for the promise of three taps, and never holds for a repeated hazard. Signatures are of level L0 here; PIN and certificate come with work permits.
 */
export const hazardEvidence: EvidenceRules = {
  id: 'hazard-evidence@1',
  effectiveFrom: '2026-09-01',
  source: '产品承诺：四要素证据与全程照片；黄、蓝免整改中照片为自定默认值',
  section: '2.6',
  grades: {
    major: { before: 'must', during: 'must', after: 'must', report: 'must', signature: 'words', areaSignature: 'words' },
    red: { before: 'must', during: 'must', after: 'must', report: 'must', signature: 'words', areaSignature: 'words' },
    orange: { before: 'must', during: 'must', after: 'must', report: 'ifMeasurable', signature: 'words', areaSignature: 'none' },
    yellow: { before: 'must', during: 'optional', after: 'must', report: 'none', signature: 'words', areaSignature: 'none' },
    blue: { before: 'must', during: 'none', after: 'must', report: 'none', signature: 'tap', areaSignature: 'none' },
  },
  strictForRepeats: true,
  verifiers: 2,
}

/** The rule of the first release: a photo of after. Cases that opened under it keep it. */
const firstRule: EvidenceRule = {
  before: 'none',
  during: 'none',
  after: 'must',
  report: 'none',
  signature: 'none',
  areaSignature: 'none',
}

const known: ReadonlyMap<string, EvidenceRules> = new Map([[hazardEvidence.id, hazardEvidence]])

/** The case as far as its evidence set depends on it. */
export type EvidenceCase = {
  /** The rules under which the case opened; absent for cases of the first release. */
  readonly evidence?: string
  readonly colour: Colour | null
  readonly severity?: string
  readonly repeat?: unknown
}

/** What this case must show before it is submitted. A case without a colour yet is held to yellow. Throws for rules that this release does not carry. */
export const evidenceFor = ({ evidence, colour, severity, repeat }: EvidenceCase): EvidenceRule => {
  if (evidence === undefined) return firstRule
  const rules = known.get(evidence)
  if (!rules) throw new Error(`unknown evidence rules ${evidence}`)
  const rule = rules.grades[severity === 'major' ? 'major' : (colour ?? 'yellow')]
  return repeat && rules.strictForRepeats ? { ...rule, during: 'must' } : rule
}

/** Numbers of the blind verification (双盲验收). Sources: two verifiers of another team and one veto are promises; the rest are our own defaults. */
export const verifying = {
  id: 'hazard-verifying@1',
  effectiveFrom: '2026-09-01',
  section: '2.7',
  /** Fewer eligible officers than this cannot hide who is who: one officer and the duty engineer of EHS verify, marked as single-blind. */
  fewest: 5,
  /** Who verified this team so often within the period is left out. */
  mostForOneTeam: 3,
  periodDays: 30,
  /** Who stands in as duty engineer of EHS, first role that somebody eligible holds. */
  engineers: ['ehsDuty', 'safetyDirector'],
  /** Roles that make a direct line with everybody below them: at the person's team, or at the site. */
  line: ['teamLead', 'deptHead', 'productionDirector', 'principal'],
} as const
