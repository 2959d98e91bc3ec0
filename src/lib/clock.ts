/** Milliseconds. Every duration in this code base is one; build them with the functions below. */
export type Millis = number

export const seconds = (n: number): Millis => n * 1000
export const minutes = (n: number): Millis => n * 60_000
export const hours = (n: number): Millis => n * 3_600_000
export const days = (n: number): Millis => n * 86_400_000

/** Business time: deadlines, SLA, back-off, replay windows, token life. Movable when every connection is a sandbox. */
export type Clock = { readonly now: () => Date }

/** Time that never jumps: leases, socket and HTTP time-outs, measurements. Milliseconds since an arbitrary start. */
export type Monotonic = { readonly now: () => Millis }

/** A clock that can be set ahead of the machine's: the offset comes from one database row, so replicas and restarts agree. */
export type MovableClock = Clock & { readonly offset: () => Millis; readonly setOffset: (offset: Millis) => void }

/** The machine's clock plus an offset that starts at zero. Real deployments never call `setOffset`. */
export const createClock = (): MovableClock => {
  let offset = 0
  return {
    now: () => new Date(Date.now() + offset),
    offset: () => offset,
    setOffset: (next) => {
      offset = next
    },
  }
}

export const monotonic: Monotonic = { now: () => performance.now() }

export const later = (at: Date, by: Millis): Date => new Date(at.getTime() + by)

/** The first instant from `at` on that is a whole multiple of `step`: what need not be exact is due together, and costs one round instead of many. */
export const gathered = (at: Date, step: Millis): Date => new Date(Math.ceil(at.getTime() / step) * step)

/** Zones change their offset at whole quarters of an hour. */
const quarter = minutes(15)
const mostOffsets = 10_000
const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, Millis>()

const formatFor = (timeZone: string): Intl.DateTimeFormat => {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' })
    formats.set(timeZone, format)
  }
  return format
}

/** How far a zone's clocks are ahead of UTC; kept for each quarter of an hour, because asking the zone data costs more than everything around it. */
const offsetAt = (at: Date, timeZone: string): Millis => {
  const start = Math.floor(at.getTime() / quarter) * quarter
  const name = `${timeZone}\n${start}`
  const known = offsets.get(name)
  if (known !== undefined) return known
  const local = new Date(`${formatFor(timeZone).format(start).replace(', ', 'T')}Z`).getTime()
  if (offsets.size > mostOffsets) offsets.clear()
  offsets.set(name, local - start)
  return local - start
}

/** Calendar parts of an instant in a named time zone, whatever the zone of the process. Throws RangeError for an unknown zone. */
export const inZone = (at: Date, timeZone: string): { day: string; date: string; time: string } => {
  const local = later(at, offsetAt(at, timeZone)).toISOString()
  const date = local.slice(0, 10)
  return { day: date.replaceAll('-', ''), date, time: local.slice(11, 19) }
}
