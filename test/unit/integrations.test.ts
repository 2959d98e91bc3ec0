import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { scratch } from '../support/scratch.ts'

const secret = 'a secret of at least thirty-two characters'
const real = `
organisation: plant.json
connections:
  - { id: wecom-a, platform: wecom, mode: webhook, corpId: ww01, agentId: 1000007, secret: s, token: tok,
      encodingAesKey: kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aQ }
`
const sandbox = `
sandbox: true
connections:
  - { id: wecom-a, platform: wecom, mode: webhook, corpId: ww01, agentId: 1000007, secret: s, token: tok,
      encodingAesKey: kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aQ, apiBase: 'http://127.0.0.1:8090' }
`
const camera = `{ id: camera, name: 摄像头, secret: "\${CAMERA_SECRET}", device: /camera/id, text: /event/name }`
const hr = (more = 'url: "https://hr.example.com/andon"'): string =>
  `{ id: hr, secret: "${secret}", events: [pay.freeze], ${more} }`

const reading = (yaml: string, base = real) => {
  const dir = scratch('andon config ')
  const path = join(dir, 'andon.config.yaml')
  writeFileSync(path, `${base}${yaml}`)
  return readConfig({ ANDON_DATA: dir, ANDON_CONFIG: path, CAMERA_SECRET: secret })
}

test('sources and targets are read, secrets from the environment, and what is left out has a default', () => {
  const { alarms, calls } = reading(`alarms: [${camera}]\ncalls: [${hr()}]`)
  expect(alarms).toEqual([
    { id: 'camera', name: '摄像头', secret, site: '', device: '/camera/id', text: ['/event/name'], areas: {}, sameCaseHours: 24 },
  ])
  expect(calls).toEqual([
    { id: 'hr', url: 'https://hr.example.com/andon', secret, events: ['pay.freeze'], privateNetwork: false },
  ])
})

test('without them nobody raises alarms and nobody is called; the demo brings its own, on this machine', () => {
  const empty = reading('')
  expect([empty.alarms, empty.calls]).toEqual([[], []])
  const demo = readConfig({ ANDON_DATA: scratch('andon config '), SANDBOX_PORT: '8123' })
  expect(demo.alarms.map(({ id }) => id)).toEqual(['ai-camera', 'gas-detection'])
  expect(demo.calls.map(({ id, url }) => `${id} ${url}`)).toEqual([
    'hr http://127.0.0.1:8123/calls/hr',
    'mes http://127.0.0.1:8123/calls/mes',
    'regulator http://127.0.0.1:8123/calls/regulator',
  ])
})

test.each([
  ['a secret that is too short', `alarms: [${camera.replace(/"[^"]+"/, 'short')}]`, /at least 32/],
  ['a secret that is not set', `alarms: [${camera.replace('CAMERA_SECRET', 'NOT_SET')}]`, /NOT_SET/],
  ['two sources of one name', `alarms: [${camera}, ${camera}]`, /Two sources of alarms/],
  ['two targets of one name', `calls: [${hr()}, ${hr()}]`, /Two targets of calls/],
  ['a pointer that is none', `alarms: [${camera.replace('/camera/id', 'camera.id')}]`, /JSON pointer/],
  ['a pointer with a lone tilde', `alarms: [${camera.replace('/camera/id', '/camera~id')}]`, /JSON pointer/],
  [
    'a colour that nobody knows',
    `alarms: [${camera.replace(' }', ', colour: { from: /type, to: { fire: purple } } }')}]`,
    /purple|Invalid/,
  ],
  ['a key that nobody knows', `alarms: [${camera.replace(' }', ', photoUrl: /url }')}]`, /photoUrl/],
  ['a window without end', `alarms: [${camera.replace(' }', ', sameCaseHours: 10000 }')}]`, /sameCaseHours/],
  ['a target in the clear', `calls: [${hr('url: "http://hr.example.com/"')}]`, /https/],
  ['a target of another protocol', `calls: [${hr('url: "ftp://hr.example.com/"')}]`, /not a valid configuration/],
  ['a target with a password in its address', `calls: [${hr('url: "https://u:p@hr.example.com/"')}]`, /name or password/],
  ['a target on this machine', `calls: [${hr('url: "https://localhost/"')}]`, /privateNetwork/],
  ['a target in a private network', `calls: [${hr('url: "https://10.0.0.7/"')}]`, /privateNetwork/],
  [
    'a target where clouds keep credentials',
    `calls: [${hr('url: "https://169.254.169.254/", privateNetwork: true')}]`,
    /nobody to call/,
  ],
])('%s refuses to start', (_, yaml, why) => {
  expect(() => reading(yaml)).toThrow(why)
})

test('a private network may be allowed, by name of the target', () => {
  const { calls } = reading(`calls: [${hr('url: "https://10.0.0.7/", privateNetwork: true')}]`)
  expect(calls[0]?.privateNetwork).toBe(true)
})

test('a sandbox calls this machine, in the clear or not, and nobody else', () => {
  expect(reading(`calls: [${hr('url: "http://127.0.0.1:9/"')}]`, sandbox).calls).toHaveLength(1)
  expect(() => reading(`calls: [${hr()}]`, sandbox)).toThrow(/loopback/)
  expect(() => reading(`calls: [${hr('url: "https://8.8.8.8/"')}]`, sandbox)).toThrow(/loopback/)
})

test('no message says a secret', () => {
  for (const yaml of [`alarms: [${camera.replace('/camera/id', 'x')}]`, `calls: [${hr('url: "http://hr.example.com/"')}]`])
    try {
      reading(yaml)
      throw new Error('read')
    } catch (error) {
      expect(String(error)).not.toContain(secret)
      expect(String(error)).not.toBe('Error: read')
    }
})
