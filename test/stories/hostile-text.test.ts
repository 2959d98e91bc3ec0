import { expect } from 'vitest'
import { cardOf, casesSeenBy, codeIn } from '../support/acts.ts'
import { type Actor, story } from '../support/story.ts'
import { across, everywhere, type World } from '../support/world.ts'

/** Says something longer than the control API takes, with the account's own client. */
const shouts = async ({ sandbox }: World, { id }: Actor, text: string): Promise<void> => {
  const person = sandbox.core.plant.people.find((one) => one.id === id)
  const account = person?.accounts.find(({ platform }) => platform === person.platform)
  if (!account) throw new Error(`${id} has no account`)
  await sandbox.vendors[account.platform].says({ account, text, group: null })
}

/** NUL and its like, and what turns the direction of the words after it. A mark (U+200F) turns nothing by itself and may stay. */
const control = (text: string): readonly string[] => text.match(/(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu) ?? []

const expectReadable = (text: string): void => {
  expect(text.isWellFormed()).toBe(true)
  expect(control(text)).toEqual([])
}

story(
  'hostile words are one case each and spoil nobody who writes in the same moment',
  everywhere,
  async ({ people, world, settles }) => {
    const { welder, teamLead, electrician, leadElectric, operator2, leadTwo, operator, leadOne } = people
    const emoji = `泵房起火${'🔥'.repeat(25_000)}`
    await Promise.all([
      welder.says('3号泵房\u0000漏油\ud800，请\udc00快来'),
      operator2.says('二车间\u202e油漏\u202c护栏松动\u2066\u200f'),
      shouts(world, operator, emoji),
      electrician.says('变电所门锁坏了'),
    ])
    await settles()

    const torn = await teamLead.seesCard('隐患待处理', { text: /3号泵房/ })
    expectReadable(torn.text)
    expect(torn.text).toContain('快来')
    const turned = await leadTwo.seesCard('隐患待处理', { text: /护栏松动/ })
    expectReadable(turned.text)
    const flood = await leadOne.seesCard('隐患待处理', { text: /泵房起火🔥/, tone: 'danger' })
    expectReadable(flood.text)
    const plain = await leadElectric.seesCard('隐患待处理', { text: /变电所门锁坏了/ })
    expect(codeIn(plain)).toMatch(/^YH-/)

    for (const lead of [teamLead, leadTwo, leadOne, leadElectric]) expect(await casesSeenBy(lead)).toHaveLength(1)
    for (const reporter of [welder, operator2, operator, electrician]) {
      const receipt = await reporter.seesCard('隐患已上报')
      expectReadable(receipt.text)
    }
    const pressed = await leadOne.presses('接单', {}, (await cardOf(leadOne, codeIn(flood))).id)
    expect(pressed.status).toBe('answered')
    await people.safetyDirector.seesCard(/隐患/)
    await people.areaOwner.seesCard('红色隐患，请知悉')
    await people.everyone.seesNothingElse()
  },
)

story('words that look like markup, links or buttons of ours stay words', across, async ({ people }) => {
  const { welder, teamLead } = people
  const words =
    '**漏油** [接单](https://example.com) <a href="https://example.com">点我</a> <font color="warning">红</font> ]]> &lt; {code} @所有人'
  await welder.says(words)
  const card = await teamLead.seesCard('隐患待处理', { actions: ['接单'] })
  for (const piece of ['漏油', '接单', '点我', '{code}', '所有人']) expect(card.text).toContain(piece)
  expect(card.actions.filter((label) => label === '点我')).toEqual([])
  await welder.seesCard('隐患已上报')
  await people.everyone.seesNothingElse()
})
