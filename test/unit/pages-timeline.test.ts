import { describe, expect, test } from 'vitest'
import { timelineText } from '../../src/cards/text/timeline.ts'
import { timeline } from '../../src/cards/timeline.ts'
import type { Plant } from '../../src/workflows/workflow.ts'

const person = (id: string, name: string) => [id, { id, name, team: '', company: '', active: true }] as const
const plant: Plant = {
  site: 'SH01',
  name: '上海厂',
  timeZone: 'Asia/Shanghai',
  persons: new Map([person('li-na', '李娜'), person('zhou-jie', '周杰')]),
  areas: [{ id: 'pump-3', name: '3号泵房', aliases: [], owner: null, team: '' }],
  holders: () => [],
  reachable: () => true,
  membersOf: () => [],
  personOf: () => null,
  findPerson: () => [],
}
const at = '2026-11-22T16:30:00.000Z'
const say = (workflow: string, event: object, actor: object = { kind: 'person', person: 'li-na' }): string => {
  const [line] = timeline(workflow, [{ at, actor: JSON.stringify(actor), event: JSON.stringify(event) }], plant)
  return `${line?.time} ${line?.who} ${line?.what}`
}

describe('the history of a case', () => {
  test.each([
    [
      { type: 'triaged', colour: 'red', area: 'pump-3', owner: 'zhou-jie', dueAt: '2026-11-23T16:00:00.000Z' },
      '分级指派：红（重大风险），3号泵房，责任人周杰，期限 2026-11-24 00:00',
    ],
    [{ type: 'called', role: 'teamLead', persons: ['li-na', 'zhou-jie'] }, '通知班组长：李娜、周杰'],
    [{ type: 'called', role: 'deptHead', persons: [] }, '通知部门负责人：（无人或无法联系）'],
    [{ type: 'vetoed', reason: '仍在滴油' }, '退回整改：仍在滴油'],
    [{ type: 'overdueCalled', count: 3 }, '整改超期，第 3 次催办'],
    [{ type: 'evidenceAdded', files: [{}, {}] }, '发送整改照片 2 份'],
    [{ type: 'photoRefused', because: 'too-large' }, '照片未能存证：超过 20 MB'],
    [{ type: 'unreachable', person: 'zhou-jie', duty: 'verify' }, '无法通知周杰（验收）'],
    [{ type: 'verifierDrawn', verifier: 'zhou-jie' }, '抽取验收人（不显示姓名）'],
    [
      { type: 'verifiersDrawn', seats: [{ seat: 'A', verifier: 'zhou-jie' }, { seat: 'B' }], blindness: 'double' },
      '抽取验收人 A、B（双盲）',
    ],
    [{ type: 'verdictGiven', seat: 'B', outcome: 'vetoed' }, '验收人 B 判定退回'],
    [{ type: 'verifierReleased', seat: 'A', because: 'declared' }, '验收人 A 更换'],
    [{ type: 'signed', item: 'signature', words: '', by: 'zhou-jie' }, '签认：点击提交即签认（责任人）'],
    [{ type: 'collecting', stage: 'during' }, '准备发送整改中证据'],
  ])('words %j', (event, words) => {
    expect(say('hazard', event)).toMatch(/^2026-11-23 00:30 (李娜|系统) /)
    expect(say('hazard', event).split(' ').slice(3).join(' ')).toBe(words)
  })

  test.each([
    [{ kind: 'clock' }, '到期自动'],
    [{ kind: 'system' }, '系统'],
    [{ kind: 'stranger', account: { connection: 'feishu-demo', account: 'ou_secret' } }, '未关联账号'],
  ])('names who it was: %j', (actor, name) => {
    expect(say('hazard', { type: 'accepted' }, actor)).toBe(`2026-11-23 00:30 ${name} 接单`)
  })

  test('tells what people did from what followed of itself', () => {
    expect(say('hazard', { type: 'closed' })).toContain('李娜 验收通过')
    expect(say('hazard', { type: 'verifierDrawn', verifier: 'zhou-jie' })).toContain('系统 抽取验收人')
    expect(say('hazard', { type: 'called', role: 'deptHead', persons: [] }, { kind: 'clock' })).toContain('到期自动 通知')
  })

  test('says that there is an entry even when this release cannot word it', () => {
    expect(say('hazard', { type: 'invented' })).toContain(timelineText.unknown)
    expect(say('invented', { type: 'accepted' })).toContain(timelineText.unknown)
    expect(say('hazard', { type: 'constructor' })).toContain(timelineText.unknown)
    expect(say('hazard', {})).toContain(timelineText.unknown)
  })

  test('never tells a one-time code, its hash, or an account', () => {
    const said = say(
      'link',
      { type: 'codeIssued', hash: 'c0ffee', until: at },
      { kind: 'stranger', account: { connection: 'x', account: 'ou_secret' } },
    )
    expect(said).toBe('2026-11-23 00:30 未关联账号 获取关联码')
  })
})
