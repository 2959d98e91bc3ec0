import { sha256 } from '../../lib/crypto.ts'
import { idFor } from '../../lib/id.ts'
import type { Facts, IndexRow } from '../workflow.ts'
import type { NearMissState } from './near-miss.ts'

/** Sixty bits, so that nobody finds another's by trying. */
const letters = 12

/**
 * The receipt of a report without a name, `7KQ2-9MDF-XH4T`: made from the fresh id that the engine drew for the arrival, whose eighty random bits stand nowhere
 * in the case. It is told to the sender once and kept by them alone.
 */
export const receiptFor = (fresh: string): string => {
  const [a, b, c] = (idFor('rcp', fresh)
    .slice(4, 4 + letters)
    .toUpperCase()
    .match(/.{4}/g) ?? []) as readonly string[]
  return `${a}-${b}-${c}`
}

/** What stands for the reporter in the case. It is found from the receipt; the receipt is not found from it. */
export const aliasOf = (receipt: string): string =>
  `als_${sha256(`near-miss receipt\n${receipt.replaceAll('-', '')}`).slice(0, 26)}`

/** A receipt as people type it: in any case, with or without dashes, with the letters that are mistaken for digits. Null for anything else. */
export const readReceipt = (typed: string): string | null => {
  const bare = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s–—−‐-]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  return /^[0-9A-HJKMNP-TV-Z]{12}$/.test(bare) ? (bare.match(/.{4}/g) ?? []).join('-') : null
}

type Answer = { readonly code: string; readonly replyBy: string; readonly reply: string | null; readonly at: string | null }

/** Where the reply is found by its alias. */
export const receiptRow = ({ alias, code, replyBy, reply, reportedAt }: NearMissState): readonly IndexRow[] => {
  if (alias === null) return []
  const answer: Answer = { code, replyBy, reply: reply?.text ?? null, at: reply?.at ?? null }
  return [{ name: 'near-miss-receipt', key: alias, at: reportedAt, weight: 1, note: JSON.stringify(answer) }]
}

/** What the receipt leads to; null when it leads nowhere. */
export const answerFor = (receipt: string, { read }: Pick<Facts, 'read'>): Answer | null => {
  const [row] = read({ name: 'near-miss-receipt', key: aliasOf(receipt), most: 1 })
  return row ? (JSON.parse(row.note) as Answer) : null
}
