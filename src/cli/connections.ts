import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Capabilities, type ChatPlatform, DeliveryError } from '../bots/platform.ts'
import type { Config, ConnectionConfig } from '../config.ts'
import { type Database, migrate } from '../db/database.ts'
import { openPglite } from '../db/pglite.ts'
import { createClock, days, hours } from '../lib/clock.ts'
import { silent } from '../lib/log.ts'
import { createPlatforms } from '../parts.ts'
import { bad, note, ok, type Remark } from './remark.ts'

/** What a door cannot do, in words; a table so that it can be read beside the capabilities. */
const lacks: readonly (readonly [when: (can: Capabilities) => boolean, words: string])[] = [
  [
    ({ update }) => update.uses === 'never',
    'its cards can never be changed: import the card template (templates/) and name it in the connection',
  ],
  [({ update }) => update.uses === 'once-per-press', 'a card changes once per press'],
  [({ update }) => update.uses !== 'never' && update.life < days(3_650), 'cards stop changing after some time'],
  [({ answer }) => !answer.toast, 'the answer to a press carries no words; they come as a message'],
  [({ answer }) => answer.card === 'none', 'the answer to a press cannot repaint the card'],
  [({ answer }) => answer.card === 'presser', 'the answer to a press repaints the card for the presser alone'],
  [({ form }) => form.choices === 0, 'cards have no choices'],
  [({ form }) => form.texts === 0, 'cards take no typed text; it is asked for in the chat'],
  [({ pictures }) => pictures === 'none', 'cards show no pictures'],
  [({ onceKey }) => onceKey === null, 'it has no once-key, so a lost answer may show a message twice'],
  [({ receipts }) => receipts === 'none', 'it does not say who has read; only an act counts'],
  [({ ring }) => !ring, 'it cannot make a phone ring'],
]

const lifeOf = ({ update }: Capabilities): string =>
  update.life > 0 && update.life < days(3_650) ? ` (${Math.round(update.life / hours(1))} h)` : ''

const sayLacks = (can: Capabilities): readonly string[] =>
  lacks.filter(([when]) => when(can)).map(([, words]) => (words.startsWith('cards stop') ? `${words}${lifeOf(can)}` : words))

const hasToken = async ({ db }: Database, connection: string): Promise<boolean> =>
  (await db
    .selectFrom('token')
    .select('name')
    .where('connection', '=', connection)
    .where('sealed', 'is not', null)
    .executeTakeFirst()) !== undefined

/** What a platform says about an account that does not exist; any call needs a token first. Once more after a hiccup of the network. */
const ask = async (platform: ChatPlatform): Promise<DeliveryError | null> => {
  for (let again = true; ; again = false) {
    try {
      await platform.whoIs('andon-doctor')
      return null
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error
      if (!again || error.kind !== 'temporary') return error
    }
  }
}

/** That the account is unknown is no trouble of the connection; that the directory is closed to the app should be known. */
const probe = async (platform: ChatPlatform, scratch: Database): Promise<Remark> => {
  const on = `connection ${platform.connection}`
  const error = await ask(platform)
  if (error === null) return ok(`${on}: its credentials work`)
  if (!(await hasToken(scratch, platform.connection))) return bad(`${on}: no token could be fetched: ${error.message}`)
  return error.scope === 'connection'
    ? note(`${on}: its credentials work, but the directory says ${error.message}`)
    : ok(`${on}: its credentials work`)
}

const remarksOn = async (
  one: ConnectionConfig,
  platform: ChatPlatform,
  scratch: Database,
  publicUrl: string,
): Promise<readonly Remark[]> => {
  const on = `connection ${one.id}`
  const local = /^https?:\/\/(127\.|localhost|\[::1\])/.test(publicUrl)
  return [
    await probe(platform, scratch),
    ...(one.mode === 'webhook'
      ? [
          local
            ? note(`${on}: its callbacks must reach ${publicUrl}/hooks/${one.id}, which is this machine only`)
            : ok(`${on}: its callbacks go to ${publicUrl}/hooks/${one.id}`),
        ]
      : []),
    ...('cardTemplateId' in one && one.cardTemplateId ? [ok(`${on}: a card template is named`)] : []),
    ...sayLacks(platform.can).map((words) => note(`${on}: ${words}`)),
  ]
}

/** Asks every platform for a token, with a scratch database so that a token that is kept cannot hide a wrong password, and nothing is left behind. */
export const examineConnections = async (config: Config): Promise<readonly Remark[]> => {
  const dir = mkdtempSync(join(tmpdir(), 'andon-doctor-'))
  const scratch = await openPglite(join(dir, 'db'))
  try {
    await migrate(scratch.db)
    const platforms = await createPlatforms(config.connections, {
      database: scratch,
      clock: createClock(),
      log: silent,
      replica: 'doctor',
    })
    const remarks: Remark[] = []
    for (const one of config.connections) {
      const platform = platforms.get(one.id)
      if (platform) remarks.push(...(await remarksOn(one, platform, scratch, config.publicUrl)))
    }
    return remarks
  } finally {
    await scratch.close()
    rmSync(dir, { recursive: true, force: true })
  }
}
