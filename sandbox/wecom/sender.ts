/** Pushes to an app's callback address: verification, encryption, deadline, retries, faults (document/path/90238, 90968). */
import type { FaultName } from '../contract.ts'
import { seal, sign } from './crypt.ts'
import { cutLog } from './masks.ts'
import { hasCallback, type Office, type WecomApp } from './office.ts'
import { type Passive, type Reply, readPassive } from './passive.ts'
import { ask, type Heard } from './wire.ts'
import { writeXml } from './xml.ts'

/** One message or event on its way to an app. `apply` shows what the service answered; it says what is wrong with it, or null. */
export type Push = {
  readonly app: WecomApp
  readonly account: string
  readonly what: string
  readonly plain: string
  readonly allowed: ReadonlySet<string>
  readonly apply: (reply: Reply) => string | null
}

export type Outcome = Passive | { readonly kind: 'timeout' } | { readonly kind: 'failed'; readonly why: string }

export type Sender = {
  /** Hands a push over and waits for the first attempt; retries go on behind. Null when a fault kept it back. */
  readonly push: (push: Push) => Promise<Outcome | null>
  /** The same for a pressed button, whose faults are its own. */
  readonly press: (push: Push) => Promise<Outcome | null>
  readonly close: () => void
}

const retries = 3
const pushFaults: readonly FaultName[] = ['twice', 'late', 'never', 'reordered']
const pressFaults: readonly FaultName[] = ['twice', 'late', 'never']

type Sealed = { readonly timestamp: string; readonly nonce: string; readonly encrypted: string; readonly signature: string }

const sealed = (app: WecomApp, plain: string, office: Office): Sealed => {
  const timestamp = String(Math.floor(office.world.clock.now() / 1000))
  const nonce = `${Math.floor(office.world.random() * 1e9)}${String(office.next()).padStart(6, '0')}`
  const encrypted = seal(app.aesKey, plain, app.corpId, office.bytes(16))
  return { timestamp, nonce, encrypted, signature: sign(app.token, timestamp, nonce, encrypted) }
}

/** Percent-encodes every value, so that a `+` of the ciphertext arrives as one. */
const addressed = (url: string, { timestamp, nonce, signature }: Sealed, echo?: string): string => {
  const target = new URL(url)
  const query = { msg_signature: signature, timestamp, nonce, ...(echo === undefined ? {} : { echostr: echo }) }
  for (const [name, value] of Object.entries(query)) target.searchParams.append(name, value)
  return target.href
}

const envelope = ({ corpId, agentId }: WecomApp, encrypted: string) =>
  writeXml([
    ['ToUserName', corpId],
    ['AgentID', String(agentId)],
    ['Encrypt', encrypted],
  ])

const heardWords = (heard: Heard): string =>
  heard.kind === 'answer' ? heard.body : heard.kind === 'timeout' ? '<no answer in time>' : `<${heard.why}>`

const outcomeOf = (heard: Heard, push: Push): Outcome => {
  if (heard.kind === 'timeout') return heard
  if (heard.kind === 'broken') return { kind: 'failed', why: heard.why }
  return heard.status === 200 ? readPassive(heard.body, push) : { kind: 'failed', why: `HTTP ${heard.status}` }
}

const missed = ({ kind }: Outcome) => kind === 'timeout' || kind === 'failed'

/** Carries one push over the wire, once. */
type Carrier = (push: Push, parcel: Sealed) => Promise<Outcome>

const createCarrier = (office: Office, closing: AbortSignal): Carrier => {
  const { world } = office
  const verified = new Map<string, Promise<boolean>>()
  const turn = new Map<WecomApp, number>()
  const seconds = (name: string, fallback: string) => Number(world.choose(name, fallback)) * 1000
  const log = (what: string, request: string, heard: Heard, said: string) =>
    world.log({
      surface: 'wecom',
      direction: 'to-service',
      what,
      status: heard.kind === 'answer' ? heard.status : null,
      request: cutLog(request),
      response: cutLog(`${heardWords(heard)}${said}`),
    })
  const greet = async (app: WecomApp, url: string): Promise<boolean> => {
    const echo = `${Math.floor(world.random() * 1e15)}${office.next()}`
    const parcel = sealed(app, echo, office)
    const address = addressed(url, parcel, parcel.encrypted)
    const heard = await ask({ url: address, method: 'GET', within: seconds('wecom.verifySeconds', '1'), closing })
    log('GET callback (url verification)', address, heard, '')
    return heard.kind === 'answer' && heard.status === 200 && heard.body === echo
  }
  /** The settings page takes an address only after it has answered; a failed one is asked again at the next push. */
  const verify = async (app: WecomApp, url: string): Promise<boolean> => {
    const name = `${app.app.id} ${url}`
    const asked = verified.get(name) ?? greet(app, url)
    verified.set(name, asked)
    const good = await asked
    if (!good) verified.delete(name)
    return good
  }
  const nextUrl = (app: WecomApp): string => {
    const index = turn.get(app) ?? 0
    turn.set(app, index + 1)
    return app.app.callbackUrls[index % app.app.callbackUrls.length] ?? ''
  }
  return async (push, parcel) => {
    if (!hasCallback(push.app)) return { kind: 'failed', why: 'the app has no callback address' }
    const url = nextUrl(push.app)
    if (!URL.canParse(url)) return { kind: 'failed', why: 'the callback address is not a URL' }
    if (!(await verify(push.app, url))) return { kind: 'failed', why: 'url verification' }
    const address = addressed(url, parcel)
    const body = envelope(push.app, parcel.encrypted)
    const heard = await ask({ url: address, method: 'POST', body, within: seconds('wecom.answerSeconds', '5'), closing })
    const outcome = outcomeOf(heard, push)
    const wrong = outcome.kind === 'reply' ? push.apply(outcome.reply) : null
    const final: Outcome = wrong === null ? outcome : { kind: 'malformed', why: wrong }
    const said =
      final.kind === 'reply' ? `\n${final.plain}` : final.kind === 'malformed' ? `\n<malformed reply: ${final.why}>` : ''
    log(`POST callback (${push.what})`, `${address}\n${body}\n${push.plain}`, heard, said)
    return final
  }
}

export const createSender = (office: Office): Sender => {
  const { world } = office
  const closing = new AbortController()
  const cancels = new Set<() => void>()
  const carry = createCarrier(office, closing.signal)
  const held = new Map<WecomApp, (() => Promise<unknown>)[]>()

  const later = (milliseconds: number, label: string, task: () => Promise<unknown>) => {
    const cancel = world.clock.at(world.clock.now() + milliseconds, label, async () => {
      cancels.delete(cancel)
      await task()
    })
    cancels.add(cancel)
  }
  const parcelFor = (push: Push, before: Sealed | null): Sealed =>
    before && world.choose('wecom.retryFresh', 'fresh') === 'same' ? before : sealed(push.app, push.plain, office)

  /** Tries, then retries at once or at the spacing of `wecom.retrySpacing` seconds; `first` hears of the first attempt. */
  const attempt = async (push: Push, left: number, before: Sealed | null, first?: (outcome: Outcome) => void): Promise<void> => {
    const parcel = parcelFor(push, before)
    const outcome = await carry(push, parcel)
    first?.(outcome)
    if (!missed(outcome) || left === 0 || closing.signal.aborted) return
    const spacing = Number(world.choose('wecom.retrySpacing', '5')) * 1000
    const again = () => attempt(push, left - 1, parcel)
    if (spacing > 0) later(spacing, `wecom: retry of ${push.what}`, () => world.busy(`wecom: retry of ${push.what}`, again()))
    else await again()
  }
  const post = (push: Push): Promise<Outcome> => {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
    void world.busy(`wecom: ${push.what} to ${push.app.app.id}`, attempt(push, retries, null, resolve)).catch(reject)
    return promise
  }
  const release = async (app: WecomApp) => {
    const waiting = held.get(app) ?? []
    held.delete(app)
    for (const task of waiting) await task()
  }
  const hold = (push: Push, seconds: number) => {
    held.set(push.app, [...(held.get(push.app) ?? []), () => post(push)])
    later(seconds * 1000, `wecom: held ${push.what}`, () => release(push.app))
  }
  const strike = async (push: Push, point: 'push' | 'press', allowed: readonly FaultName[]): Promise<Outcome | null> => {
    const fault = world.faults.strike('wecom', point, allowed)
    if (fault?.name === 'reordered') hold(push, fault.seconds)
    if (fault?.name === 'late') later(fault.seconds * 1000, `wecom: late ${push.what}`, () => post(push))
    if (fault && fault.name !== 'twice') return null
    const outcome = await post(push)
    if (fault?.name === 'twice') await post(push)
    await release(push.app)
    return outcome
  }
  return {
    push: (push) => strike(push, 'push', pushFaults),
    press: (push) => strike(push, 'press', pressFaults),
    close: () => {
      closing.abort()
      for (const cancel of cancels) cancel()
    },
  }
}
