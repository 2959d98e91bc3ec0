import type { Millis } from '../../lib/clock.ts'

/**
 * Rule packs: what a standard says about special works, as data. A pack is frozen into a permit by its id when the application is submitted; packs are never
 * edited after release, a changed standard is a new pack with its own effective date.
 */

/** The eight special works of GB 30871-2022 (chapters 5 to 12). */
export const workTypes = [
  'hot',
  'confinedSpace',
  'blindPlate',
  'height',
  'lifting',
  'temporaryPower',
  'excavation',
  'roadClosure',
] as const
export type WorkType = (typeof workTypes)[number]

/** Where a rule stands: a clause of the pack's standard such as `5.3.2`, an annex table such as `B.1`, or `自定` for a default of the product. */
export type Clause = string

/** What kind of enterprise a site is: it selects the packs that hold there. */
export type SiteProfile = 'hazchem' | 'general_industry' | 'construction'

/**
 * What is known of a job before its level is computed. Every field is answered in the application; what is missing is asked for, never assumed.
 * Metres, tonnes, volts; instants are not part of it.
 */
export type JobFacts = Readonly<Record<string, boolean | number | string | readonly string[]>>

/** A question of the application for one kind of work. `choices` for kinds `one` and `some`. */
export type JobQuestion = {
  readonly id: string
  readonly label: string
  readonly kind: 'yesNo' | 'number' | 'one' | 'some'
  readonly unit?: 'm' | 't' | 'V'
  readonly choices?: readonly { readonly id: string; readonly label: string; readonly clause: Clause }[]
  /** Smallest and largest number that is believed. */
  readonly range?: readonly [least: number, most: number]
  readonly clause: Clause
}

/** A test on one answer. `all` of a criterion's tests must hold. Bounds: `above` is exclusive, `atLeast` and `atMost` are inclusive. */
export type Test = {
  readonly fact: string
  readonly is?: boolean | string
  readonly above?: number
  readonly atLeast?: number
  readonly below?: number
  readonly atMost?: number
  /** The answer, a list, holds at least one of these; an empty list here means at least any one. */
  readonly anyOf?: readonly string[]
}

/** The first criterion, from the strictest level down, whose tests all hold gives the level and its reason. */
export type LevelCriterion = {
  readonly level: string
  readonly all: readonly Test[]
  readonly reason: string
  readonly clause: Clause
}

/** Ranks from 0 (mildest) up; works without levels have one with id `only`. */
export type Level = {
  readonly id: string
  readonly name: string
  readonly rank: number
  /** Longest time from the start of validity; `isDefault` where the standard fixes none. */
  readonly validity: { readonly most: Millis; readonly normal?: Millis; readonly clause: Clause; readonly isDefault: boolean }
  readonly chain: readonly ChainNode[]
  /** How long tickets of this level are kept, and process video. */
  readonly retention: { readonly ticket: Millis; readonly video: Millis | null; readonly clause: Clause }
  /** Copies (B.2): who holds the second and the archived third. */
  readonly copies: readonly [second: string, third: string]
}

/** A statutory signature, in order. Sites may add nodes, never remove or reorder these. */
export type ChainNode = {
  readonly id: string
  readonly label: string
  /** Role whose holders may sign: of the area's unit or the site, or `applicant`, `workLeader`, `attendant` of the permit itself. */
  readonly role: string
  readonly scope: 'site' | 'area' | 'permit'
  /** `approve` nodes sign at the work point (4.11 a) and need site proof and a second factor; `before-start` and `acceptance` come later in the life of the ticket. */
  readonly kind: 'confirm' | 'review' | 'countersign' | 'approve' | 'beforeStart' | 'acceptance'
  /** Only where these answers hold, or are not known; always when left out. */
  readonly when?: readonly Test[]
  readonly clause: Clause
}

/** A line of the measure checklist. Known by `id`, a stable text id such as `hot.blinded`; never by its position. */
export type MeasureLine = {
  readonly id: string
  readonly text: string
  /** May the line be answered "not involved"? Lines that always apply may not. */
  readonly optional: boolean
  readonly clause: Clause
  /** Only asked when these answers hold. */
  readonly when?: readonly Test[]
  /** A number that the line asks for, such as a count of blinds. */
  readonly asks?: { readonly label: string; readonly unit: string }
}

/** A limit on a measured value in its own unit. Bounds are inclusive. */
export type GasLimit = {
  readonly id: string
  readonly kind: 'combustible' | 'oxygen' | 'toxic'
  /** `vol%`, `LEL%` or `mg/m3`. */
  readonly unit: 'vol%' | 'LEL%' | 'mg/m3'
  readonly least?: number
  readonly most?: number
  /** Only for these substances (ids of `substances.ts`); for all of the kind when left out. A toxic limit without bounds is the substance's own limit of GBZ 2.1. */
  readonly substances?: readonly string[]
  /** For combustibles: only where the substance's LEL (vol%) is within these bounds. */
  readonly lel?: { readonly atLeast?: number; readonly below?: number }
  readonly when?: readonly Test[]
  readonly clause: Clause
}

export type GasRules = {
  /** When a test is wanted at all; always when left out. */
  readonly when?: readonly Test[]
  readonly limits: readonly GasLimit[]
  /** Oldest sample, by its sampling time, at which work may start. */
  readonly sampleAge: { readonly most: Millis; readonly clause: Clause; readonly isDefault: boolean }
  /** A break longer than this wants a new sample; by level id, `any` for all. 0: any break. */
  readonly retestAfter: Readonly<Record<string, { readonly most: Millis; readonly clause: Clause }>>
  /** Values are logged this often while work goes on; null where the standard fixes none. By level id, `any` for all. */
  readonly logEvery: Readonly<
    Record<
      string,
      {
        readonly every: Millis
        readonly continuous: boolean
        readonly clause: Clause
        /** The clause asks for continuous measuring; how often it is written down is a default of the product. */
        readonly isDefault?: true
      }
    >
  >
  /** A new sample each calendar day before work starts. */
  readonly daily: { readonly clause: Clause } | null
  readonly points: readonly {
    readonly id: string
    readonly label: string
    readonly when?: readonly Test[]
    readonly clause: Clause
  }[]
}

/** Two works that exclude each other. `same` line, area or space; or closer than `metres`; `vertical`: nor one above the other. */
export type Exclusion = {
  readonly id: string
  readonly between: readonly [Side, Side]
  readonly where: { readonly metres: number } | { readonly same: 'area' | 'line' | 'space' | 'fallLine' | 'dike' }
  readonly vertical: boolean
  /** `forbid`: never together. `coordinate`: needs a named coordinator and joint assessment. */
  readonly outcome: 'forbid' | 'coordinate'
  readonly text: string
  readonly clause: Clause
  /** Permits of one job (4.6) are not excluded by this. */
  readonly sparesLinked: boolean
}
export type Side = {
  readonly work: WorkType | 'activity' /** For `activity`: venting, draining, solvent, dust, drawOff, train. */
  readonly activity?: string
  readonly when?: readonly Test[]
}

/** Work that must not go on in this weather. `outdoors` only unless said otherwise. */
export type WeatherStop = {
  readonly id: string
  readonly kind: 'windForce' | 'fog' | 'heavySnow' | 'rainstorm' | 'thunder'
  readonly atLeast?: number
  readonly text: string
  readonly clause: Clause
}

/** Who may do the work. */
export type CertificateRule = {
  readonly id: string
  /** Whom it concerns: `worker`, `attendant`, `operator`, `signaller`, `rigger`. */
  readonly who: string
  /** Any of these trades is enough. */
  readonly trades: readonly string[]
  readonly when?: readonly Test[]
  readonly clause: Clause
}

/** Raises approver and validity to those of the next level. */
export type UpgradeRule = {
  readonly id: string
  readonly on: 'holiday' | 'restDay' | 'night' | 'windForce'
  readonly atLeast?: number
  /** Night by the clock of the site, `['18:00', '06:00']`; the default of `upgrade.ts` when left out. */
  readonly window?: readonly [from: string, to: string]
  readonly text: string
  readonly clause: Clause
}

export type WorkRules = {
  readonly work: WorkType
  readonly name: string
  /** Form of annex A, e.g. `A.1 动火安全作业票`. */
  readonly form: string
  readonly questions: readonly JobQuestion[]
  /** Mildest first. */
  readonly levels: readonly Level[]
  /** Strictest first. */
  readonly criteria: readonly LevelCriterion[]
  /** Answers under which no ticket is wanted, though the risk analysis is (lifting below 10 t, B.2 note 3). */
  readonly noTicket: readonly LevelCriterion[]
  readonly measures: readonly MeasureLine[]
  readonly gas: GasRules | null
  readonly weather: readonly WeatherStop[]
  readonly upgrades: readonly UpgradeRule[]
  readonly certificates: readonly CertificateRule[]
  /** What else the start needs: video of the whole process, a written plan, a sketch, ventilation. */
  readonly startNeeds: readonly {
    readonly id: string
    readonly text: string
    readonly when?: readonly Test[]
    readonly levels?: readonly string[]
    readonly clause: Clause
  }[]
}

export type RulePack = {
  /** Such as `GB30871-2022@1`. */
  readonly id: string
  readonly standard: string
  readonly title: string
  /** Dates as `2022-10-01`, inclusive, in the site's own zone. */
  readonly effectiveFrom: string
  readonly effectiveTo: string | null
  readonly source: string
  readonly profiles: readonly SiteProfile[]
  readonly works: Readonly<Partial<Record<WorkType, WorkRules>>>
  readonly exclusions: readonly Exclusion[]
}
