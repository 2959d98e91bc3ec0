/** Words in a picture, on one line: `x`, `y` is the middle of their left end, of their middle or of their right end, in pixels. */
export type DrawnWords = {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'middle' | 'end'
  /** Height of the letters in pixels. */
  readonly size: number
  readonly bold: boolean
  /** `#rrggbb`. */
  readonly colour: string
}

/** A picture of our own before it has pixels: shapes as SVG without any words, links or fonts, and the words apart, because fonts are not left to the machine. */
export type Drawing = {
  readonly width: number
  readonly height: number
  readonly svg: string
  readonly words: readonly DrawnWords[]
}
