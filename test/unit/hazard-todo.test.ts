import fc from 'fast-check'
import { expect, test } from 'vitest'
import { missingStages } from '../../src/workflows/hazard/photos.ts'
import {
  accepts,
  causes,
  type HazardDesk,
  hazardIn,
  judged,
  longer,
  major,
  otherCode,
  person,
  plan,
  type Result,
  rest,
  type Situation,
  showsRepair,
  showsReport,
  signature,
  situations,
  system,
  triage,
  waitingFor,
} from './hazard-govern-desk.ts'

/** What people were asked to do, as their phones saw it: written apart from the rows, from the cards with a duty and from a few words about the case. */
type Phones = { triage: Set<string>; question: string; deciders: Set<string>; confirmers: Set<string>; lost: Set<string> }
const silent = (): Phones => ({ triage: new Set(), question: '', deciders: new Set(), confirmers: new Set(), lost: new Set() })

/** The question that waits for somebody above the owner, if one does. */
const questionNow = (desk: HazardDesk): string => {
  const { status, plan: proposed, request, colour } = desk.state()
  if (status === 'listed_pending') return proposed ? 'plan' : 'proposal'
  if (status === 'verified') return 'signOff'
  return request && (status === 'accepted' || status === 'rectifying') ? `${request.kind} ${colour === 'red' ? 'red' : ''}` : ''
}

const areaIsAwaited = (desk: HazardDesk): boolean => {
  const { status, signed = [], colour } = desk.state()
  return status === 'rectifying' && colour === 'red' && signed.length === 1
}

/** Brings the phones up to what a step has sent. */
const hear = (phones: Phones, { effects, decision }: Result, desk: HazardDesk): void => {
  const events = decision.kind === 'accepted' ? decision.events.map(({ type }) => type) : []
  if (desk.state().status !== 'reported' || events.includes('reopened')) phones.triage.clear()
  const question = questionNow(desk)
  if (question !== phones.question) phones.deciders.clear()
  phones.question = question
  if (!areaIsAwaited(desk) || events.includes('signed')) phones.confirmers.clear()
  for (const event of decision.kind === 'accepted' ? decision.events : []) {
    if (event.type === 'unreachable' && 'person' in event) phones.confirmers.delete(String(event.person))
  }
  for (const effect of effects) {
    if (effect.kind !== 'showCard' || effect.to.kind !== 'person') continue
    const { person: id } = effect.to
    if (effect.duty === 'triage' && desk.state().status === 'reported') phones.triage.add(id)
    if (effect.duty === 'decide' || effect.duty === 'plan') phones.deciders.add(id)
    if (effect.duty === 'confirmRepair') phones.confirmers.add(id)
  }
}

/** Who owes this case something now. */
const owes = (phones: Phones, desk: HazardDesk): readonly string[] => {
  const { status, owner, colour, closedAt, triager, causes: said = {}, reach = [], repeat } = desk.state()
  if (closedAt !== null) return []
  const works = ['accepted', 'rectifying', 'deferred', 'triaged'].includes(status) && !areaIsAwaited(desk)
  const wants = colour === 'red' || colour === 'orange' || repeat !== undefined
  const isTold = said.direct && said.indirect && said.control && (said.root || !repeat)
  const explains = ['listed_pending', 'accepted', 'rectifying', 'deferred'].includes(status) && wants && !isTold
  const pace = colour ?? desk.state().suggestion.colour
  const reads = pace === 'red' ? reach.flatMap(({ reached, called }) => (reached === null ? called : [])) : []
  const seats = status === 'verifying' ? (desk.state().seats ?? []).map(({ verifier }) => verifier) : []
  const all = [
    ...phones.triage,
    ...phones.deciders,
    ...phones.confirmers,
    ...(works && owner !== null ? [owner] : []),
    ...(explains && triager ? [triager.person] : []),
    ...reads.filter((id) => !seats.includes(id)),
  ]
  return [...new Set(all)].sort()
}

/** Whoever owes something finds the button for it first. The owner alone may have to wait: for the causes that somebody else owes. */
const hasButton = (id: string, desk: HazardDesk): boolean => {
  const waitsForCauses = id === desk.state().owner && waitingFor(desk).includes(desk.state().triager?.person ?? '')
  return waitsForCauses || desk.card(id).actions.some(({ style }) => style === 'primary')
}

const who = fc.constantFrom(
  'lead',
  'head',
  'director',
  'principal',
  'fitter',
  'prodLead',
  'areaOwner',
  'officerA',
  'safetyDirector',
)
const commands = [
  triage,
  { ...triage, colour: 'red' },
  { ...triage, colour: 'yellow', owner: 'areaOwner' },
  { ...triage, colour: 'orange', direct: '', indirect: '', control: '' },
  major,
  { ...accepts, area: 'pump-3' },
  { type: 'explain', ...causes },
  plan,
  { type: 'approve' },
  { type: 'sendBack', reason: '再想想' },
  longer,
  rest,
  { type: 'resume' },
  { type: 'handOver', owner: 'prodLead' },
  { type: 'takeOver' },
  { type: 'reject', reason: '误报' },
  { type: 'reopen', reason: '还在漏' },
  { type: 'merge', into: otherCode, reason: '同一处' },
  { type: 'regrade', severity: '', colour: 'red', reason: '复核' },
  { type: 'regrade', severity: 'order10', colour: '', reason: '复核' },
  signature,
  { type: 'confirmRepair', reason: '本人确认' },
  { type: 'acknowledge' },
] as const
type Ordinary = { readonly by: string; readonly command: (typeof commands)[number] } | 'shows' | 'judged'
const confirms: Ordinary = { by: 'areaOwner', command: { type: 'confirmRepair', reason: '本人确认' } }
/** The ordinary next steps, so that the game also gets far. */
const onward: Readonly<Record<string, readonly Ordinary[]>> = {
  reported: [triage, { ...triage, colour: 'red' }, major].map((command) => ({ by: 'lead', command })),
  triaged: [{ by: 'fitter', command: { ...accepts, area: 'pump-3' } }],
  listed_pending: [
    { by: 'fitter', command: plan },
    { by: 'principal', command: { type: 'approve' } },
  ],
  accepted: ['shows', { by: 'fitter', command: longer }, { by: 'fitter', command: rest }],
  rectifying: [
    { by: 'fitter', command: signature },
    { by: 'fitter', command: signature },
    { by: 'director', command: { type: 'approve' } },
  ],
  deferred: [{ by: 'fitter', command: { type: 'resume' } }],
  verifying: ['judged'],
  verified: [{ by: 'principal', command: { type: 'approve' } }],
}
const step = fc.oneof(
  { weight: 30, arbitrary: fc.record({ kind: fc.constant('onward' as const), pick: fc.nat(11) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('act' as const), who, command: fc.constantFrom(...commands) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('owner' as const), command: fc.constantFrom(...commands) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'shows' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'fire' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'judged' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('lost' as const), who, duty: fc.constantFrom('confirmRepair', 'decide') }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

let shown = 0
const showsAll = (desk: HazardDesk): void => {
  const { status, severity, colour } = desk.state()
  if (status !== 'accepted' && status !== 'rectifying') return
  shown += 1
  showsRepair(desk, `t${shown}`)
  if (severity === 'major' || colour === 'red') showsReport(desk, `t${shown}`)
}

/** What one step does; the phones hear of each command alone. */
const play = (one: Step, desk: HazardDesk, phones: Phones): void => {
  const before = desk.effects.length
  const heard = (result: Result): void => hear(phones, result, desk)
  const owner = desk.state().owner ?? 'fitter'
  if (one.kind === 'onward') {
    const steps = onward[desk.state().status] ?? []
    const missing = desk.state().status === 'rectifying' && missingStages(desk.state()).length > 0
    const next = missing ? 'shows' : areaIsAwaited(desk) ? confirms : steps[one.pick % Math.max(1, steps.length)]
    if (typeof next === 'string') play({ kind: next }, desk, phones)
    else if (next) heard(desk.run(person(next.by), next.command))
  } else if (one.kind === 'act') heard(desk.run(person(one.who), one.command))
  else if (one.kind === 'owner') heard(desk.run(person(owner), one.command))
  else if (one.kind === 'judged') for (const result of desk.state().status === 'verifying' ? judged(desk) : []) heard(result)
  else if (one.kind === 'lost') heard(desk.run(system, { type: 'reportUnreachable', person: one.who, duty: one.duty }))
  else if (one.kind === 'fire') fire(desk, heard)
  else {
    showsAll(desk)
    heard({ decision: { kind: 'accepted', events: [], effects: [], say: null }, effects: desk.effects.slice(before) })
    if (areaIsAwaited(desk)) throw new Error('evidence was added and the signature stands')
  }
}

/** The clock that is next, when it is due. */
const fire = (desk: HazardDesk, heard: (result: Result) => void): void => {
  const [first] = [...desk.deadlines].sort(([, a], [, b]) => a.at.getTime() - b.at.getTime())
  if (!first) return
  const [tag, { at }] = first
  desk.passes(Math.max(0, at.getTime() - desk.now().getTime()))
  heard(desk.fire(tag))
}

const begins = Object.keys(situations) as Situation[]

test('whoever owes a case something has it on their list, and nobody else; and the card has the button for it', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(fc.constantFrom(...begins), fc.array(step, { maxLength: 25, size: 'max' }), (from, steps) => {
      const desk = hazardIn('reported')
      const phones = silent()
      phones.triage.add('lead').add('head')
      const opening: Readonly<Partial<Record<Situation, readonly (readonly [string, (typeof commands)[number]])[]>>> = {
        listed: [['lead', major]],
        planned: [
          ['lead', major],
          ['fitter', plan],
        ],
      }
      const first = opening[from] ?? (from === 'reported' ? [] : ([['lead', triage]] as const))
      for (const [by, command] of first) hear(phones, desk.must(person(by), command), desk)
      for (const one of steps) {
        desk.passes(1)
        play(one, desk, phones)
        const said = `${JSON.stringify(one)} in ${desk.state().status} ${desk.state().colour}`
        expect(waitingFor(desk), said).toEqual(owes(phones, desk))
        for (const id of waitingFor(desk)) expect(hasButton(id, desk), `${said}: ${id}`).toBe(true)
        if (waitingFor(desk).length > 0) seen.add(desk.state().status)
        if (phones.confirmers.size > 0) seen.add('confirms')
        if (phones.question !== '') seen.add(phones.question.split(' ')[0] ?? '')
      }
    }),
    { numRuns: 400, seed: 20261124 },
  )
  expect([...seen].sort()).toEqual(
    [
      ...['accepted', 'confirms', 'deferral', 'deferred', 'extension', 'listed_pending', 'plan', 'proposal', 'rectifying'],
      ...['reported', 'signOff', 'triaged', 'verified', 'verifying'],
    ].sort(),
  )
})

test('of those who may sign for an area only its owner is asked; once no message reaches them, everybody else who may', () => {
  const desk = hazardIn('planned')
  desk.must(person('principal'), { type: 'approve' })
  showsAll(desk)
  desk.must(person('safetyDirector'), { type: 'acknowledge' })
  desk.must(person('fitter'), signature)
  expect(desk.state().confirming).toEqual(['areaOwner', 'head'])
  expect(waitingFor(desk)).toEqual(['areaOwner'])
  desk.must(system, { type: 'reportUnreachable', person: 'areaOwner', duty: 'confirmRepair' })
  expect(waitingFor(desk)).toEqual(['areaOwner', 'head'].filter((id) => id !== 'areaOwner' || isReading(desk)))
})

const isReading = (desk: HazardDesk): boolean =>
  (desk.state().reach ?? []).some(({ reached, called }) => reached === null && called.includes('areaOwner'))
