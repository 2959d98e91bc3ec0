import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Bench, type Body, buttons, createBench, field, passive, reply } from './sandbox-wecom-setup.ts'

let bench: Bench
beforeEach(async () => {
  bench = await createBench()
})
afterEach(() => bench.close())

const both = (card: Body) => bench.sendCard(card, { touser: 'u_chen|u_li' })
const answerWith = (type: string, inner: string, to = 'u_chen') => {
  bench.service.script.answer = () => ({ body: reply(passive(to, type, inner)) })
}
const events = () => bench.service.got.map(({ plain }) => plain)
const takenCard =
  '<TemplateCard><CardType>button_interaction</CardType><MainTitle><Title><![CDATA[隐患 YH-0001]]></Title><Desc>已接单</Desc></MainTitle>' +
  '<HorizontalContentList><KeyName>区域</KeyName><Value>三号车间</Value></HorizontalContentList>' +
  '<HorizontalContentList><KeyName>等级</KeyName><Value>较大</Value></HorizontalContentList>' +
  '<ButtonList><Text>提交整改</Text><Style>1</Style><Key>fix</Key></ButtonList></TemplateCard>'
const options = [
  { id: 'low', text: '一般' },
  { id: 'mid', text: '较大' },
]

describe('a pressed button', () => {
  test('is an event with key, task, card type and a fresh code; an empty answer changes nothing', async () => {
    const { response_code: sent } = await both(buttons('t-1@3'))
    const result = await bench.press('u_chen', '退回')
    expect(result).toEqual({ toast: null, card: null, status: 'answered' })
    const [plain = ''] = events()
    expect(
      ['MsgType', 'Event', 'EventKey', 'TaskId', 'CardType', 'FromUserName', 'AgentID'].map((name) => field(plain, name)),
    ).toEqual(['event', 'template_card_event', 'reject', 't-1@3', 'button_interaction', 'u_chen', '1000007'])
    expect(plain.includes('SelectedItems') || plain.includes('MsgId')).toBe(false)
    await bench.press('u_chen', '退回')
    const codes = events().map((event) => field(event, 'ResponseCode'))
    expect(new Set([...codes, sent]).size).toBe(3)
  })

  test('each click brings a code that updates everybody, once', async () => {
    await both(buttons('t-1'))
    await bench.press('u_chen', '接单')
    const code = field(events()[0] ?? '', 'ResponseCode')
    const change = { agentid: 1_000_007, response_code: code, atall: 1, button: { replace_name: '已接单' } }
    expect((await bench.post('message/update_template_card', change)).errcode).toBe(0)
    expect([bench.last('u_chen').actions, bench.last('u_li').actions]).toEqual([[], []])
    expect((await bench.post('message/update_template_card', change)).errcode).toBe(60140)
  })

  test('update_button greys the card of the presser alone', async () => {
    await both(buttons('t-1'))
    answerWith('update_button', '<Button><ReplaceName><![CDATA[已接单]]></ReplaceName></Button>')
    const result = await bench.press('u_chen', '接单')
    expect(result).toMatchObject({ status: 'answered', card: { actions: [], text: expect.stringContaining('已接单') } })
    expect(bench.last('u_li')).toMatchObject({ actions: ['接单', '退回'], updatedAt: null })
  })

  test('update_template_card repaints the card of the presser alone, lists as repeated siblings', async () => {
    await both(buttons('t-1'))
    answerWith('update_template_card', takenCard)
    const result = await bench.press('u_chen', '接单')
    expect(result.card).toMatchObject({
      title: '隐患 YH-0001',
      facts: [
        ['区域', '三号车间'],
        ['等级', '较大'],
      ],
      actions: ['提交整改'],
    })
    expect(bench.last('u_li').actions).toEqual(['接单', '退回'])
    await bench.press('u_chen', '提交整改')
    expect([field(events()[1] ?? '', 'EventKey'), field(events()[1] ?? '', 'TaskId')]).toEqual(['fix', 't-1'])
  })

  test.each([
    ['a wrapped list', takenCard.replace(/(<ButtonList>.*<\/ButtonList>)/, '<ButtonList>$1</ButtonList>')],
    ['a snake-case name', takenCard.replaceAll('MainTitle', 'main_title')],
    ['a name in the wrong place', takenCard.replace('<Desc>', '<Key>x</Key><Desc>')],
    ['a style that is no number', takenCard.replace('<Style>1', '<Style>big')],
    ['a card that breaks a rule', takenCard.replace('<Key>fix</Key>', '')],
    ['an unknown card type', takenCard.replace('button_interaction', 'toast')],
    ['a doubled title', takenCard.replace('<MainTitle>', '<MainTitle></MainTitle><MainTitle>')],
  ])('%s is an error and the card stays', async (_what, inner) => {
    await both(buttons('t-1'))
    answerWith('update_template_card', inner)
    expect(await bench.press('u_chen', '接单')).toEqual({ toast: null, card: null, status: 'error' })
    expect(bench.last('u_chen')).toMatchObject({ title: '隐患待处理', updatedAt: null })
  })

  test('words are no answer to a pressed button', async () => {
    await both(buttons('t-1'))
    answerWith('text', '<Content>好的</Content>')
    expect((await bench.press('u_chen', '接单')).status).toBe('error')
    expect(bench.world.phone('u_chen').length).toBe(1)
  })

  test('a late answer is a timeout, a broken one an error, and the card stays', async () => {
    await both(buttons('t-1'))
    bench.world.set('wecom.answerSeconds', '0.05')
    bench.service.script.answer = () => 'hang'
    expect(await bench.press('u_chen', '接单')).toMatchObject({ status: 'timeout', card: null })
    bench.service.script.answer = () => ({ status: 502 })
    expect(await bench.press('u_chen', '接单')).toMatchObject({ status: 'error', card: null })
    expect(bench.last('u_chen').actions).toEqual(['接单', '退回'])
  })

  test('only what stands on the card can be pressed', async () => {
    await both(buttons('t-1'))
    await expect(bench.press('u_chen', '看详情')).rejects.toThrow('no button')
    await expect(bench.press('u_chen', '没有')).rejects.toThrow('no button')
    await expect(bench.press('u_chen', '接单', {}, bench.last('u_li').id)).rejects.toThrow('no message')
    await expect(bench.press('u_chen', '接单', { level: 'low' })).rejects.toThrow('asks nothing')
    expect(events().length).toBe(0)
  })

  test('faults: never and late are timeouts, twice arrives twice with one code', async () => {
    await both(buttons('t-1'))
    bench.world.order('press', 'never')
    expect((await bench.press('u_chen', '接单')).status).toBe('timeout')
    bench.world.order('press', 'late', 60)
    expect((await bench.press('u_chen', '接单')).status).toBe('timeout')
    expect(events().length).toBe(0)
    await bench.world.advance(60_000)
    expect(events().length).toBe(1)
    bench.world.order('press', 'twice')
    expect((await bench.press('u_chen', '退回')).status).toBe('answered')
    expect(new Set(events().slice(1)).size).toBe(1)
    expect(events().length).toBe(3)
  })
})

describe('what was chosen rides with the press', () => {
  const selected = (plain: string) =>
    [
      ...plain.matchAll(
        /<SelectedItem><QuestionKey><!\[CDATA\[(.*?)\]\]><\/QuestionKey><OptionIds>(.*?)<\/OptionIds><\/SelectedItem>/g,
      ),
    ].map(([, question, ids]) => [question, [...(ids ?? '').matchAll(/<OptionId><!\[CDATA\[(.*?)\]\]>/g)].map(([, id]) => id)])

  test('a drop-down has its first option chosen until a person chooses', async () => {
    await both(buttons('t-1', { button_selection: { question_key: 'level', title: '定级', option_list: options } }))
    await bench.press('u_chen', '接单')
    await bench.press('u_chen', '接单', { level: 'mid' })
    await expect(bench.press('u_chen', '接单', { level: '较大' })).rejects.toThrow('no option')
    expect(events().map(selected)).toEqual([[['level', ['low']]], [['level', ['mid']]]])
  })

  test('several selectors and several ticks', async () => {
    await both({
      card_type: 'multiple_interaction',
      task_id: 't-1',
      main_title: { title: '派单' },
      select_list: [
        { question_key: 'dept', selected_id: 'mid', option_list: options },
        { question_key: 'due', option_list: [{ id: '24h', text: '24 小时' }] },
      ],
      submit_button: { text: '派单', key: 'dispatch' },
    })
    await bench.press('u_chen', '派单')
    await both({
      card_type: 'vote_interaction',
      task_id: 't-2',
      main_title: { title: '类别' },
      checkbox: { question_key: 'risk', mode: 1, option_list: options.map((option) => ({ ...option, is_checked: true })) },
      submit_button: { key: 'submit' },
    })
    await bench.press('u_chen', '提交')
    await bench.press('u_chen', '提交', { risk: 'mid' })
    expect(events().map(selected)).toEqual([
      [
        ['dept', ['mid']],
        ['due', ['24h']],
      ],
      [['risk', ['low', 'mid']]],
      [['risk', ['mid']]],
    ])
  })

  test('a menu item is an event of its own and may be answered with words', async () => {
    await both({
      card_type: 'text_notice',
      task_id: 't-3',
      main_title: { title: '即将超期' },
      action_menu: { desc: '更多', action_list: [{ text: '今日不再提醒', key: 'mute' }] },
      card_action: { type: 1, url: 'https://e.com' },
    })
    answerWith('text', '<Content>好的</Content>')
    expect((await bench.press('u_chen', '今日不再提醒')).status).toBe('answered')
    const [plain = ''] = events()
    expect([field(plain, 'Event'), field(plain, 'EventKey'), field(plain, 'CardType')]).toEqual([
      'template_card_menu_event',
      'mute',
      'text_notice',
    ])
    expect(bench.last('u_chen').text).toBe('好的')
  })
})

test('WeCom reports no reading', async () => {
  await both(buttons('t-1'))
  await bench.double.reads(bench.account('u_chen'), bench.last('u_chen').id)
  expect([events().length, bench.double.connections()]).toEqual([0, 0])
})
