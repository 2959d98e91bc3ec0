import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AlarmMapping, largestPhoto, readAlarm, valueAt } from '../../src/webhooks/alarm-mapping.ts'

const mapping: AlarmMapping = {
  name: 'AI 摄像头',
  device: '/camera/id',
  text: ['/event/name', '/event/detail'],
  area: '/camera/area',
  areas: { north: 'pump-3' },
  defaultArea: 'yard',
  equipment: '/pump',
  colour: { from: '/event/type', to: { fire: 'red', helmet: 'yellow' }, otherwise: 'orange' },
  photo: '/snapshot',
}
const jpeg = (size: number): string => Buffer.concat([Buffer.from('ffd8ff', 'hex'), Buffer.alloc(size - 3)]).toString('base64')
const body = {
  camera: { id: 'CAM-07', area: 'north' },
  event: { type: 'fire', name: '明火', detail: '3 处' },
  pump: 'P-301',
}

test('a body is read by the pointers of its source', () => {
  expect(readAlarm(body, mapping)).toEqual({
    device: 'CAM-07',
    name: 'AI 摄像头 CAM-07',
    text: '明火 3 处\n设备：P-301',
    area: 'pump-3',
    defaultArea: 'yard',
    colour: 'red',
    photo: null,
    photoRefused: false,
  })
})

test.each([
  ['/a/b', { a: { b: 1 } }, 1],
  ['/a/1', { a: ['x', 'y'] }, 'y'],
  ['/a/01', { a: ['x', 'y'] }, undefined],
  ['/a/-', { a: ['x'] }, undefined],
  ['/a~1b', { 'a/b': 'slash' }, 'slash'],
  ['/m~0n', { 'm~n': 'tilde' }, 'tilde'],
  ['/~01', { '~1': 'both' }, 'both'],
  ['/', { '': 'empty' }, 'empty'],
  ['/constructor', {}, undefined],
  ['/a/length', { a: 'text' }, undefined],
  ['/a/length', { a: [1, 2] }, undefined],
  ['/__proto__/x', {}, undefined],
  ['/__proto__/x', JSON.parse('{"__proto__":{"x":7}}'), 7],
] as const)('the pointer %s leads into %j to %j', (pointer, value, found) => {
  expect(valueAt(value, pointer)).toBe(found)
})

test('a colour that the source does not name is the one for everything else, and none where there is none', () => {
  const typed = (type: unknown) => ({ ...body, event: { ...body.event, type } })
  expect(readAlarm(typed('flood'), mapping)?.colour).toBe('orange')
  expect(readAlarm(typed('toString'), mapping)?.colour).toBe('orange')
  expect(readAlarm(typed({ fire: true }), mapping)?.colour).toBe('orange')
  expect(readAlarm(typed('flood'), { ...mapping, colour: { from: '/event/type', to: {} } })?.colour).toBe('')
  expect(readAlarm(body, { ...mapping, colour: undefined })?.colour).toBe('')
})

test('nothing that is missing loses the alarm, unless there is neither a device nor a word', () => {
  expect(readAlarm({ camera: { id: 7 } }, mapping)).toMatchObject({ device: '7', text: 'AI 摄像头' })
  expect(readAlarm({ event: { name: '明火' } }, mapping)).toMatchObject({ device: '', name: 'AI 摄像头', text: '明火' })
  expect(readAlarm({ camera: { id: ['CAM-07'] } }, mapping)).toBeNull()
  expect(readAlarm({ camera: null, event: [] }, mapping)).toBeNull()
  expect(readAlarm({}, mapping)).toBeNull()
})

test('words are storable, of one line and bounded', () => {
  const alarm = readAlarm(
    { camera: { id: 'CAM\u0000\n07\u202e' }, event: { name: '火'.repeat(5_000), detail: '\ud800' } },
    mapping,
  )
  expect(alarm?.device).toBe('CAM\u2400 07')
  expect(alarm?.text.length).toBeLessThanOrEqual(1_000)
  expect(alarm?.text.isWellFormed()).toBe(true)
})

test.each([
  ['an address', 'http://camera.local/snapshot.jpg'],
  ['a file', 'file:///etc/passwd'],
  ['a PNG', Buffer.from('89504e470d0a1a0a', 'hex').toString('base64')],
  ['base64 with blanks', `${jpeg(60)}\n`],
  ['base64 that is cut', jpeg(60).slice(0, -1)],
  ['a list', [jpeg(60)]],
  ['more than 300 kB', jpeg(largestPhoto + 1)],
  ['nothing', ''],
])('%s is no photo, and the alarm stands without it', (_, snapshot) => {
  expect(readAlarm({ ...body, snapshot }, mapping)).toMatchObject({ device: 'CAM-07', photo: null, photoRefused: true })
})

test('a JPEG up to 300 kB comes along, with or without the head of a data URL', () => {
  const bytes = jpeg(largestPhoto)
  for (const snapshot of [bytes, `data:image/jpeg;base64,${bytes}`]) {
    const alarm = readAlarm({ ...body, snapshot }, mapping)
    expect(alarm?.photo?.byteLength).toBe(largestPhoto)
    expect(alarm?.photoRefused).toBe(false)
  }
  expect(readAlarm({ ...body, snapshot: null }, mapping)).toMatchObject({ photo: null, photoRefused: false })
  expect(readAlarm(body, { ...mapping, photo: undefined })).toMatchObject({ photo: null, photoRefused: false })
})

test('whatever JSON a source sends, reading it ends, stays within bounds and throws nothing', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('camera', 'event', 'pump', 'snapshot', '__proto__'), fc.jsonValue()), (value) => {
      const alarm = readAlarm(JSON.parse(JSON.stringify(value)), mapping)
      if (!alarm) return
      expect(alarm.text).not.toBe('')
      expect(alarm.device.length).toBeLessThanOrEqual(100)
      expect(alarm.text.length).toBeLessThanOrEqual(1_200)
      expect(['red', 'yellow', 'orange']).toContain(alarm.colour)
    }),
    { numRuns: 500, seed: 11 },
  )
})
