import { expect, test } from 'vitest'
import { penaltyText } from '../../src/cards/text/penalty.ts'
import type { Actor } from '../../src/workflows/workflow.ts'
import { because, type Court, createCourt, everybody, give, person } from './penalty-desk.ts'

/**
 * Who may do what, and when. `fitter` holds the card, `officer` proposed it, `head` confirmed it; the red one was given by a rule. `role`: not theirs to
 * decide; `part`: they had a hand in it, or hold it, or administer the system; `own`: only the holder; `late`: not now.
 */
const table = `
                                      proposed  declined  issued    appealed  upheld    overturned  red
confirm
  head                                yes       late      late      late      late      late        late
  safetyDirector principal            yes       late      late      late      late      late        late
  fitter lead director officer        role      late      late      late      late      late        late
  officerB hr admin welder foreman    role      late      late      late      late      late        late
  stranger                            link      link      link      link      link      link        link
decline
  head                                yes       late      late      late      late      late        late
  safetyDirector principal            yes       late      late      late      late      late        late
  fitter lead director officer        role      late      late      late      late      late        late
  officerB hr admin welder foreman    role      late      late      late      late      late        late
  stranger                            link      link      link      link      link      link        link
appeal
  fitter                              late      late      yes       again     again     again       yes
  lead head director safetyDirector   own       own       own       own       own       own         own
  officer officerB hr principal admin own       own       own       own       own       own         own
  welder foreman                      own       own       own       own       own       own         own
  stranger                            link      link      link      link      link      link        link
uphold
  safetyDirector director principal   late      late      late      yes       late      late        late
  fitter lead head officer officerB   late      late      late      role      late      late        late
  hr admin welder foreman             late      late      late      role      late      late        late
  stranger                            link      link      link      link      link      link        link
overturn
  safetyDirector director principal   late      late      late      yes       late      late        late
  fitter lead head officer officerB   late      late      late      role      late      late        late
  hr admin welder foreman             late      late      late      role      late      late        late
  stranger                            link      link      link      link      link      link        link
confirmFreeze
  hr principal                        late      late      late      late      late      late        yes
  fitter lead head director officer   late      late      late      late      late      late        role
  safetyDirector officerB admin       late      late      late      late      late      late        role
  welder foreman                      late      late      late      late      late      late        role
  stranger                            link      link      link      link      link      link        link
declineFreeze
  hr principal                        late      late      late      late      late      late        yes
  fitter lead head director officer   late      late      late      late      late      late        role
  safetyDirector officerB admin       late      late      late      late      late      late        role
  welder foreman                      late      late      late      late      late      late        role
  stranger                            link      link      link      link      link      link        link
noteTalk
  head director safetyDirector        late      late      late      late      late      late        yes
  principal                           late      late      late      late      late      late        yes
  fitter lead officer officerB hr     late      late      late      late      late      late        role
  admin welder foreman                late      late      late      late      late      late        role
  stranger                            link      link      link      link      link      link        link
noteTraining
  officer officerB safetyDirector     late      late      late      late      late      late        yes
  principal                           late      late      late      late      late      late        yes
  fitter lead head director hr        late      late      late      late      late      late        role
  admin welder foreman                late      late      late      late      late      late        role
  stranger                            link      link      link      link      link      link        link
`

const columns = ['proposed', 'declined', 'issued', 'appealed', 'upheld', 'overturned', 'red'] as const
type Column = (typeof columns)[number]

const words: Readonly<Record<string, readonly string[]>> = {
  role: ['not-yours-to-confirm', 'not-yours-to-review', 'not-yours-to-freeze', 'not-yours-to-talk', 'not-yours-to-training'],
  late: ['overtaken', 'not-now'],
  own: ['not-your-card'],
  again: ['appealed-already'],
  link: ['link-first'],
}

const because1 = { reason: '查实' }
const steps: Readonly<Record<Exclude<Column, 'red'>, readonly (readonly [string, string])[]>> = {
  proposed: [],
  declined: [['head', 'decline']],
  issued: [['head', 'confirm']],
  appealed: [
    ['head', 'confirm'],
    ['fitter', 'appeal'],
  ],
  upheld: [
    ['head', 'confirm'],
    ['fitter', 'appeal'],
    ['safetyDirector', 'uphold'],
  ],
  overturned: [
    ['head', 'confirm'],
    ['fitter', 'appeal'],
    ['safetyDirector', 'overturn'],
  ],
}

const courtIn = (column: Column): { readonly court: Court; readonly id: string } => {
  const court = createCourt()
  if (column === 'red') return { court, id: give(court, 'p1', { colour: 'red' }) }
  const { subject } = court.by('officer', null, { type: 'propose', text: '提议黄牌 名fitter 造假' })
  for (const [who, type] of steps[column]) court.by(who, subject, { type, ...because1 })
  return { court, id: subject }
}

const stranger: Actor = { kind: 'stranger', name: '号', account: { connection: 'c1', account: 'x' }, conversation: 'direct' }

type Row = { readonly command: string; readonly who: string; readonly cells: readonly string[] }

const readTable = (): readonly Row[] => {
  const rows: Row[] = []
  let command = ''
  for (const line of table.split('\n').slice(2)) {
    if (!line.startsWith(' ')) command = line.trim()
    else
      for (const who of line.slice(0, 38).trim().split(/\s+/))
        rows.push({ command, who, cells: line.slice(38).trim().split(/\s+/) })
  }
  return rows
}
const rows = readTable()

const isAs = (outcome: string, cell: string): boolean =>
  cell === 'yes' ? outcome.startsWith('accepted') : (words[cell]?.includes(outcome) ?? false)

test.each(columns.map((column, index) => [column, index] as const))(
  '%s: every role may do what the table says and nothing else',
  (column, index) => {
    const wrong = rows.flatMap(({ command, who, cells }) => {
      const { court, id } = courtIn(column)
      const revision = court.cases.get(id)?.revision
      const outcome = because(
        court.rule(who === 'stranger' ? stranger : person(who), 'penalty', id, { type: command, ...because1 }),
      )
      const changed = court.cases.get(id)?.revision !== revision
      const fits = isAs(outcome, cells[index] ?? '') && changed === (cells[index] === 'yes')
      return fits ? [] : [`${command} by ${who}: ${outcome}, not ${cells[index]}`]
    })
    expect(wrong).toEqual([])
  },
)

test('the table names every role and every command of a person', () => {
  const commands = [...new Set(rows.map(({ command }) => command))]
  const named = (command: string) => rows.filter((row) => row.command === command).map(({ who }) => who)
  const everyRole = [...everybody.filter((id) => id !== 'mason'), 'stranger'].sort()
  for (const command of commands) expect([...named(command)].sort()).toEqual(everyRole)
  expect([...commands].sort()).toEqual(Object.keys(penaltyText.actions).sort())
})

test('whoever has had a hand in a card, holds it or administers the system does not decide about it, whatever else they are', () => {
  const also = (id: string) =>
    ['deptHead', 'productionDirector', 'safetyDirector', 'hrManager', 'principal'].map((role) => [id, `${role}@SH01`] as const)
  for (const [who, column, command] of [
    ['officer', 'proposed', 'confirm'],
    ['fitter', 'proposed', 'confirm'],
    ['admin', 'proposed', 'confirm'],
    ['officer', 'appealed', 'overturn'],
    ['head', 'appealed', 'overturn'],
    ['fitter', 'appealed', 'overturn'],
    ['admin', 'appealed', 'uphold'],
    ['fitter', 'red', 'declineFreeze'],
    ['admin', 'red', 'confirmFreeze'],
  ] as const) {
    const { court, id } = courtIn(column)
    const { plant } = court.world
    const roles: ReadonlySet<string> = new Set(also(who).map(([, role]) => role))
    court.world.plant = {
      ...plant,
      holders: (role, scope) => [...plant.holders(role, scope), ...(roles.has(`${role}@${scope}`) ? [who] : [])],
    }
    expect(because(court.rule(person(who), 'penalty', id, { type: command, ...because1 })), `${command} by ${who}`).toBe(
      'separate-duties',
    )
  }
})
