import { expect, test } from 'vitest'
import { permitText } from '../../src/cards/text/permit.ts'
import { fill, speakValues, wordValues } from '../../src/cards/words.ts'
import { valuesOf } from '../../src/engine/route.ts'
import { permitWorkflow } from '../../src/workflows/permit/workflow.ts'
import type { CommandRule } from '../../src/workflows/workflow.ts'
import { person } from './desk.ts'
import { type PermitDesk, permitAt, stages } from './permit-desk.ts'

const people = ['chen', 'wang', 'welder', 'guard', 'areaOwner', 'officerA', 'bystander', 'admin']
const odd = {
  hours: 'x',
  value: '-1',
  people: '99',
  tools: '99',
  digits: '000000',
  position: 'here',
  kind: 'oxygen',
  unit: 'vol%',
  workers: '无此人',
}
const commands = Object.entries(permitWorkflow.commands as Readonly<Record<string, CommandRule>>).filter(
  ([, { from, opens }]) => from === 'person' && opens === false,
)

/** What the sender reads, as the engine words it. */
const read = (desk: PermitDesk, { decision }: ReturnType<PermitDesk['run']>): string => {
  const said = decision.kind === 'refused' ? { key: decision.because, values: { ...decision.values, rule: '规则' } } : null
  const answered = decision.kind === 'accepted' && decision.say ? { key: decision.say.words, values: decision.say.values } : null
  const words = said ?? answered
  if (!words) return ''
  const table: Readonly<Record<string, string>> = said ? permitText.refusals : permitText.say
  const text = table[words.key] ?? `{no words for ${words.key}}`
  return fill(text, speakValues(wordValues(words.values, permitText.terms), desk.now(), desk.plant().timeZone))
}

test.each(stages)(
  'at the stage %s everybody is answered in whole sentences, whatever they press with whatever in the form',
  (stage) => {
    const broken = new Set<string>()
    for (const [type, { form = [] }] of commands) {
      let desk = permitAt(stage)
      for (const who of people)
        for (const values of [{}, odd]) {
          const before = desk.journal().length
          const answer = read(desk, desk.run(person(who), { ...valuesOf(values, form), type }))
          if (/\{|undefined|\d{4}-\d\d-\d\dT/.test(answer)) broken.add(`${type}: ${answer}`)
          if (desk.journal().length > before) desk = permitAt(stage)
        }
    }
    expect([...broken]).toEqual([])
  },
)
