import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { PressResult } from '../../sandbox/contract.ts'
import { minutes, seconds } from '../../src/lib/clock.ts'
import { type Fleet, openFleet } from './fleet.ts'
import { asking, casesSaying, complaintsOf } from './ledger.ts'
import { openStrictRelay, type StrictRelay } from './strict-relay.ts'

/** On each platform somebody who reports and the team lead who is asked. */
const crews = [
  { reporter: 'zhang-wei', lead: 'li-na' },
  { reporter: 'wu-gang', lead: 'jiang-tao' },
  { reporter: 'zheng-hao', lead: 'yang-guang' },
] as const
const rounds = 10

/** Half of what each platform waits for the answer to a press (feishu.md 3 s, dingtalk.md 2 s, wecom.md 5 s). */
const half: Readonly<Record<string, number>> = {
  '/hooks/feishu-demo': seconds(1.5),
  '/hooks/dingtalk-demo': seconds(1),
  '/hooks/wecom-demo': seconds(2.5),
}

type Press = { readonly lead: string; readonly message: string }

/** One waiting card for each crew and round; the minutes between keep reports of one sender apart. */
const prepare = async (fleet: Fleet): Promise<readonly Press[]> => {
  for (let round = 0; round < rounds; round += 1) {
    for (const { reporter } of crews) await fleet.says(reporter, `3号泵房地面有油，第${round}回`)
    await fleet.passes(minutes(2) / minutes(1))
  }
  const cards = await Promise.all(
    crews.map(async ({ lead }) =>
      (await fleet.sees(lead)).filter(({ actions }) => actions.includes('接单')).map(({ id }) => ({ lead, message: id })),
    ),
  )
  return Array.from({ length: rounds }, (_, round) => cards.flatMap((own) => own.slice(round, round + 1))).flat()
}

const recorded = ({ card }: PressResult): boolean =>
  card?.facts.some(([name, value]) => name === '状态' && value === '已接单') ?? false

/** Trouble that begins while people go on pressing, and ends by itself. */
type Trouble = { readonly name: string; readonly happens: (fleet: Fleet) => Promise<void> }

const troubles: readonly Trouble[] = [
  {
    name: 'crashes and comes back',
    happens: async ({ cluster }) => {
      await cluster.crash()
      await sleep(1_500)
      await cluster.start()
    },
  },
  {
    name: 'stands still without a word and goes on',
    happens: async ({ valve }) => {
      valve.shut()
      await sleep(3_500)
      valve.open()
    },
  },
]

const press = (fleet: Fleet, { lead, message }: Press): Promise<PressResult> => fleet.presses(lead, message, '接单')

/** People press one card after the other at a steady rate; the trouble comes when they have begun, and reports come with it. */
const pressThrough = async (fleet: Fleet, cards: readonly Press[], { happens }: Trouble): Promise<readonly PressResult[]> => {
  const answers: Promise<PressResult>[] = []
  let over: Promise<unknown> = Promise.resolve()
  for (const [index, card] of cards.entries()) {
    const reports = crews.map(
      ({ reporter }, crew) =>
        () =>
          fleet.says(reporter, `A罐区冒烟，第${crew}处告急`),
    )
    if (index === 6) over = Promise.all([happens(fleet), ...reports.map((says) => sleep(300).then(says))])
    answers.push(press(fleet, card))
    await sleep(150)
  }
  const results = await Promise.all(answers)
  await over
  return results
}

/** Messages that still offer 接单. */
const stillOpen = async (fleet: Fleet): Promise<ReadonlySet<string>> => {
  const seen = await Promise.all(crews.map(({ lead }) => fleet.sees(lead)))
  return new Set(seen.flat().flatMap(({ id, actions }) => (actions.includes('接单') ? [id] : [])))
}

const accountOf = async ({ books }: Fleet) => ({
  complaints: await complaintsOf(books),
  ...(await asking(books, async (client) => {
    const reports: number[] = []
    for (const [crew] of crews.entries()) reports.push(await casesSaying(client, `第${crew}处告急`))
    const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from subject where status = 'accepted'`)
    return { accepted: rows[0]?.n, reports }
  })),
})

for (const trouble of troubles) {
  test(`while PostgreSQL ${trouble.name}, every press is answered within half of the deadline and nothing is lost`, async () => {
    const relays: StrictRelay[] = []
    const front = async (port: number): Promise<string> => {
      const relay = await openStrictRelay(port, (path) => half[path.replace(/\?.*/, '')] ?? null)
      relays.push(relay)
      return relay.url
    }
    const fleet = await openFleet(1, { doors: { feishu: 'http', dingtalk: 'http', wecom: 'http' } }, front)
    const answered = (): ReturnType<StrictRelay['counts']> => relays[0]?.counts() ?? { inTime: 0, late: 0 }
    try {
      const cards = await prepare(fleet)
      expect(cards).toHaveLength(rounds * crews.length)
      const before = answered()
      const results = await pressThrough(fleet, cards, trouble)
      const inTime = answered().inTime - before.inTime
      const late = answered().late - before.late
      expect(fleet.replicas.map(({ service }) => (service.running() ? 'runs' : service.said()))).toEqual(['runs'])
      expect(results.filter(({ status }) => status !== 'answered')).toEqual([])
      expect(inTime).toBeGreaterThanOrEqual(cards.length)
      expect(late, 'answers later than half of the deadline').toBe(0)

      await fleet.passes(20)
      // A commit that was under way when the wire went dead may have arrived: then the card says so, and there is nothing to press again.
      const open = await stillOpen(fleet)
      const again = cards.filter(({ message }, index) => !recorded(results[index] as PressResult) && open.has(message))
      for (const card of again) await press(fleet, card)
      await fleet.passes(20)
      expect(await accountOf(fleet)).toEqual({ complaints: [], accepted: cards.length, reports: crews.map(() => 1) })
      console.log(
        `presses ${cards.length}, answered in time ${inTime}, late ${late}, pressed again after recovery ${again.length}`,
      )
    } finally {
      await fleet.close()
      await Promise.all(relays.map((relay) => relay.close()))
    }
  })
}
