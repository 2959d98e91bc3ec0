import { days, hours, type Millis, minutes, seconds } from '../lib/clock.ts'

/** Operational colour of a hazard; drives the clocks. Four colours as in the national risk grading. */
export const colours = ['red', 'orange', 'yellow', 'blue'] as const
export type Colour = (typeof colours)[number]
type ByColour<T> = Readonly<Partial<Record<Colour, T>>>

/** Clocks of the hazard as versioned data: a case names the table it opened under and keeps it, and its ladder is copied into it. */
export type HazardSla = {
  readonly id: string
  readonly effectiveFrom: string
  /** Where each line comes from: a product promise by its number in the SLA table, or our own default. */
  readonly source: string
  /** Who is asked when nobody answers, counted from the report. */
  readonly ladder: readonly Rung[]
  /** After the last rung it is asked again this often, until somebody answers. */
  readonly repeatTop: Millis
  /** Time to rectify, counted from triage. A major hazard has the date of its plan instead. */
  readonly due: Readonly<Record<Colour, Millis>>
  /** An overdue rectification is called again this often. */
  readonly repeatOverdue: Millis
  /** Time for a verifier's verdict before another is drawn. */
  readonly verdict: Readonly<Record<Colour, Millis>>
  /** Photos after 上传整改照片 belong to the case this long, each photo anew. */
  readonly evidenceWindow: Millis
  /** Photos and texts of one sender within this time are one report. */
  readonly reportWindow: Millis
  /** Colours whose second rung is called this early, counted from when the case took the colour, suggested or confirmed. */
  readonly acceptWithin: ByColour<Millis>
  /** Colours whose ladder goes on past acceptance until somebody has begun. */
  readonly startWithin: ByColour<Millis>
  /** Who must be reached, not only be sent to. */
  readonly reach: ByColour<Reach>
  /** Roles that hear of a case that a person has graded so and that waits for its owner. */
  readonly informs: ByColour<readonly string[]>
  /** Colours that wait for their time: no ringing, working days only, and a line of the weekly plan of this role. */
  readonly plan: ByColour<WeeklyPlan>
  /** A platform must have accepted the first card of the ladder, with the grade that the words suggest on it, this long after the report. */
  readonly pushWithin: Millis
  /**
   * Whoever rectifies has the work order, with the standard that the repair must meet, this long after the report. It goes out with the grading; the second
   * rung of the ladder is called no later than that for whoever has not graded. Null where nothing was promised.
   */
  readonly workOrderWithin: Millis | null
  /** The reporter hears of the case this often until it is closed or rejected; null where nothing was promised. */
  readonly answerWithin: Millis | null
  /** The answer is sent so much earlier that it arrives within that time. */
  readonly answerLead: Millis
  /** Cards for the owner of a rectification that is overdue by this much. */
  readonly penalties: readonly { readonly colour: 'yellow' | 'red'; readonly after: Millis }[]
}

export type Rung = { readonly role: string; readonly after: Millis }

/**
 * Each target must read or act. While it does not, its next account is tried after each of `steps`; after `within` it counts as unreached, alarms, and the
 * next of `instead` is called as well. Whoever is last is called again after each of `repeat`, once each time, and from then on after the last of them:
 * silence is never the end, and a phone that rings without pause is soon muted.
 */
export type Reach = {
  readonly targets: readonly { readonly role: string; readonly instead: readonly string[] }[]
  readonly steps: readonly Millis[]
  readonly within: Millis
  readonly repeat: readonly Millis[]
}

/** `weekday` as the calendar counts, Sunday 0; `at` after the midnight of the site. */
export type WeeklyPlan = { readonly role: string; readonly instead: string; readonly weekday: number; readonly at: Millis }

const hoursTo = (red: number, orange: number, yellow: number, blue: number): Readonly<Record<Colour, Millis>> => ({
  red: hours(red),
  orange: hours(orange),
  yellow: hours(yellow),
  blue: hours(blue),
})

const common = {
  ladder: [
    { role: 'teamLead', after: 0 },
    { role: 'deptHead', after: hours(2) },
    { role: 'productionDirector', after: hours(48) },
  ],
  repeatTop: hours(24),
  due: hoursTo(24, 72, 24 * 7, 24 * 30),
  repeatOverdue: hours(24),
  verdict: hoursTo(8, 8, 24, 24),
  evidenceWindow: minutes(10),
  reportWindow: minutes(1),
  pushWithin: seconds(15),
  answerLead: hours(1),
} as const

/** The table of the first release. Cases that opened under it keep it. */
const firstSla: HazardSla = {
  id: 'hazard-sla@1',
  effectiveFrom: '2026-01-01',
  source: '产品承诺 8、9；期限与验收为自定默认值',
  ...common,
  acceptWithin: {},
  startWithin: {},
  reach: {},
  informs: {},
  plan: {},
  workOrderWithin: null,
  answerWithin: null,
  penalties: [],
}

/**
 * The whole table. Rows 1, 2: the lead's card is accepted by a platform within 15 s and carries the suggested grade, which no model has to be waited for
 * (promised: 5 s without one). Row 3: red reaches safety director and area owner within 15 min, unread at 2, 5 and 10 min going to the next account. Row 4: orange is
 * accepted within 30 min, equipment department, safety officers and area told; red is never slower (our own default). Row 5: yellow is begun within 2 h.
 * Row 6: blue goes into the weekly plan. Row 7: the work order with its standard goes out with the grading, for which the next in line is called after 2 h at the latest. Rows 8, 9: 2 h and 48 h without response. Rows 10, 11: cards at 24 h and 48 h overdue. Row 13: the reporter hears
 * within 48 h. Rows 12, 14 (verdict, due), who stands in for whom, by the table of duties, and
 * how often the last of them is called again are our own defaults.
 */
export const hazardSla: HazardSla = {
  id: 'hazard-sla@2',
  effectiveFrom: '2026-09-01',
  source: '产品承诺 1—11、13；12、14、替补顺序与末位重呼间隔为自定默认值',
  ...common,
  acceptWithin: { red: minutes(30), orange: minutes(30) },
  startWithin: { yellow: hours(2) },
  reach: {
    red: {
      targets: [
        { role: 'safetyDirector', instead: ['productionDirector', 'principal'] },
        { role: 'areaOwner', instead: ['deptHead', 'productionDirector', 'principal'] },
      ],
      steps: [minutes(2), minutes(5), minutes(10)],
      within: minutes(15),
      repeat: [minutes(15), minutes(30), hours(1)],
    },
  },
  informs: { orange: ['deptHead', 'safetyOfficer', 'areaOwner'] },
  plan: { blue: { role: 'areaOwner', instead: 'deptHead', weekday: 1, at: hours(8) } },
  workOrderWithin: hours(2),
  answerWithin: days(2),
  penalties: [
    { colour: 'yellow', after: hours(24) },
    { colour: 'red', after: hours(48) },
  ],
}

/** Every table that a case may have opened under. */
export const hazardSlas: readonly HazardSla[] = [firstSla, hazardSla]
