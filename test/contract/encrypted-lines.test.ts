/** A platform that is reached encrypted may not send us out in the clear: long connections and downloads, against doubles that speak TLS. */
import { createServer as createPlain } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { hostOf, mayFollow } from '../../src/bots/call.ts'
import { downloadAddress } from '../../src/bots/dingtalk/files.ts'
import { createDingtalk } from '../../src/bots/dingtalk/platform.ts'
import { openStream as openDingtalk } from '../../src/bots/dingtalk/stream.ts'
import { openStream as openFeishu } from '../../src/bots/feishu/stream.ts'
import { DeliveryError, type Stream } from '../../src/bots/platform.ts'
import type { Log } from '../../src/lib/log.ts'
import { quick, until } from './dingtalk-gateway.ts'
import * as dingtalk from './dingtalk-kit.ts'
import * as feishu from './feishu-kit.ts'
import { certificate, useTrust } from './own-certificate.ts'

useTrust()
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  vi.restoreAllMocks()
})

const listen = async (server: Server | ReturnType<typeof createPlain>): Promise<number> => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}

/** Counts who connects, whatever they say. */
const countSockets = (server: Server | ReturnType<typeof createPlain>): (() => number) => {
  const sockets = new WebSocketServer({ server })
  let count = 0
  sockets.on('connection', () => {
    count += 1
  })
  closers.push(() => {
    for (const socket of sockets.clients) socket.terminate()
  })
  return () => count
}

/** A platform behind TLS that answers every request with what `say` makes of its own port, and beside it a port in the clear. */
const createPlatform = async (say: (port: { readonly safe: number; readonly plain: number }) => unknown) => {
  let asked = 0
  const server = createServer(certificate, (_, response) => {
    asked += 1
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(say({ safe, plain })))
  })
  const inClear = createPlain((_, response) => void response.end('in the clear'))
  const dialled = { safe: countSockets(server), plain: countSockets(inClear) }
  const [safe, plain] = [await listen(server), await listen(inClear)]
  return { apiBase: `https://127.0.0.1:${safe}`, plainHost: `127.0.0.1:${plain}`, asked: () => asked, dialled }
}

type Told = Readonly<Record<string, unknown>>
const createLog = (): { readonly log: Log; readonly told: readonly Told[] } => {
  const told: Told[] = []
  const keep = (said: string, about = {}): void => void told.push({ said, ...about })
  return { told, log: { info: keep, warn: keep, error: keep } }
}
const keep = (stream: Stream): Stream => {
  closers.push(() => stream.close())
  return stream
}
const nobody = async () => null

describe('a Feishu long connection', () => {
  const ClientConfig = { ReconnectCount: -1, ReconnectInterval: 120, ReconnectNonce: 30, PingInterval: 120 }
  const boot = (URL: string) => ({ code: 0, msg: '', data: { URL, ClientConfig } })
  const open = (apiBase: string, log: Log): Stream =>
    keep(openFeishu({ ...feishu.connection, mode: 'stream', apiBase }, nobody, { ...feishu.createPorts(), log }))

  it('that the bootstrap sends into the clear is refused, told with its host, not dialled, and tried again', async () => {
    const platform = await createPlatform(({ plain }) => boot(`ws://127.0.0.1:${plain}/ws/v2?service_id=1&ticket=secret-ticket`))
    const { log, told } = createLog()
    const stream = open(platform.apiBase, log)
    await until(() => platform.asked() === 2)
    expect(told[0]).toMatchObject({
      connection: 'feishu-hq',
      host: platform.plainHost,
      said: expect.stringContaining('unencrypted'),
    })
    expect(JSON.stringify(told)).not.toContain('secret-ticket')
    expect([platform.dialled.plain(), platform.dialled.safe()]).toEqual([0, 0])
    expect(stream.state()).not.toBe('connected')
  })

  it('over TLS comes up', async () => {
    const platform = await createPlatform(({ safe }) => boot(`wss://127.0.0.1:${safe}/ws/v2?service_id=1&ticket=x`))
    const { log, told } = createLog()
    const stream = open(platform.apiBase, log)
    await until(() => stream.state() === 'connected')
    expect([told, platform.dialled.safe()]).toEqual([[], 1])
  })
})

describe('a DingTalk stream', () => {
  const open = (apiBase: string, log: Log): Stream => {
    // The official client talks to the console.
    vi.spyOn(console, 'info').mockImplementation(() => {})
    return keep(openDingtalk({ ...dingtalk.connection, apiBase }, nobody, dingtalk.createPorts({ log }), quick))
  }

  it('that the gateway sends into the clear is refused, told with its host, not dialled, and tried again', async () => {
    const platform = await createPlatform(({ plain }) => ({
      endpoint: `ws://127.0.0.1:${plain}/connect`,
      ticket: 'secret-ticket',
    }))
    const { log, told } = createLog()
    const stream = open(platform.apiBase, log)
    await until(() => platform.asked() >= 2)
    expect(told[0]).toMatchObject({ connection: 'dingtalk-demo', host: platform.plainHost })
    expect(told[1]).toMatchObject({ because: 'unsafe-endpoint' })
    expect(JSON.stringify(told)).not.toContain('secret-ticket')
    expect([platform.dialled.plain(), stream.state()]).toEqual([0, 'down'])
  })

  it('over TLS comes up', async () => {
    const platform = await createPlatform(({ safe }) => ({ endpoint: `wss://127.0.0.1:${safe}/connect`, ticket: 't' }))
    const { log, told } = createLog()
    const stream = open(platform.apiBase, log)
    await until(() => stream.state() === 'connected')
    expect([told, platform.dialled.safe()]).toEqual([[], 1])
  })
})

describe('a file of DingTalk', () => {
  const photo = { kind: 'photo', ref: { downloadCode: 'code', robotCode: 'robot' }, name: null } as const
  const fetchFrom = async (say: Parameters<typeof createPlatform>[0]) => {
    const platform = await createPlatform((port) => ({ accessToken: 't', expireIn: 7200, downloadUrl: say(port) }))
    const { apiBase } = platform
    const bot = createDingtalk({ ...dingtalk.connection, apiBase, oapiBase: apiBase }, dingtalk.createPorts())
    const outcome = await bot.fetchFile(photo, 10_000).then(
      (bytes) => Buffer.from(bytes).toString(),
      (error: unknown) => (error instanceof DeliveryError ? `${error.kind} ${error.because}` : error),
    )
    return { outcome, asked: platform.asked() }
  }

  it('is fetched over TLS', async () => {
    const { outcome, asked } = await fetchFrom(({ safe }) => `https://127.0.0.1:${safe}/files/a.file`)
    expect([outcome, asked]).toEqual([expect.stringContaining('downloadUrl'), 3])
  })

  it('in the clear is not fetched, neither from another port nor from the platform itself', async () => {
    const refused = { outcome: 'permanent forbidden-address', asked: 2 }
    expect(await fetchFrom(({ plain }) => `http://127.0.0.1:${plain}/a`)).toEqual(refused)
    expect(await fetchFrom(({ safe }) => `http://127.0.0.1:${safe}/a`)).toEqual(refused)
  })

  it('named as in the official sample, in the clear, is asked over TLS under the same signature', () => {
    const signed = '//zjk.oss.example.com/a%2Bb.file?Expires=1&Signature=x%3D%2F'
    expect(downloadAddress(`http:${signed}`, 'https://api.dingtalk.com').href).toBe(`https:${signed}`)
    expect(downloadAddress(`https:${signed}`, 'https://api.dingtalk.com').href).toBe(`https:${signed}`)
    expect(downloadAddress(`http:${signed}`, 'http://127.0.0.1:8090').href).toBe(`http:${signed}`)
  })

  it.each([
    'http://oss.example.com:8080/a',
    'ws://oss.example.com/a',
    'wss://oss.example.com/a',
    'ftp://oss.example.com/a',
    '//a',
    '',
  ])('at %j is not fetched for a platform behind TLS', (address) => {
    expect(() => downloadAddress(address, 'https://api.dingtalk.com')).toThrow('forbidden-address')
  })
})

describe('an address may be followed', () => {
  const safe = ['https://a.example.com/x', 'wss://a.example.com/x', 'WSS://A.EXAMPLE.COM/x']
  const clear = ['http://a.example.com/x', 'ws://a.example.com/x']
  const none = ['', 'a.example.com', 'wss:', '//a.example.com', 'file:///etc/passwd', 'javascript:alert(1)']

  it.each(['https://open.feishu.cn', 'HTTPS://OPEN.FEISHU.CN', 'not an address', ''])(
    'from %j only when it is encrypted',
    (base) => {
      expect([...safe, ...clear, ...none].filter((address) => mayFollow(base, address))).toEqual(safe)
    },
  )

  it('from a sandbox in the clear too', () => {
    expect([...safe, ...clear, ...none].filter((address) => mayFollow('http://127.0.0.1:8090', address))).toEqual([
      ...safe,
      ...clear,
    ])
  })

  it('and is told by its host alone', () => {
    expect(['wss://user:pw@a.example.com:81/x?ticket=t', 'half'].map(hostOf)).toEqual(['a.example.com:81', 'unreadable'])
  })
})
