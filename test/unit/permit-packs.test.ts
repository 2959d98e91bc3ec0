import { expect, test } from 'vitest'
import { clausesOf, paraphrase, quoteClause } from '../../src/rules/permits/clauses.ts'
import { allQuestions, packs, tenantDefaults, tenantExclusions } from '../../src/rules/permits/packs.ts'
import { clausesIn } from '../../src/rules/permits/print-work.ts'
import { type JobQuestion, type Test, workTypes } from '../../src/rules/permits/rule-pack.ts'
import { trades } from '../../src/rules/permits/trades.ts'
import { allWorks, conditionsOf } from './permit-packs-kit.ts'

const doubles = (ids: readonly string[]): readonly string[] => ids.filter((id, index) => ids.indexOf(id) !== index)

/** What is wrong with a condition; it can be judged only by a question whose answer is of its kind. */
const faultOf = (one: Test, questions: readonly JobQuestion[]): string | null => {
  const question = questions.find(({ id }) => id === one.fact)
  if (!question) return `nobody asks for ${one.fact}`
  const chosen = [...(typeof one.is === 'string' ? [one.is] : []), ...(one.anyOf ?? [])]
  const unknown = chosen.filter((id) => !question.choices?.some((choice) => choice.id === id))
  if (unknown.length > 0) return `${one.fact} has no ${unknown.join()}`
  const kind = typeof one.is === 'boolean' ? 'yesNo' : typeof one.is === 'string' ? 'one' : one.anyOf ? 'chosen' : 'number'
  const fits = kind === 'chosen' ? question.kind === 'one' || question.kind === 'some' : kind === question.kind
  return fits ? null : `${one.fact} is ${question.kind}, asked as ${kind}`
}

test.each(allWorks)('$name: every condition can be answered', ({ rules }) => {
  expect(conditionsOf(rules).flatMap((one) => faultOf(one, rules.questions) ?? [])).toEqual([])
})

test.each(packs)('$id: every condition of a pair can be answered by the work that it is about', (pack) => {
  const sides = pack.exclusions.flatMap(({ between }) => between)
  const faults = sides.flatMap(({ work, when = [] }) => {
    const questions = work === 'activity' ? [] : allQuestions(work)
    return when.flatMap((one) => faultOf(one, questions) ?? [])
  })
  expect(faults).toEqual([])
})

test.each(allWorks)('$name: ids are its own, and levels are known', ({ rules }) => {
  const lists = [
    rules.questions,
    rules.levels,
    rules.measures,
    rules.weather,
    rules.upgrades,
    rules.certificates,
    rules.startNeeds,
  ]
  const ids = [...lists, ...(rules.gas ? [rules.gas.limits, rules.gas.points] : []), ...rules.levels.map(({ chain }) => chain)]
  expect(ids.flatMap((list) => doubles(list.map(({ id }) => id)))).toEqual([])
  const known = new Set(rules.levels.map(({ id }) => id))
  const named = [
    ...[...rules.criteria, ...rules.noTicket].map(({ level }) => level),
    ...rules.startNeeds.flatMap(({ levels = [] }) => levels),
    ...[rules.gas?.retestAfter ?? {}, rules.gas?.logEvery ?? {}].flatMap(Object.keys).filter((id) => id !== 'any'),
  ]
  expect(named.filter((id) => !known.has(id))).toEqual([])
  expect([...known].filter((id) => !rules.criteria.some(({ level }) => level === id))).toEqual([])
})

test.each(allWorks)('$name: levels go up from the mildest, criteria down from the strictest', ({ rules }) => {
  const ranks = rules.levels.map(({ rank }) => rank)
  expect(ranks).toEqual(ranks.map((_, index) => index))
  const criteria = rules.criteria.map(({ level }) => rules.levels.find(({ id }) => id === level)?.rank ?? -1)
  expect(criteria).toEqual(criteria.toSorted((a, b) => b - a))
})

test.each(allWorks)('$name: the work leader signs first, somebody else approves, and the end is accepted', ({ rules }) => {
  for (const { chain } of rules.levels) {
    const kinds = chain.map(({ kind }) => kind)
    expect(chain.find(({ id }) => id === 'workLeader')).toMatchObject({ role: 'workLeader', scope: 'permit', kind: 'confirm' })
    expect(kinds).toContain('approve')
    expect(chain.filter(({ kind, scope }) => kind === 'approve' && scope === 'permit')).toEqual([])
    const order = ['confirm', 'review', 'countersign', 'approve', 'beforeStart', 'acceptance']
    const places = kinds.map((kind) => order.indexOf(kind))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(kinds.at(-1)).toBe('acceptance')
  }
})

test('measure lines have ids of their own in all of a standard, and texts of their own in a form', () => {
  for (const { rules } of allWorks) expect(doubles(rules.measures.map(({ text }) => text))).toEqual([])
  for (const { id } of packs) {
    const own = allWorks.filter(({ pack }) => pack.id === id).flatMap(({ rules }) => rules.measures.map((line) => line.id))
    expect(doubles(own)).toEqual([])
    expect(own.filter((line) => !/^[a-z]+\.[a-zA-Z0-9]+$/.test(line))).toEqual([])
  }
})

test('a question that several packs ask has one kind and one set of choices', () => {
  const shapes = workTypes.flatMap((work) => {
    const asked = allWorks.filter(({ rules }) => rules.work === work).flatMap(({ rules }) => rules.questions)
    return allQuestions(work).map(({ id }) => {
      const kinds = asked.filter((one) => one.id === id).map(({ kind, choices, unit }) => JSON.stringify([kind, choices, unit]))
      return new Set(kinds).size
    })
  })
  expect(new Set(shapes)).toEqual(new Set([1]))
})

test.each(packs)('$id: every clause that it names is known, in a line of its own', (pack) => {
  const unknown = [...clausesIn(pack)].filter((clause) => clause !== '自定' && paraphrase(pack.standard, clause) === null)
  expect(unknown).toEqual([])
})

test('every clause that is known reads as one line of Chinese', () => {
  const lines = Object.values(clausesOf).flatMap(Object.values)
  expect(
    lines.filter((line) => line.length < 5 || line.length > 90 || line.includes('\n') || !/\p{Script=Han}/u.test(line)),
  ).toEqual([])
})

test('a clause is quoted with its standard; what is none, or is unknown, is not made up', () => {
  expect(quoteClause('GB 30871-2022', '5.3.1 c')).toBe('GB 30871-2022 5.3.1 c：取样与动火开始的间隔不超过 30 min')
  expect(quoteClause('GB 46768-2025', '6.2.7')).toMatch(/^GB 46768-2025 6\.2\.7：/)
  expect(quoteClause('GB 30871-2022', '自定')).toMatch(/^自定：/)
  expect(quoteClause('GB 30871-2022', '99.9')).toBe('GB 30871-2022 99.9')
  expect(quoteClause('GB 1', '5.3.2')).toBe('GB 1 5.3.2')
  expect(paraphrase('GB 30871-2022', 'toString')).toBeNull()
})

test('every certificate that is asked for is a trade with a name, and whoever works or watches is named', () => {
  const asked = allWorks.flatMap(({ rules }) => rules.certificates)
  expect(asked.flatMap((rule) => rule.trades).filter((trade) => !Object.hasOwn(trades, trade))).toEqual([])
  expect(asked.filter((rule) => rule.trades.length === 0)).toEqual([])
  expect(allWorks.filter(({ rules }) => !rules.certificates.some(({ who }) => who === 'attendant'))).toEqual([])
})

test.each(packs)('$id: pairs have ids of their own, and each is forbidden or coordinated', ({ exclusions }) => {
  expect(doubles(exclusions.map(({ id }) => id))).toEqual([])
  for (const { where } of exclusions) if ('metres' in where) expect(where.metres).toBeGreaterThan(0)
})

test('packs with a pair in common say the same of it but for the clause', () => {
  const all = packs.flatMap(({ exclusions }) => exclusions)
  const said = Map.groupBy(all, ({ id }) => id)
  for (const group of said.values()) expect(new Set(group.map((one) => JSON.stringify({ ...one, clause: '' }))).size).toBe(1)
})

test('the site’s own pairs hold by default, rest on no clause, and spare permits of one job', () => {
  expect(tenantDefaults).toEqual(['independent.hot.confinedSpace'])
  expect(tenantExclusions).toMatchObject([
    {
      between: [{ work: 'hot' }, { work: 'confinedSpace' }],
      where: { same: 'area' },
      outcome: 'forbid',
      clause: '自定',
      sparesLinked: true,
    },
  ])
  const packed = packs.flatMap(({ exclusions }) => exclusions.map(({ id }) => id))
  expect(tenantDefaults.filter((id) => packed.includes(id))).toEqual([])
})
