import { describe, expect, it } from 'vitest'
import { registerCardCallback } from '../../src/bots/dingtalk/platform.ts'
import { chen, done, failure, ok, said, samples, useApi } from './dingtalk-api.ts'
import { card, connection } from './dingtalk-kit.ts'

const api = useApi()

describe('the token', () => {
  it('is fetched once for many calls', async () => {
    const there = api.platform()
    await Promise.all(Array.from({ length: 5 }, () => there.update('m', { outTrackId: 'm' }, card)))
    expect([api.issued, new Set(api.asked.map(({ token }) => token)).size]).toEqual([1, 1])
  })

  it('refused is fetched once anew, and the call repeated', async () => {
    api.script = ({ token }) => (token === 'token-1' ? { status: 400, body: samples.newApiBadToken } : done)
    await api.platform().update('m', { outTrackId: 'm' }, card)
    expect(api.asked.map(({ token }) => token)).toEqual(['token-1', 'token-2'])
  })

  it.each([
    { errcode: 40014, errmsg: '不合法的access_token' },
    { errcode: '42001', errmsg: 'expired' },
    { errcode: 88, sub_code: '40014', errmsg: 'auth' },
  ])('refused by the old host with %j likewise, in its query', async (body) => {
    const user = ok({ errcode: 0, result: { userid: 'u_chen', active: true } })
    api.script = ({ query }) => (query === '?access_token=token-1' ? ok(body) : user)
    await api.platform().whoIs('u_chen')
    expect(api.asked.map(({ query }) => query)).toEqual(['?access_token=token-1', '?access_token=token-2'])
  })

  it('refused twice is trouble of the whole connection', async () => {
    api.script = () => ({ status: 400, body: samples.newApiBadToken })
    expect(said(await failure(api.platform().update('m', { outTrackId: 'm' }, card)))).toBe(
      'temporary token-refused connection null',
    )
    expect(api.issued).toBe(2)
  })

  it('that cannot be had with these credentials says so, and nothing was sent', async () => {
    const error = await failure(api.platform({ clientSecret: 'wrong' }).send(chen, { kind: 'text', text: 'x' }, 'eff_1'))
    expect([said(error), api.asked.length]).toEqual(['permanent bad-credentials connection null', 0])
    expect(error.message).not.toContain('wrong')
  })
})

describe('what the platform answers', () => {
  const send = () => api.platform().send(chen, { kind: 'text', text: 'x' }, 'eff_1')
  const sum = { status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: 'u' }

  it.each([
    [403, samples.newApiQps, 'temporary too-fast connection 1000'],
    [403, { code: 'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi' }, 'temporary too-fast connection 60000'],
    [403, { code: 'Forbidden.AccessDenied.ApiCountLimitForOrg' }, 'permanent quota-spent connection null'],
    [403, samples.newApiNoScope, 'permanent no-permission connection null'],
    [403, { code: 'Forbidden.AccessDenied.IpNotInWhiteList' }, 'permanent address-not-listed connection null'],
    [400, { code: 'staffId.notExisted' }, 'permanent unknown-account account null'],
    [400, { code: 'contain.notAllowed.text' }, 'permanent content-refused message null'],
    [400, { code: 'invalidParameter.robotCode.auth' }, 'permanent bad-robot connection null'],
    [400, { code: 'never.heard.of' }, 'permanent refused message null'],
    [500, { code: 'system.error' }, 'temporary busy connection 1000'],
    [429, { code: 'system.busy' }, 'temporary busy connection 1000'],
    [503, 'x', 'temporary busy connection 1000'],
    [504, '<html>gateway time-out</html>', 'ambiguous platform-timeout connection null'],
    [504, {}, 'ambiguous platform-timeout connection null'],
    [502, '', 'ambiguous platform-timeout connection null'],
    [500, 'oops', 'ambiguous platform-timeout connection null'],
    [200, sum, 'temporary address-banned connection 300000'],
    [200, '<!doctype html><html>deny</html>', 'temporary address-banned connection 300000'],
    [403, '<html>deny</html>', 'temporary address-banned connection 300000'],
    [302, '', 'permanent refused message null'],
    [200, '{"processQueryKey":', 'ambiguous unreadable-answer connection null'],
  ])('%i %j', async (status, body, expected) => {
    api.script = () => ({ status, body })
    expect(said(await failure(send()))).toBe(expected)
  })

  it.each([
    [{ errcode: 60121 }, 'permanent unknown-account account null'],
    [{ errcode: '33012' }, 'permanent unknown-account account null'],
    [{ errcode: 88, sub_code: 60011 }, 'permanent no-permission connection null'],
    [{ errcode: 90018 }, 'temporary too-fast connection 1000'],
    [{ errcode: 90020 }, 'permanent quota-spent connection null'],
    [{ errcode: -1 }, 'temporary busy connection 1000'],
    [{ errcode: 15, sub_code: 'isp.top-remote-connection-timeout' }, 'temporary platform-timeout connection null'],
    [{ errcode: 40035 }, 'permanent refused message null'],
    [{ errcode: 0 }, 'temporary unreadable-answer connection null'],
    [{ errcode: 0, result: { userid: 'somebody-else' } }, 'temporary unreadable-answer message null'],
  ])('the old host with %j', async (body, expected) => {
    api.script = () => ok(body)
    expect(said(await failure(api.platform().whoIs('u_chen')))).toBe(expected)
  })

  it('nothing: a send may have happened, a read has not, a refused connection never left', async () => {
    api.script = () => 'hang up'
    expect(said(await failure(send()))).toBe('ambiguous no-answer connection null')
    expect(said(await failure(api.platform().whoIs('u_chen')))).toBe('temporary no-answer connection null')
    const gone = api.platform({ apiBase: 'http://127.0.0.1:1' })
    expect(said(await failure(gone.send(chen, { kind: 'text', text: 'x' }, 'eff_1')))).toBe(
      'temporary unreachable connection null',
    )
  })

  it('never shows a token or an address in an error', async () => {
    api.script = () => 'hang up'
    const error = await failure(api.platform().whoIs('u_chen'))
    expect(`${error.message} ${error.stack}`).not.toMatch(/token-|access_token|127\.0\.0\.1/)
  })
})

describe('the callback of cards over HTTP', () => {
  const register = (change: object = {}) =>
    registerCardCallback({ ...connection, apiBase: api.base, ...change }, api.ports, 'https://andon.example.com/hooks/d')

  it('is registered under the route with our secret', async () => {
    api.script = () =>
      ok({
        success: true,
        result: { callbackUrl: 'https://andon.example.com/hooks/d', apiSecret: connection.cardCallbackSecret },
      })
    await register()
    expect(api.asked[0]?.body).toEqual({
      callbackRouteKey: 'andon',
      callbackUrl: 'https://andon.example.com/hooks/d',
      apiSecret: connection.cardCallbackSecret,
      forceUpdate: true,
    })
  })

  it('kept elsewhere or under another secret is an error: every press would be lost', async () => {
    for (const result of [
      { callbackUrl: 'https://old.example.com' },
      { callbackUrl: 'https://andon.example.com/hooks/d', apiSecret: 'other' },
    ]) {
      api.script = () => ok({ success: true, result })
      expect(said(await failure(register()))).toBe('permanent callback-registered-otherwise connection null')
    }
  })

  it('needs its route and secret, and so do cards over HTTP', async () => {
    await expect(register({ cardCallbackRouteKey: '' })).rejects.toThrow('cardCallbackRouteKey')
    expect(() => api.platform({ mode: 'webhook', cardCallbackSecret: '' })).toThrow('cardCallbackSecret')
  })
})
