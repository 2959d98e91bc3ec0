/** Sending, changing and recalling messages. Source: open.feishu.cn 发送消息, 更新应用发送的消息卡片, 发送应用内加急, 撤回消息 (read 2026-05). */
import { z } from 'zod'
import type { Card, Loss } from '../../cards/card.ts'
import { clipBytes } from '../../lib/text.ts'
import { type CardHandle, DeliveryError, type Destination, type Outgoing, type Sent } from '../platform.ts'
import { longestText } from './capabilities.ts'
import { type FeishuClient, segment } from './client.ts'
import { inert } from './parts.ts'
import { encodedBytes, renderCard } from './render.ts'
import { sentAnswer, urgentAnswer } from './wire.ts'

type Written = { readonly type: 'interactive' | 'text'; readonly content: string; readonly lost: readonly Loss[] }

/** The once-key is the platform's `uuid`: within an hour it sends at most one message. */
export const send = async (client: FeishuClient, to: Destination, what: Outgoing, once: string): Promise<Sent> => {
  if (!/^[0-9A-Za-z_-]{1,50}$/.test(once))
    throw new DeliveryError('permanent', 'bad-request', { detail: 'a once-key of another form' })
  const { type, content, lost } = write(what)
  const [idType, id] = to.kind === 'account' ? (['open_id', to.account] as const) : (['chat_id', to.conversation] as const)
  const { data } = await client.ask({
    endpoint: 'im.message.create',
    urgent: what.kind === 'card' && what.card.tone === 'danger',
    chat: { kind: to.kind === 'account' ? 'person' : 'group', id },
    risk: 'once',
    answer: sentAnswer,
    perform: (sdk, auth) =>
      sdk.im.v1.message.create(
        { params: { receive_id_type: idType }, data: { receive_id: id, msg_type: type, content, uuid: once } },
        auth,
      ),
  })
  return {
    message: data.message_id,
    conversation: data.chat_id ?? null,
    handle: type === 'text' ? null : handleOf(data.message_id),
    lost,
  }
}

const handleOf = (message: string): CardHandle => ({ message_id: message })

const write = (what: Outgoing): Written => {
  if (what.kind === 'text') return writeText(what.text)
  const { content, lost } = renderCard(what.card)
  return { type: 'interactive', content: JSON.stringify(content), lost }
}

/** A text message reads some markup (mentions above all), so it is made inert. It is cut until the request that carries it is short enough. */
export const writeText = (text: string): Written => {
  const safe = inert(text)
  let kept = safe
  for (let limit = longestText; encodedBytes({ text: kept }) > longestText; limit = Math.floor(limit * 0.9))
    kept = clipBytes(safe, limit)
  return {
    type: 'text',
    content: JSON.stringify({ text: kept }),
    lost: kept === safe ? [] : [{ part: 'body', standIn: 'clipped' }],
  }
}

const anything = z.unknown()

/** Always the whole card, for 14 days. Doing it twice changes nothing, so no answer is only a reason to do it again. */
export const update = async (
  client: FeishuClient,
  message: string,
  card: Card,
): Promise<{ handle: CardHandle; lost: readonly Loss[] }> => {
  const { content, lost } = renderCard(card)
  const path = { message_id: segment(message) }
  await client.ask({
    endpoint: 'im.message.patch',
    urgent: card.tone === 'danger',
    chat: { kind: 'message', id: message },
    risk: 'idempotent',
    answer: anything,
    perform: (sdk, auth) => sdk.im.v1.message.patch({ path, data: { content: JSON.stringify(content) } }, auth),
  })
  return { handle: handleOf(message), lost }
}

/** 应用内加急: free of charge; only for a message of this bot, in a chat that the account is in. The platform words it itself. */
export const ring = async (client: FeishuClient, account: string, message: string): Promise<void> => {
  const path = { message_id: segment(message) }
  const { data } = await client.ask({
    endpoint: 'im.message.urgent_app',
    urgent: true,
    risk: 'once',
    answer: urgentAnswer,
    perform: (sdk, auth) =>
      sdk.im.v1.message.urgentApp({ path, params: { user_id_type: 'open_id' }, data: { user_id_list: [account] } }, auth),
  })
  if (data?.invalid_user_id_list?.includes(account)) throw new DeliveryError('permanent', 'unreachable', { scope: 'account' })
}

export const recall = async (client: FeishuClient, message: string): Promise<void> => {
  const path = { message_id: segment(message) }
  const perform = { endpoint: 'im.message.delete', urgent: false, risk: 'idempotent', answer: anything } as const
  await client.ask({ ...perform, perform: (sdk, auth) => sdk.im.v1.message.delete({ path }, auth) })
}
