import type { Drawing, DrawnWords } from '../lib/drawing.ts'

/** One spoke of a radar picture: 0 to 100, or null for what is not known. `shown` is the value in words. */
export type Spoke = { readonly label: string; readonly value: number | null; readonly shown: string }

/** In pixels: what a phone shows sharply across its whole width. */
export const radarSize = { width: 960, height: 820 } as const

const middle = { x: radarSize.width / 2, y: 390 } as const
const reach = 240
const rings = [100, 75, 50, 25] as const

const colours = {
  paper: '#ffffff',
  band: '#f2f6fc',
  line: '#d9dfe9',
  blue: '#165dff',
  sky: '#14c9c9',
  ink: '#1d2129',
  quiet: '#86909c',
} as const

const bounded = (value: number): number => (value >= 0 ? Math.min(value, 100) : 0)

type Point = { readonly x: number; readonly y: number }

/** The place of a value on a spoke; the first points upward, the others follow clockwise. Rounded to tenths, so that equal values are equal pictures everywhere. */
export const placeOn = (index: number, count: number, value: number): Point => {
  const angle = (index / count) * 2 * Math.PI - Math.PI / 2
  const length = (value / 100) * reach
  return { x: tenth(middle.x + Math.cos(angle) * length), y: tenth(middle.y + Math.sin(angle) * length) }
}

const tenth = (value: number): number => Math.round(value * 10) / 10
const pair = ({ x, y }: Point): string => `${x},${y}`

const ring = (count: number, value: number, index: number): string => {
  const corners = Array.from({ length: count }, (_, spoke) => pair(placeOn(spoke, count, value))).join(' ')
  const fill = index % 2 === 0 ? colours.band : colours.paper
  return `<polygon points="${corners}" fill="${fill}" stroke="${colours.line}" stroke-width="2"/>`
}

const line = (from: Point, to: Point, look: string): string =>
  `<line x1="${from.x}" y1="${from.y}" x2="${to.x}" y2="${to.y}" ${look}/>`

const spokeLine = ({ value }: Spoke, index: number, count: number): string =>
  line(
    middle,
    placeOn(index, count, 100),
    `stroke="${colours.line}" stroke-width="2"${value === null ? ' stroke-dasharray="8 10"' : ''}`,
  )

type Corner = Point & { readonly index: number }

const cornersOf = (spokes: readonly Spoke[]): readonly Corner[] =>
  spokes.flatMap(({ value }, index) => (value === null ? [] : [{ ...placeOn(index, spokes.length, bounded(value)), index }]))

/** Known neighbours are joined by a line; where something unknown lies between two, the line is broken, because nobody knows what it passes over. */
const edges = (corners: readonly Corner[], count: number): readonly string[] =>
  corners.length < 2
    ? []
    : corners.map((corner, at) => {
        const next = corners[(at + 1) % corners.length] ?? corner
        const apart = (next.index - corner.index + count) % count === 1
        const look = apart
          ? `stroke="${colours.blue}" stroke-width="5"`
          : `stroke="${colours.quiet}" stroke-width="3" stroke-dasharray="4 10"`
        return line(corner, next, `${look} stroke-linecap="round"`)
      })

const dot = ({ x, y }: Point): string =>
  `<circle cx="${x}" cy="${y}" r="9" fill="${colours.paper}" stroke="${colours.blue}" stroke-width="5"/>`

const area = (corners: readonly Corner[]): string =>
  corners.length < 3 ? '' : `<polygon points="${corners.map(pair).join(' ')}" fill="url(#within)"/>`

const shade = `<defs><linearGradient id="within" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${colours.blue}" stop-opacity="0.38"/><stop offset="1" stop-color="${colours.sky}" stop-opacity="0.30"/></linearGradient></defs>`

const anchorOf = ({ x }: Point): DrawnWords['anchor'] => (Math.abs(x - middle.x) < 1 ? 'middle' : x > middle.x ? 'start' : 'end')

/** Name above, value below it, outside of the outer ring. */
const wordsAt = ({ label, value, shown }: Spoke, index: number, count: number): readonly DrawnWords[] => {
  const at = placeOn(index, count, 112)
  const up = at.y < middle.y - reach ? -62 : at.y > middle.y + reach ? 24 : -22
  const common = { x: at.x, anchor: anchorOf(at) }
  const known = value !== null
  return [
    { ...common, text: label, y: tenth(at.y + up), size: 32, bold: false, colour: known ? colours.ink : colours.quiet },
    {
      ...common,
      text: shown,
      y: tenth(at.y + up + 46),
      size: known ? 42 : 28,
      bold: known,
      colour: known ? colours.blue : colours.quiet,
    },
  ]
}

const scale = (value: number): DrawnWords => ({
  text: String(value),
  x: middle.x + 10,
  y: placeOn(0, 3, value).y + 16,
  anchor: 'start',
  size: 20,
  bold: false,
  colour: colours.quiet,
})

const foot = (text: string): DrawnWords => ({
  text,
  x: middle.x,
  y: radarSize.height - 36,
  anchor: 'middle',
  size: 26,
  bold: false,
  colour: colours.quiet,
})

/**
 * A radar picture. What is not known has a dashed spoke and no corner: it is neither zero nor full. The same spokes give the same drawing. Throws RangeError
 * for fewer than three spokes.
 */
export const radar = (spokes: readonly Spoke[], note: string): Drawing => {
  const count = spokes.length
  if (!(count >= 3)) throw new RangeError(`${count} spokes make no radar`)
  const corners = cornersOf(spokes)
  const { width, height } = radarSize
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `${shade}<rect width="${width}" height="${height}" fill="${colours.paper}"/>`,
    ...rings.map((value, index) => ring(count, value, index)),
    ...spokes.map((one, index) => spokeLine(one, index, count)),
    area(corners),
    ...edges(corners, count),
    ...corners.map(dot),
    '</svg>',
  ].join('')
  return {
    width,
    height,
    svg,
    words: [...[100, 50].map(scale), ...spokes.flatMap((one, index) => wordsAt(one, index, count)), foot(note)],
  }
}
