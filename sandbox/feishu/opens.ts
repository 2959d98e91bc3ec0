/** The address that a press opens instead of, or beside, calling back. */
import { type Fields, isFields } from './card-checks.ts'
import { at, bodyOf, everyElement, wordAt } from './card-tree.ts'
import { labelOf, pressables, type Reader } from './card-view.ts'

const addressOf = (link: unknown): string | null =>
  ['default_url', 'url', 'android_url', 'ios_url', 'pc_url'].map((name) => wordAt(link, name)).find(Boolean) ?? null

const behaviorsOf = (element: Fields): readonly Fields[] =>
  (Array.isArray(element.behaviors) ? (element.behaviors as readonly unknown[]) : []).filter(isFields)

const markdownLink = (card: Fields, label: string): string | null => {
  for (const element of everyElement(bodyOf(card))) {
    const content = wordAt(element, 'content') || wordAt(element, 'text', 'content')
    for (const [, words, url] of content.matchAll(/(?<!!)\[([^\]]+)\]\(([^)\s]+)\)/g)) if (words === label && url) return url
  }
  return null
}

/** `label` is a button's, a link's in the text, or the card's own title (empty works too) for the link behind the whole card. */
export const addressBehind = (card: Fields, label: string, reader: Reader): string | null => {
  const pressed = pressables(bodyOf(card)).find((element) => labelOf(element, reader) === label)
  if (pressed) return addressOf(behaviorsOf(pressed).find((behavior) => behavior.type === 'open_url'))
  if (label === '' || label === wordAt(card, 'header', 'title', 'content')) return addressOf(at(card, 'card_link'))
  return markdownLink(card, label)
}
