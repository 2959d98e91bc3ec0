import { cpSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { play, type Scene, step, tourPage } from '../../scripts/tour-play.ts'
import { scenes } from '../../scripts/tour-script.ts'
import { openTourStage, type TourStage } from '../../scripts/tour-stage.ts'
import { pgliteTemplate } from '../support/world.ts'

let stage: TourStage
beforeAll(async () => {
  const template = await pgliteTemplate()
  stage = await openTourStage((dataDir) => cpSync(template, dataDir, { recursive: true }))
})
afterAll(() => stage.close())

test('the printed tour is the one that is played', () => {
  expect(readFileSync(new URL('../../docs/tour.md', import.meta.url), 'utf8')).toBe(tourPage(scenes))
})

test('the whole tour: every phone shows what the script says, scene after scene in one plant', async () => {
  const lines: string[] = []
  const played = await play({ url: stage.sandbox, scenes, print: (line) => lines.push(line) })
  expect(played.failed, lines.join('\n')).toBeNull()
  expect(played).toMatchObject({ scenes: scenes.length, steps: scenes.flatMap(({ steps }) => steps).length })
  expect(played.looked).toBeGreaterThan(played.steps)
})

test('a tour whose phones show something else ends at that step and says what is there', async () => {
  const lines: string[] = []
  const wrong: Scene = {
    en: 'Wrong',
    zh: '错',
    steps: [
      step('asks', '问', (tour) => tour.phone('吴刚').says('指标')),
      step('sees another card', '看到另一张卡片', (tour) => tour.phone('吴刚').sees('隐患待处理')),
      step('never comes here', '到不了这里', () => Promise.resolve()),
    ],
  }
  const played = await play({ url: stage.sandbox, scenes: [wrong], print: (line) => lines.push(line) })
  expect(played).toMatchObject({ scenes: 0, steps: 1 })
  expect(played.failed).toMatch(/^1\.2: 吴刚 does not see a card «隐患待处理», but .*隐患治理指标/)
  expect(lines.at(-1)).toMatch(/^✗ 1\.2 sees another card\n/)
})
