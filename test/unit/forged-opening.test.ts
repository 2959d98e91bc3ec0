import { expect, test } from 'vitest'
import { type Case, type Folding, runCommand } from '../../src/engine/cases.ts'
import { type Known, noWants } from '../../src/engine/wants.ts'
import { noWrites } from '../../src/engine/writes.ts'
import { lotOn } from '../../src/lib/lots.ts'
import { linkSubject } from '../../src/workflows/link/workflow.ts'
import { accountOf, plantWith, registry, stranger } from './hazard-desk.ts'

const victim = linkSubject(accountOf('victim'))

/** One command by the account `thief`, as a button that it made itself or as the engine derives it. */
const sends = (pressed: boolean, subject: string | null) => {
  const cases = new Map<string, Case>()
  const folding: Folding = {
    at: new Date('2026-11-24T02:00:00.000Z'),
    registry,
    plantOf: () => ({ revision: 1, plant: plantWith(), accountsOf: () => [], personOf: () => null }),
    nextCode: () => null,
    oneTimeCode: () => '40962718',
    keyed: () => '',
    lot: (on, label) => lotOn('the secret of this desk', new Date(0), on, label),
    writes: noWrites(),
    cases,
    known: {
      found: { get: () => [] } as unknown as Known['found'],
      counted: { get: () => 0 } as unknown as Known['counted'],
      locked: new Set(),
    },
    wants: noWants(),
    overlay: new Map(),
    perform: () => {},
  }
  const actor = stranger('thief')
  const request = { site: 'SH01', workflow: 'link', subject, command: { type: 'request' }, actor, arrival: 'c1/1', pressed }
  const { decision } = runCommand(request, folding)
  return { decision, opened: [...cases.keys()] }
}

test('a button that somebody made opens no link request under the name of another’s account', () => {
  const { decision, opened } = sends(true, victim)
  expect([decision.kind === 'refused' && decision.because, opened]).toEqual(['no-such-case', []])
})

test('not even its own: what the engine derives is never chosen by a button', () => {
  expect(sends(true, linkSubject(accountOf('thief'))).opened).toEqual([])
})

test('the engine itself opens the request of the account that has written', () => {
  const own = linkSubject(accountOf('thief'))
  expect(sends(false, own).opened).toEqual([own])
})
