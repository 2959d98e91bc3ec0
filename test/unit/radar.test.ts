import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import { paint } from '../../src/evidence/painting.ts'
import { createPhotoWorkshop } from '../../src/evidence/photo-worker.ts'
import { placeOn, radar, radarSize, type Spoke } from '../../src/papers/radar.ts'

const spokes = (values: readonly (number | null)[]): readonly Spoke[] =>
  values.map((value, index) => ({ label: `项目${index}`, value, shown: value === null ? '暂无记录' : String(value) }))
const note = '近三个月'
const cornersOf = (svg: string): string => /<polygon points="([^"]*)" fill="url/.exec(svg)?.[1] ?? ''
const dots = (svg: string): readonly string[] =>
  [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => `${x},${y}`)

test('the corners stand where the values say, by geometry written apart from the drawing', () => {
  const { svg } = radar(spokes([100, 50, 25, 0, 75, 10]), note)
  const s = Math.sin(Math.PI / 3)
  const c = 0.5
  const at = (value: number, right: number, down: number): string =>
    [480 + right * 2.4 * value, 390 + down * 2.4 * value].map((one) => String(Math.round(one * 10) / 10)).join(',')
  const wanted = [at(100, 0, -1), at(50, s, -c), at(25, s, c), at(0, 0, 1), at(75, -s, c), at(10, -s, -c)]
  expect(cornersOf(svg)).toBe(wanted.join(' '))
  expect(dots(svg)).toEqual(wanted)
})

test('what is not known has no corner: its spoke is dashed, and lines over it are broken', () => {
  const { svg, words } = radar(spokes([100, null, 50, Number.NaN, null, 70]), note)
  expect(dots(svg)).toEqual(['480,150', '583.9,450', '480,390', '334.5,306'])
  expect(svg.match(/stroke-dasharray="8 10"/g)).toHaveLength(2)
  expect(svg.match(/stroke-dasharray="4 10"/g)).toHaveLength(2)
  expect(words.filter(({ text }) => text === '暂无记录')).toHaveLength(2)
  expect(cornersOf(radar(spokes([null, null, null, null, null, 100]), note).svg)).toBe('')
  expect(svg).not.toMatch(/NaN|href|<text|script/)
})

test('the same values are the same drawing; fewer than three spokes are none', () => {
  expect(radar(spokes([1, 2, 3]), note)).toEqual(radar(spokes([1, 2, 3]), note))
  expect(radar(spokes([1, 2, 3]), note)).not.toEqual(radar(spokes([1, 2, 4]), note))
  expect(() => radar(spokes([1, 2]), note)).toThrow(RangeError)
})

test('no word touches another or leaves the picture', () => {
  const { words, width, height } = radar(spokes([100, 50, 25, 0, 75, null]), note)
  const boxes = words.map(({ text, x, y, anchor, size }) => {
    const wide = text.length * size
    const left = { start: x, middle: x - wide / 2, end: x - wide }[anchor]
    return { left, right: left + wide, top: y - size / 2, bottom: y + size / 2 }
  })
  for (const [index, one] of boxes.entries()) {
    expect(one.left >= 0 && one.right <= width && one.top >= 0 && one.bottom <= height).toBe(true)
    for (const other of boxes.slice(index + 1))
      expect(one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top).toBe(true)
  }
})

describe('as pixels', () => {
  const workshop = createPhotoWorkshop()
  afterAll(() => workshop.close())

  const pixels = async (jpeg: Uint8Array) => {
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true })
    const at = (x: number, y: number): readonly number[] => [
      ...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3),
    ]
    const inkIn = (left: number, top: number, wide: number, high: number): number => {
      let dark = 0
      for (let y = top; y < top + high; y += 1)
        for (let x = left; x < left + wide; x += 1) if ((at(x, y)[0] ?? 255) < 128) dark += 1
      return dark
    }
    return { info, at, inkIn }
  }

  test('the workshop’s process gives a JPEG of the stated size, the corners are blue and the words are drawn', async () => {
    const jpeg = await workshop.paint(radar(spokes([100, 50, 25, 60, 75, 40]), note))
    expect((await sharp(jpeg).metadata()).format).toBe('jpeg')
    const { info, at, inkIn } = await pixels(jpeg)
    expect([info.width, info.height, info.channels]).toEqual([radarSize.width, radarSize.height, 3])
    const { x, y } = placeOn(0, 6, 100)
    const [red = 255, , blue = 0] = at(x + 9, y)
    expect(red < 100 && blue > 200).toBe(true)
    expect(inkIn(380, 40, 200, 40)).toBeGreaterThan(200)
    expect(inkIn(440, 82, 80, 45)).toBeGreaterThan(200)
    expect(jpeg.byteLength).toBeLessThan(200_000)
  })

  test('the same drawing gives the same bytes, here and in the process', async () => {
    const drawing = radar(spokes([10, 20, 30, 40, null, 60]), note)
    expect(Buffer.from(await workshop.paint(drawing)).equals(Buffer.from(await paint(drawing)))).toBe(true)
  })

  test('markup in words is words, and a colour that is none is refused', async () => {
    const words = [{ text: '<b>&x</b>', x: 50, y: 20, anchor: 'middle', size: 14, bold: false, colour: '#000000' }] as const
    const drawing = { width: 100, height: 40, svg: '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="40"/>', words }
    const { info, inkIn } = await pixels(await paint(drawing))
    expect([info.width, info.height]).toEqual([100, 40])
    expect(inkIn(0, 0, 100, 40)).toBeGreaterThan(50)
    await expect(paint({ ...drawing, words: [{ ...words[0], colour: 'red"/><span' }] })).rejects.toThrow(RangeError)
    await expect(workshop.paint({ ...drawing, words: [{ ...words[0], colour: 'red' }] })).rejects.toThrow('could not be')
  })
})
