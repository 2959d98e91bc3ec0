import { describe, expect, it } from 'vitest'
import { render } from '../../src/bots/dingtalk/render.ts'
import { chen, done, failure, group, ok, said, samples, useApi } from './dingtalk-api.ts'
import { card, connection } from './dingtalk-kit.ts'

const api = useApi()

describe('a card', () => {
  it('goes to one person under an id made from the once-key', async () => {
    api.script = () => ok(samples.createAndDeliverOk)
    const sent = await api.platform().send(chen, { kind: 'card', card }, 'eff_1')
    expect(sent).toEqual({ message: 'andon-eff_1', conversation: 'u_chen', handle: { outTrackId: 'andon-eff_1' }, lost: [] })
    expect(api.asked[0]).toMatchObject({
      path: '/v1.0/card/instances/createAndDeliver',
      token: 'token-1',
      body: {
        cardTemplateId: connection.cardTemplateId,
        outTrackId: 'andon-eff_1',
        callbackType: 'STREAM',
        userIdType: 1,
        openSpaceId: 'dtv1.card//IM_ROBOT.u_chen',
        imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', robotCode: connection.robotCode },
        imRobotOpenSpaceModel: { supportForward: false, lastMessageI18n: { ZH_CN: card.summary } },
      },
    })
    expect(api.asked[0]?.body.cardData).toEqual({ cardParamMap: render(card).values })
  })

  it('goes into a group, and over HTTP names its route', async () => {
    api.script = () => ok(samples.createAndDeliverOk)
    const sent = await api.platform({ mode: 'webhook' }).send(group, { kind: 'card', card }, 'eff_2')
    expect(sent.conversation).toBe('cidEMU0000000000000000000001==')
    expect(api.asked[0]?.body).toMatchObject({
      callbackType: 'HTTP',
      callbackRouteKey: 'andon',
      openSpaceId: 'dtv1.card//IM_GROUP.cidEMU0000000000000000000001==',
      imGroupOpenDeliverModel: { robotCode: connection.robotCode },
    })
  })

  it('that exists already counts as sent and is brought up to date', async () => {
    api.script = ({ path }) =>
      path.endsWith('createAndDeliver') ? { status: 400, body: { code: 'param.cardAlreadyExist' } } : done
    expect((await api.platform().send(chen, { kind: 'card', card }, 'eff_3')).message).toBe('andon-eff_3')
    expect(api.asked[1]).toMatchObject({
      path: '/v1.0/card/instances',
      body: { outTrackId: 'andon-eff_3', cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true } },
    })
  })

  it('whose answer is lost may be there: the next try under the same key shows it once', async () => {
    const made = new Set<unknown>()
    api.script = ({ path, body }) => {
      if (!path.endsWith('createAndDeliver')) return done
      if (made.has(body.outTrackId)) return { status: 400, body: { code: 'param.cardAlreadyExist' } }
      made.add(body.outTrackId)
      return 'perform and hang up'
    }
    expect(said(await failure(api.platform().send(chen, { kind: 'card', card }, 'eff_4')))).toBe(
      'ambiguous no-answer connection null',
    )
    await api.platform().send(chen, { kind: 'card', card }, 'eff_4')
    expect([...made]).toEqual(['andon-eff_4'])
  })

  it('accepted with 200 and not delivered is a failure', async () => {
    api.script = () => ok({ success: true, result: { deliverResults: [{ success: false, errorMsg: 'user not exist' }] } })
    expect(said(await failure(api.platform().send(chen, { kind: 'card', card }, 'eff_5')))).toBe(
      'permanent not-delivered account null',
    )
    expect(api.asked.map(({ path }) => path)).toEqual(['/v1.0/card/instances/createAndDeliver'])
  })

  it('held back for the moment is delivered once more, and never left under an id that looks sent', async () => {
    const busy = { success: false, errorMsg: '系统繁忙，请稍后再试' }
    let second = { success: true } as object
    api.script = ({ path }) =>
      path.endsWith('/deliver')
        ? ok({ success: true, result: [second] })
        : ok({ success: true, result: { deliverResults: [busy] } })
    expect((await api.platform().send(chen, { kind: 'card', card }, 'eff_6')).message).toBe('andon-eff_6')
    expect(api.asked[1]).toMatchObject({
      path: '/v1.0/card/instances/deliver',
      body: { outTrackId: 'andon-eff_6', openSpaceId: 'dtv1.card//IM_ROBOT.u_chen' },
    })
    second = busy
    expect(said(await failure(api.platform().send(chen, { kind: 'card', card }, 'eff_7')))).toBe(
      'permanent not-delivered message null',
    )
  })

  it.each([{}, { success: true }, { success: true, result: { deliverResults: [] } }, { success: false }, 'no json', '[]'])(
    'with the answer %j may be there',
    async (body) => {
      api.script = () => ok(body)
      expect((await failure(api.platform().send(chen, { kind: 'card', card }, 'eff_8'))).kind).toBe('ambiguous')
    },
  )

  it('is repainted whole, by key, as often as wanted', async () => {
    const handle = { outTrackId: 'andon-eff_1' }
    expect(await api.platform().update('andon-eff_1', handle, card)).toEqual({ handle, lost: [] })
    expect(api.asked[0]?.body).toEqual({
      outTrackId: 'andon-eff_1',
      cardData: { cardParamMap: render(card).values },
      cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
      userIdType: 1,
    })
    expect(said(await failure(api.platform().update('andon-eff_1', {}, card)))).toBe('permanent unsupported message null')
  })

  it('recalled is emptied of content and buttons', async () => {
    await api.platform().recall('andon-eff_1')
    const values = Object(Object(api.asked[0]?.body.cardData).cardParamMap)
    expect(Object.keys(values).sort()).toEqual(Object.keys(render(card).values).sort())
    expect([values.buttons, values.facts, values.page_url, values.form_status]).toEqual(['[]', '', '', 'none'])
  })

  it.each(['u;IM_GROUP.cid', '', 'a b'])('to the address %j goes nowhere', async (account) => {
    expect(said(await failure(api.platform().send({ kind: 'account', account }, { kind: 'card', card }, 'eff_9')))).toBe(
      'permanent unknown-account account null',
    )
    expect(api.asked).toEqual([])
  })
})

describe('a message', () => {
  const sentTo = { processQueryKey: 'key+/==', invalidStaffIdList: [], flowControlledStaffIdList: null }

  it('to a person is text whose recall finds it again', async () => {
    api.script = () => ok(sentTo)
    const sent = await api.platform().send(chen, { kind: 'text', text: '已受理' }, 'eff_1')
    expect(api.asked[0]).toMatchObject({
      path: '/v1.0/robot/oToMessages/batchSend',
      body: { robotCode: connection.robotCode, userIds: ['u_chen'], msgKey: 'sampleText', msgParam: '{"content":"已受理"}' },
    })
    expect(sent).toMatchObject({ conversation: 'u_chen', handle: null, lost: [] })
    api.script = () => ok({ successResult: ['key+/=='], failedResult: {} })
    await api.platform().recall(sent.message)
    expect(api.asked[1]).toMatchObject({ path: '/v1.0/robot/otoMessages/batchRecall', body: { processQueryKeys: ['key+/=='] } })
  })

  it('to a group likewise', async () => {
    api.script = () => ok({ processQueryKey: 'k' })
    const sent = await api.plain().send(group, { kind: 'card', card }, 'eff_1')
    expect(api.asked[0]).toMatchObject({
      path: '/v1.0/robot/groupMessages/send',
      body: { openConversationId: group.conversation, msgKey: 'sampleActionCard3' },
    })
    expect(sent.handle).toBeNull()
    api.script = () => ok({ successResult: [], failedResult: { k: 'too late' } })
    expect(said(await failure(api.plain().recall(sent.message)))).toBe('permanent not-recalled message null')
    expect(api.asked[1]).toMatchObject({
      path: '/v1.0/robot/groupMessages/recall',
      body: { openConversationId: group.conversation, processQueryKeys: ['k'] },
    })
  })

  it.each([
    [{ ...sentTo, invalidStaffIdList: ['u_chen'] }, 'permanent unknown-account account null'],
    [{ ...sentTo, flowControlledStaffIdList: ['u_chen'] }, 'temporary too-fast account 60000'],
    [{ ...sentTo, processQueryKey: null }, 'ambiguous unreadable-answer message null'],
  ])('accepted with 200 and the lists %j is not sent', async (body, expected) => {
    api.script = () => ok(body)
    expect(said(await failure(api.platform().send(chen, { kind: 'text', text: 'x' }, 'eff_1')))).toBe(expected)
  })

  it('without the template cards are never repainted and have no once-key', async () => {
    expect([api.plain().can.onceKey, api.plain().can.update.uses, api.plain().can.answer.card]).toEqual([null, 'never', 'none'])
    expect(said(await failure(api.plain().update('x', { outTrackId: 'x' }, card)))).toBe('permanent unsupported message null')
  })

  it('rings with a DING inside the app', async () => {
    api.script = () => ok({ openDingId: 'd1' })
    await api.platform().ring('u_chen', 'andon-eff_1', '隐患待处理')
    expect(api.asked[0]).toMatchObject({
      path: '/v1.0/robot/ding/send',
      body: { robotCode: connection.robotCode, remindType: 1, receiverUserIdList: ['u_chen'], content: '隐患待处理' },
    })
    api.script = () => ok({ openDingId: 'd1', failedList: { 用户不存在: ['u_chen'] } })
    expect(said(await failure(api.platform().ring('u_chen', 'm', 'x')))).toBe('permanent not-delivered account null')
    api.script = () => ok({})
    expect((await failure(api.platform().ring('u_chen', 'm', 'x'))).kind).toBe('ambiguous')
  })
})
