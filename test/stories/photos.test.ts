import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { expect } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import { cardOf, casesSeenBy, expectAnswered, looksAt } from '../support/acts.ts'
import { story } from '../support/story.ts'
import { type Arrangement, across, type World } from '../support/world.ts'

const shifts: readonly Arrangement[] = [0, 1, 2].map((shift) => ({
  database: 'pglite',
  shift: shift as 0 | 1 | 2,
  door: shift === 1 ? 'http' : 'stream',
}))

const sample = (name: string): Buffer => readFileSync(fileURLToPath(new URL(`../../demo/photos/${name}`, import.meta.url)))
const shaOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Every stored blob by its name, which is the SHA-256 of what it must hold. */
const blobs = ({ dataDir }: World): ReadonlyMap<string, Buffer> => {
  const files = readdirSync(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  return new Map(
    files.flatMap(({ name, parentPath }) => {
      const sha = /[0-9a-f]{64}/.exec(name)?.[0]
      return sha ? [[sha, readFileSync(join(parentPath, name))] as const] : []
    }),
  )
}

const good = ['oil-leak.jpg', 'rotated.jpg'] as const

story(
  'a photo is kept as it came, under its own SHA-256, and a watermarked picture stands beside it',
  across,
  async ({ people, world, clock }) => {
    const { welder, teamLead } = people
    for (const name of good) {
      await welder.sendsPhoto(name)
      const stored = blobs(world)
      const original = stored.get(shaOf(sample(name)))
      expect(original?.equals(sample(name)), name).toBe(true)
      await clock.passes(minutes(2))
    }
    const stored = blobs(world)
    for (const [sha, bytes] of stored) expect(shaOf(bytes)).toBe(sha)
    expect(stored.size).toBe(good.length * 3)
    const originals = new Set(good.map((name) => shaOf(sample(name))))
    const drawn = [...stored].filter(([sha]) => !originals.has(sha)).map(([, bytes]) => bytes)
    for (const bytes of drawn) {
      const { format, exif, orientation } = await sharp(bytes).metadata()
      expect([format, exif, orientation ?? 1]).toEqual(['jpeg', undefined, 1])
    }
    const upright = await sharp(sample('rotated.jpg')).rotate().toBuffer({ resolveWithObject: true })
    const shapes = await Promise.all(drawn.map((bytes) => sharp(bytes).metadata()))
    expect(shapes.some(({ width, height }) => width > height === upright.info.width > upright.info.height)).toBe(true)
    expect(await casesSeenBy(teamLead)).toHaveLength(good.length)
    await looksAt(welder, teamLead)
    await people.everyone.seesNothingElse()
  },
)

const bad: Readonly<Record<string, RegExp>> = {
  'corrupt.jpg': /照片文件损坏/,
  'not-an-image.jpg': /不是图片/,
  'bomb-100mp.png': /像素过大/,
  'photo.heic': /HEIC/,
}

for (const [name, words] of Object.entries(bad)) {
  story(`${name} is answered in the chat, its bytes are kept, and the report goes on`, shifts, async ({ people, world }) => {
    const { welder, teamLead } = people
    await welder.sendsPhoto(name)
    const [code] = await casesSeenBy(teamLead)
    if (!code) throw new Error('the report is lost')
    const answer = await welder.seesText(words)
    expect(answer.text).toContain(code)
    expect(answer.text).toContain('报告已保留')
    expect(
      blobs(world)
        .get(shaOf(sample(name)))
        ?.equals(sample(name)),
    ).toBe(true)
    const card = await cardOf(teamLead, code)
    expectAnswered(await teamLead.presses('接单', { area: 'pump-3' }, card.id))
    expect((await cardOf(teamLead, code)).actions.join()).toMatch(/上传整改.?照片/)
    await looksAt(welder, teamLead)
    await people.everyone.seesNothingElse()
  })
}
