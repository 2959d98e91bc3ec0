import { expect, test } from 'vitest'
import { organisationFile } from '../../src/people/organisation.ts'
import { registry } from './desk.ts'
import { personOf, strangerOf } from './matrix-plant.ts'
import { columns, type Scene, sceneOf, scenes } from './matrix-scenes.ts'
import { apart, matrix, nobody } from './matrix-table.ts'

type Row = {
  readonly name: string
  readonly cells: Readonly<Record<string, string>>
  readonly parties: Readonly<Record<string, string>>
}

const readRow = (line: string): Row => {
  const [main = '', parties = ''] = line.split('|')
  const words = main.trim().split(/\s+/)
  const names = Object.keys(columns)
  const marks = words.slice(-names.length)
  return {
    name: words.slice(0, -names.length).join(' '),
    cells: Object.fromEntries(names.map((name, at) => [name, marks[at] ?? ''])),
    parties: Object.fromEntries(
      parties
        .trim()
        .split(/\s+/)
        .map((one) => one.split(':') as [string, string]),
    ),
  }
}
const lines = matrix.split('\n').filter((line) => line.trim() !== '')
const rows = lines.filter((line) => !line.startsWith(' ')).map(readRow)

const sendsAs = (scene: Scene, party: string): string => {
  const id = scene.parties[party] ?? ''
  return scene.send(id === 'new' ? strangerOf(id) : personOf(id))
}
const mark = (outcome: string): string => (outcome === 'yes' ? 'Y' : '-')

test.each(rows)('$name: whoever may is let, and everybody else is refused', ({ name, cells, parties }) => {
  const seen = Object.entries(columns).map(([column, actor]) => [column, mark(sceneOf(name).send(actor))])
  const seenParties = Object.keys(sceneOf(name).parties).map((party) => [party, mark(sendsAs(sceneOf(name), party))])
  expect(Object.fromEntries(seen), name).toEqual(cells)
  expect(Object.fromEntries(seenParties), name).toEqual(parties)
})

test('every command that a person can send, of every workflow, stands in the table, in a state in which somebody may', () => {
  const commands = [...registry.values()].flatMap(({ workflow }) =>
    Object.entries(workflow.commands).flatMap(([type, rule]) => (rule.from === 'person' ? [`${workflow.name}.${type}`] : [])),
  )
  expect([...new Set(rows.map(({ name }) => name.split(' ')[0]))].sort()).toEqual([...commands].sort())
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(scenes))
  const closed = rows.filter(({ cells, parties }) => ![...Object.values(cells), ...Object.values(parties)].includes('Y'))
  expect(closed.map(({ name }) => name)).toEqual(Object.keys(nobody))
})

test('the columns are named over each workflow', () => {
  const heads = lines.filter((line) => line.startsWith(' ')).map((line) => (line.split('|')[0] ?? '').trim().split(/\s+/))
  expect(heads.length).toBe(new Set(rows.map(({ name }) => name.split('.')[0])).size)
  for (const head of heads) expect(head).toEqual(Object.keys(columns))
})

/** What is open to everybody; the rest of what an administrator may is about accounts. */
const cord = ['hazard.report', 'suggestion.propose', 'near-miss.report', 'near-miss.reportAnonymously', 'near-miss.askReceipt']
test('administrators act in no case: they report and ask about themselves as anybody does, and link accounts', () => {
  const open = rows.filter(({ cells }) => cells.admin === 'Y').map(({ name }) => name)
  expect(open).toEqual([...cord, 'portrait.ask', 'pin.ask', 'halt.halt', 'link.claim', 'link.deny', 'link.assign'])
})

test('an organisation in which an administrator holds another role is not taken in', () => {
  const site = { id: 'SH01', name: '上海厂', timeZone: 'Asia/Shanghai' }
  const asks = (roles: readonly string[]) =>
    organisationFile.safeParse({ site, areas: [], people: [{ id: 'tang', name: '唐宁', roles }] }).success
  expect(asks(['administrator@SH01'])).toBe(true)
  expect(asks(['administrator', 'administrator@SH01'])).toBe(true)
  expect(asks(['safetyOfficer@SH01', 'deptHead'])).toBe(true)
  for (const role of ['safetyOfficer@SH01', 'teamLead@mech', 'principal', 'auditor@SH01'])
    for (const administrator of ['administrator', 'administrator@SH01'])
      expect(asks([role, administrator]), `${role} ${administrator}`).toBe(false)
})

const everyRole = [
  ...['teamLead@mech', 'teamLead@prod', 'teamLead@huajian'],
  ...['safetyOfficer', 'deptHead', 'productionDirector', 'safetyDirector', 'principal', 'hrManager'].map(
    (role) => `${role}@SH01`,
  ),
]

test.each(Object.entries(apart))('%s: a part in the case outweighs every role', (part, { rows: closed }) => {
  for (const name of closed) {
    const id = part === 'admin' ? 'admin' : (sceneOf(name).parties[part] ?? '')
    const scene = sceneOf(
      name,
      everyRole.map((role) => [id, role]),
    )
    const outcome = part === 'admin' ? scene.send(personOf('admin')) : sendsAs(scene, part)
    expect(outcome, `${name} by ${part}`).not.toBe('yes')
  }
})

test.each(Object.entries(apart))('%s: without that part the same roles may', (part, { rows: closed }) => {
  for (const name of closed) {
    if (name.startsWith('verdict.') || name.startsWith('handover.')) continue
    const outsider = name === 'hazard.confirmRepair' ? 'head' : 'officerC'
    const scene = sceneOf(
      name,
      everyRole.map((role) => [outsider, role]),
    )
    expect(scene.send(personOf(outsider)), `${name} beside ${part}`).toBe('yes')
  }
})
