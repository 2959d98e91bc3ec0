/** A card as its reader sees it, in the words of the control API. */

import type { Seen } from '../contract.ts'
import { type Fields, isFields } from './card-checks.ts'
import { seenForm } from './card-fields.ts'
import { at, bodyOf, everyElement, wordAt } from './card-tree.ts'
import { plainWords } from './plain-words.ts'

export type Reader = {
  readonly names: (openId: string) => string
  /** Address under which the phone page shows a picture; null when the app has none under this key. */
  readonly picture: (key: string) => string | null
}

export type CardView = Pick<Seen, 'title' | 'text' | 'tone' | 'facts' | 'images' | 'actions' | 'form'>

const tones: Readonly<Record<string, string>> = {
  red: 'danger',
  carmine: 'danger',
  orange: 'warning',
  yellow: 'warning',
  green: 'success',
  blue: 'info',
  wathet: 'info',
  turquoise: 'info',
  indigo: 'info',
  violet: 'info',
  purple: 'info',
}

const wordsOf = (text: unknown, { names }: Reader): string =>
  wordAt(text, 'tag') === 'plain_text' ? wordAt(text, 'content').trim() : plainWords(wordAt(text, 'content'), names)

const items = (value: unknown): readonly Fields[] => (Array.isArray(value) ? (value as readonly unknown[]).filter(isFields) : [])

/** Label and value of one field: the bold part is the label, else the first line, else what stands before the colon. */
const factOf = (field: Fields, reader: Reader): readonly [string, string] => {
  const content = wordAt(field, 'text', 'content')
  const bold = /^\s*\*\*(.+?)\*\*\s*[:：]?\s*([\s\S]*)$/.exec(content)
  if (bold && wordAt(field, 'text', 'tag') === 'lark_md') {
    const [label = '', value = ''] = bold.slice(1).map((part) => plainWords(part, reader.names))
    return [label.replace(/[:：]$/, ''), value]
  }
  const words = wordsOf(field.text, reader)
  const split = /^([^\n:：]*)(?:\n|[:：]\s*)([\s\S]*)$/.exec(words)
  return split ? [(split[1] ?? '').trim(), (split[2] ?? '').trim()] : ['', words]
}

const textOf = (element: Fields, reader: Reader): string => {
  switch (wordAt(element, 'tag')) {
    case 'markdown':
      return plainWords(wordAt(element, 'content'), reader.names)
    case 'div':
      return wordsOf(element.text, reader)
    case 'collapsible_panel':
      return wordsOf(at(element, 'header', 'title'), reader)
    case 'person':
      return reader.names(wordAt(element, 'user_id'))
    case 'table':
      return items(element.rows)
        .map((row) => Object.values(row).map(String).join(' '))
        .join('\n')
    default:
      return ''
  }
}

const markdownPictures = (element: Fields): readonly string[] =>
  wordAt(element, 'tag') === 'markdown'
    ? [...wordAt(element, 'content').matchAll(/!\[[^\]]*\]\(([^)\s]*)\)/g)].map(([, key = '']) => key)
    : []

const picturesOf = (element: Fields): readonly string[] => [
  ...(wordAt(element, 'tag') === 'img' ? [wordAt(element, 'img_key')] : []),
  ...(wordAt(element, 'tag') === 'img_combination' ? items(element.img_list).map((each) => wordAt(each, 'img_key')) : []),
  ...markdownPictures(element),
]

const pressable = new Set(['button', 'interactive_container'])

/** The words on a thing that can be pressed. */
export const labelOf = (element: Fields, reader: Reader): string =>
  wordAt(element, 'tag') === 'button'
    ? wordAt(element, 'text', 'content').trim()
    : (everyElement(element.elements)
        .map((part) => textOf(part, reader))
        .find(Boolean) ?? '')

/** Buttons and pressable boxes that are not greyed out. */
export const pressables = (elements: unknown): readonly Fields[] =>
  everyElement(elements).filter((element) => pressable.has(wordAt(element, 'tag')) && element.disabled !== true)

const overflowLabels = (element: Fields): readonly string[] =>
  wordAt(element, 'tag') === 'overflow' ? items(element.options).map((option) => wordAt(option, 'text', 'content')) : []

export const viewCard = (card: Fields, reader: Reader): CardView => {
  const parts = everyElement(bodyOf(card))
  const header = at(card, 'header')
  const tags = items(at(header, 'text_tag_list')).map((tag) => wordAt(tag, 'text', 'content'))
  const lines = [wordsOf(at(header, 'subtitle'), reader), tags.join(' '), ...parts.map((part) => textOf(part, reader))]
  return {
    title: wordsOf(at(header, 'title'), reader),
    text: lines.filter(Boolean).join('\n'),
    tone: tones[wordAt(header, 'template')] ?? 'neutral',
    facts: parts.flatMap((part) => items(part.fields)).map((field) => factOf(field, reader)),
    images: parts
      .flatMap(picturesOf)
      .map(reader.picture)
      .filter((address) => address !== null),
    actions: [...pressables(bodyOf(card)).map((part) => labelOf(part, reader)), ...parts.flatMap(overflowLabels)].filter(Boolean),
    form: seenForm(card, reader.names),
  }
}
