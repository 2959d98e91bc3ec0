import { expect, test } from 'vitest'
import { alarmStops, type Suspends } from '../../src/engine/alarm-stops.ts'
import type { FoundPermit } from '../../src/engine/open-permits.ts'
import { plantWith } from './hazard-desk.ts'

const plant = plantWith()
const [here, there] = plant.areas.map(({ id }) => id) as [string, string]
const open = (subject: string, area: string, status: 'active' | 'issued' | 'suspended' = 'active'): FoundPermit => ({
  subject,
  stale: false,
  permit: {
    ...{
      code: subject,
      subject,
      work: 'hot',
      status,
      area,
      point: '',
      from: '',
      to: '',
      leader: 'a',
      people: [],
      attendants: [],
    },
    ...{ name: '动火作业', level: '' },
  },
})
const permits = [open('one', here), open('two', there), open('three', here, 'issued'), open('four', here, 'suspended')]
const alarm = { name: '气体检测 GT-1', text: '可燃气体 50%LEL', area: here, defaultArea: '', colour: 'red' }
const stop = (more: object = {}, suspends: Suspends = { because: 'gasAlarm', colours: ['red', 'orange'] }, rows = permits) =>
  alarmStops({ alarm: { ...alarm, ...more }, suspends, connection: 'alarm:gas', site: 'SH01', key: 'n/1' }, rows, plant)

test('an alarm stops the active permits of its area, each under a key of the alarm', () => {
  expect(stop()).toEqual([
    {
      ...{ source: 'system', connection: 'alarm:gas', site: 'SH01', key: 'n/1/one', subject: 'one', workflow: 'permit' },
      command: { type: 'suspendBy', because: 'gasAlarm', detail: '气体检测 GT-1 可燃气体 50%LEL' },
    },
  ])
})

test('an alarm whose colour the mapping leaves out stops nothing; one without a colour stops', () => {
  expect(stop({ colour: 'yellow' })).toEqual([])
  expect(stop({ colour: '' })).toHaveLength(1)
  expect(stop({ colour: 'yellow' }, { because: 'deviceAlarm' })).toHaveLength(1)
})

test('where nobody can tell the area, all active work of the site stops', () => {
  expect(stop({ area: 'nowhere' }).map((one) => one.source === 'system' && one.subject)).toEqual(['one', 'two'])
  expect(stop({ area: 'nowhere', defaultArea: there }).map((one) => one.source === 'system' && one.subject)).toEqual(['two'])
})

test('a permit whose row cannot be read is asked to stop', () => {
  expect(stop({}, undefined, [{ subject: 'dark', permit: null, stale: true }])).toMatchObject([{ subject: 'dark' }])
})

test('words of a page are cut to what a stop can say', () => {
  const [one] = stop({ text: `危${'险'.repeat(900)}` })
  expect(one?.source === 'system' && [...String(one.command.detail)].length).toBe(200)
})
