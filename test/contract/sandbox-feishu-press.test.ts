import { afterEach, describe, expect, it } from 'vitest'
import { buttonOf, cardOf, type FeishuBench, openFeishu } from '../support/feishu-double.ts'

const open: FeishuBench[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

type Action = {
  readonly value?: unknown
  readonly tag?: string
  readonly form_value?: Record<string, unknown>
  readonly [key: string]: unknown
}
type Heard = { readonly action: Action; readonly token: string; readonly operator: Record<string, unknown> }

const text = (content: string) => ({ tag: 'plain_text', content })
const option = (value: string, label: string) => ({ value, text: text(label) })

/** A bench whose service answers every press with `{}` and remembers it, or does what `during` says first. */
const pressing = async (during: (heard: Heard, each: FeishuBench) => Promise<unknown> = async () => ({})) => {
  const each = await openFeishu()
  open.push(each)
  const heard: Heard[] = []
  await each.listen({
    'card.action.trigger': async (data) => {
      const press = data as unknown as Heard
      heard.push(press)
      return during(press, each)
    },
  })
  const press = (message: string, label: string, form: Record<string, string> = {}, account = each.chen) =>
    each.double.presses({ account, message, label, form })
  return { ...each, heard, press }
}

const form = (more: Record<string, unknown> = {}) => ({
  tag: 'form',
  name: 'assign',
  elements: [
    {
      tag: 'select_static',
      name: 'level',
      required: true,
      placeholder: text('等级'),
      options: [option('major', '重大'), option('minor', '一般')],
    },
    {
      tag: 'multi_select_static',
      name: 'measures',
      required: false,
      options: [option('lockout', '上锁'), option('signage', '挂牌')],
    },
    { tag: 'date_picker', name: 'due', placeholder: text('期限') },
    { tag: 'input', name: 'note', max_length: 5 },
    { ...buttonOf('指派', { act: 'assign' }), name: 'submit', form_action_type: 'submit', ...more },
    { tag: 'button', text: text('清空'), name: 'reset', form_action_type: 'reset' },
  ],
})

describe('forms', () => {
  it('a submit carries every filled field as the platform writes it', async () => {
    const { press, card, heard } = await pressing()
    const id = await card(cardOf(form()))
    const result = await press(id, '指派', { level: '重大', measures: 'lockout,挂牌', due: '2026-01-05', note: '先围挡' })
    expect(result.status).toBe('answered')
    expect(heard.map(({ action }) => action)).toEqual([
      {
        value: { act: 'assign' },
        tag: 'button',
        timezone: 'Asia/Shanghai',
        name: 'submit',
        form_value: { level: 'major', measures: ['lockout', 'signage'], due: '2026-01-05 +0800', note: '先围挡' },
      },
    ])
  })

  it.each([
    ['a required field is empty', {}, 'required'],
    ['a choice that is not offered', { level: 'huge' }, 'invalid'],
    ['a text above its length', { level: 'major', note: '六个字的备注' }, 'invalid'],
    ['a date that is none', { level: 'major', due: 'tomorrow' }, 'invalid'],
    ['a name from the prototype', { constructor: 'x' }, 'required'],
  ])('%s: nothing is sent', async (_what, typed, status) => {
    const { press, card, heard } = await pressing()
    const id = await card(cardOf(form()))
    expect(await press(id, '指派', typed)).toEqual({ toast: null, card: null, status })
    expect(heard).toEqual([])
  })

  it.each([
    ['missing', { level: 'major' }],
    ['empty', { level: 'major', measures: [], due: '', note: '' }],
  ])('an unfilled optional field is %s under that reading', async (shape, values) => {
    const { press, card, heard, world } = await pressing()
    world.set('feishu.unfilled', shape)
    await press(await card(cardOf(form())), '指派', { level: 'major' })
    expect(heard.map(({ action }) => action.form_value)).toEqual([values])
  })

  it('a submit without a value ends as 200340, a text as value as 200671, reset sends nothing', async () => {
    const { press, card, heard } = await pressing()
    expect((await press(await card(cardOf(form({ behaviors: [] }))), '指派', { level: 'major' })).status).toBe('error 200340')
    expect((await press(await card(cardOf(buttonOf('接单', 'accept'))), '接单')).status).toBe('error 200671')
    expect((await press(await card(cardOf(form())), '清空')).status).toBe('reset')
    expect(heard).toEqual([])
  })
})

describe('what can be pressed', () => {
  it('a field outside a form calls back as soon as something is chosen', async () => {
    const { press, card, heard } = await pressing()
    const select = {
      tag: 'select_static',
      placeholder: text('等级'),
      options: [option('major', '重大')],
      behaviors: [{ type: 'callback', value: { act: 'level' } }],
    }
    const id = await card(cardOf(select, { tag: 'overflow', value: { act: 'more' }, options: [option('later', '稍后')] }))
    expect((await press(id, '等级', { 等级: '重大' })).status).toBe('answered')
    expect((await press(id, '稍后')).status).toBe('answered')
    expect(heard.map(({ action }) => action)).toEqual([
      { value: { act: 'level' }, tag: 'select_static', option: 'major' },
      { value: { act: 'more' }, tag: 'overflow', option: 'later' },
    ])
  })

  it('what is not there, greyed, recalled, too old or somebody else’s sends nothing', async () => {
    const { press, card, heard, call, wang, world } = await pressing()
    const id = await card(cardOf(buttonOf('接单', { a: 1 }), buttonOf('转派', { a: 2 }, { disabled: true })))
    const statuses = [
      (await press(id, '没有')).status,
      (await press(id, '转派')).status,
      (await press('om_none', '接单')).status,
      (await press(id, '接单', {}, wang)).status,
    ]
    await world.advance(15 * 86_400_000)
    statuses.push((await press(id, '接单')).status)
    const recalled = await card(cardOf(buttonOf('接单', { a: 1 })))
    await call('DELETE', `/open-apis/im/v1/messages/${recalled}`)
    statuses.push((await press(recalled, '接单')).status)
    expect(statuses).toEqual(['not-there', 'not-there', 'not-there', 'not-there', 'expired', 'recalled'])
    expect(heard).toEqual([])
  })

  it('a phone that has not caught up can press a button that the card no longer has', async () => {
    const { press, card, heard, call } = await pressing()
    const id = await card(cardOf(buttonOf('接单', { a: 1 })))
    await call('PATCH', `/open-apis/im/v1/messages/${id}`, { content: JSON.stringify(cardOf(buttonOf('完成', { a: 2 }))) })
    expect((await press(id, '接单')).status).toBe('answered')
    expect((await press(id, '完成')).status).toBe('answered')
    expect(heard.map(({ action }) => action.value)).toEqual([{ a: 1 }, { a: 2 }])
  })

  it('a page opens from a button, from the card and from a link in its text', async () => {
    const { double, press, card, chen, wang, heard } = await pressing()
    const opener = { tag: 'button', text: text('详情'), behaviors: [{ type: 'open_url', default_url: 'https://a.example/1' }] }
    const id = await card({
      ...cardOf(opener, { tag: 'markdown', content: '[手册](https://a.example/2)' }),
      card_link: { url: 'https://a.example/3' },
    })
    expect(['详情', '手册', '隐患待处理', '别的'].map((label) => double.opens(chen, id, label))).toEqual([
      'https://a.example/1',
      'https://a.example/2',
      'https://a.example/3',
      null,
    ])
    expect(double.opens(wang, id, '详情')).toBeNull()
    expect((await press(id, '详情')).status).toBe('opened')
    expect(heard).toEqual([])
  })

  it.each([
    ['empty', { user_id: '' }],
    ['null', { user_id: null }],
    ['missing', {}],
  ])('a withheld user_id is %s under that reading', async (shape, expected) => {
    const { press, card, heard, world, chen } = await pressing()
    world.set('feishu.userId', shape)
    await press(await card(cardOf(buttonOf('接单', { a: 1 }))), '接单')
    const { union_id, ...rest } = heard[0]?.operator ?? {}
    expect(union_id).toMatch(/^on_[0-9a-f]{32}$/)
    expect(rest).toEqual({ tenant_key: '16a1b2c3d4e5f607', open_id: chen.account, ...expected })
  })
})

describe('the token of a press', () => {
  const path = '/open-apis/interactive/v1/card/update'
  const update = ({ call }: FeishuBench, token: unknown, card: unknown = cardOf({ tag: 'hr' })) =>
    call('POST', path, { token, card })

  it('works twice, after the answer, for 30 minutes', async () => {
    const early: number[] = []
    const each = await pressing(async ({ token }, inside) => {
      early.push((await update(inside, token)).code)
      return {}
    })
    const id = await each.card(cardOf(buttonOf('接单', { a: 1 })))
    await each.press(id, '接单')
    const token = each.heard[0]?.token
    expect(early).toEqual([10002])
    expect(each.sees(each.chen, id)?.updatedAt).toBeNull()
    expect([(await update(each, token)).code, (await update(each, token)).code, (await update(each, token)).code]).toEqual([
      0, 0, 300040,
    ])
    expect(each.sees(each.chen, id)).toMatchObject({ text: 'YH-0001', actions: [], updatedAt: expect.any(Number) })
    const again = await each.card(cardOf(buttonOf('接单', { a: 1 })))
    await each.press(again, '接单')
    await each.world.advance(30 * 60_000)
    expect((await update(each, each.heard[1]?.token)).code).toBe(300030)
  })

  it('refuses invented tokens, cards that are text, too large or wrong, and spends no use on them', async () => {
    const each = await pressing()
    await each.press(await each.card(cardOf(buttonOf('接单', { a: 1 }))), '接单')
    const token = each.heard[0]?.token
    expect((await update(each, 'c-invented')).code).toBe(300020)
    expect((await update(each, token, JSON.stringify(cardOf()))).code).toBe(100030)
    expect((await update(each, token, cardOf({ tag: 'markdown', content: 'x'.repeat(31_000) }))).code).toBe(11311)
    expect((await update(each, token, cardOf({ tag: 'markdown', content: 'x'.repeat(103_000) }))).code).toBe(100000)
    expect((await update(each, token, cardOf({ tag: 'note' }))).code).toBe(11311)
    expect([(await update(each, token)).code, (await update(each, token)).code]).toEqual([0, 0])
  })

  it.each([
    ['refused', /ErrCode: 200800/],
    ['actionLock', /ErrCode: 11310/],
    ['accepted', /success/],
  ])('a PATCH while the press waits is %s under that reading', async (reading, msg) => {
    const messages: unknown[] = []
    const each = await pressing(async (_heard, inside) => {
      const reply = await inside.call('PATCH', `/open-apis/im/v1/messages/${id}`, { content: JSON.stringify(cardOf()) })
      messages.push(reply.body.msg)
      return {}
    })
    each.world.set('feishu.lockedPatch', reading)
    const id = await each.card(cardOf(buttonOf('接单', { a: 1 })))
    await each.press(id, '接单')
    expect(messages).toEqual([expect.stringMatching(msg)])
    const after = await each.call('PATCH', `/open-apis/im/v1/messages/${id}`, { content: JSON.stringify(cardOf()) })
    expect(after.code).toBe(0)
  })
})
