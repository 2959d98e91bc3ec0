import { expect } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import { hotJob } from '../support/permit-acts.ts'
import { withCertificates } from '../support/permit-desk.ts'
import { story } from '../support/story.ts'
import { across, once } from '../support/world.ts'
import { hotWorkOn, stateOf } from './permit-outside-kit.ts'

story(
  'a gas alarm of the area stops the work there on every card, once, however often it is sent; one elsewhere does not',
  across,
  async (stage) => {
    const { code } = await hotWorkOn(stage)
    const { people, world, settles } = stage
    const gas = { tag: 'GT-A01', message: '可燃气体 50%LEL', level: 'HH' }
    await world.post('/alarms/gas-detection', gas)
    await world.post('/alarms/gas-detection', { ...gas, tag: 'GT-301', level: 'fault' })
    await settles()
    expect((await stateOf(stage, code)).state.status).toBe('active')

    const path = '/alarms/gas-detection?nonce=0123456789abcdef'
    expect(await world.post(path, { ...gas, tag: 'GT-301' })).toMatchObject({ status: 200, answer: { status: 'accepted' } })
    await settles()
    for (const one of [people.welder, people.operator, people.areaOwner, people.officerA])
      await one.seesCard('动火作业已停止', { tone: 'danger', text: /气体检测|GT-301/ })
    const stopped = await stateOf(stage, code)
    expect(stopped.state).toMatchObject({ status: 'suspended', suspensions: [{ because: 'gasAlarm', by: null }] })
    expect(await world.post(path, { ...gas, tag: 'GT-301' })).toMatchObject({ answer: { status: 'repeated' } })
    await settles()
    expect((await stateOf(stage, code)).revision).toBe(stopped.revision)
  },
  withCertificates(),
)

const outdoors = { ...hotJob, answers: { ...hotJob.answers, q_outdoors: 'yes' }, more: { ...hotJob.more, outdoors: 'yes' } }

story(
  'wind that the feed reports stops work under the sky; people hear when the feed is silent',
  once,
  async (stage) => {
    const { desk, code } = await hotWorkOn(stage, outdoors)
    const { world, clock, people } = stage
    await world.post('/weather', { windSpeed: 12.4 })
    await clock.passes(minutes(10.5))
    await people.welder.seesCard('动火作业已停止', { tone: 'danger', text: /气象|风/ })
    expect((await stateOf(stage, code)).state).toMatchObject({ status: 'suspended', suspensions: [{ because: 'weather' }] })
    expect(await desk.taps(people.welder, code, 'resume')).toMatch(/没有开始：.*风/)
    const { db } = world.running().database
    const [weather] = await db.selectFrom('subject').select('state').where('workflow', '=', 'weather').execute()
    expect(JSON.parse(weather?.state ?? '{}')).toMatchObject({ status: 'watching', seen: { windSpeed: 12.4 } })
    await world.post('/weather', { status: 503 })
    await clock.passes(minutes(13))
    await people.administrator.seesText('气象数据源连续 3 次没有响应')
  },
  withCertificates(),
)
