import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Seen } from '../../sandbox/contract.ts'
import { button, cardBody, gradeForm, pressable } from './sandbox-dingtalk-card.ts'
import { type Desk, dataOf, dial, type Frame, type Json, openDesk } from './sandbox-dingtalk-desk.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const path = '/v1.0/card/instances/createAndDeliver'
const create = (change: Json = {}, map: Json = pressable) =>
  desk.call('POST', path, cardBody(desk, { to: 'u_chen', map, change }))
const update = (body: Json) => desk.call('PUT', '/v1.0/card/instances', { outTrackId: 'hz-7:u_chen:1', ...body })
const card = (account = 'u_chen'): Seen => {
  const found = desk.world.phone(account).findLast(({ kind }) => kind === 'card')
  if (!found) throw new Error(`no card on the phone of ${account}`)
  return found
}
const press = (label: string, form: Record<string, string> = {}, account = 'u_chen') =>
  desk.vendor.presses({ account: desk.who(account), message: card(account).id, label, form })
const params = (frame: Frame) =>
  (JSON.parse(String(dataOf(frame).content)) as { cardPrivateData: { params: Json } }).cardPrivateData.params
const answering = (response: Json) => dial(desk, () => ({ response }))
const byKey = { updateCardDataByKey: true, updatePrivateDataByKey: true }

/** A group in which the robot has been spoken to: its conversation id. */
const group = async () => {
  const line = await dial(desk, undefined, { subscriptions: [{ type: 'CALLBACK', topic: '/v1.0/im/bot/messages/get' }] })
  await desk.vendor.says({ account: desk.who('u_chen'), text: '在', group: '安全群' })
  const id = String(dataOf(await line.frame(0)).conversationId)
  line.socket.close()
  await line.ended
  return id
}

describe('creating and delivering', () => {
  test('the card is seen with everything the template holds', async () => {
    const answer = await create()
    expect(answer.body).toMatchObject({
      success: true,
      result: {
        outTrackId: 'hz-7:u_chen:1',
        deliverResults: [{ spaceType: 'IM_ROBOT', spaceId: 'u_chen', success: true, errorMsg: null }],
      },
    })
    expect(card()).toMatchObject({
      title: '隐患待处理',
      tone: 'warning',
      text: 'YH-0007\n泵体漏油 5*2 处\n15:40 升级',
      facts: [
        ['地点', '3号泵房'],
        ['上报人', '陈工'],
      ],
      actions: ['接单', '转派'],
      form: [],
      updatedAt: null,
      from: 'bot',
    })
    expect(desk.vendor.opens(desk.who('u_chen'), card().id, '详情')).toBe('https://h5.example.com/s/haz_1')
    expect(desk.vendor.opens(desk.who('u_chen'), card().id, '')).toBe('https://h5.example.com/s/haz_1')
    expect(desk.vendor.opens(desk.who('u_chen'), card().id, '接单')).toBeNull()
    expect(desk.vendor.opens(desk.who('u_li'), card().id, '详情')).toBeNull()
  })

  test.each<[string, Json]>([
    ['param.outTrackIdEmpty', { outTrackId: '' }],
    ['param.invalid', { outTrackId: 'x'.repeat(101) }],
    ['param.cardTemplateIdEmpty', { cardTemplateId: undefined }],
    ['param.templateNotExist', { cardTemplateId: '00000000-0000-0000-0000-000000000000.schema' }],
    ['param.cardPublicDataEmpty', { cardData: {} }],
    ['param.openSpaceIdEmpty', { openSpaceId: '' }],
    ['param.openSpaceIdInvalid', { openSpaceId: 'IM_ROBOT.u_chen' }],
    ['param.openSpaceIdInvalid', { openSpaceId: 'dtv1.card//CO_FEED.x' }],
    ['param.openSpaceModelInvalid', { imRobotOpenSpaceModel: {} }],
    ['param.openDeliverModelEmpty', { imRobotOpenDeliverModel: undefined }],
    ['param.openDeliverModelError', { imRobotOpenDeliverModel: {} }],
    ['param.invalid', { callbackType: 'stream' }],
    ['param.callbackRouteKeyEmpty', { callbackType: 'HTTP' }],
    ['param.invalid', { userIdType: 3 }],
    ['param.userIdNotExist', { privateData: { u_gone: { cardParamMap: { toast: 'x' } } } }],
  ])('%s for %j', async (code, change) => {
    const answer = await create(change)
    expect([answer.status, answer.body.code]).toEqual([400, code])
    expect(desk.world.phone('u_chen')).toHaveLength(0)
  })

  test.each<[string, Json]>([
    ['card_status', { card_status: 'open' }],
    ['title', { title: 7 }],
    ['title', { title: { text: 'x' } }],
    ['pictures', { pictures: '{}' }],
    ['pictures', { pictures: '["@lALunknown"]' }],
    ['form', { form: '{"fields":[{"name":"a","label":"A","type":"PHOTO"}]}' }],
    ['form', { form: '{"fields":[{"name":"a","label":"A","type":"SELECT"}]}' }],
    ['form', { form: '[]' }],
    ['buttons', { buttons: 'accept' }],
    ['buttons', { buttons: '[{"text":"接单"}]' }],
    ['buttons', { buttons: JSON.stringify([{ ...button('接单', 'a:b'), event: { type: 'call' } }]) }],
  ])('a value that the template cannot take is refused by name: %s %j', async (name, map) => {
    const answer = await create({}, { ...pressable, ...map })
    expect([answer.status, answer.body.code, answer.body.message]).toEqual([400, 'param.invalid', `param.invalid: ${name}`])
  })
  test('private data is for variables marked private', async () => {
    const answer = await create({ privateData: { u_chen: { cardParamMap: { title: 'x' } } } })
    expect(answer.body.message).toBe('param.invalid: title')
  })
  test('the documented kilobyte per value where the switch enforces it', async () => {
    const long = { ...pressable, body: '字'.repeat(400) }
    expect((await create({}, long)).status).toBe(200)
    desk.world.set('dingtalk.cardValueBytes', '1024')
    expect((await create({ outTrackId: 'other' }, long)).body.message).toBe('param.invalid: body')
  })
  test('the content review', async () => {
    desk.world.set('dingtalk.unsafeWord', '漏油')
    expect((await create()).body.code).toBe('param.contentUnsafe')
  })
  test('a space that cannot be reached fails for itself, under HTTP 200', async () => {
    const openSpaceId = 'dtv1.card//IM_ROBOT.u_chen;im_robot.u_gone'
    const results = ((await create({ openSpaceId })).body.result as Json).deliverResults as Json[]
    expect(results.map(({ success, errorMsg }) => [success, errorMsg])).toEqual([
      [true, null],
      [false, 'user not exist'],
    ])
    const other = await desk.call('POST', path, cardBody(desk, { group: 'cidnowhere==', map: pressable, track: 'g' }))
    expect(other.body).toMatchObject({ success: true, result: { deliverResults: [{ success: false }] } })
  })
  test('a second creation under one outTrackId is an error or a silent nothing, and never applies', async () => {
    const first = await create()
    const again = () => create({}, { ...pressable, title: '另一张' })
    expect((await again()).body.code).toBe('param.cardAlreadyExist')
    desk.world.set('dingtalk.cardRepeat', 'silent')
    expect((await again()).body).toEqual(first.body)
    expect(desk.world.phone('u_chen').map(({ title }) => title)).toEqual(['隐患待处理'])
  })
  test('created first, delivered later', async () => {
    const body = cardBody(desk, { to: 'u_chen', map: pressable })
    expect((await desk.call('POST', '/v1.0/card/instances', body)).body).toEqual({ success: true, result: 'hz-7:u_chen:1' })
    expect(desk.world.phone('u_chen')).toHaveLength(0)
    expect((await desk.call('POST', '/v1.0/card/instances/deliver', body)).body).toMatchObject({ result: [{ success: true }] })
    expect(card().title).toBe('隐患待处理')
    const missing = await desk.call('POST', '/v1.0/card/instances/deliver', { ...body, outTrackId: 'other' })
    expect(missing.body.code).toBe('param.cardNotExist')
  })
  test('recipients narrow who sees a card of a group', async () => {
    const model = { robotCode: desk.app.credentials.robotCode, recipients: ['u_li'] }
    const change = { imGroupOpenDeliverModel: model }
    await desk.call('POST', path, cardBody(desk, { group: await group(), map: pressable, change }))
    expect(card('u_li').conversation).toBe('安全群')
    expect(() => card('u_wang')).toThrow('no card')
  })
})

describe('updating', () => {
  test('overwrites: what is left out disappears', async () => {
    await create()
    expect((await update({ cardData: { cardParamMap: { title: '已关闭' } } })).body).toEqual({ success: true, result: true })
    expect(card()).toMatchObject({ title: '已关闭', tone: 'neutral', facts: [], actions: [], text: '' })
    expect(card().updatedAt).not.toBeNull()
  })
  test('by key: what is left out stays', async () => {
    await create()
    await update({ cardData: { cardParamMap: { title: '已关闭' } }, cardUpdateOptions: { updateCardDataByKey: true } })
    expect(card()).toMatchObject({ title: '已关闭', tone: 'warning', actions: ['接单', '转派'] })
  })
  test.each<[string, Json]>([
    ['param.outTrackIdEmpty', { outTrackId: '' }],
    ['param.cardNotExist', { outTrackId: 'other', cardData: { cardParamMap: {} } }],
    ['param.cardDataAndPrivateDataBothEmpty', {}],
    ['param.userIdNotExist', { privateData: { u_gone: { cardParamMap: {} } } }],
    ['param.invalid', { cardData: { cardParamMap: { status: 'done' } } }],
  ])('%s for %j', async (code, body) => {
    await create()
    const answer = await update(body)
    expect([answer.status, answer.body.code]).toEqual([400, code])
    expect(card().title).toBe('隐患待处理')
  })
})

describe('pressing', () => {
  test('the answer changes the card for everybody and shows its toast to the presser alone', async () => {
    await desk.call('POST', path, cardBody(desk, { group: await group(), map: pressable }))
    await answering({
      cardUpdateOptions: byKey,
      cardData: { cardParamMap: { title: '处理中' } },
      userPrivateData: { cardParamMap: { toast: '已接单' } },
    })
    const result = await press('接单')
    expect(result).toMatchObject({ status: 'answered', toast: { text: '已接单' }, card: { title: '处理中' } })
    expect(card('u_li')).toMatchObject({ title: '处理中', actions: ['接单', '转派'] })
  })
  test('an answer without by-key overwrites the card', async () => {
    await create()
    await answering({ cardData: { cardParamMap: { title: '处理中' } } })
    expect((await press('接单')).card).toMatchObject({ title: '处理中', facts: [], actions: [] })
  })
  test('the envelope names the presser; in a group the space is the group', async () => {
    const id = await group()
    await desk.call('POST', path, cardBody(desk, { group: id, map: pressable }))
    const line = await answering({})
    await press('转派', {}, 'u_wang')
    expect(dataOf(await line.frame(0))).toMatchObject({ userId: 'u_wang', userIdType: 1, spaceType: 'IM_GROUP', spaceId: id })
    expect(params(await line.frame(0))).toEqual({ key: 'hazard.reassign:haz_1@3' })
  })
  test('nobody answers within two seconds: the client gives up, a late answer changes nothing', async () => {
    await create()
    const line = await dial(desk, () => null)
    expect(await press('接单')).toEqual({ status: 'timeout', toast: null, card: null })
    line.ack(await line.frame(0), { response: { cardData: { cardParamMap: { title: '晚了' } } } })
    await press('转派')
    expect(card().title).toBe('隐患待处理')
  })
  test.each([[{}], [{ response: null }], ['not json']])('an answer without a response is a failure: %j', async (data) => {
    await create()
    await dial(desk, () => data)
    expect((await press('接单')).status).toBe('error')
  })
  test.each<[Json, string]>([
    [{ cardData: { cardParamMap: { status: 'done' } } }, 'error param.invalid: status'],
    [{ cardData: { cardParamMap: { title: 1 } } }, 'error param.invalid: title'],
    [{ userPrivateData: { cardParamMap: { title: 'x' } } }, 'error param.invalid: title'],
  ])('an answer the template cannot take is an error and changes nothing: %j', async (response, status) => {
    await create()
    await answering(response)
    expect(await press('接单')).toEqual({ status, toast: null, card: null })
    expect(card().title).toBe('隐患待处理')
  })
  test('a privateData key in the answer means nothing', async () => {
    await create()
    await answering({ privateData: { u_chen: { cardParamMap: { toast: '误' } } } })
    expect(await press('接单')).toEqual({ status: 'answered', toast: null, card: null })
  })
  test('a phone that has not caught up still sends the old button', async () => {
    await create()
    await update({ cardData: { cardParamMap: { title: '已关闭' } } })
    const line = await answering({})
    expect((await press('接单')).status).toBe('answered')
    expect(params(await line.frame(0))).toEqual({ key: 'hazard.accept:haz_1@3' })
    expect((await press('关闭')).status).toBe('no-such-button')
  })
  test('without callbackType nothing is called back', async () => {
    await create({ callbackType: undefined })
    const line = await answering({})
    expect((await press('接单')).status).toBe('no-callback')
    expect(line.frames).toHaveLength(0)
  })
  test('faults: twice is two frames and one effect, never and late are timeouts', async () => {
    await create()
    const line = await answering({ cardUpdateOptions: byKey, cardData: { cardParamMap: { title: '处理中' } } })
    desk.world.order('press', 'twice')
    expect((await press('接单')).card?.title).toBe('处理中')
    expect(line.frames).toHaveLength(2)
    desk.world.order('press', 'never')
    expect((await press('接单')).status).toBe('timeout')
    desk.world.order('press', 'late', 30)
    expect((await press('接单')).status).toBe('timeout')
    await Promise.all([desk.world.advance(30_000), line.frame(2)])
    expect(line.frames).toHaveLength(3)
  })
})

describe('forms', () => {
  const withForm = {
    ...pressable,
    form: gradeForm,
    form_status: 'normal',
    buttons: JSON.stringify([button('提交', 'hazard.grade:haz_1@3')]),
  }
  test('are seen field by field, hidden ones left out', async () => {
    await create({}, withForm)
    expect(card().form).toEqual([
      {
        name: 'level',
        label: '等级',
        kind: 'choice',
        options: [
          ['major', '重大'],
          ['minor', '一般'],
        ],
        initial: null,
      },
      { name: 'words', label: '说明', kind: 'text', options: [], initial: null },
    ])
  })
  test('ride along with the press, a choice with its index', async () => {
    await create({}, withForm)
    const line = await answering({})
    await press('提交', { level: '一般', words: '护罩松动' })
    expect(params(await line.frame(0))).toEqual({
      key: 'hazard.grade:haz_1@3',
      form: { level: { index: 1, value: 'minor' }, words: '护罩松动', state: 's1' },
    })
  })
  test('a required field left empty, or a choice that is none, sends nothing', async () => {
    await create({}, withForm)
    const line = await answering({})
    expect((await press('提交')).status).toBe('required')
    expect((await press('提交', { level: '特大' })).status).toBe('impossible')
    expect((await press('提交', { level: 'major', state: 'forged' })).status).toBe('impossible')
    expect(line.frames).toHaveLength(0)
    desk.world.set('dingtalk.requiredFor', 'none')
    expect((await press('提交')).status).toBe('answered')
  })
  test('are gone when the status hides them', async () => {
    await create({}, { ...withForm, form_status: 'none' })
    const line = await answering({})
    expect(card().form).toEqual([])
    await press('提交')
    expect(params(await line.frame(0))).toEqual({ key: 'hazard.grade:haz_1@3' })
  })
})
