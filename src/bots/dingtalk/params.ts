import type { Fields } from '../../lib/json.ts'
import { excerpt, longestText, storable } from '../../lib/text.ts'
import { asObject, type CardCallback } from './wire.ts'

/** `content`, in some deliveries `value`; `params` inside `cardPrivateData`, on one official page beside it. */
export const paramsOf = (press: CardCallback): { readonly key: string; readonly fields: Fields } | null => {
  const inner = asObject(press.content) ?? asObject(press.value)
  for (const holder of [asObject(inner?.cardPrivateData)?.params, inner?.params, press.params]) {
    const fields = asObject(holder)
    const key = fields?.key
    if (fields && typeof key === 'string' && key.length > 0 && key.length <= 200) return { key: storable(key), fields }
  }
  return null
}

const mostFields = 50

/** Each field as one text. A form that is only a text is no data: one public template declares a literal there. */
export const formOf = (form: unknown): Readonly<Record<string, string>> => {
  const entries: [string, string][] = []
  for (const [name, value] of Object.entries(asObject(form) ?? {})) {
    if (entries.length === mostFields) break
    const text = /^[A-Za-z][\w.-]{0,63}$/.test(name) ? fieldText(value) : null
    if (text !== null) entries.push([name, excerpt(text, longestText)])
  }
  return Object.fromEntries(entries)
}

/** A choice is `{index, value}`, several are lists, a switch a boolean. Nothing chosen is index -1 or no value. */
const fieldText = (value: unknown): string | null => {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return String(value)
  if (Array.isArray(value))
    return value
      .slice(0, 100)
      .filter((item) => typeof item === 'string')
      .join(',')
  const choice = typeof value === 'object' ? asObject(value) : null
  if (!choice || choice.index === -1) return null
  const chosen = choice.value
  return typeof chosen === 'object' && !Array.isArray(chosen) ? null : fieldText(chosen)
}
