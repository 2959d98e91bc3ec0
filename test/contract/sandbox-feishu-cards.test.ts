import { describe, expect, it } from 'vitest'
import { CardFault, lintCard } from '../../sandbox/feishu/card-lint.ts'
import { viewCard } from '../../sandbox/feishu/card-view.ts'
import { buttonOf, cardOf } from '../support/feishu-double.ts'

const world = { ownsPicture: (key: string) => key === 'img_own', knowsUser: (id: string) => id === 'ou_chen' }
const reader = {
  names: (id: string) => (id === 'ou_chen' ? '陈工' : id),
  picture: (key: string) => (key === 'img_own' ? '/images/1' : null),
}
const text = (content: string) => ({ tag: 'plain_text', content })

const verdict = (card: unknown) => {
  try {
    lintCard(card, world)
    return null
  } catch (error) {
    if (error instanceof CardFault) return { code: error.code, path: error.path }
    throw error
  }
}

const submit = {
  tag: 'button',
  name: 'go',
  text: text('提交'),
  form_action_type: 'submit',
  behaviors: [{ type: 'callback', value: { act: 'x' } }],
}
const form = (...elements: readonly unknown[]) => ({ tag: 'form', name: 'f', elements: [...elements, submit] })
const level = {
  tag: 'select_static',
  name: 'level',
  required: true,
  placeholder: text('风险等级'),
  options: [
    { text: text('重大'), value: 'major' },
    { text: text('一般'), value: 'minor' },
  ],
}
const nested = (depth: number): unknown =>
  depth === 0 ? { tag: 'hr' } : { tag: 'column_set', columns: [{ tag: 'column', elements: [nested(depth - 1)] }] }

describe('cards that may be sent', () => {
  it.each([
    ['an empty body', cardOf()],
    ['a form', cardOf(form(level, { tag: 'input', name: 'note', input_type: 'multiline_text', max_length: 500 }))],
    ['five containers deep', cardOf(nested(5))],
    ['200 tagged parts', cardOf(...Array.from({ length: 198 }, () => ({ tag: 'hr' })))],
    [
      'an own picture and a known person',
      cardOf({ tag: 'markdown', content: '![x](img_own) <at id=ou_chen></at> <at id=all></at>' }),
    ],
    ['an unknown person who may be dropped', cardOf({ tag: 'person', user_id: 'ou_gone', drop_invalid_user_id: true })],
    ['any value in a button', cardOf(buttonOf('好', { tag: 'x', deep: [{ tag: 'y' }] }))],
  ])('%s', (_what, card) => {
    expect(verdict(card)).toBeNull()
  })
})

describe('cards that are refused, with the sub-code and the place', () => {
  it.each([
    ['no object', [], 200621, 'ROOT'],
    ['schema 1.0', { elements: [] }, 200621, 'ROOT -> schema'],
    ['no body', { schema: '2.0' }, 200621, 'ROOT'],
    ['a root attribute of 1.0', { ...cardOf(), i18n_elements: {} }, 200621, 'ROOT'],
    ['wide_screen_mode', { ...cardOf(), config: { wide_screen_mode: true } }, 200621, 'ROOT -> config'],
    ['update_multi false', { ...cardOf(), config: { update_multi: false } }, 200621, 'ROOT -> config -> update_multi'],
    [
      'an unknown header colour',
      { ...cardOf(), header: { title: text('x'), template: 'pink' } },
      200621,
      'ROOT -> header -> template',
    ],
    ['the tag action', cardOf({ tag: 'action', actions: [] }), 200861, 'ROOT -> body -> elements -> [0](tag: action)'],
    ['the tag note', cardOf({ tag: 'hr' }, { tag: 'note' }), 200861, 'ROOT -> body -> elements -> [1](tag: note)'],
    ['a tag from the prototype', cardOf({ tag: 'constructor' }), 200861, 'ROOT -> body -> elements -> [0](tag: constructor)'],
    [
      'corner_radius on a column',
      cardOf({ tag: 'column_set', columns: [{ tag: 'column', corner_radius: '8px' }] }),
      200621,
      'ROOT -> body -> elements -> [0](tag: column_set) -> columns -> [0](tag: column)',
    ],
    [
      'an unknown button style',
      cardOf(buttonOf('x', {}, { type: 'huge' })),
      200621,
      'ROOT -> body -> elements -> [0](tag: button) -> type',
    ],
    [
      'an attribute from the prototype',
      cardOf({ tag: 'hr', constructor: 'x' }),
      200621,
      'ROOT -> body -> elements -> [0](tag: hr)',
    ],
    [
      'an attribute that would be the prototype',
      cardOf(JSON.parse('{"tag":"hr","__proto__":{}}')),
      200621,
      'ROOT -> body -> elements -> [0](tag: hr)',
    ],
    [
      'a button text above 100',
      cardOf(buttonOf('x'.repeat(101), {})),
      200621,
      'ROOT -> body -> elements -> [0](tag: button) -> text -> content',
    ],
    [
      'a picture of somebody else',
      cardOf({ tag: 'img', img_key: 'img_other', alt: text('') }),
      200570,
      'ROOT -> body -> elements -> [0](tag: img) -> img_key',
    ],
    [
      'a foreign picture in markdown',
      cardOf({ tag: 'markdown', content: '![](img_other)' }),
      200570,
      'ROOT -> body -> elements -> [0](tag: markdown) -> content',
    ],
    [
      'an unknown person',
      cardOf({ tag: 'markdown', content: '<at id=ou_gone></at>' }),
      100290,
      'ROOT -> body -> elements -> [0](tag: markdown) -> content',
    ],
    ['201 tagged parts', cardOf(...Array.from({ length: 199 }, () => ({ tag: 'hr' }))), 11310, 'ROOT'],
    [
      'one element_id twice',
      cardOf({ tag: 'hr', element_id: 'a' }, { tag: 'hr', element_id: 'a' }),
      200621,
      'ROOT -> body -> elements -> [1](tag: hr) -> element_id',
    ],
    [
      'an element_id that begins with a digit',
      cardOf({ tag: 'hr', element_id: '1a' }),
      200621,
      'ROOT -> body -> elements -> [0](tag: hr) -> element_id',
    ],
    [
      'one name twice',
      cardOf(form(level, level)),
      200621,
      'ROOT -> body -> elements -> [0](tag: form) -> elements -> [1](tag: select_static) -> name',
    ],
    [
      'a field without a name',
      cardOf(form({ tag: 'input' })),
      200530,
      'ROOT -> body -> elements -> [0](tag: form) -> elements -> [0](tag: input)',
    ],
    [
      'a form without submit',
      cardOf({ tag: 'form', name: 'f', elements: [level] }),
      200621,
      'ROOT -> body -> elements -> [0](tag: form)',
    ],
    [
      'submit words only in a value',
      cardOf({ tag: 'form', name: 'f', elements: [{ ...level, value: { form_action_type: 'submit' } }] }),
      200621,
      'ROOT -> body -> elements -> [0](tag: form)',
    ],
    [
      'a plain button in a form',
      cardOf(form(buttonOf('x', {}, { name: 'x' }))),
      200621,
      'ROOT -> body -> elements -> [0](tag: form) -> elements -> [0](tag: button)',
    ],
    ['a submit button outside', cardOf(submit), 200621, 'ROOT -> body -> elements -> [0](tag: button)'],
    [
      'a table in a form',
      cardOf(form({ tag: 'table', columns: [], rows: [] })),
      200621,
      'ROOT -> body -> elements -> [0](tag: form) -> elements -> [0](tag: table)',
    ],
    [
      'a multi-select outside a form',
      cardOf({ ...level, tag: 'multi_select_static' }),
      200621,
      'ROOT -> body -> elements -> [0](tag: multi_select_static)',
    ],
    [
      'one option value twice',
      cardOf({ ...level, options: [...level.options, ...level.options] }),
      200621,
      'ROOT -> body -> elements -> [0](tag: select_static) -> options',
    ],
    [
      'a date without a placeholder',
      cardOf({ tag: 'date_picker', name: 'd' }),
      200621,
      'ROOT -> body -> elements -> [0](tag: date_picker)',
    ],
    [
      'a confirm without a title',
      cardOf(buttonOf('x', {}, { confirm: { text: text('?') } })),
      200621,
      'ROOT -> body -> elements -> [0](tag: button) -> confirm',
    ],
  ])('%s', (_what, card, code, path) => {
    expect(verdict(card)).toEqual({ code, path })
  })

  it('six containers deep, and JSON deep enough to break a naive walk', () => {
    expect(verdict(cardOf(nested(6)))?.code).toBe(200621)
    expect(verdict(JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`))?.code).toBe(200621)
  })
})

describe('what a reader sees', () => {
  it('title, words, facts, pictures, buttons and form', () => {
    const card = cardOf(
      { tag: 'markdown', content: '**漏油** <font color=red>严重</font> \\*不是\\* &lt;b&gt; <at id=ou_chen></at>' },
      {
        tag: 'div',
        fields: [
          { is_short: true, text: { tag: 'lark_md', content: '**位置**\n3号泵房' } },
          { is_short: true, text: text('等级：重大') },
          { is_short: true, text: { tag: 'lark_md', content: '**时间**：15:40' } },
        ],
      },
      { tag: 'img', img_key: 'img_own', alt: text('') },
      form({ ...level, initial_index: 2 }, { tag: 'input', name: 'note', label: text('措施') }),
      buttonOf('转派', {}, { disabled: true }),
      { tag: 'column_set', columns: [{ tag: 'column', elements: [buttonOf('接单', {})] }] },
    )
    expect(verdict(card)).toBeNull()
    expect(viewCard(card, reader)).toEqual({
      title: '隐患待处理',
      text: 'YH-0001\n漏油 严重 *不是* <b> @陈工',
      tone: 'danger',
      facts: [
        ['位置', '3号泵房'],
        ['等级', '重大'],
        ['时间', '15:40'],
      ],
      images: ['/images/1'],
      actions: ['提交', '接单'],
      form: [
        {
          name: 'level',
          label: '风险等级',
          kind: 'choice',
          options: [
            ['major', '重大'],
            ['minor', '一般'],
          ],
          initial: 'minor',
        },
        { name: 'note', label: '措施', kind: 'text', options: [], initial: null },
      ],
    })
  })
})
