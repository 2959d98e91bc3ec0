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

/** Tries points from a common list until it is empty. A try that went wrong ends the database it happened in. */
const work = async (rig: Rig, line: Point[], told: (point: Point, result: Told) => void): Promise<void> => {
  let stories = storiesPerDatabase
  for (let point = line.shift(); point; point = line.shift()) {
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
  /** The share of all points to try, given how many there are and how long one takes in milliseconds; 1 is all. */
  readonly every: (points: number, took: number) => number
  /** Where the choice begins. */
  readonly seed: number
  readonly workers: number
}

/** Kills the service at chosen points of the stories, restarts it, and gives what came of it. */
export const tryPoints = async ({ door, every, seed, workers }: Choice): Promise<Sum> => {
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
    const step = every(all.length, performance.now() - began)
    const line = all.filter((_, index) => index % step === seed % step && index !== seed % all.length)
    await Promise.all(rigs.map((rig) => work(rig, line, told)))
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
