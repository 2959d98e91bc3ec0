import sharp from 'sharp'
import { expect } from 'vitest'
import type { Seen } from '../../sandbox/contract.ts'
import { radarSize } from '../../src/papers/radar.ts'
import { looksAt } from '../support/acts.ts'
import { story } from '../support/story.ts'
import { across, type World } from '../support/world.ts'

const picturesOn = (seen: Seen, { sandbox }: World): Promise<readonly Buffer[]> =>
  Promise.all(seen.images.map(async (image) => Buffer.from(await (await fetch(new URL(image, sandbox.url))).arrayBuffer())))

const sizeOf = async (bytes: Buffer): Promise<readonly unknown[]> => {
  const { format, width, height } = await sharp(bytes).metadata()
  return [format, width, height]
}

/** The picture on the page that a card opens. */
const pictureOnPage = async (who: string, { post, running }: World): Promise<Buffer> => {
  const { url } = await post<{ url: string }>(`/people/${who}/opens`, { label: '查看雷达图', follow: false })
  const opened = await fetch(url, { redirect: 'manual' })
  const cookie = opened.headers
    .getSetCookie()
    .map((one) => one.split(';')[0] ?? '')
    .join('; ')
  const base = running().url
  const subject = /\/c\/(prt_[0-9a-z]+)/.exec(opened.headers.get('location') ?? '')?.[1]
  const page = (await (await fetch(`${base}/api/cases/${subject}`, { headers: { cookie } })).json()) as {
    card: { pictures: { thumbnail: string; alt: string }[] }
  }
  const [picture] = page.card.pictures
  expect(picture?.alt).toContain('守规 100')
  expect((await fetch(`${base}${picture?.thumbnail}`)).status).toBe(401)
  return Buffer.from(await (await fetch(`${base}${picture?.thumbnail}`, { headers: { cookie } })).arrayBuffer())
}

const drawnHere = async ({ running }: World): Promise<number> =>
  (await running().database.db.selectFrom('journal').select('event').where('event', 'like', '%"type":"drawn"%').execute()).length

story(
  '我的安全画像 is a card with a radar where cards have pictures, and with every number where they have none',
  across,
  async (stage) => {
    const { people, world, settles } = stage
    const { welder, teamLead, deptHead, safetyDirector } = people
    const told = new Set<string>()
    for (const actor of [welder, teamLead, deptHead]) {
      await actor.says('我的安全画像')
      await settles()
      const seen = await actor.seesCard('我的安全画像', { tone: 'info', text: /守规[\s\S]*100/ })
      expect(`${seen.text}\n${seen.facts.flat().join(' ')}`).toContain('总积分 0')
      told.add(seen.platform)
      const pictures = await picturesOn(seen, world)
      if (seen.platform === 'wecom') {
        expect(pictures).toEqual([])
        expect(await sizeOf(await pictureOnPage(actor.id, world))).toEqual(['jpeg', radarSize.width, radarSize.height])
      } else expect(await Promise.all(pictures.map(sizeOf))).toEqual([['jpeg', radarSize.width, radarSize.height]])
    }
    expect([...told].sort()).toEqual(['dingtalk', 'feishu', 'wecom'])
    expect(await drawnHere(world)).toBe(1)
    await safetyDirector.says('我的画像')
    await safetyDirector.seesCard('我的安全画像')
    expect(await drawnHere(world)).toBe(1)
    await looksAt(welder, teamLead, deptHead, safetyDirector)
    await people.everyone.seesNothingElse()
  },
)
