import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { expect } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import { asksFor, cardOf, explains, factOf, judgesOf, looksAt, maySee, proves, rectifies, takesOn } from '../support/acts.ts'
import { story } from '../support/story.ts'
import { across } from '../support/world.ts'

/** A photo of the demo as another chat would hand it on: smaller, and compressed once more. */
const handedOn = async (sample: string): Promise<string> => {
  const bytes = readFileSync(new URL(`../../demo/photos/${sample}`, import.meta.url))
  return (await sharp(bytes).resize(800).jpeg({ quality: 55 }).toBuffer()).toString('base64')
}

story(
  'the photo that has proved one repair proves no other: its sender is asked for another, and that one counts',
  across,
  async ({ people, clock }) => {
    const { teamLead, welder } = people
    const first = await takesOn(people)
    await rectifies(teamLead, first)
    await clock.passes(hours(0.1))
    const second = await takesOn(people, '3号泵房另一处也漏油', 'blocked-exit.jpg')
    await explains(teamLead, second)
    for (const stage of ['before', 'during'] as const) await proves(teamLead, second, stage)
    await asksFor(teamLead, second, 'after')
    await teamLead.sends({ kind: 'photo', base64: await handedOn('fixed-oil-leak.jpg') })
    await teamLead.seesText(`整改照片已归入 ${second}`)
    await teamLead.seesText(/与其他隐患 180 天内的照片相同或几乎相同（证据规则 2\.6）/)
    await asksFor(teamLead, second, 'after')
    await teamLead.sends({ kind: 'photo', base64: await handedOn('blocked-exit.jpg') })
    await maySee(teamLead, new RegExp(`^整改照片已归入 ${second}`))
    await teamLead.seesText(/与整改前照片相同或几乎相同（证据规则 2\.6）/)
    expect((await cardOf(teamLead, second)).actions).not.toContain('提交整改')
    await asksFor(teamLead, second, 'after')
    await teamLead.sendsPhoto('fixed-oil-leak.jpg')
    await maySee(teamLead, new RegExp(`^整改照片已归入 ${second}`))
    expect((await cardOf(teamLead, second)).actions).toContain('提交整改')
    await looksAt(teamLead, welder, people.officerA, people.officerB, people.safetyDirector)
    await people.everyone.seesNothingElse()
  },
)

story(
  'an officer who looks a case up by its code before it is handed in is not drawn for it; verifiers are told what to look at',
  across,
  async ({ people }) => {
    const { teamLead, officerA, officerB, safetyDirector } = people
    const code = await takesOn(people)
    await officerA.says(code)
    expect((await cardOf(officerA, code)).facts.flat().join(' ')).toContain('张伟')
    await rectifies(teamLead, code)
    const judges = await judgesOf(people)
    expect([judges.A.actor.id, judges.B.actor.id].sort()).toEqual([officerB.id, safetyDirector.id].sort())
    const hints = factOf((await officerB.sees()).at(-1) ?? null, '请核对')
    expect(hints).toMatch(/^与整改前相似 \d+%（不足 85%）；1 张无定位/)
    await looksAt(teamLead, people.welder, officerA, officerB, safetyDirector)
    await people.everyone.seesNothingElse()
  },
)
