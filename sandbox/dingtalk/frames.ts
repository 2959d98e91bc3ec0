import type { App } from '../contract.ts'
import { digest } from './ids.ts'
import { type Fields, fieldsOf, fieldsOrNull, parseJson, textOf } from './wire.ts'

/** Text frames of the long connection ("Stream 模式协议", read 2026-08), headers in the order in which the platform writes them. */

export type Topic = { readonly type: 'EVENT' | 'CALLBACK'; readonly topic: string }

export const botTopic: Topic = { type: 'CALLBACK', topic: '/v1.0/im/bot/messages/get' }
export const cardTopic: Topic = { type: 'CALLBACK', topic: '/v1.0/card/instances/callback' }
export const eventTopic: Topic = { type: 'EVENT', topic: '*' }

/** What the client sent back for one frame. Only the message id counts; `code` is for diagnosis. */
export type Ack = { readonly messageId: string; readonly code: number; readonly data: string }

export const unifiedAppId = (app: App): string => digest(20, 'unified', app.id).toLowerCase()

/** A frame that the client must answer. `data` travels as a JSON string. */
export const pushFrame = (head: {
  readonly app: App
  readonly connectionId: string
  readonly messageId: string
  readonly time: number
  readonly topic: Topic
  readonly data: unknown
  readonly event?: { readonly type: string; readonly id: string; readonly bornAt: number }
}): string =>
  JSON.stringify({
    specVersion: '1.0',
    type: head.topic.type,
    headers: {
      appId: unifiedAppId(head.app),
      connectionId: head.connectionId,
      contentType: 'application/json',
      ...(head.event
        ? {
            eventBornTime: String(head.event.bornAt),
            eventCorpId: head.app.credentials.corpId ?? '',
            eventId: head.event.id,
            eventType: head.event.type,
            eventUnifiedAppId: unifiedAppId(head.app),
          }
        : {}),
      messageId: head.messageId,
      time: String(head.time),
      topic: head.topic.topic,
    },
    data: JSON.stringify(head.data),
  })

/** A frame of the connection itself: `ping` wants its data echoed, `disconnect` wants nothing. */
export const systemFrame = (topic: 'ping' | 'disconnect', messageId: string, time: number, data: object): string =>
  JSON.stringify({
    specVersion: '1.0',
    type: 'SYSTEM',
    headers: { contentType: 'application/json', messageId, time: String(time), topic },
    data: JSON.stringify(data),
  })

/** Reads an answer; null when it is not one. `data` may be a string or, from sloppy clients, an object. */
export const readAck = (text: string): Ack | null => {
  const frame = fieldsOrNull(parseJson(text))
  const messageId = textOf(fieldsOf(frame?.headers).messageId)
  if (!frame || messageId === '') return null
  return {
    messageId,
    code: Number(frame.code),
    data: typeof frame.data === 'string' ? frame.data : JSON.stringify(frame.data ?? {}),
  }
}

/** The `response` object inside an answer to a card press; null when there is none, which the client shows as a failure. */
export const responseIn = (ack: Ack): Fields | null => fieldsOrNull(fieldsOf(parseJson(ack.data)).response)

/** What an event listener said; anything but `SUCCESS` is told again. */
export const statusIn = (ack: Ack): string => textOf(fieldsOf(parseJson(ack.data)).status)
