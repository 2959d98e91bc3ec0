import type { Card, PageLink, Picture } from '../cards/card.ts'
import { sha256 } from '../lib/crypto.ts'
import type { LoadedPlant } from '../people/plant.ts'
import type { AccountRef, Actor, Reader } from '../workflows/workflow.ts'
import type { Registered } from './registry.ts'

/** A card drawn for one reader: `hash` changes only when what is shown does, so a card whose own facts stayed is not sent again. */
export type Drawn = { readonly card: Card; readonly hash: string; readonly revision: number; readonly complete: boolean }

export type Drawable = {
  readonly site: string
  readonly id: string
  readonly registered: Registered
  readonly state: { readonly status: string } | null
  readonly revision: number
}

/** Signs the page of a subject for one account; null where no pages are served. */
export type PageSigner = (subject: string, account: AccountRef, label: string) => PageLink | null

/** The platform's key of a stored picture for a connection, when it has been uploaded already. */
export type ImageKeys = {
  readonly known: (connection: string, image: string) => string | undefined
  /** Does the connection show pictures on cards at all? */
  readonly takes: (connection: string) => boolean
}

export type DrawTools = { readonly at: Date; readonly plantOf: (site: string) => LoadedPlant; readonly page: PageSigner }

const withoutRevision = (key: string): string => key.replace(/@\d+/, '@')

/** What must not be missed: title, buttons, and the first fact, which is the status. */
const essence = (card: Card): string =>
  sha256(JSON.stringify([card.title, card.facts[0]?.value ?? '', card.actions.map(({ label }) => label)])).slice(0, 16)
const duties = (card: Card): string => sha256(JSON.stringify([card.title, card.actions.map(({ label }) => label)])).slice(0, 16)

/** Three hashes of one card: `whole.essence.duties`. Cards that can be changed only once keep their one change for a new essence. */
export const cardHash = (card: Card): string => `${wholeHash(card)}.${essence(card)}.${duties(card)}`

export const sameEssence = (a: string, b: string): boolean => a.split('.')[1] === b.split('.')[1]
export const sameDuties = (a: string, b: string): boolean => a.split('.')[2] === b.split('.')[2]

const wholeHash = (card: Card): string =>
  sha256(
    JSON.stringify({
      ...card,
      page: card.page ? card.page.label : null,
      actions: card.actions.map((action) => ({ ...action, key: withoutRevision(action.key) })),
      pictures: card.pictures.map(({ image, alt }) => ({ image, alt })),
    }),
  )

/** Draws a subject for a reader at its present state; null before it has one. */
export const drawSubject = (on: Drawable, reader: Reader & { readonly account: AccountRef }, tools: DrawTools): Drawn | null => {
  if (!on.state) return null
  const card = on.registered.card(on.state, {
    subject: on.id,
    revision: on.revision,
    reader,
    plant: tools.plantOf(on.site).plant,
    at: tools.at,
    page: (label) => tools.page(on.id, reader.account, label),
  })
  return { card, hash: cardHash(card), revision: on.revision, complete: true }
}

/**
 * Puts the platform's keys into the pictures. What has no key is left out; on a platform that takes pictures the card is not complete then, and is drawn
 * again once the picture is there. The hash is that of the card as it will be seen.
 */
export const withKeys = (drawn: Drawn, connection: string, keys: ImageKeys): Drawn => {
  if (drawn.card.pictures.length === 0) return drawn
  const pictures = drawn.card.pictures.flatMap((picture): Picture[] => {
    const key = keys.known(connection, picture.image)
    return key === undefined ? [] : [{ ...picture, key }]
  })
  const card = { ...drawn.card, pictures }
  return {
    ...drawn,
    card,
    hash: cardHash(card),
    complete: !keys.takes(connection) || pictures.length === drawn.card.pictures.length,
  }
}

/** Draws for whoever acts, in the answer to their press. */
export type DrawFor = (on: Drawable, actor: Actor) => Drawn | null
