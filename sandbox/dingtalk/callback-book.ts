import type { App, World } from '../contract.ts'
import { type Answer, demand, ok } from './answers.ts'
import type { Ids } from './ids.ts'
import { type Fields, textOf } from './wire.ts'

type Registration = { readonly callbackUrl: string; readonly apiSecret: string }

/** Where card callbacks over HTTP go, by the app's route keys ("注册卡片回调地址", read 2026-08). */
export type CallbackBook = {
  readonly register: (fields: Fields, app: App) => Answer
  /** The registration, or one made of the app's hook address and its `cardCallbackSecret`; null when neither exists. */
  readonly find: (app: App, routeKey: string) => Registration | null
}

/** `dingtalk.registerExisting`: an existing key without `forceUpdate` gives the `previous` registration, unless set to `error` (unverified which). */
export const createCallbackBook = (world: World, ids: Ids, nextHook: (app: App) => string | null): CallbackBook => {
  const registrations = new Map<string, Registration>()
  const keyOf = (app: App, routeKey: string) => `${app.id}\n${routeKey}`

  const register = (fields: Fields, app: App): Answer => {
    const [routeKey, callbackUrl] = [textOf(fields.callbackRouteKey), textOf(fields.callbackUrl)]
    demand(routeKey !== '', 'param.callbackRouteKeyEmpty')
    demand(callbackUrl !== '', 'param.callbackUrlEmpty')
    demand(onLoopback(callbackUrl), 'system.updateCallbackFailed')
    const old = registrations.get(keyOf(app, routeKey))
    if (old && fields.forceUpdate !== true) {
      demand(world.choose('dingtalk.registerExisting', 'previous') === 'previous', 'param.callbackRouteKeyExist')
      return ok({ success: true, result: old })
    }
    const fresh = { callbackUrl, apiSecret: textOf(fields.apiSecret) || ids.hex(32) }
    registrations.set(keyOf(app, routeKey), fresh)
    return ok({ success: true, result: fresh })
  }

  const find = (app: App, routeKey: string): Registration | null => {
    const registered = registrations.get(keyOf(app, routeKey))
    if (registered) return registered
    const [callbackUrl, apiSecret] = [nextHook(app), app.credentials.cardCallbackSecret]
    return callbackUrl && apiSecret ? { callbackUrl, apiSecret } : null
  }
  return { register, find }
}

/** The double calls nobody outside this machine. */
const onLoopback = (address: string): boolean => {
  const url = URL.canParse(address) ? new URL(address) : null
  return url !== null && /^https?:$/.test(url.protocol) && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname)
}
