import { sha256 } from '../lib/crypto.ts'
import { noFacts, type PhotoFacts, readExif } from './exif.ts'
import { type Likeness, likenessOf, type Print, printOf } from './likeness.ts'
import { decode, mostPixels, type Pixels, readHeader } from './pixels.ts'
import { type Kind, mimeOf, sniff } from './sniff.ts'
import type { About } from './strip.ts'
import { photoJpeg, thumbnailJpeg, watermark } from './watermark.ts'

/** The bytes as they came. `sha256` is also their key in the blob store. */
export type Original = { readonly sha256: string; readonly size: number; readonly mime: string }

/** Why there is no picture to show. The original is evidence all the same. */
export type Because = 'not-an-image' | 'corrupt' | 'too-many-pixels' | 'heic' | 'too-large' | 'unsupported-format'

export type Intake =
  | {
      readonly kind: 'photo'
      readonly original: Original
      /** Of the watermarked picture, in pixels. */
      readonly width: number
      readonly height: number
      readonly exif: PhotoFacts
      readonly likeness: Likeness
      /** Null when there is too little in the picture to compare. */
      readonly print: Print | null
      /** JPEG, at most 2048 pixels a side, with the strip, without metadata. */
      readonly watermarked: Uint8Array
      /** JPEG for cards, at most 800 pixels wide and 200 kB. */
      readonly thumbnail: Uint8Array
    }
  /** `kept` reminds the caller of the bargain: the original is stored before and whatever this says. */
  | { readonly kind: 'refused'; readonly because: Because; readonly original: Original; readonly kept: true }

/** In bytes: what the platforms carry at most (DingTalk 20 MB, Feishu 10 MB, WeCom 10 MB; media upload pages, read 2026-11). */
export const largestPhoto = 20 * 1024 * 1024

/** What is handed to the decoder, and what is said of the rest. SVG is text here: it can name files and addresses, so it is never drawn. */
const verdict: Readonly<Record<Kind, 'decode' | Because>> = {
  jpeg: 'decode',
  png: 'decode',
  webp: 'decode',
  gif: 'decode',
  avif: 'decode',
  heif: 'decode',
  heic: 'decode',
  tiff: 'decode',
  bmp: 'unsupported-format',
  pdf: 'not-an-image',
  mp4: 'not-an-image',
  zip: 'not-an-image',
  text: 'not-an-image',
  unknown: 'not-an-image',
}

/** What a failed decoding means. HEIC needs a codec that the usual build of libvips has not; where it is built in, the photo is taken. */
const failure = (kind: Kind): Because => (kind === 'heic' || kind === 'heif' ? 'heic' : 'corrupt')

/**
 * Makes a photo fit to be shown: watermarked, and small for cards. Of an animation or a file of several pages, the first picture.
 * Reads and writes nothing but memory. Refuses what it cannot show; throws only for mistakes of the caller (an unknown zone).
 */
export const takeIn = async (bytes: Uint8Array, about: About): Promise<Intake> => {
  const kind = sniff(bytes)
  const original: Original = { sha256: sha256(bytes), size: bytes.byteLength, mime: mimeOf[kind] }
  const refused = (because: Because): Intake => ({ kind: 'refused', because, original, kept: true })

  if (!(bytes.byteLength <= largestPhoto)) return refused('too-large')
  const what = verdict[kind]
  if (what !== 'decode') return refused(what)
  const opened = await openPhoto(bytes, kind)
  if (opened.kind === 'failed') return refused(opened.because)

  const { picture, exif } = opened
  // Before the strip is laid over the picture, which changes the pixels in place.
  const likeness = likenessOf(picture)
  const print = printOf(picture)
  const marked = await watermark(picture, about, exif.position)
  const [watermarked, thumbnail] = await Promise.all([photoJpeg(marked), thumbnailJpeg(marked)])
  return { kind: 'photo', original, width: marked.width, height: marked.height, exif, likeness, print, watermarked, thumbnail }
}

type Opened =
  | { readonly kind: 'opened'; readonly picture: Pixels; readonly exif: PhotoFacts }
  | { readonly kind: 'failed'; readonly because: Because }

/** The only part that hostile bytes can make fail; everything after it works on plain pixels, where an error is ours. */
const openPhoto = async (bytes: Uint8Array, kind: Kind): Promise<Opened> => {
  try {
    const header = await readHeader(bytes)
    if (!(header.width * header.height <= mostPixels)) return { kind: 'failed', because: 'too-many-pixels' }
    return { kind: 'opened', picture: await decode(bytes, header), exif: header.exif ? await readExif(header.exif) : noFacts }
  } catch {
    return { kind: 'failed', because: failure(kind) }
  }
}
