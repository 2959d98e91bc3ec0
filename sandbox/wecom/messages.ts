/** Messages on members' phones, and the single-use codes that may change them (document/path/94888, 94867). */
import type { Seen, World } from '../contract.ts'
import { type CardType, interactive, type TemplateCard } from './card-shape.ts'
import { cardFace, type Face } from './face.ts'
import type { Members } from './members.ts'
import type { WecomApp } from './office.ts'

/** One member's own view of a message. Each can differ, because updates cover chosen receivers only. */
export type Copy = {
  readonly id: string
  readonly account: string
  readonly message: Message
  card: TemplateCard | null
  face: Face
  updatedAt: number | null
}

export type Message = {
  readonly msgid: string
  readonly app: WecomApp
  readonly sentAt: number
  readonly taskId: string
  readonly sentType: CardType | null
  readonly copies: Map<string, Copy>
  recalled: boolean
}

export type Post = { readonly face: Face; readonly card: TemplateCard | null }

export type Messages = {
  /** Puts a message on the phones of `accounts`. */
  readonly send: (app: WecomApp, msgid: string, post: Post, accounts: readonly string[]) => Message
  readonly byMsgid: (msgid: string) => Message | null
  /** The copy on one phone, by the id it has there. */
  readonly copy: (account: string, id: string) => Copy | null
  /** Replaces what one member sees. */
  readonly replace: (copy: Copy, card: TemplateCard) => void
  /** Greys the buttons of an interactive card under one label; other cards stay as they are. */
  readonly grey: (copy: Copy, label: string) => void
  readonly recall: (message: Message) => void
  readonly seen: (copy: Copy) => Seen
  /** A fresh response code for the message: one use within 72 hours. */
  readonly code: (message: Message) => string
  /** The message behind a code, or null when it is unknown, used or too old. Does not spend it. */
  readonly codeFor: (code: string) => Message | null
  readonly spend: (code: string) => void
}

const codeLife = 72 * 3_600_000

const seenFace = (face: Face) => ({
  kind: face.kind,
  title: face.title,
  text: face.text,
  tone: face.tone,
  facts: face.facts,
  images: face.images,
  actions: face.buttons.map(({ label }) => label),
  form: face.questions
    .filter(({ frozen }) => !frozen)
    .map(({ name, label, kind, options, initial }) => ({ name, label, kind, options, initial })),
})

const bareFace: Partial<Seen> = { actions: [], form: [] }

export const createMessages = (world: World, members: Members, draw: (length: number) => string): Messages => {
  const sent = new Map<string, Message>()
  const copies = new Map<string, Copy>()
  const codes = new Map<string, { readonly message: Message; readonly until: number; used: boolean }>()
  const nameOf = (userid: string) => members.find(userid)?.account.name ?? null
  const seen = (copy: Copy): Seen => ({
    id: copy.id,
    ...seenFace(copy.face),
    ...(copy.message.recalled ? bareFace : {}),
    sentAt: copy.message.sentAt,
    updatedAt: copy.updatedAt,
    recalled: copy.message.recalled,
    platform: 'wecom',
    conversation: copy.message.app.app.id,
    rung: false,
    from: 'bot',
  })
  const show = (copy: Copy) => world.show('wecom', copy.account, seen(copy))
  const redraw = (copy: Copy, card: TemplateCard, grey: string | null) => {
    copy.card = card
    copy.face = cardFace(card, grey, nameOf)
    copy.updatedAt = world.clock.now()
    show(copy)
  }
  return {
    seen,
    send: (app, msgid, post, accounts) => {
      const { card } = post
      const at = world.clock.now()
      const message: Message = {
        ...{ msgid, app, sentAt: at, taskId: card?.task_id ?? '', sentType: card?.card_type ?? null },
        copies: new Map(),
        recalled: false,
      }
      sent.set(msgid, message)
      for (const account of accounts) {
        const copy: Copy = { id: `${msgid}.${account}`, account, message, card, face: post.face, updatedAt: null }
        message.copies.set(account, copy)
        copies.set(`${account}\n${copy.id}`, copy)
        show(copy)
      }
      return message
    },
    byMsgid: (msgid) => sent.get(msgid) ?? null,
    copy: (account, id) => copies.get(`${account}\n${id}`) ?? null,
    replace: (copy, card) => redraw(copy, card, (interactive.has(card.card_type) && card.replace_text) || null),
    grey: (copy, label) => {
      if (copy.card && interactive.has(copy.card.card_type)) redraw(copy, copy.card, label)
    },
    recall: (message) => {
      message.recalled = true
      for (const copy of message.copies.values()) show(copy)
    },
    code: (message) => {
      const code = draw(43)
      codes.set(code, { message, until: world.clock.now() + codeLife, used: false })
      return code
    },
    codeFor: (code) => {
      const found = codes.get(code)
      const ended = found?.message.recalled && world.choose('wecom.recallEndsUpdates', 'yes') === 'yes'
      return found && !found.used && !ended && found.until > world.clock.now() ? found.message : null
    },
    spend: (code) => {
      const found = codes.get(code)
      if (found) found.used = true
    },
  }
}
