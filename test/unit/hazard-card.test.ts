import { expect, test } from 'vitest'
import type { Incoming } from '../../src/bots/platform.ts'
import type { Card } from '../../src/cards/card.ts'
import { hazardCard } from '../../src/cards/hazard-card.ts'
import { cardHash } from '../../src/engine/draw.ts'
import { route } from '../../src/engine/route.ts'
import { hours } from '../../src/lib/clock.ts'
import {
  because,
  caseIn,
  createDesk,
  type Desk,
  person,
  plantWith,
  refusedPhoto,
  report,
  returned,
  type Status,
  signature,
  statuses,
  stored,
  stranger,
  system,
} from './hazard-desk.ts'

const draw = (desk: Desk, who: string, more: { at?: Date; url?: string } = {}): Card =>
  hazardCard(desk.state(), {
    subject: desk.subject,
    revision: desk.revision(),
    reader: who.startsWith('?')
      ? { person: null, account: { connection: 'c1', account: `acc-${who.slice(1)}` } }
      : { person: who, account: { connection: 'c1', account: `acc-${who}` } },
    plant: desk.plant(),
    at: more.at ?? desk.now(),
    page: (label) => (more.url ? { label, url: more.url } : null),
  })

/** Title and buttons for each reader of a case that went the ordinary way; `·` parts buttons, `-` is none. */
const table = `
reported    welder          隐患已上报  -
reported    lead            隐患待处理  接单·转派·不是隐患·并入其他隐患
reported    head            隐患待处理  接单·转派·不是隐患·并入其他隐患
reported    officerA        隐患待处理  接单·转派·不是隐患·并入其他隐患
reported    safetyDirector  隐患待处理  接单·转派·不是隐患·并入其他隐患
reported    director        隐患跟踪    -
reported    worker          隐患跟踪    -
triaged     welder          隐患已上报  -
triaged     lead            隐患待处理  转派·不是隐患·并入其他隐患
triaged     fitter          隐患待接单  接单
triaged     officerA        隐患待处理  转派·不是隐患·并入其他隐患
triaged     worker          隐患跟踪    -
accepted    welder          隐患已上报  -
accepted    lead            隐患跟踪    -
accepted    fitter          隐患待整改  上传整改中照片·上传整改后照片·上传检测报告·申请延期·申请缓办
accepted    officerA        隐患跟踪    重新定级
accepted    head            隐患跟踪    移交
accepted    areaOwner       隐患跟踪    移交
rectifying  fitter          隐患待整改  提交整改·上传整改后照片·上传检测报告·申请延期·申请缓办
rectifying  lead            隐患跟踪    -
rectifying  welder          隐患已上报  -
submitted   fitter          等待验收    -
submitted   officerA        隐患跟踪    -
submitted   welder          隐患已上报  -
verifying   fitter          等待验收    -
verifying   @verifier       隐患验收中  -
verifying   officerProd     隐患验收中  -
verifying   welder          隐患已上报  -
closed      welder          隐患已关闭  仍未解决
closed      fitter          隐患已关闭  -
closed      @verifier       隐患已关闭  仍未解决
closed      lead            隐患已关闭  -
rejected    welder          上报未受理  仍未解决
rejected    lead            上报未受理  -
rejected    officerA        上报未受理  仍未解决
`
const rows = table
  .trim()
  .split('\n')
  .map((line) => line.split(/\s+/) as [Status, string, string, string])

test.each(rows)('%s: %s reads %s and may press %s', (status, reader, title, actions) => {
  const desk = caseIn(status)
  const card = draw(desk, reader === '@verifier' ? String(desk.state().seats?.[0]?.verifier) : reader)
  expect(card.title).toBe(title)
  expect(card.actions.map(({ label }) => label).join('·') || '-').toBe(actions)
  expect(card.subtitle).toBe(desk.state().code)
  expect(card.summary).toContain(desk.state().code)
})

const everybody = [
  'welder',
  'lead',
  'head',
  'director',
  'fitter',
  'officerA',
  'officerB',
  'officerProd',
  'safetyDirector',
  'worker',
  'admin',
  '?nobody',
]

/** The press of a button with the values that its form shows at first, as it arrives from a platform. */
const pressOf = (card: Card, key: string): Incoming => ({
  kind: 'press',
  connection: 'c1',
  key: 'k',
  alias: null,
  account: 'a',
  accountName: null,
  conversation: 'c',
  direct: true,
  at: new Date('2026-11-24T02:00:00Z'),
  action: key,
  form: Object.fromEntries(card.form.map((field) => [field.name, field.kind === 'choice' ? (field.initial ?? '') : ''])),
  message: null,
  handle: null,
})

/** Variants of a case: overdue, without a known area, returned, with unreadable photos, brought back, owned by somebody who left. */
const variants: Readonly<Record<string, () => Desk>> = {
  ...Object.fromEntries(statuses.map((status) => [status, () => caseIn(status)])),
  'without a known area': () => {
    const desk = createDesk('hazard')
    desk.must(person('welder'), report('漏油了'))
    return desk
  },
  'with nothing but a photo': () => {
    const desk = createDesk('hazard')
    desk.must(stranger('nobody'), report('', [{ id: 'fil_0', kind: 'photo', connection: 'c1', ref: {}, name: null }]))
    return desk
  },
  'rectifying without a photo': () => {
    const desk = caseIn('accepted')
    desk.must(person('fitter'), { type: 'startRectify' })
    return desk
  },
  'verifying with unreadable photos': () => {
    const desk = caseIn('verifying')
    desk.must(system, refusedPhoto('fil_after00'))
    return desk
  },
  returned: () => {
    const desk = caseIn('verifying')
    returned(desk)
    return desk
  },
  'rejected twice': () => {
    const desk = caseIn('rejected')
    desk.must(person('welder'), { type: 'reopen', reason: '还在漏' })
    desk.must(person('lead'), { type: 'reject', reason: '误报' })
    return desk
  },
  'with an owner who cannot be reached any more': () => {
    const desk = caseIn('triaged')
    desk.change({ unreachable: ['fitter'] })
    return desk
  },
}

/** Refusals that ask for a value which the card shows and the reader has left open. */
const questions = ['choose-area', 'choose-owner', 'owner-unreachable', 'plan-incomplete']

test.each(Object.keys(variants))('%s: no button is drawn that its reader may not press', (name) => {
  const build = variants[name]
  if (!build) throw new Error(name)
  for (const who of everybody) {
    const card = draw(build(), who)
    for (const action of card.actions) {
      const desk = build()
      const routed = route(pressOf(card, action.key), { expectations: [], held: new Map(), knownAccount: true })
      if (routed.kind !== 'command') throw new Error(`${action.key} is no command`)
      expect([routed.workflow, routed.subject, routed.drawnAt]).toEqual(['hazard', desk.subject, desk.revision()])
      const result = desk.run(who.startsWith('?') ? stranger(who.slice(1)) : person(who), routed.command)
      const open = card.form.some((field) => field.kind === 'choice' && field.initial === null) || name.includes('reached')
      expect(
        result.decision.kind === 'accepted' || (open && questions.includes(because(result))),
        `${who} ${action.label}: ${because(result)}`,
      ).toBe(true)
    }
  }
})

test('a form never offers what would be refused, and starts with what is known', () => {
  const desk = caseIn('reported')
  desk.change({ unreachable: ['areaOwner'], inactive: ['welder'] })
  const form = draw(desk, 'lead').form
  const values = (name: string) =>
    form.flatMap((field) =>
      field.kind === 'choice' && field.name === name ? [field.options.map(({ value }) => value), field.initial] : [],
    )
  expect(values('area')).toEqual([['pump-3', 'yard'], 'pump-3'])
  expect(values('colour')).toEqual([['red', 'orange', 'yellow', 'blue'], 'orange'])
  expect(values('owner')).toEqual([['lead'], 'lead'])
  expect(values('severity')).toEqual([['general', 'aq3067', 'order10', 'construction', 'gb35181'], 'general'])
  expect(values('deadline')).toEqual([['usual', '1', '3', '7', '15'], 'usual'])
  expect(form.flatMap((field) => (field.kind === 'text' ? [[field.name, field.required]] : []))).toEqual([
    ['measure', false],
    ['direct', false],
    ['indirect', false],
    ['control', false],
  ])
  expect(draw(caseIn('accepted'), 'fitter').form).toEqual([])
})

test('what a drop-down starts with is one of its ten, also on a site with many areas and people', () => {
  const desk = caseIn('triaged')
  const plant = desk.plant()
  const areas = [
    ...Array.from({ length: 40 }, (_, n) => ({ id: `a${n}`, name: `区${n}`, aliases: [], owner: 'lead', team: 'x' })),
    ...plant.areas,
  ]
  const view = { subject: desk.subject, revision: 1, reader: { person: 'lead', account: null }, at: desk.now(), page: () => null }
  const card = hazardCard({ ...desk.state(), area: 'pump-3' }, { ...view, plant: { ...plant, areas } })
  for (const field of card.form)
    if (field.kind === 'choice') {
      expect(field.options.length).toBeLessThanOrEqual(10)
      expect(field.options.map(({ value }) => value)).toContain(field.initial)
    }
  expect(card.form.flatMap((field) => (field.kind === 'choice' ? [field.initial] : []))).toEqual([
    'pump-3',
    'orange',
    'fitter',
    'general',
    'leak',
    'usual',
  ])
})

test('whoever reported reads by whom and why a report was not taken on', () => {
  const card = draw(caseIn('rejected'), 'welder')
  expect(card.facts).toContainEqual({ label: '答复人', value: '名lead' })
  expect(card.facts).toContainEqual({ label: '处理结果', value: '已在检修计划内' })
  expect(card.tone).toBe('neutral')
})

test('the tone tells how bad it is: the grade at first, danger once climbed or overdue, success at the end', () => {
  const fresh = createDesk('hazard')
  fresh.must(person('welder'), report('3号泵房起火'))
  expect(draw(fresh, 'lead').tone).toBe('danger')
  const orange = createDesk('hazard')
  orange.must(person('welder'), report())
  expect(draw(orange, 'lead').tone).toBe('warning')
  expect(draw(caseIn('reported'), 'head').tone).toBe('danger')
  expect(draw(caseIn('accepted'), 'fitter').tone).toBe('info')
  const late = caseIn('accepted')
  late.passes(hours(80))
  late.fire('due')
  expect([draw(late, 'fitter').tone, draw(late, 'fitter').title]).toEqual(['danger', '整改已超期'])
  expect(draw(caseIn('closed'), 'welder').tone).toBe('success')
})

test('the owner of an overdue case that is handed in waits for the verdict and is not called overdue', () => {
  const late = caseIn('rectifying')
  late.passes(hours(80))
  late.fire('due')
  late.must(person('fitter'), signature)
  expect([draw(late, 'fitter').title, draw(late, 'fitter').note]).toEqual(['等待验收', ''])
})

test('the foot says who is asked next and when, in the time of the site', () => {
  const desk = createDesk('hazard')
  desk.must(person('welder'), report())
  expect(draw(desk, 'lead').note).toBe('无人接单将于 10:30 升级至部门负责人')
  expect(draw(desk, 'welder').note).toContain('60 秒内继续发送')
  expect(draw(caseIn('accepted'), 'fitter').note).toBe('11-27 10:10 前完成整改')
  expect(draw(caseIn('submitted'), 'fitter').note).toBe('')
})

test('a returned case shows the reason, and photos that are missing are counted, not forgotten', () => {
  const desk = caseIn('verifying')
  returned(desk)
  desk.must(system, refusedPhoto('fil_before0'))
  expect(draw(desk, 'fitter').facts).toContainEqual({ label: '退回原因', value: '仍在漏' })
  expect(draw(desk, 'fitter').facts).toContainEqual({ label: '照片', value: '2 张接收中，1 张无法识别' })
})

test('the card shows the newest two pictures of before and of after', () => {
  const desk = caseIn('rectifying')
  for (const id of ['fil_before0', 'fil_after00']) desk.must(system, stored(id))
  expect(draw(desk, 'fitter').pictures).toEqual([
    { image: 't-fil_before0', alt: '整改前' },
    { image: 't-fil_after00', alt: '整改后' },
  ])
})

test('the hash stands still when nothing visible changed, and moves when something did', () => {
  const desk = caseIn('reported')
  const card = draw(desk, 'lead', { url: 'https://andon.example/a' })
  const before = cardHash(card)
  desk.must(system, { type: 'reportUnreachable', person: 'welder', duty: 'answer' })
  desk.passes(60_000)
  expect(cardHash(draw(desk, 'lead', { url: 'https://andon.example/b' }))).toBe(before)
  expect(cardHash({ ...card, pictures: card.pictures.map((one) => ({ ...one, key: 'img_1' })) })).toBe(before)
  desk.must(person('welder'), { type: 'addToReport', text: '还在漏', files: [], place: null })
  expect(cardHash(draw(desk, 'lead', { url: 'https://andon.example/b' }))).not.toBe(before)
  expect(cardHash(draw(caseIn('reported'), 'worker'))).not.toBe(cardHash(draw(caseIn('reported'), 'lead')))
})

test('words that are long, empty or without a place still make a card', () => {
  const desk = createDesk('hazard', plantWith())
  desk.must(person('welder'), report('漏'.repeat(4000)))
  const card = draw(desk, 'lead')
  expect([card.body.length, card.summary.length <= 120, card.title.length <= 30]).toEqual([600, true, true])
  const photo = createDesk('hazard')
  photo.must(person('welder'), report(''))
  expect(draw(photo, 'lead').body).toBe('（仅照片，无文字说明）')
})
