import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import vectors from '../vectors/dingtalk.json' with { type: 'json' }
import { type Desk, dataOf, demoApp, dial, type Json, openDesk } from './sandbox-dingtalk-desk.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const send = (change: Json = {}): Json => ({
  robotCode: 'dingemuappkey0001',
  userIds: ['u_chen'],
  msgKey: 'sampleText',
  msgParam: '{"content":"请确认"}',
  ...change,
})
const batchSend = '/v1.0/robot/oToMessages/batchSend'
const post = (path: string, body: Json = {}) => desk.call('POST', path, body)
const withId = (body: Json) => ({
  ...body,
  ...(body.requestid === undefined ? {} : { requestid: '' }),
  ...(body.request_id === undefined ? {} : { request_id: '' }),
})

describe('access tokens', () => {
  test('the same one while it is valid, renewed by asking, another one afterwards', async () => {
    const first = await desk.token()
    await desk.world.advance(7_000_000)
    expect(await desk.token()).toBe(first)
    await desk.world.advance(7_000_000)
    expect((await desk.call('POST', batchSend, send(), first)).status).toBe(200)
    await desk.world.advance(7_200_000)
    expect((await desk.call('POST', batchSend, send(), first)).body.code).toBe('InvalidAuthentication')
    expect(await desk.token()).not.toBe(first)
  })
  test('the archived address gives the same token in its own words', async () => {
    const { clientId, clientSecret } = desk.app.credentials
    const answer = await desk.call('GET', `/gettoken?appkey=${clientId}&appsecret=${clientSecret}`)
    expect(answer.body).toEqual({ errcode: 0, errmsg: 'ok', access_token: await desk.token(), expires_in: 7200 })
    expect((await desk.call('GET', `/gettoken?appkey=${clientId}&appsecret=no`)).body).toMatchObject({ errcode: 40089 })
  })
  test('under the switch each host takes only its own', async () => {
    desk.world.set('dingtalk.tokenHosts', 'separate')
    expect((await post('/topapi/v2/user/get', { userid: 'u_chen' })).body).toMatchObject({ errcode: 40014 })
  })
  test('a bad secret is refused in the published words', async () => {
    const answer = await post('/v1.0/oauth2/accessToken', { appKey: desk.app.credentials.clientId, appSecret: 'no' })
    expect(answer.status).toBe(400)
    expect(withId(answer.body)).toEqual(withId(vectors.samplePayloads.tokenBadSecret))
  })
  test('an unknown token is refused on both hosts', async () => {
    const modern = await desk.call('POST', batchSend, send(), 'nonsense')
    expect([modern.status, withId(modern.body)]).toEqual([400, withId(vectors.samplePayloads.newApiBadToken)])
    const old = await desk.call('POST', '/topapi/v2/user/get', { userid: 'u_chen' }, 'nonsense')
    expect([old.status, old.body.errcode]).toEqual([200, 40014])
  })
})

describe('what every call may meet', () => {
  test('paths that do not exist, misspelt ones included', async () => {
    expect((await post('/v1.0/robot/otoMessages/batchSend', send())).status).toBe(404)
    expect((await post('/topapi/v2/user/nothing')).body).toMatchObject({ errcode: 22 })
  })
  test('a body that is no JSON object', async () => {
    const answer = await desk.call('POST', batchSend, [send()])
    expect(answer.status).toBe(400)
    expect(String(answer.body.requestid)).not.toBe('')
  })
  test('twenty calls a second per app and API, the next one is refused and not performed', async () => {
    desk.world.meter(true)
    const token = await desk.token()
    const answers = await Promise.all(Array.from({ length: 60 }, () => desk.call('POST', batchSend, send(), token)))
    const refused = answers.filter(({ status }) => status === 403)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]?.body).toMatchObject({ code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi' })
    expect(desk.world.phone('u_chen')).toHaveLength(60 - refused.length)
    await desk.world.advance(1000)
    expect((await desk.call('POST', batchSend, send(), token)).status).toBe(200)
  })
  test('the month ends the calls, contacts excepted', async () => {
    desk.world.meter(true)
    desk.world.set('dingtalk.apiQuota', '2')
    const statuses = [await post(batchSend, send()), await post(batchSend, send()), await post(batchSend, send())]
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 403])
    expect(statuses[2]?.body.code).toBe('Forbidden.AccessDenied.ApiCountLimitForOrg')
    expect((await post('/topapi/v2/user/get', { userid: 'u_chen' })).body.errcode).toBe(0)
    await desk.world.advance(32 * 24 * 3_600_000)
    expect((await post(batchSend, send())).status).toBe(200)
  })
  test('the month ends the pushes: messages come without content', async () => {
    desk.world.meter(true)
    desk.world.set('dingtalk.pushQuota', '0')
    const line = await dial(desk)
    await desk.vendor.says({ account: desk.who('u_chen'), text: '漏油', group: null })
    const message = dataOf(await line.frame(0))
    expect(message).toMatchObject({ errorCode: 20001, msgtype: 'text', senderStaffId: 'u_chen' })
    expect(message.text).toBeUndefined()
  })
})

describe('faults of a call', () => {
  const phone = () => desk.world.phone('u_chen').length
  test('e429 and e500 are the platform’s own refusals; nothing happened', async () => {
    const valid = await desk.token()
    desk.world.order('api', 'e429')
    expect((await desk.call('POST', batchSend, send(), valid)).body.code).toBe('Forbidden.AccessDenied.QpsLimitForAppkeyAndApi')
    desk.world.order('api', 'e500')
    expect((await desk.call('POST', batchSend, send(), valid)).status).toBe(500)
    desk.world.order('api', 'e500')
    expect((await desk.call('POST', '/topapi/v2/user/get', { userid: 'u_chen' }, valid)).body).toMatchObject({ errcode: -1 })
    expect(phone()).toBe(0)
  })
  test('lostAnswer: performed, then the connection drops; never: not performed', async () => {
    const token = await desk.token()
    desk.world.order('api', 'lostAnswer')
    await expect(desk.call('POST', batchSend, send(), token)).rejects.toThrow('fetch failed')
    expect(phone()).toBe(1)
    desk.world.order('api', 'never')
    await expect(desk.call('POST', batchSend, send(), token)).rejects.toThrow('fetch failed')
    expect(phone()).toBe(1)
  })
  test('late beyond three seconds: the gateway answers 504 in its own words, the deed stands', async () => {
    const token = await desk.token()
    desk.world.order('api', 'late', 30)
    const pending = desk.call('POST', batchSend, send(), token)
    while (!desk.world.waiting().includes('dingtalk late answer')) await new Promise((resolve) => setImmediate(resolve))
    await desk.world.advance(3000)
    const answer = await pending
    expect([answer.status, answer.body]).toEqual([504, {}])
    expect(phone()).toBe(1)
  })
  test('tokenExpired: the token is dead, a new one works', async () => {
    const token = await desk.token()
    desk.world.order('api', 'tokenExpired')
    expect((await desk.call('POST', batchSend, send(), token)).body.code).toBe('InvalidAuthentication')
    expect((await desk.call('POST', batchSend, send(), token)).body.code).toBe('InvalidAuthentication')
    expect((await post(batchSend, send())).status).toBe(200)
  })
})

describe('sending', () => {
  test.each([
    [{ robotCode: '' }, 'invalidParameter.robotCode.empty'],
    [{ robotCode: 'dingother' }, 'invalidParameter.robotCode.auth'],
    [{ userIds: [] }, 'invalidParameter.userIds.empty'],
    [{ userIds: 'u_chen' }, 'invalidParameter.userIds.empty'],
    [{ userIds: Array.from({ length: 21 }, (_, index) => `u_${index}`) }, 'invalidParameter.userIds.overMax'],
    [{ msgKey: '' }, 'invalidParameter.msgKey.empty'],
    [{ msgKey: 'toString' }, 'invalidParameter.msgKey.invalid'],
    [{ msgParam: { content: 'x' } }, 'invalidParameter.msgParam.invalid'],
    [{ msgParam: '{"content":1}' }, 'invalidParameter.msgParam.invalid'],
    [{ msgParam: '{"text":"x"}' }, 'invalidParameter.msgParam.invalid'],
    [{ msgParam: JSON.stringify({ content: '字'.repeat(5001) }) }, 'invalidParameter.msgParam.tooLong'],
    [{ msgKey: 'sampleImageMsg', msgParam: '{"photoURL":"@lALunknown"}' }, 'resource.not.found'],
  ])('%j is refused as %s', async (change, code) => {
    const answer = await post(batchSend, send(change))
    expect([answer.status, answer.body.code]).toEqual([400, code])
    expect(desk.world.phone('u_chen')).toHaveLength(0)
  })
  test('unknown and throttled users stand on their lists; the others get it', async () => {
    desk.world.set('dingtalk.flowControlled', 'u_li')
    const { body } = await post(batchSend, send({ userIds: ['u_chen', 'u_li', 'u_gone'] }))
    expect(body).toMatchObject({ invalidStaffIdList: ['u_gone'], flowControlledStaffIdList: ['u_li'] })
    expect([desk.world.phone('u_chen').length, desk.world.phone('u_li').length]).toEqual([1, 0])
  })
  test('text the content review refuses', async () => {
    desk.world.set('dingtalk.unsafeWord', '爆炸')
    expect((await post(batchSend, send({ msgParam: '{"content":"爆炸了"}' }))).body.code).toBe('contain.notAllowed.text')
  })
  test('a group must be one the robot has heard from', async () => {
    const body = {
      robotCode: 'dingemuappkey0001',
      openConversationId: 'cidnowhere==',
      msgKey: 'sampleText',
      msgParam: '{"content":"x"}',
    }
    expect((await post('/v1.0/robot/groupMessages/send', body)).body.code).toBe('invalid.openConversationId')
    expect((await post('/v1.0/robot/groupMessages/send', { ...body, openConversationId: '' })).body.code).toBe(
      'miss.openConversationId',
    )
  })
})

describe('the contacts', () => {
  const result = async (path: string, body: Json) => (await post(path, body)).body
  test('a user by userid, mobile and unionid is one user', async () => {
    const byId = (await result('/topapi/v2/user/get', { userid: 'u_chen' })).result as Json
    expect(byId).toMatchObject({ userid: 'u_chen', name: '陈工', mobile: '13800001000', job_number: 'E1000', active: true })
    expect(await result('/topapi/v2/user/getbymobile', { mobile: '13800001000' })).toMatchObject({
      errcode: 0,
      result: { userid: 'u_chen' },
    })
    expect(await result('/topapi/user/getbyunionid', { unionid: byId.unionid })).toMatchObject({ result: { userid: 'u_chen' } })
  })
  test('departments are walked, pages by cursor', async () => {
    const listed = (await result('/topapi/v2/department/listsub', {})).result as Json[]
    expect(listed.map(({ name, parent_id }) => [name, parent_id])).toEqual([
      ['机修班', 1],
      ['设备部', 1],
    ])
    const dept_id = listed[0]?.dept_id
    expect((await result('/topapi/v2/department/listsubid', { dept_id: 1 })).result).toEqual({
      dept_id_list: listed.map((row) => row.dept_id),
    })
    expect((await result('/topapi/user/listid', { dept_id })).result).toEqual({ userid_list: ['u_chen', 'u_wang'] })
    const page = (await result('/topapi/user/listsimple', { dept_id, cursor: 0, size: 1 })).result
    expect(page).toEqual({ has_more: true, next_cursor: 1, list: [{ userid: 'u_chen', name: '陈工' }] })
    const rest = (await result('/topapi/v2/user/list', { dept_id, cursor: 1, size: 1 })).result as Json
    expect([rest.has_more, rest.list]).toMatchObject([false, [{ userid: 'u_wang', dept_id_list: [dept_id] }]])
  })
  test.each([
    ['/topapi/v2/user/get', { userid: 'u_gone' }, 60121],
    ['/topapi/v2/user/get', {}, 33012],
    ['/topapi/v2/user/getbymobile', { mobile: '13900000000' }, 40104],
    ['/topapi/user/getbyunionid', { unionid: 'x' }, 60121],
    ['/topapi/v2/department/listsub', { dept_id: 99 }, 60003],
    ['/topapi/user/listsimple', { dept_id: 1, cursor: 0, size: 101 }, 400002],
    ['/topapi/user/listsimple', { dept_id: 1 }, 400002],
  ])('%s %j is %i', async (path, body, errcode) => {
    const answer = await post(path, body)
    expect([answer.status, answer.body.errcode]).toEqual([200, errcode])
  })
})

describe('what the log keeps', () => {
  test('no secret, token, ticket or session', async () => {
    const line = await dial(desk)
    await desk.vendor.says({ account: desk.who('u_chen'), text: '漏油', group: null })
    const { sessionWebhook } = dataOf(await line.frame(0))
    await fetch(String(sessionWebhook), { method: 'POST', body: '{"msgtype":"text","text":{"content":"收到"}}' })
    await post('/topapi/v2/user/get', { userid: 'u_chen' })
    const text = JSON.stringify(desk.world.logged)
    const session = new URL(String(sessionWebhook)).searchParams.get('session') ?? 'none'
    expect(text).toContain('漏油')
    for (const secret of [demoApp().credentials.clientSecret ?? '', await desk.token(), session])
      expect(text).not.toContain(secret)
  })
})
