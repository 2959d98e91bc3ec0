import { type ChatPlatform, DeliveryError, type Destination, type Outgoing, type Sent } from '../bots/platform.ts'
import type { Card } from '../cards/card.ts'
import { commonText } from '../cards/text/common.ts'
import type { LoadedPlant } from '../people/plant.ts'
import type { AccountRef, Reader } from '../workflows/workflow.ts'
import { type Address, inOrder, lastSeenOf } from './delivery.ts'
import { type Drawable, type Drawn, drawSubject, withKeys } from './draw.ts'
import type { EffectRow } from './outbox-rows.ts'
import type { EngineParts } from './parts.ts'

/** A card's or text's way out: which account, what, under which once-key. */
export type Parcel = {
  readonly to: AccountRef
  /** Tells accounts of one connection apart in the once-key. */
  readonly mark: string
  readonly group: string | null
  readonly what: Outgoing
  readonly drawn: Drawn | null
}

export type SenderTools = {
  readonly parts: EngineParts
  readonly plantOf: (site: string) => Promise<LoadedPlant>
  /** The subject as it stands now, at least at this revision. */
  readonly subjectOf: (id: string, atLeast?: number) => Promise<Drawable | null>
  /** Uploads the pictures a card needs that its connection does not know yet. */
  readonly upload: (connection: string, card: Card) => Promise<void>
}

/** Where an effect may go, first choice first: the account it names, or the linked accounts of its person, where they were last seen first. */
export const accountsFor = async (effect: EffectRow, tools: SenderTools): Promise<readonly Address[]> => {
  const { site, person, connection, account } = effect
  if (connection !== null && account !== null) return [{ connection, account, mark: '' }]
  if (person === null) return []
  const plant = await tools.plantOf(site)
  const { platforms, database } = tools.parts
  const accounts = plant.accountsOf(person).filter((one) => platforms.has(one.connection))
  if (accounts.length < 2) return accounts.map((one) => ({ ...one, mark: '' }))
  return inOrder(accounts, await lastSeenOf(database.db, site, person), platforms)
}

/** Draws the subject as it stands now for this account, with the platform's keys of its pictures. */
export const drawFor = async (
  on: Drawable,
  reader: Reader & { readonly account: AccountRef },
  tools: SenderTools,
): Promise<Drawn | null> => {
  const plant = await tools.plantOf(on.site)
  const drawn = drawSubject(on, reader, { at: tools.parts.clock.now(), plantOf: () => plant, page: tools.parts.page })
  if (!drawn) return null
  const platform = tools.parts.platforms.get(reader.account.connection)
  if (platform?.can.pictures === 'upload') await tools.upload(reader.account.connection, drawn.card)
  return withKeys(drawn, reader.account.connection, tools.parts.images)
}

/** Marks what is sent again although it may have arrived: on platforms without a once-key, or after the key's life. */
const marked = (what: Outgoing): Outgoing =>
  what.kind === 'text'
    ? { kind: 'text', text: `${commonText.resent}${what.text}` }
    : {
        kind: 'card',
        card: {
          ...what.card,
          title: `${commonText.resent}${what.card.title}`,
          summary: `${commonText.resent}${what.card.summary}`,
        },
      }

/** May this attempt show a second message? Then people must see that it is a repetition. */
const mayDouble = (effect: EffectRow, what: Outgoing, platform: ChatPlatform, at: Date): boolean => {
  if (!effect.maybe_sent) return false
  const { onceKey } = platform.can
  if (!onceKey || (what.kind === 'text' && !onceKey.texts)) return true
  const first = effect.first_tried_at === null ? at : new Date(effect.first_tried_at)
  return !(at.getTime() - first.getTime() < onceKey.life)
}

/** Sends one parcel. Throws DeliveryError. The once-key names the effect and the account, so a retry elsewhere is another message. */
export const sendParcel = async (effect: EffectRow, parcel: Parcel, tools: SenderTools): Promise<Sent> => {
  const platform = tools.parts.platforms.get(parcel.to.connection)
  if (!platform) throw new DeliveryError('permanent', 'no-such-connection', { scope: 'connection' })
  const to: Destination =
    parcel.group === null ? { kind: 'account', account: parcel.to.account } : { kind: 'group', conversation: parcel.group }
  const again = mayDouble(effect, parcel.what, platform, tools.parts.clock.now())
  return platform.send(
    to,
    again ? marked(parcel.what) : parcel.what,
    again ? `${effect.id}${parcel.mark}-r${effect.attempts}` : `${effect.id}${parcel.mark}`,
  )
}
