import { readdirSync, readFileSync } from 'node:fs'
import { packFor } from '../../src/rules/permits/packs.ts'
import type { JobFacts, JobQuestion, RulePack, SiteProfile, WorkRules, WorkType } from '../../src/rules/permits/rule-pack.ts'

/** Reads the golden table: one CSV for each subject, with Chinese columns, and the list of words that leads from them to the ids of the product. */
const folder = new URL('../golden/permits/', import.meta.url)

export type Row = Readonly<Record<string, string>>

/** Cells hold no comma and no quote, so that the files open the same in every spreadsheet; a row of another length is a mistake. */
const parse = (name: string): readonly Row[] => {
  const [head = '', ...lines] = readFileSync(new URL(name, folder), 'utf8').trim().split('\n')
  const columns = head.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    if (cells.length !== columns.length) throw new Error(`${name}: «${line}» has ${cells.length} cells, not ${columns.length}`)
    return Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? '']))
  })
}

export const tables: ReadonlyMap<string, readonly Row[]> = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.csv'))
    .toSorted()
    .map((name) => [name.replace(/^\d+-|\.csv$/g, ''), parse(name)]),
)

const words: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(
  readFileSync(new URL('词表.json', folder), 'utf8'),
)

/** The product's id of a word. Throws for a word that the list lacks. */
export const idOf = (kind: string, word: string): string => {
  const id = words[kind]?.[word]
  if (id === undefined) throw new Error(`词表.json has no ${kind} «${word}»`)
  return id
}
export const wordOf = (kind: string, id: string): string =>
  Object.entries(words[kind] ?? {}).find(([, one]) => one === id)?.[0] ?? id

export const cell = (row: Row, column: string): string => {
  const value = row[column]
  if (value === undefined) throw new Error(`${row.编号} has no column ${column}`)
  return value
}
/** Yes, no, or not told. */
export const claim = (word: string): boolean | null => (word === '是' ? true : word === '否' ? false : null)

const day = '2026-11-24'
/** The pack of a row: GB 46768 for the sites that it is for, else GB 30871. */
export const packOf = (row: Row, work: WorkType): RulePack => {
  const profile: SiteProfile = row.标准 === '46768' ? 'general_industry' : 'hazchem'
  const pack = packFor(profile, work, day)
  if (!pack) throw new Error(`no pack for ${profile} ${work}`)
  return pack
}
export const rulesOf = (row: Row, work: WorkType): WorkRules => {
  const rules = packOf(row, work).works[work]
  if (!rules) throw new Error(`no rules for ${work}`)
  return rules
}

const usual = ({ kind, choices, range }: JobQuestion): NonNullable<JobFacts[string]> => {
  if (kind === 'yesNo') return false
  if (kind === 'number') return range?.[0] ?? 0
  return kind === 'some' ? [] : (choices?.[0]?.id ?? '')
}

const answer = ({ kind }: JobQuestion, said: string): NonNullable<JobFacts[string]> => {
  if (kind === 'yesNo') return said === '是'
  if (kind === 'number') return Number(said)
  return kind === 'some' ? said.split('、').map((word) => idOf('取值', word)) : idOf('取值', said)
}

/** The answers of a row: what it says, what it leaves unanswered, and the mildest answer to everything else. Throws for a question that the work lacks. */
export const factsOf = (rules: WorkRules, conditions: string): JobFacts => {
  const said = conditions.split('；').filter((part) => part !== '')
  const facts = new Map(
    rules.questions.map((question): [string, NonNullable<JobFacts[string]>] => [question.id, usual(question)]),
  )
  for (const part of said) {
    const [name = '', value = ''] = part.split('=')
    const question = rules.questions.find(({ id }) => id === idOf('条件', name))
    if (!question) throw new Error(`${rules.name} asks no «${name}»`)
    if (value === '未答') facts.delete(question.id)
    else facts.set(question.id, answer(question, value))
  }
  return Object.fromEntries(facts)
}
