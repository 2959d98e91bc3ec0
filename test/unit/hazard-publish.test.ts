import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { performEffect } from '../../src/engine/effects.ts'
import { noWrites } from '../../src/engine/writes.ts'
import { takersAmong } from '../../src/webhooks/outgoing.ts'
import { hazardEventNames } from '../../src/workflows/hazard/publish.ts'
import type { Effect, Plant } from '../../src/workflows/workflow.ts'
import {
  handedIn,
  hazardDesk,
  hazardIn,
  judged,
  major,
  person,
  plan,
  plantWith,
  report,
  system,
  triage,
} from './hazard-govern-desk.ts'

type Published = Extract<Effect, { kind: 'publish' }>
const published = (effects: readonly Effect[]): readonly Published[] =>
  effects.flatMap((one) => (one.kind === 'publish' ? [one] : []))
const names = (result: { readonly effects: readonly Effect[] }): readonly string[] =>
  published(result.effects).map(({ event }) => event)

const equipped = (): Plant => {
  const plant = plantWith()
  const pumps = [
    { id: 'P-301', name: '1# 循环泵' },
    { id: 'P-302', name: '2# 循环泵' },
  ]
  return { ...plant, areas: plant.areas.map((area) => ({ ...area, equipment: area.id === 'pump-3' ? pumps : [] })) }
}

test('a hazard of a piece of equipment is told when it is known, moves with it, and ends with it, each once', () => {
  const desk = hazardDesk({ plant: equipped() })
  expect(names(desk.must(person('welder'), report('P-301 漏油')))).toEqual(['hazard.opened', 'equipment.hazard.opened'])
  const moved = published(desk.must(person('lead'), { ...triage, equipment: 'P-302' }).effects)
  expect(moved.map(({ event, body }) => `${event} ${body.equipment}`)).toEqual([
    'hazard.graded P-302',
    'equipment.hazard.closed P-301',
    'equipment.hazard.opened P-302',
  ])
  const ended = desk.must(person('lead'), { type: 'reject', reason: '已在检修计划内' })
  expect(published(ended.effects).map(({ event, body }) => `${event} ${body.status} ${body.equipment}`)).toEqual([
    'hazard.closed rejected P-302',
    'equipment.hazard.closed rejected P-302',
  ])
  const back = desk.must(person('welder'), { type: 'reopen', reason: '仍在漏' })
  expect(names(back)).toEqual(['hazard.reopened', 'equipment.hazard.opened'])
})

test('a major hazard is told to be listed, with its plan, and to be closed only once the principal has signed', () => {
  const desk = hazardIn('reported')
  expect(names(desk.must(person('lead'), major))).toEqual(['hazard.graded', 'major.listed'])
  expect(names(desk.must(person('fitter'), plan))).toEqual([])
  const [approved] = published(desk.must(person('principal'), { type: 'approve' }).effects)
  expect(approved?.event).toBe('major.planApproved')
  expect(approved?.body).toMatchObject({ measure: plan.measure, funding: plan.funding, contingency: plan.contingency })
  handedIn(desk)
  expect(judged(desk).flatMap(names)).toEqual([])
  const signed = published(desk.must(person('principal'), { type: 'approve' }).effects)
  expect(signed.map(({ event, body }) => `${event} ${body.status}`)).toEqual(['hazard.closed closed', 'major.closed closed'])
})

test('nobody outside reads a name, a person or words of a report', () => {
  const desk = hazardDesk({ plant: equipped() })
  const all = [
    ...desk.must(person('welder'), report('P-301 漏油，王强知道')).effects,
    ...desk.must(person('lead'), { ...major, equipment: 'P-301' }).effects,
    ...desk.must(person('fitter'), plan).effects,
    ...desk.must(person('principal'), { type: 'approve' }).effects,
  ]
  const told = JSON.stringify(published(all).map(({ body }) => body))
  for (const word of ['王强', '漏油', ...desk.plant().persons.keys()].filter((id) => id !== 'prod'))
    expect(told).not.toContain(`"${word}`)
  expect(told).not.toContain('名')
})

test('what changes nothing outside is told to nobody, and an alarm says that a device has raised it', () => {
  const desk = hazardIn('accepted')
  expect(names(desk.must(person(desk.state().owner ?? ''), { type: 'startRectify' }))).toEqual([])
  const raise = { type: 'raise', source: 'alarm:gas', device: 'GT-1', name: '气体检测', text: '可燃气体超限', area: '3号泵房' }
  const device = hazardDesk().must(system, { ...raise, defaultArea: '', colour: 'red', within: 0, files: [] })
  expect(published(device.effects)[0]).toMatchObject({
    event: 'hazard.opened',
    body: { by: 'device', colour: 'red', graded: false },
  })
})

test('each target gets what its list names, one that asked for nothing gets nothing', () => {
  const target = (id: string, events: readonly string[]) => ({ id, url: '', secret: '', events, privateNetwork: false })
  const takersOf = takersAmong([target('hr', ['allowance.freeze']), target('mes', ['hazard.closed']), target('lake', ['*'])])
  const writes = noWrites()
  const on = { site: 'SH01', id: 'haz_1', revision: 1 } as Parameters<typeof performEffect>[1]
  const pass = { at: new Date(0), writes, takersOf } as unknown as Parameters<typeof performEffect>[3]
  performEffect({ kind: 'publish', event: 'hazard.closed', body: { code: 'x' } }, on, { kind: 'system' }, pass)
  expect(writes.effect.map(({ kind, payload }) => [kind, JSON.parse(String(payload))])).toEqual([
    ['callOut', { target: 'mes', event: 'hazard.closed', body: { code: 'x' } }],
    ['callOut', { target: 'lake', event: 'hazard.closed', body: { code: 'x' } }],
  ])
})

test('integrators can read of every event, and see the fields that are sent', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/integrations.md'), 'utf8')
  for (const name of hazardEventNames) expect(docs).toContain(`| \`${name}\``)
  const [, example = '{}'] = /```json\n(\{\n {2}"event": "equipment\.hazard\.opened"[\s\S]*?)\n```/.exec(docs) ?? []
  const desk = hazardDesk({ plant: equipped() })
  const sent = published(desk.must(person('welder'), report('P-301 漏油')).effects).find(({ event }) =>
    event.startsWith('equipment'),
  )
  const shown = JSON.parse(example) as { readonly data?: object }
  expect(Object.keys(shown.data ?? {})).toEqual(Object.keys(sent?.body ?? {}))
  const demo = JSON.parse(readFileSync(join(import.meta.dirname, '../../demo/integrations.json'), 'utf8')) as {
    readonly calls: readonly { readonly id: string; readonly events: readonly string[] }[]
  }
  const asked = demo.calls.filter(({ id }) => id !== 'hr').flatMap(({ events }) => events)
  expect(asked.filter((event) => !(hazardEventNames as readonly string[]).includes(event))).toEqual([])
})
