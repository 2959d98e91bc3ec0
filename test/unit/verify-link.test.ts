import { describe, expect, test } from 'vitest'
import type { LinkEvent, LinkState } from '../../src/workflows/link/link.ts'
import { linkWorkflow } from '../../src/workflows/link/workflow.ts'
import type { Facts, Plant } from '../../src/workflows/workflow.ts'

const account = { connection: 'wecom-demo', account: 'visitor_ma' }
const at = new Date('2026-11-24T06:00:00.000Z')
const person = (id: string, active: boolean) => [id, { id, name: id, team: '', company: '', active }] as const
const plant: Plant = {
  site: 'SH01',
  name: '',
  timeZone: 'Asia/Shanghai',
  persons: new Map([person('wu-gang', true), person('gone', false)]),
  areas: [],
  holders: () => [],
  reachable: () => true,
  membersOf: () => [],
  personOf: () => null,
  findPerson: () => [],
}
const facts: Facts = {
  at,
  actor: { kind: 'system' },
  arrival: 'system/console',
  subject: 'lnk_1',
  code: null,
  oneTimeCode: '',
  keyed: () => '',
  draw: () => ({ number: '0', epoch: '', commitment: '' }),
  read: () => [],
  count: () => 0,
  plant,
}
const appoint = (state: LinkState | null, who = 'wu-gang') =>
  linkWorkflow.decide(state, { type: 'appoint', account, name: '老马', person: who, by: 'console:root' }, facts)
const release = (state: LinkState | null) =>
  linkWorkflow.decide(state, { type: 'release', account, name: '老马', by: 'console:root' }, facts)
const fold = (state: LinkState | null, events: readonly LinkEvent[]): LinkState => {
  const folded = events.reduce<LinkState | null>((before, event) => linkWorkflow.evolve(before, event), state)
  if (!folded) throw new Error('no state')
  return folded
}
const accepted = (decision: ReturnType<typeof appoint>) => {
  if (decision.kind !== 'accepted') throw new Error(`refused: ${decision.because}`)
  return decision
}

describe('an administrator at the console', () => {
  test('vouches for an account that never asked: the case opens and is linked at once', () => {
    const { events, effects } = accepted(appoint(null))
    expect(events.map(({ type }) => type)).toEqual(['requested', 'linked'])
    expect(fold(null, events)).toMatchObject({ status: 'linked', person: 'wu-gang', proof: 'administrator', account })
    expect(effects).toContainEqual({ kind: 'link', account, person: 'wu-gang', proof: 'administrator' })
    expect(effects.some(({ kind }) => kind === 'notify')).toBe(true)
  })

  test('vouches for an account that waits, and nobody is reminded of it any more', () => {
    const waiting = fold(null, [{ type: 'requested', account, conversation: 'c', name: '老马', at: at.toISOString() }])
    const { events, effects } = accepted(appoint(waiting))
    expect(events).toEqual([
      { type: 'linked', person: 'wu-gang', proof: 'administrator', by: 'console:root', at: at.toISOString() },
    ])
    expect(effects).toContainEqual({ kind: 'cancelDeadline', tag: 'remind' })
  })

  test('cannot link a linked account, or to somebody who is not there', () => {
    expect(appoint(fold(null, accepted(appoint(null)).events))).toMatchObject({ kind: 'refused', because: 'already-linked' })
    for (const who of ['gone', 'nobody', ''])
      expect(appoint(null, who)).toMatchObject({ kind: 'refused', because: 'number-unknown' })
  })

  test('takes an account away, after which it acts for nobody and may ask again', () => {
    const linked = fold(null, accepted(appoint(null)).events)
    const { events, effects } = accepted(release(linked))
    expect(events).toEqual([{ type: 'released', by: 'console:root', at: at.toISOString() }])
    expect(effects).toContainEqual({ kind: 'link', account, person: '', proof: 'released' })
    const released = fold(linked, events)
    expect(released).toMatchObject({ status: 'denied', person: null, proof: null })
    expect(linkWorkflow.open(released)).toBe(false)
    const stranger = { kind: 'stranger', name: '老马', account, conversation: 'c' } as const
    expect(linkWorkflow.decide(released, { type: 'request' }, { ...facts, actor: stranger })).toMatchObject({
      kind: 'accepted',
      events: [{ type: 'requested' }],
    })
  })

  test('takes away an account that the organisation file vouched for, which never asked', () => {
    expect(accepted(release(null)).events.map(({ type }) => type)).toEqual(['requested', 'released'])
  })

  test('nobody but the system may send these commands', () => {
    expect(linkWorkflow.commands.appoint.from).toBe('system')
    expect(linkWorkflow.commands.release.from).toBe('system')
  })
})
