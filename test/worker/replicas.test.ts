import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ChildService, createChildService } from '../support/child-service.ts'
import { freePort } from '../support/free-port.ts'
import { type Pooler, poolerKind, startPooler } from '../support/pgbouncer.ts'
import { scratch } from '../support/scratch.ts'
import { doubled, factOf, hazards, newestCard, nodeEnv, openSite, type Site, teams, until } from './site.ts'

type Replica = { readonly url: string; readonly data: string; readonly service: ChildService }

const startReplica = async (site: Site, url: string, pooled: boolean): Promise<Replica> => {
  const data = scratch('andon-replica-')
  const port = await freePort()
  const service = createChildService(nodeEnv(site, { url, pooled, port, data }))
  await service.start()
  return { url: `http://127.0.0.1:${port}`, data, service }
}

/** Words that no two reports of this test share, each of a kind of its own: the third of a kind at one place is a repeated hazard, which is called anew. */
const troubles = [
  '阀门渗漏',
  '地面积水',
  '灯具接地不良',
  '灭火器过期',
  '盖板松动',
  '吊钩变形',
  '压力表失灵',
  '皮带跑偏',
  '报警器不响',
  '有人未戴安全帽',
] as const

describe.each([
  { way: 'PostgreSQL', pooled: false },
  { way: poolerKind, pooled: true },
] as const)('two replicas on one database, through $way', ({ pooled }) => {
  let site: Site
  let pooler: Pooler | null = null
  let replicas: readonly Replica[] = []

  beforeAll(async () => {
    site = await openSite()
    pooler = pooled ? await startPooler(site.database.url) : null
    const url = pooler?.url ?? site.database.url
    replicas = await Promise.all([startReplica(site, url, pooled), startReplica(site, url, pooled)])
    await site.serve(replicas.map((one) => one.url))
    await site.settles()
  })
  afterAll(async () => {
    for (const { service, data } of replicas) {
      await service.kill()
      rmSync(data, { recursive: true, force: true })
    }
    await pooler?.close()
    await site?.close()
  })

  const names = async (): Promise<readonly string[]> =>
    (await site.db.selectFrom('replica').select('id').orderBy('id').execute()).map(({ id }) => id)

  test('pushes go to both in turn, often twice: one case for each arrival, nothing doubled', async () => {
    await site.post('/faults', { name: 'twice', seed: 11, share: 0.5 })
    for (const [index, trouble] of troubles.entries()) {
      const team = teams[index % teams.length] ?? teams[0]
      await site.post('/clock/jump', { minutes: 2 })
      await site.says(team.reporter, `${team.place}${trouble}`)
    }
    await fetch(`${site.sandbox.url}/faults`, { method: 'DELETE' })
    await site.settles()
    const cases = await hazards(site.db)
    expect(cases.length).toBe(troubles.length)
    expect(new Set(cases.map(({ code }) => code)).size).toBe(troubles.length)
    expect(await doubled(site.db)).toEqual([])
    const lanes = await site.db.selectFrom('seal').select('lane').distinct().execute()
    expect(lanes.length).toBe(2)
    for (const { lead } of teams) {
      const texts = (await site.sees(lead)).filter(({ title }) => title.includes('隐患待处理')).map(({ text }) => text)
      expect(new Set(texts).size).toBe(texts.length)
    }
  })

  test('a press answered by one replica flips the cards that the other has sent', async () => {
    for (const { lead, reporter } of teams) {
      const card = newestCard(await site.sees(lead), '隐患待处理')
      const [code = ''] = /YH-[\w-]+/.exec(card.text) ?? []
      expect((await site.presses(lead, '接单', card.id)).status).toBe('answered')
      await site.settles()
      const mine = (await site.sees(reporter)).findLast(({ text }) => text.includes(code))
      expect(factOf(mine ?? null, '状态')).toBe('已接单')
    }
  })

  test('killed with messages in hand, one replica leaves them to the other, and each is seen once', async () => {
    const [dying, living] = replicas
    if (!dying || !living) throw new Error('two replicas were started')
    const before = await names()
    expect(before.length).toBe(2)
    await site.serve([dying.url])
    await site.post('/faults', { name: 'late', surface: 'dingtalk', seed: 5, share: 1, seconds: 60 })
    await site.says('feng-xue', '变电所门锁损坏')
    const held = () => site.db.selectFrom('effect').select(['id', 'lease_owner']).where('state', '=', 'leased').execute()
    await until(async () => (await held()).length === 1)
    const owner = (await held())[0]?.lease_owner
    await dying.service.kill()
    await fetch(`${site.sandbox.url}/faults`, { method: 'DELETE' })
    await site.serve([living.url])
    await site.settles()
    const asked = (await site.sees('xu-lei')).filter(({ kind, text }) => kind === 'card' && text.includes('变电所门锁损坏'))
    expect(asked.length, living.service.said()).toBe(1)
    expect(await names()).toEqual(before.filter((id) => id !== owner))
    const unfinished = await site.db.selectFrom('effect').select('kind').where('state', 'not in', ['done', 'dropped']).execute()
    expect(unfinished).toEqual([])
  })
})
