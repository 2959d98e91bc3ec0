import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../src/config.ts'
import { alertRule } from '../../src/rules/alerts.ts'
import { scratch } from '../support/scratch.ts'

const directory = (): string => scratch('andon config ')

const withFile = (yaml: string, env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => {
  const dir = directory()
  const path = join(dir, 'andon.config.yaml')
  writeFileSync(path, yaml)
  return { ANDON_DATA: dir, ANDON_CONFIG: path, ...env }
}

const wecom = `
connections:
  - { id: wecom-a, platform: wecom, mode: webhook, corpId: ww01, agentId: 1000007, secret: "\${WECOM_SECRET}", token: tok,
      encodingAesKey: kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aQ }
`

describe('without a configuration', () => {
  test('the sandbox is the connection, on loopback, with an embedded database', () => {
    const config = readConfig({ ANDON_DATA: directory() })
    expect(config.sandbox).toBe(true)
    expect(config.host).toBe('127.0.0.1')
    expect(config.database.kind).toBe('pglite')
    expect(config.connections.map(({ platform }) => platform).sort()).toEqual(['dingtalk', 'feishu', 'wecom'])
  })

  test('a secret is made once, for its owner only, and kept', () => {
    const dir = directory()
    const { secret } = readConfig({ ANDON_DATA: dir })
    expect(secret.length).toBeGreaterThanOrEqual(43)
    expect(readConfig({ ANDON_DATA: dir }).secret).toBe(secret)
    expect(readFileSync(join(dir, 'secret'), 'utf8').trim()).toBe(secret)
    expect(statSync(join(dir, 'secret')).mode & 0o077).toBe(0)
  })
})

describe('nothing falls back in silence', () => {
  const refused: readonly (readonly [string, () => NodeJS.ProcessEnv, RegExp])[] = [
    [
      'a configuration that is named but not there',
      () => ({ ANDON_CONFIG: '/nowhere/andon.yaml', ANDON_DATA: directory() }),
      /cannot be read/,
    ],
    ['a configuration that is no YAML', () => withFile('connections: [ {'), /cannot be read/],
    ['a configuration of another shape', () => withFile('connections: nothing'), /not a valid configuration/],
    ['a key that nobody knows, such as a mistyped one', () => withFile('conections: []'), /not a valid configuration/],
    ['a configuration without connections', () => withFile('publicUrl: https://andon.example.com'), /no connections/],
    [
      'an id that our own arrivals stand under',
      () => withFile(wecom.replace('wecom-a', 'clock'), { WECOM_SECRET: 's' }),
      /reserved/,
    ],
    [
      'a platform nobody knows',
      () => withFile('connections: [{ id: a1, platform: carrier-pigeon }]'),
      /not a valid configuration/,
    ],
    ['a secret whose environment variable is not set', () => withFile(wecom), /WECOM_SECRET/],
    ['a secret whose environment variable is empty', () => withFile(wecom, { WECOM_SECRET: '' }), /WECOM_SECRET/],
    ['real connections without an organisation', () => withFile(wecom, { WECOM_SECRET: 's' }), /organisation/],
    [
      'a database without connections',
      () => ({ DATABASE_URL: 'postgres://localhost/x', ANDON_DATA: directory() }),
      /no connections/,
    ],
    [
      'a database address of another kind',
      () => ({ DATABASE_URL: 'mysql://localhost/x', ANDON_DEMO: '1', ANDON_DATA: directory() }),
      /postgres/,
    ],
    ['a port that is none', () => ({ PORT: 'eighty', ANDON_DATA: directory() }), /PORT/],
    [
      'two connections with one id',
      () => withFile(`organisation: o.json\n${wecom}${wecom.replace('connections:\n', '')}`, { WECOM_SECRET: 's' }),
      /same id/,
    ],
    [
      'sandbox and real connections together',
      () =>
        withFile(
          `sandbox: true\n${wecom}${wecom.replace('connections:\n', '').replace('wecom-a', 'wecom-b').replace('token: tok', 'token: tok, apiBase: "http://127.0.0.1:9"')}`,
          { WECOM_SECRET: 's' },
        ),
      /cannot be mixed/,
    ],
  ]
  test.each(refused)('%s refuses to start and says why', (_, env, words) => {
    expect(() => readConfig(env())).toThrow(ConfigError)
    expect(() => readConfig(env())).toThrow(words)
  })

  test('a message never repeats a secret', () => {
    const env = withFile(`${wecom}    nonsense: [`, { WECOM_SECRET: 'very-secret-value' })
    try {
      readConfig(env)
      expect.unreachable()
    } catch (error) {
      expect(String(error)).not.toContain('very-secret-value')
    }
  })
})

test('real connections get their secrets from the environment and listen on every address', () => {
  const config = readConfig(withFile(`organisation: org.json\n${wecom}`, { WECOM_SECRET: 's3cret' }))
  expect(config.sandbox).toBe(false)
  expect(config.host).toBe('0.0.0.0')
  expect(config.connections[0]).toMatchObject({ id: 'wecom-a', secret: 's3cret', apiBase: 'https://qyapi.weixin.qq.com' })
})

test('a proxy on loopback is not taken for the sandbox', () => {
  const proxied = wecom.replace('token: tok', 'token: tok, apiBase: "http://localhost:3128"')
  expect(readConfig(withFile(`organisation: org.json\n${proxied}`, { WECOM_SECRET: 's' })).sandbox).toBe(false)
})

const withKeys = (keys: string): NodeJS.ProcessEnv => withFile(`organisation: org.json\n${keys}\n${wecom}`, { WECOM_SECRET: 's' })

describe('how often one person is called', () => {
  test('is the rule of the product when nothing is said', () => {
    expect(readConfig(withKeys('')).alertRule).toEqual(alertRule)
  })

  test.each([
    ['{ notices: 5, minutes: 60 }', { most: 5, per: 3_600_000, quiet: alertRule.quiet }],
    ['{ minutes: 1 }', { most: 20, per: 60_000 }],
    ['{ quiet: { from: "21:30", until: "06:15" } }', { quiet: { from: '21:30:00', until: '06:15:00', colours: ['blue'] } }],
    ['{ quiet: none }', { quiet: { colours: [] } }],
  ])('%s', (budget, wanted) => {
    expect(readConfig(withKeys(`alertBudget: ${budget}`)).alertRule).toMatchObject(wanted)
  })

  test.each([
    ['nobody would be called at all', '{ notices: 0 }', /at least 5/],
    ['fewer than the replicas send unasked', '{ notices: 4 }', /at least 5/],
    ['half a notice', '{ notices: 7.5 }', /notices/],
    ['words for a number', '{ notices: many }', /notices/],
    ['no stretch of time', '{ minutes: 0 }', /minutes/],
    ['longer than a day', '{ minutes: 1441 }', /minutes/],
    ['a time that is none', '{ quiet: { from: "24:00", until: "07:00" } }', /time of day/],
    ['a time that YAML reads as a number', '{ quiet: { from: 22:00, until: 1 } }', /quiet/],
    ['quiet hours without an end', '{ quiet: { from: "22:00" } }', /quiet/],
    ['quiet hours that are a whole day or nothing', '{ quiet: { from: "07:00", until: "07:00" } }', /none/],
    ['quiet hours for red', '{ quiet: { from: "22:00", until: "07:00", colours: [red] } }', /quiet/],
    ['a mistyped key', '{ notice: 20 }', /notice/],
  ])('%s refuses to start', (_, budget, words) => {
    expect(() => readConfig(withKeys(`alertBudget: ${budget}`))).toThrow(ConfigError)
    expect(() => readConfig(withKeys(`alertBudget: ${budget}`))).toThrow(words)
  })
})

describe('limits of a connection', () => {
  const limited = (limits: string): NodeJS.ProcessEnv =>
    withFile(`organisation: org.json\n${wecom.replace('token: tok', `token: tok, limits: ${limits}`)}`, { WECOM_SECRET: 's' })

  test('are read as they are', () => {
    const limits = '{ "*": [{ calls: 100, seconds: 1 }, { calls: 2000, seconds: 60 }], "/cgi-bin/message/send": [] }'
    expect(readConfig(limited(limits)).connections[0]?.limits).toEqual({
      '*': [
        { calls: 100, seconds: 1 },
        { calls: 2000, seconds: 60 },
      ],
      '/cgi-bin/message/send': [],
    })
    expect(readConfig(limited('{}')).connections[0]?.limits).toEqual({})
    expect(readConfig(withKeys('')).connections[0]?.limits).toBeUndefined()
  })

  test.each([
    ['no calls at all', '{ "*": [{ calls: 0, seconds: 1 }] }', /calls/],
    ['half a call', '{ "*": [{ calls: 1.5, seconds: 1 }] }', /calls/],
    ['calls without a time', '{ "*": [{ calls: 10 }] }', /seconds/],
    ['no time', '{ "*": [{ calls: 10, seconds: 0 }] }', /seconds/],
    ['longer than a day', '{ "*": [{ calls: 10, seconds: 86401 }] }', /seconds/],
    ['a window with a word that nobody knows', '{ "*": [{ calls: 10, minutes: 1 }] }', /minutes/],
    ['a number for a list', '{ "*": 40 }', /array/],
    ['five windows', `{ "*": [${Array.from({ length: 5 }, () => '{ calls: 10, seconds: 1 }').join(', ')}] }`, /<=4/],
  ])('%s refuses to start', (_, limits, words) => {
    expect(() => readConfig(limited(limits))).toThrow(ConfigError)
    expect(() => readConfig(limited(limits))).toThrow(words)
  })
})
