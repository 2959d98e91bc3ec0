import { expect } from 'vitest'
import { linkSubject } from '../../src/workflows/link/workflow.ts'
import { looksAt } from '../support/acts.ts'
import { pressesUnasked } from '../support/sealed.ts'
import { story } from '../support/story.ts'
import { across } from '../support/world.ts'

story(
  'nobody opens the link request of another account: it stays free for its owner, who is linked as if nothing had been',
  across,
  async ({ people, world, settles }) => {
    const { visitor, newHire } = people
    const { plant } = world.sandbox.core
    /** WeCom shows an app no mobile numbers unless the member has agreed. */
    await world.post('/profile', { choices: { 'wecom.mobiles': 'visible' } })
    const victim = plant.people.find(({ id }) => id === newHire.id)?.accounts[0]
    if (!victim) throw new Error('the new hire has no account')
    const subject = linkSubject({ connection: `${victim.platform}-demo`, account: victim.account })
    for (const { status } of await pressesUnasked(world, visitor.id, `link.request:${subject}@0`)) expect(status).toBe(200)
    await settles()
    const { db } = world.running().database
    expect(await db.selectFrom('subject').select('id').where('id', '=', subject).execute()).toEqual([])

    await newHire.says('你好')
    await newHire.seesText('关联成功，您好，林夏')
    const [row] = await db.selectFrom('subject').select('state').where('id', '=', subject).execute()
    expect(JSON.stringify(row)).toContain(victim.account)
    await looksAt(newHire, visitor)
    await people.everyone.seesNothingElse()
  },
)
