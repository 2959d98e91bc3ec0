/**
 * Makes `demo/photos`: photos a welder could have taken, and files no service should choke on. Run with `node scripts/sample-photos.ts`.
 * The drawings come from `sample-scenes.ts`; here they get grain, a soft focus, a vignette, a tilt and what a phone writes into a file.
 */
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp, { type Exif, type OverlayOptions, type Sharp } from 'sharp'
import { blockedExit, fixedOilLeak, type Label, looseGuardrail, oilLeak, openCabinet, type Scene } from './sample-scenes.ts'

const folder = fileURLToPath(new URL('../demo/photos/', import.meta.url))
const font = createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf')
const [width, height] = [1280, 960]

const written = async ({ text, x, y, height: size, colour, turn = 0 }: Label): Promise<OverlayOptions> => {
  const markup = `<span foreground="${colour}">${text}</span>`
  const line = await sharp({ text: { text: markup, font: 'Noto Sans SC Bold', fontfile: font, rgba: true, dpi: size * 6 } })
    .png()
    .toBuffer()
  const input = await sharp(line).rotate(turn, { background: '#00000000' }).blur(0.6).png().toBuffer()
  return { input, left: x, top: y }
}

/** Grain that repeats: the files are the same on every run. */
const grain = (strength: number): OverlayOptions => {
  const pixels = new Uint8Array(width * height * 4)
  let state = 12_345
  for (let i = 0; i < pixels.length; i += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const value = state >>> 24
    pixels.set([value, value, value, strength], i)
  }
  return { input: Buffer.from(pixels), raw: { width, height, channels: 4 }, blend: 'soft-light' }
}

const light = (x: number, y: number): OverlayOptions => ({
  input: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <radialGradient id="v" cx="${x}" cy="${y}" r="0.78"><stop offset="0" stop-color="#fff4dc" stop-opacity="0.34"/><stop offset="0.45" stop-color="#806a50" stop-opacity="0"/><stop offset="1" stop-color="#04060a" stop-opacity="0.72"/></radialGradient>
    <rect width="${width}" height="${height}" fill="url(#v)"/></svg>`),
  blend: 'over',
})

type Camera = { readonly tilt: number; readonly lightX: number; readonly lightY: number; readonly warmth: number }

const photograph = async ({ svg, labels }: Scene, { tilt, lightX, lightY, warmth }: Camera): Promise<Sharp> => {
  const scene = await sharp(Buffer.from(svg))
    .composite(await Promise.all(labels.map(written)))
    .png()
    .toBuffer()
  const zoomed = await sharp(scene).rotate(tilt, { background: '#55534d' }).png().toBuffer({ resolveWithObject: true })
  const [left, top] = [Math.round((zoomed.info.width - width) / 2), Math.round((zoomed.info.height - height) / 2)]
  const framed = await sharp(zoomed.data).extract({ left, top, width, height }).png().toBuffer()
  const cropped = await sharp(framed)
    .extract({ left: 50, top: 38, width: width - 100, height: height - 76 })
    .resize(width, height)
    .blur(0.9)
    .png()
    .toBuffer()
  const lit = await sharp(cropped)
    .composite([light(lightX, lightY), grain(70)])
    .removeAlpha()
    .png()
    .toBuffer()
  return sharp(lit)
    .linear([1.04 * warmth, 1.02, 0.97 / warmth], [-4, -4, -2])
    .modulate({ saturation: 0.88 })
}

const finish = (photo: Sharp): Sharp => photo.jpeg({ quality: 74, chromaSubsampling: '4:2:0', mozjpeg: true })

const degrees = (value: number): string => {
  const minutes = (value % 1) * 60
  return `${Math.floor(value)}/1 ${Math.floor(minutes)}/1 ${Math.round((minutes % 1) * 6000)}/100`
}
const taken = (time: string): Exif => ({
  IFD0: { Make: 'Andon', Model: 'Sample phone', DateTime: time },
  IFD2: { DateTimeOriginal: time, DateTimeDigitized: time, OffsetTimeOriginal: '+08:00' },
})
/** The middle of 3号泵房 in `demo/plant.json`, as WGS 84. */
const atPump3: Exif = {
  IFD3: {
    GPSVersionID: '2 3 0 0',
    GPSLatitudeRef: 'N',
    GPSLatitude: degrees(30.7203),
    GPSLongitudeRef: 'E',
    GPSLongitude: degrees(121.3301),
    GPSMapDatum: 'WGS-84',
  },
}

const save = async (name: string, photo: Sharp): Promise<void> => {
  const bytes = await photo.toBuffer()
  writeFileSync(join(folder, name), bytes)
  console.log(`${name} ${Math.round(bytes.length / 1024)} kB`)
}

const photos = async (): Promise<void> => {
  const leak = await photograph(oilLeak, { tilt: 1.6, lightX: 0.55, lightY: 0.62, warmth: 1.04 })
  await save('oil-leak.jpg', finish(leak).withExif({ ...taken('2026:11:22 13:38:05'), ...atPump3 }))
  const rail = await photograph(looseGuardrail, { tilt: -1.2, lightX: 0.5, lightY: 0.3, warmth: 1 })
  await save('loose-guardrail.jpg', finish(rail).withExif(taken('2026:11:22 09:12:44')))
  await save('blocked-exit.jpg', finish(await photograph(blockedExit, { tilt: 0.8, lightX: 0.5, lightY: 0.25, warmth: 1.02 })))
  await save('fixed-oil-leak.jpg', finish(await photograph(fixedOilLeak, { tilt: -0.9, lightX: 0.5, lightY: 0.5, warmth: 0.99 })))
  const cabinet = await photograph(openCabinet, { tilt: 0.5, lightX: 0.5, lightY: 0.4, warmth: 1.03 })
  const sideways = await sharp(await cabinet.png().toBuffer())
    .rotate(-90)
    .png()
    .toBuffer()
  await save('rotated.jpg', finish(sharp(sideways)).withMetadata({ orientation: 6 }))
}

/** A JPEG whose second half was lost on the way, bytes that lie about their type, a small file that unpacks to 100 megapixels and more, and a HEIC of headers alone. */
const hostile = async (): Promise<void> => {
  const whole = await finish(await photograph(oilLeak, { tilt: 3, lightX: 0.4, lightY: 0.5, warmth: 1 })).toBuffer()
  const half = Buffer.concat([whole.subarray(0, 2_000), Buffer.alloc(400, 0xff), whole.subarray(6_000, 40_000)])
  writeFileSync(join(folder, 'corrupt.jpg'), half)
  writeFileSync(
    join(folder, 'not-an-image.jpg'),
    '<script>alert("这不是照片")</script>\nThis file is text, whatever its name says.\n',
  )
  const dark = sharp({ create: { width: 11_000, height: 10_000, channels: 3, background: '#202020' }, limitInputPixels: false })
  await save('bomb-100mp.png', dark.png({ compressionLevel: 9, palette: true, colours: 2 }))
  writeFileSync(join(folder, 'photo.heic'), heic())
}

const atom = (type: string, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(body.length + 8)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}
const full = Buffer.alloc(4)

/** `ftyp`, an empty `meta` with a picture handler and an empty `mdat` (ISO/IEC 23008-12, brands in annex B). */
const heic = (): Buffer =>
  Buffer.concat([
    atom('ftyp', Buffer.from('heic\0\0\0\0mif1heic', 'latin1')),
    atom(
      'meta',
      full,
      atom('hdlr', full, Buffer.from('\0\0\0\0pict', 'latin1'), Buffer.alloc(13)),
      atom('pitm', full, Buffer.from([0, 1])),
    ),
    atom('mdat', Buffer.alloc(64)),
  ])

await photos()
await hostile()
