import fc from 'fast-check'
import { expect, test } from 'vitest'
import { days, hours, later } from '../../src/lib/clock.ts'
import type { PenaltyState } from '../../src/workflows/penalty/penalty.ts'
import { because, type Court, callsOf, createCourt, give, untrue } from './penalty-desk.ts'

/**
 * One card and its clocks, told apart from how they are made: what stands on the paper of a works council. Every instant is written out from a calendar on the wall
 * (February 2026: free 15 to 23, Saturday 14 and 28 worked), so that nothing here asks the calendar of the implementation.
 */
type Status = PenaltyState['status']
type Paper = {
  status: Status
  colour: 'yellow' | 'red'
  raised: number
  issued: number | null
  /** An appeal may come before this. */
  appealEnds: number
  appealed: boolean
  appealOver: boolean
  /** A yellow card ends then; a red one never. */
  ends: number
  ended: boolean
  freeze: PenaltyState['freeze']
  freezeEnds: number
  /** Talk and re-training after a red card, once held. */
  held: Set<string>
  by: Set<string>
}

const at = (local: string): number => new Date(`${local}:00+08:00`).getTime()
const worked = [
  '02-09',
  '02-10',
  '02-11',
  '02-12',
  '02-13',
  '02-14',
  '02-24',
  '02-25',
  '02-26',
  '02-27',
  '02-28',
  '03-02',
  '03-03',
]
const moreWorked = [
  '03-04',
  '03-05',
  '03-06',
  '03-09',
  '03-10',
  '03-11',
  '03-12',
  '03-13',
  '03-16',
  '03-17',
  '03-18',
  '03-19',
  '03-20',
]
const wall = [...worked, ...moreWorked]
/** Midnight that ends the third worked day after the one on which the card was given. */
const thirdDayEnds = (issued: number): number => {
  const day = new Date(issued + hours(8)).toISOString().slice(5, 10)
  const third = wall.filter((one) => one > day)[2] ?? ''
  return at(`2026-${third}T00:00`) + days(1)
}
const monthEnds = (issued: number): number => at(issued < at('2026-03-01T00:00') ? '2026-03-01T00:00' : '2026-04-01T00:00')

const holder = 'fitter'
const line = { yellow: ['head', 'safetyDirector', 'principal'], red: ['director', 'safetyDirector', 'principal'] }
const reviewers = ['safetyDirector', 'director', 'principal']
const payers = ['hr', 'principal']
const stands = ({ status }: Paper): boolean => status === 'issued' || status === 'expired' || status === 'underAppeal'

const issue = (paper: Paper, now: number): void => {
  paper.status = 'issued'
  paper.issued = now
  paper.appealEnds = thirdDayEnds(now)
  paper.ends = paper.colour === 'red' ? Number.POSITIVE_INFINITY : Math.min(now + days(30), monthEnds(now))
  paper.freeze = paper.colour === 'red' ? 'requested' : 'none'
  paper.freezeEnds = now + days(7)
}

type Press = (paper: Paper, who: string, now: number) => boolean
const free = (paper: Paper, who: string): boolean => who !== holder && !paper.by.has(who)
/** Whether a press is taken, and what it leads to. */
const presses: Record<string, Press> = {
  confirm: (paper, who, now) => {
    if (paper.status !== 'proposed' || !line[paper.colour].includes(who) || !free(paper, who)) return false
    issue(paper, now)
    return true
  },
  decline: (paper, who) => {
    if (paper.status !== 'proposed' || !line[paper.colour].includes(who) || !free(paper, who)) return false
    paper.status = 'declined'
    return true
  },
  appeal: (paper, who, now) => {
    const inTime = now < paper.appealEnds && !paper.appealOver
    if (who !== holder || paper.appealed || !stands(paper) || !inTime) return false
    paper.appealed = true
    paper.status = 'underAppeal'
    return true
  },
  uphold: (paper, who, now) => {
    if (paper.status !== 'underAppeal' || !reviewers.includes(who) || !free(paper, who)) return false
    paper.status = paper.ended ? 'expired' : 'issued'
    paper.appealOver = true
    if (paper.freeze === 'requested') paper.freezeEnds = now + days(7)
    return true
  },
  overturn: (paper, who) => {
    if (paper.status !== 'underAppeal' || !reviewers.includes(who) || !free(paper, who)) return false
    paper.status = 'overturned'
    return true
  },
  confirmFreeze: (paper, who) => {
    const may = paper.freeze === 'requested' && stands(paper) && payers.includes(who) && free(paper, who)
    if (!may || paper.status === 'underAppeal') return false
    paper.freeze = 'confirmed'
    return true
  },
  declineFreeze: (paper, who) => {
    const may = paper.freeze === 'requested' && stands(paper) && payers.includes(who) && free(paper, who)
    if (!may || paper.status === 'underAppeal') return false
    paper.freeze = 'declined'
    return true
  },
}

const follows = {
  noteTalk: ['head', 'director', 'safetyDirector', 'principal'],
  noteTraining: ['officer', 'safetyDirector', 'principal'],
}
for (const [type, roles] of Object.entries(follows))
  presses[type] = (paper, who) => {
    const owed = paper.colour === 'red' && paper.status !== 'underAppeal' && stands(paper) && !paper.held.has(type)
    if (!owed || !roles.includes(who)) return false
    paper.held.add(type)
    return true
  }

/** What every clock that is due has done by now; clocks never do anything before their time, however often they are delivered. */
const timePasses = (paper: Paper, now: number): void => {
  if (stands(paper) && now >= paper.ends) {
    paper.ended = true
    if (paper.status === 'issued') paper.status = 'expired'
  }
  if (stands(paper) && !paper.appealed && now >= paper.appealEnds) paper.appealOver = true
}
/** Those that are asked again each day are looked at then: what has had no answer by its end falls at the next look. */
const looksAgain = (paper: Paper, question: string, now: number): void => {
  if (question === 'confirm' && paper.status === 'proposed' && now >= paper.raised + days(7)) paper.status = 'declined'
  const rests = paper.freeze === 'requested' && stands(paper) && paper.status !== 'underAppeal'
  if (question === 'freeze' && rests && now >= paper.freezeEnds) paper.freeze = 'lapsed'
}

type Game = { readonly court: Court; readonly id: string; readonly paper: Paper }
const begin = (kind: 'rule' | 'proposal', colour: 'yellow' | 'red', day: number, hour: number): Game => {
  const start = at('2026-02-09T00:00') + days(day) + hours(hour)
  const court = createCourt({ start: new Date(start).toISOString() })
  const paper: Paper = {
    status: 'proposed',
    colour,
    raised: start,
    issued: null,
    appealEnds: Number.POSITIVE_INFINITY,
    appealed: false,
    appealOver: false,
    ends: Number.POSITIVE_INFINITY,
    ended: false,
    freeze: 'none',
    freezeEnds: 0,
    held: new Set(),
    by: new Set(),
  }
  if (kind === 'rule') {
    issue(paper, start)
    return { court, id: give(court, 'p1', { colour }), paper }
  }
  const text = `提议${colour === 'red' ? '红' : '黄'}牌 名fitter 造假`
  paper.by.add('officer')
  return { court, id: court.by('officer', null, { type: 'propose', text }).subject, paper }
}

const press = ({ court, id, paper }: Game, who: string, type: string): void => {
  const now = court.world.at.getTime()
  const before = paper.status
  const wanted = presses[type]?.(paper, who, now) ?? false
  const result = court.by(who, id, { type, reason: '查实' })
  expect(result.decision.kind === 'accepted', `${who} ${type} in ${before}: ${because(result)}`).toBe(wanted)
  if (wanted) paper.by.add(who)
}

/** A clock of the card is delivered, whether it is due or not, and perhaps a second time. */
const deliver = ({ court, id, paper }: Game, which: string): void => {
  const [type = '', question] = which.split(' ')
  const before = JSON.stringify([court.penalty(id).status, court.penalty(id).freeze])
  const now = court.world.at.getTime()
  court.rule({ kind: 'clock' }, 'penalty', id, { type, ...(question ? { question } : {}) })
  court.deliver()
  if (question) looksAgain(paper, question, now)
  timePasses(paper, now)
  if (now < Math.min(paper.ends, paper.appealEnds) && !question)
    expect(JSON.stringify([court.penalty(id).status, court.penalty(id).freeze])).toBe(before)
}

/** The clocks that are due strike, oldest first; where an end has come, the paper has it too. */
const strike = (game: Game): void => {
  const { court, paper, id } = game
  const now = court.world.at.getTime()
  for (const question of ['confirm', 'freeze']) {
    const due = court.clocks.get(`${id} ${question}`)
    if (due && due.at.getTime() <= now) looksAgain(paper, question, now)
  }
  timePasses(paper, now)
  court.strike()
}

/** Exactly the clocks that the paper waits for. */
const waitsFor = (paper: Paper): readonly string[] => {
  if (paper.status === 'proposed') return ['confirm']
  if (!stands(paper)) return []
  const appeals = paper.status === 'underAppeal' ? ['review'] : paper.appealOver ? [] : ['appeal']
  const life = paper.colour === 'yellow' && !paper.ended ? ['expire'] : []
  const owed = [...(paper.held.has('noteTalk') ? [] : ['talk']), ...(paper.held.has('noteTraining') ? [] : ['training'])]
  const after = paper.colour === 'red' ? owed : []
  return [...appeals, ...life, ...after, ...(paper.freeze === 'requested' ? ['freeze'] : [])].sort()
}

const agree = ({ court, id, paper }: Game): void => {
  const { status, freeze, expired, appealClosed } = court.penalty(id)
  expect({ status, freeze, expired, appealClosed }).toEqual({
    status: paper.status,
    freeze: paper.freeze,
    expired: paper.ended,
    appealClosed: paper.appealOver,
  })
  const clocks = [...court.clocks.values()].filter((one) => one.subject === id).map(({ tag }) => tag)
  expect(clocks.sort()).toEqual(waitsFor(paper))
  expect(court.points(holder)?.total ?? 0).toBe(stands(paper) ? (paper.colour === 'red' ? -30 : -10) : 0)
  const calls = callsOf(court.effects).map((one) => one.split(' ')[1])
  const wasFrozen = paper.freeze === 'confirmed'
  expect(calls).toEqual([
    ...(wasFrozen ? ['allowance.freeze'] : []),
    ...(wasFrozen && paper.status === 'overturned' ? ['allowance.unfreeze'] : []),
  ])
  expect(untrue(court)).toEqual([])
}

const everyone = fc.constantFrom('fitter', 'fitter', 'head', 'director', 'safetyDirector', 'principal', 'hr', 'officer', 'admin')
const clocks = [
  'expire',
  'closeAppeal',
  'askAgain confirm',
  'askAgain review',
  'askAgain freeze',
  'askAgain talk',
  'askAgain training',
] as const
const move = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ do: 'press' as const, who: 'fitter', type: 'appeal' }) },
  { weight: 1, arbitrary: fc.constant({ do: 'press' as const, who: 'principal', type: 'uphold' }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('press' as const),
      who: everyone,
      type: fc.constantFrom(...Object.keys(presses), 'confirm', 'appeal', 'appeal'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('clock' as const), which: fc.constantFrom(...clocks), twice: fc.boolean() }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('jump' as const), hours: fc.integer({ min: -20, max: 90 }) }) },
)

test('one card: whatever is pressed, delivered twice, early or late, it stands as the paper has it, over Spring Festival and month end', () => {
  const reached = new Set<string>()
  const start = fc.record({
    kind: fc.constantFrom('rule' as const, 'proposal' as const),
    colour: fc.constantFrom('yellow' as const, 'red' as const),
    day: fc.oneof(fc.nat(19), fc.integer({ min: 16, max: 19 })),
    hour: fc.nat(23),
  })
  fc.assert(
    fc.property(start, fc.array(move, { maxLength: 30, size: 'max' }), ({ kind, colour, day, hour }, moves) => {
      const game = begin(kind, colour, day, hour)
      agree(game)
      const latest = at('2026-03-15T00:00')
      for (const one of moves) {
        if (one.do === 'press') press(game, one.who, one.type)
        if (one.do === 'clock') for (let n = one.twice ? 2 : 1; n > 0; n -= 1) deliver(game, one.which)
        if (one.do === 'jump' && game.court.world.at.getTime() + hours(one.hours) < latest)
          game.court.world.at = later(game.court.world.at, hours(one.hours))
        strike(game)
        agree(game)
        reached.add(game.paper.status)
        if (game.paper.status === 'expired' && game.paper.appealed) reached.add('expired, upheld')
      }
    }),
    { numRuns: 300, seed: 20261124 },
  )
  expect([...reached].sort()).toEqual([
    'declined',
    'expired',
    'expired, upheld',
    'issued',
    'overturned',
    'proposed',
    'underAppeal',
  ])
})
