import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clausesOf } from '../../src/rules/permits/clauses.ts'
import { packs } from '../../src/rules/permits/packs.ts'
import { printPack } from '../../src/rules/permits/print.ts'
import { clausesIn } from '../../src/rules/permits/print-work.ts'
import type { RulePack } from '../../src/rules/permits/rule-pack.ts'
import { allWorks } from './permit-packs-kit.ts'

const folder = join(import.meta.dirname, '../../docs/rules')
const fileOf = ({ id }: RulePack): string => `${id.toLowerCase().replace('@', '-v')}.md`

const madeBy =
  '<!-- Made from the rule pack by `node node_modules/vitest/vitest.mjs run --project unit test/unit/permit-print.test.ts -u`. Never edited by hand. -->'

test.each(packs)('docs/rules shows $id as it is', async (pack) => {
  await expect(`${madeBy}\n\n${printPack(pack)}`, 'stale; its first line says how it is made anew').toMatchFileSnapshot(
    join(folder, fileOf(pack)),
  )
})

test('docs/rules has a page for each pack and no other', () => {
  expect(readdirSync(folder).toSorted()).toEqual(packs.map(fileOf).toSorted())
})

test.each(packs)('$id: everything that a safety officer checks is on its page', (pack) => {
  const page = printPack(pack)
  const own = allWorks.filter((one) => one.pack.id === pack.id).map(({ rules }) => rules)
  const texts = own.flatMap((rules) => [
    rules.name,
    rules.form,
    ...rules.levels.flatMap(({ name, chain, copies }) => [name, ...chain.map(({ label }) => label), ...copies]),
    ...rules.measures.flatMap(({ id, text }) => [id, text]),
    ...[...rules.criteria, ...rules.noTicket].map(({ reason }) => reason),
    ...[...rules.weather, ...rules.upgrades, ...rules.startNeeds].map(({ text }) => text),
    ...rules.questions.flatMap(({ label, choices = [] }) => [label, ...choices.map((choice) => choice.label)]),
    ...(rules.gas?.points ?? []).map(({ label }) => label),
    ...(rules.gas?.limits ?? []).map(({ id }) => `限值 ${id}`),
  ])
  expect(texts.filter((text) => !page.includes(text))).toEqual([])
  expect(pack.exclusions.filter(({ text }) => !page.includes(text))).toEqual([])
  const lines = [...clausesIn(pack)]
    .filter((clause) => clause !== '自定')
    .map((clause) => clausesOf[pack.standard]?.[clause] ?? '?')
  expect(lines.filter((line) => !page.includes(line))).toEqual([])
})

test('every row of every table has a clause or says that none backs it', () => {
  const known = new Set(Object.values(clausesOf).flatMap((clauses) => Object.keys(clauses)))
  const bad = packs.flatMap((pack) => {
    const [rules = ''] = printPack(pack).split('## 所引条款')
    const rows = rules.split('\n').filter((line) => line.startsWith('| ') && !/ 条款( \||$)/.test(line))
    return rows.filter(
      (row) => !row.split(' | ').some((cell) => ['自定', '自定 |'].includes(cell) || known.has(cell.replace(/ \|$/, ''))),
    )
  })
  expect(bad).toEqual([])
})

test('nothing is printed as undefined, as an object or as an empty cell', () => {
  for (const pack of packs) expect(printPack(pack)).not.toMatch(/undefined|NaN|\[object|\| \|/)
})
