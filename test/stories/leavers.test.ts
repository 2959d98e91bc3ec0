import { expect } from 'vitest'
import { cardOf, codeIn, expectAnswered } from '../support/acts.ts'
import { story } from '../support/story.ts'
import type { Arrangement } from '../support/world.ts'

const shifts: readonly Arrangement[] = [
  { database: 'pglite', shift: 2, door: 'stream' },
  { database: 'postgres', shift: 1, door: 'http' },
]

story('whoever leaves the company leaves no case behind: it is called up at once', shifts, async ({ people, world, settles }) => {
  const { welder, teamLead, deptHead } = people
  await welder.says('3号泵房漏油')
  const code = codeIn(await teamLead.seesCard('隐患待处理'))
  expectAnswered(await teamLead.presses('接单', {}, (await cardOf(teamLead, code)).id))
  expect(await deptHead.sees()).toEqual([])
  const { parts, service } = world.running()
  const account = world.sandbox.core.plant.people.find(({ id }) => id === teamLead.id)?.accounts[0]
  const at = parts.clock.now()
  const connection = `${account?.platform}-demo`
  const left = {
    key: 'left-1',
    alias: null,
    account: account?.account ?? '',
    accountName: null,
    conversation: '',
    direct: false,
    at,
  }
  const incoming = { ...left, connection, kind: 'member-change', accounts: [account?.account ?? ''], change: 'left' } as const
  const outcome = await service.handle({ source: 'platform', site: 'SH01', incoming })
  expect(outcome.kind).toBe('ignored')
  await settles()
  expect(codeIn(await deptHead.seesCard(/隐患/))).toBe(code)
  const told = await parts.database.db.selectFrom('effect').select('state').where('kind', '=', 'leaver').execute()
  expect(told).toEqual([{ state: 'done' }])
})
