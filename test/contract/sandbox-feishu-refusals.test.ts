import { afterEach, describe, expect, it } from 'vitest'
import { buttonOf, cardOf, type FeishuBench, openFeishu } from '../support/feishu-double.ts'

const open: FeishuBench[] = []
const bench = async () => {
  const made = await openFeishu()
  open.push(made)
  return made
}
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

const messages = '/open-apis/im/v1/messages'
const toChen = `${messages}?receive_id_type=open_id`
const textFor = ({ chen }: FeishuBench, more: Record<string, unknown> = {}) => ({
  receive_id: chen.account,
  msg_type: 'text',
  content: '{"text":"好"}',
  ...more,
})
const secrets = ({ app }: FeishuBench) => ({ app_id: app.credentials.appId, app_secret: app.credentials.appSecret })
const tokenPath = '/open-apis/auth/v3/tenant_access_token/internal'

describe('tokens', () => {
  it('the same token is given until 30 minutes are left, then both work until each expires', async () => {
    const { token, world, call } = await bench()
    const first = await token()
    await world.advance(89 * 60_000)
    expect(await token()).toBe(first)
    await world.advance(2 * 60_000)
    const second = await token()
    expect(second).not.toBe(first)
    const info = (given: string) => call('GET', '/open-apis/bot/v3/info', undefined, { authorization: `Bearer ${given}` })
    expect([(await info(first)).code, (await info(second)).code]).toEqual([0, 0])
    await world.advance(30 * 60_000)
    expect([(await info(first)).code, (await info(second)).code]).toEqual([99991663, 0])
  })

  it('the answer is flat and counts the seconds left', async () => {
    const each = await bench()
    const { body } = await each.call('POST', tokenPath, secrets(each))
    expect(body).toEqual({ code: 0, msg: 'ok', tenant_access_token: expect.stringMatching(/^t-/), expire: expect.any(Number) })
    expect(Number(body.expire)).toBeLessThanOrEqual(7200)
    const app = await each.call('POST', '/open-apis/auth/v3/app_access_token/internal', secrets(each))
    expect(app.body.app_access_token).toBe(app.body.tenant_access_token)
  })

  it.each([
    ['a wrong secret', { app_secret: 'wrong' }, 10015],
    ['an unknown app', { app_id: 'cli_0000000000000000' }, 10014],
    ['no secret', { app_secret: undefined }, 10003],
    ['a secret that is no text', { app_secret: 7 }, 10003],
  ])('%s gets code %3$s', async (_what, more, code) => {
    const each = await bench()
    expect((await each.call('POST', tokenPath, { ...secrets(each), ...more })).code).toBe(code)
  })

  it.each([
    ['none', '', 99991661],
    ['not a bearer', 'Basic t-abc', 99991661],
    ['an invented one', 'Bearer t-abcdef', 99991663],
    ['a strange prefix', 'Bearer x-abcdef', 99991671],
    ['a user token', 'Bearer u-abcdef', 99991668],
  ])('a call with %s is refused', async (_what, authorization, code) => {
    const { call } = await bench()
    expect(await call('GET', '/open-apis/bot/v3/info', undefined, { authorization })).toMatchObject({ status: 400, code })
  })
})

describe('paths, methods, bodies', () => {
  it.each([
    ['an unknown path', 'GET', '/open-apis/im/v1/nothing', 404, 99991201],
    ['two slashes in front', 'GET', '//open-apis/bot/v3/info', 404, 99991201],
    ['a slash at the end', 'GET', '/open-apis/bot/v3/info/', 404, 99991201],
    ['the wrong method', 'PUT', messages, 400, 99991301],
    ['GET on the token endpoint', 'GET', tokenPath, 400, 99991301],
    ['no body', 'POST', toChen, 400, 9499],
    ['no receive_id_type', 'POST', messages, 400, 99992402],
  ])('%s', async (what, method, path, status, code) => {
    const each = await bench()
    const body = method === 'GET' || what === 'no body' ? undefined : textFor(each)
    const reply = await each.call(method, path, body)
    expect(reply).toMatchObject({ status, code })
    expect(reply.headers.get('x-tt-logid')).toMatch(/^\d{14}[0-9A-F]{18}$/)
  })

  it('a body that is not JSON, and a field that does not fit, are named', async () => {
    const each = await bench()
    expect((await each.call('POST', toChen, '{"receive_id":')).code).toBe(9499)
    const long = await each.call('POST', toChen, textFor(each, { uuid: 'u'.repeat(51) }))
    expect(long).toMatchObject({ code: 99992402, body: { error: { field_violations: [{ field: 'uuid' }] } } })
  })

  it('an app without the scope is told which one', async () => {
    const each = await bench()
    each.world.set('feishu.missingScopes', 'im:message,im:message:send_as_bot')
    const reply = await each.call('POST', toChen, textFor(each))
    expect(reply).toMatchObject({
      status: 400,
      code: 99991672,
      body: { error: { permission_violations: [{ scope: 'im:message' }, {}] } },
    })
  })
})

describe('sending', () => {
  it.each([
    ['an unknown open_id', { receive_id: 'ou_nobody' }, 99992351],
    ['content that is not JSON', { content: '好' }, 230001],
    ['content of another type', { content: '{"image_key":"x"}' }, 230001],
    ['a text above 150 KB', { content: JSON.stringify({ text: '好'.repeat(51_200) }) }, 230025],
    [
      'a post above 30 KB',
      { msg_type: 'post', content: JSON.stringify({ zh_cn: { content: [[{ tag: 'text', text: 'x'.repeat(31_000) }]] } }) },
      230025,
    ],
    ['a picture nobody uploaded', { msg_type: 'image', content: '{"image_key":"img_v3_0"}' }, 230001],
    ['a type the bot cannot send', { msg_type: 'system', content: '{}' }, 230054],
    ['a template', { msg_type: 'interactive', content: '{"type":"template","data":{}}' }, 230099],
  ])('%s is refused', async (_what, more, code) => {
    const each = await bench()
    expect(await each.call('POST', toChen, textFor(each, more))).toMatchObject({ status: 400, code })
    expect(each.world.phone(each.chen.account)).toEqual([])
  })

  it.each([
    ['resigned', 230029],
    ['invisible', 230013],
    ['stopped', 230053],
  ])('somebody who is %s is not reached', async (standing, code) => {
    const each = await bench()
    each.world.set(`feishu.user.${each.chen.account}`, standing)
    expect((await each.call('POST', toChen, textFor(each))).code).toBe(code)
  })

  it('a picture that a person sent belongs to them, not to the app', async () => {
    const each = await bench()
    await each.double.sends({
      account: each.chen,
      kind: 'photo',
      bytes: Buffer.from('x'),
      mime: 'image/jpeg',
      name: '',
      text: '',
      place: null,
      group: null,
    })
    const { body } = await each.call(
      'GET',
      `${messages}?container_id_type=chat&container_id=${each.world.phone(each.chen.account)[0]?.conversation}`,
    )
    const key = /img_v3_[0-9a-f]+/.exec(JSON.stringify(body))?.[0] ?? ''
    expect(
      (await each.call('POST', toChen, textFor(each, { msg_type: 'image', content: JSON.stringify({ image_key: key }) }))).code,
    ).toBe(230017)
    expect((await each.call('GET', `/open-apis/im/v1/images/${key}`)).code).toBe(230017)
  })

  it('plain phone numbers are refused where the tenant guards against leaks', async () => {
    const each = await bench()
    const leak = textFor(each, { content: '{"text":"电话 13800001000"}' })
    expect((await each.call('POST', toChen, leak)).code).toBe(0)
    each.world.set('feishu.dlp', 'on')
    expect((await each.call('POST', toChen, leak)).code).toBe(230028)
  })
})

describe('changing and recalling', () => {
  const patch = ({ call }: FeishuBench, id: string, card: unknown) =>
    call('PATCH', `${messages}/${id}`, { content: typeof card === 'string' ? card : JSON.stringify(card) })

  it('a card can be changed for 14 days, not a moment longer', async () => {
    const each = await bench()
    const id = await each.card(cardOf())
    await each.world.advance(14 * 86_400_000 - 5_000)
    expect((await patch(each, id, cardOf({ tag: 'hr' }))).code).toBe(0)
    await each.world.advance(6_000)
    expect((await patch(each, id, cardOf())).code).toBe(230031)
  })

  it('what cannot be a change is refused and changes nothing', async () => {
    const each = await bench()
    const id = await each.card(cardOf())
    const before = each.sees(each.chen, id)
    expect((await patch(each, 'om_none', cardOf())).code).toBe(99992354)
    expect((await patch(each, id, 'nonsense')).code).toBe(230001)
    expect((await patch(each, id, cardOf({ tag: 'markdown', content: 'x'.repeat(31_000) }))).code).toBe(230025)
    expect((await patch(each, id, cardOf({ tag: 'note', elements: [] }))).code).toBe(230099)
    expect((await patch(each, id, { ...cardOf(), config: { update_multi: false } })).code).toBe(230099)
    expect(each.sees(each.chen, id)).toEqual(before)
  })

  it('a text is not a card, and what a person wrote is not the bot’s', async () => {
    const each = await bench()
    const text = await each.call('POST', toChen, textFor(each))
    const id = String((text.body.data as { message_id: string }).message_id)
    expect((await patch(each, id, cardOf())).code).toBe(230001)
    await each.double.says({ account: each.chen, text: '你好', group: null })
    const said = each.world.phone(each.chen.account)[1]?.id ?? ''
    expect((await patch(each, said, cardOf())).code).toBe(230027)
    expect((await each.call('DELETE', `${messages}/${said}`)).code).toBe(230026)
  })

  it('after a recall nothing is left to change or recall', async () => {
    const each = await bench()
    const id = await each.card(cardOf())
    expect((await each.call('DELETE', `${messages}/${id}`)).code).toBe(0)
    expect((await patch(each, id, cardOf())).code).toBe(230011)
    expect((await each.call('DELETE', `${messages}/${id}`)).code).toBe(230011)
    const late = await each.card(cardOf())
    await each.world.advance(25 * 3600_000)
    expect((await each.call('DELETE', `${messages}/${late}`)).code).toBe(230009)
  })

  it('urgents and read receipts have their own bounds', async () => {
    const each = await bench()
    const id = await each.card(cardOf())
    const urge = (kind: string, ids: readonly string[]) =>
      each.call('PATCH', `${messages}/${id}/urgent_${kind}?user_id_type=open_id`, { user_id_list: ids })
    expect((await urge('app', ['ou_nobody'])).code).toBe(230001)
    expect(
      (
        await urge(
          'app',
          Array.from({ length: 201 }, () => each.chen.account),
        )
      ).code,
    ).toBe(230001)
    each.world.set('feishu.urgentQuota', '1')
    expect([(await urge('sms', [each.chen.account])).code, (await urge('phone', [each.chen.account])).code]).toEqual([0, 230024])
    await each.world.advance(8 * 86_400_000)
    expect((await each.call('GET', `${messages}/${id}/read_users?user_id_type=open_id`)).code).toBe(230033)
  })
})

it('the log shows the exchange and none of its secrets', async () => {
  const each = await bench()
  const token = await each.token()
  await each.card(cardOf(buttonOf('接单', { act: 'a' })))
  const log = JSON.stringify(each.world.logged)
  expect(log).toContain('接单')
  expect(log).not.toContain(token)
  expect(log).not.toContain(String(each.app.credentials.appSecret))
})
