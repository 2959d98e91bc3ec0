import { rmSync } from 'node:fs'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Seen } from '../../sandbox/contract.ts'
import { type ChildService, createChildService } from '../support/child-service.ts'
import { freePort } from '../support/free-port.ts'
import { type Pooler, poolerKind, startPooler } from '../support/pgbouncer.ts'
import { scratch } from '../support/scratch.ts'
import { doubled, factOf, hazards, newestCard, nodeEnv, openSite, type Site, teams, until, workerVars } from './site.ts'
import { type RunningWorker, startWorker } from './wrangler.ts'

/** The ways from a Worker to its database. */
const ways = [
  { way: 'PostgreSQL', pooled: false },
  { way: poolerKind, pooled: true },
] as const

const readyz = async (url: string): Promise<{ status: number; body: { ready: boolean; reasons: string[]; note?: string } }> => {
  const response = await fetch(`${url}/readyz`)
  return { status: response.status, body: (await response.json()) as { ready: boolean; reasons: string[]; note?: string } }
}

describe.each(ways)('the Worker in workerd, through $way', ({ pooled }) => {
  let site: Site
  let pooler: Pooler | null = null
  let worker: RunningWorker
  let url: string

  beforeAll(async () => {
    site = await openSite()
    pooler = pooled ? await startPooler(site.database.url) : null
    url = pooler?.url ?? site.database.url
    worker = await startWorker(url, (address) => workerVars(site, address))
    await site.serve([worker.url])
  })
  afterAll(async () => {
    await worker?.close()
    await pooler?.close()
    await site?.close()
  })

  test('alone, it says what it cannot promise, and is ready when its cron has run', async () => {
    expect(await readyz(worker.url)).toMatchObject({ status: 503, body: { ready: false, reasons: ['the cron has not run yet'] } })
    await worker.minute()
    const { status, body } = await readyz(worker.url)
    expect({ status, body }, worker.said().slice(-2_000)).toMatchObject({ status: 200, body: { ready: true, reasons: [] } })
    expect(body.note).toMatch(/need one Node replica/)
    expect((await fetch(`${worker.url}/healthz`)).status).toBe(200)
  })

  test.each(teams)(
    'a hazard in words from $on: the team lead takes it in time, and the other cards follow',
    async ({ reporter, lead, words }) => {
      await site.says(reporter, words)
      await site.settles()
      const asked = newestCard(await site.sees(lead), '隐患待处理')
      expect(asked.text).toContain(words)
      const pressed = await site.presses(lead, '接单', asked.id)
      expect(pressed.status).toBe('answered')
      await site.settles()
      expect(factOf(newestCard(await site.sees(reporter), '隐患已上报'), '状态')).toBe('已接单')
      const leads = (await site.sees(lead)).filter(({ kind, text }) => kind === 'card' && text.includes(words))
      expect(leads.map((card) => factOf(card, '状态')).at(-1)).toBe('已接单')
    },
  )

  test('an arrival that comes twice is one case', async () => {
    const before = await hazards(site.db)
    await site.post('/faults', { name: 'twice', seed: 7, times: 3 })
    for (const { reporter, words } of teams) await site.says(reporter, `${words}，又来一处`)
    await site.settles()
    await fetch(`${site.sandbox.url}/faults`, { method: 'DELETE' })
    const after = await hazards(site.db)
    expect(after.length - before.length).toBe(3)
    expect(await doubled(site.db)).toEqual([])
  })

  test('what is due comes with the cron, and not before', async () => {
    await site.post('/clock/jump', { minutes: 121 })
    const before = (await site.sees('wang-qiang')).length
    await fetch(`${worker.url}/readyz`)
    expect((await site.sees('wang-qiang')).length).toBe(before)
    await worker.minute()
    await site.settles()
    const climbed = (await site.sees('wang-qiang')).filter(({ title }) => title.includes('隐患待处理'))
    expect(climbed.map(({ tone }) => tone)).toEqual(['danger', 'danger', 'danger'])
    expect(await doubled(site.db)).toEqual([])
  })

  test('a forged callback is refused and leaves nothing behind', async () => {
    const before = await site.db.selectFrom('inbox').select('key').execute()
    for (const id of ['feishu-demo', 'dingtalk-demo', 'wecom-demo']) {
      const response = await fetch(`${worker.url}/hooks/${id}?msg_signature=0&timestamp=0&nonce=0`, {
        method: 'POST',
        body: '{"encrypt":"AAAA"}',
      })
      expect(response.status, id).toBeGreaterThanOrEqual(400)
    }
    expect((await fetch(`${worker.url}/hooks/nobody`, { method: 'POST', body: '' })).status).toBe(404)
    expect((await fetch(`${worker.url}/sandbox/clock`)).status).toBe(403)
    expect(await site.db.selectFrom('inbox').select('key').execute()).toEqual(before)
  })

  test('a page opens from a card, and a press on it reaches everybody', async () => {
    type Opened = { readonly url: string; readonly session: { readonly status: number; readonly cookie: string } }
    await site.says('feng-xue', '变电所门口积水')
    await site.settles()
    const card = newestCard(await site.sees('xu-lei'), '隐患待处理')
    const { url: page, session } = await site.post<Opened>('/people/xu-lei/opens', { message: card.id, label: '查看详情' })
    expect(session.status).toBe(200)
    expect(new URL(page).origin).toBe(worker.url)
    const subject = new URL(page).pathname.split('/').pop() ?? ''
    const html = await fetch(page, { headers: { cookie: session.cookie } })
    expect(html.headers.get('content-type')).toMatch(/^text\/html/)
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(await html.text())?.[1] ?? 'none'
    expect((await fetch(`${worker.url}${script}`)).status).toBe(200)
    const api = `${worker.url}/api/cases/${subject}`
    expect((await fetch(api)).status).toBe(401)
    const shown = await (await fetch(api, { headers: { cookie: session.cookie } })).text()
    expect(shown).toContain('变电所门口积水')
    const key = /hazard\.accept:[^"]+/.exec(shown)?.[0] ?? 'none'
    const answered = await fetch(`${api}/commands`, {
      method: 'POST',
      headers: { cookie: session.cookie, 'content-type': 'application/json', 'x-andon': '1' },
      body: JSON.stringify({ command: key, form: {}, key: 'press-0001' }),
    })
    expect(answered.status, await answered.text()).toBe(200)
    await site.settles()
    expect(factOf(newestCard(await site.sees('feng-xue'), '隐患已上报'), '状态')).toBe('已接单')
  })

  test('a database of real cases is refused at once, and taken again as soon as it is ours', async () => {
    const mark = (value: string) => site.db.updateTable('meta').set({ value }).where('key', '=', 'kind').execute()
    const before = await site.db.selectFrom('inbox').select('key').execute()
    await mark('real')
    const response = await fetch(`${worker.url}/hooks/wecom-demo`, { method: 'POST', body: '<xml/>' })
    expect(response.status).toBe(503)
    expect((await readyz(worker.url)).body.reasons).toEqual([expect.stringMatching(/for real cases, the connections are demo/)])
    await mark('demo')
    expect(await site.db.selectFrom('inbox').select('key').execute()).toEqual(before)
    await worker.minute()
    expect((await readyz(worker.url)).status).toBe(200)
  })

  test('reads from a cache make it not ready', async () => {
    const say = (note: string) => site.db.updateTable('beat').set({ note }).where('name', '=', 'fresh-reads').execute()
    await say('false')
    expect((await readyz(worker.url)).body).toMatchObject({
      ready: false,
      reasons: [expect.stringContaining('--caching-disabled')],
    })
    await worker.minute()
    expect((await readyz(worker.url)).status).toBe(200)
  })

  test('no visit leaves a connection behind', async () => {
    const others = async (): Promise<number> => {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_stat_activity
        where datname = ${site.database.name} and backend_type = 'client backend' and pid <> pg_backend_pid()`.execute(site.db)
      return rows[0]?.n ?? 0
    }
    await site.settles()
    // What stays is the test's own pool of two, and what the pooler keeps open for everybody.
    await until(async () => (await others()) <= (pooled ? 4 : 1))
  })

  test('a photo waits for a Node replica and the card says so; the replica is called after the commit', async () => {
    const ear = new pg.Client({ connectionString: site.database.url })
    await ear.connect()
    const heard = new Promise((resolve) => ear.once('notification', resolve))
    await ear.query('listen andon')
    await site.post('/people/zhang-wei/sends', { kind: 'photo', sample: 'oil-leak.jpg', text: '3号泵房地面有油' })
    await site.settles()
    await heard
    await ear.end()
    expect(factOf(newestCard(await site.sees('zhang-wei'), '隐患已上报'), '照片')).toBe('1 张接收中')
    const jobs = await site.db
      .selectFrom('effect')
      .select(['state', 'attempts', 'lease_owner'])
      .where('kind', '=', 'job')
      .execute()
    expect(jobs).toEqual([{ state: 'waiting', attempts: 0, lease_owner: null }])
    await worker.minute()
    expect(
      await site.db.selectFrom('effect').select(['state', 'attempts', 'lease_owner']).where('kind', '=', 'job').execute(),
    ).toEqual(jobs)
  })

  describe('beside a Node replica', () => {
    let node: ChildService
    let data: string
    let port: number
    const held = () => site.db.selectFrom('effect').select(['id', 'lease_owner']).where('state', '=', 'leased').execute()
    const cardsOf = async (person: string, words: string): Promise<readonly Seen[]> =>
      (await site.sees(person)).filter(({ kind, text }) => kind === 'card' && text.includes(words))
    /** The Node replica has looked for the dead this often since now. */
    const looks = async (times: number): Promise<void> => {
      let last = ''
      let seen = -1
      await until(async () => {
        const row = await site.db
          .selectFrom('replica')
          .select('beat_real')
          .where('runtime', '<>', 'hyperdrive')
          .executeTakeFirst()
        const beat = String(row?.beat_real.getTime())
        if (beat !== last) seen += 1
        last = beat
        return seen >= times
      })
    }

    beforeAll(async () => {
      data = scratch('andon-node-')
      port = await freePort()
      node = createChildService(nodeEnv(site, { url, pooled, port, data }))
      await node.start()
    })
    afterAll(async () => {
      await node?.stop()
      rmSync(data, { recursive: true, force: true })
    })

    test('the photo that waited is developed, and the Worker promises what Node does', async () => {
      await until(async () => (await cardsOf('zhang-wei', '3号泵房地面有油')).some(({ images }) => images.length === 1))
      const { status, body } = await readyz(worker.url)
      expect({ status, body }).toEqual({ status: 200, body: { ready: true, reasons: [] } })
    })

    test('a press through the Worker leaves the picture on the card', async () => {
      const [card] = await cardsOf('li-na', '3号泵房地面有油')
      expect(card?.images.length).toBe(1)
      expect((await site.presses('li-na', '接单', card?.id ?? '')).status).toBe('answered')
      await site.settles()
      const [after] = await cardsOf('li-na', '3号泵房地面有油')
      expect(after?.images.length).toBe(1)
      expect(factOf(after ?? null, '状态')).toBe('已接单')
    })

    test('a slow Worker keeps what it holds', async () => {
      await site.post('/faults', { name: 'late', surface: 'feishu', seed: 3, share: 1, seconds: 4 })
      await site.says('zheng-hao', '二车间照明损坏')
      await until(async () => (await held()).length === 1)
      await looks(2)
      expect((await held()).map(({ lease_owner }) => lease_owner?.[0])).toEqual(['w'])
      await fetch(`${site.sandbox.url}/faults`, { method: 'DELETE' })
      await site.settles()
      expect((await cardsOf('yang-guang', '二车间照明损坏')).length).toBe(1)
      expect(await doubled(site.db)).toEqual([])
    })

    test('a Worker that dies with messages in hand loses none: the other sends them, and they are seen once', async () => {
      await site.post('/faults', { name: 'late', surface: 'dingtalk', seed: 3, share: 1, seconds: 60 })
      await site.says('han-bing', '检修现场气瓶未固定')
      await until(async () => (await held()).length === 1)
      await worker.close()
      await fetch(`${site.sandbox.url}/faults`, { method: 'DELETE' })
      await site.serve([`http://127.0.0.1:${port}`])
      await site.settles()
      expect((await cardsOf('qian-feng', '检修现场气瓶未固定')).length, node.said()).toBe(1)
      const unfinished = await site.db.selectFrom('effect').select('kind').where('state', 'not in', ['done', 'dropped']).execute()
      expect(unfinished).toEqual([])
      expect(await site.db.selectFrom('replica').select('id').where('runtime', '=', 'hyperdrive').execute()).toEqual([])
    })
  })
})
