import { expect, test } from 'vitest'
import { readActionKey } from '../../src/cards/action-key.ts'
import type { Card } from '../../src/cards/card.ts'
import { linkCard } from '../../src/cards/link-card.ts'
import { because, createDesk, type Desk, person, plantWith, stranger } from './hazard-desk.ts'

const code = '40962718'
const build: Readonly<Record<string, () => Desk>> = {
  waiting: () => {
    const desk = createDesk(
      'link',
      plantWith({ numbers: { fitter: { employeeNo: 'E2' } }, also: [['head', 'administrator@SH01']] }),
    )
    desk.must(stranger('new'), { type: 'request' })
    return desk
  },
  coded: () => after('waiting', (desk) => desk.must(stranger('new'), { type: 'issueCode' })),
  claimed: () => after('coded', (desk) => desk.must(person('welder'), { type: 'claim', code })),
  assigned: () => after('waiting', (desk) => desk.must(person('admin'), { type: 'assign', employeeNo: 'E2' })),
  linked: () => after('claimed', (desk) => desk.must(person('welder'), { type: 'confirm' })),
  denied: () => after('claimed', (desk) => desk.must(person('admin'), { type: 'deny' })),
}
const inState = (status: string): Desk => {
  const make = build[status]
  if (!make) throw new Error(status)
  return make()
}
const after = (status: string, step: (desk: Desk) => void): Desk => {
  const desk = inState(status)
  step(desk)
  return desk
}

const draw = (desk: Desk, who: string): Card =>
  linkCard(desk.link(), {
    subject: desk.subject,
    revision: desk.revision(),
    reader:
      who === 'new'
        ? { person: null, account: { connection: 'c1', account: 'acc-new' } }
        : { person: who, account: { connection: 'c1', account: `acc-${who}` } },
    plant: desk.plant(),
    at: desk.now(),
    page: () => null,
  })

const table = `
waiting  new     请关联您的身份        获取关联码
waiting  admin   新账号等待关联        指定人员·不是我
waiting  welder  账号关联              -
coded    new     请关联您的身份        获取关联码
coded    admin   新账号等待关联        指定人员·不是我
claimed  welder  确认是您本人的账号？  是我本人·不是我
claimed  fitter  账号关联              -
claimed  admin   新账号等待关联        指定人员·不是我
assigned fitter  确认是您本人的账号？  是我本人·不是我
assigned welder  账号关联              -
assigned admin   新账号等待关联        指定人员·不是我
assigned head    请复核账号关联        是我本人·不是我
linked   new     账号已关联            -
linked   admin   账号已关联            -
denied   new     关联已拒绝            -
denied   admin   关联已拒绝            -
`
const rows = table
  .trim()
  .split('\n')
  .map((line) => line.split(/\s+/) as [string, string, string, string])

test.each(rows)('%s: %s reads %s and may press %s', (status, who, title, actions) => {
  const card = draw(inState(status), who)
  expect([card.title, card.actions.map(({ label }) => label).join('·') || '-']).toEqual([title, actions])
})

test('no button is drawn that its reader may not press', () => {
  let pressed = 0
  for (const status of Object.keys(build))
    for (const who of ['new', 'admin', 'welder', 'fitter', 'lead', 'officerA'])
      for (const action of draw(inState(status), who).actions) {
        const desk = inState(status)
        const command = readActionKey(action.key)?.command ?? ''
        const result = desk.run(who === 'new' ? stranger('new') : person(who), { type: command, employeeNo: '' })
        expect(result.decision.kind, `${status} ${who} ${action.label}: ${because(result)}`).toBe('accepted')
        pressed += 1
      }
  expect(pressed).toBeGreaterThanOrEqual(10)
})

test('the card never shows the code, and only its owner, the claimant and administrators may see the request', () => {
  const desk = inState('claimed')
  expect(JSON.stringify(draw(desk, 'new'))).not.toContain(code)
  const workflow = desk.onTheDesk()?.registered.workflow
  const sees = (who: string | null, account: string) =>
    workflow?.maySee(desk.link(), { person: who, account: { connection: 'c1', account } }, desk.plant())
  expect([sees(null, 'acc-new'), sees('welder', 'acc-welder'), sees('admin', 'acc-admin')]).toEqual([true, true, true])
  expect([sees('fitter', 'acc-fitter'), sees(null, 'acc-other'), sees('safetyDirector', 'acc-x')]).toEqual([false, false, false])
})
