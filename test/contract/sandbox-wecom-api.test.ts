import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMeter, quotas } from '../../sandbox/wecom/meter.ts'
import { type Bench, corp, createBench } from './sandbox-wecom-setup.ts'

const hour = 3_600_000
let bench: Bench
beforeEach(async () => {
  bench = await createBench()
})
afterEach(() => bench.close())

const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4, 5, 6])

const upload = (type: string, bytes: Uint8Array, name = 'a.jpg', part = 'media') => {
  const form = new FormData()
  form.set(part, new File([Uint8Array.from(bytes)], name, { type: 'image/jpeg' }))
  return bench.request(`/cgi-bin/media/upload?access_token=${bench.access}&type=${type}`, { method: 'POST', body: form })
}

describe('the conventions of the API', () => {
  test('errors are HTTP 200 with a code in the body and in the headers, and the hint in the words', async () => {
    const { status, headers, json } = await bench.request('/cgi-bin/user/get?userid=u_li')
    expect(status).toBe(200)
    expect(json).toMatchObject({ errcode: 41001 })
    expect(headers.get('error-code')).toBe('41001')
    expect(headers.get('error-msg')).toBe(json.errmsg)
    expect(headers.get('content-type')).toBe('application/json; charset=UTF-8')
    expect(json.errmsg).toMatch(/, hint: \[\d{24}\], from ip: 127\.0\.0\.1, more info at .*e=41001$/)
  })

  test('an unknown path is a 404 with an empty body', async () => {
    const { status, text } = await bench.request('/cgi-bin/message/sned?access_token=x')
    expect({ status, text }).toEqual({ status: 404, text: '' })
  })

  test('the token is checked before the parameters, and only in the query', async () => {
    const body = JSON.stringify({ access_token: bench.access })
    const headers = { authorization: `Bearer ${bench.access}` }
    const missing = await bench.request('/cgi-bin/message/send', { method: 'POST', body, headers })
    const wrong = await bench.request('/cgi-bin/message/send?access_token=wrong', { method: 'POST', body: 'not json' })
    expect([missing.json.errcode, wrong.json.errcode]).toEqual([41001, 40014])
  })

  test('failing list calls carry their empty fields', async () => {
    expect(await bench.get('user/get?userid=u_li', 'wrong')).toEqual({
      errcode: 40014,
      errmsg: 'invalid access_token',
      department: [],
      order: [],
      is_leader_in_dept: [],
      direct_leader: [],
    })
    expect(await bench.get('getcallbackip', 'wrong')).toMatchObject({ ip_list: [] })
    expect(await bench.get('department/simplelist', 'wrong')).toMatchObject({ department_id: [] })
  })

  test.each([
    ['broken JSON', '{', 40035],
    ['a list', '[]', 40035],
    ['a body that calls itself an answer', '{"code":0}', 40056],
    ['bytes that are not UTF-8', Uint8Array.from([0x7b, 0xff]), 40035],
  ])('%s is refused', async (_what, body, code) => {
    const { json } = await bench.request(`/cgi-bin/message/send?access_token=${bench.access}`, { method: 'POST', body })
    expect(json.errcode).toBe(code)
  })

  test('a GET where a POST is wanted is refused', async () => {
    expect((await bench.get('message/send')).errcode).toBe(40058)
  })

  test('the log shows the exchange without tokens and secrets', async () => {
    await bench.get('user/get?userid=u_li')
    const lines = JSON.stringify(bench.world.logged)
    expect(lines).toContain('/cgi-bin/gettoken')
    expect(lines.includes(bench.access) || lines.includes(corp.secret)).toBe(false)
  })
})

describe('gettoken', () => {
  const ask = async (query: string) => (await bench.request(`/cgi-bin/gettoken?${query}`)).json
  test.each([
    ['', 41004],
    [`corpsecret=${corp.secret}`, 41002],
    [`corpid=wwffffffffffffffff&corpsecret=${corp.secret}`, 40013],
    [`corpid=${corp.corpId}&corpsecret=wrong`, 40001],
  ])('%s → %i', async (query, code) => {
    expect((await ask(query)).errcode).toBe(code)
  })

  test('a repeat gives the same token with what is left of its 7200 seconds, or a fresh one by the switch', async () => {
    expect(await bench.token()).toBe(bench.access)
    await bench.world.advance(hour)
    const again = await ask(`corpid=${corp.corpId}&corpsecret=${corp.secret}`)
    expect(again.access_token).toBe(bench.access)
    expect(Number(again.expires_in) <= 3600).toBe(true)
    bench.world.set('wecom.tokenRepeat', 'fresh')
    expect(await bench.token()).not.toBe(bench.access)
    expect((await bench.get('user/get?userid=u_li')).errcode).toBe(0)
  })

  test('a token ends after two hours', async () => {
    await bench.world.advance(2 * hour)
    expect((await bench.get('user/get?userid=u_li')).errcode).toBe(42001)
    expect((await bench.get('user/get?userid=u_li', await bench.token())).errcode).toBe(0)
  })
})

describe('the address book', () => {
  test('a member is found whatever the case, without the mobile number unless the app is old enough', async () => {
    const seen = await bench.get('user/get?userid=U_LI')
    expect(seen).toMatchObject({ errcode: 0, userid: 'u_li', name: '李主任', main_department: 3, status: 1 })
    expect('mobile' in seen).toBe(false)
    bench.world.set('wecom.mobiles', 'visible')
    expect(await bench.get('user/get?userid=u_li')).toMatchObject({ mobile: '13800001002' })
    expect((await bench.get('user/get?userid=ghost')).errcode).toBe(60111)
  })

  test('departments and their direct members', async () => {
    expect(await bench.get('department/simplelist')).toMatchObject({
      department_id: [
        { id: 1, parentid: 0 },
        { id: 2, parentid: 1 },
        { id: 3, parentid: 1 },
      ],
    })
    expect(await bench.get('department/list?id=2')).toMatchObject({ department: [{ id: 2, name: '机修班', parentid: 1 }] })
    expect((await bench.get('department/list?id=77')).errcode).toBe(60003)
    expect(await bench.get('user/simplelist?department_id=2')).toMatchObject({
      userlist: [{ userid: 'u_chen' }, { userid: 'u_wang' }],
    })
    expect(await bench.get('user/list?department_id=3')).toMatchObject({ userlist: [{ userid: 'u_li', position: '主任' }] })
    expect((await bench.get('user/list')).errcode).toBe(40058)
  })

  test('a mobile number leads to a userid', async () => {
    expect(await bench.post('user/getuserid', { mobile: '13800001001' })).toMatchObject({ errcode: 0, userid: 'u_wang' })
    expect((await bench.post('user/getuserid', { mobile: '1' })).errcode).toBe(46004)
  })

  test('an app reads its own settings only', async () => {
    expect(await bench.get('agent/get?agentid=1000007')).toMatchObject({ errcode: 0, agentid: 1_000_007 })
    expect((await bench.get('agent/get?agentid=1000008')).errcode).toBe(301002)
    expect((await bench.get('agent/get')).errcode).toBe(40056)
    expect(await bench.get('getcallbackip')).toMatchObject({ ip_list: ['127.0.0.1'] })
  })
})

describe('media', () => {
  test('an upload comes back with its name, whole or in part, for three days', async () => {
    const { json } = await upload('image', jpeg, '漏油.jpg')
    expect(json).toMatchObject({ errcode: 0, type: 'image', created_at: expect.stringMatching(/^\d{10}$/) })
    const path = `/cgi-bin/media/get?access_token=${bench.access}&media_id=${json.media_id}`
    const whole = await fetch(`${bench.origin}${path}`)
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(jpeg)
    expect(whole.headers.get('content-disposition')).toContain(`filename*=UTF-8''${encodeURIComponent('漏油.jpg')}`)
    const part = await fetch(`${bench.origin}${path}`, { headers: { range: 'bytes=2-4' } })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 2-4/10'])
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(jpeg.subarray(2, 5))
    await bench.world.advance(72 * hour)
    expect((await bench.get(`media/get?media_id=${json.media_id}`, await bench.token())).errcode).toBe(40007)
  })

  test.each([
    ['an unknown type', () => upload('picture', jpeg), 40005],
    ['a picture that is none', () => upload('image', Buffer.from('hello world')), 40004],
    ['a voice that is none', () => upload('voice', jpeg), 40004],
    ['five bytes', () => upload('file', jpeg.subarray(0, 5)), 40006],
    ['an empty file', () => upload('file', new Uint8Array()), 44001],
    ['another field', () => upload('image', jpeg, 'a.jpg', 'file'), 44001],
    ['a picture over 10 MB', () => upload('image', Buffer.concat([jpeg, Buffer.alloc(10 * 1024 * 1024)])), 40009],
    ['a voice over 2 MB', () => upload('voice', Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(2 * 1024 * 1024)])), 40006],
  ])('%s is refused', async (_what, act, code) => {
    expect((await act()).json.errcode).toBe(code)
  })

  test('a download names what is missing', async () => {
    expect((await bench.get('media/get')).errcode).toBe(41006)
    expect((await bench.get('media/get?media_id=gone')).errcode).toBe(40007)
  })
})

describe('signing in', () => {
  const authorize = (redirect: string, more = '') =>
    fetch(
      `${bench.origin}/connect/oauth2/authorize?appid=${corp.corpId}&redirect_uri=${encodeURIComponent(redirect)}&response_type=code&scope=snsapi_base&state=s1${more}`,
      { redirect: 'manual' },
    )

  test('a picked person gives a code that tells who they are, once, within five minutes', async () => {
    const page = await (await authorize('http://127.0.0.1:8080/in?a=1')).text()
    expect(page).toContain('李主任')
    const sent = new URL((await authorize('http://127.0.0.1:8080/in?a=1', '&sandbox_userid=u_li')).headers.get('location') ?? '')
    expect([sent.searchParams.get('a'), sent.searchParams.get('state')]).toEqual(['1', 's1'])
    const code = sent.searchParams.get('code')
    expect(await bench.get(`auth/getuserinfo?code=${code}`)).toMatchObject({ errcode: 0, userid: 'u_li' })
    expect((await bench.get(`auth/getuserinfo?code=${code}`)).errcode).toBe(42022)
    const late = new URL((await authorize('http://127.0.0.1:8080/in', '&sandbox_userid=u_li')).headers.get('location') ?? '')
    await bench.world.advance(5 * 60_000)
    expect((await bench.get(`auth/getuserinfo?code=${late.searchParams.get('code')}`)).errcode).toBe(40029)
  })

  test.each(['https://evil.example.com/', 'javascript:alert(1)', 'nonsense', 'http://127.0.0.1.evil.example.com/'])(
    'never redirects to %s',
    async (redirect) => {
      const answer = await authorize(redirect, '&sandbox_userid=u_li')
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
    },
  )
})

describe('frequency limits', () => {
  test('the 10001st call of a minute is refused, and the door stays shut for a minute', async () => {
    const meter = createMeter(bench.world.clock)
    const taken = [meter.take('a', quotas.api, 10_000), meter.take('a', quotas.api), meter.take('b', quotas.api)]
    expect(taken).toEqual([true, false, true])
    await bench.world.advance(59_000)
    expect(meter.take('a', quotas.api)).toBe(false)
    await bench.world.advance(1000)
    expect(meter.take('a', quotas.api)).toBe(true)
  })

  /** So many calls, a hundred at a time; gives how often each code came. */
  const count = async (calls: number, call: () => Promise<unknown>) => {
    const codes = new Map<unknown, number>()
    for (let done = 0; done < calls; done += 100) {
      const batch = await Promise.all(Array.from({ length: Math.min(100, calls - done) }, call))
      for (const code of batch) codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    return codes
  }

  test('calls over the limit answer 45009 while the profile meters, and only then', async () => {
    const call = async () => (await bench.get('getcallbackip')).errcode
    expect(await count(10, call)).toEqual(new Map([[0, 10]]))
    bench.world.meter(true)
    expect(await count(10_001, call)).toEqual(
      new Map([
        [0, 10_000],
        [45009, 1],
      ]),
    )
  })

  test('after 2000 wrong secrets in an hour the address is blocked', async () => {
    bench.world.meter(true)
    const call = async () => (await bench.request(`/cgi-bin/gettoken?corpid=${corp.corpId}&corpsecret=wrong`)).json.errcode
    expect(await count(2001, call)).toEqual(
      new Map([
        [40001, 2000],
        [45009, 1],
      ]),
    )
  })
})

describe('faults of the API', () => {
  const text = { msgtype: 'text', text: { content: 'hi' } }
  test('a busy platform, a broken one, and a token taken back', async () => {
    bench.world.order('api', 'e429')
    expect((await bench.send(text)).errcode).toBe(45009)
    bench.world.order('api', 'e500')
    const broken = await bench.request(`/cgi-bin/user/get?access_token=${bench.access}&userid=u_li`)
    expect([broken.status, broken.text]).toEqual([500, ''])
    bench.world.order('api', 'tokenExpired')
    expect((await bench.send(text)).errcode).toBe(42001)
    const fresh = await bench.token()
    expect(fresh).not.toBe(bench.access)
    expect((await bench.send(text, fresh)).errcode).toBe(0)
  })

  test('a lost answer has performed, a call that never arrives has not', async () => {
    bench.world.order('api', 'lostAnswer')
    await expect(bench.send(text)).rejects.toThrow()
    expect(bench.world.phone('u_chen').length).toBe(1)
    bench.world.order('api', 'never')
    await expect(bench.send(text)).rejects.toThrow()
    expect(bench.world.phone('u_chen').length).toBe(1)
  })

  test('a late call is performed when its time has come', async () => {
    bench.world.order('api', 'late', 3600)
    const answer = bench.send(text)
    while (bench.world.waiting().length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(bench.world.phone('u_chen').length).toBe(0)
    await bench.world.advance(hour)
    expect((await answer).errcode).toBe(0)
    expect(bench.world.phone('u_chen').length).toBe(1)
  })
})

test('an app without a credential is refused when the sandbox starts', async () => {
  const { createWecomDouble } = await import('../../sandbox/wecom/double.ts')
  const [app] = bench.apps
  const start = (change: Record<string, string>) => () =>
    createWecomDouble(bench.world, [{ ...app, credentials: { ...app.credentials, ...change } }])
  expect(start({ secret: '' })).toThrow('secret')
  expect(start({ encodingAesKey: 'short' })).toThrow('43')
  expect(start({ agentId: 'x' })).toThrow('agentId')
})
