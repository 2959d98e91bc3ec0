/** The rule a decision rests on, as a worker may read it. */
export type Citation = { readonly standard: string; readonly clause: string; readonly edition: string }

/** A "no" that people read. `because` is a key worded in `cards/text/`; `values` fill its gaps. Never an exception. */
export type Refusal = {
  readonly kind: 'refused'
  readonly because: string
  readonly values: Readonly<Record<string, string>>
  readonly clause: Citation | null
}

export const refuse = (
  because: string,
  values: Readonly<Record<string, string>> = {},
  clause: Citation | null = null,
): Refusal => ({
  kind: 'refused',
  because,
  values,
  clause,
})
