import type { Lot } from '../lib/lots.ts'
import type { Refusal } from '../lib/refusal.ts'
import type { Certificate } from '../rules/permits/certificates.ts'
import type { Overlay } from '../rules/permits/overlay.ts'
import type { SiteProfile } from '../rules/permits/rule-pack.ts'

/**
 * A workflow is two pure functions and the data that the engine needs to run them. Nothing here reads a clock, a database or the network:
 * `facts` carries all that, read by the engine in the same transaction.
 */
export type Workflow<
  S extends { readonly status: string },
  C extends { readonly type: string },
  E extends { readonly type: string },
> = {
  readonly name: string
  /** Prefix of the codes of its subjects, and of their ids. */
  readonly prefix: { readonly code: string | null; readonly id: string }
  /** Version written beside each event; `evolve` must read every version ever written. */
  readonly version: number
  /** Every command of the workflow, and what it needs. The registry refuses to boot when an arm, a wording or a need is missing. */
  readonly commands: Readonly<Record<C['type'], CommandRule>>
  readonly decide: (state: S | null, command: C, facts: Facts) => Decision<E>
  readonly evolve: (state: S | null, event: E) => S
  /** Is there still something to do? An open subject without a deadline or an owner is found by the auditor. */
  readonly open: (state: S) => boolean
  /** The person who must act now; null when nobody in particular. */
  readonly owner: (state: S) => string | null
  /** Still true that this reader has this duty? An effect overtaken by events is dropped at the door. */
  readonly stillDue: (state: S, reader: Reader, duty: string) => boolean
  readonly maySee: (state: S, reader: Reader, plant: Plant) => boolean
  /** What the subject is told when a person has looked it up by its code, once for each person; null, or left out, for nothing. */
  readonly lookedUp?: (
    state: S,
    person: string,
    plant: Plant,
  ) => ({ readonly type: string } & Readonly<Record<string, unknown>>) | null
  /** What is set, due at once, when the auditor finds an open subject of this status without any deadline. Of a status without a row it can only tell. */
  readonly repair?: Readonly<
    Record<string, { readonly tag: string; readonly command: { readonly type: string } & Readonly<Record<string, unknown>> }>
  >
  /**
   * Where the subject is found by what is not its id: whose duty it is, which place it is about, whose points it counts. Written in the same commit as the
   * state and read through `facts.read`; a projection, which can be made anew from the states.
   */
  readonly index?: (state: S, subject: string) => readonly IndexRow[]
  /** What an event counts as; each row adds one to a counter that `facts.count` reads. `state` is the state after the event. */
  readonly tallies?: (event: E, state: S, plant: Plant, at: Date) => readonly Tally[]
}

/** One row of the index. `at` is an ISO instant and orders what is read, newest first; `weight` a whole number; `note` whatever a list shows without reading the subject. */
export type IndexRow = {
  readonly name: string
  readonly key: string
  readonly at: string
  readonly weight: number
  readonly note: string
}
export type FoundRow = IndexRow & { readonly subject: string }
/** Rows of one name and key, from this instant on, newest first, `most` at most (200 when left out). */
export type IndexQuery = { readonly name: string; readonly key: string; readonly from?: string; readonly most?: number }
export type Tally = { readonly name: string; readonly key: string }

/** Reads that span subjects, as of this decision: the index with what the batch has changed so far, and the counters before the batch. */
export type Reads = {
  readonly read: (query: IndexQuery) => readonly FoundRow[]
  readonly count: (tally: Tally) => number
}

export type CommandRule = {
  /** Who may send it: a person (press, word, page), the clock, or the system (job results, other subjects). */
  readonly from: 'person' | 'clock' | 'system'
  /** May it open a new subject? Then a code is drawn for it. `named`: under an id that the engine derives, such as an account's own link request. */
  readonly opens: boolean | 'named'
  readonly needs: readonly Need[]
  /** Rows that span subjects and must be locked before facts are read. */
  readonly guards: readonly ('codeCounter' | 'plant')[]
  /** Names of what spans subjects and must stand still while this command is decided, such as a person's ledger. */
  readonly locks?: (command: { readonly type: string } & Readonly<Record<string, unknown>>) => readonly string[]
  /** Form fields that a button or a page may send along; everything else it sends is passed over. */
  readonly form?: readonly string[]
  /** Which of those fields the button itself answers, in the order in which its argument has them, between underscores; whatever the form says of them is passed over. */
  readonly argument?: readonly string[]
  /** Said alone in a direct chat, these words are this command, without a subject. The whole text must match. */
  readonly spoken?: RegExp
  /** The sender wants to stay unknown: these words are never taken for anything else, not even when words were asked for, and nothing comes along with them. */
  readonly hidesSender?: true
}

/** Named reads that the engine makes for a whole batch at once. */
export type Need = 'plant' | 'code' | 'oneTimeCode' | 'draw' | 'keyed'

export type AccountRef = { readonly connection: string; readonly account: string }

/** Who sent the command, as proven by the platform and the account links. */
export type Actor =
  | {
      readonly kind: 'person'
      readonly person: string
      readonly name: string
      readonly account: AccountRef
      readonly conversation: string
    }
  | { readonly kind: 'stranger'; readonly name: string; readonly account: AccountRef; readonly conversation: string }
  | { readonly kind: 'clock' }
  | { readonly kind: 'system' }

/** Who looks at a card. */
export type Reader = { readonly person: string | null; readonly account: AccountRef | null }

export type Facts = Reads & {
  readonly at: Date
  readonly actor: Actor
  /** The arrival that caused this, for the journal and for draws that must be repeatable. */
  readonly arrival: string
  /** The id the subject has or will have. */
  readonly subject: string
  /** Fresh code, when the command may open a subject. */
  readonly code: string | null
  /** Fresh eight digits, when asked for. */
  readonly oneTimeCode: string
  /** The lot of this subject under a label: no administrator can foresee it, and the auditor with the secret finds it again. Throws where the command did not ask for `draw`. */
  readonly draw: (label: string) => Lot
  /**
   * A keyed hash in hex of a label, the same for ever, which nobody without the installation's secret can compute: for codes that change with time, and for
   * checking what only a person knows. Throws where the command did not ask for `keyed`.
   */
  readonly keyed: (label: string) => string
  readonly plant: Plant
}

/** The site as one consistent snapshot: people, roles, areas, and who can be reached. */
export type Plant = {
  readonly site: string
  readonly name: string
  readonly timeZone: string
  readonly persons: ReadonlyMap<string, PlantPerson>
  readonly areas: readonly PlantArea[]
  /** What kind of enterprise it is, which selects the rule packs of special works; a hazchem site, the strictest, where nobody said. */
  readonly profile?: SiteProfile
  /** What the site asks of permits beyond its packs. */
  readonly overlay?: Overlay
  /** Holders of a role at a scope (a team, an area, or the site), sorted by id. */
  readonly holders: (role: string, scope: string) => readonly string[]
  /** Has the person at least one linked account that is not known to be dead? */
  readonly reachable: (person: string) => boolean
  /** Active, reachable people of a team, sorted by id. */
  readonly membersOf: (team: string) => readonly string[]
  /** Who stands behind an account now; null while it is not linked. */
  readonly personOf: (account: AccountRef) => string | null
  /** Ids of active people with this mobile number or employee number, as the organisation file has it; never the number itself. */
  readonly findPerson: (by: { readonly mobile: string } | { readonly employeeNo: string }) => readonly string[]
  /** The certificates of a person as they were imported last, in the order of their trades; a plant without a register has none. */
  readonly certificates?: (person: string) => readonly HeldCertificate[]
}
/** A certificate and how it may be shown: of the number only its masked form is ever read. */
export type HeldCertificate = Certificate & { readonly number: string; readonly authority: string }
export type PlantPerson = {
  readonly id: string
  readonly name: string
  readonly team: string
  readonly company: string
  readonly active: boolean
}
export type PlantArea = {
  readonly id: string
  readonly name: string
  readonly aliases: readonly string[]
  readonly owner: string | null
  readonly team: string
  /** The middle of the area (WGS-84) and how far it reaches, in metres; left out where nobody has measured it. */
  readonly center?: { readonly lat: number; readonly lng: number }
  readonly radiusMetres?: number
  /** What stands there and is known by a code; absent or empty where nobody has listed it. */
  readonly equipment?: readonly PlantEquipment[]
}
export type PlantEquipment = { readonly id: string; readonly name: string }

export type Recipient = { readonly kind: 'person'; readonly person: string } | ({ readonly kind: 'account' } & AccountRef)

/** Whom a broadcast is for; the people are found when it is decided. */
export type Audience =
  | { readonly kind: 'site' }
  | { readonly kind: 'team'; readonly team: string }
  /** The team of the area and its owner. */
  | { readonly kind: 'area'; readonly area: string }
  | { readonly kind: 'role'; readonly role: string; readonly scope: string }
  | { readonly kind: 'people'; readonly persons: readonly string[] }
  /** One message into a group chat that the bot is in, for all who are in it. */
  | { readonly kind: 'group'; readonly connection: string; readonly conversation: string }

export type Effect =
  /** Makes sure the recipient has a card of this subject. With a duty it is a new message, because an edit never rings. */
  | {
      readonly kind: 'showCard'
      readonly to: Recipient
      readonly duty: string | null
      readonly urgent: boolean
      readonly ring: boolean
      /** The person's account to send to, counted from 1 in their order; the first that works when left out or when there are fewer. */
      readonly channel?: number
      /** Lives hang on it: no budget of alerts and no quiet hours hold it back. */
      readonly vital?: true
    }
  /** Words without a card; worded in `cards/text/` by key. */
  | {
      readonly kind: 'notify'
      readonly to: Recipient
      readonly words: string
      readonly values: Readonly<Record<string, string>>
      readonly urgent: boolean
    }
  /** Words for many, by the widest call that each platform has; whoever that does not reach is sent them alone. */
  | {
      readonly kind: 'broadcast'
      readonly to: Audience
      readonly words: string
      readonly values: Readonly<Record<string, string>>
      readonly urgent: boolean
    }
  /**
   * Takes back what earlier decisions about this subject have sent: from one person or account what was sent to them alone, or everything from everybody. What was not sent yet is not sent; what can
   * no longer be taken back is repainted empty where it can be, and the operators hear of the rest. What this decision sends stays.
   */
  | { readonly kind: 'recall'; readonly from: Recipient | { readonly kind: 'everyone' } }
  | {
      readonly kind: 'setDeadline'
      readonly tag: string
      readonly at: Date
      readonly command: { readonly type: string } & Readonly<Record<string, unknown>>
    }
  | { readonly kind: 'cancelDeadline'; readonly tag: string }
  /** What this account will send next in this conversation belongs to the subject, as this command, until then. */
  | {
      readonly kind: 'expect'
      readonly from: AccountRef
      readonly conversation: string
      readonly takes: 'photos' | 'text' | 'both'
      readonly command: string
      readonly until: Date
    }
  | { readonly kind: 'forget'; readonly command: string }
  /** Slow work; `queue` is a pg-boss queue, `key` makes it once. */
  | {
      readonly kind: 'job'
      readonly queue: 'photo' | 'who-is' | 'picture' | 'weather'
      readonly key: string
      readonly payload: Readonly<Record<string, unknown>>
    }
  /** Something the operators must know at once. */
  | { readonly kind: 'alarm'; readonly because: string; readonly values: Readonly<Record<string, string>> }
  /** Ties an account to a person, or unties it. Only the link workflow emits it. */
  | { readonly kind: 'link'; readonly account: AccountRef; readonly person: string | null; readonly proof: string }
  /** A one-time code whose hash leads to this subject until then. */
  | { readonly kind: 'offerCode'; readonly hash: string; readonly until: Date }
  | CallOut
  /** The same to every system outside that has asked for this event in the configuration: to nobody where none has. */
  | { readonly kind: 'publish'; readonly event: string; readonly body: Readonly<Record<string, unknown>> }
  /** A command to another subject, through the inbox under this key, so at most once. */
  | {
      readonly kind: 'command'
      readonly workflow: string
      /** Null for a new subject, whose id follows from the key. */
      readonly subject: string | null
      readonly key: string
      readonly command: { readonly type: string } & Readonly<Record<string, unknown>>
    }

/** A signed call to a system outside (HR, MES, regulator), named in the configuration; performed at least once under a key that the receiver can tell repeats by. */
export type CallOut = {
  readonly kind: 'callOut'
  readonly target: string
  readonly event: string
  readonly body: Readonly<Record<string, unknown>>
}

export type Accepted<E> = {
  readonly kind: 'accepted'
  readonly events: readonly E[]
  readonly effects: readonly Effect[]
  /** Words for the toast of the person who sent the command, by key; null where silence is right. */
  readonly say: { readonly words: string; readonly values: Readonly<Record<string, string>> } | null
}
export type Decision<E> = Accepted<E> | Refusal

export const accept = <E>(
  events: readonly E[],
  effects: readonly Effect[] = [],
  words: string | null = null,
  values: Readonly<Record<string, string>> = {},
): Accepted<E> => ({
  kind: 'accepted',
  events,
  effects,
  say: words === null ? null : { words, values },
})
