import { expect, test } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import { openStage, type Stage } from '../support/story.ts'
import { asks } from './permit-outside-kit.ts'

const opened = async (play: (stage: Stage) => Promise<void>): Promise<void> => {
  const stage = await openStage({ database: 'pglite', shift: 0, door: 'stream' })
  try {
    await play(stage)
  } finally {
    await stage.world.close()
  }
}

/** A permit's row and clock as the service would have written them; each test changes one thing. */
const put = async (
  stage: Stage,
  more: object = {},
  note: string | null = null,
  due: number | null = minutes(1),
): Promise<void> => {
  const { database, parts } = stage.world.running()
  const now = parts.clock.now().getTime()
  const at = (by: number): string => new Date(now + by).toISOString()
  const permit = {
    ...{ code: 'ZY-1', subject: 'per_1', work: 'hot', status: 'active', area: 'pump-3', point: 'P-301', leader: 'zhang-wei' },
    ...{ from: at(-minutes(60)), to: at(minutes(60)), people: ['zhang-wei'], attendants: [], name: '动火作业', level: '' },
    ...more,
  }
  await database.db.deleteFrom('subject_index').execute()
  await database.db.deleteFrom('deadline').execute()
  const row = { site: 'SH01', name: 'permit-person', key: 'zhang-wei', subject: 'per_1', at: new Date(now), weight: 1 }
  await database.db
    .insertInto('subject_index')
    .values({ ...row, note: note ?? JSON.stringify(permit) })
    .execute()
  if (due === null) return
  const deadline = {
    site: 'SH01',
    subject: 'per_1',
    tag: 'watch',
    id: 'ddl_1',
    due_at: new Date(now + due),
    command: '{"workflow":"none"}',
  }
  await database.db.insertInto('deadline').values(deadline).execute()
}

test('whatever is missing, half, stale or unreadable keeps the gate shut, with a signed answer that says why', () =>
  opened(async (stage) => {
    await put(stage)
    expect((await asks(stage)).body).toMatchObject({ allow: true })
    const shut = async (because: string, asking = {}): Promise<void> =>
      expect(await asks(stage, asking)).toMatchObject({ status: 200, proven: true, body: { allow: false, permits: [], because } })
    await shut('unknown-person', { person: 'nobody' })
    await shut('unknown-person', { person: "x' or '1'='1" })
    await shut('unknown-area', { area: 'nowhere' })
    await put(stage, {}, null, null)
    await shut('stale')
    await put(stage, {}, '{"code":"ZY-1"')
    await shut('unreadable')
    await put(stage, { subject: 'per_2' })
    await shut('unreadable')
    await put(stage, { status: 'enchanted' })
    await shut('unreadable')
    await put(stage)
    await stage.world.running().database.db.updateTable('person').set({ active: false }).where('id', '=', 'zhang-wei').execute()
    await shut('unknown-person')
  }))

test('a question that is not exactly one caller, person and area is refused with a signed answer', () =>
  opened(async (stage) => {
    await put(stage)
    const queries = [
      'by=north-gate&person=zhang-wei',
      'by=north-gate&area=pump-3',
      'by=north-gate&person=&area=pump-3',
      'by=north-gate&person=zhang-wei&person=zhang-wei&area=pump-3',
      'by=north-gate&person=zhang-wei&area=pump-3&more=1',
      `by=north-gate&person=${'x'.repeat(101)}&area=pump-3`,
      'by=north-gate&person=zhang-wei%00&area=pump-3',
    ]
    for (const query of queries)
      expect(await asks(stage, { query }), query).toMatchObject({
        status: 400,
        proven: true,
        body: { allow: false, because: 'malformed' },
      })
  }))

test('when the database does not answer the gate stays shut', () =>
  opened(async (stage) => {
    await put(stage)
    await stage.world.running().database.db.schema.alterTable('subject_index').renameTo('gone').execute()
    expect(await asks(stage)).toMatchObject({ status: 503, proven: true, body: { allow: false, because: 'unreadable' } })
    await stage.world.running().database.db.schema.alterTable('gone').renameTo('subject_index').execute()
    expect((await asks(stage)).body).toMatchObject({ allow: true })
  }))
