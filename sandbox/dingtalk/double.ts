import type { App, VendorFactory, World } from '../contract.ts'
import { createCallbackBook } from './callback-book.ts'
import { cardApis } from './card-api.ts'
import { createCardStore } from './card-store.ts'
import { createClient } from './client.ts'
import { dingApis } from './ding-api.ts'
import { createDirectory } from './directory.ts'
import { directoryApis } from './directory-api.ts'
import { createDownloads } from './downloads.ts'
import { failedApi } from './failed-api.ts'
import { mountApis } from './gate.ts'
import { createHooks } from './hooks.ts'
import { createIds } from './ids.ts'
import { createMedia } from './media.ts'
import { noticeApis } from './notices-api.ts'
import { mountSignIn } from './oauth.ts'
import { createOrigin } from './origin.ts'
import { createPhone } from './phone.ts'
import { createPushes } from './pushes.ts'
import { createQuota } from './quota.ts'
import { receiptApis } from './receipts-api.ts'
import { robotApis } from './robot-api.ts'
import { createStream } from './stream.ts'
import { createSessions, createTalks } from './talks.ts'
import { readTemplate } from './template.ts'
import { tokenApis } from './token-api.ts'
import { createTokens } from './tokens.ts'

const templateFile = new URL('../../templates/dingtalk/andon-card.json', import.meta.url)

const needed = ['clientId', 'clientSecret', 'corpId', 'agentId', 'robotCode', 'cardTemplateId'] as const

/** An app that lacks a credential would fail later and stranger. */
const checked = (app: App): App => {
  const missing = needed.find((name) => !app.credentials[name])
  if (missing) throw new Error(`Connection ${app.id} has no ${missing}; the DingTalk double needs it.`)
  const { aesKey } = app.credentials
  if (aesKey !== undefined && aesKey.length !== 43) throw new Error(`Connection ${app.id}: aesKey must be 43 characters.`)
  return app
}

/** The foundations that every part of the double stands on. */
const foundations = (world: World) => {
  const ids = createIds(world.random)
  const directory = createDirectory(world)
  return {
    world,
    ids,
    directory,
    origin: createOrigin(),
    tokens: createTokens(world, ids),
    quota: createQuota(world),
    talks: createTalks(directory),
    sessions: createSessions(ids),
    phone: createPhone(world),
    media: createMedia(world, ids),
    downloads: createDownloads(world, ids),
    hooks: createHooks(world, ids),
  }
}

/**
 * DingTalk on this machine, written from its documents: the API of both hosts, the long connection, the HTTP pushes and the client of its people.
 * Throws when an app lacks a credential or the card template cannot be read.
 */
export const createDingtalkDouble: VendorFactory = (world, all) => {
  const apps = all.filter(({ platform }) => platform === 'dingtalk').map(checked)
  const base = foundations(world)
  const { ids, hooks, origin, tokens } = base
  const stream = createStream(world, ids, apps, origin)
  const pushes = createPushes({ world, ids, stream, hooks })
  const store = createCardStore({ ...base, template: readTemplate(templateFile) })
  const book = createCallbackBook(world, ids, hooks.next)
  const parts = { ...base, apps, stream, pushes, store, book }
  const client = createClient(parts)
  const apis = [
    ...tokenApis(apps, tokens),
    stream.api,
    ...directoryApis(base.directory),
    ...robotApis(parts),
    ...receiptApis(parts),
    base.downloads.api,
    ...base.media.apis,
    ...cardApis(parts),
    ...dingApis(parts),
    ...noticeApis(parts),
    failedApi(pushes),
  ]
  return {
    name: 'dingtalk',
    mount: (app) => {
      mountSignIn(app, world, apps)
      mountApis(app, parts, apis)
      base.downloads.mount(app)
    },
    upgrade: stream.upgrade,
    ...client,
    connections: stream.connections,
    close: stream.close,
  }
}
