import { afterEach, describe, expect, it } from 'vitest'
import type { Seen } from '../../sandbox/contract.ts'
import { buttonOf, cardOf, type FeishuBench, openFeishu, until } from '../support/feishu-double.ts'

const open: FeishuBench[] = []
const bench = async () => {
  const made = await openFeishu()
  open.push(made)
  return made
}
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

const received = 'im.message.receive_v1'
describe('the official long connection client', () => {
  it('hears what a person says in the direct chat', async () => {
    const { listen, double, chen, world } = await bench()
    const heard: Record<string, unknown>[] = []
    await listen({ [received]: (data) => void heard.push(data) })
    await double.says({ account: chen, text: '3号泵房漏油', group: null })
    expect(heard).toMatchObject([
      {
        event_type: received,
        sender: { sender_id: { open_id: chen.account, user_id: '' }, sender_type: 'user' },
        message: {
          chat_type: 'p2p',
          message_type: 'text',
          content: '{"text":"3号泵房漏油"}',
          message_id: world.phone(chen.account)[0]?.id,
        },
      },
    ])
    expect(world.phone(chen.account)).toMatchObject([{ from: 'person', text: '3号泵房漏油' }] satisfies Partial<Seen>[])
  })

  it.each(['2', '7'])('puts a message of %s fragments together', async (fragments) => {
    const { listen, double, chen, world } = await bench()
    world.set('feishu.fragments', fragments)
    const heard: unknown[] = []
    await listen({ [received]: (data) => void heard.push((data.message as { content: string }).content) })
    await double.says({ account: chen, text: '积油，快来人', group: null })
    expect(heard).toEqual(['{"text":"积油，快来人"}'])
    expect(world.waiting()).toEqual([])
  })

  it('answers a press with a toast and a card', async () => {
    const { listen, double, chen, card, sees } = await bench()
    const id = await card(cardOf(buttonOf('接单', { act: 'accept', v: 1 })))
    const pressed: Record<string, unknown>[] = []
    await listen({
      'card.action.trigger': (data) => {
        pressed.push(data)
        return {
          toast: { type: 'success', content: '已接单' },
          card: { type: 'raw', data: cardOf({ tag: 'markdown', content: '已接单' }) },
        }
      },
    })
    const result = await double.presses({ account: chen, message: id, label: '接单', form: {} })
    expect(result).toMatchObject({
      status: 'answered',
      toast: { tone: 'success', text: '已接单' },
      card: { text: 'YH-0001\n已接单', actions: [] },
    })
    expect(sees(chen, id)).toEqual(result.card)
    expect(pressed).toMatchObject([
      {
        operator: { open_id: chen.account, tenant_key: '16a1b2c3d4e5f607' },
        token: expect.stringMatching(/^c-[0-9a-f]{40}$/),
        action: { value: { act: 'accept', v: 1 }, tag: 'button' },
        host: 'im_message',
        context: { open_message_id: id },
        create_time: expect.stringMatching(/^\d{16}$/),
      },
    ])
    expect(pressed[0]?.action).not.toHaveProperty('form_value')
  })

  it('an ack without data is error 108002, or fine under the other reading', async () => {
    const { listen, double, chen, card, world } = await bench()
    const id = await card(cardOf(buttonOf('接单', { act: 'accept' })))
    await listen({ 'card.action.trigger': () => undefined })
    const press = () => double.presses({ account: chen, message: id, label: '接单', form: {} })
    expect((await press()).status).toBe('error 108002')
    world.set('feishu.emptyAck', 'accepted')
    expect((await press()).status).toBe('answered')
  })

  it('a handler that throws, and a type nobody handles, end as the client’s errors', async () => {
    const { listen, double, chen, card } = await bench()
    const id = await card(cardOf(buttonOf('接单', { act: 'accept' })))
    const press = () => double.presses({ account: chen, message: id, label: '接单', form: {} })
    const first = await listen({
      'card.action.trigger': () => {
        throw new Error('broken')
      },
    })
    expect((await press()).status).toBe('error 200671')
    first.close({ force: true })
    await until(() => double.connections() === 0)
    await listen({ [received]: () => undefined })
    expect((await press()).status).toBe('error 200672')
  })

  it('frames of type card are dropped by the SDK: the press times out', async () => {
    const { listen, double, chen, card, world } = await bench()
    world.set('feishu.callbackFrame', 'card')
    const id = await card(cardOf(buttonOf('接单', { act: 'accept' })))
    await listen({ 'card.action.trigger': () => ({}) })
    expect(await double.presses({ account: chen, message: id, label: '接单', form: {} })).toEqual({
      toast: null,
      card: null,
      status: 'timeout 200341',
    })
  })

  it('an event that is refused comes again after 15 s, 5 min, 1 h and 6 h, then no more', async () => {
    const { listen, double, chen, world } = await bench()
    const ids: unknown[] = []
    await listen({
      [received]: (data) => {
        ids.push(data.event_id)
        throw new Error('not now')
      },
    })
    await double.says({ account: chen, text: '漏油', group: null })
    const counts: number[] = []
    for (const wait of [15_000, 300_000, 3_600_000, 21_600_000, 86_400_000]) {
      await world.advance(wait / 2)
      counts.push(ids.length)
      await world.advance(wait / 2)
      counts.push(ids.length)
    }
    expect(counts).toEqual([1, 2, 2, 3, 3, 4, 4, 5, 5, 5])
    expect(new Set(ids).size).toBe(1)
    expect(world.waiting()).toEqual([])
  })

  it('an event with nobody connected waits on the ladder and arrives once', async () => {
    const { listen, double, chen, world } = await bench()
    await double.says({ account: chen, text: '漏油', group: null })
    expect(world.waiting()).toEqual(['feishu im.message.receive_v1 retry 1'])
    const heard: unknown[] = []
    await listen({ [received]: (data) => void heard.push(data.event_id) })
    await world.advance(15_000)
    expect(heard).toHaveLength(1)
    expect(world.waiting()).toEqual([])
  })

  it('entering, reading and a group with a mention are told; a group without one is not', async () => {
    const { listen, double, chen, card, world } = await bench()
    const heard: unknown[][] = []
    const note = (data: Record<string, unknown>) =>
      void heard.push([data.event_type, data.message ?? data.message_id_list ?? data.chat_id])
    const types = [
      'im.chat.access_event.bot_p2p_chat_entered_v1',
      'im.message.message_read_v1',
      'im.chat.member.bot.added_v1',
      received,
    ]
    await listen(Object.fromEntries(types.map((type) => [type, note])))
    const id = await card(cardOf())
    await double.enters(chen)
    await double.reads(chen, id)
    await double.reads(chen, id)
    await double.says({ account: chen, text: '大家好', group: '夜班群' })
    await double.says({ account: chen, text: '@安灯 漏油', group: '夜班群' })
    expect(heard.slice(0, 4)).toMatchObject([
      [types[0], expect.stringMatching(/^oc_/)],
      [types[1], [id]],
      [types[2], expect.stringMatching(/^oc_/)],
      [
        received,
        {
          chat_type: 'group',
          content: '{"text":"@_user_1 漏油"}',
          mentions: [{ key: '@_user_1', mentioned_type: 'bot', name: '安灯' }],
        },
      ],
    ])
    await double.says({ account: chen, text: '原样 @_user_1', group: null })
    expect(heard.at(-1)).toMatchObject([received, { chat_type: 'p2p', content: '{"text":"原样 @_user_1"}' }])
    expect((heard.at(-1) ?? [])[1]).not.toHaveProperty('mentions')
    expect(world.phone('u_li').map(({ text }) => text)).toEqual(['大家好', '@安灯 漏油'])
  })

  it('a photo with words is one post, or two messages with the photo first', async () => {
    const { listen, double, chen, world } = await bench()
    const heard: unknown[] = []
    await listen({ [received]: (data) => void heard.push((data.message as { message_type: string }).message_type) })
    const photo = {
      account: chen,
      kind: 'photo',
      bytes: Buffer.from('x'),
      mime: 'image/jpeg',
      name: 'a.jpg',
      text: '漏油',
      place: null,
      group: null,
    } as const
    await double.sends(photo)
    world.set('feishu.photoWithText', 'two')
    await double.sends(photo)
    await double.sends({ ...photo, kind: 'location', text: '', place: { lat: 30.72, lng: 121.33, label: '3号泵房' } })
    await double.sends({ ...photo, kind: 'voice', text: '' })
    await double.sends({ ...photo, kind: 'file', text: '' })
    expect(heard).toEqual(['post', 'image', 'text', 'location', 'audio', 'file'])
    expect(world.phone(chen.account)[0]).toMatchObject({ text: '漏油', images: ['/images/img_1'] })
  })
})
