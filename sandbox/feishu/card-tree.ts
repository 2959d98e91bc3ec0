/** Walks the components of a card in the order in which the client draws them. */
import { type Fields, isFields } from './card-checks.ts'

const childrenOf = (element: Fields): readonly unknown[] =>
  ['columns', 'elements'].flatMap((name) => (Array.isArray(element[name]) ? (element[name] as readonly unknown[]) : []))

/** Every component below these elements, parents before children; columns are passed through. */
export const everyElement = (elements: unknown): readonly Fields[] =>
  (Array.isArray(elements) ? (elements as readonly unknown[]) : [])
    .filter(isFields)
    .flatMap((element) => [element, ...everyElement(childrenOf(element))])

export const bodyOf = (card: Fields): readonly unknown[] => {
  const { body } = card
  return isFields(body) && Array.isArray(body.elements) ? (body.elements as readonly unknown[]) : []
}

export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((part: unknown, name) => (isFields(part) ? part[name] : undefined), value)

export const wordAt = (value: unknown, ...path: readonly string[]): string => {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : ''
}
