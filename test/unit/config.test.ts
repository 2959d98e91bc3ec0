import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../src/config.ts'
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
