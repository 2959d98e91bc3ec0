import type { Plant } from './workflow.ts'

/** What stands for a name that a reader must not learn. */
export const masked = '＊＊'

/** Names shorter than this would take half of the language with them. */
const shortest = 2

const namesOf = (plant: Plant, also: readonly string[]): ReadonlySet<string> => {
  const names = new Set<string>()
  const add = (name: string): void => {
    const bare = name.replace(/\s+/gu, '')
    if (bare.length >= shortest) names.add(bare)
  }
  for (const { name, team, company } of plant.persons.values()) for (const one of [name, team, company]) add(one)
  also.forEach(add)
  return names
}

/**
 * The words without the names of anybody of the plant, of teams and companies, and of whoever is named besides. The longest name wins; white space inside a
 * name does not save it. Names are compared as the organisation file writes them.
 */
export const maskNames = (words: string, plant: Plant, also: readonly string[] = []): string => {
  const names = namesOf(plant, also)
  const longest = Math.max(0, ...[...names].map(({ length }) => length))
  let out = ''
  for (let at = 0; at < words.length; ) {
    const end = /\s/u.test(words.charAt(at)) ? 0 : endOfName(words, at, names, longest)
    out += end > at ? masked : words.charAt(at)
    at = end > at ? end : at + 1
  }
  return out
}

/** Where the longest name that begins here ends, white space passed over; 0 when none does. */
const endOfName = (words: string, start: number, names: ReadonlySet<string>, longest: number): number => {
  let bare = ''
  let found = 0
  for (let at = start; at < words.length && bare.length < longest; at += 1) {
    if (/\s/u.test(words.charAt(at))) continue
    bare += words.charAt(at)
    if (names.has(bare)) found = at + 1
  }
  return found
}
