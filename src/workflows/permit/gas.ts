import { seconds } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { clip } from '../../lib/text.ts'
import { judge } from '../../rules/permits/gas.ts'
import { isCalibrated } from '../../rules/permits/gas-window.ts'
import type { GasLimit } from '../../rules/permits/rule-pack.ts'
import type { GasUnit } from '../../rules/permits/substances.ts'
import { iso, isRefusal, nameOf } from '../pieces.ts'
import { accept, type Facts, type Plant } from '../workflow.ts'
import { type Arm, cite, frozenRules, whoIn } from './common.ts'
import { evolvePermit } from './evolve.ts'
import { gasNow } from './gas-now.ts'
import type { GasSample, PermitState } from './permit.ts'
import { pastInstantSaid } from './said.ts'
import { type Suspended, suspendNow } from './suspend.ts'
import { nextWatch } from './watch-times.ts'

/** Fields of one gas value, as the page or words give them. `sampledAt` a time of the day or an instant; all text. */
export const gasFields = ['kind', 'substance', 'value', 'unit', 'point', 'instrument', 'calibrationDue', 'sampledAt'] as const

const kinds: readonly GasLimit['kind'][] = ['combustible', 'oxygen', 'toxic']
const units: readonly GasUnit[] = ['vol%', 'LEL%', 'mg/m3', 'ppm']

/** Who may enter values: a gas analyst of the site, an attendant, the work leader; each value carries who took it. */
export const mayMeasure = ({ crew, place }: PermitState, person: string, plant: Plant): boolean =>
  plant.holders('gasAnalyst', plant.site).includes(person) ||
  (place !== null && plant.holders('gasAnalyst', place.area).includes(person)) ||
  crew?.workLeader === person ||
  crew?.attendants.includes(person) === true

/** A value beyond its limit stops work that goes on, and so does one after which the tests no longer count. */
const stopFor = (after: PermitState, { passed, substance, value, unit }: GasSample, facts: Facts): Suspended => {
  const because = passed ? 'gasExpired' : 'gasAlarm'
  return passed && gasNow(after, facts.plant, facts.at).kind === 'valid'
    ? { events: [], effects: [] }
    : suspendNow(after, { because, detail: `${substance} ${value}${unit}`, by: null }, facts)
}

/** 记录气体检测. One value with instrument, calibration, point, substance, unit and the time of sampling. A value beyond its limit stops work that goes on. */
export const recordGas: Arm<'recordGas'> = (state, command, facts) => {
  const by = whoIn(state, facts, ['measures', 'briefing', 'signing', 'issued', 'active', 'suspended'])
  if (isRefusal(by)) return by
  const { code } = state
  if (!mayMeasure(state, by.id, facts.plant)) return refuse('measures-not', { code, name: nameOf(facts.plant, by.id) })
  const { pack, rules } = frozenRules(state, facts)
  if (!rules.gas) return refuse('no-gas-here', { code })
  const form = command as Readonly<Record<string, string>>
  const kind = kinds.find((one) => one === form.kind)
  const unit = units.find((one) => one === form.unit)
  const value = /^\d{1,6}(\.\d{1,6})?$/.test(form.value?.trim() ?? '') ? Number(form.value) : null
  const at = pastInstantSaid(form.sampledAt ?? '', facts)
  const instrument = clip(form.instrument?.trim() ?? '', 40)
  const calibrationDue = form.calibrationDue?.trim() ?? ''
  const lacking = [
    ...(kind ? [] : ['kind']),
    ...(unit ? [] : ['unit']),
    ...(value === null ? ['value'] : []),
    ...(at ? [] : ['sampledAt']),
    ...(instrument === '' ? ['instrument'] : []),
    ...(/^\d{4}-\d{2}-\d{2}$/.test(calibrationDue) ? [] : ['calibrationDue']),
  ]
  if (!kind || !unit || value === null || !at || lacking.length > 0)
    return refuse('gas-incomplete', { code, fields: lacking.join(',') })
  if (at.getTime() > facts.at.getTime() + seconds(60)) return refuse('gas-from-the-future', { code })
  const point =
    rules.gas.points.find(({ id, label }) => id === form.point || label === form.point)?.id ?? clip(form.point?.trim() ?? '', 40)
  const reading = { kind, substance: form.substance?.trim() || kind, value, unit }
  const judged = judge(rules.gas, state.answers, reading)
  if (judged.kind === 'refused')
    return refuse(`gas-${judged.because}`, { code, substance: reading.substance }, cite(pack, rules.gas.sampleAge.clause))
  const sample: GasSample = {
    ...{
      id: `g${state.gas.length + 1}`,
      point,
      ...reading,
      instrument,
      calibrationDue,
      // A clock that is a little ahead took it now at the latest: a value of later would void the one before and prove nothing yet.
      sampledAt: iso(at.getTime() > facts.at.getTime() ? facts.at : at),
      enteredAt: iso(facts.at),
    },
    analyst: by.id,
    passed: judged.kind === 'judged' ? judged.passed : true,
    limit: judged.kind === 'judged' ? judged.limit : '',
    clause: judged.kind === 'judged' ? judged.clause : '',
  }
  if (!isCalibrated(sample, facts.plant.timeZone))
    return refuse('instrument-not-calibrated', { code, instrument, date: calibrationDue }, cite(pack, '4.12'))
  const after = { ...state, gas: [...state.gas, sample] }
  const stop = stopFor(after, sample, facts)
  return accept(
    [{ type: 'gasRecorded', sample }, ...stop.events],
    [...stop.effects, ...nextWatch(stop.events.reduce<PermitState>(evolvePermit, after), facts)],
    sample.passed ? 'gas-passed' : 'gas-failed',
    { code, limit: sample.limit },
  )
}
