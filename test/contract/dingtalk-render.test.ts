import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardAnswer } from '../../src/bots/dingtalk/answer.ts'
import { linkMessage, textMessage } from '../../src/bots/dingtalk/fallback.ts'
import { plainWords } from '../../src/bots/dingtalk/markdown.ts'
import { render } from '../../src/bots/dingtalk/render.ts'
import type { Card } from '../../src/cards/card.ts'
import { card } from './dingtalk-kit.ts'

const template: {
  variables: { name: string; type: string; private: boolean }[]
  editorData: string
  type: string
  mode: string
} = JSON.parse(readFileSync(new URL('../../templates/dingtalk/andon-card.json', import.meta.url), 'utf8'))

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '[点我](https://evil.example)',
    '![](https://evil.example/x.png)',
    '<a atId=u_chen>陈工</a>',
    '<font color=red>',
    '# 已闭环',
    '> 引用',
    '- 一',
    '1. 一',
    '@所有人',
    'https://evil.example www.evil.example dtmd://dingtalkclient/sendMessage?content=x',
    '**粗** __粗__ `码` ~~删~~ \\[a\\](b) &lt;a&gt;',
    '油'.repeat(5_000),
  ),
)
const line = nasty
const anyCard: fc.Arbitrary<Card> = fc.record({
  tone: fc.constantFrom('neutral', 'info', 'warning', 'danger', 'success'),
  title: line,
  subtitle: line,
  facts: fc.array(fc.record({ label: line, value: line }), { maxLength: 30 }),
  body: nasty,
  pictures: fc.array(fc.oneof(fc.record({ image: line, alt: line }), fc.record({ image: line, alt: line, key: line })), {
    maxLength: 5,
  }),
  form: fc.array(
    fc.oneof(
      fc.record({
        kind: fc.constant('choice' as const),
        name: fc.stringMatching(/^[a-z]{1,10}$/),
        label: line,
        options: fc.array(fc.record({ value: line, label: line }), { maxLength: 200 }),
        initial: fc.oneof(fc.constant(null), line),
        required: fc.boolean(),
      }),
      fc.record({
        kind: fc.constant('text' as const),
        name: fc.stringMatching(/^[a-z]{1,10}$/),
        label: line,
        multiline: fc.boolean(),
        longest: fc.nat(),
        required: fc.boolean(),
      }),
    ),
    { maxLength: 12 },
  ),
  actions: fc.array(
    fc.record({
      key: line,
      label: line,
      style: fc.constantFrom('primary' as const, 'default' as const, 'danger' as const),
      needsForm: fc.boolean(),
    }),
    { maxLength: 9 },
  ),
  summary: line,
  page: fc.oneof(
    fc.constant(null),
    fc.record({
      label: line,
      url: fc.oneof(
        fc.webUrl({ withQueryParameters: true }),
        fc.constantFrom('javascript:alert(1)', 'dtmd://x', 'https://a.example/) [x](y'),
      ),
    }),
  ),
  note: line,
})

/** What would start markup, a tag, a mention or a link in any markdown. */
const dangerous = /[[\]<>@`\\|&~]|:\/\/|www\.|^\s*[#>+-]|^\s*\d+[.)]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/im

describe('the template file', () => {
  it('declares every variable once, and the same ones to the editor', () => {
    const names = template.variables.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    const editor = JSON.parse(template.editorData)
    expect(editor.variableList.map(({ name, private: own }: { name: string; private: boolean }) => [name, own])).toEqual(
      template.variables.map(({ name, private: own }) => [name, own]),
    )
    expect([template.type, template.mode]).toEqual(['im', 'card'])
  })

  it('shows every variable: none is sent for nothing', () => {
    const tree = JSON.stringify(JSON.parse(template.editorData).schema.componentsTree)
    const unused = template.variables.filter(
      ({ name }) => name !== 'tone' && !tree.includes(`"${name}"`) && !tree.includes(`\${${name}}`),
    )
    expect(unused).toEqual([])
  })

  it('keeps exactly the toast private', () => {
    expect(template.variables.filter(({ private: own }) => own).map(({ name }) => name)).toEqual(['toast'])
  })
})

describe('a card on our template', () => {
  it('is the whole state in texts', () => {
    const { values, lost } = render(card)
    expect(lost).toEqual([])
    expect(values).toMatchObject({
      title: '隐患待处理',
      tone: 'danger',
      facts: '**地点**：3号泵房  \n**上报人**：张伟',
      body: '密封处漏油  \n地面湿滑',
      pictures: '["@lALPemu0001"]',
      form_status: 'normal',
      page_url: 'https://andon.example.com/p/haz?sign=abc%281%29',
      page_label: '查看详情',
    })
    expect(JSON.parse(values.form).fields).toEqual([
      {
        name: 'level',
        label: '等级',
        required: true,
        type: 'SELECT',
        options: [
          { value: 'major', text: '重大' },
          { value: 'minor', text: '一般' },
        ],
        defaultValue: { index: 1, value: 'minor' },
      },
      { name: 'reason', label: '说明', required: false, type: 'TEXT_AREA' },
    ])
    expect(JSON.parse(values.buttons)[0]).toEqual({
      text: '接单',
      color: 'blue',
      status: 'normal',
      event: { type: 'sendCardRequest', params: { actionId: 'action_1', params: { key: 'hazard.accept:haz_0123456789@3' } } },
    })
  })

  it('whatever it says: only variables of the file, all texts, all sizes kept, nothing that a parser would obey', () => {
    const publicNames = template.variables.filter(({ private: own }) => !own).map(({ name }) => name)
    fc.assert(
      fc.property(anyCard, (any) => {
        const { values, lost } = render(any)
        expect(Object.keys(values).sort()).toEqual([...publicNames].sort())
        for (const value of Object.values(values))
          expect(typeof value === 'string' && value.isWellFormed() && !value.includes('\u0000')).toBe(true)
        for (const name of ['pictures', 'buttons'] as const) expect(Array.isArray(JSON.parse(values[name]))).toBe(true)
        expect(Array.isArray(JSON.parse(values.form).fields)).toBe(true)
        expect(Buffer.byteLength(JSON.stringify(values))).toBeLessThanOrEqual(100_000)
        for (const fact of values.facts ? values.facts.split('  \n') : []) {
          const [, label = '', value = ''] = /^\*\*(.*?)\*\*：(.*)$/u.exec(fact) ?? []
          expect([dangerous.test(label), dangerous.test(value), /[*\n]/.test(label + value)]).toEqual([false, false, false])
        }
        for (const part of values.body.split('  \n')) expect(dangerous.test(part) || part.includes('*')).toBe(false)
        expect(/^$|^https?:\/\/[^()[\]<>"'\s]+$/.test(values.page_url)).toBe(true)
        if (any.actions.length > JSON.parse(values.buttons).length) expect(lost.map(({ part }) => part)).toContain('actions')
      }),
      { numRuns: 500 },
    )
  })

  it('says what it had to leave out', () => {
    const big: Card = {
      ...card,
      title: '长'.repeat(200),
      body: '长'.repeat(4_000),
      facts: Array.from({ length: 25 }, (_, index) => ({ label: `第${index}项`, value: 'x' })),
      pictures: [{ image: 'x', alt: '' }],
      actions: Array.from({ length: 8 }, (_, index) => ({
        key: `k${index}`,
        label: `${index}`,
        style: 'default',
        needsForm: false,
        confirm: { title: '', text: '' },
      })),
    }
    expect(
      render(big)
        .lost.map(({ part, standIn }) => `${part} ${standIn}`)
        .sort(),
    ).toEqual(['actions page', 'body page', 'confirm none', 'facts page', 'pictures page', 'title page'])
  })

  it('leads a form that the platform cannot hold to the page', () => {
    const options = Array.from({ length: 100 }, (_, index) => ({ value: `${index}`.padEnd(200, 'x'), label: '名'.repeat(60) }))
    const form = Array.from({ length: 10 }, (_, index) => ({
      kind: 'choice' as const,
      name: `f${index}`,
      label: 'x',
      options,
      initial: null,
      required: false,
    }))
    const { values, lost } = render({ ...card, form })
    expect([values.form, values.form_status, JSON.parse(values.buttons).length]).toEqual(['{"fields":[]}', 'none', 1])
    expect(lost).toContainEqual({ part: 'form', standIn: 'page' })
  })
})

describe('the answer to a click', () => {
  it('repaints for everybody and tells only the presser', () => {
    const answer = cardAnswer({ toast: { tone: 'success', text: '已接单' }, card })
    expect(answer.cardData?.cardParamMap).toEqual(render(card).values)
    expect(answer.userPrivateData).toEqual({ cardParamMap: { toast: '已接单' } })
    expect(answer.cardUpdateOptions).toEqual({ updateCardDataByKey: true, updatePrivateDataByKey: true })
  })
  it('without words or card changes nothing', () => {
    expect(cardAnswer(null)).toEqual({})
    expect(cardAnswer({ toast: null, card: null })).toEqual({})
  })
  it('with a card alone clears the words of the press before', () => {
    expect(cardAnswer({ toast: null, card }).userPrivateData).toEqual({ cardParamMap: { toast: '' } })
  })
})

describe('a card without the template', () => {
  it('is a message whose buttons lead to the page', () => {
    const { msgKey, msgParam, lost } = linkMessage(card)
    expect(msgKey).toBe('sampleActionCard3')
    const param = JSON.parse(msgParam)
    expect([param.actionTitle1, param.actionTitle2, param.actionTitle3]).toEqual(['接单', '定级', '查看详情'])
    expect(param.actionURL1).toBe('https://andon.example.com/p/haz?sign=abc%281%29')
    expect(lost.map(({ part, standIn }) => `${part} ${standIn}`).sort()).toEqual(['actions page', 'form page', 'pictures page'])
  })

  it('without a page is words alone, and says that the actions are gone', () => {
    const { msgKey, lost } = linkMessage({ ...card, page: null })
    expect(msgKey).toBe('sampleMarkdown')
    expect(lost).toContainEqual({ part: 'actions', standIn: 'none' })
  })

  it('whatever it says: texts within the limits, and no link but ours', () => {
    fc.assert(
      fc.property(anyCard, (any) => {
        const { msgParam } = linkMessage(any)
        expect(Buffer.byteLength(msgParam)).toBeLessThanOrEqual(15_000)
        const { text, title, ...links } = JSON.parse(msgParam)
        expect([typeof title, /[[\]<>@]|:\/\//.test(text)]).toEqual(['string', false])
        for (const [name, value] of Object.entries(links)) if (/url/i.test(name)) expect(value).toMatch(/^https?:\/\//)
      }),
      { numRuns: 300 },
    )
  })

  it('plain text is sent as it is, and cut where the platform would refuse it', () => {
    expect(JSON.parse(textMessage('已受理 <a> @所有人').msgParam)).toEqual({ content: '已受理 <a> @所有人' })
    for (const text of ['油'.repeat(9_000), '\u0001'.repeat(9_000), '"'.repeat(20_000)]) {
      const { msgParam, lost } = textMessage(text)
      expect(Buffer.byteLength(msgParam)).toBeLessThanOrEqual(15_000)
      expect(lost).toEqual([{ part: 'body', standIn: 'clipped' }])
    }
  })

  it('codes and numbers stay readable', () => {
    expect(plainWords('YH-SH01-20261122-0042-K P_301 19.5% 3#泵房 (A) 1.5 m/s')).toBe(
      'YH-SH01-20261122-0042-K P_301 19.5% 3#泵房 (A) 1.5 m/s',
    )
  })
})
