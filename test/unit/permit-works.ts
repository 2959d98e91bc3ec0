import type { SiteProfile, WorkType } from '../../src/rules/permits/rule-pack.ts'

type Answers = Readonly<Record<string, string>>

/** What people call a work, what is answered for it, and for how many hours it is asked for by day. */
export type Sample = {
  readonly work: WorkType
  readonly level: string
  readonly said: string
  readonly hours: number
  readonly answers: Answers
  readonly profile?: SiteProfile
  /** Who signs before the work is issued, in order, as the annexes have it (A.1 to A.8, B.1); `!` where the approver stands at the work point. */
  readonly signs: readonly string[]
  readonly accepts: readonly string[]
}

const no = (...names: readonly string[]): Answers => Object.fromEntries(names.map((name) => [name, '否']))
const hot: Answers = {
  ...no('riskPlace', 'runningPlant', 'pressureTap', 'majorHazardDike', 'tankFarmDike', 'pipeRack', 'isolatedAndAgreed'),
  ...no('bigVessel', 'unavoidable', 'oxygenEquipment', 'gasMayBeReleased', 'leakProneWithin15m', 'dustPlace'),
  ...{ welding: '是', outdoors: '是', where: 'open' },
}
const space = no(
  ...['bigSpace', 'oxygenRich', 'oxygenAverse', 'hotInside', 'solvent', 'desludging', 'dust', 'corrosive'],
  ...['wetOrTight', 'heldFlammable', 'highRisk'],
)
const limited: Answers = {
  ...{ direction: 'vertical', depth: '3' },
  ...no('contractedOut', 'mechanicalVentilation', 'sludge', 'suddenChange', 'hotInside', 'solvent', 'dust'),
}
const plate: Answers = {
  action: 'insert',
  ...no('riskArea', 'toxic', 'namedToxic', 'corrosive', 'highPressure', 'venting', 'draining', 'sharedLine'),
}
const height: Answers = {
  ...no('steepSlope', 'factors', 'places', 'conditions', 'solvent', 'scaffoldWork'),
  outdoors: '是',
}
const lift: Answers = {
  ...no('tandem', 'complex', 'nearHazardousLines', 'nearPowerLines', 'nearRated'),
  outdoors: '是',
}
const power: Answers = { volts: '380', ...no('direct', 'riskArea') }
const dig: Answers = { metres: '1', ...no('machine', 'buriedInstallations', 'buriedHazard') }

const owner = ['areaOwner'] as const

/** Every work at every level. */
export const samples: readonly Sample[] = [
  {
    ...{ work: 'hot', level: 'two', said: '动火', hours: 8, answers: hot, accepts: owner },
    signs: ['wang', 'officerA', 'areaOwner!'],
  },
  {
    ...{ work: 'hot', level: 'one', said: '动火', hours: 8, answers: { ...hot, riskPlace: '是' }, accepts: owner },
    signs: ['wang', 'areaOwner', 'officerA', 'safetyDirector!'],
  },
  {
    ...{ work: 'hot', level: 'special', said: '动火', hours: 8, accepts: owner },
    answers: { ...hot, riskPlace: '是', runningPlant: '是', where: 'outerWall' },
    signs: ['wang', 'areaOwner', 'safetyDirector', 'director!'],
  },
  {
    ...{ work: 'confinedSpace', level: 'only', said: '受限空间', hours: 24, answers: space, accepts: owner },
    signs: ['wang', 'areaOwner!'],
  },
  {
    ...{ work: 'confinedSpace', level: 'only', said: '有限空间', hours: 8, answers: limited, accepts: owner },
    ...{ profile: 'general_industry', signs: ['wang', 'areaOwner!'] },
  },
  {
    ...{ work: 'blindPlate', level: 'only', said: '盲板抽堵', hours: 8, answers: plate, accepts: ['wang', 'areaOwner'] },
    signs: ['chen', 'wang', 'areaOwner!'],
  },
  {
    ...{ work: 'height', level: 'I', said: '高处', hours: 168, answers: { ...height, metres: '3' }, accepts: owner },
    signs: ['wang', 'officerA', 'areaOwner!'],
  },
  {
    ...{ work: 'height', level: 'II', said: '高处', hours: 168, answers: { ...height, metres: '10' }, accepts: owner },
    signs: ['wang', 'areaOwner', 'officerA', 'head!'],
  },
  {
    ...{ work: 'height', level: 'III', said: '高处', hours: 168, answers: { ...height, metres: '20' }, accepts: owner },
    signs: ['wang', 'areaOwner', 'officerA', 'head!'],
  },
  {
    ...{ work: 'height', level: 'IV', said: '高处', hours: 168, answers: { ...height, metres: '31' }, accepts: owner },
    signs: ['wang', 'areaOwner', 'head', 'principal!'],
  },
  {
    ...{ work: 'lifting', level: 'three', said: '吊装', hours: 24, answers: { ...lift, tonnes: '20' }, accepts: owner },
    signs: ['wang', 'areaOwner', 'officerA', 'head!'],
  },
  {
    ...{ work: 'lifting', level: 'two', said: '吊装', hours: 24, answers: { ...lift, tonnes: '40' }, accepts: owner },
    signs: ['wang', 'areaOwner', 'officerA', 'head!'],
  },
  {
    ...{ work: 'lifting', level: 'one', said: '吊装', hours: 24, answers: { ...lift, tonnes: '101' }, accepts: owner },
    signs: ['wang', 'areaOwner', 'head', 'principal!'],
  },
  {
    ...{ work: 'temporaryPower', level: 'only', said: '临时用电', hours: 720, accepts: owner },
    ...{ answers: { ...power, forWork: 'other' }, signs: ['wang', 'areaOwner', 'electrician!'] },
  },
  {
    ...{ work: 'temporaryPower', level: 'withHot', said: '临时用电', hours: 72, accepts: owner },
    ...{ answers: { ...power, forWork: 'hot' }, signs: ['wang', 'areaOwner', 'electrician!'] },
  },
  {
    ...{ work: 'temporaryPower', level: 'withConfinedSpace', said: '临时用电', hours: 24, accepts: owner },
    ...{ answers: { ...power, forWork: 'confinedSpace' }, signs: ['wang', 'areaOwner', 'electrician!'] },
  },
  {
    ...{ work: 'excavation', level: 'only', said: '动土', hours: 168, answers: dig, accepts: owner },
    signs: ['wang', 'areaOwner', 'electrician', 'director', 'officerA', 'head!'],
  },
  {
    ...{ work: 'roadClosure', level: 'only', said: '断路', hours: 168, accepts: owner },
    answers: no('poorVisibility', 'shortFixedPoint'),
    signs: ['wang', 'areaOwner', 'officerA', 'head!'],
  },
]

/** The sample of a work at a level. Throws for one that there is not. */
export const sampleOf = (work: WorkType, level = 'only', profile: SiteProfile = 'hazchem'): Sample => {
  const found = samples.find((one) => one.work === work && one.level === level && (one.profile ?? 'hazchem') === profile)
  if (!found) throw new Error(`no sample of ${work} ${level}`)
  return found
}
