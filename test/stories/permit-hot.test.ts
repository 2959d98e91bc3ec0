import { expect } from 'vitest'
import { looksAt } from '../support/acts.ts'
import { beginsAt } from '../support/moment.ts'
import { setPins, signs, startsHot } from '../support/permit-acts.ts'
import { morning, openDesk, type PermitDesk, type Tally, withCertificates } from '../support/permit-desk.ts'
import { type Stage, story } from '../support/story.ts'
import { everywhere } from '../support/world.ts'

/** The most presses from the application to the start, the measure lines left out: those are confirmed one by one, never in bulk. */
const mostPresses = 14
const apart: ReadonlySet<string> = new Set(['安全措施', '签名口令', '完工', '完工验收人'])

const counted = (desk: PermitDesk): readonly (readonly [string, Tally])[] =>
  [...desk.tallies()].filter(([node]) => !apart.has(node))

/** A line for each statutory node: presses, pages opened, digits of the work point's code, digits of PINs. */
const printed = (desk: PermitDesk, lines: number): string => {
  const rows = counted(desk)
  const sum = (what: keyof Tally): number => rows.reduce((total, [, tally]) => total + tally[what], 0)
  const row = (node: string, t: Tally): string =>
    `  ${node}: ${t.presses} presses, ${t.pages} pages opened, ${t.scanned} code digits, ${t.typed} PIN digits${t.said > 0 ? `, ${t.said} said` : ''}`
  const total = { presses: sum('presses'), pages: sum('pages'), scanned: sum('scanned'), typed: sum('typed'), said: sum('said') }
  return [
    `level-1 hot work, six people, ${lines} measure lines beside:`,
    ...rows.map(([node, t]) => row(node, t)),
    row('together', total),
  ].join('\n')
}

const cast = ({ people }: Stage) => [
  people.welder,
  people.operator,
  people.areaOwner,
  people.officerA,
  people.officerB,
  people.safetyDirector,
  people.leadOne,
]

story(
  'a level-1 hot work from the application to the last signature: six people, three platforms, every node at its place',
  everywhere,
  async (stage) => {
    await beginsAt(stage, morning)
    const { people } = stage
    const { welder, operator, areaOwner, safetyDirector, officerA, leadOne } = people
    const desk = openDesk(stage)
    await setPins(desk, [areaOwner, officerA, safetyDirector, leadOne])
    const { code, lines } = await startsHot(desk, people)
    expect(lines).toBeGreaterThan(10)
    const presses = counted(desk).reduce((total, [, tally]) => total + tally.presses, 0)
    if (stage.world.arrangement === everywhere[0]) console.log(printed(desk, lines))
    expect(presses).toBeLessThanOrEqual(mostPresses)

    for (const one of [operator, areaOwner, leadOne])
      await one.seesCard('动火作业进行中', { facts: { 气体有效: /前/, 监护人: /吴刚.*在岗/ } })
    const running = await welder.seesCard('动火作业进行中')
    expect(running.actions).toContain('停止作业')

    desk.counts('完工')
    expect(await desk.presses(welder, code, 'complete', { people: '1', tools: '1' })).toMatch(
      /清点与 .* 不符，应撤出 1 人、收回 2 件工具/,
    )
    expect(await desk.presses(welder, code, 'complete', { people: '1', tools: '2' })).toContain('已完工')
    await signs(desk, code, { node: '完工验收人', actor: areaOwner })
    for (const one of [welder, operator, areaOwner]) expect((await desk.sees(one, code)).card.title).toBe('动火作业票已关闭')
    await looksAt(...cast(stage))
    await people.everyone.seesNothingElse()
  },
  withCertificates(),
)
