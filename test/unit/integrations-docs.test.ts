import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sign } from '../../src/webhooks/signature.ts'
import { createCourt, give } from './penalty-desk.ts'

const docs = (name: string): string => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8')

/** The events that go to one target by name: the pay of somebody with a red card, frozen by a named manager and freed when the card falls. */
const calls = () => {
  const court = createCourt()
  const id = give(court, 'p1', { colour: 'red', code: 'YH-SH01-20261120-0042-K' })
  court.by('hr', id, { type: 'confirmFreeze' })
  court.by('fitter', id, { type: 'appeal', reason: '已申请延期' })
  court.by('safetyDirector', id, { type: 'overturn', reason: '查实' })
  return court.effects.flatMap((one) => (one.kind === 'callOut' ? [one] : []))
}

test('what integrators read of an event is what they are sent', () => {
  const [, example = ''] =
    /```json\n([\s\S]*?)\n```/.exec(docs('integrations.md').split('## Being told of events')[1] ?? '') ?? []
  const shown = JSON.parse(example) as { readonly event: string; readonly data: object }
  const [freeze] = calls()
  expect(shown.event).toBe(freeze?.event)
  expect(Object.keys(shown.data)).toEqual(Object.keys(freeze?.body ?? {}))
})

test('the events that a target is shown to take are those that are sent', () => {
  const events = calls().map(({ target, event }) => `${target} ${event}`)
  expect(events).toEqual(['hr allowance.freeze', 'hr allowance.unfreeze'])
  const [, taken = ''] = /id: hr, .*events: \[([^\]]*)\]/.exec(docs('configuration.md')) ?? []
  expect(taken.split(', ').map((event) => `hr ${event}`)).toEqual(events)
  for (const event of events) expect(docs('integrations.md')).toContain(`\`${event.split(' ')[1]}\``)
})

test('the signature that is shown for the query of a gate is the one that the door computes', () => {
  const [, query = '', shown = ''] =
    /```text\n(by=[^\n]+)\n```\n\ngive\n\n```\n([0-9a-f]{64})\n```/.exec(docs('integrations.md')) ?? []
  const proof = { timestamp: '1795492800', nonce: '3f1c9a7e5b2d4860' }
  expect(query).not.toBe('')
  expect(sign('0123456789abcdef0123456789abcdef', proof, Buffer.from(query))).toBe(shown)
})
