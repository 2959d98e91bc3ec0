import { clip } from '../../lib/text.ts'
import type { FoundRow, Plant, Reads } from '../../workflows/workflow.ts'
import type { Card } from '../card.ts'
import { todoText as text } from '../text/todo.ts'
import { fill, spokenTime } from '../words.ts'

type Asked = Reads & { readonly person: string; readonly at: Date; readonly plant: Plant }
type Item = { readonly code: string; readonly title: string; readonly due: string }

/** Lines of the list; and rows that are read, because the index gives the newest first and the oldest are wanted. */
const mostLines = 10
const mostRows = 1_000

const textIn = (read: object, name: string): string => {
  const value: unknown = Object.entries(read).find(([key]) => key === name)?.[1]
  return typeof value === 'string' ? value : ''
}

/** A row as an item; one whose note cannot be read stays an item, because something waits all the same. */
const itemOf = ({ note, at, subject }: FoundRow): Item => {
  try {
    const read: unknown = JSON.parse(note)
    if (typeof read === 'object' && read !== null)
      return { code: textIn(read, 'code') || subject, title: textIn(read, 'title'), due: at }
  } catch {
    // A note that is not JSON tells nothing; the subject's id still leads to it.
  }
  return { code: subject, title: '', due: at }
}

const isLate = ({ due }: Item, at: Date): boolean => !(new Date(due).getTime() > at.getTime())

const lineOf = (item: Item, index: number, { at, plant }: Asked): string =>
  fill(text.line, {
    index: String(index + 1),
    late: isLate(item, at) ? text.late : '',
    code: item.code,
    title: clip(item.title.replaceAll('\n', ' '), 40),
    time: spokenTime(item.due, at, plant.timeZone),
  })

const sheet = (card: Pick<Card, 'tone' | 'facts' | 'body' | 'summary' | 'note'>): Card => ({
  ...card,
  title: text.title,
  subtitle: '',
  pictures: [],
  form: [],
  actions: [],
  page: null,
})

const answer = (asked: Asked): Card => {
  const rows = asked.read({ name: 'todo', key: asked.person, most: mostRows })
  const items = rows.map(itemOf).sort((a, b) => (a.due < b.due ? -1 : 1))
  const counted = String(items.length)
  const summary = fill(text.summary, { count: counted })
  if (items.length === 0) return sheet({ tone: 'success', facts: [], body: text.empty, summary, note: '' })
  const late = items.filter((item) => isLate(item, asked.at)).length
  const rest = items.length - mostLines
  const lines = items.slice(0, mostLines).map((item, index) => lineOf(item, index, asked))
  return sheet({
    tone: late > 0 ? 'danger' : 'info',
    facts: [
      { label: text.facts.count, value: fill(items.length < mostRows ? text.count : text.atLeast, { count: counted }) },
      { label: text.facts.overdue, value: fill(text.count, { count: String(late) }) },
    ],
    body: [...lines, ...(rest > 0 ? [fill(text.more, { count: String(rest) })] : [])].join('\n'),
    summary,
    note: text.note,
  })
}

/** 我的待办: everything that waits for whoever asks, across workflows, what is due first in front. */
export const todoQuestion = { name: 'todo', spoken: /^(我的)?待办(事项)?[?？。]?$/, answer } as const
