/**
 * The neutral card: what it *is*, not how it looks. A projection of one subject at one revision for one reader.
 * Each platform decides how to show it and reports what it lost (`fitCard` in `bots/`).
 */
export type Card = {
  readonly tone: Tone
  /** One line, at most some 30 characters, e.g. `隐患待处理`. */
  readonly title: string
  /** One line under the title, e.g. the code `YH-SH01-20261122-0042-K`. */
  readonly subtitle: string
  readonly facts: readonly Fact[]
  /** Plain text (no markup; renderers escape it), may have line breaks. */
  readonly body: string
  readonly pictures: readonly Picture[]
  readonly form: readonly FormField[]
  readonly actions: readonly Action[]
  /** One line for notifications and chat lists; always filled. */
  readonly summary: string
  /** Where lost parts live: the page of the subject, opened by a signed link. Null only where no page exists. */
  readonly page: PageLink | null
  /** A small line at the foot, e.g. `15:40 升级至部门负责人`. Empty when there is nothing to say. */
  readonly note: string
}

export type Tone = 'neutral' | 'info' | 'warning' | 'danger' | 'success'

export type Fact = { readonly label: string; readonly value: string }

/** `image` is the SHA-256 of a stored thumbnail; `key` is the platform's own key or address, filled in just before sending. */
export type Picture = { readonly image: string; readonly alt: string; readonly key?: string }

export type PageLink = { readonly label: string; readonly url: string }

/** A button. `key` is an action key (`action-key.ts`), opaque to the platforms. */
export type Action = {
  readonly key: string
  readonly label: string
  readonly style: 'primary' | 'default' | 'danger'
  /** True when pressing it is meaningless without the form's values; where the form is lost the button leads to the page instead. */
  readonly needsForm: boolean
  /** The fields that this press wants filled, where a form serves several buttons; those that are required of everybody when left out. */
  readonly needs?: readonly string[]
  /** A question the platform asks before the press counts, where it can. */
  readonly confirm?: { readonly title: string; readonly text: string }
}

export type FormField =
  | {
      readonly kind: 'choice'
      readonly name: string
      readonly label: string
      readonly options: readonly { readonly value: string; readonly label: string }[]
      /** The value that is chosen already; null shows a placeholder. */
      readonly initial: string | null
      readonly required: boolean
    }
  | {
      readonly kind: 'text'
      readonly name: string
      readonly label: string
      readonly multiline: boolean
      /** Longest answer in characters. */
      readonly longest: number
      readonly required: boolean
      /** What stands in it already, on pages; an empty field elsewhere. */
      readonly initial?: string
    }
  /** What nobody may read over a shoulder or find in a chat, such as a PIN: on pages only, masked, never kept by the browser. */
  | {
      readonly kind: 'secret'
      readonly name: string
      readonly label: string
      readonly longest: number
      readonly required: boolean
    }
  /** Where the reader stands now, as the page's browser measures it, `lat,lng,accuracy,epochMs` (WGS-84, metres, milliseconds since 1970): on pages only. */
  | {
      readonly kind: 'position'
      readonly name: string
      readonly label: string
      readonly required: boolean
    }

/** The fields that chats can ask; the others lead to the page. */
export type ChatField = Extract<FormField, { readonly kind: 'choice' | 'text' }>
export const isForChat = (field: FormField): field is ChatField => field.kind === 'choice' || field.kind === 'text'

/** What a person sees at once, inside the platform's response to a press. */
export type Reply = { readonly toast: Toast | null; readonly card: Card | null }
export type Toast = { readonly tone: 'info' | 'success' | 'warning' | 'danger'; readonly text: string }

/** A card's part that a platform could not show, and what stands in for it. */
export type Loss = {
  readonly part: 'facts' | 'form' | 'actions' | 'pictures' | 'body' | 'title' | 'confirm' | 'note' | 'toast'
  readonly standIn: 'page' | 'clipped' | 'text' | 'none'
}
