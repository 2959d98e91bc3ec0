/** What every part of the double is given. */
import type { World } from '../contract.ts'
import type { Delivery } from './delivery.ts'
import type { Limits } from './limits.ts'
import type { Screens } from './screens.ts'
import type { State } from './state.ts'

export type Kernel = {
  readonly world: World
  readonly state: State
  readonly limits: Limits
  readonly screens: Screens
  readonly delivery: Delivery
}
