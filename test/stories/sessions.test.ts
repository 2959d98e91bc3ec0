import { sql } from 'kysely'
import { expect } from 'vitest'
import { cardOf, codeIn, expectAnswered } from '../support/acts.ts'
import { story } from '../support/story.ts'

story(
  'a replica whose session breaks while it works takes it anew, and everything is sent once',
  [{ database: 'postgres', shift: 0, door: 'http' }],
  async ({ people, world }) => {
    const { welder, teamLead } = people
    const { db } = world.running().database
    for (const words of ['3号泵房漏油', '3号泵房护栏松动，需要焊']) {
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'andon session' and datname = current_database()`.execute(
        db,
      )
      await welder.says(words)
      await world.post('/clock/advance', { minutes: 3 })
    }
    const seen = (await teamLead.sees()).filter(({ kind }) => kind === 'card')
    expect(seen.map(({ title }) => title)).toEqual(['隐患待处理', '隐患待处理'])
    const code = codeIn(await teamLead.seesCard('隐患待处理'))
    expectAnswered(await teamLead.presses('接单', {}, (await cardOf(teamLead, code)).id))
  },
)
