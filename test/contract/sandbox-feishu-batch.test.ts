import { afterEach, describe, expect, it } from 'vitest'
import { unionIdOf, userIdOf } from '../../sandbox/feishu/state.ts'
import { type FeishuBench, openFeishu } from '../support/feishu-double.ts'

const open: FeishuBench[] = []
const bench = async () => {
  const made = await openFeishu()
  open.push(made)
  return made
}
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

const send = '/open-apis/message/v4/batch_send/'
const one = (id: unknown) => `/open-apis/im/v1/batch_messages/${String(id)}`
const text = { msg_type: 'text', content: { text: '演练开始' } }
const idIn = (body: unknown): string => String((body as { data?: { message_id?: string } }).data?.message_id)

describe('batch messages', () => {
  it('the official client sends one to a list; those who are unknown or out of range stand in the answer', async () => {
    const { client, chen, wang, world } = await bench()
    const ghost = `ou_${'9'.repeat(32)}`
    world.set(`feishu.user.${wang.account}`, 'invisible')
    const answer = await client.request({
      method: 'POST',
      url: send,
      data: { open_ids: [chen.account, wang.account, ghost], ...text },
    })
    expect(answer).toMatchObject({
      code: 0,
      data: { message_id: expect.stringMatching(/^bm-/), invalid_open_ids: [wang.account, ghost] },
    })
    expect(world.phone(chen.account)).toMatchObject([{ kind: 'text', text: '演练开始', from: 'bot' }])
    expect(world.phone(wang.account)).toEqual([])
  })

  it('people named in several ways get it once', async () => {
    const { call, chen, wang, world } = await bench()
    const ids = { open_ids: [chen.account], user_ids: [userIdOf(chen.account)], union_ids: [unionIdOf(wang.account)] }
    expect((await call('POST', send, { ...ids, ...text })).code).toBe(0)
    expect([world.phone(chen.account).length, world.phone(wang.account).length]).toEqual([1, 1])
  })

  it('is not told apart from its repetition', async () => {
    const { call, chen, world } = await bench()
    for (const _ of [1, 2]) await call('POST', send, { open_ids: [chen.account], ...text, uuid: 'once' })
    expect(world.phone(chen.account)).toHaveLength(2)
  })

  it.each([
    ['more than 200', { open_ids: Array.from({ length: 201 }, (_, n) => `ou_${n}`), ...text }],
    ['nobody', text],
    ['no content', { open_ids: ['ou_1'], msg_type: 'text' }],
    ['content as a string', { open_ids: ['ou_1'], msg_type: 'text', content: '{"text":"x"}' }],
  ])('%s is refused under HTTP 200', async (_, body) => {
    const { call } = await bench()
    expect(await call('POST', send, body)).toMatchObject({ status: 200, code: 10003 })
  })

  it('is recalled from everybody, counted, and unknown to another app or after its time', async () => {
    const { call, chen, wang, world } = await bench()
    const id = idIn((await call('POST', send, { open_ids: [chen.account, wang.account], ...text })).body)
    expect((await call('GET', `${one(id)}/get_progress`)).body).toMatchObject({
      data: { batch_message_send_progress: { valid_user_ids_count: 2, success_user_ids_count: 2, read_user_ids_count: 0 } },
    })
    expect((await call('GET', `${one(id)}/read_user`)).body).toMatchObject({
      data: { read_user: { read_count: '0', total_count: '2' } },
    })
    expect((await call('DELETE', one(id))).code).toBe(0)
    expect([...world.phone(chen.account), ...world.phone(wang.account)].map(({ recalled }) => recalled)).toEqual([true, true])
    expect((await call('DELETE', one('bm-0'))).code).toBe(230030)
    await world.advance(31 * 24 * 3600_000)
    expect((await call('DELETE', one(id))).code).toBe(230030)
  })

  it('ends at the day’s receivers', async () => {
    const { call, chen, wang, world } = await bench()
    world.meter(true)
    world.set('feishu.batchQuota', '1')
    expect(await call('POST', send, { open_ids: [chen.account, wang.account], ...text })).toMatchObject({
      status: 200,
      code: 11247,
    })
    expect((await call('POST', send, { open_ids: [chen.account], ...text })).code).toBe(0)
  })
})
