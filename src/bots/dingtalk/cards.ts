import type { Card } from '../../cards/card.ts'
import { type CardHandle, DeliveryError, type Destination, type Sent } from '../platform.ts'
import type { Client } from './client.ts'
import { mayPass } from './errors.ts'
import { type CardValues, type Rendered, render } from './render.ts'
import { answers, type DingtalkConnection } from './wire.ts'

export type Cards = {
  readonly send: (to: Destination, card: Card, once: string) => Promise<Sent>
  readonly update: (outTrackId: string, card: Card) => Promise<{ readonly handle: CardHandle; readonly lost: Sent['lost'] }>
  readonly empty: (outTrackId: string) => Promise<void>
}

/**
 * Cards of our template. One `outTrackId` is one card, so the once-key makes sending idempotent.
 * Pages "创建并投放卡片" (`create-and-deliver-cards`) and "更新卡片" (`interactive-card-update-interface`), 2026-08.
 */
export const createCards = (connection: DingtalkConnection, cardTemplateId: string, client: Client): Cards => {
  const send: Cards['send'] = async (to, card, once) => {
    const outTrackId = `andon-${once}`
    const { values, lost } = render(card)
    const urgent = card.tone === 'danger'
    const target = targetOf(connection, to)
    try {
      const body = {
        cardTemplateId,
        outTrackId,
        ...callbackOf(connection),
        cardData: { cardParamMap: values },
        ...target.address,
        ...target.space(values.summary),
        userIdType: 1,
      }
      const { result } = await client.call({
        ...post,
        path: '/v1.0/card/instances/createAndDeliver',
        body,
        answer: answers.card,
        urgent,
        ...(to.kind === 'group' ? { chat: { kind: 'group', id: to.conversation } as const } : {}),
      })
      await settleDelivery(result.deliverResults, () => redeliver(client, outTrackId, target.address))
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.because !== 'card-exists') throw error
      // Made by an attempt whose answer was lost, perhaps from older words: bring it up to date.
      await put(client, outTrackId, values)
    }
    return { message: outTrackId, conversation: to.kind === 'group' ? to.conversation : to.account, handle: { outTrackId }, lost }
  }

  return {
    send,
    update: async (outTrackId, card) => {
      const { values, lost }: Rendered = render(card)
      await put(client, outTrackId, values)
      return { handle: { outTrackId }, lost }
    },
    empty: (outTrackId) => put(client, outTrackId, emptied),
  }
}

const post = { host: 'api', method: 'POST', effect: true } as const

/** The complete state by key: the default overwrites and would drop what an answer has set privately. Repeating it changes nothing. */
const put = async (client: Client, outTrackId: string, values: CardValues): Promise<void> => {
  const body = {
    outTrackId,
    cardData: { cardParamMap: values },
    cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
    userIdType: 1,
  }
  await client.call({ host: 'api', method: 'PUT', path: '/v1.0/card/instances', body, answer: answers.done, effect: false })
}

/** No API deletes a card: recalled ones lose their content and buttons for everybody. */
const emptied: CardValues = {
  title: '—',
  tone: 'neutral',
  subtitle: '',
  facts: '',
  body: '',
  pictures: '[]',
  form: '{"fields":[]}',
  form_status: 'none',
  note: '',
  summary: '—',
  page_url: '',
  page_label: '',
  buttons: '[]',
}

/** Which door a click comes back through; fixed when the card is made. */
const callbackOf = ({ mode, cardCallbackRouteKey }: DingtalkConnection) =>
  mode === 'stream' ? { callbackType: 'STREAM' } : { callbackType: 'HTTP', callbackRouteKey: cardCallbackRouteKey }

type Target = {
  readonly address: Readonly<Record<string, unknown>>
  readonly space: (summary: string) => Readonly<Record<string, unknown>>
}

const targetOf = ({ robotCode }: DingtalkConnection, to: Destination): Target => {
  // Never forwarded: whoever got a forwarded copy could press its buttons.
  const model = (summary: string) => ({
    supportForward: false,
    lastMessageI18n: { ZH_CN: summary },
    notification: { alertContent: summary, notificationOff: false },
  })
  if (to.kind === 'group') {
    return {
      address: { openSpaceId: `dtv1.card//IM_GROUP.${to.conversation}`, imGroupOpenDeliverModel: { robotCode } },
      space: (summary) => ({ imGroupOpenSpaceModel: model(summary) }),
    }
  }
  return {
    address: { openSpaceId: `dtv1.card//IM_ROBOT.${to.account}`, imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', robotCode } },
    space: (summary) => ({ imRobotOpenSpaceModel: model(summary) }),
  }
}

type Result = { readonly success: boolean; readonly errorMsg?: string | null | undefined }

/**
 * HTTP 200 is not delivery. A reason that may pass is tried once more at once; after that the failure is permanent for this message whatever
 * the reason, because the outTrackId is taken now and sending again under it would look like a card that was delivered.
 */
const settleDelivery = async (results: readonly Result[], again: () => Promise<readonly Result[]>): Promise<void> => {
  const failed = results.find(({ success }) => !success)
  if (!failed) return
  if (!mayPass(failed.errorMsg ?? '')) throw new DeliveryError('permanent', 'not-delivered', { scope: 'account' })
  const second = await again()
  if (second.some(({ success }) => !success)) throw new DeliveryError('permanent', 'not-delivered')
}

/** Page "投放卡片" (`delivery-card-interface`), 2026-08. */
const redeliver = async (client: Client, outTrackId: string, address: Target['address']): Promise<readonly Result[]> => {
  const body = { outTrackId, ...address, userIdType: 1 }
  const { result } = await client.call({ ...post, path: '/v1.0/card/instances/deliver', body, answer: answers.redelivered })
  return result
}
