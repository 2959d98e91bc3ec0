/** A document on A4 as data: what stands in its tables and at its foot. How it is drawn is the matter of `paper-pdf.ts`. */

/** `span` in 24ths of the width; the spans of a row make 24. */
export type PaperCell = { readonly text: string; readonly span: number; readonly head?: true; readonly align?: 'center' }
export type PaperRow = readonly PaperCell[]

/** `head` is repeated where the table goes on to another page. */
export type PaperBlock = { readonly title: string; readonly head: PaperRow | null; readonly rows: readonly PaperRow[] }

export type Paper = {
  readonly title: string
  /** One line under the title. */
  readonly subtitle: string
  readonly code: string
  /** A word in the corner, such as what became of it. */
  readonly stamp: string
  readonly blocks: readonly PaperBlock[]
  /** Lines beside the QR code at the end. */
  readonly proof: readonly string[]
  readonly qr: string
  /** At the foot of each page, with `{page}` and `{pages}`. */
  readonly foot: string
  readonly author: string
  /** The instant that the document tells of: never that of its making. */
  readonly at: Date
}

export const cell = (text: string, span: number): PaperCell => ({ text, span })
export const head = (text: string, span: number): PaperCell => ({ text, span, head: true })
export const centred = (text: string, span: number): PaperCell => ({ text, span, align: 'center' })
