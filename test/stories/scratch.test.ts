import { story } from '../support/story.ts'
import type { Arrangement } from '../support/world.ts'

const three: readonly Arrangement[] = [0, 1, 2].map((shift) => ({
  database: 'pglite',
  shift: shift as 0 | 1 | 2,
  door: shift === 1 ? 'http' : 'stream',
}))
story(
  'scratch',
  three,
  async ({ people, world, clock, settles }) => {
    await people.welder.sendsPhoto('oil-leak.jpg', '3号泵房漏油')
    const show = async (who: keyof typeof people) => {
      if (who !== 'everyone')
        for (const s of await people[who].sees()) console.log(who, JSON.stringify({ ...s, form: s.form.map((f) => f.label) }))
    }
    await show('welder')
    await show('teamLead')
    console.log(JSON.stringify(await people.teamLead.presses('接单')))
    await show('teamLead')
    await world.post('/people/visitor/says', { text: '罐区有人抽烟' })
    await settles()
    for (const id of ['visitor', 'jiang-tao', 'tang-ning']) console.log(id, JSON.stringify(await world.get(`/people/${id}/sees`)))
  },
  {},
)
