import { checkCharacter } from '../../src/rules/code.ts'
import type { HazardState } from '../../src/workflows/hazard/hazard.ts'
import type { FoundRow } from '../../src/workflows/workflow.ts'
import {
  causes,
  clock,
  createDesk,
  type DeskOptions,
  evidence,
  person,
  plantWith,
  report,
  signature,
  system,
  triage,
} from './desk.ts'

export * from './desk.ts'

export const codeOf = (counter: number, day = '20261124'): string => {
  const body = `YH-SH01-${day}-${String(counter).padStart(4, '0')}`
  return `${body}-${checkCharacter(body)}`
}
/** Another case of the site, open, into which one may be merged. */
export const otherCode = codeOf(2)
export const other = 'haz_0000000000000000000000002'
export const openRow = (code = otherCode, subject = other): FoundRow => ({
  name: 'open',
  key: `code:${code}`,
  subject,
  at: '2026-11-24T01:00:00.000Z',
  weight: 4,
  note: '{}',
})

export const hazardDesk = (options: DeskOptions = {}) =>
  createDesk<HazardState>('hazard', { ...options, rows: options.rows ?? [openRow()] })
export type HazardDesk = ReturnType<typeof hazardDesk>

export const major = { ...triage, severity: 'order10' }
export const plan = {
  type: 'proposePlan',
  owner: 'fitter',
  measure: '停泵更换机封',
  funding: '3 万元，备件到货',
  deadline: '2026-12-10',
  contingency: '接油盘、警戒、专人值守',
}
export const longer = { type: 'extend', until: '5天', reason: '等备件', interim: '' }
export const rest = { type: 'defer', until: '20天', reason: '等停车检修', interim: '加装接油盘' }
export const accepts = { type: 'accept', colour: '', area: '' }
const ten = 600_000

const reported = (desk: HazardDesk): void => {
  desk.must(person('welder'), report())
  desk.passes(ten)
  desk.must(clock, { type: 'climb', rung: 1 })
}
const listed = (desk: HazardDesk): void => {
  reported(desk)
  desk.must(person('lead'), major)
  desk.passes(ten)
}
const planned = (desk: HazardDesk): void => {
  listed(desk)
  desk.must(person('fitter'), plan)
  desk.passes(ten)
}
const accepted = (desk: HazardDesk): void => {
  reported(desk)
  desk.must(person('lead'), triage)
  desk.passes(ten)
  desk.must(person('fitter'), accepts)
  desk.passes(ten)
}
export const showsRepair = (desk: HazardDesk, tag = '0'): void => {
  const owner = person(desk.state().owner ?? '')
  desk.must(owner, { type: 'startRectify' })
  desk.must(owner, { type: 'showDuring' })
  desk.must(owner, evidence(`fil_during${tag}`))
  desk.must(owner, { type: 'startRectify' })
  desk.must(owner, evidence(`fil_after0${tag}`))
}
const rectifying = (desk: HazardDesk): void => {
  accepted(desk)
  showsRepair(desk)
  desk.passes(ten)
}
/** What two verdicts come to. */
export const judged = (desk: HazardDesk, outcomes: readonly ['passed' | 'vetoed', 'passed' | 'vetoed'] = ['passed', 'passed']) =>
  (['A', 'B'] as const).map((seat, at) =>
    desk.run(system, {
      type: 'recordVerdict',
      verdict: desk.state().seats?.find((one) => one.seat === seat)?.verdict ?? '',
      outcome: outcomes[at] ?? 'passed',
      reason: '仍在漏',
    }),
  )
export const showsReport = (desk: HazardDesk, tag = '0'): void => {
  const owner = person(desk.state().owner ?? '')
  desk.must(owner, { type: 'showReport' })
  desk.must(owner, evidence(`fil_report${tag}`, 'file'))
  desk.must(system, {
    type: 'storePhoto',
    file: `fil_report${tag}`,
    original: `r-${tag}`,
    watermarked: `r-${tag}`,
    thumbnail: `r-${tag}`,
    exif: { takenAt: null, lat: null, lng: null, datum: null },
  })
}
/** A major hazard whose plan is approved, repaired and handed in. */
export const handedIn = (desk: HazardDesk, tag = '0'): void => {
  showsRepair(desk, tag)
  showsReport(desk, tag)
  desk.must(person(desk.state().owner ?? ''), signature)
  desk.must(person('areaOwner'), { type: 'confirmRepair', reason: '本人确认' })
  desk.passes(ten)
}

/** How a case comes to each of its situations; a status, or a status in which somebody waits for an answer. */
export const situations = {
  reported,
  triaged: (desk) => {
    reported(desk)
    desk.must(person('lead'), triage)
  },
  listed,
  planned,
  accepted,
  rectifying,
  asking: (desk) => {
    rectifying(desk)
    desk.must(person('fitter'), longer)
  },
  moved: (desk) => {
    rectifying(desk)
    desk.must(person('areaOwner'), { type: 'handOver', owner: 'prodLead' })
  },
  deferred: (desk) => {
    rectifying(desk)
    desk.must(person('fitter'), rest)
    desk.must(person('head'), { type: 'approve' })
  },
  verifying: (desk) => {
    rectifying(desk)
    desk.must(person('fitter'), signature)
  },
  verified: (desk) => {
    planned(desk)
    desk.must(person('principal'), { type: 'approve' })
    handedIn(desk)
    judged(desk)
  },
  closed: (desk) => {
    situations.verifying(desk)
    judged(desk)
  },
  rejected: (desk) => {
    reported(desk)
    desk.must(person('lead'), { type: 'reject', reason: '已在检修计划内' })
  },
  merged: (desk) => {
    reported(desk)
    desk.must(person('lead'), { type: 'merge', into: otherCode, reason: '同一处漏油' })
  },
} satisfies Readonly<Record<string, (desk: HazardDesk) => void>>
export type Situation = keyof typeof situations

export const hazardIn = (situation: Situation, options: DeskOptions = {}): HazardDesk => {
  const desk = hazardDesk({ plant: plantWith(), ...options })
  situations[situation](desk)
  return desk
}
export { causes }
