import { expect, test } from 'vitest'
import { hazardText } from '../../src/cards/text/hazard.ts'
import { governRules } from '../../src/workflows/hazard/govern-rules.ts'
import type { Actor } from '../../src/workflows/workflow.ts'
import {
  because,
  clock,
  evidence,
  type HazardDesk,
  hazardIn,
  longer,
  otherCode,
  person,
  plan,
  rest,
  type Situation,
  signature,
  situations,
  stranger,
  system,
  triage,
} from './hazard-govern-desk.ts'

/**
 * Who may do what about grade and treatment, and when; and what the other commands come to where a case waits for somebody above its owner. One block for each
 * command, one row for each kind of person, one column for each situation. `moved` has a new owner, `asking` waits for more time.
 */
const table = `
                        reported triaged listed  planned accepted rectifying asking  moved   deferred verifying verified closed  rejected merged
explain
  lead called officer   late     yes     yes     yes     yes      yes        yes     yes     yes      late      late     late    late     late
  safety                late     yes     yes     yes     yes      yes        yes     yes     yes      late      late     late    late     late
  reporter owner worker late     duty    duty    duty    duty     duty       duty    duty    duty     late      late     late    late     late
  production principal  late     duty    duty    duty    duty     duty       duty    duty    duty     late      late     late    late     late
  area admin            late     duty    duty    duty    duty     duty       duty    duty    duty     late      late     late    late     late
regrade
  officer safety        late     yes     yes     yes     yes      yes        yes     yes     yes      late      late     late    late     late
  principal             late     yes     yes     yes     yes      yes        yes     yes     yes      late      late     late    late     late
  lead called owner     grade    grade   grade   grade   grade    grade      grade   grade   grade    grade     grade    grade   grade    grade
  reporter worker area  grade    grade   grade   grade   grade    grade      grade   grade   grade    grade     grade    grade   grade    grade
  production admin      grade    grade   grade   grade   grade    grade      grade   grade   grade    grade     grade    grade   grade    grade
proposePlan
  fitter area officer   late     late    yes     yes     late     late       late    late    late     late      late     late    late     late
  safety                late     late    yes     yes     late     late       late    late    late     late      late     late    late     late
  lead called reporter  late     late    propose propose late     late       late    late    late     late      late     late    late     late
  worker production     late     late    propose propose late     late       late    late    late     late      late     late    late     late
  principal admin       late     late    propose propose late     late       late    late    late     late      late     late    late     late
approve
  principal             late     late    late    yes     late     late       yes     late    late     late      yes      late    late     late
  called production     late     late    late    plan    late     late       yes     late    late     late      sign     late    late     late
  owner lead officer    late     late    late    plan    late     late       longer  late    late     late      sign     late    late     late
  safety area reporter  late     late    late    plan    late     late       longer  late    late     late      sign     late    late     late
  worker admin          late     late    late    plan    late     late       longer  late    late     late      sign     late    late     late
sendBack
  principal             late     late    late    yes     late     late       yes     late    late     late      yes      late    late     late
  called production     late     late    late    plan    late     late       yes     late    late     late      sign     late    late     late
  owner lead officer    late     late    late    plan    late     late       longer  late    late     late      sign     late    late     late
  safety area reporter  late     late    late    plan    late     late       longer  late    late     late      sign     late    late     late
  worker admin          late     late    late    plan    late     late       longer  late    late     late      sign     late    late     late
extend
  owner                 late     late    late    late    yes      yes        pending yes     late     late      late     late    late     late
  lead called officer   late     late    late    late    owner    owner      owner   owner   late     late      late     late    late     late
  safety production     late     late    late    late    owner    owner      owner   owner   late     late      late     late    late     late
  principal area admin  late     late    late    late    owner    owner      owner   owner   late     late      late     late    late     late
  reporter worker       late     late    late    late    owner    owner      owner   owner   late     late      late     late    late     late
defer
  owner                 late     late    late    late    yes      yes        pending yes     late     late      late     late    late     late
  lead called officer   late     late    late    late    owner    owner      owner   owner   late     late      late     late    late     late
  safety production     late     late    late    late    owner    owner      owner   owner   late     late      late     late    late     late
  principal area admin  late     late    late    late    owner    owner      owner   owner   late     late      late     late    late     late
resume
  owner                 late     late    late    late    late     late       late    late    yes      late      late     late    late     late
  lead called officer   late     late    late    late    late     late       late    late    owner    late      late     late    late     late
  safety principal      late     late    late    late    late     late       late    late    owner    late      late     late    late     late
  reporter worker admin late     late    late    late    late     late       late    late    owner    late      late     late    late     late
merge
  lead called officer   yes      yes     late    late    late     late       late    late    late     late      late     late    late     late
  safety                yes      yes     late    late    late     late       late    late    late     late      late     late    late     late
  reporter worker area  duty     duty    duty    duty    duty     duty       duty    duty    duty     duty      duty     duty    duty     duty
  production principal  duty     duty    duty    duty    duty     duty       duty    duty    duty     duty      duty     duty    duty     duty
  admin                 duty     duty    duty    duty    duty     duty       duty    duty    duty     duty      duty     duty    duty     duty
handOver
  called area           late     late    late    late    yes      yes        yes     yes     yes      late      late     late    late     late
  lead officer safety   hand     hand    hand    hand    hand     hand       hand    hand    hand     hand      hand     hand    hand     hand
  owner reporter worker hand     hand    hand    hand    hand     hand       hand    hand    hand     hand      hand     hand    hand     hand
  production principal  hand     hand    hand    hand    hand     hand       hand    hand    hand     hand      hand     hand    hand     hand
  admin                 hand     hand    hand    hand    hand     hand       hand    hand    hand     hand      hand     hand    hand     hand
takeOver
  owner                 late     late    late    late    late     late       late    yes     late     late      late     late    late     late
  lead called fitter    late     late    late    late    late     late       late    owner   late     late      late     late    late     late
  area principal admin  late     late    late    late    late     late       late    owner   late     late      late     late    late     late
endDeferral
  clock                 idle     idle    idle    idle    idle     idle       idle    idle    yes      idle      idle     idle    idle     idle
callDecider
  clock                 idle     idle    yes     yes     idle     idle       yes     idle    idle     idle      yes      idle    idle     idle
callTakeOver
  clock                 idle     idle    idle    idle    idle     idle       idle    yes     idle     idle      idle     idle    idle     idle
absorb
  system                yes      yes     yes     yes     yes      yes        yes     yes     yes      yes       yes      yes     yes      yes
comeBack
  system                late     late    late    late    late     late       late    late    late     late      late     late    late     yes
tellResult
  system                late     late    late    late    late     late       late    late    late     late      late     late    late     yes
`

/** The other commands in the situations that only the treatment knows. */
const others = `
                        listed  planned asking  moved   deferred verified merged
triage
  lead officer safety   late    late    late    late    late     late     late
  reporter worker admin duty    duty    duty    duty    duty     duty     duty
accept
  lead officer          late    late    late    late    late     late     late
  owner                 late    late    late    late    late     late     duty
  reporter worker admin duty    duty    duty    duty    duty     duty     duty
reject
  lead officer safety   late    late    late    late    late     late     late
  reporter worker admin duty    duty    duty    duty    duty     duty     duty
addToReport
  reporter              late    late    late    late    late     late     late
  lead owner admin      report  report  report  report  report   report   report
startRectify
  owner                 late    late    yes     yes     late     late     late
  lead principal admin  late    late    owner   owner   late     late     late
showDuring
  owner                 late    late    yes     yes     late     late     late
addEvidence
  owner                 late    late    yes     yes     late     late     late
  lead principal admin  late    late    owner   owner   late     late     late
submit
  owner                 late    late    yes     yes     late     late     late
  lead principal admin  late    late    owner   owner   late     late     late
sign
  owner                 late    late    yes     yes     late     late     late
pass
  lead officer owner    late    late    late    late    late     late     late
veto
  lead officer owner    late    late    late    late    late     late     late
reopen
  reporter officer      late    late    late    late    late     late     yes
  lead owner admin      late    late    late    late    late     late     report
climb
  clock                 idle    idle    idle    idle    idle     idle     idle
callOverdue
  clock                 idle    idle    yes     yes     idle     idle     idle
redraw
  clock                 idle    idle    idle    idle    idle     idle     idle
storePhoto
  system                yes     yes     yes     yes     yes      yes      yes
reportUnreachable
  system                yes     yes     yes     yes     yes      yes      yes
`

const words: Readonly<Record<string, readonly string[]>> = {
  late: ['overtaken', 'not-now', 'verdict-given'],
  duty: ['not-your-duty'],
  owner: ['not-the-owner'],
  report: ['not-your-report'],
  grade: ['not-yours-to-grade'],
  propose: ['not-yours-to-propose'],
  plan: ['not-yours-to-plan'],
  sign: ['not-yours-to-sign'],
  longer: ['not-yours-to-extension'],
  hand: ['not-yours-to-hand-over'],
  pending: ['request-pending'],
  idle: ['nothing-to-decide', 'not-deferred', 'taken-over', 'no-need-to-climb', 'not-overdue', 'nothing-to-verify'],
}

const commands: Readonly<Record<string, { readonly type: string } & Readonly<Record<string, unknown>>>> = {
  explain: { type: 'explain', direct: '垫片老化' },
  regrade: { type: 'regrade', severity: 'general', colour: 'yellow', reason: '已隔离' },
  proposePlan: plan,
  approve: { type: 'approve' },
  sendBack: { type: 'sendBack', reason: '资料不全' },
  extend: longer,
  defer: rest,
  resume: { type: 'resume' },
  merge: { type: 'merge', into: otherCode, reason: '同一处' },
  handOver: { type: 'handOver', owner: 'worker' },
  takeOver: { type: 'takeOver' },
  endDeferral: { type: 'endDeferral' },
  callDecider: { type: 'callDecider' },
  callTakeOver: { type: 'callTakeOver' },
  absorb: { type: 'absorb', from: 'haz_other', code: 'YH-X', text: '也在漏' },
  comeBack: { type: 'comeBack', code: otherCode },
  tellResult: { type: 'tellResult', code: otherCode, ending: 'closed', reason: '', at: '2026-11-24T09:00:00.000Z' },
  triage,
  accept: { type: 'accept', colour: '', area: 'pump-3' },
  reject: { type: 'reject', reason: '误报' },
  addToReport: { type: 'addToReport', text: '还在漏', files: [], place: null },
  startRectify: { type: 'startRectify' },
  showDuring: { type: 'showDuring' },
  addEvidence: evidence('fil_more000'),
  submit: { type: 'submit' },
  sign: signature,
  pass: { type: 'pass' },
  veto: { type: 'veto', reason: '仍在漏' },
  reopen: { type: 'reopen', reason: '又漏了' },
  climb: { type: 'climb', rung: 1 },
  callOverdue: { type: 'callOverdue' },
  redraw: { type: 'redraw' },
  storePhoto: {
    type: 'storePhoto',
    file: 'fil_before0',
    original: 'o',
    watermarked: 'w',
    thumbnail: 't',
    exif: { takenAt: null, lat: null, lng: null, datum: null },
  },
  reportUnreachable: { type: 'reportUnreachable', person: 'worker', duty: 'answer' },
}

const actors: Readonly<Record<string, (desk: HazardDesk) => Actor>> = {
  reporter: () => person('welder'),
  lead: () => person('lead'),
  called: () => person('head'),
  owner: (desk) => person(desk.state().owner ?? 'fitter'),
  fitter: () => person('fitter'),
  officer: () => person('officerProd'),
  safety: () => person('safetyDirector'),
  production: () => person('director'),
  principal: () => person('principal'),
  area: () => person('areaOwner'),
  worker: () => person('worker'),
  admin: () => person('admin'),
  clock: () => clock,
  system: () => system,
}

type Row = { readonly command: string; readonly actor: string; readonly situation: Situation; readonly cell: string }
const read = (text: string): readonly Row[] => {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const columns = (lines[0] ?? '').trim().split(/\s+/) as Situation[]
  let command = ''
  return lines.slice(1).flatMap((line): readonly Row[] => {
    if (/^\w/.test(line)) command = line.trim()
    if (!/^ {2}\w/.test(line)) return []
    const parts = line.trim().split(/\s+/)
    const cells = parts.slice(-columns.length)
    return parts
      .slice(0, -columns.length)
      .flatMap((actor) => columns.map((situation, at) => ({ command, actor, situation, cell: cells[at] ?? '' })))
  })
}
const rows = [...read(table), ...read(others)]

test.each(Object.keys(commands))('%s is decided as the table says, for everybody in every situation', (command) => {
  const block = rows.filter((row) => row.command === command)
  expect(block.length).toBeGreaterThan(6)
  for (const { actor, situation, cell } of block) {
    const desk = hazardIn(situation)
    const who = actors[actor]
    if (!who) throw new Error(`the table names ${actor}`)
    const before = [desk.revision(), JSON.stringify(desk.state()), desk.deadlines.size]
    const result = desk.run(who(desk), commands[command] ?? { type: command })
    const where = `${command} by ${actor} in ${situation}`
    if (cell === 'yes') expect(result.decision.kind, `${where}: ${because(result)}`).toBe('accepted')
    else {
      expect(words[cell], where).toContain(because(result))
      expect(Object.keys(hazardText.refusals), where).toContain(because(result))
      expect([desk.revision(), JSON.stringify(desk.state()), desk.deadlines.size], `${where} changes nothing`).toEqual(before)
    }
  }
})

test('no stranger has any part in grade and treatment', () => {
  for (const [type, rule] of Object.entries(governRules))
    if (rule.from === 'person')
      for (const situation of ['triaged', 'planned', 'asking', 'moved', 'deferred', 'verified'] as const)
        expect(['link-first'], `${type} in ${situation}`).toContain(
          because(hazardIn(situation).run(stranger('nobody'), commands[type] ?? { type })),
        )
})

test('every command of the treatment and every situation stands in the table', () => {
  const named = new Set(rows.map(({ command }) => command))
  expect(Object.keys(governRules).filter((type) => !named.has(type))).toEqual([])
  expect([...new Set(read(table).map(({ situation }) => situation))]).toEqual(Object.keys(situations))
})

test.each(Object.keys(situations) as Situation[])('a case in %s keeps the promises of every case', (situation) => {
  const desk = hazardIn(situation)
  const { workflow } = desk
  const state = desk.state()
  const isOpen = workflow.open(state)
  expect(desk.deadlines.size > 0).toBe(isOpen)
  expect(!isOpen || workflow.owner(state) !== null).toBe(true)
  const entries = desk.journal().map(({ event }) => JSON.parse(String(event)))
  const folded = entries.reduce((so, event) => workflow.evolve(so, event), null)
  expect(JSON.parse(JSON.stringify(folded))).toEqual(JSON.parse(JSON.stringify(state)))
})
