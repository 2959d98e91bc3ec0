import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Desk, dataOf, demoApp, dial, type Json, openDesk } from './sandbox-dingtalk-desk.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk([demoApp(), second])
})
afterEach(() => desk.close())

const second = demoApp({
  id: 'dingtalk-other',
  credentials: { ...demoApp().credentials, clientId: 'dingotherapp', robotCode: 'dingotherapp', clientSecret: 'another-secret' },
})
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const robotCode = 'dingemuappkey0001'
const post = (path: string, body: Json) => desk.call('POST', path, body)
const person = () => desk.who('u_chen')
const sent = (change: object) => ({
  account: person(),
  kind: 'photo' as const,
  bytes: png,
  mime: 'image/png',
  name: 'oil.png',
  text: '',
  place: null,
  group: null,
  ...change,
})

describe('what a person sends', () => {
  test('1:1 text has none of the keys of a group', async () => {
    const line = await dial(desk)
    await desk.vendor.says({ account: person(), text: '3号机护罩松动', group: null })
    const message = dataOf(await line.frame(0))
    expect(message).toMatchObject({ conversationType: '1', text: { content: '3号机护罩松动' } })
    for (const key of ['atUsers', 'isInAtList', 'conversationTitle']) expect(message[key]).toBeUndefined()
    expect(desk.world.phone('u_chen')).toMatchObject([{ from: 'person', text: '3号机护罩松动', platform: 'dingtalk' }])
  })
  test('a photo is a picture, whose code gives the bytes once signed', async () => {
    const line = await dial(desk)
    await desk.vendor.sends(sent({}))
    const message = dataOf(await line.frame(0))
    expect(message).toMatchObject({ msgtype: 'picture' })
    expect(message.text).toBeUndefined()
    const { downloadCode } = message.content as Json
    const { body } = await post('/v1.0/robot/messageFiles/download', { downloadCode, robotCode })
    const file = await fetch(String(body.downloadUrl))
    expect(Buffer.from(await file.arrayBuffer()).equals(png)).toBe(true)
    expect((await fetch(String(body.downloadUrl).replace(/Signature=.*/, 'Signature=forged'))).status).toBe(403)
    await desk.world.advance(3_600_000)
    expect((await fetch(String(body.downloadUrl))).status).toBe(403)
    await desk.world.advance(3_600_000)
    const late = await post('/v1.0/robot/messageFiles/download', { downloadCode, robotCode })
    expect([late.status, late.body.code]).toEqual([400, 'invalidParameter.robotCode.downloadCode'])
  })
  test('another robot gets nothing for the code', async () => {
    const line = await dial(desk)
    await desk.vendor.sends(sent({}))
    const { downloadCode } = dataOf(await line.frame(0)).content as Json
    const body = { downloadCode, robotCode: second.credentials.robotCode }
    const answer = await desk.call('POST', '/v1.0/robot/messageFiles/download', body, await desk.token(second))
    expect([answer.status, answer.body.code]).toEqual([400, 'invalidParameter.robotCode.auth'])
    expect((await post('/v1.0/robot/messageFiles/download', body)).body.code).toBe('invalidParameter.robotCode.auth')
    expect((await post('/v1.0/robot/messageFiles/download', { robotCode })).body.code).toBe('invalidParameter.robotCode.empty')
  })
  test('photo and words are one richText, or two messages under the switch, the photo first', async () => {
    const line = await dial(desk)
    await desk.vendor.sends(sent({ text: '地面有油' }))
    expect(dataOf(await line.frame(0))).toMatchObject({
      msgtype: 'richText',
      content: { richText: [{ text: '地面有油' }, { type: 'picture' }] },
    })
    desk.world.set('dingtalk.photoWithText', 'two')
    await desk.vendor.sends(sent({ text: '地面有油' }))
    expect([dataOf(await line.frame(1)).msgtype, dataOf(await line.frame(2)).msgtype]).toEqual(['picture', 'text'])
  })
  test('voice carries its recognition, a file its name, a place is not supported', async () => {
    const line = await dial(desk)
    await desk.vendor.sends(sent({ kind: 'voice', text: '三号机防护罩缺失' }))
    await desk.vendor.sends(sent({ kind: 'file', name: '检查表.xlsx' }))
    await desk.vendor.sends(sent({ kind: 'location', place: { lat: 30.7, lng: 121.3, label: '3号泵房' } }))
    expect(dataOf(await line.frame(0))).toMatchObject({
      msgtype: 'audio',
      content: { recognition: '三号机防护罩缺失', duration: 1000 },
    })
    expect(dataOf(await line.frame(1))).toMatchObject({ msgtype: 'file', content: { fileName: '检查表.xlsx' } })
    expect(dataOf(await line.frame(2))).toMatchObject({ msgtype: 'unknownMsgType' })
  })
  test('in a group only text and photos reach the robot, and everybody sees them', async () => {
    const line = await dial(desk)
    const group = '二号车间安全群'
    await desk.vendor.sends(sent({ kind: 'voice', text: '喂', group }))
    await desk.vendor.sends(sent({ kind: 'file', group }))
    await desk.vendor.sends(sent({ group }))
    await desk.vendor.says({ account: person(), text: '上报', group })
    expect([dataOf(await line.frame(0)).msgtype, dataOf(await line.frame(1)).text]).toEqual(['picture', { content: ' 上报' }])
    await desk.world.settled()
    expect(line.frames).toHaveLength(2)
    expect(desk.world.phone('u_li').map(({ conversation }) => conversation)).toEqual([group, group, group, group])
  })
})

describe('the reply address', () => {
  const webhook = async () => {
    const line = await dial(desk)
    await desk.vendor.says({ account: person(), text: '在吗', group: null })
    return String(dataOf(await line.frame(0)).sessionWebhook)
  }
  const reply = async (address: string, body: Json) =>
    (await fetch(address, { method: 'POST', body: JSON.stringify(body) })).json()
  test('answers into the conversation until it expires, with 200 even then', async () => {
    const address = await webhook()
    expect(await reply(address, { msgtype: 'text', text: { content: '在' } })).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(desk.world.phone('u_chen').at(-1)).toMatchObject({ from: 'bot', text: '在' })
    await desk.world.advance(5_400_000)
    expect(await reply(address, { msgtype: 'text', text: { content: '在' } })).toMatchObject({
      errcode: 300001,
      errmsg: 'session 不存在',
    })
  })
  test('an action card shows labels that open addresses, a dtmd one speaks for the person', async () => {
    const address = await webhook()
    const speak = `dtmd://dingtalkclient/sendMessage?content=${encodeURIComponent('接单 0007')}`
    const btns = [
      { title: '查看', actionURL: 'https://h5.example.com/0007' },
      { title: '接单', actionURL: speak },
    ]
    await reply(address, { msgtype: 'actionCard', actionCard: { title: '工单', text: '#### 工单 0007', btns } })
    const card = desk.world.phone('u_chen').at(-1)
    expect(card).toMatchObject({ kind: 'card', title: '工单', text: '工单 0007', actions: ['查看', '接单'] })
    const id = card?.id ?? ''
    expect(desk.vendor.opens(person(), id, '查看')).toBe('https://h5.example.com/0007')
    expect(desk.vendor.opens(person(), id, '接单')).toBeNull()
    expect((await desk.vendor.presses({ account: person(), message: id, label: '查看', form: {} })).status).toBe('link')
    expect((await desk.vendor.presses({ account: person(), message: id, label: '接单', form: {} })).status).toBe('answered')
    expect(desk.world.phone('u_chen').at(-1)).toMatchObject({ from: 'person', text: '接单 0007' })
  })
  test('refuses kinds it cannot carry and half bodies', async () => {
    const address = await webhook()
    expect(await reply(address, { msgtype: 'image' })).toMatchObject({ errcode: 400105 })
    expect(await reply(address, { msgtype: 'markdown', markdown: { title: 'x' } })).toMatchObject({ errcode: 40035 })
  })
})

describe('receipts, recalls, DING and notices', () => {
  const send = async (userIds: readonly string[]) =>
    (
      await post('/v1.0/robot/oToMessages/batchSend', {
        robotCode,
        userIds,
        msgKey: 'sampleMarkdown',
        msgParam: JSON.stringify({ title: '提醒', text: '**请**确认' }),
      })
    ).body
  test('who read it, until a day has passed', async () => {
    const { processQueryKey } = await send(['u_chen', 'u_li'])
    await desk.vendor.reads(person(), desk.world.phone('u_chen')[0]?.id ?? '')
    const path = `/v1.0/robot/oToMessages/readStatus?robotCode=${robotCode}&processQueryKey=${encodeURIComponent(String(processQueryKey))}`
    const { body } = await desk.call('GET', path)
    expect(body.sendStatus).toBe('SUCCESS')
    expect((body.messageReadInfoList as Json[]).map(({ userId, readStatus }) => [userId, readStatus])).toEqual([
      ['u_chen', 'READ'],
      ['u_li', 'UNREAD'],
    ])
    await desk.world.advance(24 * 3_600_000 + 1)
    expect((await desk.call('GET', path)).body.code).toBe('resource.not.found')
  })
  test('a recalled message says so on the phone', async () => {
    const { processQueryKey } = await send(['u_chen'])
    const { body } = await post('/v1.0/robot/otoMessages/batchRecall', {
      robotCode,
      processQueryKeys: [processQueryKey, 'unknown'],
    })
    expect(body).toEqual({ successResult: [processQueryKey], failedResult: { unknown: 'not.exist.or.expired' } })
    expect(desk.world.phone('u_chen')[0]).toMatchObject({ recalled: true, title: '提醒', text: '请确认' })
  })
  test('a group message is read and recalled in its group', async () => {
    const line = await dial(desk)
    await desk.vendor.says({ account: person(), text: '在', group: '安全群' })
    const openConversationId = dataOf(await line.frame(0)).conversationId
    const content = { robotCode, openConversationId, msgKey: 'sampleText', msgParam: '{"content":"集合"}' }
    const { processQueryKey } = (await post('/v1.0/robot/groupMessages/send', content)).body
    await desk.vendor.reads(desk.who('u_li'), desk.world.phone('u_li').at(-1)?.id ?? '')
    const query = { robotCode, openConversationId, processQueryKey, maxResults: 200 }
    expect((await post('/v1.0/robot/groupMessages/query', query)).body).toEqual({
      sendStatus: 'SUCCESS',
      readUserIds: ['u_li'],
      hasMore: false,
    })
    const recall = { robotCode, openConversationId, processQueryKeys: [processQueryKey] }
    expect((await post('/v1.0/robot/groupMessages/recall', recall)).body.successResult).toEqual([processQueryKey])
    expect(desk.world.phone('u_wang').at(-1)).toMatchObject({ recalled: true, text: '集合' })
  })
  test('DING rings; SMS and calls need a package', async () => {
    const ding = { robotCode, remindType: 1, receiverUserIdList: ['u_chen', 'u_gone'], content: '马上到3号泵房' }
    const { body } = await post('/v1.0/robot/ding/send', ding)
    expect(body).toMatchObject({ failedList: { 'staffId.notExisted': ['u_gone'] } })
    expect(desk.world.phone('u_chen')[0]).toMatchObject({ rung: true, text: '马上到3号泵房' })
    const phone = { ...ding, remindType: 3 }
    expect((await post('/v1.0/robot/ding/send', phone)).body.code).toBe('ding.serverquota.insufficient')
    desk.world.set('dingtalk.dingPackage', '1')
    expect((await post('/v1.0/robot/ding/send', phone)).status).toBe(200)
    expect((await post('/v1.0/robot/ding/send', phone)).body.code).toBe('ding.serverquota.insufficient')
    const crowd = Array.from({ length: 21 }, (_, index) => `u_${index}`)
    expect((await post('/v1.0/robot/ding/send', { ...phone, receiverUserIdList: crowd })).body.code).toBe(
      'ding.receivercount.limit',
    )
    expect((await post('/v1.0/robot/ding/recall', { robotCode, openDingId: body.openDingId })).status).toBe(200)
    expect(desk.world.phone('u_chen')[0]).toMatchObject({ recalled: true })
  })
  test('a work notice repeated within the day is answered with success and dropped', async () => {
    const notice = {
      agent_id: 2600000001,
      userid_list: 'u_chen,u_gone',
      msg: { msgtype: 'text', text: { content: '例会 9:00' } },
    }
    const path = '/topapi/message/corpconversation/asyncsend_v2'
    const first = (await post(path, notice)).body
    const repeated = (await post(path, notice)).body
    expect([first.errcode, repeated.errcode]).toEqual([0, 0])
    expect(desk.world.phone('u_chen')).toHaveLength(1)
    const result = await post('/topapi/message/corpconversation/getsendresult', {
      agent_id: 2600000001,
      task_id: repeated.task_id,
    })
    expect(result.body.send_result).toMatchObject({
      invalid_user_id_list: ['u_gone'],
      forbidden_list: [{ code: 143105, count: 1, userid: 'u_chen' }],
    })
    await desk.world.advance(24 * 3_600_000)
    await post(path, notice)
    expect(desk.world.phone('u_chen')).toHaveLength(2)
    expect((await post(path, { ...notice, agent_id: 1 })).body.errcode).toBe(400002)
  })
})

describe('media', () => {
  const upload = async (bytes: Uint8Array<ArrayBuffer>, name: string, type = 'image') => {
    const form = new FormData()
    form.set('media', new File([bytes], name))
    const address = `${desk.origin}/media/upload?access_token=${await desk.token()}&type=${type}`
    return (await (await fetch(address, { method: 'POST', body: form })).json()) as Json
  }
  test('a picture gets an id that cards and messages can show', async () => {
    const answer = await upload(new Uint8Array(png), 'oil.png')
    expect(answer).toMatchObject({ errcode: 0, errmsg: 'ok', type: 'image' })
    expect(String(answer.media_id)).toMatch(/^@lAL/)
    const body = {
      robotCode,
      userIds: ['u_chen'],
      msgKey: 'sampleImageMsg',
      msgParam: JSON.stringify({ photoURL: answer.media_id }),
    }
    expect((await post('/v1.0/robot/oToMessages/batchSend', body)).status).toBe(200)
    const [image = ''] = desk.world.phone('u_chen')[0]?.images ?? []
    expect(Buffer.from(desk.world.bytes(image.replace('/images/', ''))?.bytes ?? []).equals(png)).toBe(true)
  })
  test.each([
    ['oil.png', 'sticker', 40004],
    ['oil.heic', 'image', 40004],
    ['voice.ogg', 'voice', 40004],
  ])('%s as %s is %i', async (name, type, errcode) => {
    expect((await upload(new Uint8Array(png), name, type)).errcode).toBe(errcode)
  })
  test('bytes that are no picture, empty files and large ones are refused', async () => {
    expect((await upload(new Uint8Array([1, 2, 3, 4]), 'oil.png')).errcode).toBe(40004)
    expect((await upload(new Uint8Array(), 'oil.png')).errcode).toBe(40035)
    expect((await upload(new Uint8Array(2 * 1024 * 1024 + 1), 'long.amr', 'voice')).errcode).toBe(40035)
  })
})
