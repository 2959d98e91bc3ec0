/** What stands on each person's phone: messages in order of arrival, the oldest forgotten. */
import type { Seen } from './contract.ts'

/** A message on a phone, the account it was sent to, and every label it ever offered: a phone that has not caught up still shows them. */
export type OnPhone = { readonly account: string; readonly seen: Seen; readonly offered: ReadonlySet<string> }

export type Phones = {
  /** Adds a message, or replaces what the one with this id shows, in its place. */
  readonly show: (person: string, account: string, seen: Seen) => void
  readonly of: (person: string) => readonly OnPhone[]
  readonly find: (person: string, message: string) => OnPhone | null
  /** The latest card that offers this label. */
  readonly latest: (person: string, label: string) => OnPhone | null
}

const mostMessages = 500

export const createPhones = (most = mostMessages): Phones => {
  const phones = new Map<string, Map<string, OnPhone>>()
  const of = (person: string): readonly OnPhone[] => [...(phones.get(person)?.values() ?? [])]
  return {
    show: (person, account, seen) => {
      const phone = phones.get(person) ?? new Map<string, OnPhone>()
      phones.set(person, phone)
      const offered = new Set([...(phone.get(seen.id)?.offered ?? []), ...seen.actions])
      phone.set(seen.id, { account, seen, offered })
      const oldest = phone.keys().next()
      if (phone.size > most && !oldest.done) phone.delete(oldest.value)
    },
    of,
    find: (person, message) => phones.get(person)?.get(message) ?? null,
    latest: (person, label) =>
      of(person).findLast(({ seen }) => seen.kind === 'card' && !seen.recalled && seen.actions.includes(label)) ?? null,
  }
}
