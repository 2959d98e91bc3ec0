import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBlobs } from '../../sandbox/blobs.ts'
import type { Exchange, FaultName, Seen, VendorName } from '../../sandbox/contract.ts'
import { createFaults, type FaultOrder } from '../../sandbox/faults.ts'
import { createLog } from '../../sandbox/log.ts'
import { createPhones } from '../../sandbox/phones.ts'

const order = (part: Partial<FaultOrder>): FaultOrder => ({
  name: 'late',
  surface: null,
  seed: 1,
  share: 1,
  times: null,
  seconds: 5,
  ...part,
})
const every: readonly FaultName[] = [
  'twice',
  'late',
  'never',
  'reordered',
  'e429',
  'e500',
  'lostAnswer',
  'tokenExpired',
  'cut',
  'halfOpen',
]
const strikes = (seed: number, other: number): string => {
  const faults = createFaults(() => {})
  faults.add(order({ name: 'never', seed, share: 0.3 }))
  return Array.from({ length: 200 }, () => {
    for (let i = 0; i < other; i += 1) faults.strike('dingtalk', 'push', every)
    return faults.strike('feishu', 'push', every) ? 'x' : '.'
  }).join('')
}

describe('faults', () => {
  test('the same seed strikes the same exchanges, however busy the other platforms are', () => {
    expect(strikes(42, 0)).toBe(strikes(42, 3))
    expect(strikes(42, 0)).not.toBe(strikes(43, 0))
  })

  test('about the asked share is struck, for any seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_294_967_295 }), (seed) => {
        const struck = strikes(seed, 0).replaceAll('.', '').length
        expect(struck).toBeGreaterThan(20)
        expect(struck).toBeLessThan(105)
      }),
    )
  })

  test('a fault strikes only where it belongs, on its surface, while the caller allows it', () => {
    const faults = createFaults(() => {})
    faults.add(order({ name: 'e429', surface: 'wecom' }))
    const at = (surface: VendorName, point: 'push' | 'api', allowed: readonly FaultName[]) =>
      faults.strike(surface, point, allowed)?.name ?? null
    expect([
      at('feishu', 'api', every),
      at('wecom', 'push', every),
      at('wecom', 'api', ['e500']),
      at('wecom', 'api', every),
    ]).toEqual([null, null, null, 'e429'])
  })

  test('it stops after its times and counts what it was asked', () => {
    const faults = createFaults(() => {})
    faults.add(order({ times: 2 }))
    expect(Array.from({ length: 4 }, () => faults.strike('feishu', 'push', every))).toEqual([
      { name: 'late', seconds: 5 },
      { name: 'late', seconds: 5 },
      null,
      null,
    ])
    expect(faults.list()).toMatchObject([{ asked: 2, struck: 2 }])
  })

  test('the first fault that strikes hides those behind it', () => {
    const faults = createFaults(() => {})
    faults.add(order({ name: 'twice', times: 1 }))
    faults.add(order({ name: 'late' }))
    expect([faults.strike('feishu', 'push', every)?.name, faults.strike('feishu', 'push', every)?.name]).toEqual([
      'twice',
      'late',
    ])
  })
})

const exchange = (part: Partial<Exchange>): Exchange => ({
  surface: 'feishu',
  direction: 'to-service',
  what: 'w',
  status: 200,
  request: '',
  response: '',
  ...part,
})

describe('the log', () => {
  test('it keeps the latest lines and its numbers go on', () => {
    const log = createLog({ lines: 10, characters: 1_000_000, body: 100 })
    for (let i = 1; i <= 50; i += 1) log.write(exchange({ what: `w${i}` }), i)
    expect(log.since(0, 100).map(({ id }) => id)).toEqual([41, 42, 43, 44, 45, 46, 47, 48, 49, 50])
    expect(log.since(48, 100).map(({ what }) => what)).toEqual(['w49', 'w50'])
    expect(log.since(0, 2)).toHaveLength(2)
  })

  test('long bodies are cut and many of them push the oldest out', () => {
    const log = createLog({ lines: 1_000, characters: 1_000, body: 100 })
    for (let i = 0; i < 50; i += 1) log.write(exchange({ request: 'x'.repeat(500) }), i)
    const kept = log.since(0, 1_000)
    expect(kept[0]?.request).toBe(`${'x'.repeat(100)}… (400 more)`)
    expect(kept.length).toBeLessThan(10)
    expect(kept.at(-1)?.id).toBe(50)
  })
})

const seen = (part: Partial<Seen> & { readonly id: string }): Seen => ({
  ...{
    kind: 'card',
    title: '',
    text: '',
    tone: 'info',
    facts: [],
    images: [],
    actions: [],
    form: [],
    sentAt: 0,
    updatedAt: null,
  },
  ...{ recalled: false, platform: 'feishu', conversation: 'c', rung: false, from: 'bot' },
  ...part,
})

describe('phones', () => {
  test('a known message is replaced in its place, and the oldest are forgotten', () => {
    const phones = createPhones(3)
    for (const id of ['a', 'b', 'c', 'd']) phones.show('p', 'acc', seen({ id }))
    phones.show('p', 'acc', seen({ id: 'b', title: 'new' }))
    expect(phones.of('p').map(({ seen: { id, title } }) => id + title)).toEqual(['bnew', 'c', 'd'])
    expect([phones.find('p', 'a'), phones.find('q', 'b')]).toEqual([null, null])
  })

  test('the latest card that offers a label is found, recalled ones and words are not', () => {
    const phones = createPhones()
    phones.show('p', 'acc', seen({ id: 'a', actions: ['接单'] }))
    phones.show('p', 'acc', seen({ id: 'b', actions: ['接单'], recalled: true }))
    phones.show('p', 'acc', seen({ id: 'c', kind: 'text', actions: ['接单'] }))
    expect(phones.latest('p', '接单')?.seen.id).toBe('a')
    expect(phones.latest('p', '转派')).toBeNull()
  })
})

test('pictures are kept as they were given, the oldest go when there are too many', () => {
  const blobs = createBlobs(10)
  const source = Uint8Array.from([1, 2, 3, 4, 5, 6])
  const first = blobs.keep(source, 'image/png')
  source.fill(0)
  expect(blobs.bytes(first)).toEqual({ bytes: Uint8Array.from([1, 2, 3, 4, 5, 6]), mime: 'image/png' })
  const second = blobs.keep(Uint8Array.from([7, 7, 7, 7, 7, 7]), 'image/png')
  expect([blobs.bytes(first), blobs.bytes(second)?.bytes.length]).toEqual([null, 6])
})
