import { expect, test } from 'vitest'
import { sha256 } from '../../src/lib/crypto.ts'
import type { Paper } from '../../src/papers/paper.ts'
import { paperPdf } from '../../src/papers/paper-pdf.ts'
import { permitForm } from '../../src/papers/permit-form.ts'
import { system } from './desk.ts'
import { type PermitDesk, permitAt, stages } from './permit-desk.ts'
import { samples } from './permit-works.ts'

const formOf = (desk: PermitDesk, revision = desk.revision()): Paper | null =>
  permitForm({
    ...{ state: desk.state(), plant: desk.plant(), revision, head: sha256(`${revision}`), at: desk.now() },
    page: 'https://andon.example.com/c/per_0123456789abcdefghjkmnpqrs',
  })
const textOf = (paper: Paper | null): string =>
  paper?.blocks
    .flatMap(({ title, head, rows }) => [title, ...[...(head ? [head] : []), ...rows].flat().map(({ text }) => text)])
    .join('\n') ?? ''

test('each kind of work prints the form that its pack names, with every line, node and sample of it', () => {
  for (const sample of samples) {
    const desk = permitAt('accepted', { sample })
    const paper = formOf(desk)
    const text = textOf(paper)
    expect(paper?.title, sample.work).toMatch(/安全作业票|作业/)
    expect(paper?.subtitle).toContain(desk.rules().form)
    for (const { line } of desk.state().measures)
      expect(text).toContain(desk.rules().measures.find(({ id }) => id === line)?.text ?? 'no such line')
    for (const { label } of desk.state().chain) expect(text).toContain(label)
    expect(text.match(/\d vol%|\d mg\/m3/g)?.length ?? 0).toBe(desk.state().gas.length)
  }
})

test('the cells of every row fill the width, at every stage', () => {
  for (const stage of stages.slice(2)) {
    const paper = formOf(permitAt(stage))
    const rows = paper?.blocks.flatMap(({ head, rows }) => [...(head ? [head] : []), ...rows]) ?? []
    expect(rows.length).toBeGreaterThan(20)
    expect(rows.filter((row) => row.reduce((sum, { span }) => sum + span, 0) !== 24)).toEqual([])
  }
})

test('a draft has no form; what is not signed, answered or tried shows as such', () => {
  expect(formOf(permitAt('filled'))).toBeNull()
  const text = textOf(formOf(permitAt('measures')))
  for (const words of ['未确认', '未签', '未交底', '没有取样记录', '尚未开始']) expect(text).toContain(words)
})

test('a stop stands on the form with its reason', () => {
  const desk = permitAt('active')
  desk.run(system, { type: 'suspendBy', because: 'gasAlarm', detail: 'GT-301 50%LEL' })
  expect(textOf(formOf(desk))).toMatch(/停止：气体检测不合格\n系统\nGT-301 50%LEL/)
})

test('the same paper is the same bytes, and one letter more is other bytes', async () => {
  const desk = permitAt('accepted')
  const paper = formOf(desk)
  if (!paper) throw new Error('no form')
  const [one, two, other] = await Promise.all([
    paperPdf(paper),
    paperPdf(structuredClone(paper)),
    paperPdf({ ...paper, stamp: '已验收。' }),
  ])
  expect(Buffer.from(one).subarray(0, 5).toString()).toBe('%PDF-')
  expect(sha256(one)).toBe(sha256(two))
  expect(sha256(one)).not.toBe(sha256(other))
  expect(one.byteLength).toBeLessThan(400_000)
})

test('words of any length and kind are drawn: emoji, control characters, a line of ten thousand letters', async () => {
  const desk = permitAt('accepted')
  const paper = formOf(desk)
  if (!paper) throw new Error('no form')
  const hostile = ['👷‍♀️🔥', 'a\u0000b\u202Ec', '长'.repeat(10_000), ' '.repeat(500), '\n'.repeat(50), 'ا'.repeat(200)]
  const rows = hostile.map((text) => [{ text, span: 24 }])
  const bytes = await paperPdf({ ...paper, blocks: [...paper.blocks, { title: '', head: null, rows }] })
  expect(bytes.byteLength).toBeGreaterThan(10_000)
})

test('only the system notes a paper, forward only, and only by a hash', () => {
  const desk = permitAt('accepted')
  const note = (revision: number, document = sha256('a')) => desk.run(system, { type: 'notePaper', revision, document }).decision
  expect(note(40)).toMatchObject({ kind: 'accepted', events: [{ type: 'papered', revision: 40 }] })
  expect(note(40, sha256('b'))).toMatchObject({ kind: 'accepted', events: [] })
  expect(note(39)).toMatchObject({ kind: 'accepted', events: [] })
  expect(desk.state().paper).toMatchObject({ revision: 40, document: sha256('a') })
  for (const [revision, document] of [
    [0, sha256('a')],
    [1.5, sha256('a')],
    [41, 'x'],
  ] as const)
    expect(note(revision, document)).toMatchObject({ kind: 'refused' })
  expect(desk.by('wang', { type: 'notePaper', revision: 50, document: sha256('c') }).decision.kind).toBe('refused')
})
