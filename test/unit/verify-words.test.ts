import { describe, expect, test } from 'vitest'
import { harmless, makeFinding, nameOfCase, sayFinding } from '../../src/engine/findings.ts'
import { sealedHeads } from '../../src/engine/seals.ts'
import { isoOf, pages } from '../../src/engine/stored.ts'
import { photosIn } from '../../src/engine/verify-photos.ts'

const hash = 'a'.repeat(64)

describe('findings', () => {
  test('are one sentence that names the thing', () => {
    const finding = makeFinding('entries-missing', nameOfCase('haz_1', 'YH-SH01-20261124-0001-K'), { from: 2, to: 4 })
    expect(sayFinding(finding)).toBe('case YH-SH01-20261124-0001-K (haz_1): entries 2 to 4 of its journal are missing.')
    expect(nameOfCase('lnk_1', 'lnk_1')).toBe('case lnk_1')
    expect(nameOfCase('lnk_1', null)).toBe('case lnk_1')
  })

  test('repeat nothing from a falsified row that could move a cursor or forge a line', () => {
    const finding = makeFinding('case-unknown', 'case \u001b[2J\nall is well', { workflow: 'x\u202E\u0000' })
    expect(sayFinding(finding)).toBe(
      'case \\u001b[2J\\u000aall is well: it belongs to the workflow «x\\u202e\\u0000», which this release does not know.',
    )
    expect(harmless('x'.repeat(1_000))).toHaveLength(300)
  })
})

describe('what is stored', () => {
  test('a time is the text that was hashed, and anything finer shows', () => {
    expect(isoOf('2026-11-24T06:00:00.123000')).toBe('2026-11-24T06:00:00.123Z')
    expect(isoOf('2026-11-24T06:00:00.000000')).toBe('2026-11-24T06:00:00.000Z')
    expect(isoOf('2026-11-24T06:00:00.123001')).toBe('2026-11-24T06:00:00.123001Z')
  })

  test('pages come one after the other until one is empty', async () => {
    const asked: (number | null)[] = []
    const read = async (after: number | null): Promise<readonly number[]> => {
      asked.push(after)
      return [1, 2, 3, 4, 5].filter((n) => n > (after ?? 0)).slice(0, 2)
    }
    const seen: number[] = []
    for await (const page of pages(read)) seen.push(...page)
    expect(seen).toEqual([1, 2, 3, 4, 5])
    expect(asked).toEqual([null, 2, 4, 5])
  })

  test('photos are found wherever a state keeps them', () => {
    const state = {
      files: [{ original: hash, watermarked: null, thumbnail: 'b' }],
      sub: { deep: [{ original: 'c' }] },
      text: hash,
    }
    expect(photosIn(state)).toEqual([hash, 'b', 'c'])
    expect(photosIn(null)).toEqual([])
  })

  test('a seal says heads or nothing', () => {
    expect(sealedHeads(`[["haz_1",2,"${hash}"]]`)).toEqual([['haz_1', 2, hash]])
    for (const body of [
      '',
      '{}',
      '[["haz_1",0,"x"]]',
      `[["haz_1",1.5,"${hash}"]]`,
      `[["haz_1",2,"${hash}",1]]`,
      `[["haz_1",3000000000,"${hash}"]]`,
    ])
      expect(sealedHeads(body), body).toBeNull()
  })
})
