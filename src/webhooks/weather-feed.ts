import { z } from 'zod'
import type { WeatherLook } from '../engine/weather-job.ts'
import { seconds } from '../lib/clock.ts'
import { readJson } from '../lib/json.ts'
import { literalOf } from './addresses.ts'
import { type Outgoing, reachFor } from './outgoing.ts'

/** Where the weather of a site is read, as configured; without a site it serves every site that has none of its own. */
export type WeatherFeed = {
  readonly site: string
  readonly url: string
  readonly authorization?: string | undefined
  readonly privateNetwork: boolean
}

export type WeatherFeedParts = {
  readonly feeds: readonly WeatherFeed[]
  /** Everything is played on this machine: plain http and loopback are right. */
  readonly sandbox: boolean
  readonly post: Outgoing['post']
}

const within = seconds(10)

const flag = z.boolean().nullable().optional()

/**
 * What a feed answers; `docs/integrations.md` describes it. What is left out is not known, and whatever else it says is passed over. Figures that cannot be wind
 * are kept as they are, because the rules take them for unknown.
 */
const answerForm = z.object({
  at: z.iso.datetime({ offset: true }).transform((at) => new Date(at).toISOString()),
  windSpeed: z.number().finite().nullable().optional(),
  windForce: z.number().finite().nullable().optional(),
  fog: flag,
  heavySnow: flag,
  rainstorm: flag,
  thunder: flag,
})

type Answer = z.infer<typeof answerForm>

/** What is left out is null: not known, and said so in the journal. */
const observationOf = ({
  at,
  windSpeed = null,
  windForce = null,
  fog = null,
  heavySnow = null,
  rainstorm = null,
  thunder = null,
}: Answer) => ({
  ...{ at, windSpeed, windForce, fog, heavySnow, rainstorm, thunder },
})

const feedOf = (feeds: readonly WeatherFeed[], site: string): WeatherFeed | undefined =>
  feeds.find((one) => one.site === site) ?? feeds.find((one) => one.site === '')

const missed = (because: Extract<WeatherLook, { kind: 'missed' }>['because']): WeatherLook => ({ kind: 'missed', because })

/** Asks the feed of a site once. Redirects are not followed; nothing but a whole, understood answer is an observation. */
export const createWeatherFeed =
  ({ feeds, sandbox, post }: WeatherFeedParts) =>
  async (site: string): Promise<WeatherLook> => {
    const feed = feedOf(feeds, site)
    if (!feed) return missed('no-feed')
    const mayReach = reachFor(feed, sandbox)
    const { hostname } = new URL(feed.url)
    const literal = literalOf(hostname)
    if (literal !== null && !mayReach(literal)) return missed('refused')
    const headers = { accept: 'application/json', ...(feed.authorization ? { authorization: feed.authorization } : {}) }
    const answer = await post({ url: feed.url, headers, body: new Uint8Array(0), method: 'GET', mayReach, within })
    if (answer.kind === 'failed') return missed(answer.because === 'address-refused' ? 'refused' : 'unreachable')
    if (answer.status >= 500) return missed('unreachable')
    if (answer.status !== 200) return missed('refused')
    const read = answerForm.safeParse(readJson(answer.text))
    return read.success ? { kind: 'seen', seen: observationOf(read.data) } : missed('not-understood')
  }
