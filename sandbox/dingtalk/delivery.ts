import type { App } from '../contract.ts'
import { demand } from './answers.ts'
import { type Card, cardFace, type DeliverResult } from './cards.ts'
import type { Directory } from './directory.ts'
import type { Ids } from './ids.ts'
import type { Media } from './media.ts'
import type { Phone } from './phone.ts'
import type { Talk, Talks } from './talks.ts'
import { type Fields, fieldsOf, fieldsOrNull, textOf, textsOrNull } from './wire.ts'

export type DeliveryParts = {
  readonly ids: Ids
  readonly directory: Directory
  readonly talks: Talks
  readonly phone: Phone
  readonly media: Media
}

type Space = { readonly type: 'IM_GROUP' | 'IM_ROBOT'; readonly id: string }

const prefix = 'dtv1.card//'
const longestSpace = 1000

/** `dtv1.card//IM_GROUP.a;IM_ROBOT.b`, space types in any case. Cool-app chats and banners are not played and refused as invalid. */
const spacesIn = (openSpaceId: string): readonly Space[] => {
  demand(openSpaceId !== '', 'param.openSpaceIdEmpty')
  demand(openSpaceId.startsWith(prefix) && openSpaceId.length <= longestSpace, 'param.openSpaceIdInvalid')
  return openSpaceId
    .slice(prefix.length)
    .split(';')
    .map((part) => {
      const [, word = '', id = ''] = /^([A-Za-z_]+)\.(.+)$/.exec(part) ?? []
      const type = word.toUpperCase()
      demand((type === 'IM_GROUP' || type === 'IM_ROBOT') && id !== '', 'param.openSpaceIdInvalid')
      return { type, id }
    })
}

/** `supportForward` is required in every space model that is present; models of other spaces may be present too. */
const checkSpaceModels = (fields: Fields): void => {
  for (const name of ['imGroupOpenSpaceModel', 'imRobotOpenSpaceModel']) {
    if (fields[name] === undefined) continue
    demand(typeof fieldsOf(fields[name]).supportForward === 'boolean', 'param.openSpaceModelInvalid')
  }
}

const modelOf = (fields: Fields, space: Space): Fields => {
  const model = fieldsOrNull(fields[space.type === 'IM_GROUP' ? 'imGroupOpenDeliverModel' : 'imRobotOpenDeliverModel'])
  demand(model !== null, 'param.openDeliverModelEmpty')
  if (space.type === 'IM_GROUP') demand(textOf(model.robotCode) !== '', 'param.openDeliverModelError')
  else demand(model.spaceType === 'IM_ROBOT', 'param.openDeliverModelError')
  return model
}

export type Plan = { readonly space: Space; readonly model: Fields }

/** Reads and checks where a card is to go. Throws the platform's refusal; nothing has happened then. */
export const planDelivery = (fields: Fields): readonly Plan[] => {
  const spaces = spacesIn(textOf(fields.openSpaceId))
  checkSpaceModels(fields)
  return spaces.map((space) => ({ space, model: modelOf(fields, space) }))
}

/** Why a space cannot be reached; the call still succeeds and says so per space. */
const reach = (
  parts: DeliveryParts,
  app: App,
  { space, model }: Plan,
  userIdType: number,
): { talk: Talk; to: readonly string[] } | string => {
  if (model.robotCode !== undefined && model.robotCode !== app.credentials.robotCode) return 'robotCode not match'
  if (space.type === 'IM_ROBOT') {
    const member = parts.directory.find(app, space.id, userIdType)
    return member ? { talk: parts.talks.single(app, member.account), to: [member.account] } : 'user not exist'
  }
  const talk = parts.talks.find(app, space.id)
  if (!talk) return 'robot not in conversation'
  const recipients = textsOrNull(model.recipients)
  return { talk, to: recipients ? talk.members.filter((member) => recipients.includes(member)) : talk.members }
}

/** Delivers the card to each space and gives the result of each, in order. */
export const deliver = (
  parts: DeliveryParts,
  card: Card,
  plans: readonly Plan[],
  userIdType: number,
): readonly DeliverResult[] => {
  const results = plans.map((plan): DeliverResult => {
    const { type: spaceType, id: spaceId } = plan.space
    const target = reach(parts, card.app, plan, userIdType)
    if (typeof target === 'string') return { spaceType, spaceId, success: false, errorMsg: target }
    const carrierId = parts.ids.hex(44)
    const face = (account: string) => cardFace(card, account, parts.media.picture)
    card.messages.push(...parts.phone.post({ app: card.app, talk: target.talk, to: target.to, key: carrierId, face }))
    return { spaceType, spaceId, success: true, carrierId, errorMsg: null }
  })
  card.deliveries.push(...results)
  return results
}
