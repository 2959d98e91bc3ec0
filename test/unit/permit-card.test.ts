import { describe, expect, test } from 'vitest'
import { render } from '../../src/bots/dingtalk/render.ts'
import { renderCard } from '../../src/bots/feishu/render.ts'
import { can } from '../../src/bots/wecom/platform.ts'
import { prepare, templateCard } from '../../src/bots/wecom/render.ts'
import { type ActionKey, readActionKey } from '../../src/cards/action-key.ts'
import type { Card } from '../../src/cards/card.ts'
import { pressedCommand } from '../../src/engine/route.ts'
import { hours, minutes } from '../../src/lib/clock.ts'
import { because, clock, system } from './desk.ts'
import { createPermitDesk, goOn, type PermitDesk, permitAt, readyToStart, type Stage, stages } from './permit-desk.ts'
import { sampleOf, samples } from './permit-works.ts'

const readers = [
  ...['chen', 'wang', 'welder', 'fitter', 'guard', 'guard2', 'bystander', 'areaOwner', 'prodLead', 'officerA'],
  ...['safetyDirector', 'head', 'director', 'principal', 'analyst', 'admin'],
]

/** Gaps that nothing has filled, texts of the machine, and limits that are passed. */
const complaints = (card: Card, who: string): readonly string[] => {
  const words = [
    card.title,
    card.subtitle,
    card.body,
    card.note,
    card.summary,
    ...card.facts.flatMap(({ label, value }) => [label, value]),
  ]
  const broken = words.filter((text) => /\{\w+\}|undefined|NaN|\[object|\d{4}-\d\d-\d\dT/.test(text))
  return [
    ...broken.map((text) => `${who} reads «${text}»`),
    ...(card.facts.length > 6 ? [`${who} reads ${card.facts.length} facts`] : []),
    ...(card.actions.length > 4 ? [`${who} has ${card.actions.length} buttons`] : []),
    ...card.actions.filter(({ key }) => readActionKey(key) === null).map(({ key }) => `${who} has the button ${key}`),
    ...(new Set(card.actions.map(({ key }) => key)).size < card.actions.length ? [`${who} has one button twice`] : []),
    ...(new Set(card.form.map(({ name }) => name)).size < card.form.length ? [`${who} has one field twice`] : []),
    ...card.actions.flatMap(({ needs = [], label }) =>
      needs.filter((name) => !card.form.some((field) => field.name === name)).map((name) => `${who}: ${label} lacks ${name}`),
    ),
  ]
}
const cardsOf = (desk: PermitDesk): readonly (readonly [string, Card])[] => readers.map((who) => [who, desk.card(who)])
const everything = (desk: PermitDesk): readonly string[] => cardsOf(desk).flatMap(([who, card]) => complaints(card, who))
const labelsOf = (desk: PermitDesk, who: string): readonly string[] => desk.card(who).actions.map(({ label }) => label)

describe.each(samples)('the card of $work $level $profile', (sample) => {
  test('is whole for every reader at every stage, and its buttons do what they say', () => {
    for (const stage of stages) expect(everything(permitAt(stage, { sample })), stage).toEqual([])
  })
})

const ends: Readonly<Record<string, () => PermitDesk>> = {
  suspended: () => {
    const desk = permitAt('active')
    desk.do('bystander', { type: 'stopWork', reason: '闻到异味' })
    return desk
  },
  'stopped by the gate': () => {
    const desk = permitAt('active')
    desk.put('weather')
    desk.run(system, { type: 'recheck' })
    return desk
  },
  changed: () => {
    const desk = permitAt('active')
    desk.do('wang', { type: 'reportChange', reason: '管线改走' })
    return desk
  },
  expired: () => {
    const desk = permitAt('active')
    desk.passes(hours(100))
    desk.run(clock, { type: 'watch' })
    return desk
  },
  'expired before the start': () => {
    const desk = permitAt('issued')
    desk.passes(hours(100))
    desk.run(clock, { type: 'watch' })
    return desk
  },
  revoked: () => {
    const desk = permitAt('active')
    desk.do('guard', { type: 'revoke', reason: '违章' })
    return desk
  },
  'sent back': () => {
    const desk = permitAt('signing')
    desk.do('wang', { type: 'sendBack', reason: '地点不对' })
    return desk
  },
  cancelled: () => {
    const desk = permitAt('briefing')
    desk.do('chen', { type: 'cancel', reason: '' })
    return desk
  },
  'in conflict': () => {
    const desk = permitAt('active')
    desk.run(system, { type: 'noteConflict', with: 'ZY-SH01-20261124-0002-X', leader: 'prodLead', rule: '同一防火堤内（5.2.8）' })
    return desk
  },
}

test.each(Object.entries(ends))('the card of a permit that is %s is whole for every reader', (_, end) => {
  expect(everything(end())).toEqual([])
})

test('what can be read on three platforms: every card fits, and what is lost leads to the page', () => {
  const page = { label: '查看详情', url: 'https://andon.example/c/per_1' }
  for (const stage of stages)
    for (const [who, bare] of cardsOf(permitAt(stage))) {
      const card = { ...bare, page }
      const wecom = prepare(card, can)
      expect(() => templateCard(wecom, { kind: 'send', once: 'eff_1' }, 0), `${stage} ${who}`).not.toThrow()
      const lost = [...renderCard(card).lost, ...render(card).lost, ...wecom.lost].filter(
        ({ part }) => part === 'form' || part === 'actions',
      )
      expect(
        lost.every(({ standIn }) => standIn === 'page' || standIn === 'clipped'),
        `${stage} ${who}`,
      ).toBe(true)
      for (const text of [
        JSON.stringify(renderCard(card).content),
        JSON.stringify(render(card).values),
        JSON.stringify(wecom.card),
      ])
        expect(text, `${stage} ${who}`).not.toMatch(/"kind":"(secret|position)"|"name":"(pin|position)"/)
    }
})

test('who is offered what: only who may act has the button, and an administrator has none', () => {
  const at = (stage: Stage): PermitDesk => permitAt(stage)
  expect(labelsOf(at('draft'), 'chen')).toEqual(['保存', '提交申请', '取消此票'])
  expect(labelsOf(at('jsa'), 'wang')).toEqual(['确认分析', '取消此票'])
  expect(labelsOf(at('measures'), 'welder')).toEqual(['已落实', '不涉及', '加隔离点'])
  expect(labelsOf(at('briefing'), 'wang')).toEqual(['已交底', '取消此票'])
  expect(labelsOf(at('signing'), 'wang')).toEqual(['签字', '退回', '出示作业点码', '记录气体'])
  expect(labelsOf(at('issued'), 'guard')).toEqual(['到岗', '记录气体', '出示作业点码', '收回作业票'])
  expect(labelsOf(at('issued'), 'prodLead')).toEqual(['签字', '退回'])
  expect(labelsOf(at('active'), 'wang')).toEqual(['停止作业', '完工', '记录气体', '条件变化'])
  for (const who of readers.filter((one) => one !== 'admin')) expect(labelsOf(at('active'), who)[0], who).toBe('停止作业')
  expect(labelsOf(at('completed'), 'areaOwner')).toEqual(['签字'])
  for (const stage of stages) expect(labelsOf(at(stage), 'admin'), stage).toEqual([])
})

const misplaced =
  /-only$|^not-in-this-state$|^nothing-to-sign$|^no-such-line$|^not-asked$|-signs-not$|^may-not-|^measures-not$|^briefed-already$/

test('no button is offered to somebody whose press it then refuses as none of theirs', () => {
  const wrong = stages.flatMap((stage) =>
    readers.flatMap((who) =>
      permitAt(stage)
        .card(who)
        .actions.flatMap(({ key, label }) => {
          const pressed = pressedCommand(readActionKey(key) as ActionKey, {})
          const said = pressed ? because(permitAt(stage).by(who, pressed)) : 'no command'
          return misplaced.test(said) || said === 'no command' ? [`${stage} ${who} ${label}: ${said}`] : []
        }),
    ),
  )
  expect(wrong).toEqual([])
})

test('the application asks every question of the pack and every plain field, and shows what is filled in already', () => {
  const desk = permitAt('filled')
  const names = desk.card('chen').form.map(({ name }) => name)
  for (const { id } of desk.rules().questions) expect(names).toContain(`q_${id}`)
  for (const name of ['what', 'area', 'from', 'hours', 'workLeader', 'workers', 'attendants', 'lat', 'lng', 'job'])
    expect(names).toContain(name)
  const what = desk.card('chen').form.find(({ name }) => name === 'what')
  expect(what?.kind === 'text' && what.initial).toBe('更换法兰')
  expect(desk.card('wang').form).toEqual([])
})

test('a draft says what is missing, and its level as soon as the answers give one, with the reason', () => {
  const draft = permitAt('draft').card('chen').body
  expect(draft).toContain('还缺：')
  expect(draft).toContain('等级尚未确定，还需回答')
  expect(permitAt('filled').card('chen').body).toMatch(/已填齐，可以提交。\n等级：二级动火。.+（5\.1\.4）/)
})

test('measures are shown one at a time, with how many are left', () => {
  const desk = permitAt('measures')
  const before = desk.card('wang')
  const total = Number(/还有 (\d+) 条/.exec(before.body)?.[1])
  const key = readActionKey(before.actions[1]?.key ?? '')
  const [involved, ...line] = (key?.argument ?? '').split('_')
  expect(involved).toBe('no')
  desk.do('wang', { type: 'confirmMeasure', involved: 'no', line: line.join('_'), value: '' })
  expect(desk.card('wang').body).toContain(`还有 ${total - 1} 条`)
})

test('whoever is asked to sign is named, and the signatures that are given stand with name and time', () => {
  const desk = permitAt('signing')
  expect(desk.card('chen').body).toMatch(/^▶ .+：名wang/m)
  desk.do('wang', { type: 'sign' })
  expect(desk.card('chen').body).toMatch(/^✓ .+ 名wang \d\d:\d\d\n▶/m)
})

test('the gate is shown condition by condition; what is open comes first, with its clause', () => {
  const desk = permitAt('issued')
  expect(desk.card('wang').body).toMatch(/^✗ .+（.+）/)
  readyToStart(desk)
  expect(desk.card('wang').body).toMatch(/^✓ /)
  expect(desk.card('wang').body).not.toContain('✗')
})

test('work that goes on shows until when its gas test counts, and that nobody watches when nobody does', () => {
  const desk = permitAt('issued')
  readyToStart(desk)
  const facts = new Map(desk.card('wang').facts.map(({ label, value }) => [label, value]))
  expect(facts.get('气体有效')).toBe('08:30 前')
  expect(facts.get('监护人')).toMatch(/^名guard（\d\d:\d\d 在岗）$/)
  desk.passes(minutes(31))
  expect(new Map(desk.card('wang').facts.map(({ label, value }) => [label, value])).get('气体有效')).toBe('无效')
})

test('a stop by the gate is told in words, not in the keys of the machine', () => {
  const desk = permitAt('active')
  desk.put('weather')
  desk.run(system, { type: 'recheck' })
  expect(desk.state().status).toBe('suspended')
  const { body, tone } = desk.card('wang')
  expect(tone).toBe('danger')
  expect(body).toMatch(/^停止：.+ .*气象观测/)
  expect(body).not.toMatch(/weather-unknown/)
})

test('an attendant who is asked reads until when to answer, with a position and no code', () => {
  const desk = permitAt('active')
  desk.passes((desk.deadlines.get('watch')?.at.getTime() ?? Number.NaN) - desk.now().getTime())
  desk.fire('watch')
  const card = desk.card('guard')
  expect(card.title).toBe('请监护人答复在岗')
  expect(card.note).toMatch(/前未答复将自动停止作业/)
  expect(card.actions.find(({ label }) => label === '我在岗')?.needs).toEqual(['position'])
  expect(because(desk.by('guard', { type: 'answerPulse', digits: '', position: desk.position() }))).toBe(
    'accepted pulse-answered',
  )
})

test('a permit that nobody has submitted opens like an earlier one, and the card of a stranger says nothing to press', () => {
  const desk = createPermitDesk({ sample: sampleOf('hot', 'two') })
  desk.do('chen', { type: 'apply', text: '申请动火作业：3号泵房更换法兰' })
  expect(desk.card('chen').title).toBe('动火作业票待填写')
  expect(desk.cardFor({ person: null, account: null }).actions).toEqual([])
  expect(goOn(desk, 'draft', 'jsa').card('chen').tone).toBe('info')
})
