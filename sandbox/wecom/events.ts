/** What the platform tells an app, as plain XML before encryption (接收消息格式 document/path/90239, 接收事件格式 90240). */

import type { WecomApp } from './office.ts'
import type { Field } from './xml.ts'
import { writeXml } from './xml.ts'

/** Who, to which app, and when. */
export type Envelope = { readonly app: WecomApp; readonly account: string; readonly at: number }

const head = ({ app, account, at }: Envelope, type: string): readonly Field[] => [
  ['ToUserName', app.corpId],
  ['FromUserName', account],
  ['CreateTime', Math.floor(at / 1000)],
  ['MsgType', type],
]

/** `id` is 64 bits wide, as on the platform: more than a double holds. */
const message = (to: Envelope, type: string, id: bigint, fields: readonly Field[]): string =>
  writeXml([
    ...head(to, type),
    ...fields,
    ['MsgId', id],
    ['AgentID', to.app.agentId],
    ...(type === 'location' ? [['AppType', 'wxwork'] as const] : []),
  ])

export const textMessage = (to: Envelope, id: bigint, text: string): string => message(to, 'text', id, [['Content', text]])

export const imageMessage = (to: Envelope, id: bigint, picture: { readonly url: string; readonly mediaId: string }): string =>
  message(to, 'image', id, [
    ['PicUrl', picture.url],
    ['MediaId', picture.mediaId],
  ])

export const voiceMessage = (to: Envelope, id: bigint, mediaId: string): string =>
  message(to, 'voice', id, [
    ['MediaId', mediaId],
    ['Format', 'amr'],
  ])

export const locationMessage = (
  to: Envelope,
  id: bigint,
  place: { readonly lat: number; readonly lng: number; readonly label: string },
): string =>
  message(to, 'location', id, [
    ['Location_X', place.lat],
    ['Location_Y', place.lng],
    ['Scale', 16],
    ['Label', place.label],
  ])

/** The member opened the app. */
export const enterEvent = (to: Envelope): string =>
  writeXml([...head(to, 'event'), ['Event', 'enter_agent'], ['EventKey', ''], ['AgentID', to.app.agentId]])

export type CardPress = {
  readonly event: 'template_card_event' | 'template_card_menu_event'
  readonly key: string
  readonly taskId: string
  readonly cardType: string
  readonly responseCode: string
  /** Question → the ids chosen. Empty for cards without a selector. */
  readonly selected: readonly (readonly [question: string, ids: readonly string[]])[]
}

export const cardEvent = (to: Envelope, press: CardPress): string => {
  const items = press.selected.map(
    ([question, ids]): Field => [
      'SelectedItem',
      [
        ['QuestionKey', question],
        ['OptionIds', ids.map((id): Field => ['OptionId', id])],
      ],
    ],
  )
  return writeXml([
    ...head(to, 'event'),
    ['Event', press.event],
    ['EventKey', press.key],
    ['TaskId', press.taskId],
    ['CardType', press.cardType],
    ['ResponseCode', press.responseCode],
    ['AgentID', to.app.agentId],
    ...(items.length > 0 ? [['SelectedItems', items] as const] : []),
  ])
}
