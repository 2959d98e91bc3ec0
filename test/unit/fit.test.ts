import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitCard } from '../../src/bots/fit.ts'
import type { Capabilities } from '../../src/bots/platform.ts'
import type { Action, Card, FormField } from '../../src/cards/card.ts'

type Can = Pick<Capabilities, 'facts' | 'actions' | 'form' | 'pictures'>

const field = fc.oneof(
  fc.boolean().map((required): FormField => ({ kind: 'choice', name: 'a', label: '区域', options: [], initial: null, required })),
  fc
    .boolean()
    .map((required): FormField => ({ kind: 'text', name: 'r', label: '原因', multiline: true, longest: 200, required })),
  fc.boolean().map((required): FormField => ({ kind: 'secret', name: 'pin', label: '口令', longest: 12, required })),
  fc.boolean().map((required): FormField => ({ kind: 'position', name: 'at', label: '位置', required })),
)
const forPages: ReadonlySet<FormField['kind']> = new Set(['secret', 'position'])
const action = fc.boolean().map((needsForm): Action => ({ key: 'hazard.accept:-@1', label: '接单', style: 'default', needsForm }))
const card: fc.Arbitrary<Card> = fc
  .record({
    facts: fc.array(fc.constant({ label: '状态', value: '待处理' }), { maxLength: 12 }),
    form: fc.array(field, { maxLength: 5 }),
    actions: fc.array(action, { maxLength: 6 }),
    pictures: fc.array(fc.constant({ image: 'f', alt: '整改前' }), { maxLength: 3 }),
    page: fc.constantFrom(null, { label: '查看详情', url: 'https://andon.example/' }),
  })
  .map((parts) => ({ tone: 'info', title: '隐患待处理', subtitle: '', body: '', summary: '隐患待处理', note: '', ...parts }))
const can: fc.Arbitrary<Can> = fc.record({
  facts: fc.nat(12),
  actions: fc.nat(6),
  pictures: fc.constantFrom('upload' as const, 'none' as const),
  form: fc.record({ choices: fc.nat(3), texts: fc.nat(2), besideActions: fc.boolean() }),
})

test('a fitted card never holds more than its door can show, and says of each part whether something was lost', () => {
  fc.assert(
    fc.property(card, can, (whole, door) => {
      const { card: fitted, lost } = fitCard(whole, door)
      expect(fitted.facts.length).toBeLessThanOrEqual(door.facts)
      expect(fitted.actions.length).toBeLessThanOrEqual(door.actions)
      expect(fitted.form.filter(({ kind }) => kind === 'choice').length).toBeLessThanOrEqual(door.form.choices)
      expect(fitted.form.filter(({ kind }) => kind === 'text').length).toBeLessThanOrEqual(door.form.texts)
      expect(fitted.form.filter(({ kind }) => forPages.has(kind))).toEqual([])
      expect(fitted.pictures.length === 0 || door.pictures === 'upload').toBe(true)
      const parts = ['facts', 'form', 'actions', 'pictures'] as const
      expect(lost.map(({ part }) => part).sort()).toEqual(parts.filter((part) => fitted[part].length < whole[part].length).sort())
      expect(lost.every(({ standIn }) => standIn === (whole.page ? 'page' : 'none'))).toBe(true)
    }),
  )
})

test('a button that needs its form is not shown without it', () => {
  fc.assert(
    fc.property(card, can, (whole, door) => {
      const { card: fitted } = fitCard(whole, door)
      const complete = whole.form.every((one) => !one.required || fitted.form.includes(one))
      expect(complete || fitted.actions.every(({ needsForm }) => !needsForm)).toBe(true)
    }),
  )
})

test('a card that fits is left as it is, and the order of what stays is kept', () => {
  fc.assert(
    fc.property(card, (one) => {
      const whole = { ...one, form: one.form.filter(({ kind }) => !forPages.has(kind)) }
      const roomy: Can = { facts: 99, actions: 99, pictures: 'upload', form: { choices: 99, texts: 99, besideActions: true } }
      expect(fitCard(whole, roomy)).toEqual({ card: whole, lost: [] })
      const narrow = fitCard(whole, { ...roomy, facts: 2, actions: 1 }).card
      expect([narrow.facts, narrow.actions]).toEqual([whole.facts.slice(0, 2), whole.actions.slice(0, 1)])
    }),
  )
})

test('where a form cannot stand beside plain buttons, the form gives way', () => {
  const form: FormField[] = [{ kind: 'choice', name: 'a', label: '区域', options: [], initial: null, required: true }]
  const plain: Action = { key: 'k', label: '接单', style: 'primary', needsForm: false }
  const needy: Action = { key: 'k', label: '转派', style: 'default', needsForm: true }
  const base: Card = {
    tone: 'info',
    title: '',
    subtitle: '',
    facts: [],
    body: '',
    pictures: [],
    form,
    actions: [plain, needy],
    summary: '',
    page: null,
    note: '',
  }
  const door: Can = { facts: 9, actions: 9, pictures: 'none', form: { choices: 3, texts: 0, besideActions: false } }
  expect(fitCard(base, door).card).toMatchObject({ form: [], actions: [plain] })
  expect(fitCard({ ...base, actions: [needy] }, door).card).toMatchObject({ form, actions: [needy] })
})

test('a button with fields of its own stays where those are shown, whatever else the form has lost', () => {
  const words: FormField = { kind: 'text', name: 'note', label: '说明', multiline: false, longest: 9, required: false }
  const pin: FormField = { kind: 'secret', name: 'pin', label: '口令', longest: 12, required: false }
  const press = (key: string, needs: readonly string[]): Action => ({ key, label: key, style: 'default', needsForm: true, needs })
  const whole: Card = {
    ...{ tone: 'info', title: '', subtitle: '', facts: [], body: '', pictures: [], summary: 'x', note: '' },
    form: [words, pin],
    actions: [press('sign', ['pin']), press('finish', ['note']), press('save', [])],
    page: { label: '查看详情', url: 'https://andon.example/' },
  }
  const door: Can = { facts: 9, actions: 9, pictures: 'none', form: { choices: 9, texts: 9, besideActions: true } }
  const { card: fitted, lost } = fitCard(whole, door)
  expect([fitted.form, fitted.actions.map(({ key }) => key)]).toEqual([[words], ['finish', 'save']])
  expect(lost).toEqual([
    { part: 'form', standIn: 'page' },
    { part: 'actions', standIn: 'page' },
  ])
})
