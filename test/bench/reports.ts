/**
 * Reports at a steady rate for some seconds, on all that a plant has at its worst hour: words at 50 a second until the lead's card is accepted, and photos as chats shrink
 * them at 10 a second until the lead's card shows the picture. Neither may let a queue grow.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { quantile } from './figures.ts'
import type { Outcome } from './generator.ts'
import { accountOf, credentials, leadOn, type PlatformName, platforms } from './plant.ts'
import type { Service } from './service.ts'
import { checked, type Stage } from './stage.ts'
import type { Collected } from './stand-in.ts'
import { connections, nextRun } from './throughput.ts'

const database = 'andon'

type Queues = { readonly effects: number; readonly jobs: number }

/** What waits to be sent now, and what waits to be developed. Looks and digests wait for their time and are no queue. */
const queues = async (stage: Stage): Promise<Queues> => {
  const [row] = await stage.postgres.query<{ effects: string; jobs: string }>(
    database,
    `select (select count(*) from effect where state in ('waiting', 'leased') and kind not in ('check', 'digest')) as effects,
      (select count(*) from pgboss.job where name = 'photo' and state in ('created', 'active', 'retry')) as jobs`,
  )
  return { effects: Number(row?.effects ?? 0), jobs: Number(row?.jobs ?? 0) }
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length

type Load = {
  readonly platforms: readonly PlatformName[]
  readonly perSecond: number
  readonly seconds: number
  readonly pictures: false | 'chat'
}

/** Fires a load and looks at the queues twice a second while it runs. */
const fireWatched = async (
  stage: Stage,
  service: Service,
  load: Load,
): Promise<{ readonly outcome: Outcome; readonly seen: readonly Queues[] }> => {
  const { platforms: from, perSecond, seconds, pictures } = load
  const messages = {
    kind: 'messages',
    platforms: from,
    count: perSecond * seconds,
    run: nextRun(),
    firstWorker: 0,
    pictures,
  } as const
  let firing = true
  const watch = async (): Promise<readonly Queues[]> => {
    const seen = [await queues(stage)]
    for (; firing; await sleep(500)) seen.push(await queues(stage))
    return seen
  }
  const fired = stage.fire({ port: service.port, connections, perSecond, offset: service.offset(), load: messages, must: '' })
  const watched = watch()
  const outcome = await fired.finally(() => {
    firing = false
  })
  return { outcome, seen: await watched }
}

/** How much longer the queues are in the last third of the load than in the second; a second's worth of arrivals is chance. */
const putQueues = (stage: Stage, name: string, seen: readonly Queues[], perSecond: number): void => {
  const third = Math.ceil(seen.length / 3)
  const [first, middle, last] = [seen.slice(0, third), seen.slice(third, 2 * third), seen.slice(-third)]
  for (const queue of ['effects', 'jobs'] as const) {
    const of = (some: readonly Queues[]): number => mean(some.map((one) => one[queue]))
    const note = `start ${of(first).toFixed(1)}, middle ${of(middle).toFixed(1)}, end ${of(last).toFixed(1)}`
    const plan = {
      name: `${name}: growth of the queue of ${queue}`,
      unit: 'count',
      target: { of: 'value', most: perSecond },
    } as const
    stage.sheet.put(plan, of(last) - of(middle), note)
  }
}

const begin = async (stage: Stage, service: Service): Promise<void> => {
  await service.nextMinute()
  await service.settled(60_000)
  await stage.collect()
}

const textReports = async (stage: Stage, service: Service): Promise<void> => {
  const load = { platforms, perSecond: 50, seconds: Math.max(10, stage.settings.seconds * 3), pictures: false } as const
  await begin(stage, service)
  const { outcome, seen } = await fireWatched(stage, service, load)
  checked(stage, '50 text reports/s', outcome)
  await service.settled(60_000)
  const { cards } = await stage.collect()
  const late = outcome.sentAt.flatMap(([token, at], n) => {
    const lead = leadOn[platforms[n % platforms.length] ?? 'feishu']
    const card = cards.find((one) => one.token === token && one.platform === lead)
    return card ? [card.at - at] : []
  })
  const note = `median ${quantile(late, 0.5).toFixed(0)} ms, longest ${quantile(late, 1).toFixed(0)} ms of ${late.length}`
  stage.sheet.put(
    { name: '50 text reports/s, the lead’s card: p95', unit: 'ms', target: { of: 'value', most: 1_000 } },
    quantile(late, 0.95),
    note,
  )
  stage.sheet.put(
    { name: '50 text reports/s: cards missing', unit: 'count', target: { of: 'value', most: 0 } },
    outcome.asked - late.length,
  )
  putQueues(stage, '50 text reports/s', seen, load.perSecond)
}

/** Of whom a card can show a picture: WeCom's cards show none, so DingTalk's workers, whose leads are there, send none. */
const photographers = ['feishu', 'wecom'] as const

/** The message of the lead's card by the account of who reported, for cases that were reported since. */
const leadCards = async (stage: Stage, since: number): Promise<ReadonlyMap<string, string>> => {
  const rows = await stage.postgres.query<{ account: string; message: string }>(
    database,
    `select i.connection || '/' || i.account as account, c.message from inbox i join live_card c on c.subject = i.subject
      where i.kind = 'message' and i.arrived_at >= to_timestamp(${since / 1000}) and c.connection <> i.connection`,
  )
  return new Map(rows.map(({ account, message }) => [account, message]))
}

const picturedAfter = (outcome: Outcome, messages: ReadonlyMap<string, string>, { pictured }: Collected): readonly number[] =>
  outcome.sentAt.flatMap(([, at], n) => {
    const platform = photographers[n % photographers.length] ?? 'feishu'
    const worker = accountOf(platform, 'worker', Math.floor(n / photographers.length))
    const shown = pictured[messages.get(`${credentials[platform].id}/${worker}`) ?? '']
    return shown === undefined ? [] : [shown - at]
  })

const photoReports = async (stage: Stage, service: Service): Promise<void> => {
  const load = {
    platforms: photographers,
    perSecond: 10,
    seconds: Math.max(10, stage.settings.seconds * 5),
    pictures: 'chat',
  } as const
  await begin(stage, service)
  const since = Date.now() + service.offset()
  const { outcome, seen } = await fireWatched(stage, service, load)
  checked(stage, '10 photo reports/s', outcome)
  await service.settled(120_000)
  const late = picturedAfter(outcome, await leadCards(stage, since), await stage.collect())
  const note = `median ${quantile(late, 0.5).toFixed(0)} ms, longest ${quantile(late, 1).toFixed(0)} ms of ${late.length}`
  stage.sheet.put(
    { name: '10 photo reports/s, the picture on the card: p95', unit: 'ms', target: { of: 'value', most: 10_000 } },
    quantile(late, 0.95),
    note,
  )
  stage.sheet.put(
    { name: '10 photo reports/s: pictures missing', unit: 'count', target: { of: 'value', most: 0 } },
    outcome.asked - late.length,
  )
  putQueues(stage, '10 photo reports/s', seen, load.perSecond)
}

export const reports = async (stage: Stage, service: Service): Promise<void> => {
  stage.say('reports at a steady rate: words, then photos')
  await textReports(stage, service)
  await photoReports(stage, service)
}
