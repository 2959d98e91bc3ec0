import { hours, type Millis, minutes, seconds } from '../../src/lib/clock.ts'
import { sha256 } from '../../src/lib/crypto.ts'
import { counted, type PermitDesk, permitAt, rowsOf } from './permit-desk.ts'
import type { World } from './permit-model.ts'
import { calm, permitPlant, pin } from './permit-plant.ts'
import { sampleOf } from './permit-works.ts'

type Command = { readonly type: string } & Readonly<Record<string, unknown>>
export type Game = {
  readonly desk: PermitDesk
  readonly world: World
  repeat: () => void
  readonly from: number
  readonly to: number
}

/** The code that a phone at the work point shows, computed from the secret of the desk. */
const digitsNow = ({ subject, now }: PermitDesk): string => {
  const hash = sha256(`the secret of this desk\nwork point\n${subject}\n${Math.floor(now().getTime() / minutes(1))}`)
  return String(Number.parseInt(hash.slice(0, 12), 16) % 1_000_000).padStart(6, '0')
}
const shown = (desk: PermitDesk) => ({ digits: digitsNow(desk), position: desk.position(), pin })
const gas = (desk: PermitDesk, point: string, value: string, age: Millis): Command => ({
  ...{ type: 'recordGas', kind: 'combustible', substance: 'methane', value, unit: 'vol%', point },
  ...{ instrument: 'GD-07', calibrationDue: '2027-03-01', sampledAt: new Date(desk.now().getTime() - age).toISOString() },
})

const plate = { ...sampleOf('blindPlate'), answers: { ...sampleOf('blindPlate').answers, riskArea: '是' } }
const platesNearby = rowsOf(permitAt('jsa', { number: 2, sample: plate, form: { hours: '8' } })).filter(
  ({ name }) => name === 'permit-place',
)

/** Who sends what, in groups that are drawn as one step. */
type Acts = (desk: PermitDesk) => readonly (readonly [string, Command])[]
const needs = ['fullVideo', 'writtenPlan', 'positivePressure', 'stablePlant', 'continuousDetector']
const one =
  (who: string, command: Command): Acts =>
  () => [[who, command]]
export const people: Readonly<Record<string, Acts>> = {
  submit: one('chen', { type: 'submit' }),
  analyse: one('wang', { type: 'confirmJsa' }),
  tick: ({ state, exists, rules }) =>
    exists() && state().pack !== null
      ? rules().measures.map(({ id }) => ['welder', { type: 'confirmMeasure', line: id, involved: 'yes', value: '1' }])
      : [],
  isolate: one('wang', { type: 'addIsolation', what: '阀门', kind: 'process' }),
  brief: one('wang', { type: 'brief' }),
  receive: () => ['welder', 'fitter', 'guard', 'guard2'].map((who) => [who, { type: 'receiveBriefing' }]),
  sign: (desk) =>
    ['wang', 'areaOwner', 'safetyDirector', 'director', 'prodLead', 'officerA'].map((who) => [
      who,
      { type: 'sign', ...shown(desk) },
    ]),
  sendBack: one('director', { type: 'sendBack', reason: '不同意' }),
  declare: () => needs.map((need) => ['wang', { type: 'declare', need }]),
  goodGas: (desk) => ['contents', 'around'].map((point) => ['analyst', gas(desk, point, '0.1', 0)]),
  oldGas: (desk) => ['contents', 'around'].map((point) => ['analyst', gas(desk, point, '0.1', minutes(31))]),
  badGas: (desk) => [['analyst', gas(desk, 'around', '0.6', seconds(30))]],
  earlyGas: (desk) => [['analyst', gas(desk, 'around', '0.1', -seconds(50))]],
  strayGas: (desk) => [['analyst', { ...gas(desk, 'around', '0.1', hours(20)), substance: 'hydrogen' }]],
  checkIn: (desk) => [['guard', { type: 'checkIn', ...shown(desk) }]],
  answer: (desk) => [['guard', { type: 'answerPulse', ...shown(desk), digits: '' }]],
  farAway: (desk) => [['guard', { type: 'answerPulse', digits: '', position: desk.position({ lat: 30.73, lng: 121.33 }) }]],
  start: one('wang', { type: 'start' }),
  pause: one('wang', { type: 'pause', reason: '' }),
  stopWork: one('welder', { type: 'stopWork', reason: '' }),
  change: one('guard', { type: 'reportChange', reason: '物料变了' }),
  resume: one('wang', { type: 'resume' }),
  makeReady: (desk) => [...(people.declare?.(desk) ?? []), ...(people.goodGas?.(desk) ?? []), ...(people.checkIn?.(desk) ?? [])],
  goOn: (desk) => [...(people.makeReady?.(desk) ?? []), ['wang', { type: 'start' }], ['wang', { type: 'resume' }]],
  complete: one('wang', { type: 'complete', ...counted }),
  miscount: one('wang', { type: 'complete', people: '1', tools: '3' }),
  revoke: one('guard', { type: 'revoke', reason: '违章' }),
  cancel: one('chen', { type: 'cancel', reason: '' }),
  reissue: one('chen', { type: 'reissue' }),
  meddle: one('admin', { type: 'stopWork' }),
  fill: one('chen', { type: 'fill', hours: '720' }),
}
export const machine: Readonly<Record<string, Command>> = {
  alarm: { type: 'suspendBy', because: 'gasAlarm', detail: '' },
  unreachable: { type: 'reportUnreachable', person: 'guard', duty: 'pulse' },
  unreachableSigner: { type: 'reportUnreachable', person: 'director', duty: 'sign:approver' },
  conflict: { type: 'noteConflict', with: 'ZY-1', leader: 'wang', rule: '7.6' },
  recheck: { type: 'recheck' },
}
/** What the world does; whoever brings the news asks the permit to look again. */
export const news: Readonly<Record<string, (game: Game) => void>> = {
  calm: (game) => sees(game, 2),
  windy: (game) => sees(game, 5),
  expired: (game) => void Object.assign(game.world, { certified: false }),
  certified: (game) => void Object.assign(game.world, { certified: true }),
  guardLeaves: (game) => void Object.assign(game.world, { guardEmployed: false }),
  guardReturns: (game) => void Object.assign(game.world, { guardEmployed: true }),
  plates: (game) => void Object.assign(game.world, { plates: true }),
  noPlates: (game) => void Object.assign(game.world, { plates: false }),
}
const sees = ({ desk, world }: Game, windForce: number): void => {
  Object.assign(world, { windForce, weatherAt: desk.now().getTime() })
  desk.weather({ ...calm, windForce })
}
export const bring = (game: Game, what: string): void => {
  news[what]?.(game)
  const { certified, guardEmployed, plates } = game.world
  game.desk.setPlant(permitPlant({ inactive: guardEmployed ? [] : ['guard'], held: certified ? {} : { welder: [] } }))
  game.desk.put('permit-place', ...(plates ? platesNearby : []))
  game.desk.asSystem({ type: 'recheck' })
}
