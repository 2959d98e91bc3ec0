import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import type {
  Exchange,
  FaultName,
  SandboxAccount,
  SandboxClock,
  SandboxPerson,
  Seen,
  Vendor,
  VendorName,
  World,
} from '../../sandbox/contract.ts'

/** The points at which a vendor asks whether a fault strikes. */
export type FaultPoint = 'push' | 'press' | 'api' | 'socket'

/** A small real world for one vendor double: a clock that a test moves, phones that a test reads, faults that a test orders one by one. */
export type SmallWorld = World & {
  /** Moves time on, running every due task in order and waiting for each. */
  readonly advance: (milliseconds: number) => Promise<void>
  /** Labels of tasks not yet due and of work under way. */
  readonly waiting: () => readonly string[]
  /** Orders one fault: the next exchange at this point that allows it is struck. */
  readonly order: (point: FaultPoint, name: FaultName, seconds?: number) => void
  /** Sets an open fact, as `POST /profile` would. */
  readonly set: (name: string, value: string) => void
  readonly meter: (on: boolean) => void
  readonly logged: readonly Exchange[]
  /** What stands on one account's phone, in order of arrival. */
  readonly phone: (account: string) => readonly Seen[]
  /** Waits until no work towards the service is under way. */
  readonly settled: () => Promise<void>
}

type Task = {
  readonly instant: number
  readonly label: string
  readonly run: () => Promise<void> | void
  timer: NodeJS.Timeout | null
}

const movableClock = () => {
  let offset = 0
  const tasks = new Set<Task>()
  const running = new Set<string>()
  const now = () => Date.now() + offset
  const run = async (task: Task) => {
    if (!tasks.delete(task)) return
    if (task.timer) clearTimeout(task.timer)
    running.add(task.label)
    try {
      await task.run()
    } finally {
      running.delete(task.label)
    }
  }
  const at: SandboxClock['at'] = (instant, label, work) => {
    const task: Task = { instant, label, run: work, timer: null }
    tasks.add(task)
    task.timer = setTimeout(() => void run(task), Math.max(0, Math.min(instant - now(), 2 ** 31 - 1))).unref()
    return () => {
      tasks.delete(task)
      if (task.timer) clearTimeout(task.timer)
    }
  }
  const advance = async (milliseconds: number) => {
    const target = now() + milliseconds
    for (;;) {
      const due = [...tasks].filter((task) => task.instant <= target).toSorted((a, b) => a.instant - b.instant)[0]
      if (!due) break
      offset += Math.max(0, due.instant - now())
      await run(due)
    }
    offset += Math.max(0, target - now())
  }
  return {
    clock: { now, at },
    advance,
    waiting: () => [...tasks].map((task) => task.label).concat([...running]),
  }
}

const orderedFaults = () => {
  const orders: { point: FaultPoint; name: FaultName; seconds: number }[] = []
  const strike: World['faults']['strike'] = (_surface, point, allowed) => {
    const index = orders.findIndex((order) => order.point === point && allowed.includes(order.name))
    if (index < 0) return null
    const [struck] = orders.splice(index, 1)
    return struck ? { name: struck.name, seconds: struck.seconds } : null
  }
  return { strike, order: (point: FaultPoint, name: FaultName, seconds = 30) => void orders.push({ point, name, seconds }) }
}

/** A world with these people. Nothing in it is scripted: the vendor under test runs for real against it. */
export const createSmallWorld = (people: readonly SandboxPerson[]): SmallWorld => {
  const time = movableClock()
  const faults = orderedFaults()
  const facts = new Map<string, string>()
  const logged: Exchange[] = []
  const phones = new Map<string, Map<string, Seen>>()
  const kept = new Map<string, { bytes: Uint8Array; mime: string }>()
  const underWay = new Map<Promise<unknown>, string>()
  let metered = false
  let seed = 1
  return {
    clock: time.clock,
    advance: time.advance,
    faults: { strike: faults.strike },
    order: faults.order,
    people,
    accountsOf: (platform) => people.flatMap((person) => person.accounts.filter((account) => account.platform === platform)),
    metered: () => metered,
    meter: (on) => {
      metered = on
    },
    choose: (name, fallback) => facts.get(name) ?? fallback,
    set: (name, value) => void facts.set(name, value),
    log: (exchange) => void logged.push(exchange),
    logged,
    show: (_platform, account, seen) => {
      const screen = phones.get(account) ?? new Map<string, Seen>()
      phones.set(account, screen.set(seen.id, seen))
    },
    phone: (account) => [...(phones.get(account)?.values() ?? [])],
    keep: (bytes, mime) => {
      const id = `img_${kept.size + 1}`
      kept.set(id, { bytes, mime })
      return id
    },
    bytes: (id) => kept.get(id) ?? null,
    busy: async (label, work) => {
      underWay.set(work, label)
      try {
        return await work
      } finally {
        underWay.delete(work)
      }
    },
    waiting: () => [...time.waiting(), ...underWay.values()],
    settled: async () => {
      while (underWay.size) await Promise.allSettled([...underWay.keys()])
    },
    random: () => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed / 2_147_483_647
    },
  }
}

const account = (person: string, platform: VendorName, id: string, name: string, index: number): SandboxAccount => ({
  person,
  platform,
  account: id,
  name,
  mobile: `1380000100${index}`,
  employeeNo: `E100${index}`,
})

/** Three people of one plant, all on this platform: a welder, a team lead, a department head. Account ids are `u_chen`, `u_wang`, `u_li`. */
export const threePeople = (platform: VendorName): readonly SandboxPerson[] =>
  (
    [
      ['chen', '陈工', '焊工', '机修班'],
      ['wang', '王班长', '班长', '机修班'],
      ['li', '李主任', '主任', '设备部'],
    ] as const
  ).map(([id, name, role, team], index) => ({
    id,
    name,
    role,
    team,
    company: '滨海化工',
    platform,
    accounts: [account(id, platform, `u_${id}`, name, index)],
  }))

/** Serves a vendor double on a free loopback port, as the sandbox does: its routes on one Hono app, its upgrades offered to it. */
export const serveVendor = async (vendor: Vendor): Promise<{ readonly origin: string; readonly close: () => Promise<void> }> => {
  const app = new Hono()
  vendor.mount(app)
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  server.on('upgrade', (request, socket, head) => {
    if (!vendor.upgrade(request, socket, head)) socket.destroy()
  })
  await new Promise<void>((resolve) => {
    if (server.listening) resolve()
    else server.once('listening', () => resolve())
  })
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      await vendor.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
