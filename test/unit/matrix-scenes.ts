import type { Card } from '../../src/cards/card.ts'
import { handoverRule } from '../../src/rules/handover.ts'
import { contractorSubject } from '../../src/workflows/contractor/contractor.ts'
import type { Actor, Plant } from '../../src/workflows/workflow.ts'
import { commandsOf, createDesk, type Desk, evidence, report, signature, stored, system, triage } from './desk.ts'
import { judged, longer, major, openRow, otherCode, plan, rest, showsRepair, showsReport } from './hazard-govern-desk.ts'
import { permitScenes } from './matrix-permit-scenes.ts'
import { matrixPlant, personOf, strangerOf } from './matrix-plant.ts'
import { createCourt, give } from './penalty-desk.ts'
import { developed, underVerification } from './verdict-desk.ts'

type Command = { readonly type: string } & Readonly<Record<string, unknown>>
type Ran = { readonly decision: { readonly kind: 'accepted' } | { readonly kind: 'refused'; readonly because: string } }

/** A case in the representative state of one command: `send` sends that command as somebody; `parties` are the people of the case by their part in it. */
export type Scene = {
  readonly send: (actor: Actor) => string
  /** The card of the case for somebody; null before there is one. */
  readonly card: (who: string) => Card | null
  readonly parties: Readonly<Record<string, string>>
}

const said = ({ decision }: Ran): string => (decision.kind === 'accepted' ? 'yes' : decision.because)

type Steps = readonly (readonly [string | Actor, Command])[]

const actorOf = (who: string | Actor): Actor => (typeof who === 'string' ? personOf(who) : who)

type Setting = { readonly workflow: string; readonly command: Command; readonly parties?: Readonly<Record<string, string>> }

const cardOn =
  (desk: Desk) =>
  (who: string): Card | null =>
    desk.exists() ? desk.card(who) : null

const onDesk =
  ({ workflow, command, parties = {} }: Setting, prepare: (desk: Desk) => void) =>
  (plant: Plant): Scene => {
    const desk = createDesk(workflow, { plant, rows: [openRow()] })
    prepare(desk)
    return { send: (actor) => said(desk.run(actor, command) as Ran), card: cardOn(desk), parties }
  }
const after =
  (steps: Steps) =>
  (desk: Desk): void => {
    for (const [who, command] of steps) desk.must(actorOf(who), command)
  }
const nothing = after([])

const reported = after([['welder', report()]])
const accepted = (desk: Desk): void =>
  after([
    ['welder', report()],
    ['lead', triage],
    ['fitter', { type: 'accept', colour: '', area: '' }],
  ])(desk)
const rectifying = (desk: Desk): void => {
  accepted(desk)
  showsRepair(desk as Parameters<typeof showsRepair>[0])
}
const planned = (desk: Desk): void =>
  after([
    ['welder', report()],
    ['lead', major],
    ['fitter', plan],
  ])(desk)
const signedMajor = (desk: Desk): void => {
  planned(desk)
  desk.must(personOf('principal'), { type: 'approve' })
  showsRepair(desk as Parameters<typeof showsRepair>[0])
  showsReport(desk as Parameters<typeof showsReport>[0])
  desk.must(personOf('fitter'), signature)
}
const verified = (desk: Desk): void => {
  signedMajor(desk)
  desk.must(personOf('areaOwner'), { type: 'confirmRepair', reason: '本人确认' })
  judged(desk as Parameters<typeof judged>[0])
}
const verifying = (desk: Desk): void => {
  rectifying(desk)
  desk.must(personOf('fitter'), signature)
  desk.must(system, stored('fil_after00'))
}
const closed = (desk: Desk): void => {
  verifying(desk)
  judged(desk as Parameters<typeof judged>[0])
}
const asks = (command: Command) => (desk: Desk) => {
  rectifying(desk)
  desk.must(personOf('fitter'), command)
}

const hazard = (command: Command, prepare: (desk: Desk) => void) =>
  onDesk({ workflow: 'hazard', command, parties: { reporter: 'welder', owner: 'fitter' } }, prepare)

const verdict =
  (command: Command) =>
  (plant: Plant): Scene => {
    const hall = underVerification({ plant })
    developed(hall, 'fil_after0')
    const task = hall.judge('A').task
    const of = (seat: 'A' | 'B'): string => hall.seat(seat)?.verifier ?? ''
    return {
      send: (actor) => said(hall.run(actor, command, task)),
      card: (who) => hall.card(task, who),
      parties: { owner: 'fitter', reporter: 'welder', verifier: of('A'), otherVerifier: of('B') },
    }
  }

const crew = { opener: 'prodLead', member: 'fitter' }
const toolbox = (command: Command, steps: Steps) => onDesk({ workflow: 'toolbox', command, parties: crew }, after(steps))
const gathered: Steps = [['prodLead', { type: 'gather', text: '班前会 注意隔离' }]]

const shift = { outgoing: 'prodLead', incoming: 'lead', member: 'fitter' }
const handover = (command: Command, steps: Steps) => onDesk({ workflow: 'handover', command, parties: shift }, after(steps))
const started: Steps = [['prodLead', { type: 'start', text: '交班 无异常' }]]
const lines = handoverRule.lines.map(({ id }) => id)
const checked: Steps = [...started, ...lines.map((line) => ['prodLead', { type: 'confirm', line, note: '' }] as const)]
const offered: Steps = [...checked, ['prodLead', { type: 'offer', incoming: 'lead' }]]

const idea = { proposer: 'welder', implementer: 'fitter' }
const suggestion = (command: Command, steps: Steps) => onDesk({ workflow: 'suggestion', command, parties: idea }, after(steps))
const proposed: Steps = [['welder', { type: 'propose', text: '建议 加装接油盘' }]]
const endorsed: Steps = [...proposed, ['lead', { type: 'endorse', opinion: '同意' }]]
const adopted: Steps = [...endorsed, ['head', { type: 'approve', implementer: 'fitter' }]]

const nearMiss = (command: Command, steps: Steps) =>
  onDesk({ workflow: 'near-miss', command, parties: { reporter: 'welder' } }, after(steps))
const missed: Steps = [['welder', { type: 'report', text: '未遂 吊物滑落' }]]

/** An anonymous report that waits for a reply, asked about by whoever has its receipt. */
const receipt = (plant: Plant): Scene => {
  const door = createDesk('near-miss', { plant })
  const asked = door.must(personOf('welder'), { type: 'reportAnonymously', text: '匿名未遂 吊物滑落' })
  const number = asked.decision.kind === 'accepted' ? (asked.decision.say?.values.receipt ?? '') : ''
  const opened = createDesk('near-miss', { plant })
  for (const { command } of commandsOf(asked)) opened.must(system, command)
  const rows = opened.index().map((row) => ({ ...row, subject: opened.subject }))
  const desk = createDesk('near-miss', { plant, rows })
  return {
    send: (actor) => said(desk.run(actor, { type: 'askReceipt', text: `回执 ${number}` }) as Ran),
    card: cardOn(opened),
    parties: { reporter: 'welder' },
  }
}

const link = (command: Command, steps: Steps) =>
  onDesk({ workflow: 'link', command, parties: { newcomer: 'new', claimant: 'welder' } }, after(steps))
const newcomer = strangerOf('new')
const requested: Steps = [[newcomer, { type: 'request' }]]
const coded: Steps = [...requested, [newcomer, { type: 'issueCode' }]]
const claimed: Steps = [...coded, ['welder', { type: 'claim', code: '40962718' }]]

type Given = {
  readonly command: Command
  readonly from: 'proposed' | 'red' | 'nothing'
  readonly colour?: '黄' | '红'
  readonly steps?: Steps
}
const penalty =
  ({ command, from, colour = '黄', steps = [] }: Given) =>
  (plant: Plant): Scene => {
    const court = createCourt({ plant })
    const propose = { type: 'propose', text: `提议${colour}牌 名fitter 造假` }
    const id =
      from === 'nothing'
        ? null
        : from === 'red'
          ? give(court, 'p1', { colour: 'red' })
          : court.by('officerA', null, propose).subject
    for (const [who, step] of steps) court.rule(actorOf(who), 'penalty', id, step)
    return {
      send: (actor) => said(court.rule(actor, 'penalty', id, command)),
      card: (who) => (id === null ? null : court.card(id, who)),
      parties: {
        holder: 'fitter',
        ...(from === 'red' ? {} : { proposer: 'officerA', issuer: colour === '黄' ? 'head' : 'director' }),
      },
    }
  }
const why = { reason: '查实' }
/** Nothing is left to decide about the pay, so that the principal's card asks for what comes after. */
const decided: Steps = [['hr', { type: 'declineFreeze', ...why }]]
const issued: Steps = [['head', { type: 'confirm' }]]
const issuedRed: Steps = [['director', { type: 'confirm' }]]
const appeal: readonly [string, Command] = ['fitter', { type: 'appeal', ...why }]

const contractor = (plant: Plant): Scene => {
  const court = createCourt({ plant })
  const of = { contractor: '华建', quarter: '2026Q4' }
  const subject = contractorSubject('SH01', '华建', '2026Q4')
  court.send([
    {
      kind: 'command',
      workflow: 'contractor',
      subject,
      key: 'matrix',
      command: { type: 'suspend', key: 'card:1', because: 'redCard', code: 'HP-1', ...of },
    },
  ])
  return {
    send: (actor) => said(court.rule(actor, 'contractor', subject, { type: 'review', ...why })),
    card: (who) => court.card(subject, who),
    parties: { member: 'mason', captain: 'foreman' },
  }
}

/** How the state of each row of the matrix comes about, by the name of the row: a command of a workflow, with what it is about where that changes who may. */
export const scenes: Readonly<Record<string, (plant: Plant) => Scene>> = {
  'hazard.report': hazard(report(), nothing),
  'hazard.addToReport': hazard({ type: 'addToReport', text: '还在漏', files: [], place: null }, reported),
  'hazard.triage': hazard(triage, reported),
  'hazard.accept': hazard({ type: 'accept', colour: '', area: 'pump-3' }, reported),
  'hazard.reject': hazard({ type: 'reject', reason: '误报' }, reported),
  'hazard.merge': hazard({ type: 'merge', into: otherCode, reason: '同一处' }, reported),
  'hazard.acknowledge': hazard({ type: 'acknowledge' }, after([['welder', report('3号泵房起火')]])),
  'hazard.explain': hazard({ type: 'explain', direct: '垫片老化' }, accepted),
  'hazard.regrade': hazard({ type: 'regrade', severity: 'general', colour: 'yellow', reason: '已隔离' }, accepted),
  'hazard.startRectify': hazard({ type: 'startRectify' }, accepted),
  'hazard.showDuring': hazard({ type: 'showDuring' }, accepted),
  'hazard.showReport': hazard({ type: 'showReport' }, accepted),
  'hazard.addEvidence': hazard(evidence('fil_more0000'), rectifying),
  'hazard.submit': hazard({ type: 'submit' }, rectifying),
  'hazard.sign': hazard(signature, rectifying),
  'hazard.confirmRepair': hazard({ type: 'confirmRepair', reason: '本人确认' }, signedMajor),
  'hazard.pass': hazard({ type: 'pass' }, verifying),
  'hazard.veto': hazard({ type: 'veto', reason: '仍在漏' }, verifying),
  'hazard.reopen': hazard({ type: 'reopen', reason: '又漏了' }, closed),
  'hazard.proposePlan': hazard(
    plan,
    after([
      ['welder', report()],
      ['lead', major],
    ]),
  ),
  'hazard.approve plan': hazard({ type: 'approve' }, planned),
  'hazard.approve extension': hazard({ type: 'approve' }, asks(longer)),
  'hazard.approve deferral': hazard({ type: 'approve' }, asks(rest)),
  'hazard.approve closing': hazard({ type: 'approve' }, verified),
  'hazard.sendBack plan': hazard({ type: 'sendBack', reason: '资料不全' }, planned),
  'hazard.sendBack extension': hazard({ type: 'sendBack', reason: '请加快' }, asks(longer)),
  'hazard.sendBack closing': hazard({ type: 'sendBack', reason: '请复查' }, verified),
  'hazard.extend': hazard(longer, rectifying),
  'hazard.defer': hazard(rest, rectifying),
  'hazard.resume': hazard({ type: 'resume' }, (desk) => {
    asks(rest)(desk)
    desk.must(personOf('head'), { type: 'approve' })
  }),
  'hazard.handOver': hazard({ type: 'handOver', owner: 'worker' }, accepted),
  'hazard.takeOver': onDesk(
    {
      workflow: 'hazard',
      command: { type: 'takeOver' },
      parties: { reporter: 'welder', owner: 'fitter', successor: 'prodLead' },
    },
    (desk) => {
      rectifying(desk)
      desk.must(personOf('areaOwner'), { type: 'handOver', owner: 'prodLead' })
    },
  ),
  'verdict.pass': verdict({ type: 'pass' }),
  'verdict.veto': verdict({ type: 'veto', reason: '仍在漏' }),
  'verdict.declare': verdict({ type: 'declare' }),
  'toolbox.gather': toolbox({ type: 'gather', text: '班前会 注意隔离' }, []),
  'toolbox.sign': toolbox({ type: 'sign' }, gathered),
  'toolbox.review': toolbox({ type: 'review' }, gathered),
  'toolbox.close': toolbox({ type: 'close' }, gathered),
  'handover.start': handover({ type: 'start', text: '交班 无异常' }, []),
  'handover.confirm': handover({ type: 'confirm', line: lines[0], note: '' }, started),
  'handover.note': handover({ type: 'note', line: lines[0], note: '有渗漏' }, started),
  'handover.offer': handover({ type: 'offer', incoming: 'lead' }, checked),
  'handover.sign': handover({ type: 'sign' }, offered),
  'handover.disagree': handover({ type: 'disagree', reason: '与现场不符' }, offered),
  'handover.cancel': handover({ type: 'cancel', reason: '发错了' }, started),
  'penalty.propose': penalty({ command: { type: 'propose', text: '提议黄牌 名fitter 造假' }, from: 'nothing' }),
  'penalty.confirm yellow': penalty({ command: { type: 'confirm' }, from: 'proposed' }),
  'penalty.confirm red': penalty({ command: { type: 'confirm' }, from: 'proposed', colour: '红' }),
  'penalty.decline yellow': penalty({ command: { type: 'decline', ...why }, from: 'proposed' }),
  'penalty.decline red': penalty({ command: { type: 'decline', ...why }, from: 'proposed', colour: '红' }),
  'penalty.appeal': penalty({ command: appeal[1], from: 'proposed', steps: issued }),
  'penalty.uphold yellow': penalty({ command: { type: 'uphold', ...why }, from: 'proposed', steps: [...issued, appeal] }),
  'penalty.overturn yellow': penalty({ command: { type: 'overturn', ...why }, from: 'proposed', steps: [...issued, appeal] }),
  'penalty.uphold red': penalty({
    command: { type: 'uphold', ...why },
    from: 'proposed',
    colour: '红',
    steps: [...issuedRed, appeal],
  }),
  'penalty.overturn red': penalty({
    command: { type: 'overturn', ...why },
    from: 'proposed',
    colour: '红',
    steps: [...issuedRed, appeal],
  }),
  'penalty.confirmFreeze': penalty({ command: { type: 'confirmFreeze' }, from: 'red' }),
  'penalty.declineFreeze': penalty({ command: { type: 'declineFreeze', ...why }, from: 'red' }),
  'penalty.noteTalk': penalty({ command: { type: 'noteTalk', ...why }, from: 'red', steps: decided }),
  'penalty.noteTraining': penalty({ command: { type: 'noteTraining', ...why }, from: 'red', steps: decided }),
  'contractor.review': contractor,
  'suggestion.propose': suggestion({ type: 'propose', text: '建议 加装接油盘' }, []),
  'suggestion.endorse': suggestion({ type: 'endorse', opinion: '同意' }, proposed),
  'suggestion.approve': suggestion({ type: 'approve', implementer: 'fitter' }, endorsed),
  'suggestion.decline': suggestion({ type: 'decline', reason: '暂无预算' }, endorsed),
  'suggestion.reassign': suggestion({ type: 'reassign', implementer: 'worker' }, adopted),
  'suggestion.finish': suggestion({ type: 'finish', reason: '已加装' }, adopted),
  'near-miss.report': nearMiss({ type: 'report', text: '未遂 吊物滑落' }, []),
  'near-miss.reportAnonymously': nearMiss({ type: 'reportAnonymously', text: '匿名未遂 吊物滑落' }, []),
  'near-miss.askReceipt': receipt,
  'near-miss.reply': nearMiss({ type: 'reply', reason: '已更换' }, missed),
  'near-miss.convert': nearMiss({ type: 'convert' }, missed),
  'portrait.ask': onDesk({ workflow: 'portrait', command: { type: 'ask' }, parties: { asker: 'welder' } }, nothing),
  ...permitScenes,
  'link.request': link({ type: 'request' }, []),
  'link.issueCode': link({ type: 'issueCode' }, requested),
  'link.claim': link({ type: 'claim', code: '40962718' }, coded),
  'link.confirm': link({ type: 'confirm' }, claimed),
  'link.deny': link({ type: 'deny' }, requested),
  'link.assign': link({ type: 'assign', employeeNo: 'E1' }, requested),
}

/** Who stands in each column. */
export const columns: Readonly<Record<string, Actor>> = {
  worker: personOf('worker'),
  mason: personOf('mason'),
  lead: personOf('lead'),
  other: personOf('yardLead'),
  area: personOf('areaOwner'),
  officer: personOf('officerB'),
  head: personOf('head'),
  director: personOf('director'),
  safety: personOf('safetyDirector'),
  principal: personOf('principal'),
  hr: personOf('hr'),
  auditor: personOf('auditor'),
  admin: personOf('admin'),
  stranger: strangerOf('visitor'),
}

export const sceneOf = (row: string, also: Parameters<typeof matrixPlant>[0] = []): Scene => {
  const make = scenes[row]
  if (!make) throw new Error(`no scene ${row}`)
  return make(matrixPlant(also))
}
