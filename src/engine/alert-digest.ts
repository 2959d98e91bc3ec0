import { deliveryText } from '../cards/text/delivery.ts'
import { fill } from '../cards/words.ts'
import { days, later } from '../lib/clock.ts'
import type { EffectRow } from './outbox-rows.ts'
import type { EngineParts } from './parts.ts'

const mostLines = 15

type Kept = { readonly subject: string; readonly words: string }

/** One text for many notices: the newest of each case, newest first. Null when there is nothing to say. Pure. */
export const digestText = (kept: readonly Kept[]): string | null => {
  const newest = new Map<string, string>()
  for (const { subject, words } of kept) {
    const key = subject === '' ? words : subject
    if (!newest.has(key)) newest.set(key, words)
  }
  const lines = [...newest.values()]
  if (lines.length === 0) return null
  const shown = lines.slice(0, mostLines).map((line) => `· ${line.replaceAll(/\s+/g, ' ')}`)
  const more = lines.length > mostLines ? [fill(deliveryText.more, { n: String(lines.length - mostLines) })] : []
  return fill(deliveryText.digest, { n: String(kept.length), lines: [...shown, ...more].join('\n') })
}

/** The words of a digest as they stand when it is sent. What older digests held is forgotten on the way: the ledger has a line for each notice. */
export const readDigest = async (
  { site, id, person }: EffectRow,
  { database: { db }, clock }: EngineParts,
): Promise<string | null> => {
  const old = later(clock.now(), -days(7))
  await db
    .deleteFrom('collapsed')
    .where('site', '=', site)
    .where('person', '=', person ?? '')
    .where('at', '<', old)
    .execute()
  const rows = await db
    .selectFrom('collapsed')
    .select(['subject', 'words'])
    .where('digest', '=', id)
    .orderBy('at', 'desc')
    .orderBy('effect', 'desc')
    .limit(1_000)
    .execute()
  return digestText(rows)
}
