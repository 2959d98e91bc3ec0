import { expect, test } from 'vitest'
import { alertRule } from '../../src/rules/alerts.ts'
import { readWorkerConfig } from '../../src/worker-config.ts'

const bucket = { get: () => null, put: () => null, head: () => null, list: () => null }
const wecom = {
  id: 'wecom-a',
  platform: 'wecom',
  mode: 'webhook',
  corpId: 'ww1',
  agentId: '1',
  secret: '$' + '{WECOM_SECRET}',
  token: 'a-token-nobody-may-read',
  encodingAesKey: 'k'.repeat(43),
}
const whole = {
  HYPERDRIVE: { connectionString: 'postgres://a:b@c/d' },
  BLOBS: bucket,
  ASSETS: { fetch: () => null },
  ANDON_SECRET: 's'.repeat(32),
  ANDON_SITE: 'SH01',
  PUBLIC_URL: 'https://andon.example.com/',
  WECOM_SECRET: 'the-real-secret',
  CONNECTIONS: JSON.stringify([wecom]),
}
const said = (env: object): string => {
  try {
    readWorkerConfig(env)
  } catch (error) {
    return error instanceof Error ? `${error.constructor.name}: ${error.message}` : 'not an error'
  }
  return 'accepted'
}

test('a whole configuration is read, with secrets put in where they are named', () => {
  const config = readWorkerConfig(whole)
  expect(config.connections).toMatchObject([{ id: 'wecom-a', secret: 'the-real-secret', apiBase: 'https://qyapi.weixin.qq.com' }])
  expect(config).toMatchObject({ sandbox: false, publicUrl: 'https://andon.example.com', site: 'SH01', sandboxSecret: '' })
})

test.each(['HYPERDRIVE', 'BLOBS', 'ASSETS', 'ANDON_SECRET', 'ANDON_SITE', 'PUBLIC_URL', 'CONNECTIONS', 'WECOM_SECRET'])(
  'without %s nothing starts',
  (name) => {
    const message = said(Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name)))
    expect(message).toMatch(/^ConfigError: /)
    expect(message).toContain(name)
  },
)

test.each([
  ['a bucket that is none', { BLOBS: {} }],
  ['a short secret', { ANDON_SECRET: 'short' }],
  ['a site that is none', { ANDON_SITE: 'shanghai plant' }],
  ['no connection', { CONNECTIONS: '[]' }],
  ['something that is no JSON', { CONNECTIONS: 'feishu' }],
  ['a connection that is incomplete', { CONNECTIONS: JSON.stringify([{ ...wecom, encodingAesKey: 'short' }]) }],
  ['the same connection twice', { CONNECTIONS: JSON.stringify([wecom, wecom]) }],
  [
    'a sandbox beside a real connection',
    { CONNECTIONS: JSON.stringify([wecom, { ...wecom, id: 'b', apiBase: 'http://127.0.0.1:1' }]) },
  ],
])('%s is refused, and the message holds no secret', (_, change) => {
  const message = said({ ...whole, ...change })
  expect(message).toMatch(/^ConfigError: /)
  for (const secret of ['the-real-secret', 'a-token-nobody-may-read', whole.ANDON_SECRET]) expect(message).not.toContain(secret)
})

test('every connection on this machine is the sandbox', () => {
  expect(
    readWorkerConfig({ ...whole, CONNECTIONS: JSON.stringify([{ ...wecom, apiBase: 'http://127.0.0.1:8090' }]) }).sandbox,
  ).toBe(true)
})

const secret = 'a-secret-of-thirty-two-characters-or-more'
const camera = { id: 'camera', name: '摄像头', secret: '$' + '{CAMERA_SECRET}', device: '/id', text: '/name' }
const hr = { id: 'hr', url: 'https://hr.example.com/', secret, events: ['*'] }

test('systems outside are read like the connections, and are none when left out', () => {
  expect(readWorkerConfig(whole)).toMatchObject({ alarms: [], calls: [] })
  const outside = { ALARMS: JSON.stringify([camera]), CALLS: JSON.stringify([hr]), CAMERA_SECRET: secret }
  expect(readWorkerConfig({ ...whole, ...outside })).toMatchObject({
    alarms: [{ id: 'camera', secret, text: ['/name'], sameCaseHours: 24 }],
    calls: [{ id: 'hr', privateNetwork: false }],
  })
})

test.each([
  ['ALARMS that are no JSON', { ALARMS: '[' }, /ALARMS must be a JSON array/],
  ['a secret that nobody has set', { ALARMS: JSON.stringify([camera]) }, /CAMERA_SECRET/],
  [
    'a source without a device',
    { ALARMS: JSON.stringify([{ ...camera, secret, device: undefined }]) },
    /ALARMS, CALLS or ACCESS is not valid/,
  ],
  ['a target in the clear', { CALLS: JSON.stringify([{ ...hr, url: 'http://hr.example.com/' }]) }, /https/],
])('%s are refused, and no secret is told', (_, change, why) => {
  const words = said({ ...whole, ...change })
  expect(words).toMatch(/^ConfigError/)
  expect(words).toMatch(why)
  expect(words).not.toContain(secret)
})

test('the alert budget is that of the configuration file, as JSON, and nothing unreadable falls back to the default', () => {
  expect(readWorkerConfig(whole).alertRule).toEqual(alertRule)
  expect(readWorkerConfig({ ...whole, ALERT_BUDGET: '{"notices":30}' }).alertRule).toMatchObject({ most: 30, per: alertRule.per })
  expect(said({ ...whole, ALERT_BUDGET: '30 an hour' })).toMatch(/^ConfigError: ALERT_BUDGET must be a JSON object/)
  expect(said({ ...whole, ALERT_BUDGET: '{"notices":1}' })).toMatch(/^ConfigError: ALERT_BUDGET is not valid/)
})
