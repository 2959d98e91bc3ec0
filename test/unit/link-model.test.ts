import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import { createDesk, person, plantWith, stranger, system } from './hazard-desk.ts'

const numbers = {
  welder: { employeeNo: 'E1', mobile: '1' },
  fitter: { employeeNo: 'E2', mobile: '2' },
  worker: { employeeNo: 'E3', mobile: '1' },
}
const who = fc.constantFrom('new', '?other', 'welder', 'fitter', 'admin', 'lead', 'officerA')
const number = fc.constantFrom('E1', 'E2', 'E3', 'E9', '')
const move = fc.oneof(
  fc.record({ kind: fc.constantFrom('request', 'issueCode', 'confirm', 'deny', 'wait'), who }),
  fc.record({ kind: fc.constant('claim'), who, code: fc.constantFrom('40962718', '40962718', '11111111') }),
  fc.record({ kind: fc.constant('assign'), who, employeeNo: number }),
  fc.record({
    kind: fc.constant('matchDirectory'),
    who: fc.constant('@'),
    employeeNo: number,
    mobile: fc.constantFrom('1', '2', '9', ''),
    active: fc.boolean(),
  }),
)

/** `new` is the account in question: a stranger until it is linked, and then nobody of this game any more. */
const actorOf = (name: string) =>
  name === '@' ? system : name === 'new' || name.startsWith('?') ? stranger(name.replace('?', '')) : person(name)

test('nobody gains a person without proof, whoever does what in which order', () => {
  let linked = 0
  fc.assert(
    fc.property(fc.array(move, { maxLength: 40, size: 'max' }), (moves) => {
      const desk = createDesk('link', plantWith({ numbers }))
      desk.must(stranger('new'), { type: 'request' })
      let issuedAt = Number.NaN
      let claimant: string | null = null
      const personOf: Readonly<Record<string, string | null>> = { E1: 'welder', E2: 'fitter', E3: 'worker' }
      for (const { kind, who: name, ...values } of moves) {
        if (kind === 'wait') desk.passes(minutes(6))
        const before = desk.links.length
        const result = desk.run(actorOf(name), { type: kind, ...values })
        const done = result.decision.kind === 'accepted' && kind !== 'wait'
        if (done && kind === 'issueCode') {
          expect(name).toBe('new')
          issuedAt = desk.now().getTime()
          claimant = null
        }
        if (done && kind === 'claim') {
          expect('code' in values && values.code).toBe('40962718')
          expect(desk.now().getTime() - issuedAt).toBeLessThan(minutes(10))
          issuedAt = Number.NaN
          claimant = name
        }
        const named = 'employeeNo' in values ? (personOf[values.employeeNo ?? ''] ?? null) : null
        if (done && kind === 'assign' && named) {
          expect(name).toBe('admin')
          claimant = named
          issuedAt = Number.NaN
        }
        if (done && kind === 'deny') [claimant, issuedAt] = [null, Number.NaN]
        if (desk.links.length > before) {
          const link = desk.links[before]
          const proofs: Readonly<Record<string, unknown>> = { confirm: name === claimant && name }
          if (kind === 'matchDirectory') expect('active' in values && values.active).toBe(true)
          else expect(link).toMatchObject({ person: proofs[kind] })
          linked += 1
        }
        const state = desk.link()
        const open = state !== undefined && desk.onTheDesk()?.registered.workflow.open(state)
        expect(desk.deadlines.size, `${kind} leaves ${state?.status}`).toBe(open ? 1 : 0)
        expect(desk.links.length).toBeLessThanOrEqual(1)
        expect(state?.status === 'linked').toBe(desk.links.length === 1)
        if (state?.status === 'denied' || state?.status === 'linked') expect([...desk.expected]).toEqual([])
      }
    }),
    { numRuns: 1000, seed: 20261124 },
  )
  expect(linked).toBeGreaterThan(100)
})
