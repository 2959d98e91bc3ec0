import { expect } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import { type Stage, story } from '../support/story.ts'
import type { Arrangement } from '../support/world.ts'

/** Where cards can be changed at any time; WeCom keeps its one change for a press. */
const changeable: readonly Arrangement[] = [
  { database: 'pglite', shift: 0, door: 'stream' },
  { database: 'postgres', shift: 2, door: 'http' },
]

const askedToAcknowledge = async ({ people }: Stage) =>
  (await people.safetyDirector.sees()).filter(({ kind, text }) => kind === 'card' && text.includes('起火'))

story(
  'who is reminded of a red hazard has one card with buttons, the newest; the older ones say so',
  changeable,
  async (stage) => {
    const { people, clock } = stage
    await people.welder.says('3号泵房起火')
    for (const by of [2, 3, 5]) await clock.passes(minutes(by))
    const cards = await askedToAcknowledge(stage)
    expect(cards.length).toBe(4)
    const [newest, before, ...older] = [...cards].reverse()
    expect(newest?.actions).toContain('已知悉')
    expect(before?.actions).toContain('已知悉')
    for (const { actions, text } of older) {
      expect(actions).not.toContain('已知悉')
      expect(text).toContain('请在最新一张上处理')
    }
    await people.safetyDirector.presses('已知悉', {}, newest?.id)
    const after = await askedToAcknowledge(stage)
    expect(after.filter(({ actions }) => actions.includes('已知悉'))).toEqual([])
    expect(after.length).toBe(4)
  },
)
