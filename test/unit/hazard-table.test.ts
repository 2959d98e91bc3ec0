import { expect, test } from 'vitest'
import { hazardText } from '../../src/cards/text/hazard.ts'
import { governRules } from '../../src/workflows/hazard/govern-rules.ts'
import type { Actor } from '../../src/workflows/workflow.ts'
import {
  because,
  caseIn,
  clock,
  type Desk,
  eventsOf,
  evidence,
  person,
  refusedPhoto,
  report,
  type Status,
  signature,
  statuses,
  stored,
  stranger,
  system,
  triage,
} from './hazard-desk.ts'

/**
 * Who may do what, and when. One block for each command, one row for each kind of person, one column for each status. `called` is the department head
 * after the ladder has climbed once; `officer` is a safety officer who is not the verifier of the case (in `submitted` nobody holds that role any more).
 */
const table = `
                                      reported  triaged   accepted  rectifying submitted verifying closed    rejected
report
  everybody                           again     again     again     again      again     again     again     again
addToReport
  reporter                            yes       late      late      late       late      late      late      late
  others stranger                     report    report    report    report     report    report    report    report
triage
  lead called director                yes       yes       late      late       late      late      late      late
  officer verifier                    yes       yes       late      late       duty      late      late      late
  reporter owner worker               duty      duty      duty      duty       duty      duty      duty      duty
  stranger                            link      link      link      link       link      link      link      link
accept
  lead called director                yes       owner     late      late       late      late      late      late
  officer                             yes       owner     late      late       duty      late      late      late
  owner                               duty      yes       late      late       late      late      late      duty
  reporter worker                     duty      duty      duty      duty       duty      duty      duty      duty
  stranger                            link      link      link      link       link      link      link      link
reject
  lead called director                yes       yes       late      late       late      late      late      late
  officer                             yes       yes       late      late       duty      late      late      late
  reporter owner worker               duty      duty      duty      duty       duty      duty      duty      duty
  stranger                            link      link      link      link       link      link      link      link
startRectify
  owner                               late      late      yes       yes        late      late      late      late
  reporter lead called verifier       late      late      owner     owner      late      late      late      late
  officer director worker             late      late      owner     owner      late      late      late      late
  stranger                            link      link      link      link       link      link      link      link
showDuring
  owner                               late      late      yes       yes        late      late      late      late
  reporter lead called verifier       late      late      owner     owner      late      late      late      late
  officer director worker             late      late      owner     owner      late      late      late      late
  stranger                            link      link      link      link       link      link      link      link
showReport
  owner                               late      late      yes       yes        late      late      late      late
  reporter lead called verifier       late      late      owner     owner      late      late      late      late
  officer director worker             late      late      owner     owner      late      late      late      late
  stranger                            link      link      link      link       link      link      link      link
sign
  owner                               late      late      late      yes        late      late      late      late
  reporter lead called verifier       late      late      late      owner      late      late      late      late
  officer director worker             late      late      late      owner      late      late      late      late
  stranger                            link      link      link      link       link      link      link      link
confirmRepair
  reporter lead called owner          late      late      late      late       late      late      late      late
  verifier officer director worker    late      late      late      late       late      late      late      late
  stranger                            link      link      link      link       link      link      link      link
addEvidence
  owner                               late      late      late      yes        late      late      late      late
  reporter lead called verifier       late      late      late      owner      late      late      late      late
  officer director worker             late      late      late      owner      late      late      late      late
  stranger                            link      link      link      link       link      link      link      link
submit
  owner                               late      late      late      yes        late      late      late      late
  reporter lead called verifier       late      late      late      owner      late      late      late      late
  officer director worker             late      late      late      owner      late      late      late      late
  stranger                            link      link      link      link       link      link      link      link
pass
  verifier                            late      late      late      late       late      verifier  late      late
  reporter lead called owner          late      late      late      late       late      verifier  late      late
  officer director worker             late      late      late      late       late      verifier  late      late
  stranger                            link      link      link      link       link      link      link      link
veto
  verifier                            late      late      late      late       late      verifier  late      late
  reporter lead called owner          late      late      late      late       late      verifier  late      late
  officer director worker             late      late      late      late       late      verifier  late      late
  stranger                            link      link      link      link       link      link      link      link
reopen
  reporter officer verifier director  late      late      late      late       late      late      yes       yes
  lead called owner worker stranger   late      late      late      late       late      late      report    report
climb
  clock                               yes       yes       idle      idle       idle      idle      idle      idle
callOverdue
  clock                               idle      idle      yes       yes        idle      idle      idle      idle
redraw
  clock                               idle      idle      idle      idle       yes       yes       idle      idle
callReach
  clock                               idle      idle      idle      idle       idle      idle      idle      idle
noteReached
  system                              idle      idle      idle      idle       idle      idle      idle      idle
acknowledge
  reporter lead called owner          idle      idle      idle      idle       idle      idle      idle      idle
  verifier officer director worker    idle      idle      idle      idle       idle      idle      idle      idle
  stranger                            link      link      link      link       link      link      link      link
answerReporter
  clock                               yes       yes       yes       yes        yes       yes       idle      idle
joinPlan
  clock                               idle      idle      idle      idle       idle      idle      idle      idle
recordVerdict
  system                              idle      idle      idle      idle       idle      yes       idle      idle
greetVerdict
  system                              yes       yes       yes       yes        yes       yes       yes       yes
noteSeen
  system                              yes       yes       yes       yes        yes       yes       yes       yes
storeBlind
  system                              known     known     known     known      known     known     known     known
refuseBlind
  system                              known     known     known     known      known     known     known     known
storePhoto
  system                              yes       yes       yes       yes        yes       yes       yes       yes
refusePhoto
  system                              yes       yes       yes       yes        yes       yes       yes       yes
reportUnreachable
  system                              yes       yes       yes       yes        yes       yes       yes       yes
`

/** What the short words of the table stand for. */
const words: Readonly<Record<string, readonly string[]>> = {
  again: ['already-reported'],
  late: ['overtaken', 'not-now', 'verdict-given'],
  duty: ['not-your-duty'],
  owner: ['not-the-owner'],
  verifier: ['not-the-verifier'],
  report: ['not-your-report'],
  link: ['link-first'],
  known: ['file-known'],
  idle: ['no-need-to-climb', 'not-overdue', 'nothing-to-verify', 'not-awaited', 'answered-already', 'not-planned'],
}

/** After a step that was taken, the case stands here; commands that are not named leave the status as it is. */
const leadsTo: Readonly<Record<string, Partial<Record<Status, Status>>>> = {
  triage: { reported: 'triaged', triaged: 'triaged' },
  accept: { reported: 'accepted', triaged: 'accepted' },
  reject: { reported: 'rejected', triaged: 'rejected' },
  startRectify: { accepted: 'rectifying' },
  showDuring: { accepted: 'rectifying' },
  showReport: { accepted: 'rectifying' },
  sign: { rectifying: 'verifying' },
  recordVerdict: { verifying: 'rectifying' },
  reopen: { closed: 'rectifying', rejected: 'reported' },
}

const commands: Readonly<Record<string, { readonly type: string } & Readonly<Record<string, unknown>>>> = {
  report: report(),
  addToReport: { type: 'addToReport', text: '还在漏', files: [], place: null },
  triage,
  accept: { type: 'accept', colour: '', area: 'pump-3' },
  reject: { type: 'reject', reason: '已在检修计划内' },
  startRectify: { type: 'startRectify' },
  addEvidence: evidence('fil_after01'),
  showDuring: { type: 'showDuring' },
  showReport: { type: 'showReport' },
  submit: { type: 'submit' },
  sign: signature,
  confirmRepair: { type: 'confirmRepair', reason: '本人确认' },
  recordVerdict: { type: 'recordVerdict', verdict: 'vdt_nobody', outcome: 'vetoed', reason: '仍在漏' },
  noteSeen: { type: 'noteSeen', person: 'officerA' },
  greetVerdict: { type: 'greetVerdict', verdict: 'vdt_nobody' },
  storeBlind: { type: 'storeBlind', file: 'fil_before0', watermarked: 'b', thumbnail: 'b' },
  refuseBlind: { type: 'refuseBlind', file: 'fil_before0' },
  pass: { type: 'pass' },
  veto: { type: 'veto', reason: '仍在漏' },
  reopen: { type: 'reopen', reason: '又漏了' },
  climb: { type: 'climb', rung: 1 },
  callOverdue: { type: 'callOverdue' },
  redraw: { type: 'redraw' },
  callReach: { type: 'callReach' },
  noteReached: { type: 'noteReached', person: 'areaOwner', how: 'read', at: '2026-11-24T02:00:00.000Z' },
  acknowledge: { type: 'acknowledge' },
  answerReporter: { type: 'answerReporter' },
  joinPlan: { type: 'joinPlan' },
  storePhoto: stored('fil_before0'),
  refusePhoto: refusedPhoto('fil_before0'),
  reportUnreachable: { type: 'reportUnreachable', person: 'lead', duty: 'triage' },
}

const persons: Readonly<Record<string, (desk: Desk) => Actor>> = {
  reporter: () => person('welder'),
  lead: () => person('lead'),
  called: () => person('head'),
  owner: () => person('fitter'),
  verifier: (desk) => person(desk.state().seats?.[0]?.verifier ?? 'officerA'),
  officer: () => person('officerProd'),
  director: () => person('safetyDirector'),
  worker: () => person('worker'),
  stranger: () => stranger('nobody'),
}
const others = Object.keys(persons).filter((name) => name !== 'reporter' && name !== 'stranger')
const actors: Readonly<Record<string, (desk: Desk) => Actor>> = { ...persons, clock: () => clock, system: () => system }

type Row = { readonly command: string; readonly actor: string; readonly status: Status; readonly cell: string }

const rows: readonly Row[] = (() => {
  let command = ''
  return table.split('\n').flatMap((line): readonly Row[] => {
    if (/^\w/.test(line)) command = line.trim()
    if (!/^ {2}\w/.test(line)) return []
    const parts = line.trim().split(/\s+/)
    const cells = parts.slice(-8)
    const named = parts
      .slice(0, -8)
      .flatMap((name) => (name === 'everybody' ? Object.keys(persons) : name === 'others' ? others : [name]))
    return named.flatMap((actor) => statuses.map((status, column) => ({ command, actor, status, cell: cells[column] ?? '' })))
  })
})()

test.each(Object.keys(commands))('%s is decided as the table says, for everybody in every status', (command) => {
  const block = rows.filter((row) => row.command === command)
  expect(block.length).toBeGreaterThanOrEqual(8)
  for (const { actor, status, cell } of block) {
    const desk = caseIn(status)
    const who = actors[actor]
    if (!who) throw new Error(`the table names ${actor}`)
    const before = [desk.revision(), JSON.stringify(desk.state()), desk.deadlines.size]
    const sent = commands[command] ?? { type: command }
    const verdict = desk.state().seats?.[0]?.verdict ?? 'vdt_nobody'
    const result = desk.run(who(desk), command === 'recordVerdict' ? { ...sent, verdict } : sent)
    const where = `${command} by ${actor} in ${status}`
    if (cell === 'yes') {
      expect(result.decision.kind, `${where}: ${because(result)}`).toBe('accepted')
      expect(desk.state().status, where).toBe(leadsTo[command]?.[status] ?? status)
    } else {
      expect(words[cell], where).toContain(because(result))
      expect(Object.keys(hazardText.refusals), where).toContain(because(result))
      expect([desk.revision(), JSON.stringify(desk.state()), desk.deadlines.size], `${where} changes nothing`).toEqual(before)
    }
  }
})

/** Grade and treatment have a table of their own; what a camera raises, a test of its own. */
test('every command of the workflow and every status stands in the table', () => {
  const desk = caseIn('reported')
  const governed = new Set(['raise', ...Object.keys(governRules)])
  const known = Object.keys(desk.onTheDesk()?.registered.workflow.commands ?? {}).filter((type) => !governed.has(type))
  expect([...new Set(rows.map(({ command }) => command))].sort()).toEqual([...known].sort())
  expect(statuses.map((status) => caseIn(status).state().status)).toEqual(statuses)
})

test('people cannot send what the clock or the machine sends, nor the reverse', () => {
  const from = caseIn('reported').onTheDesk()?.registered.workflow.commands ?? {}
  for (const [type, command] of Object.entries(commands)) {
    for (const [name, who] of Object.entries(actors)) {
      const right = from[type]?.from === 'person' ? name in persons : from[type]?.from === name
      if (right) continue
      const desk = caseIn('triaged')
      expect(because(desk.run(who(desk), command)), `${type} by ${name}`).toBe('no-such-case')
    }
  }
})

test('a command that no workflow has, or of another workflow, or of none, finds no case', () => {
  const desk = caseIn('triaged')
  for (const type of ['issueCode', 'constructor', 'toString', ''])
    expect(because(desk.run(person('admin'), { type })), type).toBe('no-such-case')
  for (const type of ['request', 'issueCode', 'claim', 'confirm', 'deny', 'assign'])
    for (const who of [person('admin'), stranger('nobody')])
      expect(because(desk.run(who, { type, code: '', employeeNo: '' }, 'link')), type).toBe('no-such-case')
  expect(because(desk.run(person('fitter'), { type: 'accept', colour: '', area: '' }, 'permit'))).toBe('no-such-case')
  expect(desk.revision()).toBe(caseIn('triaged').revision())
})

test('each step by a person is remembered with who took it, so that a late presser learns who was first', () => {
  const desk = caseIn('accepted')
  const late = desk.run(person('lead'), { type: 'accept', colour: '', area: '' })
  expect(late.decision).toMatchObject({
    because: 'overtaken',
    values: { act: 'accept', name: '名fitter', at: '2026-11-24T02:20:00.000Z' },
  })
  for (const act of ['triage', 'accept', 'reject', 'startRectify', 'submit', 'veto', 'pass', 'reopen'])
    expect(Object.keys(hazardText.acts)).toContain(act)
})

test('what is accepted says what happened in events of the past', () => {
  expect(eventsOf(caseIn('reported').must(person('lead'), { type: 'accept', colour: '', area: 'pump-3' }))).toEqual([
    'triaged',
    'accepted',
    'credited',
  ])
  expect(eventsOf(caseIn('rectifying').must(person('fitter'), signature))).toEqual(['signed', 'submitted', 'verifiersDrawn'])
})
