import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom, seedFor } from '../../sandbox/random.ts'
import { createDraw, createListener, type Deeds, noDeeds, press, report } from './acts.ts'
import { type Fleet, openFleet } from './fleet.ts'
import { type Reckoning, reckon } from './reckoning.ts'
import { createTroubles } from './troubles.ts'

export type Run = {
  readonly seed: number
  readonly seconds: number
  /** Hears what is done to the service, as it is done. */
  readonly say: (line: string) => void
}

/** The sandbox waits this long for things to settle while everything is broken; at the end it is asked again and again. */
const settleWithin = 4_000
const healWithin = 150_000

/** People and troubles draw from streams of their own: what one does never shifts what the other will do. */
const rage = async (fleet: Fleet, { seed, seconds, say }: Run, deeds: Deeds): Promise<void> => {
  const people = createDraw(createRandom(seedFor(seed, 'people')))
  const bad = createDraw(createRandom(seedFor(seed, 'troubles')))
  const troubles = createTroubles(fleet)
  const listen = createListener(fleet, deeds)
  const acts = new Set<Promise<void>>()
  const end = performance.now() + seconds * 1000
  const act = (work: Promise<void>): void => {
    acts.add(work)
    work.catch((error: unknown) => say(`an act failed: ${String(error)}`)).finally(() => acts.delete(work))
  }
  for (let step = 0; performance.now() < end; step += 1) {
    act(people.of([report, report, press, press, press])(fleet, people, deeds))
    if (step % 5 === 4) say(troubles.begin(bad))
    if (step % 8 === 7) await listen()
    await sleep(people.between(40, 200))
  }
  await Promise.allSettled(acts)
  await troubles.healed()
  await listen()
}

type Moved = { readonly settled: boolean; readonly waiting: readonly string[]; readonly now: number }

/** Lets hours pass, so that every retry and redelivery has its turn, until nothing is due. */
const heal = async (fleet: Fleet, hours: number): Promise<readonly string[]> => {
  const until = performance.now() + healWithin
  const target = fleet.sandbox.core.clock.now() + hours * 3_600_000
  for (;;) {
    const left = Math.max(0, target - fleet.sandbox.core.clock.now())
    const { settled, waiting } = await fleet.post<Moved>('/clock/advance', { minutes: left / 60_000 })
    if (settled && fleet.sandbox.core.clock.now() >= target) return []
    if (performance.now() > until) return waiting
  }
}

/** Two replicas on one PostgreSQL, people and troubles drawn by the seed; afterwards everything is healed, settled and reckoned. */
export const runChaos = async (run: Run): Promise<Reckoning> => {
  const fleet = await openFleet(2, { doors: { feishu: 'stream', dingtalk: 'http', wecom: 'http' }, seed: run.seed, settleWithin })
  const deeds = noDeeds()
  try {
    await rage(fleet, run, deeds)
    const waiting = await heal(fleet, 8)
    const listen = createListener(fleet, deeds)
    await listen()
    const reckoning = await reckon(fleet, deeds)
    return { ...reckoning, wrong: [...reckoning.wrong, ...waiting.map((what) => `never settled: ${what}`)] }
  } finally {
    await fleet.close()
  }
}

export const chaosLine = ({ arrivals, effects, lost, doubled }: Reckoning): string =>
  `arrivals ${arrivals}, effects ${effects}, lost ${lost.length}, doubled ${doubled.length}`
