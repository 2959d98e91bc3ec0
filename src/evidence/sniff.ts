/** What some bytes are, whatever their name, their sender or a platform says. */
export type Kind =
  | 'jpeg'
  | 'png'
  | 'webp'
  | 'gif'
  | 'heic'
  | 'heif'
  | 'avif'
  | 'bmp'
  | 'tiff'
  | 'pdf'
  | 'mp4'
  | 'zip'
  | 'text'
  | 'unknown'

export const mimeOf: Readonly<Record<Kind, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  heic: 'image/heic',
  heif: 'image/heif',
  avif: 'image/avif',
  bmp: 'image/bmp',
  tiff: 'image/tiff',
  pdf: 'application/pdf',
  mp4: 'video/mp4',
  zip: 'application/zip',
  text: 'text/plain',
  unknown: 'application/octet-stream',
}

/** A run of bytes at an offset, written as Latin-1 text. */
type Mark = readonly [at: number, bytes: string]

/** In order: the first line whose every mark is found wins. */
const marks: readonly (readonly [Kind, ...Mark[]])[] = [
  ['jpeg', [0, '\xFF\xD8\xFF']],
  ['png', [0, '\x89PNG\r\n\x1A\n']],
  ['webp', [0, 'RIFF'], [8, 'WEBP']],
  ['gif', [0, 'GIF87a']],
  ['gif', [0, 'GIF89a']],
  ['tiff', [0, 'II*\0']],
  ['tiff', [0, 'MM\0*']],
  ['pdf', [0, '%PDF-']],
  ['zip', [0, 'PK\x03\x04']],
  ['zip', [0, 'PK\x05\x06']],
  ['bmp', [0, 'BM'], [6, '\0\0\0\0']],
]

/** ISO base media brands (ISO/IEC 14496-12 and 23008-12, MIAF; the registry is mp4ra.org). `mif1` and `msf1` say only "some HEIF". */
const brands: Readonly<Record<string, Kind>> = {
  heic: 'heic',
  heix: 'heic',
  heim: 'heic',
  heis: 'heic',
  hevc: 'heic',
  hevx: 'heic',
  avif: 'avif',
  avis: 'avif',
  mif1: 'heif',
  msf1: 'heif',
  isom: 'mp4',
  iso2: 'mp4',
  iso4: 'mp4',
  iso5: 'mp4',
  iso6: 'mp4',
  mp41: 'mp4',
  mp42: 'mp4',
  avc1: 'mp4',
  'M4V ': 'mp4',
  'qt  ': 'mp4',
  '3gp4': 'mp4',
  '3gp5': 'mp4',
}

/** Enough for every mark, a list of brands and a look at a text. */
const window = 512

/** Never throws, reads at most the first 512 bytes, and says `unknown` rather than guess. */
export const sniff = (bytes: Uint8Array): Kind => {
  const head = bytes.subarray(0, window)
  const latin = String.fromCharCode(...head)
  if (latin.startsWith('ftyp', 4)) return byBrand(latin, head)
  const found = marks.find(([, ...all]) => all.every(([at, mark]) => latin.startsWith(mark, at)))
  if (found) return found[0]
  return isText(head) ? 'text' : 'unknown'
}

/** The major brand decides, unless it is a generic one and a compatible brand (from byte 16 to the end of the box) says more. */
const byBrand = (latin: string, head: Uint8Array): Kind => {
  const major = kindOfBrand(latin.slice(8, 12))
  if (major !== 'heif' && major !== 'unknown') return major
  const end = Math.min(new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0), head.byteLength)
  for (let at = 16; at + 4 <= end; at += 4) {
    const kind = kindOfBrand(latin.slice(at, at + 4))
    if (kind === 'avif' || kind === 'heic' || (major === 'unknown' && kind !== 'unknown')) return kind
  }
  return major
}

const kindOfBrand = (brand: string): Kind => (Object.hasOwn(brands, brand) ? (brands[brand] ?? 'unknown') : 'unknown')

/** UTF-8 without control characters other than tab and line ends. A character cut by the window is no fault. */
const isText = (head: Uint8Array): boolean => {
  if (
    head.byteLength === 0 ||
    head.some((byte) => byte < 9 || byte === 11 || byte === 12 || (byte > 13 && byte < 32) || byte === 127)
  )
    return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return true
  } catch {
    return false
  }
}
