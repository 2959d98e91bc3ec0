import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { can } from '../../src/bots/wecom/platform.ts'
import { isCard, type Purpose, plainCard, plainText, prepare, templateCard } from '../../src/bots/wecom/render.ts'
import { type TemplateCard, updateCardXml } from '../../src/bots/wecom/wire.ts'
import { childrenOf, readXml, textOf } from '../../src/bots/wecom/xml.ts'
import type { Card, FormField } from '../../src/cards/card.ts'

const words = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('', ' ', ']]>', '字'.repeat(400), '😀'.repeat(90), '<a href="x">y</a>', '\u0000', '\uD800', '\u202E'),
)
const field: fc.Arbitrary<FormField> = fc.oneof(
  fc.record({
    kind: fc.constant('choice' as const),
    name: words,
    label: words,
    options: fc.array(fc.record({ value: words, label: words }), { maxLength: 14 }),
    initial: fc.option(words),
    required: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('text' as const),
    name: words,
    label: words,
    multiline: fc.boolean(),
    longest: fc.nat(),
    required: fc.boolean(),
  }),
)
const action = fc.record({
  key: fc.oneof(words, fc.stringMatching(/^hazard\.[a-z]{1,9}:-@\d$/)),
  label: words,
  style: fc.constantFrom('primary' as const, 'default' as const, 'danger' as const),
  needsForm: fc.boolean(),
})
const anyCard: fc.Arbitrary<Card> = fc.record({
  tone: fc.constantFrom('neutral' as const, 'info' as const, 'warning' as const, 'danger' as const, 'success' as const),
  title: words,
  subtitle: words,
  facts: fc.array(fc.record({ label: words, value: words }), { maxLength: 10 }),
  body: words,
  pictures: fc.array(fc.record({ image: words, alt: words }), { maxLength: 4 }),
  form: fc.array(field, { maxLength: 2 }),
  actions: fc.array(action, { maxLength: 9 }),
  summary: words,
  page: fc.option(fc.record({ label: words, url: fc.oneof(words, fc.webUrl()) })),
  note: words,
})
const send: Purpose = { kind: 'send', once: 'eff_01' }
const anyPurpose: fc.Arbitrary<Purpose> = fc.oneof(
  fc.constant(send),
  fc.constant<Purpose>({ kind: 'update' }),
  fc.record({ kind: fc.constant('answer' as const), toast: fc.option(words) }),
)

const bytes = (text: string): number => Buffer.byteLength(text)
const hasLength = (text: string | undefined, most: number, least = 1): void => {
  if (text === undefined) return
  expect(text.length).toBeGreaterThanOrEqual(least)
  expect([...text].length).toBeLessThanOrEqual(most)
  expect(text.isWellFormed()).toBe(true)
}
const isUrl = (url: string): void => {
  expect(url).toMatch(/^https?:\/\/\S+$/)
  expect(bytes(url)).toBeLessThanOrEqual(2048)
}

/** The tables of document 90236, written here once more. */
const obeys = (shown: TemplateCard): void => {
  hasLength(shown.source.desc, 20)
  hasLength(shown.main_title.title, 36)
  hasLength(shown.main_title.desc, 44)
  hasLength(shown.sub_title_text, 160)
  hasLength(shown.quote_area?.quote_text, 120)
  const facts = shown.horizontal_content_list ?? []
  expect(facts.length).toBeLessThanOrEqual(6)
  for (const fact of facts) {
    hasLength(fact.keyname, 5)
    hasLength(fact.value, 30)
    expect(fact.type === 1).toBe(fact.url !== undefined)
    if (fact.url) isUrl(fact.url)
  }
  if (shown.card_action) isUrl(shown.card_action.url)
  for (const jump of shown.jump_list ?? []) hasLength(jump.title, 18)
  if (shown.card_type === 'text_notice') {
    expect(shown.card_action?.type).toBe(1)
    expect([shown.button_list, shown.button_selection, shown.replace_text]).toEqual([undefined, undefined, undefined])
    return
  }
  expect(shown.jump_list).toBe(undefined)
  const buttons = shown.button_list ?? []
  expect(buttons.length).toBeGreaterThanOrEqual(1)
  expect(buttons.length).toBeLessThanOrEqual(6)
  const keys = buttons.flatMap((button) => ('key' in button ? [button.key] : []))
  expect(new Set(keys).size).toBe(keys.length)
  for (const key of keys) expect(bytes(key) >= 1 && bytes(key) <= 1024).toBe(true)
  for (const button of buttons) hasLength(button.text, 10)
  const selection = shown.button_selection
  if (!selection) return
  expect(bytes(selection.question_key) >= 1 && bytes(selection.question_key) <= 1024).toBe(true)
  expect(selection.option_list.length >= 1 && selection.option_list.length <= 10).toBe(true)
  const ids = selection.option_list.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toContain(selection.selected_id)
  for (const { id, text } of selection.option_list) {
    expect(bytes(id) >= 1 && bytes(id) <= 128).toBe(true)
    hasLength(text, 16)
  }
}

describe('any card at all', () => {
  it('stays inside every limit of document 90236', () => {
    fc.assert(
      fc.property(anyCard, anyPurpose, (given, purpose) => {
        const prepared = prepare(given, can)
        if (purpose.kind === 'send' && !isCard(prepared)) return
        const shown = templateCard(prepared, purpose, given.pictures.length)
        obeys(shown)
        expect(shown.task_id).toBe(purpose.kind === 'send' ? 'eff_01' : undefined)
      }),
      { numRuns: 1000 },
    )
  })

  it('as XML: no CDATA end escapes, nothing outside CDATA but tags and numbers, and the reader gets the same words', () => {
    fc.assert(
      fc.property(anyCard, fc.option(words), (given, toast) => {
        const shown = templateCard(prepare(given, can), { kind: 'answer', toast }, given.pictures.length)
        const xml = updateCardXml({ account: 'liwei', corpId: 'ww0123456789abcdef', seconds: 1767225781 }, shown)
        const outside = xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '')
        expect(outside).toMatch(/^(?:<\/?[A-Za-z]+>|\d+)+$/)
        const root = readXml(xml)
        const body = root && childrenOf(root, 'TemplateCard')[0]
        const title = body && childrenOf(body, 'MainTitle')[0]
        expect(title && textOf(title, 'Title')).toBe(forbidden(shown.main_title.title))
        expect(body && childrenOf(body, 'ButtonList').length).toBe(shown.button_list?.length ?? 0)
      }),
      { numRuns: 1000 },
    )
  })

  it('in words: at most 2,048 bytes, and no link that a person wrote', () => {
    fc.assert(
      fc.property(anyCard, (given) => {
        const { text } = plainCard(prepare(given, can).card, 2048)
        expect(bytes(text)).toBeLessThanOrEqual(2048)
        expect(text).not.toMatch(/<[a-z/!]/i)
        expect(text.trim()).not.toBe('')
      }),
    )
    expect(plainText('<a href="http://evil">点我</a> 3 < 5', 2048).text).toBe('＜a href="http://evil">点我＜/a> 3 < 5')
  })

  it('loses nothing in silence: fewer facts, buttons, pictures or questions are always reported', () => {
    fc.assert(
      fc.property(anyCard, (given) => {
        const { card: kept, lost } = prepare(given, can)
        const parts = new Set(lost.map(({ part }) => part))
        if (kept.facts.length < given.facts.length) expect(parts).toContain('facts')
        if (kept.actions.length < given.actions.length) expect(parts).toContain('actions')
        if (given.pictures.length > 0) expect(parts).toContain('pictures')
        if (kept.form.length < given.form.length) expect(parts).toContain('form')
        if (kept.page === null) expect(lost.map(({ standIn }) => standIn)).not.toContain('page')
      }),
      { numRuns: 500 },
    )
  })
})

const forbidden = (text: string): string => text.replace(/[^\t\n\r\u0020-\uFFFD]/g, '\uFFFD')
