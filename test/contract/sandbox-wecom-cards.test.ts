import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Bench, type Body, buttons, createBench } from './sandbox-wecom-setup.ts'

let bench: Bench
let task = 0
beforeAll(async () => {
  bench = await createBench()
})
afterAll(() => bench.close())
beforeEach(() => {
  task += 1
  bench.world.set('wecom.longTitles', 'clip')
})

const url = 'https://hz.example.com/h5'
const many = (count: number, item: (index: number) => Body) => Array.from({ length: count }, (_, index) => item(index))
const options = (count: number) => many(count, (index) => ({ id: `o${index}`, text: `选项${index}` }))

const notice = (more: Body = {}): Body => ({
  card_type: 'text_notice',
  main_title: { title: '整改即将超期' },
  card_action: { type: 1, url },
  ...more,
})
const news = (more: Body = {}): Body => ({
  card_type: 'news_notice',
  main_title: { title: '新隐患' },
  card_image: { url: `${url}/1.jpg`, aspect_ratio: 2.25 },
  card_action: { type: 1, url },
  ...more,
})
const vote = (more: Body = {}): Body => ({
  card_type: 'vote_interaction',
  task_id: `t${task}`,
  main_title: { title: '风险类别' },
  checkbox: { question_key: 'risk', mode: 1, option_list: options(2) },
  submit_button: { text: '提交', key: 'submit' },
  ...more,
})
const multiple = (more: Body = {}): Body => ({
  card_type: 'multiple_interaction',
  task_id: `t${task}`,
  main_title: { title: '派单' },
  select_list: [{ question_key: 'dept', title: '部门', option_list: options(2) }],
  submit_button: { text: '派单', key: 'dispatch' },
  ...more,
})
const button = (more: Body = {}): Body => buttons(`t${task}`, more)

const refusals: readonly (readonly [what: string, code: number, card: () => Body])[] = [
  ['an unknown card type', 42031, () => ({ card_type: 'toast' })],
  ['a title that is a number', 40058, () => notice({ main_title: { title: 7 } })],
  ['a notice without title and subtitle', 42033, () => notice({ main_title: { desc: 'x' } })],
  ['a notice without an action', 42045, () => notice({ card_action: undefined })],
  ['a notice with an action of type 0', 42045, () => notice({ card_action: { type: 0 } })],
  ['an action without an address', 42045, () => notice({ card_action: { type: 1 } })],
  ['seven facts', 42035, () => notice({ horizontal_content_list: many(7, (index) => ({ keyname: `k${index}` })) })],
  ['a fact without a name', 42027, () => notice({ horizontal_content_list: [{ value: 'x' }] })],
  [
    'a fact that opens nothing',
    42028,
    () => notice({ horizontal_content_list: [{ keyname: 'k', type: 1, url: 'hz.example.com' }] }),
  ],
  [
    'a fact with an unknown file',
    42029,
    () => notice({ horizontal_content_list: [{ keyname: 'k', type: 2, media_id: 'gone' }] }),
  ],
  [
    'a fact with an unknown member',
    42050,
    () => notice({ horizontal_content_list: [{ keyname: 'k', type: 3, userid: 'ghost' }] }),
  ],
  ['four jumps', 42042, () => notice({ jump_list: many(4, () => ({ type: 1, title: 't', url })) })],
  ['a jump without a title', 42033, () => notice({ jump_list: [{ type: 1, url }] })],
  ['a mini-program jump without an appid', 42030, () => notice({ jump_list: [{ type: 2, title: 't' }] })],
  ['a menu without a task', 42014, () => notice({ action_menu: { action_list: [{ text: 'a', key: 'k' }] } })],
  [
    'four menu items',
    42051,
    () => notice({ task_id: `t${task}`, action_menu: { action_list: many(4, (index) => ({ text: 'a', key: `k${index}` })) } }),
  ],
  ['a news card without a picture', 42044, () => news({ card_image: undefined })],
  ['a picture without an address', 42044, () => news({ card_image: { aspect_ratio: 1.3 } })],
  ['a picture too wide', 40058, () => news({ card_image: { url, aspect_ratio: 2.26 } })],
  ['five vertical items', 42036, () => news({ vertical_content_list: many(5, () => ({ title: 't' })) })],
  ['a vertical item without a title', 42033, () => news({ vertical_content_list: [{ desc: 'd' }] })],
  ['a button card without a task', 42014, () => button({ task_id: undefined })],
  ['a task with a colon', 42014, () => button({ task_id: 'a:b' })],
  ['a task of 129 bytes', 42014, () => button({ task_id: 'a'.repeat(129) })],
  ['a button card without a title', 42033, () => button({ main_title: {} })],
  ['no buttons', 42038, () => button({ button_list: [] })],
  ['seven buttons', 42038, () => button({ button_list: many(7, (index) => ({ text: 't', key: `k${index}` })) })],
  ['a button without words', 42038, () => button({ button_list: [{ key: 'k' }] })],
  ['a button without a key', 42039, () => button({ button_list: [{ text: 't' }] })],
  ['a key of 1025 bytes', 42039, () => button({ button_list: [{ text: 't', key: 'k'.repeat(1025) }] })],
  ['two buttons of one key', 42039, () => button({ button_list: many(2, () => ({ text: 't', key: 'k' })) })],
  ['a page button without an address', 42028, () => button({ button_list: [{ type: 1, text: 't' }] })],
  ['a style of 5', 40058, () => button({ button_list: [{ text: 't', key: 'k', style: 5 }] })],
  ['a drop-down without a key', 42043, () => button({ button_selection: { option_list: options(2) } })],
  ['a drop-down of eleven', 42037, () => button({ button_selection: { question_key: 'q', option_list: options(11) } })],
  ['an option without an id', 42040, () => button({ button_selection: { question_key: 'q', option_list: [{ text: 't' }] } })],
  ['an option without words', 42041, () => button({ button_selection: { question_key: 'q', option_list: [{ id: 'i' }] } })],
  ['a vote without options', 42037, () => vote({ checkbox: { question_key: 'q', option_list: [] } })],
  ['a vote of 21', 42037, () => vote({ checkbox: { question_key: 'q', option_list: options(21) } })],
  ['a vote without a key', 42043, () => vote({ checkbox: { option_list: options(2) } })],
  ['a vote without a submit key', 42046, () => vote({ submit_button: { text: '提交' } })],
  ['a submit button with empty words', 42049, () => vote({ submit_button: { text: '', key: 'k' } })],
  ['no selectors', 42047, () => multiple({ select_list: [] })],
  [
    'four selectors',
    42047,
    () => multiple({ select_list: many(4, (index) => ({ question_key: `q${index}`, option_list: options(1) })) }),
  ],
  [
    'two selectors of one key',
    42043,
    () => multiple({ select_list: many(2, () => ({ question_key: 'q', option_list: options(1) })) }),
  ],
]

describe('template cards that the platform refuses', () => {
  test.each(refusals)('%s → %i', async (_what, code, card) => {
    const before = bench.world.phone('u_chen').length
    expect((await bench.sendCard(card())).errcode).toBe(code)
    expect(bench.world.phone('u_chen').length).toBe(before)
  })

  test('interactive cards and menus need a callback address', async () => {
    const [app] = bench.apps
    const urls = app.callbackUrls
    app.callbackUrls = []
    const codes = [
      button(),
      vote(),
      multiple(),
      notice({ task_id: 'm1', action_menu: { action_list: [{ text: 'a', key: 'k' }] } }),
      notice(),
    ]
    const answers: unknown[] = []
    for (const card of codes) answers.push((await bench.sendCard(card)).errcode)
    app.callbackUrls = urls
    expect(answers).toEqual([43012, 43012, 43012, 43012, 0])
  })
})

describe('template cards that the platform takes', () => {
  test('all five types, with a response code only where something can be pressed', async () => {
    const codes: boolean[] = []
    for (const card of [notice(), news(), button(), vote({ task_id: `v${task}` }), multiple({ task_id: `m${task}` })]) {
      const answer = await bench.sendCard(card)
      expect(answer.errcode).toBe(0)
      codes.push('response_code' in answer)
    }
    expect(codes).toEqual([false, false, true, true, true])
  })

  test('a button card shows its source, facts, pressable labels, and opens what leads to pages', async () => {
    await bench.sendCard(
      button({
        card_action: { type: 1, url: `${url}/card` },
        horizontal_content_list: [
          { keyname: '照片', type: 1, value: '2 张', url: `${url}/photos` },
          { keyname: '责任人', type: 3, userid: 'u_li' },
        ],
        button_selection: { question_key: 'level', title: '定级', selected_id: 'none', option_list: options(3) },
      }),
    )
    const seen = bench.last('u_chen')
    expect(seen).toMatchObject({
      kind: 'card',
      title: '隐患待处理',
      text: '安灯\nYH-0001\n3号泵房漏油',
      tone: 'danger',
      facts: [
        ['照片', '2 张'],
        ['责任人', '李主任'],
      ],
      actions: ['接单', '退回'],
      form: [{ name: 'level', label: '定级', kind: 'choice', initial: 'o0' }],
    })
    const opens = (label: string) => bench.double.opens(bench.account('u_chen'), seen.id, label)
    expect(['看详情', '2 张', '照片', '', '隐患待处理', '接单'].map(opens)).toEqual([
      'https://hz.example.com/h5/h/0001',
      `${url}/photos`,
      `${url}/photos`,
      `${url}/card`,
      `${url}/card`,
      null,
    ])
  })

  test.each([
    [{ desc: '安灯 · 黄', desc_color: 2 }, 'warning'],
    [{ desc: '🟢 安灯', desc_color: 2 }, 'success'],
    [{ desc: '红旗车间', desc_color: 0 }, 'neutral'],
    [{ desc: '安灯', desc_color: 1 }, 'info'],
    [{ desc: '安灯', desc_color: 3 }, 'success'],
    [undefined, 'neutral'],
  ])('the source line %j has the tone %s', async (source, tone) => {
    await bench.sendCard(notice({ source }))
    expect(bench.last('u_chen').tone).toBe(tone)
  })

  test('long titles are clipped on the screen, or refused by the switch', async () => {
    const title = '长'.repeat(37)
    expect((await bench.sendCard(notice({ main_title: { title } }))).errcode).toBe(0)
    expect(bench.last('u_chen').title).toBe(`${'长'.repeat(36)}…`)
    bench.world.set('wecom.longTitles', 'reject')
    expect((await bench.sendCard(notice({ main_title: { title } }))).errcode).toBe(40058)
    expect((await bench.sendCard(notice({ main_title: { title: '长'.repeat(36) } }))).errcode).toBe(0)
  })
})
