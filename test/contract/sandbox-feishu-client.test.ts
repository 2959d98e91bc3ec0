import sharp from 'sharp'
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

const png = (width = 8, height = 8) =>
  sharp({ create: { width, height, channels: 3, background: '#c33' } })
    .png()
    .toBuffer()

const bytesOf = async (stream: AsyncIterable<unknown>): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)))
  return Buffer.concat(chunks)
}

describe('the official client against the double', () => {
  it('a text reaches the phone of the person it is for', async () => {
    const { client, chen, world } = await bench()
    const sent = await client.im.message.create({
      params: { receive_id_type: 'open_id' },
      data: {
        receive_id: chen.account,
        msg_type: 'text',
        content: JSON.stringify({ text: `请看 <at user_id="${chen.account}"></at>` }),
        uuid: 'once-1',
      },
    })
    expect(sent.code).toBe(0)
    expect(sent.data).toMatchObject({
      msg_type: 'text',
      deleted: false,
      updated: false,
      sender: { id_type: 'app_id', sender_type: 'app' },
    })
    expect(world.phone(chen.account)).toMatchObject([
      { id: sent.data?.message_id, kind: 'text', text: '请看 @陈工', from: 'bot', conversation: sent.data?.chat_id },
    ])
  })

  it('the same uuid within its hour sends once; after the hour it sends again', async () => {
    const { client, chen, world } = await bench()
    const send = () =>
      client.im.message.create({
        params: { receive_id_type: 'open_id' },
        data: { receive_id: chen.account, msg_type: 'text', content: '{"text":"一次"}', uuid: 'once' },
      })
    const first = await send()
    expect((await send()).data?.message_id).toBe(first.data?.message_id)
    expect(world.phone(chen.account)).toHaveLength(1)
    await world.advance(3600_000)
    expect((await send()).data?.message_id).not.toBe(first.data?.message_id)
    expect(world.phone(chen.account)).toHaveLength(2)
  })

  it('under the other reading a repeated uuid is an error, and nothing is sent', async () => {
    const { client, chen, world } = await bench()
    world.set('feishu.uuidRepeat', 'error')
    const data = { receive_id: chen.account, msg_type: 'text', content: '{"text":"一次"}', uuid: 'once' }
    await client.im.message.create({ params: { receive_id_type: 'open_id' }, data })
    await expect(client.im.message.create({ params: { receive_id_type: 'open_id' }, data })).rejects.toMatchObject({
      response: { status: 400, data: { code: 230049 } },
    })
    expect(world.phone(chen.account)).toHaveLength(1)
  })

  it('a card is sent, patched in place, and recalled', async () => {
    const { client, chen, world } = await bench()
    const sent = await client.im.message.create({
      params: { receive_id_type: 'open_id' },
      data: {
        receive_id: chen.account,
        msg_type: 'interactive',
        content: JSON.stringify(cardOf({ tag: 'markdown', content: '**漏油**' })),
      },
    })
    const id = sent.data?.message_id ?? ''
    expect(world.phone(chen.account)).toMatchObject([
      { id, kind: 'card', title: '隐患待处理', text: 'YH-0001\n漏油', tone: 'danger', updatedAt: null },
    ])
    const patched = await client.im.message.patch({
      path: { message_id: id },
      data: { content: JSON.stringify(cardOf({ tag: 'hr' })) },
    })
    expect(patched.code).toBe(0)
    expect(world.phone(chen.account)).toMatchObject([{ id, text: 'YH-0001', updatedAt: expect.any(Number) }])
    expect((await client.im.message.delete({ path: { message_id: id } })).code).toBe(0)
    expect(world.phone(chen.account)).toMatchObject([{ id, recalled: true, text: '' }])
  })

  it('a picture is uploaded without a filename, shown in a card, and downloaded again', async () => {
    const { client, chen, world } = await bench()
    const picture = await png()
    const uploaded = await client.im.image.create({ data: { image_type: 'message', image: picture } })
    const key = uploaded?.image_key ?? ''
    const card = cardOf({ tag: 'img', img_key: key, alt: { tag: 'plain_text', content: '现场照片' } })
    await client.im.message.create({
      params: { receive_id_type: 'open_id' },
      data: { receive_id: chen.account, msg_type: 'interactive', content: JSON.stringify(card) },
    })
    const [address = ''] = world.phone(chen.account)[0]?.images ?? []
    expect(Buffer.from(world.bytes(address.replace('/images/', ''))?.bytes ?? [])).toEqual(picture)
    const back = await client.im.image.get({ path: { image_key: key } })
    expect(await bytesOf(back.getReadableStream())).toEqual(picture)
  })

  it('a photo that a person sent is downloaded by its message, and by no other', async () => {
    const { client, double, chen, world } = await bench()
    const picture = await png()
    const photo = {
      account: chen,
      kind: 'photo',
      bytes: picture,
      mime: 'image/jpeg',
      name: 'a.jpg',
      text: '',
      place: null,
      group: null,
    } as const
    await double.sends(photo)
    await double.sends(photo)
    const [first, second] = world.phone(chen.account)
    const chat = first?.conversation ?? ''
    const listed = await client.im.message.list({ params: { container_id_type: 'chat', container_id: chat, page_size: 50 } })
    const [one, two] = (listed.data?.items ?? []).map((item) => ({
      id: item.message_id ?? '',
      key: String(JSON.parse(item.body?.content ?? '{}').image_key),
    }))
    expect([one?.id, two?.id]).toEqual([first?.id, second?.id])
    const got = await client.im.messageResource.get({
      path: { message_id: one?.id ?? '', file_key: one?.key ?? '' },
      params: { type: 'image' },
    })
    expect(await bytesOf(got.getReadableStream())).toEqual(picture)
    const crossed = client.im.messageResource.get({
      path: { message_id: one?.id ?? '', file_key: two?.key ?? '' },
      params: { type: 'image' },
    })
    await expect(crossed).rejects.toMatchObject({ response: { status: 400 } })
  })

  it('a reply stands in the same chat and names its parent', async () => {
    const { client, double, chen, world } = await bench()
    await double.says({ account: chen, text: '3号泵房漏油', group: null })
    const [asked] = world.phone(chen.account)
    const sent = await client.im.message.reply({
      path: { message_id: asked?.id ?? '' },
      data: { msg_type: 'text', content: '{"text":"收到"}' },
    })
    expect(sent.data).toMatchObject({ chat_id: asked?.conversation, parent_id: asked?.id })
    expect(world.phone(chen.account).map(({ from, text }) => [from, text])).toEqual([
      ['person', '3号泵房漏油'],
      ['bot', '收到'],
    ])
  })

  it('a message is read back whole or simplified', async () => {
    const { client, card } = await bench()
    const drawn = cardOf({ tag: 'hr' })
    const id = await card(drawn)
    const whole = await client.im.message.get({
      path: { message_id: id },
      params: { card_msg_content_type: 'user_card_content' },
    })
    expect(JSON.parse(whole.data?.items?.[0]?.body?.content ?? '')).toEqual(drawn)
    const simple = await client.im.message.get({ path: { message_id: id } })
    expect(JSON.parse(simple.data?.items?.[0]?.body?.content ?? '')).toEqual({ title: '隐患待处理', elements: [] })
  })

  it('reads show in read_users, and 加急 makes the phone ring', async () => {
    const { client, double, chen, card, sees } = await bench()
    const id = await card(cardOf({ tag: 'hr' }))
    const path = { message_id: id }
    const before = await client.im.message.readUsers({ path, params: { user_id_type: 'open_id' } })
    expect(before.data?.items).toEqual([])
    await double.reads(chen, id)
    const after = await client.im.message.readUsers({ path, params: { user_id_type: 'open_id' } })
    expect(after.data?.items).toMatchObject([{ user_id: chen.account, timestamp: expect.stringMatching(/^\d{13}$/) }])
    const rung = await client.im.message.urgentApp({
      path,
      params: { user_id_type: 'open_id' },
      data: { user_id_list: [chen.account, 'ou_nobody'] },
    })
    expect(rung.data?.invalid_user_id_list).toEqual(['ou_nobody'])
    expect(sees(chen, id)?.rung).toBe(true)
  })

  it('the directory gives people by id, by mobile and by department', async () => {
    const { client, chen, wang } = await bench()
    const one = await client.contact.user.get({ path: { user_id: chen.account }, params: { user_id_type: 'open_id' } })
    expect(one.data?.user).toMatchObject({ open_id: chen.account, name: '陈工', employee_no: 'E1000', job_title: '焊工' })
    const found = await client.contact.user.batchGetId({
      params: { user_id_type: 'open_id' },
      data: { mobiles: ['+8613800001001', '13900000000'] },
    })
    expect(found.data?.user_list).toMatchObject([{ user_id: wang.account }, { mobile: '13900000000' }])
    expect(found.data?.user_list?.[1]).not.toHaveProperty('user_id')
    const teams = await client.contact.department.children({
      path: { department_id: '0' },
      params: { page_size: 50, fetch_child: true },
    })
    expect(teams.data?.items?.map(({ name }) => name)).toEqual(['机修班', '设备部'])
    const inside = async (index: number, page_size: number) => {
      const department_id = teams.data?.items?.[index]?.open_department_id ?? ''
      const members = await client.contact.user.findByDepartment({
        params: { department_id, user_id_type: 'open_id', page_size },
      })
      return [members.data?.has_more, members.data?.items?.map(({ name }) => name)]
    }
    expect([await inside(0, 1), await inside(0, 50), await inside(1, 50)]).toEqual([
      [true, ['陈工']],
      [false, ['陈工', '王班长']],
      [false, ['李主任']],
    ])
  })

  it('a group is made and found; the bot knows its own id', async () => {
    const { client, chen, wang } = await bench()
    const made = await client.im.chat.create({
      params: { uuid: 'g1' },
      data: { name: '夜班群', user_id_list: [chen.account, wang.account] },
    })
    const again = await client.im.chat.create({
      params: { uuid: 'g1' },
      data: { name: '夜班群', user_id_list: [chen.account, wang.account] },
    })
    expect(again.data?.chat_id).toBe(made.data?.chat_id)
    expect((await client.im.chat.list({})).data?.items).toMatchObject([{ name: '夜班群' }])
    const members = await client.im.chatMembers.get({ path: { chat_id: made.data?.chat_id ?? '' } })
    expect(members.data?.items?.map(({ name }) => name)).toEqual(['陈工', '王班长'])
    const info = await client.request({ method: 'GET', url: '/open-apis/bot/v3/info' })
    expect(info).toMatchObject({ code: 0, bot: { activate_status: 2, open_id: expect.stringMatching(/^ou_/) } })
  })
})
