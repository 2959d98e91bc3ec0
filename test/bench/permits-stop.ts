/**
 * STOP pressed on a card: how long until every card of the permit says so on every platform, from the instant the press was to arrive until the last card is accepted. Cards that
 * hang are changed (Feishu, DingTalk), and everybody who is called gets a new one that rings; on WeCom, where nothing can be changed unasked, the new one is what counts. Then
 * the same with each platform down in turn: the others must not wait for it, and once it is back the rest must follow.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { actionKey } from '../../src/cards/action-key.ts'
import { quantile, type RowPlan } from './figures.ts'
import { type Flip, type Front, openFront } from './front.ts'
import { now } from './generator.ts'
import { type PlatformName, platforms } from './plant.ts'
import { profileFlags, type Service, startService } from './service.ts'
import { checked, type Stage } from './stage.ts'
import { calledBy, codeOf, database, type Hung, hangPermits, subjectOf } from './stop-base.ts'

/** Stops of one group. */
const groupSize = 10
/** One each 2.5 s: seven safety officers are called by every stop, and WeCom lets an app send one member 30 messages a minute. */
const perSecond = 0.4
const most = 5_000
/** 已停止 as the generator reads answers: byte by byte. */
const stoppedBytes = Buffer.from('已停止').toString('latin1')
/** Who presses: the answer repaints their own card, so it must be on a platform whose answer can and that is up. */
const pressers: Readonly<Record<PlatformName | 'none', PlatformName>> = {
  none: 'feishu',
  feishu: 'dingtalk',
  dingtalk: 'feishu',
  wecom: 'dingtalk',
}

type Ground = { readonly stage: Stage; readonly service: Service; readonly front: Front; readonly hung: readonly Hung[] }
type Stop = { readonly card: Hung; readonly at: number }

const ms = (name: string, bound?: number): RowPlan => ({
  name,
  unit: 'ms',
  ...(bound !== undefined && { target: { of: 'value', most: bound } }),
})

/** Presses 停止作业 on one card of each permit of the group; gives when each press was to arrive. */
const press = async ({ stage, service, hung }: Ground, first: number, down: PlatformName | null): Promise<readonly Stop[]> => {
  const platform = pressers[down ?? 'none']
  const cards = Array.from({ length: groupSize }, (_, k) => {
    const card = hung.find((one) => one.n === first + k && one.platform === platform)
    if (!card) throw new Error(`permit ${first + k} has no card on ${platform}`)
    return card
  })
  const presses = cards.map(({ n, account, message, revision }) => {
    const key = actionKey({ workflow: 'permit', command: 'stopWork', subject: subjectOf(n), revision })
    return { platform, account, message, key }
  })
  const load = { kind: 'presses', presses } as const
  const outcome = await stage.fire({
    ...{ port: service.port, connections: 8, perSecond, offset: service.offset(), load, must: stoppedBytes },
  })
  checked(stage, `STOP pressed, ${down ?? 'none'} down`, outcome)
  const sentAt = new Map(outcome.sentAt)
  return cards.map((card) => ({ card, at: sentAt.get(card.message) ?? Number.NaN }))
}

/** Every card that must say that its work is stopped, by permit; but for the one that was pressed, which the answer itself repaints. */
const flipsOf = async ({ stage, hung }: Ground, stops: readonly Stop[]): Promise<ReadonlyMap<number, readonly Flip[]>> => {
  const called = await calledBy(stage)
  return new Map(
    stops.map(({ card: { n, message } }) => {
      const code = codeOf(n)
      const shown = called.filter((one) => one.n === n)
      const changed = hung.filter((one) => one.n === n && one.platform !== 'wecom' && one.message !== message)
      if (shown.length < hung.filter((one) => one.n === n).length) throw new Error(`${code} has called ${shown.length} people`)
      return [
        n,
        [
          ...shown.map(({ platform, account }): Flip => ({ kind: 'shown', platform, target: account, code })),
          ...changed.map(({ platform, message: target }): Flip => ({ kind: 'changed', platform, target, code })),
        ],
      ]
    }),
  )
}

/** Waits until all are accepted, or so many seconds. Gives those that are not. */
const missing = async (front: Front, flips: readonly Flip[], seconds: number): Promise<readonly Flip[]> => {
  const left = (): readonly Flip[] => flips.filter((one) => front.acceptedAt(one) === undefined)
  for (let tries = 0; tries < seconds * 5 && left().length > 0; tries += 1) await sleep(200)
  return left()
}

/** Milliseconds until the last of them was accepted; Infinity when one was not. */
const lastOf = (front: Front, flips: readonly Flip[], since: number): number =>
  Math.max(...flips.map((one) => (front.acceptedAt(one) ?? Number.POSITIVE_INFINITY) - since))

type Told = {
  readonly times: readonly number[]
  /** Milliseconds from the return of the platform that was down to its last card; NaN when none was. */
  readonly rest: number
  /** Milliseconds for which it was down. */
  readonly away: number
  readonly lost: number
  readonly note: string
}

/** How long cards of each kind took on each platform: half of them, and the slowest. */
const spreadOf = (front: Front, stops: readonly Stop[], flips: ReadonlyMap<number, readonly Flip[]>): string => {
  const all = stops.flatMap(({ card, at }) => (flips.get(card.n) ?? []).map((flip) => ({ flip, ms: lastOf(front, [flip], at) })))
  return (['shown', 'changed'] as const)
    .flatMap((kind) => platforms.map((platform) => ({ kind, platform })))
    .map(({ kind, platform }) => {
      const of = all.filter(({ flip }) => flip.kind === kind && flip.platform === platform).map((one) => one.ms)
      return of.length === 0 ? '' : `${platform} ${kind} ${quantile(of, 0.5).toFixed(0)}–${quantile(of, 1).toFixed(0)} ms`
    })
    .filter(Boolean)
    .join(', ')
}

/** One group of stops, with a platform down from before the first until everything on the others is accepted. */
const group = async (ground: Ground, first: number, down: PlatformName | null): Promise<Told> => {
  const { front } = ground
  front.down(down)
  const left = now()
  const stops = await press(ground, first, down)
  const flips = await flipsOf(ground, stops)
  const all = [...flips.values()].flat()
  const isUp = ({ platform }: Flip): boolean => platform !== down
  const lost = await missing(front, all.filter(isUp), 60)
  const returned = now()
  front.down(null)
  const late = all.filter((one) => !isUp(one))
  const lostLate = await missing(front, late, 180)
  return {
    times: stops.map(({ card, at }) => lastOf(front, (flips.get(card.n) ?? []).filter(isUp), at)),
    rest: late.length === 0 ? Number.NaN : lastOf(front, late, returned),
    away: returned - left,
    lost: lost.length + lostLate.length,
    note: `${all.length / groupSize} cards each; ${spreadOf(front, stops, flips)}`,
  }
}

/** `name` says what was up, `last` which card was waited for. */
const put = ({ stage }: Ground, name: string, last: string, told: readonly Told[]): void => {
  const times = told.flatMap((one) => one.times)
  const note = `${times.length} stops, one each ${1 / perSecond} s; ${told.at(-1)?.note ?? ''}`
  stage.sheet.put(ms(`STOP, ${name}: ${last}, median`), quantile(times, 0.5))
  stage.sheet.put(ms(`STOP, ${name}: ${last}, p99`, most), quantile(times, 0.99), note)
  for (const { rest, away } of told) {
    const plan = ms(`STOP, ${name}: the rest after its return`, most)
    if (!Number.isNaN(rest)) stage.sheet.put(plan, rest, `it was away for ${(away / 1000).toFixed(0)} s`)
  }
  const lost = told.reduce((sum, one) => sum + one.lost, 0)
  stage.sheet.put({ name: `STOP, ${name}: cards not flipped`, unit: 'count', target: { of: 'value', most: 0 } }, lost)
}

const play = async (ground: Ground, permits: number): Promise<void> => {
  const groups = Math.floor(permits / groupSize)
  const calm: Told[] = []
  for (let n = 0; n < groups - platforms.length; n += 1) calm.push(await group(ground, n * groupSize, null))
  put(ground, 'all platforms up', 'last card flipped', calm)
  for (const [k, down] of platforms.entries()) {
    ground.stage.say(`STOP: ${down} is down`)
    put(ground, `${down} down`, 'last card on the others', [
      await group(ground, (groups - platforms.length + k) * groupSize, down),
    ])
  }
  ground.stage.sheet.nextRound()
}

/** All rows, among so many permits whose work goes on; at least one group with all platforms up and one for each that is down. */
export const permitsStop = async (stage: Stage, wished: number): Promise<void> => {
  const permits = Math.max(wished, (platforms.length + 1) * groupSize)
  const front = await openFront(stage.platformsPort)
  const url = await stage.postgres.createDatabase(database)
  const flags = stage.settings.profile ? profileFlags('bench-results', database) : []
  const service = await startService({
    ...{ folder: join(stage.folder, database), plant: stage.plant, platformsPort: front.port, database: url, flags },
  })
  stage.say(`STOP: ${permits} permits whose work goes on`)
  const hung = await hangPermits(stage, service, permits)
  await play({ stage, service, front, hung }, permits)
  await service.process.stop()
  await front.close()
}
