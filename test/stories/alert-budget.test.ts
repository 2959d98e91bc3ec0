import { expect } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import { newId } from '../../src/lib/id.ts'
import { type Stage, story } from '../support/story.ts'
import { type Arrangement, once } from '../support/world.ts'

const both: readonly Arrangement[] = [...once, { database: 'postgres', shift: 1, door: 'http' }]

/** Information for one person, as a workflow would have ordered it. */
const notices = async ({ world, settles }: Stage, count: number, urgent = false): Promise<void> => {
  const { database, parts, service } = world.running()
  const at = parts.clock.now()
  const row = (n: number) => ({
    ...{ site: 'SH01', id: newId('eff', at), subject: '', revision: 0, kind: 'text', person: 'wang-qiang', urgent },
    ...{ connection: null, account: null, conversation: null, payload: JSON.stringify({ text: `通知${n}号` }) },
    ...{ due_at: at, created_at: at, lease_owner: null },
  })
  await database.db
    .insertInto('effect')
    .values(Array.from({ length: count }, (_, n) => row(n)))
    .execute()
  service.wake()
  await settles()
}

story('more than twenty notices in ten minutes: the rest comes as one text, and nothing is lost', both, async (stage) => {
  const { people, clock } = stage
  await notices(stage, 60)
  await clock.passes(minutes(1))
  const alone = (await people.deptHead.sees()).filter(({ text }) => /^通知\d+号/.test(text))
  expect(alone.length).toBeLessThanOrEqual(20)
  expect(alone.length).toBeGreaterThan(0)
  await clock.passes(minutes(11))
  const all = await people.deptHead.sees()
  expect(all).toHaveLength(alone.length + 1)
  expect(all.at(-1)?.text).toContain(`以下 ${60 - alone.length} 条`)
  await clock.passes(minutes(30))
  expect(await people.deptHead.sees()).toHaveLength(alone.length + 1)
})

story('what is urgent is never held back', both.slice(1), async (stage) => {
  await notices(stage, 25, true)
  await stage.clock.passes(minutes(20))
  expect(await stage.people.deptHead.sees()).toHaveLength(25)
})
