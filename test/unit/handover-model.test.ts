import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import type { HandoverState } from '../../src/workflows/handover/handover.ts'
import { alarmsOf, because, clock, createDesk, dutiesOf, person, plantWith, system, untrue, waitingFor } from './desk.ts'

/**
 * What two leads would say of a handover, written apart from the implementation: whose turn it is, what has been gone through, and when the department head hears
 * of it. 名prodLead hands over; 名lead and 名fitter lead a team too and can take over.
 */
type Status = HandoverState['status']
type Model = {
  status: Status
  readonly checked: Set<string>
  incoming: string | null
  sentBack: boolean
  askedAbout: string | null
  /** When the head hears of it next. */
  rings: number
  away: readonly string[]
  signatures: number
}
type Step = { readonly who: string; readonly type: string } & Readonly<Record<string, string>>
type Outcome = 'no' | 'asks' | Status

const checklist = ['hazards', 'equipment', 'interimControls', 'permits']
const ended = ({ status }: Model): boolean => status === 'signed' || status === 'cancelled'
const canTakeOver = ({ away }: Model): readonly string[] => ['fitter', 'lead'].filter((id) => !away.includes(id))
const turn = ({ status, incoming }: Model): string | null =>
  status === 'preparing' ? 'prodLead' : status === 'offered' ? incoming : null
const words = ({ note = '', reason = '' }: Step): string => (note || reason).trim()

/** To whom an offer goes: whoever is named, else whoever sent it back, else the only one there is; `asks` when that is nobody in particular. */
const heir = (model: Model, { reason = '' }: Step): string | 'asks' | 'no' => {
  const among = canTakeOver(model)
  if (among.length === 0) return 'no'
  if (reason !== '') return among.find((id) => reason === id || reason === `名${id}`) ?? 'no'
  if (model.sentBack && among.includes(model.incoming ?? '')) return model.incoming ?? 'no'
  return among.length === 1 ? (among[0] ?? 'no') : 'asks'
}

const rules: Readonly<Record<string, (model: Model, step: Step) => Outcome>> = {
  confirm: (model, step) => {
    if (step.who !== 'prodLead' || model.status !== 'preparing' || !checklist.includes(step.line ?? '')) return 'no'
    return words(step) === '' && model.checked.has(step.line ?? '') && !model.sentBack ? 'no' : 'preparing'
  },
  note: (model, step) => {
    const line = step.line ?? model.askedAbout ?? ''
    if (step.who !== 'prodLead' || model.status !== 'preparing' || !checklist.includes(line)) return 'no'
    return words(step) === '' ? 'asks' : 'preparing'
  },
  offer: (model, step) => {
    if (step.who !== 'prodLead' || ended(model) || model.checked.size < checklist.length) return 'no'
    const to = heir(model, step)
    if (to === 'no' || to === 'asks') return to
    return model.status === 'offered' && to === model.incoming ? 'no' : 'offered'
  },
  sign: (model, { who }) => (model.status === 'offered' && who === model.incoming ? 'signed' : 'no'),
  disagree: (model, step) => {
    if (model.status !== 'offered' || step.who !== model.incoming) return 'no'
    return words(step) === '' ? 'asks' : 'preparing'
  },
  cancel: (model, step) => (step.who !== 'prodLead' || ended(model) ? 'no' : words(step) === '' ? 'asks' : 'cancelled'),
}

const follow = (model: Model, step: Step, to: Outcome): void => {
  if (step.type === 'note' && to === 'asks') model.askedAbout = step.line ?? model.askedAbout
  if (to === 'no' || to === 'asks') return
  if (step.type === 'confirm' || step.type === 'note') {
    model.checked.add(step.line ?? model.askedAbout ?? '')
    model.askedAbout = null
  }
  if (step.type === 'offer') {
    model.incoming = heir(model, step)
    model.askedAbout = null
  }
  if (step.type === 'disagree') model.sentBack = true
  if (step.type === 'sign') model.signatures += 1
  model.status = to
}

const twoLeads = { also: [['fitter', 'teamLead@prod']] as const }
const open = () => {
  const desk = createDesk<HandoverState>('handover', { plant: plantWith(twoLeads) })
  desk.must(person('prodLead'), { type: 'start', text: '交班 2号泵备用' })
  const rings = desk.now().getTime() + minutes(30)
  const model: Model = {
    status: 'preparing',
    checked: new Set(),
    incoming: null,
    sentBack: false,
    askedAbout: null,
    rings,
    away: [],
    signatures: 0,
  }
  return { desk, model, past: [] as Step[] }
}
type Game = ReturnType<typeof open>

const play = (step: Step, { desk, model, past }: Game): void => {
  const wanted = rules[step.type]?.(model, step) ?? 'no'
  const before = JSON.stringify(desk.state())
  const { who, ...command } = step
  const result = desk.run(person(who), command)
  const said = `${JSON.stringify(step)} in ${model.status}: model ${wanted}, handover ${because(result)}`
  expect(result.decision.kind === 'refused', said).toBe(wanted === 'no')
  if (wanted === 'no' || (wanted === 'asks' && step.type !== 'note')) expect(JSON.stringify(desk.state()), said).toBe(before)
  follow(model, step, wanted)
  past.push(step)
}

/** The clock strikes, due or not, once or twice: only from its time on somebody hears of it, and then an hour later again. */
const strike = ({ desk, model }: Game): void => {
  const now = desk.now().getTime()
  const result = desk.run(clock, { type: 'climb' })
  if (ended(model)) {
    expect(result.decision.kind).toBe('refused')
    return
  }
  const isDue = now >= model.rings
  const heads = model.away.includes('head') ? [] : ['head']
  const what = model.status === 'offered' ? 'sign' : 'prepare'
  expect(dutiesOf(result)).toEqual(isDue ? [`${turn(model)} ${what}!`, ...heads.map((id) => `${id} unsigned!`)] : [])
  expect(alarmsOf(result)).toEqual(isDue && heads.length === 0 ? ['nobody-holds deptHead'] : [])
  if (isDue) model.rings = now + hours(1)
}

const fireDue = (game: Game): void => {
  const due = game.desk.deadlines.get('climb')
  if (!due || due.at.getTime() > game.desk.now().getTime()) return
  game.desk.deadlines.delete('climb')
  strike(game)
}

const agree = ({ desk, model }: Game): void => {
  const { status, incoming, lines } = desk.state()
  expect([status, incoming]).toEqual([model.status, model.incoming])
  expect(lines.filter(({ checked }) => checked !== null).map(({ id }) => id)).toEqual(
    checklist.filter((line) => model.checked.has(line)),
  )
  const clocks = [...desk.deadlines].map(([tag, { at }]) => [tag, at.getTime()])
  expect(clocks).toEqual(ended(model) ? [] : [['climb', model.rings]])
  expect(waitingFor(desk)).toEqual(turn(model) === null ? [] : [turn(model)])
  expect(model.signatures).toBe(model.status === 'signed' ? 1 : 0)
  expect(untrue(desk)).toEqual([])
}

const someone = fc.constantFrom('prodLead', 'prodLead', 'lead', 'fitter', 'head', 'admin', 'welder')
const reason = fc.constantFrom('', '不符', '名lead', 'fitter', '张三')
const move = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('act' as const),
      who: someone,
      type: fc.constantFrom('confirm', 'note'),
      line: fc.constantFrom(...checklist, 'nowhere'),
      note: fc.constantFrom('', '有情况'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('act' as const),
      who: someone,
      type: fc.constantFrom('offer', 'sign', 'disagree', 'note'),
      reason,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('act' as const), who: someone, type: fc.constant('cancel'), reason }) },
  { weight: 6, arbitrary: fc.constant({ kind: 'onward' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('again' as const), back: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('jump' as const), minutes: fc.integer({ min: -200, max: 4_000 }) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'strike' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lost' as const), who: someone }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('plant' as const), away: fc.subarray(['lead', 'fitter', 'head']) }) },
)

/** The ordinary next step, so that the game also gets far. */
const onward = ({ model }: Game): Step => {
  const open = checklist.find((line) => !model.checked.has(line))
  if (model.status === 'offered') return { who: model.incoming ?? '', type: 'sign' }
  return open
    ? { who: 'prodLead', type: 'confirm', line: open, note: '' }
    : { who: 'prodLead', type: 'offer', reason: canTakeOver(model)[0] ?? 'lead' }
}

test('a handover and a model written apart agree on every step, whatever is repeated, comes late or finds the clock moved', () => {
  const reached = new Set<Status>()
  fc.assert(
    fc.property(fc.array(move, { minLength: 5, maxLength: 50, size: 'max' }), (moves) => {
      const game = open()
      const { desk, model, past } = game
      for (const one of moves) {
        if (one.kind === 'act') {
          const { kind: _, ...step } = one
          play(step as Step, game)
        }
        if (one.kind === 'onward') play(onward(game), game)
        const repeated = one.kind === 'again' ? past[past.length - 1 - one.back] : undefined
        if (repeated) play(repeated, game)
        if (one.kind === 'jump') desk.passes(minutes(one.minutes))
        if (one.kind === 'strike') strike(game)
        if (one.kind === 'lost') desk.must(system, { type: 'reportUnreachable', person: one.who, duty: 'sign' })
        if (one.kind === 'plant') {
          desk.change({ unreachable: one.away, ...twoLeads })
          model.away = one.away
        }
        fireDue(game)
        agree(game)
        reached.add(model.status)
      }
    }),
    { numRuns: 300, seed: 20261124 },
  )
  expect([...reached].sort()).toEqual(['cancelled', 'offered', 'preparing', 'signed'])
})
