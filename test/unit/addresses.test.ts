import { BlockList, isIP } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kindOfAddress, literalOf } from '../../src/webhooks/addresses.ts'

test.each([
  ['8.8.8.8', 'public'],
  ['172.15.255.255', 'public'],
  ['172.32.0.0', 'public'],
  ['100.63.255.255', 'public'],
  ['2400:3200::1', 'public'],
  ['::ffff:8.8.8.8', 'public'],
  ['10.0.0.1', 'own'],
  ['172.16.0.1', 'own'],
  ['172.31.255.255', 'own'],
  ['192.168.1.1', 'own'],
  ['100.64.0.1', 'own'],
  ['127.0.0.1', 'own'],
  ['::1', 'own'],
  ['fd00::1', 'own'],
  ['::ffff:127.0.0.1', 'own'],
  ['::ffff:a00:1', 'own'],
  ['169.254.169.254', 'never'],
  ['::ffff:169.254.169.254', 'never'],
  ['0.0.0.0', 'never'],
  ['::', 'never'],
  ['224.0.0.1', 'never'],
  ['255.255.255.255', 'never'],
  ['fe80::1', 'never'],
  ['fe80::1%eth0', 'never'],
  ['64:ff9b::7f00:1', 'never'],
  ['2002:7f00:1::', 'never'],
  ['2001:db8::1', 'never'],
  ['::127.0.0.1', 'never'],
  ['ff02::1', 'never'],
  ['127.1', 'never'],
  ['256.1.1.1', 'never'],
  ['1::2::3', 'never'],
  ['', 'never'],
  ['hr.example.com', 'never'],
] as const)('%s is %s', (address, kind) => {
  expect(kindOfAddress(address)).toBe(kind)
})

/** The same ranges in Node's own words. */
const nodes = (ranges: readonly (readonly [string, number])[]): BlockList => {
  const list = new BlockList()
  for (const [first, bits] of ranges) list.addSubnet(first, bits, first.includes(':') ? 'ipv6' : 'ipv4')
  return list
}
const own = nodes([
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['::1', 128],
  ['fc00::', 7],
])

test('whatever form an address has, Node agrees on whether it is in our own network', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
      const family = isIP(address)
      if (family === 0) return
      const inside = own.check(address, family === 6 ? 'ipv6' : 'ipv4')
      expect(kindOfAddress(address) === 'own', address).toBe(inside)
    }),
    { numRuns: 2_000, seed: 3 },
  )
})

test('the host of a URL is an address whatever spelling the URL had', () => {
  const hostOf = (url: string): string | null => literalOf(new URL(url).hostname)
  expect(hostOf('https://127.1/')).toBe('127.0.0.1')
  expect(hostOf('https://0x7f000001/')).toBe('127.0.0.1')
  expect(hostOf('https://2130706433/')).toBe('127.0.0.1')
  expect(hostOf('https://[::FFFF:127.0.0.1]/')).toBe('::ffff:7f00:1')
  expect(hostOf('https://hr.example.com/')).toBeNull()
})
