import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import { cardOf, casesSeenBy, codeIn, expectAnswered, factOf, looksAt } from '../support/acts.ts'
import { story } from '../support/story.ts'
import { across, once } from '../support/world.ts'
import { freshNonce, helmet, refusals, repairs, secondsNow, sendAlarm, verifies } from './alarms-kit.ts'

const picture = readFileSync(new URL('../../demo/photos/oil-leak.jpg', import.meta.url))
const snapshot = picture.toString('base64')

story('a camera raises an alarm: the team lead of its area takes it, repairs it, and it is closed', across, async (stage) => {
  const { people, world, settles, clock } = stage
  const { leadOne } = people
  const sent = await world.post<{ status: number; answer: unknown }>('/alarms/ai-camera', helmet({ snapshot }))
  expect(sent).toMatchObject({ status: 200, answer: { status: 'accepted' } })
  await settles()
  const card = await leadOne.seesCard('隐患待处理', {
    facts: { 告警来源: 'AI 摄像头 CAM-07', 建议区域: '3号泵房', 建议等级: /^黄/ },
    text: '未戴安全帽 1 人',
  })
  const code = codeIn(card)
  expectAnswered(await leadOne.presses('接单', {}, card.id))
  await repairs(leadOne, code)
  const verifiers = await verifies(stage)
  await clock.passes(20_000)
  expect(factOf(await cardOf(leadOne, code), '状态')).toBe('已关闭')
  await looksAt(leadOne, ...verifiers)
  await people.everyone.seesNothingElse()
})

story(
  'the same alarm three times, at once and hours apart, is one case; later ones of the device join it',
  once,
  async (stage) => {
    const { people, clock, settles } = stage
    const { leadOne, leadTwo } = people
    const nonce = freshNonce()
    const timestamp = secondsNow(stage)
    const answers = await Promise.all([1, 2, 3].map(() => sendAlarm(stage, { nonce, timestamp })))
    expect(answers.map(({ text }) => text).sort()).toEqual([
      '{"status":"accepted"}',
      '{"status":"repeated"}',
      '{"status":"repeated"}',
    ])
    await settles()
    await clock.passes(hours(1))
    expect(await sendAlarm(stage, { nonce, timestamp })).toEqual({ status: 401, text: '' })
    expect(await sendAlarm(stage, { nonce })).toEqual({ status: 200, text: '{"status":"repeated"}' })
    await settles()
    const [code = ''] = await casesSeenBy(leadOne)
    expect(await casesSeenBy(leadOne)).toEqual([code])
    expect(factOf(await cardOf(leadOne, code), '告警次数')).toBeUndefined()

    await Promise.all([1, 2].map(() => sendAlarm(stage)))
    await settles()
    expect(await casesSeenBy(leadOne)).toEqual([code])
    expect(await refusals(stage)).toEqual({ 'alarm:ai-camera repeated': 3, 'alarm:ai-camera stale': 1 })

    const other = helmet({ camera: { id: 'CAM-08', area: '二车间' } })
    await sendAlarm(stage, { body: JSON.stringify(other) })
    await settles()
    expect(await casesSeenBy(leadTwo)).toHaveLength(1)
    const subjects = await stage.world.running().database.db.selectFrom('subject').select(['status', 'state']).execute()
    const counts = subjects.map(({ state }) => (JSON.parse(state) as { alarms?: { count: number } }).alarms?.count ?? 1)
    expect(counts.sort()).toEqual([1, 3])
    const inbox = await stage.world
      .running()
      .database.db.selectFrom('inbox')
      .select('key')
      .where('connection', '=', 'alarm:ai-camera')
      .execute()
    expect(inbox).toHaveLength(4)
    expect(inbox.filter(({ key }) => key.startsWith(`${nonce}/`))).toHaveLength(1)
    await looksAt(leadOne, leadTwo)
    await people.everyone.seesNothingElse()
  },
)

story('twenty alarms of one device at once, each with a nonce of its own, are one case', once, async (stage) => {
  const { people, settles, world } = stage
  const answers = await Promise.all(Array.from({ length: 20 }, () => sendAlarm(stage)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  await settles()
  const { db } = world.running().database
  const subjects = await db.selectFrom('subject').select('state').execute()
  expect(subjects.map(({ state }) => (JSON.parse(state) as { alarms?: object }).alarms)).toMatchObject([{ count: 20 }])
  for (const told of [people.safetyDirector, people.officerA, people.officerB, people.deptHead]) await told.seesText('高频隐患源')
  await looksAt(people.leadOne)
  await people.everyone.seesNothingElse()
})

story('a fire seen by a camera whose open case is a missing helmet rings on its own', once, async (stage) => {
  const { people, settles, clock } = stage
  const { leadOne, safetyDirector } = people
  await sendAlarm(stage)
  await settles()
  const [first = ''] = await casesSeenBy(leadOne)
  expectAnswered(await leadOne.presses('接单', {}, (await cardOf(leadOne, first)).id))
  await clock.passes(minutes(30))
  await sendAlarm(stage, { body: JSON.stringify(helmet({ event: { type: 'fire', name: '明火' } })) })
  await settles()
  const cases = await casesSeenBy(leadOne)
  expect(cases).toHaveLength(2)
  const fire = cases.find((code) => code !== first) ?? ''
  expect(factOf(await cardOf(leadOne, fire), '建议等级')).toMatch(/^红/)
  expect(await casesSeenBy(safetyDirector)).toEqual([fire])
  await looksAt(leadOne, safetyDirector, people.areaOwner)
  await people.everyone.seesNothingElse()
})

story('a picture that comes along stands on the card; one that is no JPEG does not stop the alarm', once, async (stage) => {
  const { people, settles, world } = stage
  const { leadOne, leadTwo } = people
  expect(picture.byteLength).toBeLessThanOrEqual(300_000)
  const shown = helmet({ camera: { id: 'CAM-08', area: '二车间' }, snapshot })
  expect(await sendAlarm(stage, { body: JSON.stringify(shown) })).toEqual({ status: 200, text: '{"status":"accepted"}' })
  const address = helmet({ snapshot: `${world.running().url}/healthz` })
  expect((await sendAlarm(stage, { body: JSON.stringify(address) })).status).toBe(200)
  await settles()
  const [first = ''] = await casesSeenBy(leadTwo)
  expect((await cardOf(leadTwo, first)).images).toHaveLength(1)
  const [second = ''] = await casesSeenBy(leadOne)
  expect((await cardOf(leadOne, second)).images).toHaveLength(0)
  const states = await world.running().database.db.selectFrom('subject').select('state').execute()
  const files = states.flatMap(({ state }) => (JSON.parse(state) as { files: readonly object[] }).files)
  expect(files).toMatchObject([{ state: 'stored', original: createHash('sha256').update(picture).digest('hex') }])
  expect(await refusals(stage)).toEqual({ 'alarm:ai-camera photo': 1 })
  await looksAt(leadOne, leadTwo)
  await people.everyone.seesNothingElse()
})

story('a device that the plant file knows by its tag alone reaches the lead of the area it stands in', once, async (stage) => {
  const { people, settles, world } = stage
  const gas = { tag: 'GT-A01', message: '可燃气体 25%LEL', level: 'H', equipment: 'T-A01' }
  await world.post('/alarms/gas-detection', gas)
  await settles()
  await people.leadOne.seesCard('隐患待处理', {
    facts: { 告警来源: '气体检测 GT-A01', 建议区域: 'A罐区', 建议等级: /^橙/ },
    text: /可燃气体 25%LEL[\s\S]*设备：T-A01/,
  })
  await looksAt(...Object.values(people).filter((one) => 'sees' in one))
  await people.everyone.seesNothingElse()
})
