import type { Card, PageLink, Picture } from '../cards/card.ts'
import { canonical, sha256 } from '../lib/crypto.ts'
import type { LoadedPlant } from '../people/plant.ts'
import type { AccountRef, Actor, Reader } from '../workflows/workflow.ts'
import type { Registered } from './registry.ts'

/** A card drawn for one reader: `hash` changes only when what is shown does, so a card whose own facts stayed is not sent again. */
export type Drawn = { readonly card: Card; readonly hash: string; readonly revision: number; readonly complete: boolean }

export type Drawable = { readonly site: string; readonly id: string; readonly registered: Registered; readonly state: { readonly status: string } | null; readonly revision: number }

/** Signs the page of a subject for one account; null where no pages are served. */
export type PageSigner = (subject: string, account: AccountRef, label: string) => PageLink | null

/** The platform's key of a stored picture for a connection, when it has been uploaded already. */
export type ImageKeys = { readonly known: (connection: string, image: string) => string | undefined }

export type DrawTools = { readonly at: Date; readonly plantOf: (site: string) => LoadedPlant; readonly page: PageSigner }

const withoutRevision = (key: string): string => key.replace(/@\d+/, '@')

export const cardHash = (card: Card): string =>
  sha256(
    canonical({
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

/** Puts the platform's keys into the pictures; a picture without a key yet is left out, and the card is not complete. */
export const withKeys = (drawn: Drawn, connection: string, keys: ImageKeys): Drawn => {
  const pictures = drawn.card.pictures.flatMap((picture): Picture[] => {
    const key = keys.known(connection, picture.image)
    return key === undefined ? [] : [{ ...picture, key }]
  })
  return { ...drawn, card: { ...drawn.card, pictures }, complete: pictures.length === drawn.card.pictures.length }
}

/** Draws for whoever acts, in the answer to their press. */
export type DrawFor = (on: Drawable, actor: Actor) => Drawn | null
