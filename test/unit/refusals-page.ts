import { commonText } from '../../src/cards/text/common.ts'
import { pagesText } from '../../src/cards/text/pages.ts'
import { createRegistry } from '../../src/engine/registry.ts'
import { nextSteps, ruleMarks, withoutRule } from './refusals-table.ts'

/** One refusal as people read it. `where` is a workflow, or the door that speaks when no workflow does. */
export type Worded = { readonly where: string; readonly because: string; readonly text: string }

const wordsOf = (where: string, words: Readonly<Record<string, string>>): readonly Worded[] =>
  Object.entries(words).map(([because, text]) => ({ where, because, text }))

const titled = (
  where: string,
  words: Readonly<Record<string, { readonly title: string; readonly body: string }>>,
  way = '',
): readonly Worded[] =>
  Object.entries(words).map(([because, { title, body }]) => ({ where, because, text: `${title}。${body}${way}` }))

const chat = [
  'linkFirst',
  'staleCard',
  'notRecorded',
  'messageNotRecorded',
  'busy',
  'unknownCode',
  'unsupported',
  'outside',
  'quota',
] as const

/** Every refusal that a person can read: of each registered workflow, of the chat doors, of the pages and of signing in. */
export const allRefusals = (): readonly Worded[] => [
  ...[...createRegistry().values()].flatMap(({ workflow, words }) => wordsOf(workflow.name, words.refusals)),
  ...wordsOf('chat', Object.fromEntries(chat.map((name) => [name, commonText[name]]))),
  ...wordsOf('page', pagesText.errors),
  ...titled('page link', pagesText.links, pagesText.way),
  ...titled('page sign-in', {
    failed: pagesText.signIn.failed,
    unlinked: pagesText.signIn.unlinked,
    busy: pagesText.signIn.busy,
  }),
]

/** Why a refusal needs no rule; null where it must name one. */
export const excuseOf = ({ where, because }: Worded): string | null =>
  Object.entries(withoutRule).find(([, names]) => names.includes(`${where}.${because}`) || names.includes(`*.${because}`))?.[0] ??
  null

const sentences = (text: string): readonly string[] => text.split(/[。；：？]/).filter((part) => part.trim() !== '')
const isStep = (sentence: string): boolean => nextSteps.some((step) => step.test(sentence))
const bare = (sentence: string): string => sentence.replace(/\{\w+\}|[\s，、“”（）]/g, '')

/** The parts a refusal lacks. */
export const lacks = (worded: Worded): readonly string[] => {
  const parts = sentences(worded.text)
  const happened = parts.some((part) => bare(part.replace(/(^|[，、）])请.*$/, '')).length >= 4)
  return [
    ...(happened ? [] : ['what happened']),
    ...(excuseOf(worded) !== null || ruleMarks.some((mark) => mark.test(worded.text)) ? [] : ['under which rule']),
    ...(parts.some(isStep) ? [] : ['what to do next']),
  ]
}

const excuses: Readonly<Record<string, string>> = {
  absent: 'nothing was found',
  unread: 'it cannot be understood',
  broken: 'something broke',
}
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const ruleOf = (worded: Worded): string => {
  const excuse = excuseOf(worded)
  if (excuse !== null) return `none: ${excuses[excuse] ?? excuse}`
  return ruleMarks.map((mark) => mark.exec(worded.text)?.[0]).find((found) => found !== undefined) ?? ''
}

/** The page `docs/refusals.md`. */
export const refusalsPage = (): string => {
  const all = allRefusals()
  const places = [...new Set(all.map(({ where }) => where))]
  const section = (where: string): readonly string[] => [
    `## ${where}`,
    '',
    '| because | what people read | rule |',
    '|---|---|---|',
    ...all.filter((one) => one.where === where).map((one) => `| \`${one.because}\` | ${cell(one.text)} | ${cell(ruleOf(one))} |`),
    '',
  ]
  return [
    '# Refusals',
    '',
    `Everything Andon says when it does not do what was asked: ${all.length} refusals. Each says what happened, under which rule, and what to do next;`,
    'gaps such as `{code}` are filled when it is said. This page is made from the text files: after changing them, run',
    '`node node_modules/vitest/vitest.mjs run --project unit test/unit/refusals.test.ts -u`. What makes a refusal complete is data in `test/unit/refusals-table.ts`.',
    '',
    ...places.flatMap(section),
  ].join('\n')
}
