import { createRequire } from 'node:module'
import sharp, { type OverlayOptions } from 'sharp'
import type { Drawing, DrawnWords } from '../lib/drawing.ts'

/** The fonts are a dependency, so that a machine without any draws Chinese, and every machine the same. */
const locate = createRequire(import.meta.url).resolve
const fonts = {
  regular: locate('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'),
  bold: locate('@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf'),
} as const

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const hex = /^#[0-9a-f]{6}$/

/** Words as pixels of their own, with transparency, and the corner where they lie. Throws RangeError for a colour that is none. */
const inked = async ({ text, x, y, anchor, size, bold, colour }: DrawnWords): Promise<OverlayOptions> => {
  if (!hex.test(colour)) throw new RangeError('a colour is #rrggbb')
  const { data, info } = await sharp({
    text: {
      text: `<span foreground="${colour}">${escaped(text)}</span>`,
      font: `Noto Sans SC ${bold ? 'Bold ' : ''}${size}`,
      fontfile: bold ? fonts.bold : fonts.regular,
      rgba: true,
      dpi: 72,
    },
  })
    .png()
    .toBuffer({ resolveWithObject: true })
  const left = { start: 0, middle: info.width / 2, end: info.width }[anchor]
  return { input: data, left: Math.max(0, Math.round(x - left)), top: Math.max(0, Math.round(y - info.height / 2)) }
}

/** Makes a picture of ours: a JPEG without metadata, for cards. For drawings that this program has made itself; nothing that a stranger sent is ever drawn so. */
export const paint = async ({ width, height, svg, words }: Drawing): Promise<Uint8Array> => {
  const overlays: OverlayOptions[] = []
  for (const one of words) overlays.push(await inked(one))
  return sharp(Buffer.from(svg), { density: 72, limitInputPixels: 4_000_000 })
    .resize({ width, height, fit: 'fill' })
    .composite(overlays)
    .flatten({ background: '#fff' })
    .jpeg({ quality: 90, chromaSubsampling: '4:4:4' })
    .toBuffer()
}
