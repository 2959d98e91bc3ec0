import { afterEach, describe, expect, it } from 'vitest'
import { cardOf, type FeishuBench, openFeishu } from '../support/feishu-double.ts'

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

describe('limits', () => {
  it('the sixth message to one person within a second is refused, and counts again a second later', async () => {
    const each = await bench()
    each.world.meter(true)
    const send = async () => (await each.call('POST', toChen, textFor(each))).code
    const codes = []
    for (let index = 0; index < 6; index += 1) codes.push(await send())
    expect(codes).toEqual([0, 0, 0, 0, 0, 230020])
    await each.world.advance(1_000)
    expect(await send()).toBe(0)
  })

  it('the gateway lets 50 calls a second through and says how long to wait', async () => {
    const each = await bench()
    each.world.meter(true)
    const authorization = `Bearer ${await each.token()}`
    const info = () => each.call('GET', '/open-apis/bot/v3/info', undefined, { authorization })
    const replies = await Promise.all(Array.from({ length: 60 }, info))
    const refused = replies.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(10)
    expect(refused[0]).toMatchObject({ code: 99991400 })
    expect([refused[0]?.headers.get('x-ogw-ratelimit-limit'), refused[0]?.headers.get('x-ogw-ratelimit-reset')]).toEqual([
      '50',
      '1',
    ])
  })

  it('when the month is used up, sending ends and the directory still answers', async () => {
    const each = await bench()
    each.world.meter(true)
    each.world.set('feishu.monthlyQuota', '1')
    expect((await each.call('POST', toChen, textFor(each))).code).toBe(0)
    expect(await each.call('POST', toChen, textFor(each))).toMatchObject({ status: 429, code: 99991403 })
    expect((await each.call('GET', `/open-apis/contact/v3/users/${each.chen.account}?user_id_type=open_id`)).code).toBe(0)
  })

  it('230020 carries the gateway’s headers only under the switch', async () => {
    const each = await bench()
    each.world.meter(true)
    each.world.set('feishu.busyHeaders', 'present')
    for (let index = 0; index < 5; index += 1) await each.call('POST', toChen, textFor(each))
    const reply = await each.call('POST', toChen, textFor(each))
    expect([reply.code, reply.headers.get('x-ogw-ratelimit-limit')]).toEqual([230020, '5'])
  })
})

describe('pictures', () => {
  const upload = async (each: FeishuBench, parts: Record<string, string | Buffer>) => {
    const boundary = 'xyz'
    const chunks = Object.entries(parts).flatMap(([name, value]) => [
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`,
      value,
      '\r\n',
    ])
    const body = Buffer.concat([...chunks, `--${boundary}--\r\n`].map((chunk) => Buffer.from(chunk)))
    const response = await fetch(`${each.origin}/open-apis/im/v1/images`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await each.token()}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
      body,
    })
    return ((await response.json()) as { code: number }).code
  }
  const pngHeader = (width: number, height: number) => {
    const bytes = Buffer.from('89504e470d0a1a0a0000000d4948445200000000000000000802000000', 'hex')
    bytes.writeUInt32BE(width, 16)
    bytes.writeUInt32BE(height, 20)
    return bytes
  }

  it.each([
    ['no type', { image: 'GIF89a' }, 234001],
    ['no picture', { image_type: 'message' }, 234001],
    ['an empty picture', { image_type: 'message', image: '' }, 234010],
    ['a text', { image_type: 'message', image: '<svg></svg>' }, 234011],
    ['a broken header', { image_type: 'message', image: Buffer.from('89504e470d0a1a0a00', 'hex') }, 234011],
    [
      'more than 10 MB',
      { image_type: 'message', image: Buffer.concat([pngHeader(1, 1), Buffer.alloc(10 * 1024 * 1024)]) },
      234006,
    ],
    ['far more than 10 MB', { image_type: 'message', image: Buffer.alloc(12 * 1024 * 1024) }, 234006],
  ])('%s is refused', async (_what, parts, code) => {
    expect(await upload(await bench(), parts)).toBe(code)
  })

  it('a resource needs its type, its message and its chat', async () => {
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
    const id = each.world.phone(each.chen.account)[0]?.id ?? ''
    const resource = (message: string, key: string, type: string) =>
      each.call('GET', `${messages}/${message}/resources/${key}?type=${type}`)
    expect((await resource(id, 'img_v3_0', 'video')).code).toBe(234001)
    expect((await resource(id, 'img_v3_0', 'image')).code).toBe(234003)
    expect((await resource('om_0', 'img_v3_0', 'image')).code).toBe(234003)
    expect((await resource(await each.card(cardOf()), 'img_v3_0', 'image')).code).toBe(234043)
  })
})

describe('faults on the way of a call', () => {
  it('429, 500 and an expired token come as the platform’s gateway gives them', async () => {
    const each = await bench()
    const authorization = `Bearer ${await each.token()}`
    const send = () => each.call('POST', toChen, textFor(each), { authorization })
    const struck = async (name: 'e429' | 'e500' | 'tokenExpired') => {
      each.world.order('api', name)
      // A fresh token is asked for by `call` first; it must not take the fault.
      const response = await fetch(each.origin + toChen, {
        method: 'POST',
        headers: { authorization },
        body: JSON.stringify(textFor(each)),
      })
      return response.status
    }
    expect(await struck('e429')).toBe(429)
    expect(await struck('e500')).toBe(500)
    expect(each.world.phone(each.chen.account)).toEqual([])
    expect(await struck('tokenExpired')).toBe(400)
    expect((await send()).code).toBe(99991663)
    expect((await each.call('POST', toChen, textFor(each))).code).toBe(0)
  })

  it('a lost answer was performed; a call that never arrives was not', async () => {
    const each = await bench()
    const headers = { authorization: `Bearer ${await each.token()}` }
    const send = () => fetch(each.origin + toChen, { method: 'POST', headers, body: JSON.stringify(textFor(each)) })
    each.world.order('api', 'lostAnswer')
    await expect(send()).rejects.toThrow()
    expect(each.world.phone(each.chen.account)).toHaveLength(1)
    each.world.order('api', 'never')
    await expect(send()).rejects.toThrow()
    expect(each.world.phone(each.chen.account)).toHaveLength(1)
  })
})
