import type { Card } from '../../cards/card.ts'
import type { Log } from '../../lib/log.ts'
import {
  type Budget,
  type BulkSent,
  type BulkText,
  type Capabilities,
  type CardHandle,
  type ChatPlatform,
  DeliveryError,
  type Destination,
  type PassedBy,
  type Sent,
} from '../platform.ts'
import type { WecomClient } from './client.ts'
import { isCard, type PlainText, plainCard, plainText, prepare, templateCard } from './render.ts'
import { doneAnswer, sentAnswer } from './wire.ts'

export type App = {
  readonly client: WecomClient
  readonly log: Log
  readonly budget: Budget
  readonly agentId: number
  readonly can: Capabilities
}

type Sender = Pick<ChatPlatform, 'send' | 'broadcast' | 'update'> & {
  /** WeCom recalls by `msgid`: a text's `Sent.message`, a card's `Sent.recallBy`, or the handle that `send` gave. Without it a card is permanent `unsupported`. */
  readonly recall: (message: string, handle?: CardHandle | null) => Promise<void>
}

/** Everything that leaves for people (docs 90236 send, 94888 update, 94867 recall; read 2025-09). */
export const createSender = (app: App): Sender => ({
  send: async (to, what, once) => {
    const account = accountOf(to)
    checkOnce(once)
    if (what.kind === 'card') return sendCard(app, account, what.card, once)
    return sendText(app, account, plainText(what.text, app.can.longestText), false)
  },
  broadcast: (accounts, what) => sendToMany(app, accounts, what),
  /** One code, one repaint (72 h); for all who have the card, which `atall` says without naming them. */
  update: async (_message, handle, card) => {
    const code = handle.response_code
    if (!code) throw new DeliveryError('permanent', 'expired')
    const prepared = prepare(card, app.can)
    const content = templateCard(prepared, { kind: 'update' }, card.pictures.length)
    const body = { atall: 1, agentid: app.agentId, response_code: code, template_card: content }
    const path = 'message/update_template_card'
    await app.client.call({ path, body, answer: doneAnswer, writes: true, urgent: isUrgent(card) })
    return { handle: null, lost: prepared.lost }
  },
  recall: async (message, handle) => {
    const msgid = message.startsWith(textMark) ? message.slice(textMark.length) : handle?.msgid
    if (!msgid) throw new DeliveryError('permanent', 'unsupported', { detail: 'recalling a card without its msgid' })
    await app.client.call({ path: 'message/recall', body: { msgid }, answer: doneAnswer, writes: true })
  },
})

/** Marks what recalls, so that it is never taken for a card's task id. */
const textMark = 'msgid:'

/** Red may use the headroom that is kept for alarms. */
const isUrgent = (card: Card): boolean => card.tone === 'danger'

const sendCard = async (app: App, account: string, card: Card, once: string): Promise<Sent> => {
  const prepared = prepare(card, app.can)
  if (!isCard(prepared)) {
    const { text, lost } = plainCard(prepared.card, app.can.longestText)
    return sendText(app, account, { text, lost: [...prepared.lost, ...lost] }, isUrgent(card))
  }
  const content = templateCard(prepared, { kind: 'send', once }, card.pictures.length)
  const sent = { message: once, conversation: account, lost: prepared.lost }
  try {
    const { msgid, response_code: code } = await deliver(
      app,
      account,
      { msgtype: 'template_card', template_card: content },
      isUrgent(card),
    )
    return { ...sent, recallBy: `${textMark}${msgid}`, handle: code ? { response_code: code, msgid } : null }
  } catch (error) {
    // The task id is taken: this very card was delivered before and its answer got lost, and with it the code to repaint it.
    if (!(error instanceof DeliveryError && error.because === 'repeated')) throw error
    app.log.info('a card had been delivered before; it can be repainted after the next press only', { once })
    return { ...sent, handle: null }
  }
}

const sendText = async (app: App, account: string, { text, lost }: PlainText, urgent: boolean): Promise<Sent> => {
  const { msgid } = await deliver(app, account, { msgtype: 'text', text: { content: text } }, urgent)
  return { message: `${textMark}${msgid}`, conversation: account, handle: null, lost }
}

/**
 * The longest check for repeats that WeCom offers, in seconds (doc 90236): 4 hours, the life of a once-key. It looks at what is
 * sent, and only cards carry their key. So the same words to the same person within 4 hours are shown once, also under two keys:
 * a reminder must differ in its words.
 */
const duplicateCheck = { enable_duplicate_check: 1, duplicate_check_interval: 14_400 }

/** `errcode` 0 with the receiver in a list of those passed over is no delivery. */
const deliver = async ({ client, agentId }: App, account: string, content: object, urgent: boolean) => {
  const body = { touser: account, agentid: agentId, ...content, ...duplicateCheck }
  const chat = { kind: 'person', id: account } as const
  const answer = await client.call({ path: 'message/send', body, answer: sentAnswer, writes: true, urgent, chat })
  if (names(answer.invaliduser, account)) throw new DeliveryError('permanent', 'out-of-scope', { scope: 'account' })
  if (names(answer.unlicenseduser, account)) throw new DeliveryError('permanent', 'unlicensed', { scope: 'account' })
  return answer
}

/**
 * One text to a list (doc 90236: 1,000 in `touser`). Whoever has had their 30 of this minute would lose it without a word, so they are left out and passed by;
 * those whom the app may not reach stand in the answer.
 */
const sendToMany = async (
  { client, budget, agentId, can }: App,
  accounts: readonly string[],
  { text, urgent }: BulkText,
): Promise<BulkSent> => {
  if (accounts.length === 0 || accounts.length > (can.bulk?.most ?? 0)) throw new DeliveryError('permanent', 'bad-request')
  const people = accounts.map((account) => accountOf({ kind: 'account', account }))
  const chats = people.map((id) => ({ kind: 'person', id }) as const)
  const full = new Set((await budget.full(chats, urgent)).map(({ id }) => id))
  const late: readonly PassedBy[] = [...full].map((account) => ({ account, because: 'own-budget', kind: 'temporary' }))
  const { text: content, lost } = plainText(text, can.longestText)
  const touser = people.filter((account) => !full.has(account))
  if (touser.length === 0) return { message: null, passedBy: late, lost }
  const body = { touser: touser.join('|'), agentid: agentId, msgtype: 'text', text: { content }, ...duplicateCheck }
  const answer = await client.call({ path: 'message/send', body, answer: sentAnswer, writes: true, urgent })
  const refused = touser.flatMap((account): readonly PassedBy[] => {
    if (names(answer.invaliduser, account)) return [{ account, because: 'out-of-scope', kind: 'permanent' }]
    return names(answer.unlicenseduser, account) ? [{ account, because: 'unlicensed', kind: 'permanent' }] : []
  })
  const message = refused.length < touser.length ? `${textMark}${answer.msgid}` : null
  return { message, passedBy: [...late, ...refused], lost }
}

/**
 * `touser` also takes `@all` and lists, so only one plain user id passes. Apps reach groups by `appchat` only, which has no
 * cards.
 */
const accountOf = (to: Destination): string => {
  if (to.kind === 'group') throw new DeliveryError('permanent', 'unsupported', { detail: 'groups on wecom-app' })
  if (!/^[A-Za-z0-9_\-@.]{1,64}$/.test(to.account) || /^@all$/i.test(to.account)) {
    throw new DeliveryError('permanent', 'no-such-account', { scope: 'account' })
  }
  return to.account
}

const checkOnce = (once: string): void => {
  if (!/^[0-9A-Za-z_-]{1,50}$/.test(once)) throw new DeliveryError('permanent', 'bad-once-key')
}

/** Is the account in WeCom's list, which is joined with `|` and lower-cased? */
const names = (list: string, account: string): boolean => list.toLowerCase().split('|').includes(account.toLowerCase())
