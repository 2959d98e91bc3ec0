import type { ChatPlatform } from '../bots/platform.ts'
import type { Card } from '../cards/card.ts'
import type { Database } from '../db/database.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { ImageKeys } from './draw.ts'

export type Pictures = ImageKeys & {
  /** Makes sure the connection knows the pictures of a card. One that cannot be uploaded is left out: the card never waits for the picture. */
  readonly upload: (connection: string, card: Card) => Promise<void>
}

/** Platform keys of stored pictures, uploaded once for each connection. */
export const createPictures = (options: {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly platforms: ReadonlyMap<string, ChatPlatform>
  readonly bytesOf: (image: string) => Promise<Uint8Array | null>
}): Pictures => {
  const keys = new Map<string, string>()
  const underWay = new Map<string, Promise<void>>()
  const name = (connection: string, image: string): string => `${connection}\n${image}`

  const obtain = async (connection: string, image: string): Promise<void> => {
    const row = await options.database.db
      .selectFrom('image_key')
      .select('key')
      .where('connection', '=', connection)
      .where('image', '=', image)
      .executeTakeFirst()
    if (row) return void keys.set(name(connection, image), row.key)
    const bytes = await options.bytesOf(image)
    const platform = options.platforms.get(connection)
    if (!bytes || !platform) return
    const key = await platform.uploadImage(bytes)
    keys.set(name(connection, image), key)
    await options.database.db
      .insertInto('image_key')
      .values({ connection, image, key, at: options.clock.now() })
      .onConflict((conflict) => conflict.columns(['connection', 'image']).doNothing())
      .execute()
  }

  const once = (connection: string, image: string): Promise<void> => {
    const id = name(connection, image)
    const running = underWay.get(id)
    if (running) return running
    const started = obtain(connection, image)
      .catch((error: unknown) =>
        options.log.warn('a picture could not be uploaded', {
          connection,
          error: error instanceof Error ? error.message : 'unknown',
        }),
      )
      .finally(() => underWay.delete(id))
    underWay.set(id, started)
    return started
  }

  return {
    known: (connection, image) => keys.get(name(connection, image)),
    takes: (connection) => options.platforms.get(connection)?.can.pictures === 'upload',
    upload: async (connection, card) => {
      await Promise.all(
        card.pictures.filter(({ image }) => !keys.has(name(connection, image))).map(({ image }) => once(connection, image)),
      )
    },
  }
}
