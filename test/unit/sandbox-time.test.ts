import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { createPaper } from './sandbox-paper-vendor.ts'

/** A service that speaks the two clock endpoints and does its due work some readings later, as a real one would. */
const createService = async (happened: string[], secret = 'shared') => {
  let offset = 0
  let due: { readonly at: number; readonly what: string; readings: number }[] = []
  let stuck: string[] = []
  const posts: number[] = []
  const now = () => Date.now() + offset
  const work = () => {
    for (const one of due.filter(({ at }) => at <= now())) {
      one.readings -= 1
      if (one.readings > 0) continue
      due = due.filter((other) => other !== one)
      happened.push(one.what)
    }
  }
  const server: Server = createServer((request, response) => {
    if (request.headers['x-andon-sandbox'] !== secret || request.url !== '/sandbox/clock')
      return void response.writeHead(403).end('{}')
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      if (request.method === 'POST') {
        offset = JSON.parse(body).offset
        posts.push(offset)
      } else work()
      const waiting = [...stuck, ...due.filter(({ at }) => at <= now()).map(({ what }) => what)]
      const future = due.filter(({ at }) => at > now()).map(({ at }) => at)
      response.end(JSON.stringify({ now: now(), offset, nextDue: future.length > 0 ? Math.min(...future) : null, waiting }))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    plan: (minutes: number, what: string) => due.push({ at: now() + minutes * 60_000, what, readings: 2 }),
    stick: (what: string[]) => {
      stuck = what
    },
    offset: () => offset,
    setOffset: (to: number) => {
      offset = to
    },
    posts,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

type Service = Awaited<ReturnType<typeof createService>>
type Settled = { readonly settled: boolean; readonly waiting: string[]; readonly now: number }
const minutes = (n: number) => n * 60_000

let happened: string[]
let services: Service[]
let sandbox: Sandbox
const start = async (secret = 'shared', settleWithin = 3_000) => {
  const paper = createPaper()
  sandbox = await startSandbox({
    services: services.map(({ url }) => url),
    secret,
    settleWithin,
    factories: paper.factories,
    env: {},
  })
}
const post = async (path: string, body: object = {}): Promise<Settled> =>
  (await fetch(sandbox.url + path, { method: 'POST', body: JSON.stringify(body) })).json() as Promise<Settled>
const plan = (at: number, what: string) => {
  const { clock } = sandbox.core
  clock.at(clock.now() + minutes(at), what, () => void happened.push(what))
}

beforeEach(async () => {
  happened = []
  services = [await createService(happened)]
  await start()
})
afterEach(async () => {
  await sandbox.close()
  await Promise.all(services.map((service) => service.close()))
})
const service = (): Service => {
  const [first] = services
  if (!first) throw new Error('no service')
  return first
}

describe('advancing', () => {
  test('due instants of both sides come in the order of time, and what lies beyond the target stays', async () => {
    plan(30, 'sandbox 30')
    service().plan(20, 'service 20')
    plan(10, 'sandbox 10')
    service().plan(40, 'service 40')
    plan(121, 'sandbox 121')
    service().plan(150, 'service 150')
    const before = sandbox.core.clock.now()
    const end = await post('/clock/advance', { minutes: 120 })
    expect(end).toMatchObject({ settled: true, waiting: [] })
    expect(happened).toEqual(['sandbox 10', 'service 20', 'sandbox 30', 'service 40'])
    expect(end.now - before).toBeGreaterThanOrEqual(minutes(120))
    expect(service().offset()).toBe(sandbox.core.clock.offset())
  })

  test('each step waits for the work that the step before began', async () => {
    const { clock, world } = sandbox.core
    clock.at(clock.now() + minutes(5), 'push', () => {
      happened.push('pushed')
      void world.busy('answering', new Promise<void>((done) => setTimeout(done, 60))).then(() => happened.push('answered'))
    })
    service().plan(6, 'service 6')
    await post('/clock/advance', { minutes: 10 })
    expect(happened).toEqual(['pushed', 'answered', 'service 6'])
  })

  test('a timer that sets another inside the span has it fire in its turn', async () => {
    const { clock } = sandbox.core
    clock.at(clock.now() + minutes(10), 'first', () => {
      happened.push('first')
      plan(10, 'again')
    })
    service().plan(15, 'service 15')
    await post('/clock/advance', { minutes: 30 })
    expect(happened).toEqual(['first', 'service 15', 'again'])
  })

  test('time never runs backwards for the service', async () => {
    for (const at of [3, 7, 11]) service().plan(at, `service ${at}`)
    await Promise.all([post('/clock/advance', { minutes: 15 }), post('/clock/advance', { minutes: 15 })])
    expect(service().posts).toEqual(service().posts.toSorted((a, b) => a - b))
    expect(sandbox.core.clock.offset()).toBeGreaterThan(minutes(29))
  })

  test('every replica is moved', async () => {
    const second = await createService(happened)
    services.push(second)
    await post('/service', { urls: services.map(({ url }) => url) })
    await post('/clock/advance', { minutes: 5 })
    expect(second.offset()).toBe(service().offset())
    expect(second.offset()).toBeGreaterThan(0)
  })

  test.each([{ minutes: -1 }, { minutes: '5' }, {}, { minutes: 1e9 }])('%j is refused', async (body) => {
    const response = await fetch(`${sandbox.url}/clock/advance`, { method: 'POST', body: JSON.stringify(body) })
    expect(response.status).toBe(400)
    expect(sandbox.core.clock.offset()).toBe(0)
  })
})

describe('settling', () => {
  test('it waits for what is due and says nothing of what is not', async () => {
    service().plan(-1, 'late work')
    service().plan(60, 'future work')
    expect(await post('/settle')).toMatchObject({ settled: true, waiting: [] })
    expect(happened).toEqual(['late work'])
  })

  test('what never ends is named', async () => {
    await sandbox.close()
    await start('shared', 120)
    service().stick(['outbox: 3'])
    void sandbox.core.world.busy('wecom push', new Promise(() => {}))
    expect(await post('/settle')).toMatchObject({ settled: false, waiting: ['wecom push', 'outbox: 3'] })
  })

  test('a service that is down is said to be unreachable, and no time passes', async () => {
    await sandbox.close()
    await start('shared', 120)
    await service().close()
    expect(await post('/settle')).toMatchObject({ settled: false, waiting: ['service unreachable'] })
    expect(await post('/clock/advance', { minutes: 60 })).toMatchObject({ settled: false, waiting: ['service unreachable'] })
    expect(sandbox.core.clock.offset()).toBe(0)
    services = []
  })

  test('a service under another secret is not moved', async () => {
    await sandbox.close()
    await start('wrong', 120)
    expect(await post('/clock/advance', { minutes: 60 })).toMatchObject({
      settled: false,
      waiting: [expect.stringMatching(/SANDBOX_SECRET/)],
    })
    expect([service().offset(), sandbox.core.clock.offset()]).toEqual([0, 0])
  })

  test('after a restart the sandbox takes up the time that the service has already seen', async () => {
    service().setOffset(minutes(90))
    await post('/settle')
    expect(sandbox.core.clock.offset()).toBe(minutes(90))
  })

  test('a service that lost its offset gets it back', async () => {
    await post('/clock/advance', { minutes: 30 })
    service().setOffset(0)
    await post('/settle')
    expect(service().offset()).toBe(sandbox.core.clock.offset())
  })
})

describe('jumping', () => {
  test('both clocks move at once, whatever stood between', async () => {
    plan(10, 'sandbox 10')
    service().plan(5, 'service 5')
    expect(await post('/clock/jump', { minutes: 60 })).toMatchObject({ settled: true })
    expect(happened).toEqual(['sandbox 10'])
    expect([service().posts, sandbox.core.clock.offset()]).toEqual([[minutes(60)], minutes(60)])
    await post('/settle')
    expect(happened).toEqual(['sandbox 10', 'service 5'])
  })

  test('it may go back', async () => {
    await post('/clock/jump', { minutes: -5 })
    expect([service().offset(), sandbox.core.clock.offset()]).toEqual([minutes(-5), minutes(-5)])
    await post('/settle')
    expect(service().offset()).toBe(minutes(-5))
  })
})

test('the clock tells the nearest due instant of both sides', async () => {
  plan(30, 'sandbox 30')
  service().plan(20, 'service 20')
  const { now, nextDue, waiting } = (await (await fetch(`${sandbox.url}/clock`)).json()) as {
    now: number
    nextDue: number
    waiting: string[]
  }
  expect(Math.round((nextDue - now) / minutes(1))).toBe(20)
  expect(waiting).toEqual([])
})

test('a task that fails is heard of and holds nothing up', async () => {
  const heard: string[] = []
  const other = await startSandbox({
    services: [],
    factories: createPaper().factories,
    env: {},
    failed: (label) => heard.push(label),
  })
  const { clock } = other.core
  clock.at(clock.now() + minutes(1), 'broken', () => {
    throw new Error('bug')
  })
  clock.at(clock.now() + minutes(2), 'cancelled', () => void happened.push('cancelled'))()
  clock.at(clock.now() + minutes(3), 'fine', () => void happened.push('fine'))
  await fetch(`${other.url}/clock/advance`, { method: 'POST', body: '{"minutes":5}' })
  await other.close()
  expect([heard, happened]).toEqual([['broken'], ['fine']])
})
