/** One thing the doctor looked at. `bad` must be mended, a `note` should be known. */
export type Remark = { readonly level: 'ok' | 'note' | 'bad'; readonly text: string }

const of =
  (level: Remark['level']) =>
  (text: string): Remark => ({ level, text })

export const ok = of('ok')
export const note = of('note')
export const bad = of('bad')

export const sayRemark = ({ level, text }: Remark): string => `${{ ok: 'ok  ', note: 'note', bad: 'BAD ' }[level]}  ${text}`
