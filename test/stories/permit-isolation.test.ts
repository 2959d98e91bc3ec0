import { expect } from 'vitest'
import { beginsAt } from '../support/moment.ts'
import { applies, hotJob } from '../support/permit-acts.ts'
import { morning, openDesk, withCertificates } from '../support/permit-desk.ts'
import { story } from '../support/story.ts'
import { across } from '../support/world.ts'
import { stateOf } from './permit-outside-kit.ts'

const job = { ...hotJob, more: { ...hotJob.more, isolations: '出口阀|机械\n电机|电气' } }

story(
  'the crew photographs the locks of an isolation in the chat, tries each point, and the photos stand on the page',
  across,
  async (stage) => {
    await beginsAt(stage, morning)
    const { people, world } = stage
    const desk = openDesk(stage)
    const code = await applies(desk, job, people.welder)
    await desk.taps(people.welder, code, 'confirmJsa')
    expect(await desk.presses(people.welder, code, 'tryIsolation').catch(() => 'no button')).toBe('no button')
    expect(await desk.presses(people.welder, code, 'photographIsolation')).toContain('出口阀')
    await people.welder.sendsPhoto('oil-leak.jpg')
    await people.welder.sendsPhoto('fixed-oil-leak.jpg')
    const { id, state } = await stateOf(stage, code)
    const points = state.isolations as unknown as readonly { picture?: { original: string; watermarked: string } }[]
    expect(points.map(({ picture }) => picture !== undefined)).toEqual([true, true])
    expect(new Set(points.map(({ picture }) => picture?.original)).size).toBe(2)
    for (const point of ['i1', 'i2'])
      expect(await desk.presses(people.welder, code, 'tryIsolation', {}, point)).toContain('已试启动')
    const shown = (await desk.sees(people.welder, code)).card as unknown as { pictures: readonly { alt: string; full: string }[] }
    expect(shown.pictures.map(({ alt }) => alt)).toEqual(['出口阀', '电机'])
    expect(shown.pictures.map(({ full }) => full)).toEqual(
      points.map(({ picture }) => `/api/cases/${id}/photos/${picture?.watermarked}`),
    )
    const waiting = await world
      .running()
      .database.db.selectFrom('subject')
      .select('id')
      .where('workflow', '=', 'hazard')
      .execute()
    expect(waiting).toEqual([])
  },
  withCertificates(),
)
