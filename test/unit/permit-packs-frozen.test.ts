import { expect, test } from 'vitest'
import { canonical, sha256 } from '../../src/lib/crypto.ts'
import { packs } from '../../src/rules/permits/packs.ts'
import type { RulePack } from '../../src/rules/permits/rule-pack.ts'

/**
 * What each released pack is. Permits name their pack for ever, and replay judges them by it again: an edited pack would change what was decided. When this
 * test is red, put the pack back as it was and make a new version of it (`…@2`) with its own effective date; never change a hash that was released.
 */
const released: Readonly<Record<string, string>> = {
  'GB30871-2022@1': '524bd8b3d7bd35df52e700c5de8608958829f72ceb4febabc4515ebb27f50c6a',
  'GB30871-2022-adopted@1': '6d2ec20d7ff881343d2954c1a24facbe205b0d0b7ad884481eab37951eb473bd',
  'GB46768-2025@1': '44d178bda97fe5530f615e3681ecf67feed393ca8d87796b3d45eec814794b9b',
}

/** The last day of a pack is written when another follows it; it decides who answers for new permits and changes none that is open. */
const hashOf = ({ effectiveTo: _, ...pack }: RulePack): string => sha256(canonical(pack))

test.each(packs)('$id is what was released; a change is a new version of the pack', (pack) => {
  expect(hashOf(pack), `${pack.id} was edited: put it back, and make a new pack version`).toBe(released[pack.id])
})

test('no released pack has gone', () => {
  expect(packs.map(({ id }) => id).toSorted()).toEqual(Object.keys(released).toSorted())
})

test('a pack is data: what is written out and read again is the same', () => {
  for (const pack of packs) expect(JSON.parse(canonical(pack))).toEqual(pack)
})
