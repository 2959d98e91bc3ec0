import { describe, expect, test } from 'vitest'
import { timeline } from '../../src/cards/timeline.ts'
import { argument, isCall, type Node, sourcesUnder, textsOf } from './architecture-sources.ts'
import { plantWith, registry } from './desk.ts'

type Group = 'refusals' | 'say' | 'notices'

/** The functions whose argument is a key of words, which argument it is, and in which group the words stand. */
const calls: readonly (readonly [string, number, Group])[] = [
  ['refuse', 0, 'refusals'],
  ['accept', 2, 'say'],
  ['ask', 1, 'say'],
  ['tell', 1, 'notices'],
]
const keysIn = (node: Node): readonly string[] =>
  calls
    .filter(([name]) => isCall(node, name))
    .flatMap(([, index, group]) => textsOf(argument(node, index)).map((key) => `${group} ${key}`))

const shared = sourcesUnder('src/workflows').filter(({ path }) => path === 'src/workflows/pieces.ts')
const usedBy = (name: string): readonly string[] => [
  ...[...sourcesUnder(`src/workflows/${name}`), ...shared].flatMap(({ nodes }) => nodes.flatMap(keysIn)),
  'notices nobody-holds',
]

/** The gaps that words may have, because these are the values that come with them. */
const gaps = new Set(['code', 'name', 'at', 'count', 'role', 'receipt', 'reply'])

describe.each(['toolbox', 'handover', 'suggestion', 'near-miss'])('the words of %s', (name) => {
  const found = registry.get(name)
  if (!found) throw new Error(`there is no workflow ${name}`)
  const { words, workflow } = found
  const groups = ['refusals', 'say', 'notices'] as const

  test('are there for everything that is said, and nothing more', () => {
    const used = usedBy(name)
    const own = new Set(sourcesUnder(`src/workflows/${name}`).flatMap(({ nodes }) => nodes.flatMap(keysIn)))
    expect(own.size).toBeGreaterThanOrEqual(12)
    const missing = [...own].filter((key) => {
      const [group = '', word = ''] = key.split(' ')
      const table = words[group as Group]
      return word.endsWith('*')
        ? !Object.keys(table).some((one) => one.startsWith(word.slice(0, -1)))
        : !Object.hasOwn(table, word)
    })
    expect(missing).toEqual([])
    const stale = groups.flatMap((group) =>
      Object.keys(words[group])
        .map((key) => `${group} ${key}`)
        .filter((key) => !used.some((one) => one === key || (one.endsWith('*') && key.startsWith(one.slice(0, -1))))),
    )
    expect(stale).toEqual([])
  })

  test('have no gap that nothing fills', () => {
    for (const group of groups)
      for (const [key, text] of Object.entries(words[group]))
        for (const [, gap] of text.matchAll(/\{(\w+)\}/g)) expect(gaps.has(gap ?? ''), `${group} ${key} {${gap}}`).toBe(true)
  })

  test('say in each refusal what happened, under which rule, and what to do next', () => {
    const missingOrOver = new Set([
      'no-such-case',
      'link-first',
      'not-a-suggester',
      'not-a-reporter',
      'nothing-to-pass-on',
      'not-overdue',
    ])
    for (const [key, text] of Object.entries(words.refusals)) {
      expect(text.split(/[。！]/).filter((sentence) => sentence !== '').length, key).toBeGreaterThanOrEqual(2)
      if (!missingOrOver.has(key)) expect(text, key).toContain('规则')
      expect(text, key).toMatch(/请|无需|找/)
    }
  })

  test('name every button', () => {
    const buttons = Object.entries(workflow.commands).filter(([, rule]) => rule.from === 'person' && !rule.spoken)
    expect(buttons.filter(([command]) => !Object.hasOwn(words.actions, command))).toEqual([])
  })
})

describe('the history of a workflow that brings its own sentences', () => {
  const say = (name: string, event: object, actor: object = { kind: 'person', person: 'prodLead' }): string => {
    const entry = { at: '2026-11-24T02:00:00.000Z', actor: JSON.stringify(actor), event: JSON.stringify(event) }
    const [line] = timeline(name, [entry], plantWith(), registry.get(name)?.words)
    return `${line?.who} ${line?.what}`
  }

  test.each([
    ['toolbox', { type: 'gathered', by: 'prodLead', topic: '吊装' }, '名prodLead 名prodLead发起班前会：吊装'],
    ['toolbox', { type: 'closed', missing: ['fitter', 'welder'] }, '名prodLead 结束签到，未签到：名fitter、名welder'],
    ['toolbox', { type: 'closed', missing: [] }, '名prodLead 结束签到，未签到：（无人或无法联系）'],
    ['toolbox', { type: 'unreached', person: 'fitter' }, '系统 签到卡片无法送达名fitter'],
    ['handover', { type: 'started', remarks: '' }, '名prodLead 发起交接班：'],
    ['handover', { type: 'offered', incoming: 'lead' }, '名prodLead 签字交班，接班人名lead'],
    ['handover', { type: 'called', role: 'deptHead', persons: ['head'] }, '系统 超时未签，上报部门负责人：名head'],
    [
      'suggestion',
      { type: 'approved', implementer: 'fitter', dueAt: '2026-12-24T02:00:00.000Z' },
      '名prodLead 采纳，由名fitter实施，期限 2026-12-24 10:00',
    ],
    ['suggestion', { type: 'forwarded', role: 'deptHead', persons: ['head'] }, '系统 请部门负责人审批：名head'],
    ['suggestion', { type: 'progressTold', count: 2, persons: ['director'] }, '名prodLead 第 2 次告知建议人进度，并报名director'],
    ['near-miss', { type: 'replied', reply: '已更换' }, '名prodLead 答复：已更换'],
    ['near-miss', { type: 'reported', reporter: null, alias: 'als_1' }, '名prodLead 上报未遂事件'],
  ])('%s %j', (name, event, words) => {
    expect(say(name, event)).toBe(words)
  })

  test('the clock and the system are named, and unknown events are said to be there', () => {
    expect(say('toolbox', { type: 'ended', missing: ['fitter'] }, { kind: 'clock' })).toBe(
      '到期自动 到时自动结束，未签到：名fitter',
    )
    expect(say('near-miss', { type: 'reported' }, { kind: 'system' })).toBe('系统 上报未遂事件')
    expect(say('toolbox', { type: 'constructor' })).toContain('无法显示的记录')
    expect(say('toolbox', { type: 'accepted' })).toContain('无法显示的记录')
  })

  test('every sentence is filled from its event: no gap stays open', () => {
    for (const name of ['toolbox', 'handover', 'suggestion', 'near-miss'])
      for (const [type, sentence] of Object.entries(registry.get(name)?.words.history ?? {})) {
        const fields = Object.fromEntries([...sentence.matchAll(/\{(\w+)\}/g)].map(([, gap]) => [gap, null]))
        expect(say(name, { type, ...fields }), `${name} ${type}`).not.toMatch(/[{}]/)
      }
  })
})
