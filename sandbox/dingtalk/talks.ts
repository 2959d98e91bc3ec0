import type { App } from '../contract.ts'
import type { Directory } from './directory.ts'
import { digest, type Ids } from './ids.ts'

/** A conversation between one robot and one person, or in a group. */
export type Talk = {
  readonly id: string
  readonly app: App
  readonly kind: 'single' | 'group' | 'notice'
  /** How a person knows it; for a group also how they name it when they write there. */
  readonly name: string
  readonly members: readonly string[]
}

/** Conversations come into being when somebody first speaks in them. A group holds every account of the organisation and the robot. */
export type Talks = {
  readonly single: (app: App, account: string) => Talk
  /** The group of this name or id, made when it is new. */
  readonly group: (app: App, nameOrId: string) => Talk
  /** The group that the robot of this app is in, by `openConversationId`; null when there is none. */
  readonly find: (app: App, openConversationId: string) => Talk | null
  /** The 1:1 channel in which notices of the app itself arrive. */
  readonly notices: (app: App, account: string) => Talk
}

export const createTalks = (directory: Directory): Talks => {
  const talks = new Map<string, Talk>()
  const remember = (talk: Talk): Talk => {
    const known = talks.get(`${talk.app.id} ${talk.id}`)
    if (known) return known
    talks.set(`${talk.app.id} ${talk.id}`, talk)
    return talk
  }
  const find = (app: App, id: string) => {
    const talk = talks.get(`${app.id} ${id}`)
    return talk?.kind === 'group' ? talk : null
  }
  return {
    single: (app, account) =>
      remember({ id: `cid${digest(22, 'single', app.id, account)}=`, app, kind: 'single', name: 'bot', members: [account] }),
    group: (app, nameOrId) =>
      find(app, nameOrId) ??
      remember({
        id: `cid${digest(22, 'group', app.credentials.corpId ?? '', nameOrId)}==`,
        app,
        kind: 'group',
        name: nameOrId,
        members: directory.members().map(({ account }) => account),
      }),
    find,
    notices: (app, account) =>
      remember({ id: `notice${digest(16, app.id, account)}`, app, kind: 'notice', name: '工作通知', members: [account] }),
  }
}

type Session = { readonly talk: Talk; readonly until: number }

/** Reply addresses: each inbound message carries one, good for 90 minutes (the documents' samples; the field is what counts). */
export type Sessions = {
  readonly open: (talk: Talk, now: number) => { readonly code: string; readonly until: number }
  readonly talk: (code: string, now: number) => Talk | null
}

const sessionLife = 5_400_000

export const createSessions = (ids: Ids): Sessions => {
  const sessions = new Map<string, Session>()
  return {
    open: (talk, now) => {
      const code = ids.hex(32)
      const until = now + sessionLife
      sessions.set(code, { talk, until })
      return { code, until }
    },
    talk: (code, now) => {
      const session = sessions.get(code)
      return session && now < session.until ? session.talk : null
    },
  }
}
