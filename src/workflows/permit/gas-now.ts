import { type GasMoment, type GasVerdict, gasVerdict } from '../../rules/permits/gas-window.ts'
import type { Plant } from '../workflow.ts'
import { rulesOf } from './common.ts'
import type { PermitState } from './permit.ts'

/** Where the gas tests of a permit stand at an instant. */
export const momentOf = (state: PermitState, plant: Plant, at: Date): GasMoment => ({
  samples: state.gas,
  facts: state.answers,
  level: state.level?.level ?? '',
  workingSince: state.workingSince,
  stoppedAt: state.stoppedAt,
  at,
  timeZone: plant.timeZone,
})

/** Whether the tests let work start, go on or resume at this instant. */
export const gasNow = (state: PermitState, plant: Plant, at: Date): GasVerdict => {
  const found = rulesOf(state, plant, at)
  return gasVerdict(found?.rules.gas ?? null, momentOf(state, plant, at))
}
