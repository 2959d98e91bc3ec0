import type { Facts, IndexRow } from '../workflow.ts'

/** Acts that never give their author a card: reports, near misses and stop cards made in good faith. */
export type ProtectedAct = { readonly code: string; readonly reporter: string; readonly at: string }

/**
 * The index row `act` by which cases, near misses and stop cards say who brought them to light; their workflows publish it as long as the report counts as
 * made in good faith. Cards that name such a code look here before they are given.
 */
export const actRow = ({ code, reporter, at }: ProtectedAct): IndexRow => ({
  name: 'act',
  key: code,
  at,
  weight: 1,
  note: JSON.stringify({ reporter }),
})

/** Who brought this case to light; empty when nobody is known to have. */
export const reporterOf = (code: string, facts: Pick<Facts, 'read'>): readonly string[] =>
  facts.read({ name: 'act', key: code, most: 20 }).flatMap(({ note }) => {
    const { reporter } = JSON.parse(note) as { readonly reporter?: string }
    return reporter === undefined ? [] : [reporter]
  })
