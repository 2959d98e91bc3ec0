import { expect, test } from 'vitest'
import { render } from '../../src/bots/dingtalk/render.ts'
import { renderCard } from '../../src/bots/feishu/render.ts'
import { can } from '../../src/bots/wecom/platform.ts'
import { prepare, templateCard } from '../../src/bots/wecom/render.ts'
import type { Card } from '../../src/cards/card.ts'
import { digestCard } from '../../src/cards/digest-card.ts'
import { indicatorQuestions, indicatorsQuestion } from '../../src/cards/questions/indicators.ts'
import { pointsQuestion } from '../../src/cards/questions/points.ts'
import { todoQuestion } from '../../src/cards/questions/todo.ts'
import type { DigestState } from '../../src/workflows/digest/digest.ts'
import { counted } from '../../src/workflows/indicators.ts'
import { createDesk, plantWith } from './desk.ts'
import { matrixPlant } from './matrix-plant.ts'
import { scenes } from './matrix-scenes.ts'

/** The labels of the facts as each platform shows them, cut where it cuts them. */
const shownOn: Readonly<Record<string, (card: Card) => readonly string[]>> = {
  feishu: (card) =>
    [...JSON.stringify(renderCard(card).content).matchAll(/"content":"([^"]*?)\\n/g)].map(([, label = '']) => label),
  dingtalk: (card) => [...render(card).values.facts.matchAll(/\*\*(.*?)\*\*：/g)].map(([, label = '']) => label),
  wecom: (card) =>
    (templateCard(prepare(card, can), { kind: 'send', once: 'eff_1' }, card.pictures.length).horizontal_content_list ?? []).map(
      ({ keyname }) => keyname,
    ),
}
/** Only the facts of a card are asked about; a body with line breaks looks like one on Feishu. */
const factsOnly = (card: Card): Card => ({ ...card, body: '', note: '', form: [], pictures: [], actions: [] })

const twice = (labels: readonly string[]): readonly string[] => labels.filter((label, index) => labels.indexOf(label) !== index)

const complaints = (name: string, card: Card): readonly string[] =>
  Object.entries(shownOn).flatMap(([platform, shown]) => {
    const labels = shown(factsOnly(card))
    const few =
      labels.length >= Math.min(card.facts.length, platform === 'wecom' ? can.facts : 20)
        ? []
        : [`${platform} ${name}: not all labels were found`]
    return [...few, ...twice(labels).map((label) => `${platform} ${name} «${card.title}»: ${label}`)]
  })

const plant = matrixPlant()
const everybody = [...plant.persons.keys()]

test.each(Object.keys(scenes))(
  'on no card of %s do two facts look the same, whoever reads it and on whichever platform',
  (name) => {
    const scene = scenes[name]?.(plant)
    const cards = everybody.flatMap((who) => scene?.card(who) ?? [])
    expect([...new Set(cards.flatMap((card) => complaints(name, card)))]).toEqual([])
  },
)

const asked = {
  person: 'head',
  site: 'SH01',
  text: '',
  at: new Date('2026-11-24T02:00:00.000Z'),
  plant: plantWith(),
  read: () => [],
  count: () => 1,
}
const answers = [todoQuestion, pointsQuestion, indicatorsQuestion, ...indicatorQuestions]
test.each(answers.map((question) => [question.name, question] as const))(
  'nor on the answer to the question %s',
  (name, question) => {
    expect(complaints(name, question.answer(asked))).toEqual([])
  },
)

test.each(['lead', 'head', 'principal'])('nor on the digest that %s reads', (who) => {
  const counts = Object.fromEntries(counted.map((name) => [name, 1])) as NonNullable<DigestState['window']>
  const list = { open: 1, overdue: 0, atLeast: false, lines: [] }
  const state: DigestState = {
    status: 'made',
    site: 'SH01',
    date: '2026-11-24',
    teams: { mech: list },
    plant: list,
    yesterday: counts,
    window: counts,
    unreached: [],
  }
  const view = {
    subject: 'dgt_1',
    revision: 1,
    reader: { person: who, account: null },
    plant: plantWith(),
    at: asked.at,
    page: () => null,
  }
  const card = digestCard(state, view)
  expect(card.facts.length).toBeGreaterThan(1)
  expect(complaints(`digest ${who}`, card)).toEqual([])
})

test('a card of points with every group on it has no two labels alike', () => {
  const desk = createDesk('points')
  const kinds = ['reportRed', 'nearMiss', 'suggestion', 'onTime', 'verification', 'stopCard', 'checkIn', 'renewal', 'yellowCard']
  for (const kind of kinds)
    desk.must(
      { kind: 'system' },
      { type: 'award', person: 'welder', kind, key: kind, case: null, code: null, at: desk.now().toISOString() },
    )
  const card = desk.card('welder')
  expect(card.facts).toHaveLength(2 + kinds.length)
  expect(complaints('points', card)).toEqual([])
})

test('labels that would be cut to the same are found', () => {
  const card = todoQuestion.answer(asked)
  const alike = ['近30天按期关闭率', '近30天一次通过率'].map((label) => ({ label, value: '1' }))
  expect(complaints('alike', { ...card, facts: alike })).toEqual([expect.stringMatching(/^wecom alike .*：?近30天/)])
})
