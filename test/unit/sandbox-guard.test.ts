import { rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readApps, readDoors, refuseRealConnections } from '../../sandbox/connections.ts'
import { isLoopback, isLoopbackHost } from '../../sandbox/loopback.ts'
import { startSandbox } from '../../sandbox/start.ts'
import { scratch } from '../support/scratch.ts'
import { createPaper } from './sandbox-paper-vendor.ts'

const folder = scratch('andon-sandbox-')
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const withConfig =
  (text: string, env: NodeJS.ProcessEnv = {}) =>
  () =>
    refuseRealConnections({ ...env, ANDON_CONFIG: file('andon.config.yaml', text) })

describe('the sandbox refuses to stand beside real connections', () => {
  test.each([
    ['a vendor’s address', 'connections: [{ id: a, platform: feishu, apiBase: "https://open.feishu.cn" }]'],
    ['no address, which is the vendor’s own', 'connections: [{ id: a, platform: feishu }]'],
    ['one of two addresses', 'connections: [{ id: a, platform: dingtalk, apiBase: "http://127.0.0.1:1" }]'],
    ['a bot without its socket', 'connections: [{ id: a, platform: wecom, mode: bot, apiBase: "http://127.0.0.1:1" }]'],
    [
      'a name that only begins like loopback',
      'connections: [{ id: a, platform: wecom, apiBase: "http://127.0.0.1.evil.example" }]',
    ],
    ['credentials before the host', 'connections: [{ id: a, platform: wecom, apiBase: "http://127.0.0.1@evil.example" }]'],
    ['a reference to a variable that is not set', 'connections: [{ id: a, platform: wecom, apiBase: "$' + '{NOT_SET}" }]'],
  ])('%s', (_, text) => {
    expect(withConfig(text)).toThrow(/real connection/)
  })

  test('a variable is filled in before it is judged', () => {
    const text = 'connections: [{ id: a, platform: wecom, apiBase: "$' + '{BASE}" }]'
    expect(withConfig(text, { BASE: 'http://127.0.0.1:8090' })).not.toThrow()
    expect(withConfig(text, { BASE: 'https://qyapi.weixin.qq.com' })).toThrow(/real connection/)
  })

  test('a file that cannot be read or understood proves nothing, so it refuses too', () => {
    expect(() => refuseRealConnections({ ANDON_CONFIG: join(folder, 'absent.yaml') })).toThrow()
    expect(withConfig('connections: [{ id: a, platform: slack }]')).toThrow()
    expect(withConfig('connections: 7')).toThrow()
  })

  test('a variable of a vendor that leaves the machine', () => {
    expect(() => refuseRealConnections({ FEISHU_API_BASE: 'https://open.larksuite.com' })).toThrow(/FEISHU_API_BASE/)
    expect(() => refuseRealConnections({ WECOM_BOT_WS_URL: 'wss://openws.work.weixin.qq.com' })).toThrow(/WECOM_BOT_WS_URL/)
    expect(() => refuseRealConnections({ FEISHU_API_BASE: 'http://127.0.0.1:8090', HOME: '/' })).not.toThrow()
  })

  test('its own connections file and the service must stay on the machine', async () => {
    const path = file('connections.json', '[{"id":"a","platform":"feishu","mode":"stream","apiBase":"https://open.feishu.cn"}]')
    expect(() => readApps(path, [], {})).toThrow(/real connection/)
    await expect(
      startSandbox({ services: ['https://andon.example.com'], env: {}, factories: createPaper().factories }),
    ).rejects.toThrow(/SERVICE_URLS/)
  })
})

test('doors are overridden by connection or platform, and nothing else is understood', () => {
  expect(readDoors('feishu:http, wecom-bot:stream,')).toEqual({ feishu: 'http', 'wecom-bot': 'stream' })
  expect(() => readDoors('feishu:pigeon')).toThrow()
  const path = file(
    'doors.json',
    '[{"id":"a","platform":"feishu","mode":"stream"},{"id":"b","platform":"feishu","mode":"webhook"},{"id":"c","platform":"wecom","mode":"bot"}]',
  )
  expect(
    readApps(path, ['http://127.0.0.1:1/'], { b: 'stream' }).map(({ door, callbackUrls }) => [door, callbackUrls[0]]),
  ).toEqual([
    ['stream', 'http://127.0.0.1:1/hooks/a'],
    ['stream', 'http://127.0.0.1:1/hooks/b'],
    ['stream', 'http://127.0.0.1:1/hooks/c'],
  ])
})

test('loopback is told from what only looks like it', () => {
  expect(['http://127.0.0.1:80', 'http://localhost', 'ws://[::1]:9'].map(isLoopback)).toEqual([true, true, true])
  expect(['http://127.0.0.2', 'http://localhost.evil.example', 'file:///etc/passwd', 'null', ''].map(isLoopback)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ])
  expect([isLoopbackHost('127.0.0.1:8090'), isLoopbackHost('rebound.example:8090'), isLoopbackHost(undefined)]).toEqual([
    true,
    false,
    false,
  ])
})

test('a name that was pointed here from outside gets no answer', async () => {
  const sandbox = await startSandbox({ services: [], env: {}, factories: createPaper().factories })
  const status = await new Promise<number | undefined>((done, fail) => {
    request(`${sandbox.url}/people`, { headers: { host: 'rebound.example' } }, (response) => done(response.resume().statusCode))
      .on('error', fail)
      .end()
  })
  await sandbox.close()
  expect(status).toBe(403)
})
