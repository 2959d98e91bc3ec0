import type { Reply } from '../../cards/card.ts'
import type { RawResponse } from '../platform.ts'
import { render, toastText } from './render.ts'

/** The answer to a click: `cardData` repaints everybody's copy, `userPrivateData` is the presser's alone and has no level for the user. */
export type CardAnswer = {
  readonly cardUpdateOptions?: { readonly updateCardDataByKey: true; readonly updatePrivateDataByKey: true }
  readonly cardData?: { readonly cardParamMap: Readonly<Record<string, string>> }
  readonly userPrivateData?: { readonly cardParamMap: { readonly toast: string } }
}

/**
 * What a reply becomes inside the response to a click; an empty object changes nothing.
 * An empty toast is sent along with a card, or the presser would keep the words of the press before. Page "事件回调" (`event-callback-card`), 2026-08.
 */
export const cardAnswer = (reply: Reply | null): CardAnswer => {
  if (!reply || (!reply.card && !reply.toast)) return {}
  return {
    cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
    ...(reply.card ? { cardData: { cardParamMap: render(reply.card).values } } : {}),
    userPrivateData: { cardParamMap: { toast: reply.toast ? toastText(reply.toast) : '' } },
  }
}

export const json = (status: number, body: string): RawResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body,
})
