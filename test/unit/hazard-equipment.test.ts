import { expect, test } from 'vitest'
import { days } from '../../src/lib/clock.ts'
import { organisationFile } from '../../src/people/organisation.ts'
import { equipmentIn } from '../../src/workflows/hazard/equipment.ts'
import type { FoundRow, Plant } from '../../src/workflows/workflow.ts'
import {
  because,
  codeOf,
  eventsOf,
  hazardDesk,
  noticesOf,
  person,
  plantWith,
  report,
  system,
  triage,
} from './hazard-govern-desk.ts'

const pumps = [
  { id: 'P-301', name: '1# 循环泵' },
  { id: 'P-301A', name: '备用循环泵' },
  { id: 'P-302', name: '2# 循环泵' },
]
const equipped = (): Plant => {
  const plant = plantWith()
  const stands: Readonly<Record<string, typeof pumps>> = { 'pump-3': pumps, yard: [{ id: 'CR.1', name: '汽车吊' }] }
  return { ...plant, areas: plant.areas.map((area) => ({ ...area, equipment: stands[area.id] ?? [] })) }
}
const reported = (words: string, rows: readonly FoundRow[] = []) => {
  const desk = hazardDesk({ plant: equipped(), rows })
  return { desk, first: desk.must(person('welder'), report(words)) }
}

test.each([
  ['P-301 漏油', 'P-301'],
  ['p301漏油', 'P-301'],
  ['Ｐ－３０１Ａ机封漏', 'P-301A'],
  ['P 302 振动大', 'P-302'],
  ['备用循环泵渗油', 'P-301A'],
  ['P-3011 漏油', null],
  ['XP-301 漏油', null],
  ['CRx1 倾斜', null],
  ['CR.1 倾斜', 'CR.1'],
  ['有人没戴安全帽', null],
])('%s is about %s', (words, code) => {
  expect(equipmentIn(words, null, equipped())?.id ?? null).toBe(code)
})

test('a code in the report suggests the equipment and where it stands; words that name another place suggest the place alone', () => {
  expect(reported('P-301A 漏油').desk.state().suggestion).toEqual({ colour: 'orange', area: 'pump-3', equipment: 'P-301A' })
  expect(reported('厂区道路 P-301 漏油').desk.state().suggestion).toEqual({ colour: 'orange', area: 'yard' })
  const { desk } = reported('漏油')
  desk.must(person('welder'), { type: 'addToReport', text: '是 P-302', files: [], place: null })
  expect(desk.state().suggestion).toMatchObject({ area: 'pump-3', equipment: 'P-302' })
  expect(desk.card('lead').facts).toContainEqual({ label: '设备', value: 'P-302 2# 循环泵' })
})

test('the triage says which, or none, and only what stands in its area', () => {
  const said = (equipment?: string, area = 'pump-3') => {
    const { desk } = reported('P-301 漏油')
    const result = desk.run(person('lead'), { ...triage, area, ...(equipment === undefined ? {} : { equipment }) })
    return [because(result), desk.state().equipment]
  }
  expect(said()).toEqual(['accepted triaged', 'P-301'])
  expect(said('P-302')).toEqual(['accepted triaged', 'P-302'])
  expect(said('none')).toEqual(['accepted triaged', null])
  expect(said('', 'yard')).toEqual(['accepted triaged', null])
  expect(said('P-301', 'yard')).toEqual(['choose-equipment', undefined])
  expect(said('P-999')).toEqual(['choose-equipment', undefined])
  const { desk } = reported('P-301 漏油')
  const field = desk.card('lead').form.find(({ name }) => name === 'equipment')
  expect(field).toMatchObject({ kind: 'choice', initial: 'P-301', required: true })
  expect(field?.kind === 'choice' ? field.options.map(({ value }) => value) : []).toEqual(['P-301', 'P-301A', 'P-302', 'none'])
})

test('a plant that has listed none is asked nothing, and its cases say nothing of it', () => {
  const desk = hazardDesk()
  desk.must(person('welder'), report('3号泵房 P-301 漏油'))
  expect(desk.card('lead').form.map(({ name }) => name)).not.toContain('equipment')
  desk.must(person('lead'), triage)
  expect(Object.keys(desk.state())).not.toContain('equipment')
  expect(Object.keys(desk.state().suggestion)).toEqual(['colour', 'area'])
})

const before = (n: number, key: string, name = 'repeat'): FoundRow => ({
  name,
  key,
  subject: `haz_${n}`,
  at: new Date(Date.parse('2026-11-24T02:00:00.000Z') - days(n)).toISOString(),
  weight: 1,
  note: JSON.stringify({ code: codeOf(n), returned: 0 }),
})

test('hazards repeat by the piece of equipment where one is known, and by area and kind where none is', () => {
  const onPump = [before(3, 'equipment:P-301:leak'), before(4, 'equipment:P-301:leak')]
  const inArea = [before(3, 'pump-3:leak'), before(4, 'pump-3:leak')]
  expect(reported('P-301 漏油', onPump).desk.state().repeat).toMatchObject({ count: 3 })
  expect(reported('P-302 漏油', onPump).desk.state().repeat).toBeUndefined()
  expect(reported('P-302 漏油', inArea).desk.state().repeat).toBeUndefined()
  expect(reported('3号泵房漏油', inArea).desk.state().repeat).toMatchObject({ count: 3 })
  const { desk } = reported('P-301 漏油', onPump)
  expect(desk.index().filter(({ name }) => name === 'repeat')).toMatchObject([{ key: 'equipment:P-301:leak' }])
  desk.must(person('lead'), { ...triage, equipment: 'none' })
  expect(desk.index().filter(({ name }) => name === 'repeat')).toMatchObject([{ key: 'pump-3:leak' }])
  expect(desk.state().repeat).toBeUndefined()
})

test('seven open reports of one piece of equipment are a frequent source, named by it', () => {
  const six = [3, 4, 5, 6, 7, 8].map((n) => before(n, 'equipment:P-301', 'source'))
  const { desk, first } = reported('P-301 漏油', six)
  expect(eventsOf(first)).toContain('sourceReported')
  expect(noticesOf(first)).toContain('safetyDirector frequent-source')
  const values = first.effects.flatMap((effect) => (effect.kind === 'notify' ? [effect.values] : []))
  expect(values[0]).toMatchObject({ area: '3号泵房 P-301 1# 循环泵', count: '7' })
  expect(desk.index().filter(({ name }) => name === 'source')).toMatchObject([{ key: 'equipment:P-301' }])
})

test('an alarm that names the code is about it, and is in its area', () => {
  const desk = hazardDesk({ plant: equipped() })
  const raise = {
    type: 'raise',
    source: 'alarm:cam',
    device: 'c-1',
    name: '摄像头',
    area: '',
    defaultArea: 'yard',
    colour: '',
    within: 0,
  }
  desk.must(system, { ...raise, text: 'P-302 泄漏', files: [] })
  expect(desk.state().suggestion).toMatchObject({ area: 'pump-3', equipment: 'P-302' })
})

test('the organisation file lists equipment; a code twice, or in no area, is not taken in', () => {
  const site = { id: 'SH01', name: '上海厂', timeZone: 'Asia/Shanghai' }
  const areas = [{ id: 'pump-3', name: '3号泵房', team: '' }]
  const takes = (equipment: readonly object[] | undefined) =>
    organisationFile.safeParse({ site, areas, people: [], ...(equipment ? { equipment } : {}) }).success
  const pump = { id: 'P-301', name: '泵', area: 'pump-3' }
  expect([takes(undefined), takes([]), takes([pump])]).toEqual([true, true, true])
  expect([takes([pump, { ...pump, id: 'p-301' }]), takes([{ ...pump, area: 'yard' }]), takes([{ ...pump, id: '' }])]).toEqual([
    false,
    false,
    false,
  ])
})
