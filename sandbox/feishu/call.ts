/** One call of the service on one API, and what the API gives back. */
import type { z } from 'zod'
import { refuse } from './codes.ts'
import type { FeishuApp } from './state.ts'

export type Call = {
  readonly app: FeishuApp
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** Parsed JSON; undefined when there was no body. */
  readonly json: unknown
  readonly bytes: Uint8Array
  readonly contentType: string
}

export type Answer =
  /** Goes out as `{code: 0, msg: 'success', data}`. */
  | { readonly kind: 'data'; readonly data: unknown }
  /** Goes out as it is: the token endpoints and bot info have no `data`. */
  | { readonly kind: 'flat'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly mime: string; readonly name: string }

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export type Route = {
  readonly method: Method
  /** `:name` stands for one segment. */
  readonly path: string
  /** Any one of these is enough; none asked when empty. */
  readonly scopes: readonly string[]
  /** Whether a successful call counts towards the month's quota. */
  readonly counted: boolean
  readonly body: 'json' | 'multipart' | 'none'
  readonly handle: (call: Call) => Answer | Promise<Answer>
}

export const data = (value: unknown): Answer => ({ kind: 'data', data: value })

/** Parses what the caller sent; a field that does not fit is 99992402 with the platform's list of violations. */
export const read = <Parsed>(schema: z.ZodType<Parsed>, value: unknown): Parsed => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const violations = result.error.issues.map(({ path, message }) => ({ field: path.join('.'), value: '', description: message }))
  return refuse(99992402, { error: { field_violations: violations } })
}

/** The last value of a query parameter, or null. */
export const asked = ({ query }: Call, name: string): string | null => query.getAll(name).at(-1) ?? null

type Page = { readonly items: readonly unknown[]; readonly has_more: boolean; readonly page_token: string }

/** One page of a list. Page tokens are offsets; refusals differ by API. */
export const paged = (
  call: Call,
  items: readonly unknown[],
  most: number,
  refusals: { readonly size: () => never; readonly token: () => never },
): Page => {
  const size = asked(call, 'page_size') ?? '20'
  if (!/^[1-9]\d{0,3}$/.test(size) || Number(size) > most) return refusals.size()
  const token = asked(call, 'page_token') || 'p0'
  if (!/^p\d{1,9}$/.test(token)) return refusals.token()
  const start = Number(token.slice(1))
  const end = start + Number(size)
  return { items: items.slice(start, end), has_more: end < items.length, page_token: end < items.length ? `p${end}` : '' }
}
