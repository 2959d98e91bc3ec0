import { expect, test } from 'vitest'
import { verdictText } from '../../src/cards/text/verdict.ts'
import { timeline } from '../../src/cards/timeline.ts'
import { createRegistry } from '../../src/engine/registry.ts'
import { sha256 } from '../../src/lib/crypto.ts'
import { areaKind } from '../../src/rules/area-kinds.ts'
import { isShown } from '../../src/webhooks/miniapp-view.ts'
import { mayKnow } from '../../src/workflows/hazard/knowledge.ts'
import { masked, maskNames } from '../../src/workflows/mask.ts'
import { developed, type Hall, hazardId, underVerification, wide } from './verdict-desk.ts'

const labels = (hall: Hall, seat: 'A' | 'B'): string => {
  const { who, task } = hall.judge(seat)
  return hall
    .card(task, 'person' in who ? who.person : '')
    .actions.map(({ label }) => label)
    .join('·')
}
const shownTo = (hall: Hall, seat: 'A' | 'B'): string => {
  const { who, task } = hall.judge(seat)
  return JSON.stringify(hall.card(task, 'person' in who ? who.person : ''))
}

test('passing is offered once the repair can be seen; returning and declaring an interest always', () => {
  const hall = underVerification()
  expect(labels(hall, 'A')).toBe('退回整改·有利害关系')
  expect(shownTo(hall, 'A')).toContain('照片处理中')
  developed(hall, 'fil_before0')
  expect(labels(hall, 'A')).toBe('退回整改·有利害关系')
  developed(hall, 'fil_after0')
  expect(labels(hall, 'A')).toBe('验收通过·退回整改·有利害关系')
  const { who, task } = hall.judge('A')
  hall.must(who, { type: 'pass' }, task)
  expect(labels(hall, 'A')).toBe('')
  expect(shownTo(hall, 'A')).toContain('您已判定通过')
})

test('the task and everything that is kept of it name nobody, no team, no code, no place and no picture but blind ones', () => {
  const hall = underVerification()
  for (const file of ['fil_before0', 'fil_during0', 'fil_after0']) developed(hall, file)
  const { task } = hall.judge('A')
  const { verifier, team, parent, ...told } = hall.verdict(task)
  for (const text of [shownTo(hall, 'A'), JSON.stringify(told)]) {
    for (const { name, team: of, company } of hall.plant().persons.values())
      for (const word of [name, of, company].filter((one) => one.length > 1)) expect(text, word).not.toContain(`"${word}"`)
    expect(text).not.toMatch(/YH-|名|fitter|welder|pump-3|"[wto]-fil/)
    expect(text).toContain('3号泵房漏油')
  }
  expect([verifier, team, parent]).toEqual([expect.stringMatching(/^officer/), 'prod', hazardId])
  expect(shownTo(hall, 'A')).not.toContain(parent)
})

test('the page serves the blind renditions of the task and nothing else, whatever hash is asked for', () => {
  const hall = underVerification()
  for (const file of ['fil_before0', 'fil_after0']) developed(hall, file)
  const state = hall.verdict(hall.judge('A').task)
  for (const sha of ['bw-fil_before0', 'bt-fil_before0', 'bw-fil_after0', 'bt-fil_after0'])
    expect(isShown(state, sha), sha).toBe(true)
  for (const sha of ['o-fil_before0', 'w-fil_before0', 't-fil_before0', 'w-fil_after0', sha256('x')])
    expect(isShown(state, sha), sha).toBe(false)
})

test('nobody but its verifier may see a task; no verifier, and no officer who may yet be drawn, may see the case', () => {
  const hall = underVerification()
  const { who, task } = hall.judge('A')
  const mine = 'person' in who ? who.person : ''
  const everybody = [...hall.plant().persons.keys()]
  expect(everybody.filter((id) => hall.maySee(task, id))).toEqual([mine])
  const officers = wide().holders('safetyOfficer', 'SH01')
  for (const id of officers) expect(hall.maySee(hazardId, id), id).toBe(false)
  for (const id of ['welder', 'lead', 'fitter', 'areaOwner', 'head', 'director', 'principal'])
    expect(hall.maySee(hazardId, id), id).toBe(true)
  const sealed = hall.card(hazardId, mine)
  expect([sealed.title, sealed.actions, sealed.pictures, sealed.page]).toEqual(['隐患验收中', [], [], null])
  expect(JSON.stringify(sealed)).not.toMatch(/漏油|名|3号/)
  expect(hall.card(hazardId, 'fitter').facts).toContainEqual({ label: '验收人', value: 'A、B，已验收 0/2' })
})

test('whoever was called for a case and sits on it all the same, as the duty engineer may, loses sight of it; the officers of its parties do not', () => {
  const state = underVerification().state()
  const called = [{ rung: 0, role: 'safetyDirector', persons: ['safetyDirector', 'officer1'], at: '' }]
  const seats = [{ seat: 'B', verifier: 'safetyDirector', verdict: 'v', dueAt: null, outcome: null }] as const
  const knows = (id: string) => mayKnow({ ...state, called, seats }, id, wide())
  expect([knows('safetyDirector'), knows('officer1'), knows('officer2'), knows('fitter')]).toEqual([false, true, false, true])
  expect(mayKnow({ ...state, called, seats, status: 'closed' }, 'safetyDirector', wide())).toBe(true)
})

test('the rectifier reads letters, never who judged, before and after', () => {
  const hall = underVerification()
  for (const file of ['fil_before0', 'fil_after0']) developed(hall, file)
  const { who, task } = hall.judge('B')
  hall.must(who, { type: 'veto', reason: '还在漏' }, task)
  hall.delivers()
  const names = hall.state().seats?.map(({ verifier }) => `名${verifier}`) ?? []
  const card = JSON.stringify(hall.card(hazardId, 'fitter'))
  expect(card).toContain('还在漏')
  const entries = hall
    .journal()
    .filter(({ subject }) => subject === hazardId)
    .map(({ at, actor, event }) => ({ at: String(at), actor: String(actor), event: String(event) }))
  const said = JSON.stringify(timeline('hazard', entries, hall.plant(), createRegistry().get('hazard')?.words))
  expect(said).toContain('验收人 B 判定退回')
  for (const name of names) for (const text of [card, said]) expect(text).not.toContain(name)
})

test('the history of a task speaks of the task alone', () => {
  const hall = underVerification()
  const { who, task } = hall.judge('A')
  hall.must(who, { type: 'veto', reason: '还在漏' }, task)
  const entries = hall
    .journal()
    .filter(({ subject }) => subject === task)
    .map(({ at, actor, event }) => ({ at: String(at), actor: String(actor), event: String(event) }))
  const said = timeline('verdict', entries, hall.plant(), createRegistry().get('verdict')?.words)
  expect(said.map(({ what }) => what)).toEqual(['下发验收任务', '判定退回：还在漏'])
  expect(Object.keys(verdictText.history).length).toBe(8)
})

test('names are masked wherever they stand: people, teams, companies, the reporter as the chat names them, with spaces between', () => {
  const plant = wide()
  expect(maskNames('名lead说 名 fitter 在 prod 班，滨海化工；阿强看见', plant, ['阿强'])).toBe(
    `${masked}说 ${masked} 在 ${masked} 班，${masked}；${masked}看见`,
  )
  expect(maskNames('officer12 漏油', plant)).toBe('officer12 漏油')
  expect(maskNames('', plant)).toBe('')
  expect(maskNames('  \n ', plant, ['', ' ', 'x'])).toBe('  \n ')
})

test('an area is told by its kind', () => {
  expect(['3号泵房', 'A罐区', '二车间', '变电所', '厂区道路', '南门', ''].map(areaKind)).toEqual([
    '泵房',
    '罐区',
    '车间',
    '变配电',
    '道路',
    '其他区域',
    '其他区域',
  ])
})

test('a task goes to one person and never to a group', () => {
  const hall = underVerification()
  const { who, task } = hall.judge('A')
  hall.must(who, { type: 'declare' }, task)
  hall.delivers()
  const groups = hall.sent.filter(
    ({ subject, effect }) => subject.startsWith('vdt') && 'to' in effect && effect.to.kind !== 'person',
  )
  expect(groups).toEqual([])
})
