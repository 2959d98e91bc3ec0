import { describe, expect, it } from 'vitest'
import { frames, quick, until, useGate } from './dingtalk-gateway.ts'
import { connection } from './dingtalk-kit.ts'

const gate = useGate()

describe('opening', () => {
  it('asks the gateway for JSON, for all three topics, and uses the ticket once', async () => {
    gate.start()
    await gate.connected()
    expect(gate.openings).toEqual([
      {
        clientId: connection.clientId,
        clientSecret: connection.clientSecret,
        ua: 'andon',
        subscriptions: Object(frames.openRequest?.body).subscriptions,
      },
    ])
    expect(gate.accepts[0]).toContain('application/json')
  })

  it('with a refused secret tries once, says so as an error, and does not storm', async () => {
    gate.refusing = { status: 401, body: frames.openResponse401 }
    gate.start()
    await until(() => gate.logged.some((line) => line.startsWith('error')))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect([gate.openings.length, gate.stream?.state()]).toEqual([1, 'down'])
  })

  it('with a failing gateway tries again more and more slowly, and recovers', async () => {
    gate.refusing = { status: 500, body: { code: 'system.busy' } }
    gate.start()
    await until(() => gate.openings.length >= 3)
    gate.refusing = null
    await gate.connected()
    expect(gate.stream?.state()).toBe('connected')
  })

  it('refuses an endpoint that is no web socket', async () => {
    gate.refusing = { status: 200, body: { endpoint: 'http://127.0.0.1/x', ticket: 't' } }
    gate.start()
    await until(() => gate.logged.length > 0)
    expect(gate.clients).toEqual([])
  })
})

describe('staying up', () => {
  it('on `disconnect` the replacement is up before the old connection goes, and what is under way is still answered', async () => {
    let release = () => {}
    gate.decide = () => new Promise((resolve) => (release = () => resolve(null)))
    gate.start()
    await gate.connected()
    const [old] = gate.clients
    let closedWith = 0
    old?.on('close', () => {
      closedWith = gate.clients.length
    })
    gate.push(frames.botDown)
    await until(() => gate.delivered.length === 1)
    gate.push(frames.disconnectDown)
    await gate.connected(2)
    expect(old?.readyState).toBe(1)
    release()
    expect(await gate.ackOf('cb0001')).toEqual(frames.botUp)
    await until(() => closedWith === 2)
    expect([gate.clients.length, gate.openings.length]).toEqual([2, 2])
  })

  it('a gateway that sends everybody away at once is not stormed', async () => {
    gate.greeting = frames.disconnectDown
    gate.start({ ...quick, longestRetry: 60_000, firstRetry: 50 })
    await until(() => gate.openings.length >= 3)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(gate.openings.length).toBeLessThanOrEqual(4)
  })

  it('a cut connection is opened anew', async () => {
    gate.start()
    await gate.connected()
    gate.clients[0]?.terminate()
    await gate.connected(2)
  })

  it('a half-open connection is noticed by its silence and replaced', async () => {
    gate.start()
    await gate.connected()
    const raw = (gate.clients[0] as unknown as { _socket: { pause: () => void } })._socket
    raw.pause()
    await gate.connected(2)
  })

  it('closed, it delivers nothing more and opens nothing more', async () => {
    let release = () => {}
    gate.decide = () => new Promise((resolve) => (release = () => resolve(null)))
    const open = gate.start()
    await gate.connected()
    gate.push(frames.botDown)
    await until(() => gate.delivered.length === 1)
    const closing = open.close()
    gate.push({ ...frames.botDown, headers: { ...(frames.botDown?.headers as object), messageId: 'late' } })
    release()
    await closing
    expect([open.state(), gate.delivered.length, gate.acks.map(({ headers }) => headers.messageId)]).toEqual([
      'down',
      1,
      ['cb0001'],
    ])
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(gate.openings.length).toBe(1)
  })

  it('closed while still opening, it leaves no connection behind', async () => {
    const open = gate.start()
    await open.close()
    await until(() => gate.live() === 0)
    expect(open.state()).toBe('down')
  })
})
