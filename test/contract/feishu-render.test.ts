import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countTags, encodedBytes, renderCard } from '../../src/bots/feishu/render.ts'
import type { Action, Card, FormField } from '../../src/cards/card.ts'
import { storable } from '../../src/lib/text.ts'
import { card } from './feishu-kit.ts'

type Json = { readonly [name: string]: unknown; readonly tag?: string; readonly name?: string }

const elements = (of: Card): Json[] => (renderCard(of).content as { body: { elements: Json[] } }).body.elements

/** Every object of a card, whatever its depth. */
const objects = (part: unknown): Json[] => {
  if (typeof part !== 'object' || part === null) return []
  const below = Object.values(part).flatMap(objects)
  return Array.isArray(part) ? below : [part as Json, ...below]
}

const choice: FormField = {
  kind: 'choice',
  name: 'level',
  label: '风险等级',
  options: [
    { value: 'major', label: '重大' },
    { value: 'minor', label: '一般' },
  ],
  initial: 'minor',
  required: true,
}
const words: FormField = { kind: 'text', name: 'note', label: '措施', multiline: true, longest: 5000, required: false }
const accept: Action = { key: 'hazard.accept:haz_01k9abcdefgh@3', label: '接单', style: 'primary', needsForm: true }
const reject: Action = {
  key: 'hazard.reject:haz_01k9abcdefgh@3',
  label: '驳回',
  style: 'danger',
  needsForm: false,
  confirm: { title: '确认驳回', text: '将通知发现人' },
}

describe('a card', () => {
  it('has its tone, title, summary, facts, body, picture, button, page and note', () => {
    expect(renderCard(card)).toEqual({
      lost: [],
      content: {
        schema: '2.0',
        config: { update_multi: true, width_mode: 'fill', summary: { content: card.summary } },
        header: {
          title: { tag: 'plain_text', content: '隐患待处理' },
          subtitle: { tag: 'plain_text', content: 'YH-SH01-20261122-0042-K' },
          template: 'orange',
        },
        body: {
          direction: 'vertical',
          elements: [
            { tag: 'div', text: { tag: 'plain_text', content: '地面积油，约两平方米' } },
            {
              tag: 'div',
              fields: [
                { is_short: true, text: { tag: 'plain_text', content: '位置\n3号泵房' } },
                { is_short: true, text: { tag: 'plain_text', content: '发现人\n王建国' } },
              ],
            },
            { tag: 'img', img_key: 'img_v3_00ab', alt: { tag: 'plain_text', content: '现场照片' } },
            {
              tag: 'button',
              type: 'primary_filled',
              width: 'fill',
              text: { tag: 'plain_text', content: '接单' },
              behaviors: [{ type: 'callback', value: { key: 'hazard.accept:haz_01k9abcdefgh@3' } }],
            },
            {
              tag: 'button',
              type: 'default',
              width: 'fill',
              text: { tag: 'plain_text', content: '查看详情' },
              behaviors: [{ type: 'open_url', default_url: 'https://andon.example.com/h/1' }],
            },
            {
              tag: 'div',
              text: { tag: 'plain_text', content: '15:40 升级至部门负责人', text_size: 'notation', text_color: 'grey' },
            },
          ],
        },
      },
    })
  })

  it.each([
    ['neutral', 'grey'],
    ['info', 'blue'],
    ['warning', 'orange'],
    ['danger', 'red'],
    ['success', 'green'],
  ] as const)('that is %s is %s', (tone, template) => {
    expect(renderCard({ ...card, tone }).content).toMatchObject({ header: { template } })
  })

  it('loses a picture that was never uploaded, and says so', () => {
    const { lost } = renderCard({ ...card, pictures: [{ image: 'b'.repeat(64), alt: '照片' }] })
    expect(lost).toEqual([{ part: 'pictures', standIn: 'page' }])
  })

  it('links to the web alone', () => {
    for (const url of [
      'javascript:alert(1)',
      'lark://x',
      'file:///etc/passwd',
      'not an address',
      `https://x/${'a'.repeat(2001)}`,
    ]) {
      expect(JSON.stringify(renderCard({ ...card, page: { label: '查看', url } }).content)).not.toContain('open_url')
    }
  })
})

describe('a form', () => {
  const form = [{ ...choice, initial: null }, words]

  it('holds its fields and the buttons that need them as submit buttons; another stands outside, for it must work while nothing is filled in', () => {
    const [container, outside] = elements({ ...card, facts: [], body: '', pictures: [], form, actions: [accept, reject] })
    expect(container).toMatchObject({
      tag: 'form',
      name: 'form',
      elements: [
        { tag: 'div', text: { content: '风险等级' } },
        {
          tag: 'select_static',
          name: 'level',
          required: true,
          initial_index: 0,
          options: [{ value: 'major', text: { content: '重大' } }, { value: 'minor' }],
        },
        {
          tag: 'input',
          name: 'note',
          required: false,
          input_type: 'multiline_text',
          max_length: 1000,
          label: { content: '措施' },
        },
        {
          tag: 'button',
          name: 'press_0',
          form_action_type: 'submit',
          behaviors: [{ type: 'callback', value: { key: accept.key } }],
        },
      ],
    })
    expect(outside).toMatchObject({
      tag: 'button',
      confirm: { title: { content: '确认驳回' }, text: { content: '将通知发现人' } },
    })
    expect(outside).not.toHaveProperty('form_action_type')
  })

  it('whose required choices are made already takes every button in: a list with a choice made cannot be emptied again', () => {
    const [container] = elements({ ...card, facts: [], body: '', pictures: [], form: [choice, words], actions: [accept, reject] })
    expect(objects(container).filter((part) => part.form_action_type)).toHaveLength(2)
  })

  it('without a required field takes every button in, so that each brings what was filled in', () => {
    const [container, next] = elements({ ...card, facts: [], body: '', pictures: [], form: [words], actions: [accept, reject] })
    expect(objects(container).filter((part) => part.form_action_type)).toHaveLength(2)
    expect(next).toMatchObject({ behaviors: [{ type: 'open_url' }] })
  })

  it('of required fields whose buttons do not need it still has a submit button: the platform refuses one without', () => {
    const [container] = elements({ ...card, facts: [], body: '', pictures: [], form: [choice], actions: [reject] })
    expect(objects(container).filter((part) => part.form_action_type)).toHaveLength(1)
  })

  const area: FormField = { ...choice, name: 'area' }
  const fieldsIn = (content: unknown) =>
    objects(content).flatMap((part) => (part.tag === 'select_static' || part.tag === 'input' ? [part.name] : []))

  it.each([
    ['of a name that is taken', { ...words, name: 'area', required: true }],
    ['of a choice of nothing', { ...choice, options: [] }],
    ['of a choice with one value twice', { ...choice, options: [...choice.options, ...choice.options] }],
    ['named like a button', { ...words, name: 'press_0', required: true }],
    ['without a name', { ...words, name: '', required: true }],
  ])('loses a field %s, and the buttons that cannot do without it', (_, unsound) => {
    const { content, lost } = renderCard({ ...card, form: [area, unsound], actions: [accept, reject] })
    expect(fieldsIn(content)).toEqual(['area'])
    expect(lost).toEqual([
      { part: 'form', standIn: 'page' },
      { part: 'actions', standIn: 'page' },
    ])
    expect(objects(content).flatMap((part) => (part.key ? [part.key] : []))).toEqual([reject.key])
  })

  it('loses an optional field alone', () => {
    const { content, lost } = renderCard({ ...card, form: [area, { ...words, name: '' }], actions: [accept] })
    expect([fieldsIn(content), lost]).toEqual([['area'], [{ part: 'form', standIn: 'page' }]])
    expect(JSON.stringify(content)).toContain(accept.key)
  })

  it('with more choices than a card holds is left to the page', () => {
    const options = Array.from({ length: 300 }, (_, i) => ({ value: `v${i}`, label: '区域' }))
    const { content, lost } = renderCard({ ...card, form: [{ ...choice, options }], actions: [accept, reject] })
    expect(fieldsIn(content)).toEqual([])
    expect(lost.map((loss) => loss.part)).toEqual(expect.arrayContaining(['form', 'actions']))
  })
})

describe('any card', () => {
  const hostile = fc.constantFrom(
    '<at id=all></at>',
    '<at user_id="all">所有人</at>',
    '<font color=red>',
    '[点这里](https://evil.example)',
    '<a href=https://evil.example>',
    '![x](img)',
    '**',
    '\u0000',
    '\u202E',
    '\ud800',
    '"\\"',
    '\u0001',
    '<local_datetime millisecond="1">',
  )
  const text = fc
    .array(fc.oneof(hostile, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 300 })), { maxLength: 12 })
    .map((parts) => parts.join(''))
  const long = fc.oneof(
    text,
    fc.tuple(text, fc.nat(9000)).map(([one, n]) => (one || '油').repeat(1 + n).slice(0, 12_000)),
  )
  const option = fc.record({ value: text, label: text })
  const field: fc.Arbitrary<FormField> = fc.oneof(
    fc.record({
      kind: fc.constant('choice' as const),
      name: text,
      label: text,
      options: fc.array(option, { maxLength: 60 }),
      initial: fc.option(text),
      required: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('text' as const),
      name: text,
      label: text,
      multiline: fc.boolean(),
      longest: fc.oneof(fc.integer(), fc.double()),
      required: fc.boolean(),
    }),
  )
  const action: fc.Arbitrary<Action> = fc
    .record({
      key: text,
      label: long,
      style: fc.constantFrom('primary' as const, 'default' as const, 'danger' as const),
      needsForm: fc.boolean(),
      confirm: fc.record({ title: long, text: long }),
    })
    .chain(({ confirm, ...rest }) => fc.boolean().map((asks) => (asks ? { ...rest, confirm } : rest)))
  const anyCard: fc.Arbitrary<Card> = fc.record({
    tone: fc.constantFrom('neutral' as const, 'info' as const, 'warning' as const, 'danger' as const, 'success' as const),
    title: long,
    subtitle: long,
    facts: fc.array(fc.record({ label: long, value: long }), { maxLength: 40 }),
    body: long,
    pictures: fc.array(fc.record({ image: text, alt: long, key: text }), { maxLength: 20 }),
    form: fc.array(field, { maxLength: 16 }),
    actions: fc.array(action, { maxLength: 10 }),
    summary: long,
    page: fc.option(fc.record({ label: long, url: fc.oneof(text, fc.webUrl({ size: 'large' })) })),
    note: long,
  })

  /** Where words are shown; everything else is ids, keys and addresses. */
  const shown = (part: unknown): string[] =>
    objects(part).flatMap((one) => (typeof one.content === 'string' ? [one.content] : []))

  it('stays within bytes, parts and nesting, and has the shape that the platform demands', () => {
    fc.assert(
      fc.property(anyCard, (any) => {
        const { content } = renderCard(any)
        expect(encodedBytes(content)).toBeLessThanOrEqual(28_000)
        expect(countTags(content)).toBe(objects(content).filter((part) => 'tag' in part).length)
        expect(countTags(content)).toBeLessThanOrEqual(200)
        const names = objects(content).flatMap((part) => (part.tag && part.name ? [part.name] : []))
        expect(new Set(names).size).toBe(names.length)
        for (const form of objects(content).filter((part) => part.tag === 'form')) {
          expect(objects(form).some((part) => part.form_action_type === 'submit')).toBe(true)
          expect(
            objects(form)
              .filter((part) => ['button', 'input', 'select_static'].includes(part.tag ?? ''))
              .every((part) => part.name),
          ).toBe(true)
        }
        for (const input of objects(content).filter((part) => part.tag === 'input')) {
          expect(Number(input.max_length)).toBeGreaterThanOrEqual(1)
          expect(Number(input.max_length)).toBeLessThanOrEqual(1000)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('shows words as words: no mention, tag or link of anybody, and nothing that forges the reading', () => {
    fc.assert(
      fc.property(anyCard, (any) => {
        const { content } = renderCard(any)
        const tags = new Set(objects(content).flatMap((part) => (part.tag ? [part.tag] : [])))
        expect(
          [...tags].filter((tag) => !['plain_text', 'div', 'img', 'form', 'select_static', 'input', 'button'].includes(tag)),
        ).toEqual([])
        for (const words of shown(content)) {
          expect(words).not.toMatch(/<[/!]?[a-z]|\]\(|[\u202A-\u202E\u2066-\u2069]/i)
          expect(words.isWellFormed()).toBe(true)
          expect([...words].every((char) => char === '\n' || char === '\t' || !/\p{Cc}/u.test(char))).toBe(true)
          expect(words.length).toBeGreaterThan(0)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('names what was lost, each part once', () => {
    fc.assert(
      fc.property(anyCard, (any) => {
        const { lost } = renderCard(any)
        const parts = lost.map((loss) => loss.part)
        expect(new Set(parts).size).toBe(parts.length)
        expect(any.facts.length <= 20 || parts.includes('facts')).toBe(true)
        expect(any.actions.length <= 6 || parts.includes('actions')).toBe(true)
        // What turns the reading order is taken out, and may have been all that was too much.
        expect(storable(any.body).length <= 4000 || parts.includes('body')).toBe(true)
      }),
    )
  })
})
