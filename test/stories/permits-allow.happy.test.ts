import { expect } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import { withCertificates } from '../support/permit-desk.ts'
import { story } from '../support/story.ts'
import { once } from '../support/world.ts'
import { asks, hotWorkOn } from './permit-outside-kit.ts'

story(
  'the turnstile lets the crew of an active permit in, by id or employee number, and shuts at STOP and at the end of the ticket',
  once,
  async (stage) => {
    expect(await asks(stage)).toMatchObject({ status: 200, proven: true, body: { allow: false, because: 'no-permit' } })
    const { desk, code } = await hotWorkOn(stage)
    const yes = await asks(stage)
    expect(yes).toMatchObject({ status: 200, proven: true, body: { allow: true, permits: [code], because: 'active' } })
    const { employee_no } = await stage.world
      .running()
      .database.db.selectFrom('person')
      .select('employee_no')
      .where('id', '=', 'wu-gang')
      .executeTakeFirstOrThrow()
    expect((await asks(stage, { person: employee_no ?? '', area: '3号泵房' })).body).toMatchObject({
      allow: true,
      permits: [code],
    })
    expect((await asks(stage, { person: 'li-na' })).body).toMatchObject({ allow: false, because: 'no-permit' })
    expect((await asks(stage, { area: 'tank-a' })).body).toMatchObject({ allow: false, because: 'no-permit' })

    expect(await desk.presses(stage.people.operator, code, 'stopWork', { reason: '闻到异味' })).toContain('已停止作业')
    expect((await asks(stage)).body).toEqual(
      expect.objectContaining({ allow: false, permits: [], until: null, because: 'suspended' }),
    )
    await stage.clock.passes(hours(5))
    expect((await asks(stage)).body).toMatchObject({ allow: false, because: 'over' })
  },
  withCertificates(),
)
