/** Faults by name and seed: what goes wrong between the platforms and the service, repeatable to the draw. */
import type { FaultName, Faults, VendorName } from './contract.ts'
import { createRandom, seedFor } from './random.ts'

type Point = 'push' | 'press' | 'api' | 'socket'

/** Where each fault can strike; the words are those of the contract. */
export const faultPoints: Readonly<Record<FaultName, readonly Point[]>> = {
  twice: ['push', 'press'],
  late: ['push', 'press', 'api'],
  never: ['push', 'press', 'api'],
  reordered: ['push'],
  e429: ['api'],
  e500: ['api'],
  lostAnswer: ['api'],
  tokenExpired: ['api'],
  cut: ['socket'],
  halfOpen: ['socket'],
}

export const faultNames = Object.keys(faultPoints) as FaultName[]

/** A fault that was asked for. `share` of the exchanges it may strike, at most `times`; `seconds` is how late, or how long. */
export type FaultOrder = {
  readonly name: FaultName
  readonly surface: VendorName | null
  readonly seed: number
  readonly share: number
  readonly times: number | null
  readonly seconds: number
}

export type FaultCount = FaultOrder & { readonly id: string; readonly asked: number; readonly struck: number }

export type FaultBook = Faults & {
  readonly add: (order: FaultOrder) => FaultCount
  readonly list: () => readonly FaultCount[]
  readonly clear: () => number
}

type Active = {
  readonly id: string
  readonly order: FaultOrder
  asked: number
  struck: number
  readonly draws: Map<string, () => number>
}

const count = ({ id, order, asked, struck }: Active): FaultCount => ({ id, ...order, asked, struck })

/** One stream of draws for each surface and point: the order in which platforms happen to be busy does not change who is struck. */
const draw = (fault: Active, surface: VendorName, point: Point): number => {
  const place = `${surface}/${point}`
  const stream = fault.draws.get(place) ?? createRandom(seedFor(fault.order.seed, place))
  fault.draws.set(place, stream)
  return stream()
}

const mayStrike = ({ order, struck }: Active, surface: VendorName, point: Point, allowed: readonly FaultName[]): boolean =>
  allowed.includes(order.name) &&
  faultPoints[order.name].includes(point) &&
  (order.surface === null || order.surface === surface) &&
  (order.times === null || struck < order.times)

/** `changed` is told of every strike and every change of the book. */
export const createFaults = (changed: () => void): FaultBook => {
  let active: Active[] = []
  let last = 0
  return {
    strike: (surface, point, allowed) => {
      for (const fault of active) {
        if (!mayStrike(fault, surface, point, allowed)) continue
        fault.asked += 1
        if (!(draw(fault, surface, point) < fault.order.share)) continue
        fault.struck += 1
        changed()
        return { name: fault.order.name, seconds: fault.order.seconds }
      }
      return null
    },
    add: (order) => {
      last += 1
      const fault: Active = { id: `fault_${last}`, order, asked: 0, struck: 0, draws: new Map() }
      active.push(fault)
      changed()
      return count(fault)
    },
    list: () => active.map(count),
    clear: () => {
      const gone = active.length
      active = []
      changed()
      return gone
    },
  }
}
