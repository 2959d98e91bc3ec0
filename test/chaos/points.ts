import type { Plan } from '../support/proxy.ts'
import type { Door } from './control.ts'
import { openRig, type Rig } from './rig.ts'
import { type Story, stories, type Told, tell } from './stories.ts'

/** One place to kill at: a message of one story, before or after. */
export type Point = { readonly story: Story; readonly plan: Plan }

export type Failure = { readonly point: string; readonly complaints: readonly string[] }

export type Sum = {
  readonly messages: number
  readonly commits: number
  readonly points: number
  readonly tried: number
  /** Tries in which the story had fewer messages than when it was counted, so that nobody was killed. */
  readonly missed: number
  readonly failures: readonly Failure[]
}

/** A database is used for so many stories, because each moves its clock on by hours. */
const storiesPerDatabase = 8

const name = ({ story, plan }: Point, { struck }: Told): string =>
  `${story.name}, ${plan.when} message ${plan.index} (${struck ?? 'not reached'})`

/** Tells the stories without a kill: twice, because the first time also makes connections and fetches tokens. */
const countMessages = async (rig: Rig): Promise<readonly (readonly [Story, readonly string[]])[]> => {
  const counted: (readonly [Story, readonly string[]])[] = []
  for (const story of [...stories, ...stories]) {
    const { messages, complaints } = await tell(rig, story, null)
    if (complaints.length > 0) throw new Error(`without any kill: ${story.name}: ${complaints.join('; ')}`)
    counted.push([story, messages])
  }
  return counted.slice(stories.length)
}

const pointsOf = (counted: readonly (readonly [Story, readonly string[]])[]): readonly Point[] =>
  counted.flatMap(([story, messages]) =>
    messages.flatMap((_, index) => (['before', 'after'] as const).map((when) => ({ story, plan: { index: index + 1, when } }))),
  )

type Work = { readonly line: Point[]; readonly until: number; readonly told: (point: Point, result: Told) => void }

/** Tries points from a common list until it is empty or the time is up. A try that went wrong ends the database it happened in. */
const work = async (rig: Rig, { line, until, told }: Work): Promise<void> => {
  let stories = storiesPerDatabase
  for (let point = line.shift(); point && performance.now() < until; point = line.shift()) {
    if (stories >= storiesPerDatabase) {
      await rig.renew()
      stories = 0
    }
    const result = await tell(rig, point.story, point.plan)
    stories = result.complaints.length > 0 ? storiesPerDatabase : stories + 1
    told(point, result)
  }
}

export type Choice = {
  readonly door: Door
  /** How long the tries may take, in milliseconds; null tries every point. */
  readonly within: number | null
  /** Where the choice begins. */
  readonly seed: number
  readonly workers: number
}

/** Every k-th point, beginning at the seed, as many as fit when all take as long as one took. */
const choose = (all: readonly Point[], took: number, { within, seed, workers }: Choice): Point[] => {
  const step = within === null ? 1 : Math.max(1, Math.ceil((all.length * took) / (within * workers)))
  const chosen = all.filter((_, index) => index % step === seed % step)
  const first = seed % Math.max(1, chosen.length)
  return [...chosen.slice(first), ...chosen.slice(0, first)]
}

/** Kills the service at chosen points of the stories, restarts it, and gives what came of it. */
export const tryPoints = async (choice: Choice): Promise<Sum> => {
  const { door, within, seed, workers } = choice
  const rigs = await Promise.all(Array.from({ length: workers }, () => openRig(door)))
  try {
    const [first] = rigs
    if (!first) throw new Error('no workers')
    await first.renew()
    const counted = await countMessages(first)
    const all = pointsOf(counted)
    const began = performance.now()
    const failures: Failure[] = []
    let missed = 0
    let tried = 0
    const told = (point: Point, result: Told): void => {
      tried += 1
      if (result.struck === null) missed += 1
      if (result.complaints.length > 0) failures.push({ point: name(point, result), complaints: result.complaints })
    }
    const sample = all[seed % all.length]
    if (sample) told(sample, await tell(first, sample.story, sample.plan))
    const line = choose(all, performance.now() - began, choice).filter((point) => point !== sample)
    const until = within === null ? Number.POSITIVE_INFINITY : began + within
    await Promise.all(rigs.map((rig) => work(rig, { line, until, told })))
    const messages = counted.flatMap(([, names]) => names)
    const commits = messages.filter((message) => message === 'database: commit').length
    return { messages: messages.length, commits, points: all.length, tried, missed, failures }
  } finally {
    await Promise.all(rigs.map((rig) => rig.close()))
  }
}

/** The line that a run ends with. */
export const sumLine = ({ messages, commits, points, tried, missed, failures }: Sum, seed: number): string =>
  `kill points, seed ${seed}: ${messages} wire messages (${commits} commits), ${points} points, ${tried} tried now, ${missed} not reached, ${failures.length} went wrong`
