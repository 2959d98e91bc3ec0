import type { OpenPermit } from '../workflows/permit/rows.ts'
import type { Plant } from '../workflows/workflow.ts'
import { boardText as text } from './text/permit-board-page.ts'
import { fill, spokenTime } from './words.ts'

export type Light = 'red' | 'yellow' | 'green'

/** A permit as it publishes itself; null where that cannot be read. `stale`: its clock has stopped, so that what it says may not be true any more. */
export type BoardPermit = { readonly permit: OpenPermit | null; readonly subject: string; readonly stale: boolean }

export type BoardRow = {
  readonly light: Light
  readonly status: string
  readonly code: string
  readonly work: string
  readonly place: string
  readonly leader: string
  readonly guards: string
  readonly left: string
}

/** Work that ends so soon is yellow. Our own figure; milliseconds. */
const soon = 30 * 60_000

const order: Readonly<Record<Light, number>> = { red: 0, yellow: 1, green: 2 }

type Told = { readonly light: Light; readonly status: string }

/** What is unknown, stopped or past its end is red; what waits or ends soon is yellow; only work that goes on with time left is green. */
const toldOf = ({ permit, stale }: BoardPermit, at: Date): Told => {
  if (!permit) return { light: 'red', status: text.unreadable }
  const left = new Date(permit.to).getTime() - at.getTime()
  const status = text.status[permit.status] ?? permit.status
  if (permit.status === 'suspended' || permit.status === 'expired' || permit.status === 'revoked') return { light: 'red', status }
  if (!(left > 0)) return { light: 'red', status: permit.status === 'completed' ? status : text.over }
  if (stale) return { light: 'red', status: text.stale }
  if (permit.status !== 'active') return { light: 'yellow', status }
  return left > soon ? { light: 'green', status } : { light: 'yellow', status: text.ending }
}

const duration = (millis: number): string => {
  const whole = Math.max(0, Math.floor(millis / 60_000))
  const [hours, minutes] = [Math.floor(whole / 60), whole % 60]
  return fill(hours > 0 ? text.hours : text.minutes, { hours: String(hours), minutes: String(minutes) })
}

const leftOf = (permit: OpenPermit, at: Date, { timeZone }: Plant): string => {
  const until = spokenTime(permit.to, at, timeZone)
  const left = new Date(permit.to).getTime() - at.getTime()
  if (!(left > 0)) return fill(text.past, { time: duration(-left), until })
  if (new Date(permit.from).getTime() > at.getTime()) return fill(text.starts, { from: spokenTime(permit.from, at, timeZone) })
  return fill(text.left, { time: duration(left), until })
}

const namesOf = (ids: readonly string[], { persons }: Plant): string =>
  ids.map((id) => persons.get(id)?.name ?? id).join('、') || text.nobody

const rowOf = (one: BoardPermit, at: Date, plant: Plant): BoardRow => {
  const { permit } = one
  const told = toldOf(one, at)
  if (!permit)
    return { ...told, code: one.subject, ...{ work: '', place: '', leader: text.nobody, guards: text.nobody, left: '' } }
  const area = plant.areas.find(({ id }) => id === permit.area)?.name ?? permit.area
  return {
    ...told,
    code: permit.code,
    work: [permit.name, permit.level].filter((word) => word !== '').join(' '),
    place: [area, permit.point].filter((word) => word !== '').join(' '),
    leader: namesOf([permit.leader], plant),
    guards: namesOf(permit.attendants, plant),
    left: leftOf(permit, at, plant),
  }
}

const endOf = ({ permit }: BoardPermit): string => permit?.to ?? ''

/** The board: red first, and of one light what ends first. Pure. */
export const boardOf = (permits: readonly BoardPermit[], at: Date, plant: Plant) => {
  const rows = permits
    .map((one) => ({ row: rowOf(one, at, plant), end: endOf(one) }))
    .sort(
      (a, b) =>
        order[a.row.light] - order[b.row.light] ||
        (a.end < b.end ? -1 : a.end > b.end ? 1 : 0) ||
        (a.row.code < b.row.code ? -1 : 1),
    )
    .map(({ row }) => row)
  const count = (light: Light): number => rows.filter((row) => row.light === light).length
  return { rows, counts: { red: count('red'), yellow: count('yellow'), green: count('green') } }
}
