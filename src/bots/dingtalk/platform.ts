import { type Capabilities, type ChatPlatform, DeliveryError, type Destination, type PlatformPorts } from '../platform.ts'
import { canWithoutTemplate, canWithTemplate } from './can.ts'
import { createCards } from './cards.ts'
import { createClient } from './client.ts'
import { directory, whoIs } from './directory.ts'
import { linkMessage, textMessage } from './fallback.ts'
import { fetchFile, uploadImage } from './files.ts'
import { createMessages, readMessageId } from './messages.ts'
import { readBy } from './receipts.ts'
import { createReceive } from './receive.ts'
import { createSignIn } from './sign-in.ts'
import { answers, type DingtalkConnection } from './wire.ts'

export type { DingtalkConnection } from './wire.ts'

/**
 * DingTalk behind the port. Throws at once when the connection cannot work: a bad aesKey, or cards over HTTP without the secret and the
 * route of their callback, whose every press would be lost.
 */
export const createDingtalk = (connection: DingtalkConnection, ports: PlatformPorts): ChatPlatform => {
  checkConnection(connection)
  const client = createClient(connection, ports)
  const messages = createMessages(connection.robotCode, client)
  const cards = connection.cardTemplateId ? createCards(connection, connection.cardTemplateId, client) : null
  const can: Capabilities = cards ? canWithTemplate : canWithoutTemplate
  return {
    connection: connection.id,
    surface: 'dingtalk',
    can,
    receive: createReceive(connection, ports),
    send: async (to, what, once) => {
      checkAddress(to)
      if (what.kind === 'text') return messages.say(to, textMessage(what.text), false)
      return cards ? cards.send(to, what.card, once) : messages.say(to, linkMessage(what.card), what.card.tone === 'danger')
    },
    broadcast: async (accounts, { text, urgent }) => {
      if (accounts.length === 0 || accounts.length > (can.bulk?.most ?? 0)) throw new DeliveryError('permanent', 'bad-request')
      for (const account of accounts) checkAddress({ kind: 'account', account })
      return messages.sayToMany(accounts, textMessage(text), urgent)
    },
    update: async (message, handle, card) => {
      if (!cards || handle.outTrackId !== message) throw new DeliveryError('permanent', 'unsupported')
      return cards.update(message, card)
    },
    ring: (account, _message, words) => messages.ding(account, words),
    whoIs: (account) => whoIs(client, account),
    directory: () => directory(client),
    fetchFile: (file, limit) => fetchFile(connection, client, file, limit),
    uploadImage: (jpeg) => uploadImage(client, jpeg),
    signIn: createSignIn(connection, client),
    readBy: (message) => readBy(client, connection.robotCode, message),
    recall: async (message) => (cards && !readMessageId(message) ? cards.empty(message) : messages.recall(message)),
  }
}

/**
 * Tells the platform where clicks on cards made with `callbackRouteKey` go; at every start of a replica that takes them over HTTP.
 * Page "注册卡片回调地址" (`register-card-callback-address`), 2026-08. Throws DeliveryError; permanent when the platform keeps another secret.
 */
export const registerCardCallback = async (
  connection: DingtalkConnection,
  ports: PlatformPorts,
  callbackUrl: string,
): Promise<void> => {
  const { cardCallbackRouteKey, cardCallbackSecret } = connection
  if (!cardCallbackRouteKey || !cardCallbackSecret)
    throw new Error('set cardCallbackRouteKey and cardCallbackSecret to take card clicks over HTTP')
  const { result } = await createClient(connection, ports).call({
    host: 'api',
    method: 'POST',
    path: '/v1.0/card/callbacks/register',
    body: { callbackRouteKey: cardCallbackRouteKey, callbackUrl, apiSecret: cardCallbackSecret, forceUpdate: true },
    answer: answers.callback,
    effect: false,
  })
  if (result.callbackUrl !== callbackUrl || (result.apiSecret && result.apiSecret !== cardCallbackSecret)) {
    throw new DeliveryError('permanent', 'callback-registered-otherwise', { scope: 'connection' })
  }
}

const checkConnection = (connection: DingtalkConnection): void => {
  const missing = (['clientId', 'clientSecret', 'corpId', 'robotCode', 'apiBase', 'oapiBase'] as const).find(
    (name) => !connection[name],
  )
  if (missing) throw new Error(`DingTalk connection ${connection.id}: set ${missing}`)
  const { mode, cardTemplateId, cardCallbackRouteKey, cardCallbackSecret } = connection
  if (mode === 'webhook' && cardTemplateId && !(cardCallbackRouteKey && cardCallbackSecret)) {
    throw new Error(`DingTalk connection ${connection.id}: cards over HTTP need cardCallbackRouteKey and cardCallbackSecret`)
  }
}

/** A semicolon would join a second space to the address of a card; an empty one names nobody. */
const checkAddress = (to: Destination): void => {
  const id = to.kind === 'account' ? to.account : to.conversation
  if (id && id.length <= 500 && !/[;\s]/.test(id)) return
  throw new DeliveryError('permanent', to.kind === 'account' ? 'unknown-account' : 'unknown-group', { scope: 'account' })
}
