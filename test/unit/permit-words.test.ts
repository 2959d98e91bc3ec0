import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { permitText } from '../../src/cards/text/permit.ts'
import { certificateWords, gateWords, permitRefusals } from '../../src/cards/text/permit-refusals.ts'
import { fill, speakValues, wordValues } from '../../src/cards/words.ts'
import { certificateFaults } from '../../src/rules/permits/certificate-orders.ts'
import type { ReadingRefusal } from '../../src/rules/permits/gas.ts'
import type { GasProblem } from '../../src/rules/permits/gas-window.ts'
import { plainFields } from '../../src/workflows/permit/fields.ts'
import { gasFields } from '../../src/workflows/permit/gas.ts'
import { seenConditions } from '../../src/workflows/permit/gate.ts'
import { permitWorkflow } from '../../src/workflows/permit/workflow.ts'
import { permitAt } from './permit-desk.ts'

const gate = readFileSync(join(import.meta.dirname, '../../src/workflows/permit/gate.ts'), 'utf8')

test('every condition of the gate that may not hold is worded, and nothing else is', () => {
  const found = [...gate.matchAll(/because: '([a-z-]+)'/g), ...gate.matchAll(/: '(gas-[a-z-]+)',/g)].map(([, key = '']) => key)
  expect([...new Set(found)].sort()).toEqual(Object.keys(gateWords).sort())
  for (const key of Object.keys(gateWords)) expect(permitRefusals[`gate-${key}`], key).toMatch(/^没有开始：.+按 \{rule\}。请?.+/)
})

test('every problem of a gas test leads to words of its own', () => {
  const problems: Readonly<Record<GasProblem['because'], true>> = {
    ...{ missingFacts: true, notSampled: true, failed: true, stale: true, afterBreak: true, daily: true },
    ...{ logOverdue: true, calibration: true, notJudged: true, fromTheFuture: true },
  }
  // One more: an alarm that no sample has answered.
  expect(Object.keys(gateWords).filter((key) => key.startsWith('gas-')).length).toBe(Object.keys(problems).length + 1)
})

test('every fault of a certificate and every value that is not judged is worded', () => {
  expect(Object.keys(certificateWords).sort()).toEqual([...certificateFaults].sort())
  for (const fault of certificateFaults)
    for (const key of [`certificate-${fault}`, `gate-certificate-${fault}`]) expect(Object.keys(permitRefusals)).toContain(key)
  const readings: Readonly<Record<ReadingRefusal, true>> = {
    ...{ noValue: true, implausible: true, unknownSubstance: true, otherKind: true, noLel: true, noUnit: true },
    ...{ noExposureLimit: true, missingFacts: true },
  }
  for (const reading of Object.keys(readings)) expect(Object.keys(permitRefusals)).toContain(`gas-${reading}`)
})

test('every field, state and condition has a name that values of a sentence are said by', () => {
  for (const name of [...plainFields, ...gasFields, ...Object.keys(permitText.status)])
    expect(permitText.terms[name], name).toMatch(/[\u4e00-\u9fff]/)
  const desk = permitAt('issued')
  for (const { id } of seenConditions(desk.state(), { plant: desk.plant(), at: desk.now() }))
    expect(Object.keys(permitText.conditions), id).toContain(id)
  expect(fill(permitRefusals.incomplete ?? '', wordValues({ code: 'ZY', fields: 'what,workers' }, permitText.terms))).toContain(
    '作业内容、作业人员',
  )
  expect(wordValues({ words: 'what,else' }, permitText.terms)).toEqual({ words: 'what,else' })
  expect(wordValues({ empty: '' }, permitText.terms)).toEqual({ empty: '' })
  const at = new Date('2026-11-24T02:00:00.000Z')
  expect(speakValues({ to: '2026-11-24T06:30:00.000Z', date: '2026-11-24' }, at, 'Asia/Shanghai')).toEqual({
    to: '14:30',
    date: '2026-11-24',
  })
})

test('every command of a person has its button, and every event of a permit its line of history', () => {
  const spoken = ['apply', 'addIsolationPhoto']
  const pressed = Object.entries(permitWorkflow.commands).filter(
    ([name, { from }]) => from === 'person' && !spoken.includes(name),
  )
  for (const [name] of pressed) expect(Object.keys(permitText.actions), name).toContain(name)
  const events = readFileSync(join(import.meta.dirname, '../../src/workflows/permit/permit-event.ts'), 'utf8')
  for (const [, type = ''] of events.matchAll(/readonly type: '(\w+)'/g))
    expect(Object.keys(permitText.history), type).toContain(type)
})
