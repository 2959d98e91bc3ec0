/**
 * The long connection (长连接): events and presses over a WebSocket that we open, so no public address is needed. The SDK speaks the frames;
 * staying connected is our own supervisor's work, because the SDK gives up for good on several answers. Source: open.feishu.cn
 * 使用长连接接收事件/回调 (read 2026-05), @larksuiteoapi/node-sdk 1.74.0. Node only.
 */
import type { EventDispatcher, HttpInstance, WSClient } from '@larksuiteoapi/node-sdk'
import { type Millis, minutes, seconds } from '../../lib/clock.ts'
import { callWithin, hostOf, mayFollow } from '../call.ts'
import type { Deliver, Incoming, PlatformPorts, Stream } from '../platform.ts'
import { answerBody } from './answer.ts'
import { mute } from './client.ts'
import type { FeishuConnection } from './connection.ts'
import { decodeEnvelope } from './decode.ts'
import { createAxios, perform, sdkHttp } from './http.ts'
import { endpointAnswer } from './wire.ts'

type Ports = Pick<PlatformPorts, 'clock' | 'log'>

/** Seconds after a ping within which anything must arrive; else the connection counts as half open and is cut. */
const pongWithin = 10
/** The SDK tells of a lost connection by its state alone. */
const lookEvery: Millis = 250
/** Bootstrap and handshake each end in their own time; a line that has done neither in this one is given up. */
const dialWithin: Millis = 3 * callWithin
const firstWait: Millis = seconds(1)
const longestWait: Millis = seconds(30)
/** Wrong credentials do not mend themselves, but somebody may mend them. */
const waitForCredentials: Millis = minutes(1)
const credentialCodes: ReadonlySet<string> = new Set(['403', '514', '1000040344'])

/**
 * Opens a long connection and keeps it open until `close`. Each arrival is acknowledged after `deliver` has resolved: a press with its answer,
 * anything else with a plain yes when there is a `Reply` (an empty one will do), and with a no when there is null, which makes the platform
 * deliver it again after 15 s, 5 min, 1 h and 6 h. Throws for an app id with which the SDK would never connect.
 */
export const openStream = (connection: FeishuConnection, deliver: Deliver, ports: Ports): Stream => {
  if (!/^cli_[0-9a-fA-F]{16}$/.test(connection.appId))
    throw new Error('a Feishu app id is cli_ and 16 hexadecimal digits: correct appId in the configuration')
  const desk = createDesk(connection, deliver, ports)
  const warn: Warn = (message, about) => ports.log.warn(message, { connection: connection.id, ...about })
  const supervisor = supervise((report) => connect(connection, desk.handle, { ...report, warn }), warn)
  return {
    state: supervisor.state,
    close: async () => {
      await desk.close()
      supervisor.close()
    },
  }
}

// ── What arrives ─────────────────────────────────────────────────────────────────────────────────────────────────────

type Handle = (envelope: unknown) => Promise<Readonly<Record<string, unknown>>>
type Desk = { readonly handle: Handle; readonly close: () => Promise<void> }

const createDesk = (connection: FeishuConnection, deliver: Deliver, { clock, log }: Ports): Desk => {
  const underWay = new Set<Promise<unknown>>()
  let closed = false

  const decide = async (incoming: Incoming): Promise<Readonly<Record<string, unknown>>> => {
    const reply = await deliver(incoming)
    if (incoming.kind === 'press') return answerBody(reply)
    // The SDK acknowledges what is thrown with 500.
    if (!reply) throw new Error('not decided: to be delivered again')
    return {}
  }
  return {
    handle: async (envelope) => {
      if (closed) throw new Error('closing: to be delivered again')
      const decoded = decodeEnvelope(connection, envelope, clock.now())
      if (decoded.kind === 'refused') {
        log.warn('an arrival of the Feishu long connection was refused', { connection: connection.id, because: decoded.because })
        return {}
      }
      const work = decide(decoded.incoming)
      underWay.add(work)
      return work.finally(() => underWay.delete(work))
    },
    close: async () => {
      closed = true
      await Promise.allSettled(underWay)
      // The acknowledgement leaves in the turn after the decision.
      await new Promise<void>((resolve) => void setImmediate(resolve))
    },
  }
}

// ── Staying connected ────────────────────────────────────────────────────────────────────────────────────────────────

/** `failed` carries the platform's code where it gave one. */
type Report = { readonly up: () => void; readonly failed: (code: string | null) => void }
type Line = { readonly alive: () => boolean; readonly close: () => void }
type Supervisor = { readonly state: Stream['state']; readonly close: () => void }
type Warn = (message: string, about: Readonly<Record<string, unknown>>) => void

/** Dials; when the line fails or dies, waits (1 s, doubling to 30 s; a minute after refused credentials) and dials anew. Never gives up. */
const supervise = (dial: (report: Report) => Promise<Line>, warn: Warn): Supervisor => {
  let state: ReturnType<Stream['state']> = 'connecting'
  let failures = 0
  let line: Line | null = null
  let attempt = 0
  let closed = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const lose = (mine: number, code: string | null): void => {
    if (closed || mine !== attempt) return
    attempt += 1
    clearTimeout(timer)
    line?.close()
    line = null
    state = 'down'
    const wait =
      code !== null && credentialCodes.has(code)
        ? waitForCredentials
        : Math.min(longestWait, firstWait * 2 ** Math.min(failures, 10))
    failures += 1
    warn('the Feishu long connection is down', { code, wait, failures })
    timer = setTimeout(start, wait)
  }
  const watch = (mine: number): void => {
    if (closed || mine !== attempt) return
    if (line?.alive() === false) lose(mine, null)
    else timer = setTimeout(watch, lookEvery, mine)
  }
  const start = (): void => {
    const mine = attempt
    state = 'connecting'
    const up = (): void => {
      if (closed || mine !== attempt) return
      state = 'connected'
      failures = 0
      clearTimeout(timer)
      timer = setTimeout(watch, lookEvery, mine)
    }
    timer = setTimeout(lose, dialWithin, mine, null)
    dial({ up, failed: (code) => lose(mine, code) }).then(
      (dialled) => {
        if (closed || mine !== attempt) dialled.close()
        else line = dialled
      },
      () => lose(mine, null),
    )
  }
  start()
  return {
    state: () => state,
    close: () => {
      closed = true
      state = 'down'
      clearTimeout(timer)
      line?.close()
    },
  }
}

/** One client of the SDK, without its own reconnecting. */
const connect = async (
  { appId, appSecret, apiBase }: FeishuConnection,
  handle: Handle,
  report: Report & { readonly warn: Warn },
): Promise<Line> => {
  const { EventDispatcher, LoggerLevel, WSClient } = await import('@larksuiteoapi/node-sdk')
  const quiet = { logger: mute, loggerLevel: LoggerLevel.fatal }
  const dispatcher: EventDispatcher = new EventDispatcher(quiet)
  // The SDK would flatten header and event into one object, where the card's token overwrites the header's; we read the envelope itself.
  dispatcher.invoke = handle
  const client: WSClient = new WSClient({
    ...quiet,
    appId,
    appSecret,
    domain: apiBase.replace(/\/+$/, ''),
    httpInstance: createEndpointHttp(apiBase, report.warn),
    autoReconnect: false,
    handshakeTimeoutMs: callWithin,
    wsConfig: { pingTimeout: pongWithin },
    onReady: report.up,
    onError: (error) => report.failed(/\bcode=(\d+)/.exec(error.message)?.[1] ?? null),
  })
  await client.start({ eventDispatcher: dispatcher })
  return { alive: () => client.getConnectionStatus().state === 'connected', close: () => client.close({ force: true }) }
}

/**
 * The bootstrap's answer with all its parts, or none: with half a configuration the SDK pings in a loop, without `data` it never tells the code. Nor with an
 * address in the clear when the bootstrap itself was encrypted: the ticket stands in it, and events come down it unsigned.
 */
const createEndpointHttp = (apiBase: string, warn: Warn): HttpInstance => {
  const http = createAxios()
  return sdkHttp(async (options) => {
    const response = await perform(http, options)
    const { code, msg, data } = endpointAnswer.parse(response.data)
    if (code === 0 && !data) throw new Error('the endpoint of the long connection is not whole')
    if (data && !mayFollow(apiBase, data.URL)) {
      warn('the Feishu long connection was to go unencrypted and was refused: check apiBase and who answers there', {
        host: hostOf(data.URL),
      })
      throw new Error('the endpoint of the long connection is not encrypted')
    }
    return { code, msg, data: data ?? {} }
  })
}
