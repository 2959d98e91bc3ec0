/** Counts what leaves for one chat when more is wanted than its platform allows. The windows are long here, so that nothing refills while a test runs. */
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFeishu } from '../../src/bots/feishu/platform.ts'
import { chatLimits, platformLimits } from '../../src/bots/limits.ts'
import { type Budget, type ChatPlatform, DeliveryError, type Destination } from '../../src/bots/platform.ts'
import { createWecom } from '../../src/bots/wecom/platform.ts'
import { createBuckets } from '../../src/db/buckets.ts'
import { type Database, migrate } from '../../src/db/database.ts'
import { openPglite } from '../../src/db/pglite.ts'
import { scratch } from '../support/scratch.ts'
import { failure as failed, useApi } from './dingtalk-api.ts'
import { card, createPorts, connection as feishu, person } from './feishu-kit.ts'
import { addressOf, closeServers, failure, json, ok, serve } from './feishu-server.ts'
import { type Api, createApi, ok as well } from './wecom-api.ts'
import { now, portsAt, connection as wecom } from './wecom-kit.ts'

const anHour = 3_600_000
type Platform = keyof typeof chatLimits

let database: Database
beforeAll(async () => {
  database = await openPglite(join(scratch('andon-chats-'), 'db'))
  await migrate(database.db)
})
afterAll(() => database.close())
afterEach(closeServers)

/** The platform's own numbers over an hour instead of their second or minute: no call comes back into the window. */
const stretched = (platform: Platform) => {
  const { person, group, message } = chatLimits[platform]
  const hourly = (windows: readonly { readonly calls: number }[]) =>
    windows.slice(0, 1).map(({ calls }) => ({ calls, per: anHour }))
  return { person: hourly(person), group: hourly(group), message: hourly(message) }
}

let nth = 0
const budgetOf = (platform: Platform): Budget => {
  nth += 1
  return createBuckets({
    ...{ database, connection: `${platform}-${nth}`, monotonic: { now: () => 0 }, limits: {} },
    refuse: () => new DeliveryError('temporary', 'app', { scope: 'connection' }),
    chats: {
      limits: stretched(platform),
      refuse: (wait) => new DeliveryError('temporary', 'own-budget', { scope: 'account', retryAfter: wait }),
    },
  })
}

const tries = async (platform: ChatPlatform, to: Destination, count: number): Promise<readonly PromiseSettledResult<unknown>[]> =>
  Promise.allSettled(
    Array.from({ length: count }, (_, n) => platform.send(to, { kind: 'card', card: { ...card, tone: 'danger' } }, `eff_${n}`)),
  )
const taken = (all: readonly PromiseSettledResult<unknown>[]): number => all.filter(({ status }) => status === 'fulfilled').length

describe('Feishu', () => {
  it('five messages leave for one person and five for one group, even red ones; others are not held back', async () => {
    const { server, asked } = await serve((_, response) => json(response, ok))
    const platform = createFeishu({ ...feishu, apiBase: addressOf(server) }, { ...createPorts(), budget: budgetOf('feishu') })
    expect(taken(await tries(platform, { kind: 'account', account: person }, 12))).toBe(5)
    expect(taken(await tries(platform, { kind: 'group', conversation: 'oc_1' }, 12))).toBe(5)
    expect(taken(await tries(platform, { kind: 'account', account: 'ou_other' }, 1))).toBe(1)
    expect(asked).toHaveLength(11)
    const error = await failure(platform.send({ kind: 'account', account: person }, { kind: 'text', text: 'x' }, 'e'))
    expect(error).toMatchObject({ kind: 'temporary', because: 'own-budget', scope: 'account' })
    expect(error.retryAfter).toBeGreaterThan(0)
  })

  it('five changes of one message', async () => {
    const { server, asked } = await serve((_, response) => json(response, { code: 0, msg: 'ok', data: {} }))
    const platform = createFeishu({ ...feishu, apiBase: addressOf(server) }, { ...createPorts(), budget: budgetOf('feishu') })
    const red = { ...card, tone: 'danger' } as const
    const changes = await Promise.allSettled(Array.from({ length: 8 }, () => platform.update('om_1', {}, red)))
    expect(taken(changes)).toBe(5)
    await platform.update('om_2', {}, red)
    expect(asked).toHaveLength(6)
  })
})

describe('WeCom', () => {
  let api: Api
  beforeEach(async () => {
    api = await createApi()
  })
  afterEach(() => api.close())

  it('thirty messages to one member, by whichever call; a list leaves out whoever has had them', async () => {
    api.answers('message/send', well({ msgid: 'MSG-1', response_code: 'RC' }))
    const platform = createWecom({ ...wecom, apiBase: api.base }, { ...portsAt(now), budget: budgetOf('wecom') })
    expect((await platform.broadcast(['liwei', 'wangfang'], { text: '演练', urgent: true }, 'e')).passedBy).toEqual([])
    expect(taken(await tries(platform, { kind: 'account', account: 'liwei' }, 40))).toBe(29)
    expect(api.of('message/send')).toHaveLength(30)
    expect((await platform.broadcast(['liwei', 'wangfang'], { text: '演练', urgent: true }, 'e')).passedBy).toMatchObject([
      { account: 'liwei' },
    ])
    expect(api.of('message/send').at(-1)?.body.touser).toBe('wangfang')
  })
})

describe('DingTalk', () => {
  const api = useApi()

  it('twenty messages into one group, cards or words; a person has no limit of their own', async () => {
    api.ports = { ...api.ports, budget: budgetOf('dingtalk') }
    api.script = ({ path }) => ({
      body: path.includes('/card/')
        ? { success: true, result: { deliverResults: [{ success: true, spaceId: 'x', spaceType: 'IM_GROUP' }] } }
        : { processQueryKey: 'pk', invalidStaffIdList: [], flowControlledStaffIdList: [] },
    })
    const platform = api.platform()
    const group = { kind: 'group', conversation: 'cid1==' } as const
    const cards = await tries(platform, group, 12)
    expect(taken(cards)).toBe(12)
    expect(taken(await tries(api.platform(), group, 12))).toBe(8)
    expect(api.asked).toHaveLength(20)
    expect((await failed(platform.send(group, { kind: 'text', text: 'x' }, 'e'))).because).toBe('own-budget')
    expect(taken(await tries(platform, { kind: 'account', account: 'u_chen' }, 25))).toBe(25)
  })
})

it('what a chat allows is never more than what the app may do', () => {
  const rate = ({ calls, per }: { readonly calls: number; readonly per: number }): number => calls / per
  for (const platform of ['feishu', 'dingtalk', 'wecom'] as const)
    for (const windows of Object.values(chatLimits[platform]))
      for (const window of windows) expect(rate(window)).toBeLessThanOrEqual(Math.max(...platformLimits[platform]['*'].map(rate)))
})
