import type { App, World } from '../contract.ts'
import { demand } from './answers.ts'
import { type Card, merged } from './cards.ts'
import type { Directory } from './directory.ts'
import type { Media } from './media.ts'
import type { Phone } from './phone.ts'
import { checkValues, type Limits, type Template, type Values } from './template.ts'
import { type Fields, fieldsOf, fieldsOrNull, textOf } from './wire.ts'

export type CardStore = {
  /** A new instance out of the call's fields, not yet kept. Throws the platform's refusal. */
  readonly draft: (fields: Fields, app: App) => Card
  readonly keep: (card: Card) => void
  readonly find: (app: App, outTrackId: string) => Card | null
  readonly of: (messageId: string) => Card | null
  /** Public data, or null when the call has none. */
  readonly publicIn: (card: Pick<Card, 'template'>, fields: Fields) => Values | null
  readonly update: (card: Card, change: Change) => void
  readonly privateIn: (template: Template, map: unknown) => Values
  readonly privatesIn: (card: Pick<Card, 'template' | 'app'>, fields: Fields) => ReadonlyMap<string, Values>
}

export type Change = {
  readonly publicData: Values | null
  readonly privateData: ReadonlyMap<string, Values>
  readonly publicByKey: boolean
  readonly privateByKey: boolean
}

type StoreParts = {
  readonly world: World
  readonly directory: Directory
  readonly media: Media
  readonly phone: Phone
  /** Our template, under the id of the app's credentials. */
  readonly template: Template
}

const longestTrack = 100

/** `dingtalk.cardValueBytes`: the documented 1,024 or, as practice has it and unless set, no limit. */
export const createCardStore = ({ world, directory, media, phone, template }: StoreParts): CardStore => {
  const cards = new Map<string, Card>()
  const limits = (): Limits => ({
    valueBytes: Number(world.choose('dingtalk.cardValueBytes', 'Infinity')),
    unsafe: world.choose('dingtalk.unsafeWord', ''),
    mediaKnown: media.known,
  })

  const publicIn: CardStore['publicIn'] = (card, fields) => {
    if (fields.cardData === undefined) return null
    return checkValues(card.template, fieldsOf(fields.cardData).cardParamMap, 'public', limits())
  }
  const privateIn: CardStore['privateIn'] = (of, map) => checkValues(of, map, 'private', limits())
  const privatesIn: CardStore['privatesIn'] = (card, fields) => {
    const userIdType = userIdTypeIn(fields)
    const rows = Object.entries(fieldsOf(fields.privateData)).map(([id, data]) => {
      const member = directory.find(card.app, id, userIdType)
      demand(member !== null, 'param.userIdNotExist')
      return [member.account, privateIn(card.template, fieldsOf(data).cardParamMap)] as const
    })
    return new Map(rows)
  }

  const draft = (fields: Fields, app: App): Card => {
    const outTrackId = textOf(fields.outTrackId)
    demand(outTrackId !== '', 'param.outTrackIdEmpty')
    demand(outTrackId.length <= longestTrack, 'param.invalid', 'param.invalid: outTrackId')
    const templateId = textOf(fields.cardTemplateId)
    demand(templateId !== '', 'param.cardTemplateIdEmpty')
    demand(templateId === app.credentials.cardTemplateId, 'param.templateNotExist')
    demand(fieldsOrNull(fieldsOf(fields.cardData).cardParamMap) !== null, 'param.cardPublicDataEmpty')
    const callback = callbackIn(fields)
    const empty = { template, app }
    return {
      ...empty,
      outTrackId,
      callback,
      routeKey: textOf(fields.callbackRouteKey),
      userIdType: userIdTypeIn(fields),
      publicData: publicIn(empty, fields) ?? {},
      privateData: new Map(privatesIn(empty, fields)),
      deliveries: [],
      messages: [],
      offers: new Map(),
    }
  }

  const update = (card: Card, { publicData, privateData, publicByKey, privateByKey }: Change) => {
    if (publicData) card.publicData = merged(card.publicData, publicData, publicByKey)
    for (const [account, values] of privateData)
      card.privateData.set(account, merged(card.privateData.get(account) ?? {}, values, privateByKey))
    const changed = card.messages.filter(
      (message) => !message.recalled && (publicData !== null || privateData.has(message.account)),
    )
    for (const message of changed) phone.redraw(message)
  }

  const keyOf = (app: App, outTrackId: string) => `${app.id}\n${outTrackId}`
  return {
    draft,
    keep: (card) => void cards.set(keyOf(card.app, card.outTrackId), card),
    find: (app, outTrackId) => cards.get(keyOf(app, outTrackId)) ?? null,
    of: (messageId) => [...cards.values()].find((card) => card.messages.some(({ id }) => id === messageId)) ?? null,
    publicIn,
    privateIn,
    privatesIn,
    update,
  }
}

/** 1 = userid (the default), 2 = unionid. */
export const userIdTypeIn = (fields: Fields): number => {
  const type = fields.userIdType ?? 1
  demand(type === 1 || type === 2, 'param.invalid', 'param.invalid: userIdType')
  return type
}

const callbackIn = (fields: Fields): Card['callback'] => {
  const type = fields.callbackType
  if (type === undefined) return null
  demand(type === 'STREAM' || type === 'HTTP', 'param.invalid', 'param.invalid: callbackType')
  demand(type === 'STREAM' || textOf(fields.callbackRouteKey) !== '', 'param.callbackRouteKeyEmpty')
  return type
}
