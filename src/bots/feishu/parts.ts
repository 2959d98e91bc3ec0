/** What every part of a card is made of: safe text, and a ledger of what was lost. */
import type { Card, Loss } from '../../cards/card.ts'
import { clip, storable } from '../../lib/text.ts'

/** A piece of card JSON. */
export type Part = { readonly [name: string]: unknown }

const opener = /<(?=[/!]?[a-z])/gi

/**
 * Text that no client takes for markup: a mention, a tag or a link is broken by a character without width. Plain text needs none of that;
 * text messages do, and a client that shows a card in some other way must not be the exception. Control characters become spaces.
 */
export const inert = (text: string): string =>
  storable(text)
    .replace(/(?![\n\t])\p{Cc}/gu, ' ')
    .replace(opener, '<\u200b')
    .replaceAll('](', ']\u200b(')

/** Collects what is lost, each part once. */
export type Ledger = {
  /** The text cut to `limit`, noting the loss when something was cut. */
  readonly cut: (part: Loss['part'], text: string, limit: number) => string
  readonly lose: (part: Loss['part']) => void
  readonly lost: () => readonly Loss[]
}

export const createLedger = (card: Card, before: readonly Loss[]): Ledger => {
  const lost = new Map<string, Loss>(before.map((loss) => [loss.part, loss]))
  const note = (part: Loss['part'], standIn: Loss['standIn']): void => {
    if (!lost.has(part)) lost.set(part, { part, standIn })
  }
  return {
    cut: (part, text, limit) => {
      const safe = inert(text)
      if (safe.length > limit) note(part, 'clipped')
      return clip(safe, limit)
    },
    lose: (part) => note(part, card.page ? 'page' : 'none'),
    lost: () => [...lost.values()],
  }
}

export const plain = (content: string, more: Part = {}): Part => ({ tag: 'plain_text', content: content || '—', ...more })

/** One line, safe and short, for what is not worth a note when it is cut. */
export const line = (text: string, limit: number): string => clip(inert(text).replace(/\s+/g, ' ').trim(), limit)
