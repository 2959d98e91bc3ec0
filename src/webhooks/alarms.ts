import { type Context, Hono } from 'hono'
import type { AlarmFailure } from '../engine/alarm-failures.ts'
import { alarmStops, type Suspends } from '../engine/alarm-stops.ts'
import type { Arrival, Outcome } from '../engine/arrival.ts'
import type { FoundPermit } from '../engine/open-permits.ts'
import { type Clock, hours, type Millis, minutes, seconds } from '../lib/clock.ts'
import { sha256 } from '../lib/crypto.ts'
import { idFor } from '../lib/id.ts'
import { type Fields, fieldsOf, readJson } from '../lib/json.ts'
import type { Log } from '../lib/log.ts'
import { excerpt, utf8 } from '../lib/text.ts'
import type { LoadedPlant } from '../people/plant.ts'
import { type Alarm, type AlarmMapping, largestAlarm, largestBody, photoLength, readAlarm } from './alarm-mapping.ts'
import { readBody } from './platforms.ts'
import { isSigned, type Proof, readProof } from './signature.ts'

/** A camera system, gas detection or other source of alarms, as configured. */
export type AlarmSource = AlarmMapping & {
  readonly id: string
  readonly secret: string
  readonly site: string
  /** Later alarms of the same device join its open case for this long. */
  readonly sameCaseHours: number
  /** Its alarms stop the permits that are active in their area; none where it is left out. */
  readonly suspends?: Suspends | undefined
}

export type AlarmDoor = {
  readonly sources: readonly AlarmSource[]
  readonly clock: Clock
  /** The site of a source that names none. */
  readonly siteOf: (connection: string) => string
  readonly handle: (arrival: Arrival, within?: Millis) => Promise<Outcome>
  /** Keeps a picture and gives its key. */
  readonly keep: (bytes: Uint8Array) => Promise<string>
  /** What goes on at a site, for sources whose alarms stop it. */
  readonly openPermits: (site: string, at: Date) => Promise<{ readonly permits: readonly FoundPermit[] }>
  readonly plantOf: (site: string) => Promise<LoadedPlant>
  readonly refused: (connection: string, because: string) => void
  /** Remembers that an authentic alarm became no case, and tells the operators where they must mend something. Never rejects. */
  readonly failed: (failure: AlarmFailure) => Promise<void>
  readonly log: Log
}

/** How far the sender's clock and the travel of a call may be from ours. */
const window = minutes(5)
/** A sender waits this long at most; then it is told to come again. */
const answerWithin = seconds(10)

type Answer = { readonly status: 200 | 400 | 401 | 404 | 413 | 422 | 500 | 503; readonly word: string }
/** `fields` where the alarm was proven authentic: the names in its body. */
type Turned = Answer & { readonly because: string; readonly fields?: readonly string[] }
type Read = { readonly alarm: Alarm; readonly key: string }

const turn = (status: Answer['status'], because: string, word = ''): Turned => ({ status, word, because })

const bytesOf = async (request: Request, most: number): Promise<Uint8Array | Turned> => {
  try {
    return (await readBody(request, most)) ?? turn(413, 'too-large')
  } catch {
    return turn(400, 'truncated')
  }
}

const isStale = ({ timestamp }: Proof, clock: Clock): boolean =>
  !(Math.abs(clock.now().getTime() - Number(timestamp) * 1_000) <= window)

const isTurned = (value: object): value is Turned => 'because' in value

/** Everything that proves an alarm, cheapest first, before a byte of the body is believed. Its own words are read after that. */
const readRequest = async (request: Request, source: AlarmSource, clock: Clock): Promise<Read | Turned> => {
  const proof = readProof((name) => request.headers.get(name))
  if (!proof) return turn(401, 'unsigned')
  if (isStale(proof, clock)) return turn(401, 'stale')
  const bytes = await bytesOf(request, largestBody(source))
  if (isTurned(bytes)) return bytes
  if (!isSigned(source.secret, proof, bytes)) return turn(401, 'wrong-signature')
  const body = fieldsOf(readJson(utf8(bytes)))
  if (!body) return { ...turn(400, 'not-json', 'the body must be a JSON object'), fields: [] }
  if (bytes.byteLength - photoLength(body, source) > largestAlarm) return { ...turn(413, 'too-large'), fields: [] }
  const alarm = readAlarm(body, source)
  // A nonce used for two bodies names two alarms: a sender's mistake must not lose the second.
  return alarm
    ? { alarm, key: `${proof.nonce}/${sha256(bytes).slice(0, 16)}` }
    : { ...turn(422, 'nothing-mapped', 'the body has neither the device nor the text of the mapping'), fields: namesIn(body) }
}

/** The first names of a body, as words of one line. */
const namesIn = (body: Fields): readonly string[] =>
  Object.keys(body)
    .slice(0, 8)
    .map((name) => excerpt(name, 20).replaceAll(/[\s\p{C}]+/gu, ' '))

type File = { readonly id: string; readonly kind: 'photo'; readonly connection: string; readonly ref: { readonly blob: string } }

/** The picture in the store; none when it cannot be kept, because the alarm must not wait for it. */
const pictureOf = async ({ alarm, key }: Read, connection: string, door: AlarmDoor): Promise<readonly File[]> => {
  if (alarm.photoRefused) door.refused(connection, 'photo')
  if (!alarm.photo) return []
  try {
    return [{ id: idFor('fil', `${connection}/${key}`), kind: 'photo', connection, ref: { blob: await door.keep(alarm.photo) } }]
  } catch (error) {
    door.log.error('the picture of an alarm could not be kept', { connection, error: String(error) })
    return []
  }
}

const arrivalOf = (source: AlarmSource, { alarm, key }: Read, files: readonly File[], door: AlarmDoor): Arrival => {
  const connection = `alarm:${source.id}`
  const { photo: _, photoRefused: __, ...words } = alarm
  const command = { type: 'raise', source: connection, ...words, within: hours(source.sameCaseHours) }
  return {
    source: 'system',
    connection,
    site: source.site || door.siteOf(connection),
    key,
    subject: idFor('haz', `${connection}/${key}`),
    workflow: 'hazard',
    command: { ...command, files: files.map((file) => ({ ...file, name: null })) },
  }
}

/** What each outcome is to the sender: 5xx is tried again, everything else is not. */
const answers: Readonly<Record<Outcome['kind'], Answer>> = {
  decided: { status: 200, word: 'accepted' },
  repeated: { status: 200, word: 'repeated' },
  ignored: { status: 422, word: 'ignored' },
  refused: { status: 422, word: 'refused' },
  quarantined: { status: 500, word: 'quarantined' },
  busy: { status: 503, word: 'busy' },
  undecided: { status: 503, word: 'busy' },
}

/**
 * Stops the work that goes on where the alarm is, before its case is opened. Each stop has a key of the alarm, so that an alarm that is sent again stops nothing
 * twice. False when one could not be recorded: then the sender is told to come again, whatever became of the case.
 */
const stopPermits = async (source: AlarmSource, { alarm, key }: Read, door: AlarmDoor): Promise<boolean> => {
  const { suspends, id } = source
  if (!suspends) return true
  const connection = `alarm:${id}`
  try {
    const site = source.site || door.siteOf(connection)
    const { permits } = await door.openPermits(site, door.clock.now())
    const { plant } = await door.plantOf(site)
    const stops = alarmStops({ alarm, suspends, connection, site, key }, permits, plant)
    const kinds = await Promise.all(stops.map(async (one) => (await door.handle(one, answerWithin)).kind))
    return kinds.every((kind) => kind === 'decided' || kind === 'repeated' || kind === 'refused')
  } catch (error) {
    door.log.error('an alarm could not stop the permits of its area', { connection, error: String(error) })
    return false
  }
}

/** What the same alarm would come to again, however often it is sent. */
const lasting: ReadonlySet<string> = new Set(['refused', 'ignored', 'quarantined'] satisfies Outcome['kind'][])

const fail = ({ id, name, site }: AlarmSource, because: string, fields: readonly string[], door: AlarmDoor): Promise<void> =>
  door.failed({ source: id, name, site: site || door.siteOf(`alarm:${id}`), because, fields })

const answer = async (request: Request, source: AlarmSource, door: AlarmDoor): Promise<Answer> => {
  const connection = `alarm:${source.id}`
  const read = await readRequest(request, source, door.clock)
  if (isTurned(read)) {
    door.refused(connection, read.because)
    if (read.fields) await fail(source, read.because, read.fields, door)
    return read
  }
  const stopped = await stopPermits(source, read, door)
  const files = await pictureOf(read, connection, door)
  const { kind } = await door.handle(arrivalOf(source, read, files, door), answerWithin)
  if (kind !== 'decided') door.refused(connection, kind)
  if (lasting.has(kind)) await fail(source, kind, [], door)
  return stopped ? answers[kind] : answers.busy
}

const respond = (c: Context, { status, word }: Answer): Response =>
  word === '' ? c.text('', status) : c.json(status === 200 ? { status: word } : { error: word }, status)

/**
 * `POST /hooks/alarms/<source>`: an alarm of a camera or sensor becomes a case. Whatever is not proven is refused before it is read, changes nothing and
 * is counted; an unknown source is answered as any address that nobody serves.
 */
export const createAlarms = (door: AlarmDoor): Hono => {
  const sources = new Map(door.sources.map((source) => [source.id, source]))
  const app = new Hono()
  app.post('/hooks/alarms/:source', async (c) => {
    const source = sources.get(c.req.param('source'))
    if (source) return respond(c, await answer(c.req.raw, source, door))
    door.refused('alarm', 'unknown-source')
    return c.text('', 404)
  })
  return app
}
