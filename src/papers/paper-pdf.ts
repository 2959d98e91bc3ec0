import { createRequire } from 'node:module'
import PDFDocument from 'pdfkit'
import { encode } from 'uqr'
import type { Paper, PaperBlock, PaperRow } from './paper.ts'

const locate = createRequire(import.meta.url).resolve
/** Only the letters that stand in a document go into it. */
const fonts = {
  regular: locate('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'),
  bold: locate('@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf'),
} as const

/** In points. */
const margin = 36
const bottom = 52
const size = { title: 18, subtitle: 9, block: 10, cell: 8, foot: 7 } as const
const pad = { x: 4, y: 3 } as const
const colours = { ink: '#1a1a1a', line: '#8a8f98', shade: '#eef1f5', quiet: '#5b6470', stamp: '#b42318' } as const
const qrSize = 84
const short = 160

type Doc = InstanceType<typeof PDFDocument>
type Pen = { readonly doc: Doc; y: number }

const widthOf = (doc: Doc): number => doc.page.width - 2 * margin
const floor = (doc: Doc): number => doc.page.height - bottom

const face = (doc: Doc, bold: boolean, points: number): Doc => doc.font(bold ? 'bold' : 'regular').fontSize(points)

/** A space that no font has to draw: words of people may hold anything. */
const plain = (text: string): string => text.replaceAll(/\p{C}(?<!\n)/gu, ' ')

const heightOf = (doc: Doc, row: PaperRow): number => {
  const unit = widthOf(doc) / 24
  const heights = row.map(({ text, span, head }) =>
    face(doc, head === true, size.cell).heightOfString(plain(text) || ' ', { width: span * unit - 2 * pad.x, lineGap: 1 }),
  )
  return Math.max(...heights) + 2 * pad.y
}

const drawRow = (pen: Pen, row: PaperRow, height: number): void => {
  const { doc } = pen
  const unit = widthOf(doc) / 24
  let x = margin
  for (const { text, span, head, align } of row) {
    const width = span * unit
    if (head) doc.rect(x, pen.y, width, height).fill(colours.shade)
    doc.lineWidth(0.5).rect(x, pen.y, width, height).stroke(colours.line)
    face(doc, head === true, size.cell)
      .fillColor(colours.ink)
      .text(plain(text), x + pad.x, pen.y + pad.y, {
        ...{ width: width - 2 * pad.x, height: height - pad.y, lineGap: 1, ellipsis: true },
        align: align ?? (head ? 'center' : 'left'),
      })
    x += width
  }
  pen.y += height
}

const turn = (pen: Pen): void => {
  pen.doc.addPage()
  pen.y = margin
}

/** A row goes to the next page as a whole, under the head of its table; one that no page can hold is cut. */
const putRow = (pen: Pen, row: PaperRow, repeated: PaperRow | null): void => {
  const { doc } = pen
  const most = floor(doc) - margin - (repeated ? heightOf(doc, repeated) : 0)
  const height = Math.min(heightOf(doc, row), most)
  if (pen.y + height > floor(doc)) {
    turn(pen)
    if (repeated) drawRow(pen, repeated, heightOf(doc, repeated))
  }
  drawRow(pen, row, height)
}

/** A heading never stands alone at the foot of a page, and a short table is not torn. */
const putBlock = (pen: Pen, { title, head, rows }: PaperBlock): void => {
  const { doc } = pen
  const heights = [...(head ? [head] : []), ...rows].map((row) => heightOf(doc, row))
  const whole = heights.reduce((sum, one) => sum + one, 0)
  const first = heights.slice(0, head ? 2 : 1).reduce((sum, one) => sum + one, 0)
  if (pen.y + (whole <= short ? whole : Math.min(first, short)) + 20 > floor(doc)) turn(pen)
  if (title !== '') {
    face(doc, true, size.block)
      .fillColor(colours.ink)
      .text(title, margin, pen.y + 4, { width: widthOf(doc), lineBreak: false })
    pen.y += 20
  }
  if (head) drawRow(pen, head, heightOf(doc, head))
  for (const row of rows) putRow(pen, row, head)
  pen.y += 4
}

const putTitle = (pen: Pen, { title, subtitle, code, stamp }: Paper): void => {
  const { doc } = pen
  const width = widthOf(doc)
  face(doc, true, size.title).fillColor(colours.ink).text(title, margin, pen.y, { width, align: 'center', lineBreak: false })
  face(doc, true, size.block)
    .fillColor(colours.stamp)
    .text(stamp, margin, pen.y + 2, { width, align: 'right', lineBreak: false })
  pen.y += 28
  face(doc, false, size.subtitle)
    .fillColor(colours.quiet)
    .text(subtitle, margin, pen.y, { width: width * 0.68, lineBreak: false })
  face(doc, true, size.subtitle).fillColor(colours.ink).text(code, margin, pen.y, { width, align: 'right', lineBreak: false })
  pen.y += 16
}

const putQr = (doc: Doc, text: string, x: number, y: number): void => {
  const { data, size: modules } = encode(text, { ecc: 'M', border: 2 })
  const side = qrSize / modules
  doc.fillColor('#000000')
  for (const [row, line] of data.entries())
    for (const [column, dark] of line.entries()) if (dark) doc.rect(x + column * side, y + row * side, side, side)
  doc.fill()
}

const putProof = (pen: Pen, { proof, qr }: Paper): void => {
  const { doc } = pen
  if (pen.y + qrSize + 8 > floor(doc)) turn(pen)
  const y = pen.y + 6
  putQr(doc, qr, margin, y)
  face(doc, false, size.cell)
    .fillColor(colours.ink)
    .text(proof.map(plain).join('\n'), margin + qrSize + 10, y + 4, {
      ...{ width: widthOf(doc) - qrSize - 10, height: qrSize - 4, lineGap: 2 },
    })
  pen.y = y + qrSize
}

const putFeet = (doc: Doc, foot: string): void => {
  const { start, count } = doc.bufferedPageRange()
  for (let index = 0; index < count; index += 1) {
    doc.switchToPage(start + index)
    // The foot stands below the margin, where text would open another page.
    doc.page.margins.bottom = 0
    const words = foot.replaceAll('{page}', String(index + 1)).replaceAll('{pages}', String(count))
    face(doc, false, size.foot)
      .fillColor(colours.quiet)
      .text(words, margin, doc.page.height - 34, { width: widthOf(doc), align: 'center', lineBreak: false })
  }
}

const bytesOf = (doc: Doc): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    doc.on('data', (part: Buffer) => parts.push(part))
    doc.once('end', () => resolve(new Uint8Array(Buffer.concat(parts))))
    doc.once('error', reject)
    doc.end()
  })

/** The document as PDF, with its fonts in it. The same paper is the same bytes: nothing of the making is written into it. Node only. */
export const paperPdf = (paper: Paper): Promise<Uint8Array> => {
  const doc = new PDFDocument({
    ...{ size: 'A4', margin, bufferPages: true, autoFirstPage: false, lang: 'zh-CN', pdfVersion: '1.7' },
    info: {
      Title: `${paper.title} ${paper.code}`,
      Author: paper.author,
      Producer: 'Andon',
      Creator: 'Andon',
      CreationDate: paper.at,
    },
  })
  doc.registerFont('regular', fonts.regular)
  doc.registerFont('bold', fonts.bold)
  const pen: Pen = { doc, y: margin }
  turn(pen)
  putTitle(pen, paper)
  for (const block of paper.blocks) putBlock(pen, block)
  putProof(pen, paper)
  putFeet(doc, paper.foot)
  return bytesOf(doc)
}
