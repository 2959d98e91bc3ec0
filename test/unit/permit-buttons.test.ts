import { expect, test } from 'vitest'
import { type ActionKey, readActionKey } from '../../src/cards/action-key.ts'
import { pressedCommand } from '../../src/engine/route.ts'
import { filledCommand, isOffered, pressedAction } from '../../src/webhooks/miniapp-command.ts'
import { because, eventsOf, person, untrue } from './desk.ts'
import { counted, createPermitDesk, type PermitDesk, tools } from './permit-desk.ts'
import { pin } from './permit-plant.ts'
import { sampleOf } from './permit-works.ts'

const crew = { workLeader: '名wang', workers: '名welder、名fitter', attendants: '名guard、名guard2' } as const

type Form = Readonly<Record<string, string>>

/** Presses the button with this label on the reader's card, with what they filled in, as a chat does. Throws where there is none. */
const presses = (desk: PermitDesk, who: string, label: string, form: Form = {}) => {
  const action = desk.card(who).actions.find((one) => one.label === label)
  const key = readActionKey(action?.key ?? '')
  if (!action || !key) throw new Error(`${who} has no button ${label}, but ${desk.card(who).actions.map((one) => one.label)}`)
  for (const name of action.needs ?? []) if (!form[name]?.trim()) throw new Error(`${who} must fill ${name} before ${label}`)
  const command = pressedCommand(key, form)
  if (!command) throw new Error(`${label} is no command`)
  const result = desk.run(person(who), command)
  if (result.decision.kind !== 'accepted') throw new Error(`${who} ${label}: ${because(result)}`)
  return result
}
const digitsFrom = (desk: PermitDesk, who: string): string => {
  const { decision } = presses(desk, who, '出示作业点码')
  return decision.kind === 'accepted' ? (decision.say?.values.digits ?? '') : ''
}

/** Until the card of the leader asks for no further line. */
const confirmsAll = (desk: PermitDesk): number => {
  let lines = 0
  while (desk.state().status === 'measures') {
    const card = desk.card('wang')
    const wantsNumber = card.form.some(({ name }) => name === 'value')
    presses(desk, 'wang', '已落实', wantsNumber ? { value: '2' } : {})
    lines += 1
    if (lines > 60) throw new Error('the lines do not end')
  }
  return lines
}

test('a level-2 hot work on a quiet weekday goes from the words to the acceptance by the buttons of the cards alone', () => {
  const desk = createPermitDesk({ sample: sampleOf('hot', 'two') })
  desk.do('chen', { type: 'apply', text: '申请动火作业：3号泵房更换法兰' })
  const answers = Object.fromEntries(Object.entries(desk.sample.answers).map(([id, answer]) => [`q_${id}`, String(answer)]))
  const place = { area: 'pump-3', point: 'P-301 出口', from: desk.now().toISOString(), hours: '8' }
  presses(desk, 'chen', '保存', { ...answers, ...place, ...crew, tools })
  presses(desk, 'chen', '提交申请')
  presses(desk, 'wang', '确认分析')
  expect(confirmsAll(desk)).toBeGreaterThan(10)
  presses(desk, 'wang', '已交底')
  for (const who of ['welder', 'fitter', 'guard', 'guard2']) presses(desk, who, '已接受交底')
  presses(desk, 'wang', '签字')
  presses(desk, 'officerA', '签字', { pin })
  presses(desk, 'areaOwner', '签字', { digits: digitsFrom(desk, 'wang'), position: desk.position(), pin })
  expect(desk.state().status).toBe('issued')
  presses(desk, 'prodLead', '签字', { pin })
  const sampledAt = desk.now().toISOString()
  for (const point of desk
    .card('wang')
    .form.flatMap((field) => (field.name === 'point' && field.kind === 'choice' ? field.options : [])))
    presses(desk, 'wang', '记录气体', {
      ...{ kind: 'combustible', substance: 'methane', value: '0.1', unit: 'vol%', point: point.value },
      ...{ instrument: 'GD-07', calibrationDue: '2027-03-01', sampledAt },
    })
  presses(desk, 'guard', '到岗', { digits: digitsFrom(desk, 'wang'), position: desk.position() })
  expect(eventsOf(presses(desk, 'wang', '开始作业'))).toEqual(['started'])
  presses(desk, 'wang', '完工', counted)
  presses(desk, 'areaOwner', '签字', { pin })
  expect(desk.state().status).toBe('accepted')
  expect(untrue(desk)).toEqual([])
})

test('a page takes the answer from the button, not from the form, and only for the button that the card has', () => {
  const desk = createPermitDesk({ sample: sampleOf('hot', 'two') })
  desk.do('chen', { type: 'apply', text: '申请动火作业' })
  const form = { area: 'pump-3', outdoors: 'no', from: desk.now().toISOString(), hours: '8', what: '更换法兰', ...crew, tools }
  const answers = Object.fromEntries(Object.entries(desk.sample.answers).map(([id, answer]) => [`q_${id}`, String(answer)]))
  desk.do('chen', { type: 'fill', ...form, ...answers })
  desk.do('chen', { type: 'submit' })
  desk.do('wang', { type: 'confirmJsa' })
  const card = desk.card('wang')
  const [first] = card.actions
  const pressed = pressedAction(first?.key ?? '', desk.subject)
  if (!pressed) throw new Error('no button')
  expect(isOffered(card, pressed)).toBe(true)
  expect(filledCommand(pressed, { involved: 'no', line: 'hot.fireKit' }, card)).toMatchObject({
    type: 'confirmMeasure',
    involved: 'yes',
    line: pressed.argument?.replace('yes_', ''),
  })
  for (const forged of ['yes_hot.fireKit', 'no_hot.clearances', 'maybe'])
    expect(isOffered(card, { ...pressed, argument: forged }), forged).toBe(false)
  const bare: ActionKey = { workflow: 'permit', command: 'submit', subject: desk.subject, revision: 1 }
  expect(pressedCommand({ ...bare, argument: 'yes' }, {})).toBeNull()
  expect(pressedCommand({ ...bare, command: 'confirmMeasure', argument: 'yes' }, {})).toBeNull()
})
