/** One spoke of a radar picture: 0 to 100, or null for what is not known. */
export type Spoke = { readonly label: string; readonly value: number | null }

const size = 360
const middle = size / 2
const reach = 120
const rings = [25, 50, 75, 100] as const

const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const bounded = (value: number): number => (value >= 0 ? Math.min(value, 100) : 0)

type Point = { readonly x: number; readonly y: number }

/** The place of a value on a spoke; the first points upward, the others follow clockwise. */
const place = (index: number, count: number, value: number): Point => {
  const angle = (index / count) * 2 * Math.PI - Math.PI / 2
  const length = (value / 100) * reach
  return { x: middle + Math.cos(angle) * length, y: middle + Math.sin(angle) * length }
}

const number = (value: number): string => String(Math.round(value * 10) / 10)
const pair = ({ x, y }: Point): string => `${number(x)},${number(y)}`

const ring = (count: number, value: number): string => {
  const corners = Array.from({ length: count }, (_, index) => pair(place(index, count, value))).join(' ')
  return `<polygon points="${corners}" fill="none" stroke="#c9cdd4" stroke-width="1"/>`
}

const anchorOf = ({ x }: Point): string => (Math.abs(x - middle) < 1 ? 'middle' : x > middle ? 'start' : 'end')

const spoke = ({ label, value }: Spoke, index: number, count: number): string => {
  const end = place(index, count, 100)
  const word = place(index, count, 114)
  const dash = value === null ? ' stroke-dasharray="4 4"' : ''
  const shown = value === null ? '—' : String(Math.round(bounded(value)))
  const at = `x="${number(word.x)}" y="${number(word.y + 5)}" text-anchor="${anchorOf(word)}"`
  return [
    `<line x1="${middle}" y1="${middle}" x2="${number(end.x)}" y2="${number(end.y)}" stroke="#c9cdd4"${dash}/>`,
    `<text ${at} font-size="14" fill="#1d2129">${escaped(label)} ${shown}</text>`,
  ].join('')
}

/**
 * A radar picture as SVG text, 360 by 360, without scripts, links or fonts of its own. What is not known has a dashed spoke and no corner: it is neither zero nor
 * full. Throws for fewer than three spokes.
 */
export const radar = (title: string, spokes: readonly Spoke[]): string => {
  const count = spokes.length
  if (!(count >= 3)) throw new RangeError(`${count} spokes make no radar`)
  const corners = spokes.flatMap(({ value }, index) => (value === null ? [] : [place(index, count, bounded(value))]))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}" role="img">`,
    `<title>${escaped(title)}</title><rect width="${size}" height="${size}" fill="#ffffff"/>`,
    ...rings.map((value) => ring(count, value)),
    ...spokes.map((one, index) => spoke(one, index, count)),
    `<polygon points="${corners.map(pair).join(' ')}" fill="#165dff" fill-opacity="0.25" stroke="#165dff" stroke-width="2"/>`,
    ...corners.map(({ x, y }) => `<circle cx="${number(x)}" cy="${number(y)}" r="3" fill="#165dff"/>`),
    '</svg>',
  ].join('')
}
