import { inZone } from '../lib/clock.ts'

/** Fills the gaps `{name}` of a sentence. A gap without a value stays visible, so that it is found. */
export const fill = (words: string, values: Readonly<Record<string, string>> = {}): string =>
  words.replace(/\{(\w+)\}/g, (gap, name: string) => values[name] ?? gap)

/** An instant as people of the site say it: `15:40` today, `11-24 15:40` otherwise. */
export const spokenTime = (at: string | Date, now: Date, timeZone: string): string => {
  const then = inZone(new Date(at), timeZone)
  const today = inZone(now, timeZone)
  const time = then.time.slice(0, 5)
  return then.date === today.date ? time : `${then.date.slice(5)} ${time}`
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/

/** Instants among the values of a sentence (ISO texts), worded for the site. */
export const speakValues = (
  values: Readonly<Record<string, string>>,
  now: Date,
  timeZone: string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, instant.test(value) ? spokenTime(value, now, timeZone) : value]),
  )

/** Names of fields, states and kinds among the values of a sentence, alone or in a list with commas, as people call them. */
export const wordValues = (
  values: Readonly<Record<string, string>>,
  terms: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const parts = value.split(',')
      return [name, parts.every((part) => Object.hasOwn(terms, part)) ? parts.map((part) => terms[part]).join('、') : value]
    }),
  )
