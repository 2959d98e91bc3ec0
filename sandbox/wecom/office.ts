/** Everything the double remembers, shared by its API, its callback sender and its client. */
import type { App, World } from '../contract.ts'
import { aesKey } from './crypt.ts'
import { createMedia, type MediaStore } from './media.ts'
import { createMembers, type Members } from './members.ts'
import { createMessages, type Messages } from './messages.ts'
import { createMeter, type Meter } from './meter.ts'
import { createTokens, type Tokens } from './tokens.ts'

/** A self-built app (自建应用) with the credentials of its settings page. */
export type WecomApp = {
  readonly app: App
  readonly corpId: string
  readonly agentId: number
  readonly secret: string
  readonly token: string
  readonly aesKey: Buffer
}

export type Office = {
  readonly world: World
  readonly apps: readonly WecomApp[]
  readonly members: Members
  readonly tokens: Tokens
  readonly media: MediaStore
  readonly messages: Messages
  readonly meter: Meter
  /** So many random letters and digits. */
  readonly draw: (length: number) => string
  /** Random bytes, repeatable by the world's seed. */
  readonly bytes: (length: number) => Uint8Array
  /** The next number of a series that never repeats within a run, for message ids and nonces. */
  readonly next: () => number
  /** The app whose chat a member has in front of them: the one that wrote last, else the first. */
  readonly front: Map<string, WecomApp>
}

/** True when the settings say that pushes go to an address of the service. */
export const hasCallback = ({ app }: WecomApp): boolean => app.door === 'http' && app.callbackUrls.length > 0

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

const credential = (app: App, name: string): string => {
  const value = app.credentials[name]
  if (!value) throw new Error(`wecom app ${app.id} has no ${name}`)
  return value
}

/** Reads an app of the connections file. Throws when a credential is missing or malformed. */
const wecomApp = (app: App): WecomApp => {
  const agentId = Number(credential(app, 'agentId'))
  if (!(Number.isSafeInteger(agentId) && agentId > 0))
    throw new Error(`the agentId of wecom app ${app.id} is not a positive integer`)
  return {
    app,
    agentId,
    corpId: credential(app, 'corpId'),
    secret: credential(app, 'secret'),
    token: credential(app, 'token'),
    aesKey: aesKey(credential(app, 'encodingAesKey')),
  }
}

/** Self-built apps only: connections without an `agentId` (smart bots) are not this double's. */
export const createOffice = (world: World, apps: readonly App[]): Office => {
  const draw = (length: number) =>
    Array.from({ length }, () => alphabet[Math.floor(world.random() * alphabet.length)] ?? 'A').join('')
  const members = createMembers(world)
  let last = 0
  return {
    world,
    members,
    draw,
    apps: apps.filter(({ platform, credentials }) => platform === 'wecom' && credentials.agentId).map(wecomApp),
    tokens: createTokens(world, draw),
    media: createMedia(world, draw),
    messages: createMessages(world, members, draw),
    meter: createMeter(world.clock),
    bytes: (length) => Uint8Array.from({ length }, () => Math.floor(world.random() * 256)),
    next: () => {
      last += 1
      return last
    },
    front: new Map(),
  }
}
