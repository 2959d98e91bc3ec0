import { describe, expect, it } from 'vitest'
import { can } from '../../src/bots/wecom/platform.ts'
import { isCard, type Purpose, plainCard, prepare, templateCard } from '../../src/bots/wecom/render.ts'
import { type TemplateCard, updateCardXml } from '../../src/bots/wecom/wire.ts'
import { childrenOf, type Element, readXml, textOf } from '../../src/bots/wecom/xml.ts'
import type { Card, FormField } from '../../src/cards/card.ts'
import { card } from './wecom-kit.ts'

const render = (given: Card, purpose: Purpose): TemplateCard => templateCard(prepare(given, can), purpose, given.pictures.length)
const send: Purpose = { kind: 'send', once: 'eff_01' }
const choice: Extract<FormField, { kind: 'choice' }> = {
  kind: 'choice',
  name: 'reason',
  label: '原因',
  options: [
    { value: 'dup', label: '重复上报' },
    { value: 'no', label: '不是隐患' },
  ],
  initial: null,
  required: true,
}
const xmlFor = (given: TemplateCard): string =>
  updateCardXml({ account: 'liwei', corpId: 'ww0123456789abcdef', seconds: 1767225781 }, given)

describe('a hazard as a card', () => {
  it('with buttons is a button_interaction whose keys are the action keys', () => {
    expect(render(card, send)).toEqual({
      card_type: 'button_interaction',
      source: { desc: '🔴 安灯 · 紧急', desc_color: 2 },
      main_title: { title: '隐患待处理', desc: 'YH-SH01-20261122-0042-K' },
      sub_title_text: '泵体漏油，地面湿滑\n15:40 升级至部门负责人',
      horizontal_content_list: [
        { keyname: '区域', value: '3号泵房' },
        { keyname: '等级', value: '较大' },
      ],
      card_action: { type: 1, url: 'https://andon.example.com/h/haz_0123456789?s=abc' },
      button_list: [
        { text: '接单', style: 1, key: 'hazard.accept:haz_0123456789@3' },
        { text: '转派', style: 2, key: 'hazard.transfer:haz_0123456789@3' },
        { type: 1, text: '看详情', style: 3, url: 'https://andon.example.com/h/haz_0123456789?s=abc' },
      ],
      task_id: 'eff_01',
    })
    expect(prepare(card, can).lost).toEqual([])
  })

  it('without buttons is a button card whose one button opens the page, so that it can be repainted', () => {
    const shown = render({ ...card, actions: [] }, send)
    expect(shown).toMatchObject({
      card_type: 'button_interaction',
      card_action: { type: 1 },
      button_list: [{ type: 1, text: '看详情' }],
      task_id: 'eff_01',
    })
  })

  it('without buttons and page is repainted as a grey label, and is no card to begin with', () => {
    const bare = { ...card, actions: [], page: null }
    expect(isCard(prepare(bare, can))).toBe(false)
    expect(render(bare, { kind: 'update' })).toMatchObject({ card_type: 'button_interaction', replace_text: '无需操作' })
    expect(plainCard(bare, 2048).text).toBe(
      '隐患待处理\nYH-SH01-20261122-0042-K\n区域：3号泵房\n等级：较大\n泵体漏油，地面湿滑\n15:40 升级至部门负责人',
    )
  })

  it('a choice becomes the drop-down, with "please choose" first when nothing is chosen', () => {
    const open = render({ ...card, form: [choice] }, send).button_selection
    expect(open).toMatchObject({ question_key: 'reason', title: '原因', selected_id: 'andon:none' })
    expect(open?.option_list.map(({ id }) => id)).toEqual(['andon:none', 'dup', 'no'])
    const chosen = render({ ...card, form: [{ ...choice, initial: 'no' }] }, send).button_selection
    expect(chosen).toMatchObject({ selected_id: 'no', option_list: [{ id: 'dup' }, { id: 'no' }] })
    const unknown = render({ ...card, form: [{ ...choice, initial: 'gone' }] }, send).button_selection
    expect(unknown?.selected_id).toBe('andon:none')
  })

  describe('of a form with more than one drop-down can ask', () => {
    const text: FormField = { kind: 'text', name: 'note', label: '说明', multiline: true, longest: 200, required: true }
    const ten = Array.from({ length: 10 }, (_, at) => ({ value: `v${at}`, label: `${at}` }))
    const twice = [...choice.options, ...choice.options]
    const actions = card.actions.map((action) => ({ ...action, needsForm: true }))
    const lost = [
      { part: 'form', standIn: 'page' },
      { part: 'actions', standIn: 'page' },
    ]

    it.each<[string, readonly FormField[]]>([
      ['a text', [text]],
      ['a second choice', [choice, { ...choice, name: 'other' }]],
      ['eleven lines', [{ ...choice, options: ten }]],
      ['no line', [{ ...choice, options: [] }]],
      ['one value twice', [{ ...choice, options: twice }]],
      ['our own placeholder as a value', [{ ...choice, options: [{ value: 'andon:none', label: 'x' }] }]],
    ])('%s that is required takes its buttons along, and the page stands in', (_, form) => {
      const prepared = prepare({ ...card, form, actions }, can)
      expect(prepared).toMatchObject({ choice: null, lost })
      expect(templateCard(prepared, send, 0)).toMatchObject({ button_list: [{ type: 1, text: '看详情' }] })
      expect(templateCard(prepared, { kind: 'answer', toast: null }, 0)).toMatchObject({ card_type: 'text_notice' })
    })

    it('what is not required is left out and the rest stays', () => {
      const form = [{ ...choice, options: ten, required: false }, { ...text, required: false }, choice]
      const prepared = prepare({ ...card, form, actions }, can)
      expect(prepared.lost).toEqual([{ part: 'form', standIn: 'page' }])
      expect(prepared.choice?.question_key).toBe('reason')
      expect(prepared.card.actions).toHaveLength(2)
    })
  })

  it('photos become a line that leads to the page, in the place of the sixth fact', () => {
    const facts = Array.from({ length: 6 }, (_, at) => ({ label: `项${at}`, value: `${at}` }))
    const pictures = [1, 2, 3].map((at) => ({ image: `${at}`, alt: '' }))
    const list = render({ ...card, facts, pictures }, send).horizontal_content_list ?? []
    expect(list).toHaveLength(6)
    expect(list[5]).toEqual({ type: 1, keyname: '照片', value: '3 张', url: card.page?.url })
    const lost = prepare({ ...card, facts, pictures }, can).lost
    expect(lost).toEqual([{ part: 'facts', standIn: 'page' }, { part: 'pictures', standIn: 'page' }]) // biome-ignore format: a table
  })

  it('tells what was clipped and what cannot be asked', () => {
    const [first] = card.actions
    if (!first) throw new Error('the card has a button')
    const actions = [{ ...first, label: '一'.repeat(11), confirm: { title: '确定？', text: '' } }]
    const long = {
      ...card,
      title: '长'.repeat(37),
      body: '体'.repeat(161),
      note: '注'.repeat(45),
      facts: [{ label: '六个字的标签', value: 'x' }],
      actions,
    }
    const parts = prepare(long, can).lost.map(({ part, standIn }) => `${part} ${standIn}`)
    expect(parts).toEqual(['confirm none', 'title clipped', 'body clipped', 'facts clipped', 'actions clipped', 'note clipped'])
    expect(render(long, send).sub_title_text?.endsWith('…')).toBe(true)
  })

  it('an address that does not open in a browser is no page', () => {
    for (const url of [
      '',
      'javascript:alert(1)',
      'andon.example.com',
      'https://',
      `https://a.example/${'x'.repeat(2048)}`,
      'https://a b',
    ]) {
      expect(render({ ...card, page: { label: 'x', url } }, send).card_action).toBe(undefined)
    }
  })

  it('buttons with one key twice, none, or one past 1024 bytes are left out', () => {
    const [one] = card.actions
    if (!one) throw new Error('the card has a button')
    const actions = [one, one, { ...one, key: '' }, { ...one, key: '长'.repeat(342) }]
    expect(render({ ...card, actions }, send).button_list).toHaveLength(2)
    expect(prepare({ ...card, actions }, can).lost).toEqual([{ part: 'actions', standIn: 'page' }])
  })
})

describe('the answer to a press as XML (document 90241)', () => {
  const part = (parent: Element | null | undefined, name: string): Element | undefined =>
    parent ? childrenOf(parent, name)[0] : undefined

  it('is what the page shows: CamelCase, repeated lists, no task id, no address button', () => {
    const shown = render({ ...card, page: null, body: '', note: '' }, { kind: 'answer', toast: '已接单' })
    expect(xmlFor(shown)).toBe(
      [
        '<xml><ToUserName><![CDATA[liwei]]></ToUserName><FromUserName><![CDATA[ww0123456789abcdef]]></FromUserName><CreateTime>1767225781</CreateTime>',
        '<MsgType><![CDATA[update_template_card]]></MsgType><TemplateCard><CardType><![CDATA[button_interaction]]></CardType>',
        '<Source><Desc><![CDATA[🔴 安灯 · 紧急]]></Desc><DescColor>2</DescColor></Source>',
        '<MainTitle><Title><![CDATA[隐患待处理]]></Title><Desc><![CDATA[YH-SH01-20261122-0042-K]]></Desc></MainTitle>',
        '<QuoteArea><Type>0</Type><QuoteText><![CDATA[已接单]]></QuoteText></QuoteArea>',
        '<HorizontalContentList><KeyName><![CDATA[区域]]></KeyName><Value><![CDATA[3号泵房]]></Value></HorizontalContentList>',
        '<HorizontalContentList><KeyName><![CDATA[等级]]></KeyName><Value><![CDATA[较大]]></Value></HorizontalContentList>',
        '<ButtonList><Text><![CDATA[接单]]></Text><Style>1</Style><Key><![CDATA[hazard.accept:haz_0123456789@3]]></Key></ButtonList>',
        '<ButtonList><Text><![CDATA[转派]]></Text><Style>2</Style><Key><![CDATA[hazard.transfer:haz_0123456789@3]]></Key></ButtonList>',
        '</TemplateCard></xml>',
      ].join(''),
    )
    expect(xmlFor(render(card, send))).not.toContain('eff_01')
    expect(xmlFor(render(card, { kind: 'answer', toast: null }))).not.toContain('看详情')
  })

  it('carries the drop-down and the grey label', () => {
    const asked = readXml(xmlFor(render({ ...card, form: [choice] }, { kind: 'answer', toast: null })))
    const selection = part(part(asked, 'TemplateCard'), 'ButtonSelection')
    expect(selection && [textOf(selection, 'QuestionKey'), textOf(selection, 'SelectedId')]).toEqual(['reason', 'andon:none'])
    expect(selection && childrenOf(selection, 'OptionList').map((option) => textOf(option, 'Id'))).toEqual([
      'andon:none',
      'dup',
      'no',
    ])
    const done = part(
      readXml(xmlFor(render({ ...card, actions: [], page: null }, { kind: 'answer', toast: null }))),
      'TemplateCard',
    )
    expect(done && textOf(done, 'ReplaceText')).toBe('无需操作')
  })
})
