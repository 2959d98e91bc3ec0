import { expect, test } from 'vitest'
import type { Incoming } from '../../src/bots/platform.ts'
import type { Card } from '../../src/cards/card.ts'
import { route } from '../../src/engine/route.ts'
import { hours } from '../../src/lib/clock.ts'
import { because, type HazardDesk, hazardIn, longer, person, type Situation, situations, triage } from './hazard-govern-desk.ts'

/** Title and buttons of those whose turn it is, and of those who may step in. */
const table = `
triaged   officerProd    隐患待处理             转派·不是隐患·并入其他隐患
listed    fitter         请编制治理方案         提交治理方案
listed    areaOwner      请编制治理方案         提交治理方案·已知悉
listed    officerProd    请编制治理方案         提交治理方案·重新定级
listed    principal      隐患跟踪               重新定级
planned   principal      治理方案待审批         批准·不同意·重新定级
planned   fitter         治理方案审批中         提交治理方案
planned   director       隐患跟踪               -
accepted  areaOwner      隐患跟踪               移交
accepted  head           隐患跟踪               移交
accepted  principal      隐患跟踪               重新定级
asking    head           延期申请待审批         批准·不同意
asking    director       延期申请待审批         批准·不同意
asking    lead           隐患跟踪               -
moved     prodLead       隐患移交给您           接单
moved     fitter         隐患跟踪               -
deferred  fitter         隐患缓办中             恢复整改
deferred  head           隐患跟踪               移交
verified  principal      重大隐患待签字销号     签字销号·不同意
verified  fitter         等待签字销号           -
verified  head           隐患跟踪               -
merged    welder         上报已并入其他隐患     仍未解决
merged    lead           上报已并入其他隐患     -
`
const rows = table
  .trim()
  .split('\n')
  .map((line) => line.split(/\s+/) as [Situation, string, string, string])

test.each(rows)('%s: %s reads %s and may press %s', (situation, reader, title, actions) => {
  const card = hazardIn(situation).card(reader)
  expect(card.title).toBe(title)
  expect(card.actions.map(({ label }) => label).join('·') || '-').toBe(actions)
})

const everybody = [
  'welder',
  'lead',
  'head',
  'director',
  'fitter',
  'prodLead',
  'areaOwner',
  'officerA',
  'officerProd',
  'safetyDirector',
  'principal',
  'worker',
  'admin',
]
const pressOf = (card: Card, key: string): Incoming => ({
  kind: 'press',
  connection: 'c1',
  key: 'k',
  alias: null,
  account: 'a',
  accountName: null,
  conversation: 'c',
  direct: true,
  at: new Date('2026-11-24T02:00:00Z'),
  action: key,
  form: Object.fromEntries(card.form.map((field) => [field.name, field.kind === 'choice' ? (field.initial ?? '') : ''])),
  message: null,
  handle: null,
})
/** Refusals that ask for a value which the card shows and the reader has left open. */
const questions = ['choose-owner', 'plan-incomplete']

test.each(Object.keys(situations) as Situation[])('%s: no button is drawn that its reader may not press', (situation) => {
  for (const who of everybody) {
    const card = hazardIn(situation).card(who)
    for (const action of card.actions) {
      const routed = route(pressOf(card, action.key), { expectations: [], held: new Map(), knownAccount: true })
      if (routed.kind !== 'command') throw new Error(`${action.key} is no command`)
      const result = hazardIn(situation).run(person(who), routed.command)
      const isOpen = action.needsForm && questions.includes(because(result))
      expect(result.decision.kind === 'accepted' || isOpen, `${who} ${action.label}: ${because(result)}`).toBe(true)
    }
  }
})

test.each(Object.keys(situations) as Situation[])(
  '%s: every choice offers what it starts with, ten at most, and texts are five at most',
  (situation) => {
    for (const who of everybody) {
      const { form, actions } = hazardIn(situation).card(who)
      for (const field of form)
        if (field.kind === 'choice') {
          expect(field.options.length).toBeLessThanOrEqual(10)
          if (field.initial !== null) expect(field.options.map(({ value }) => value)).toContain(field.initial)
        }
      expect(form.filter(({ kind }) => kind === 'text').length).toBeLessThanOrEqual(5)
      expect(actions.length).toBeLessThanOrEqual(6)
    }
  },
)

const factsOf = (desk: HazardDesk, who: string) =>
  Object.fromEntries(desk.card(who).facts.map(({ label, value }) => [label, value]))

test('whoever decides reads what it is about', () => {
  expect(factsOf(hazardIn('planned'), 'principal')).toMatchObject({
    法定分级: '重大隐患（《工贸企业重大事故隐患判定标准》（应急管理部令第10号））',
    整改措施: '停泵更换机封',
    资金: '3 万元，备件到货',
    计划完成: '12-11 00:00',
    应急预案: '接油盘、警戒、专人值守',
  })
  expect(factsOf(hazardIn('asking'), 'head')).toMatchObject({ 申请: '延期至 12-02 10:10：等备件' })
  expect(factsOf(hazardIn('deferred'), 'fitter')).toMatchObject({ 临时管控: '加装接油盘' })
  expect(factsOf(hazardIn('merged'), 'welder').并入).toMatch(/^YH-SH01-/)
})

test('an owner without the causes has no button to hand in, and reads who owes them', () => {
  const desk = hazardIn('reported')
  desk.must(person('lead'), { ...triage, direct: '', indirect: '', control: '' })
  desk.must(person('fitter'), { type: 'accept', colour: '', area: '' })
  expect(desk.card('fitter').note).toContain('提交前须由名lead补充直接原因、间接原因、管控建议')
  expect(desk.card('lead').title).toBe('请补充原因与管控建议')
  expect(desk.card('lead').form.map(({ name }) => name)).toEqual(['direct', 'indirect', 'control'])
  expect(desk.card('officerA').title).toBe('隐患跟踪')
  desk.change({ unreachable: ['lead'] })
  expect(desk.card('officerA').actions.map(({ label }) => label)).toEqual(['补充原因', '重新定级'])
})

test('more time is offered only while it can still be asked for', () => {
  const labels = (desk: HazardDesk) => desk.card('fitter').actions.map(({ label }) => label)
  const desk = hazardIn('accepted')
  expect(labels(desk)).toEqual(expect.arrayContaining(['申请延期', '申请缓办']))
  desk.must(person('fitter'), longer)
  expect(labels(desk)).not.toContain('申请延期')
  const late = hazardIn('accepted')
  late.passes(hours(73))
  expect(labels(late)).not.toContain('申请缓办')
})
