import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createRegistry } from '../../src/engine/registry.ts'
import { allRefusals, lacks, refusalsPage } from './refusals-page.ts'
import { withoutRule } from './refusals-table.ts'

const named = ({ where, because }: { readonly where: string; readonly because: string }): string => `${where}.${because}`

test('every refusal says what happened, under which rule, and what to do next', () => {
  const incomplete = allRefusals().flatMap((one) => lacks(one).map((part) => `${named(one)} does not say ${part}: ${one.text}`))
  expect(incomplete).toEqual([])
})

test.each([
  ['{code}：请选择等级后再提交。', ['what happened', 'under which rule']],
  ['没有提交：{code} 还没有选择等级。', ['under which rule', 'what to do next']],
  ['没有提交：按隐患分级治理规则 2.3，{code} 须选择等级。', ['what to do next']],
  ['没有提交：按隐患分级治理规则 2.3，{code} 须选择等级。请选择后再提交。', []],
] as const)('%s is judged right', (text, missing) => {
  expect(lacks({ where: 'hazard', because: 'choose-colour', text })).toEqual(missing)
})

test('what is said to rest on no rule exists, once', () => {
  const names = new Set(allRefusals().map(named))
  const listed = Object.values(withoutRule).flat()
  expect(listed.filter((name) => !name.startsWith('*.') && !names.has(name))).toEqual([])
  expect(new Set(listed).size).toBe(listed.length)
})

const workflows = join(import.meta.dirname, '../../src/workflows')

const sourcesOf = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')

/** Keys among the first words handed to `refuse(…)`, also behind a condition. */
const refusedIn = (source: string): readonly string[] =>
  [...source.matchAll(/\brefuse\(\s*([^,)]*)/g)].flatMap(([, first = '']) =>
    [...first.replace(/`.*|[=!]== '\w+'/g, '').matchAll(/'([a-z]+(?:-[a-z]+)*)'/g)].map(([, key = '']) => key),
  )

/** Written in two halves: which is refused follows from what the state waits for, or from what the rules found. */
const joined = /^(late|not-yours-to|gate|certificate|gas)-/

test.each([...createRegistry().values()].map(({ workflow, words }) => [workflow.name, words.refusals] as const))(
  '%s has words for every refusal that it decides, and decides every one that it has words for',
  (name, words) => {
    const source = sourcesOf(join(workflows, name))
    const shared = ['pieces.ts', '../engine/batch.ts', '../engine/cases.ts']
      .map((file) => readFileSync(join(workflows, file), 'utf8'))
      .join('\n')
    expect(refusedIn(source).filter((key) => !Object.hasOwn(words, key))).toEqual([])
    expect(Object.keys(words).filter((key) => !`${source}\n${shared}`.includes(`'${key}'`) && !joined.test(key))).toEqual([])
  },
)

test('docs/refusals.md is what people read today', async () => {
  await expect(refusalsPage(), 'docs/refusals.md is stale; its second paragraph says how it is made anew').toMatchFileSnapshot(
    '../../docs/refusals.md',
  )
})
