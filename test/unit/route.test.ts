import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FileRef, Incoming } from '../../src/bots/platform.ts'
import { type Context, conversationOf, type Expectation, type Held, route } from '../../src/engine/route.ts'
import { sha256 } from '../../src/lib/crypto.ts'
import { formatCode } from '../../src/rules/code.ts'

const at = new Date('2026-11-24T02:00:00Z')
const origin = {
  connection: 'c1',
  key: 'k1',
  alias: null,
  account: 'a1',
  accountName: '张伟',
  conversation: 'd1',
  direct: true,
  at,
}
const photo: FileRef = { kind: 'photo', ref: { key: 'p' }, name: null }
const place = { lat: 30.72, lng: 121.33, datum: 'gcj02', label: '泵房' } as const
type Said = { readonly files?: readonly FileRef[]; readonly place?: typeof place }
const says = (text: string, more: Said = {}): Incoming => ({
  ...origin,
  kind: 'message',
  text,
  files: more.files ?? [],
  place: more.place ?? null,
})
const presses = (action: string, form: Readonly<Record<string, string>> = {}): Incoming => ({
  ...origin,
  kind: 'press',
  action,
  form,
  message: null,
  handle: null,
})

const expecting = (command: string, takes: Expectation['takes'], more: Partial<Expectation> = {}): Expectation => ({
  connection: 'c1',
  account: 'a1',
  conversation: 'direct',
  subject: 'haz_0000000000',
  workflow: 'hazard',
  command,
  takes,
  until: at,
  ...more,
})
const with_ = (...expectations: readonly Expectation[]): Context => ({ expectations, held: new Map(), knownAccount: true })
const nothing = with_()
const code = formatCode('YH', 'SH01', '20261122', 42)
const home = { kind: 'show', what: 'home' }
const report = (text: string) => ({ kind: 'command', workflow: 'hazard', subject: null, command: { type: 'report', text } })

test.each([
  ['words', says('3号泵房漏油'), report('3号泵房漏油')],
  ['words with what cannot be stored', says(' 漏油\u0000\r\n\u202E '), report('漏油\u2400')],
  ['a photo alone', says('', { files: [photo] }), report('')],
  ['a place alone', says('', { place }), { command: { type: 'report', place } }],
  ['nothing', says(' \n '), home],
  ['a greeting', says('你好！'), home],
  ['a greeting with a photo', says('你好', { files: [photo] }), report('你好')],
  ['words that begin like a greeting', says('你好，3号泵房漏油'), report('你好，3号泵房漏油')],
  ['a code', says(code), { kind: 'find', code }],
  ['a code in small letters with words around', says(`看看 ${code.toLowerCase()} 吧`), { kind: 'find', code }],
  ['a code inside a long report', says(`${code} 旁边的阀门也在漏油，请一起处理，谢谢大家`), { command: { type: 'report' } }],
  ['a wrong code', says(`${code.slice(0, -1)}0`), { command: { type: 'report' } }],
  ['a one-time code', says('40962718'), { kind: 'claim', code: '40962718', hash: sha256('40962718') }],
  ['a one-time code with its name', says('关联码：40962718'), { kind: 'claim', code: '40962718' }],
  ['a one-time code in full-width digits', says('４０９６２７１８'), { kind: 'claim', code: '40962718' }],
  ['seven digits', says('4096271'), report('4096271')],
  ['a one-time code beside a photo', says('40962718', { files: [photo] }), report('40962718')],
])('%s, with nothing expected', (_, incoming, wanted) => {
  expect(route(incoming, nothing)).toMatchObject(wanted)
})

const evidence = expecting('addEvidence', 'photos')
const otherEvidence = expecting('addEvidence', 'photos', { subject: 'haz_1111111111' })
const reason = expecting('veto', 'text')
const merging = expecting('merge', 'text')
const laterReason = expecting('reject', 'text', { subject: 'haz_1111111111', until: new Date(at.getTime() + 1) })
const collecting = expecting('addToReport', 'both')
const number = expecting('assign', 'text', { workflow: 'link', subject: 'lnk_0000000000' })
const to = (subject: string, type: string) => ({ kind: 'command', subject, command: { type } })

test.each([
  ['a photo for the case that waits for it', says('', { files: [photo] }), with_(evidence), to('haz_0000000000', 'addEvidence')],
  [
    'a photo when two cases wait',
    says('修好了', { files: [photo] }),
    with_(evidence, otherEvidence),
    { kind: 'ask', candidates: [evidence, otherEvidence], text: '修好了' },
  ],
  ['a photo when only a reason is awaited', says('', { files: [photo] }), with_(reason), { command: { type: 'report' } }],
  [
    'a photo before it goes on collecting',
    says('', { files: [photo] }),
    with_(collecting, evidence),
    to('haz_0000000000', 'addEvidence'),
  ],
  ['words when photos are awaited', says('3号泵房又漏了'), with_(evidence), { kind: 'ask', candidates: [evidence] }],
  ['a place when photos are awaited', says('', { place }), with_(evidence), { command: { type: 'report', place } }],
  [
    'words for a reason',
    says('仍在漏'),
    with_(reason),
    { ...to('haz_0000000000', 'veto'), command: { type: 'veto', reason: '仍在漏' } },
  ],
  ['words for the later of two questions', says('误报'), with_(reason, laterReason), to('haz_1111111111', 'reject')],
  ['a greeting that is the reason', says('好的'), with_(reason), to('haz_0000000000', 'veto')],
  ['a greeting when photos are awaited', says('好的'), with_(evidence), home],
  ['a place when a reason is awaited', says('', { place }), with_(reason), { command: { type: 'report', place } }],
  ['a code when a reason is awaited', says(code), with_(reason), { kind: 'find', code }],
  ['a code with a reason when a reason is awaited', says(`${code} 同一处漏油`), with_(reason), to('haz_0000000000', 'veto')],
  ['a code with a reason when the other case is awaited', says(`${code} 重复`), with_(merging), to('haz_0000000000', 'merge')],
  ['a code alone when the other case is awaited', says(` ${code.toLowerCase()} `), with_(merging), to('haz_0000000000', 'merge')],
  ['a code with a reason once nobody asks any more', says(`${code} 重复`), nothing, { kind: 'find', code }],
  ['a code with a reason when photos are awaited', says(`${code} 重复`), with_(evidence), { kind: 'find', code }],
  ['a one-time code when a reason is awaited', says('40962718'), with_(reason), { kind: 'claim' }],
  [
    'a number for the administrator who was asked',
    says('10012345'),
    with_(number),
    { ...to('lnk_0000000000', 'assign'), command: { employeeNo: '10012345' } },
  ],
  ['a named one-time code, even then', says('关联码 10012345'), with_(number), { kind: 'claim', code: '10012345' }],
  [
    'more words to a report',
    says('在南侧'),
    with_(collecting),
    { ...to('haz_0000000000', 'addToReport'), command: { text: '在南侧' } },
  ],
  ['a place to a report', says('', { place }), with_(collecting), { ...to('haz_0000000000', 'addToReport'), command: { place } }],
  ['a photo to a report', says('', { files: [photo] }), with_(collecting), to('haz_0000000000', 'addToReport')],
])('%s', (_, incoming, context, wanted) => {
  expect(route(incoming, context)).toMatchObject(wanted)
})

test('files keep the ids that the same message would give again, and no two messages share one', () => {
  const ids = (incoming: Incoming): readonly string[] => {
    const routed = route(incoming, nothing)
    return routed.kind === 'command' ? (routed.command.files as readonly { id: string }[]).map(({ id }) => id) : []
  }
  const album = says('', { files: [photo, photo, photo] })
  expect(new Set(ids(album)).size).toBe(3)
  expect(ids(album)).toEqual(ids({ ...album }))
  expect(ids({ ...album, key: 'k2' }).filter((id) => ids(album).includes(id))).toEqual([])
  expect(ids(album).every((id) => /^fil_[0-9a-f]{26}$/.test(id))).toBe(true)
  expect(ids(says('', { files: Array.from({ length: 500 }, () => photo) }))).toHaveLength(100)
})

const key = (command: string, subject = 'haz_0000000000', argument = '') => `hazard.${command}:${subject}@7${argument}`
const formEmpty = { colour: '', area: '' }

test.each([
  [
    'a plain button',
    presses(key('accept')),
    { kind: 'command', workflow: 'hazard', subject: 'haz_0000000000', command: { ...formEmpty, type: 'accept' }, drawnAt: 7 },
  ],
  [
    'a button with its form',
    presses(key('triage'), { colour: 'red', area: 'pump-3', owner: 'x\u0000' }),
    { command: { type: 'triage', colour: 'red', owner: 'x\u2400' } },
  ],
  ['a foreign button', presses('delete everything'), { kind: 'say', words: 'staleCard' }],
  ['a report without what was kept', presses(key('report', '-')), { kind: 'say', words: 'staleCard' }],
  ['a report with an id of the presser’s choice', presses(key('report')), { kind: 'say', words: 'staleCard' }],
  ['evidence that was never sent', presses(key('addEvidence')), { kind: 'say', words: 'staleCard' }],
  ['a claim without a message', presses('link.claim:lnk_0000000000@1'), { kind: 'say', words: 'staleCard' }],
  ['a request for another account', presses('link.request:lnk_0000000000@1'), { kind: 'say', words: 'staleCard' }],
])('%s', (_, incoming, wanted) => {
  expect(route(incoming, nothing)).toMatchObject(wanted)
})

test('no field of a form stands in for anything but a value of the form', () => {
  const names = fc.constantFrom(
    'type',
    'text',
    'files',
    'place',
    'code',
    'rung',
    'person',
    'file',
    '__proto__',
    'constructor',
    'reason',
    'owner',
    'x',
  )
  fc.assert(
    fc.property(fc.dictionary(names, fc.string({ unit: 'binary' })), (form) => {
      const routed = route(presses(key('veto'), form), nothing)
      if (routed.kind !== 'command') throw new Error('a press is a command')
      const { type, text, files, place: where, ...rest } = routed.command
      expect([type, text, files, where]).toEqual(['veto', '', [], null])
      expect(Object.keys(rest)).toEqual(['reason'])
      expect(Object.values(rest).every((value) => typeof value === 'string' && value.isWellFormed())).toBe(true)
      expect(Object.getPrototypeOf(routed.command)).toBe(Object.prototype)
    }),
  )
})

const held: Held = {
  id: 'arr_0',
  account: 'a1',
  connection: 'c1',
  text: '修好了',
  files: [{ id: 'fil_0', kind: 'photo', connection: 'c1', ref: {}, name: null }],
}
const keeping = (one: Held): Context => ({ ...nothing, held: new Map([['arr_0', one]]) })

test('what was kept goes where its sender says: to the case, or to a new report', () => {
  expect(route(presses(key('addEvidence', 'haz_1111111111', '~arr_0')), keeping(held))).toMatchObject({
    kind: 'command',
    subject: 'haz_1111111111',
    command: { type: 'addEvidence', text: '修好了', files: held.files },
  })
  expect(route(presses(key('report', '-', '~arr_0')), keeping(held))).toMatchObject({
    subject: null,
    command: { type: 'report', files: held.files },
  })
})

test.each([
  ['another account', presses(key('report', '-', '~arr_0')), { ...held, account: 'a2' }],
  ['another connection', presses(key('report', '-', '~arr_0')), { ...held, connection: 'c2' }],
  ['something that is not kept any more', presses(key('report', '-', '~arr_1')), held],
  ['a command that takes no files', presses(key('veto', 'haz_0000000000', '~arr_0')), held],
  ['another workflow', presses('link.claim:lnk_0000000000@1~arr_0'), held],
])('a kept arrival is not given to %s', (_, incoming, one) => {
  expect(route(incoming, keeping(one))).toEqual({ kind: 'say', words: 'staleCard' })
})

test.each([
  ['entering a new chat', { ...origin, kind: 'enter' as const }, false, home],
  ['opening a known chat', { ...origin, kind: 'enter' as const }, true, { kind: 'ignore' }],
  ['joining a group', { ...origin, kind: 'join' as const, name: '班组群' }, true, home],
  ['leaving', { ...origin, kind: 'leave' as const }, true, { kind: 'ignore' }],
  [
    'somebody left the company',
    { ...origin, kind: 'member-change' as const, accounts: ['a2'], change: 'left' as const },
    true,
    { kind: 'leave', accounts: ['a2'] },
  ],
  [
    'somebody joined the company',
    { ...origin, kind: 'member-change' as const, accounts: ['a2'], change: 'joined' as const },
    true,
    { kind: 'ignore' },
  ],
  ['a sticker', { ...origin, kind: 'unsupported' as const, what: 'sticker' }, true, { kind: 'say', words: 'unsupported' }],
  ['a sticker in a group', { ...origin, kind: 'unsupported' as const, what: 'sticker', direct: false }, true, { kind: 'ignore' }],
  [
    'a sender from outside',
    { ...origin, kind: 'unsupported' as const, what: 'outside-sender' },
    true,
    { kind: 'say', words: 'outside' },
  ],
  ['a spent quota', { ...origin, kind: 'unsupported' as const, what: 'quota' }, true, { kind: 'say', words: 'quota' }],
  [
    'a kind named like a part of every object',
    { ...origin, kind: 'unsupported' as const, what: 'constructor' },
    true,
    { kind: 'say', words: 'unsupported' },
  ],
  ['an event of nobody', { ...origin, kind: 'unsupported' as const, what: 'event', account: '' }, true, { kind: 'ignore' }],
])('%s', (_, incoming, knownAccount, wanted) => {
  expect(route(incoming, { ...nothing, knownAccount })).toMatchObject(wanted)
})

test('the chats of one person with the bot are one conversation, groups are their own', () => {
  expect(conversationOf(says('x'))).toBe('direct')
  expect(conversationOf({ ...says('x'), direct: false })).toBe('d1')
  expect(conversationOf({ ...presses('x'), direct: false })).toBe('direct')
})

test('any message from anybody is routed to something, and never faults', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.nat(3),
      fc.subarray([evidence, otherEvidence, reason, collecting, number]),
      (text, photos, expectations) => {
        const routed = route(says(text, { files: Array.from({ length: photos }, () => photo) }), with_(...expectations))
        expect(['command', 'ask', 'show', 'find', 'claim']).toContain(routed.kind)
      },
    ),
  )
})

const secret = { kind: 'command', workflow: 'near-miss', subject: null, command: { type: 'reportAnonymously', files: [] } }
const long = `匿名未遂 ${'吊装时吊钩晃动，差点碰到人。'.repeat(20)}`
test.each([
  ['alone', says('匿名未遂 差点被叉车撞到'), nothing],
  ['in many words', says(long), nothing],
  ['while words are asked for', says('匿名未遂 差点被叉车撞到'), with_(expecting('veto', 'text'))],
  ['while photos are asked for', says('匿名未遂 差点被叉车撞到'), with_(expecting('addEvidence', 'photos'))],
  ['within the minute of a report', says('匿名未遂 差点被叉车撞到'), with_(expecting('addToReport', 'both'))],
])('whoever wants to stay unknown is understood %s', (_, incoming, context) => {
  expect(route(incoming, context)).toMatchObject(secret)
})

test('a photo with words that want to stay unknown is not taken, and neither is a place', () => {
  const refused = { kind: 'say', words: 'wordsOnlyInSecret' }
  expect(route(says('匿名未遂 差点被叉车撞到', { files: [photo] }), nothing)).toEqual(refused)
  expect(route(says('匿名未遂 差点被叉车撞到', { place }), nothing)).toEqual(refused)
})

test('a suggestion may be long; a question is short and for one pair of eyes', () => {
  const words = `建议 ${'在3号泵房增加一处洗眼器。'.repeat(30)}`
  expect(route(says(words), nothing)).toMatchObject({ workflow: 'suggestion', command: { text: words } })
  expect(route(says('我的积分'), nothing)).toEqual({ kind: 'question', name: 'points', text: '我的积分' })
  expect(route({ ...says('我的积分'), direct: false } as Incoming, nothing)).toEqual({ kind: 'say', words: 'askInPrivate' })
})

const voice: FileRef = { kind: 'voice', ref: { key: 'v' }, name: null }
const speaks = (text: string, files: readonly FileRef[] = [voice]): Incoming => says(text, { files })

test('a voice that its platform has written down is words: a report with the sound beside it, an answer, a question', () => {
  const reported = route(speaks('3号泵房漏油'), nothing)
  expect(reported).toMatchObject({ command: { type: 'report', text: '3号泵房漏油', files: [{ kind: 'voice', heard: true }] } })
  expect(route(speaks('已拧紧'), with_(reason))).toMatchObject({
    subject: reason.subject,
    command: { type: 'veto', reason: '已拧紧', files: [] },
  })
  expect(route(speaks('我的待办'), nothing)).toMatchObject({ kind: 'question', name: 'todo' })
  expect(route(speaks('修好了'), with_(evidence))).toMatchObject({ kind: 'ask' })
  expect(route(speaks('匿名未遂 吊物滑落'), nothing)).toEqual({ kind: 'say', words: 'wordsOnlyInSecret' })
})

test('a voice that nobody has written down is a report whose sender is asked to type; as an answer it is not taken for a new report', () => {
  const [file] = (route(speaks(''), nothing) as unknown as { command: { files: readonly object[] } }).command.files
  expect(file).not.toHaveProperty('heard')
  expect(route(speaks(' '), with_(reason))).toEqual({ kind: 'say', words: 'typeInstead' })
  expect(route(speaks(''), with_(evidence))).toMatchObject({ command: { type: 'addEvidence' } })
  expect(route(speaks('', [voice, photo]), with_(reason))).toMatchObject({ command: { type: 'report' } })
})
