import { expect } from 'vitest'
import { examineOutside } from '../../src/cli/doctor-outside.ts'
import { integrations } from '../../src/integrations.ts'
import { minutes } from '../../src/lib/clock.ts'
import { looksAt } from '../support/acts.ts'
import { type Stage, story } from '../support/story.ts'
import type { Arrangement } from '../support/world.ts'
import { helmet, sendAlarm } from './alarms-kit.ts'

const everyDatabase: readonly Arrangement[] = [
  { database: 'pglite', shift: 0, door: 'stream' },
  { database: 'postgres', shift: 0, door: 'stream' },
]

const secret = 's'.repeat(32)
const configured = integrations.parse({
  alarms: [{ id: 'ai-camera', name: 'AI 摄像头', secret, device: '/camera/id', text: '/event/name' }],
  calls: [{ id: 'hr', url: 'https://hr.example.com/', secret, events: ['*'] }],
})

const instant = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`
const examined = async ({ world }: Stage): Promise<readonly string[]> =>
  (await examineOutside(configured, world.running().database)).map(({ level, text }) => `${level} ${text}`)
const like = (words: string) => expect.stringMatching(new RegExp(`^${words}$`))

/** A try of a call as the outbox writes it down. */
const tried = async ({ world }: Stage, attempt: number, outcome: string, detail: string | null): Promise<void> => {
  const { database, parts } = world.running()
  const row = {
    site: 'SH01',
    effect: 'eff_call',
    attempt,
    connection: 'call:hr',
    account: '',
    at: parts.clock.now(),
    outcome,
    message: null,
    lost: null,
    detail,
  }
  await database.db.insertInto('delivery').values(row).execute()
}

story(
  'the doctor says of every system outside when it was last heard, when it last failed, and what to mend',
  everyDatabase,
  async (stage) => {
    const { people, settles, clock } = stage
    expect(await examined(stage)).toEqual([
      'note alarms: ai-camera was last heard never; it has never sent anything that could be believed',
      'ok calls: hr last took one never',
    ])

    expect((await sendAlarm(stage)).status).toBe(200)
    await tried(stage, 1, 'done', null)
    await settles()
    expect(await examined(stage)).toEqual([
      like(`ok alarms: ai-camera was last heard ${instant}`),
      like(`ok calls: hr last took one ${instant}`),
    ])

    await clock.passes(minutes(1))
    expect((await sendAlarm(stage, { body: '{"other":1}' })).status).toBe(422)
    await tried(stage, 2, 'retry', 'http-500')
    expect(await examined(stage)).toEqual([
      like(`bad alarms: ai-camera was last heard ${instant}, last failed ${instant} \\(nothing-mapped: .*mend .*`),
      like(`bad calls: hr last took one ${instant}, last failed ${instant} \\(http-500\\)`),
    ])

    await clock.passes(minutes(1))
    expect((await sendAlarm(stage, { body: JSON.stringify(helmet({ camera: { id: 'CAM-08', area: '3号泵房' } })) })).status).toBe(
      200,
    )
    await tried(stage, 3, 'done', null)
    await settles()
    expect((await examined(stage)).map((line) => line.slice(0, 3))).toEqual(['ok ', 'ok '])
    await people.administrator.seesText(/【告警】.*报文字段：other/s)
    await looksAt(people.leadOne, people.administrator)
    await people.everyone.seesNothingElse()
  },
)

story(
  'what proves nothing is no failure of the source: nobody can make the doctor complain from outside',
  everyDatabase.slice(0, 1),
  async (stage) => {
    for (const forged of [
      { secret: 'x'.repeat(32) },
      { headers: { 'x-andon-signature': undefined } },
      { timestamp: '1000000000' },
    ])
      expect((await sendAlarm(stage, { ...forged, body: '{"other":1}' })).status).toBe(401)
    expect((await examined(stage))[0]).toContain('never sent anything that could be believed')
    await stage.people.everyone.seesNothingElse()
  },
)
