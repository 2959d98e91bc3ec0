import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Call } from '../../sandbox/integrations.ts'
import { factOf, hazards, newestCard, openSite, type Site, workerVars } from './site.ts'
import { type RunningWorker, startWorker } from './wrangler.ts'

type Outside = { readonly alarms: readonly object[]; readonly calls: readonly { readonly id: string }[] }

const outside = JSON.parse(readFileSync(new URL('../../demo/integrations.json', import.meta.url), 'utf8')) as Outside

/** The demo's sources and targets, the targets on the sandbox. */
const outsideVars = ({ sandbox }: Site): Readonly<Record<string, string>> => ({
  ALARMS: JSON.stringify(outside.alarms),
  CALLS: JSON.stringify(outside.calls.map((one) => ({ ...one, url: `${sandbox.url}/calls/${one.id}` }))),
})

let site: Site
let worker: RunningWorker

beforeAll(async () => {
  site = await openSite()
  worker = await startWorker(site.database.url, (address) => ({ ...workerVars(site, address), ...outsideVars(site) }))
  await site.serve([worker.url])
  await worker.minute()
})
afterAll(async () => {
  await worker?.close()
  await site?.close()
})

const alarm = { camera: { id: 'CAM-07', area: 'A罐区' }, event: { type: 'intrusion', name: '有人闯入' } }
type Sent = { readonly status: number; readonly answer: unknown; readonly nonce: string }

test('an alarm through a Worker is on the team lead’s phone, and the same one again is the same', async () => {
  const first = await site.post<Sent>('/alarms/ai-camera', alarm)
  expect(first, worker.said().slice(-2_000)).toMatchObject({ status: 200, answer: { status: 'accepted' } })
  const again = await site.post<Sent>(`/alarms/ai-camera?nonce=${first.nonce}`, alarm)
  expect(again).toMatchObject({ status: 200, answer: { status: 'repeated' } })
  await site.settles()
  expect(factOf(newestCard(await site.sees('jiang-tao'), '隐患待处理'), '告警来源')).toBe('AI 摄像头 CAM-07')
  expect(await hazards(site.db)).toHaveLength(1)
})

test('what is not proven is refused, and an unknown source is nobody', async () => {
  const before = await hazards(site.db)
  const body = JSON.stringify(alarm)
  expect((await fetch(`${worker.url}/hooks/alarms/ai-camera`, { method: 'POST', body })).status).toBe(401)
  expect((await fetch(`${worker.url}/hooks/alarms/nobody`, { method: 'POST', body })).status).toBe(404)
  expect(await hazards(site.db)).toEqual(before)
})

test('a Worker makes the calls to systems outside that wait, signed', async () => {
  const [subject] = await hazards(site.db)
  const at = new Date()
  await site.db
    .insertInto('effect')
    .values({
      site: 'SH01',
      id: 'eff_0123456789abcdefghijklmno',
      subject: subject?.id ?? '',
      revision: 1,
      kind: 'callOut',
      payload: JSON.stringify({ target: 'hr', event: 'allowance.freeze', body: { person: 'E1001' } }),
      urgent: false,
      due_at: at,
      created_at: at,
      state: 'waiting',
      attempts: 0,
      maybe_sent: false,
      fence: 0,
    })
    .execute()
  await worker.minute()
  const calls = (await (await fetch(`${site.sandbox.url}/calls`)).json()) as readonly Call[]
  expect(calls, worker.said().slice(-2_000)).toMatchObject([
    { target: 'hr', event: 'allowance.freeze', key: 'eff_0123456789abcdefghijklmno', verified: true, status: 200 },
  ])
})
