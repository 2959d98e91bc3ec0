import type { Incoming } from '../bots/platform.ts'
import type { Card, Reply } from '../cards/card.ts'

/** A command with its values, from outside or inside; `decide` trusts none of them. */
export type Command = { readonly type: string } & Readonly<Record<string, unknown>>

/** Everything that can be decided about comes as one of these, through one door and one transaction. */
export type Arrival =
  | { readonly source: 'platform'; readonly site: string; readonly incoming: Incoming }
  /** A deadline of ours that is due; `id` makes it at most once across replicas. */
  | {
      readonly source: 'clock'
      readonly site: string
      readonly id: string
      readonly subject: string
      readonly workflow: string
      readonly tag: string
      readonly command: Command
    }
  /** A result of slow work, a delivery that failed for good, or another subject's effect, under a deterministic key. */
  | {
      readonly source: 'system'
      readonly site: string
      /** Under which name it stands in the inbox: `alarm:<source>`; `system` when left out. */
      readonly connection?: string
      readonly key: string
      readonly subject: string
      readonly workflow: string
      readonly command: Command
    }
  /** A person acting on a page they were signed in to. */
  | {
      readonly source: 'page'
      readonly site: string
      readonly key: string
      readonly connection: string
      readonly account: string
      readonly subject: string
      readonly workflow: string
      readonly command: Command
    }

export type Outcome = {
  /** `decided` changed something; `refused` did not; `repeated` was known; `ignored` means nothing; the rest is trouble. */
  readonly kind: 'decided' | 'refused' | 'repeated' | 'ignored' | 'quarantined' | 'busy' | 'undecided'
  readonly reply: Reply | null
  readonly subject: string | null
  /** Called when the answer has left (true) or could not be sent (false), so that a lost answer is repainted. */
  readonly answered: (left: boolean) => void
}

/** The inbox key under which an arrival is known for ever. */
export const inboxKey = (
  arrival: Arrival,
): { readonly connection: string; readonly key: string; readonly alias: string | null } => {
  if (arrival.source === 'platform')
    return { connection: arrival.incoming.connection, key: arrival.incoming.key, alias: arrival.incoming.alias }
  if (arrival.source === 'clock') return { connection: 'clock', key: arrival.id, alias: null }
  if (arrival.source === 'system') return { connection: arrival.connection ?? 'system', key: arrival.key, alias: null }
  return { connection: arrival.source, key: arrival.key, alias: null }
}

export type DrawnCard = { readonly card: Card; readonly hash: string; readonly revision: number }
