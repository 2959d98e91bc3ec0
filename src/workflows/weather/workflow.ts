import { later, type Millis } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import type { WeatherObservation } from '../../rules/permits/weather.ts'
import { weatherFeedRule } from '../../rules/weather-feed.ts'
import { iso, outOfReach, rule, stop, strikeAt, toPerson } from '../pieces.ts'
import { accept, type Decision, type Effect, type Facts, type FoundRow, type Workflow } from '../workflow.ts'
import type { WeatherCommand, WeatherEvent, WeatherState } from './weather.ts'

type WeatherDecision = Decision<WeatherEvent>
type Of<T extends WeatherCommand['type']> = Extract<WeatherCommand, { type: T }>

/** More open permits than this are not looked through. */
const mostPermits = 5_000

const openPermits = ({ read, plant }: Facts): readonly FoundRow[] =>
  read({ name: 'permit-open', key: plant.site, most: mostPermits })

/** Only these still need to know; what is over does not care. A row that nobody can read may be any of them. */
const needs: ReadonlySet<unknown> = new Set(['issued', 'active', 'suspended', undefined])

const statusOf = ({ note }: FoundRow): unknown => (JSON.parse(note) as { readonly status?: unknown }).status

/** Asks the feed now, and the clock to ask again. */
const lookNow = (facts: Facts): readonly Effect[] => [
  {
    kind: 'job',
    queue: 'weather',
    key: `weather:${facts.subject}:${iso(facts.at)}`,
    payload: { subject: facts.subject, asked: iso(facts.at) },
  },
  strikeAt('look', later(facts.at, weatherFeedRule.every), { type: 'lookAgain' }),
]

const isWithin = ({ since }: WeatherState, time: Millis, { at }: Facts): boolean =>
  at.getTime() - new Date(since).getTime() < time

const look = (state: WeatherState | null, facts: Facts): WeatherDecision => {
  const isWatching = state?.status === 'watching'
  if (isWatching && isWithin(state, weatherFeedRule.quiet, facts)) return accept<WeatherEvent>([])
  const watched: WeatherEvent = { type: 'watched', site: facts.plant.site, at: iso(facts.at) }
  return accept([watched], isWatching ? [] : lookNow(facts))
}

const lookAgain = (state: WeatherState, facts: Facts): WeatherDecision => {
  if (state.status !== 'watching') return refuse('resting')
  return isWithin(state, weatherFeedRule.patience, facts) || openPermits(facts).some((row) => needs.has(statusOf(row)))
    ? accept<WeatherEvent>([], lookNow(facts))
    : accept<WeatherEvent>([{ type: 'rested', at: iso(facts.at) }], [stop('look')])
}

const kinds = ['windForce', 'windSpeed', 'fog', 'heavySnow', 'rainstorm', 'thunder'] as const

/** Does the new observation say anything else than the last? One that is the first always does. */
const isChanged = (before: WeatherObservation | null, seen: WeatherObservation): boolean =>
  before === null || kinds.some((kind) => (before[kind] ?? null) !== (seen[kind] ?? null))

/** Every permit at whose work the weather may strike looks at its gate again, each once for this observation. */
const recheckAll = (seen: WeatherObservation, facts: Facts): readonly Effect[] =>
  openPermits(facts)
    .filter((row) => statusOf(row) === 'active' || statusOf(row) === undefined)
    .map(({ subject }) => ({
      kind: 'command',
      workflow: 'permit',
      subject,
      key: `recheck:${facts.subject}:${seen.at}:${subject}`,
      command: { type: 'recheck' },
    }))

const observe = (state: WeatherState, { seen }: Of<'observe'>, facts: Facts): WeatherDecision => {
  const at = new Date(seen.at).getTime()
  if (!(at <= later(facts.at, weatherFeedRule.ahead).getTime())) return refuse('from-the-future', { at: seen.at })
  if (state.seen && !(at > new Date(state.seen.at).getTime())) return accept<WeatherEvent>([])
  const effects = isChanged(state.seen, seen) ? recheckAll(seen, facts) : []
  return accept<WeatherEvent>([{ type: 'observed', seen, at: iso(facts.at) }], effects)
}

/** Nothing came: it is asked again soon. Permits stop by themselves when what they know is too old; after some looks people are told why. */
const miss = (state: WeatherState, { because }: Of<'miss'>, facts: Facts): WeatherDecision => {
  if (state.status !== 'watching') return refuse('resting')
  const next = strikeAt('look', later(facts.at, weatherFeedRule.again), { type: 'lookAgain' })
  if (state.missed >= weatherFeedRule.tellAfter) return accept<WeatherEvent>([], [next])
  const event: WeatherEvent = { type: 'missed', because, at: iso(facts.at) }
  const isTime = state.missed + 1 === weatherFeedRule.tellAfter
  return accept([event], [next, ...(isTime ? told(because, facts) : [])])
}

const told = (because: string, { plant }: Facts): readonly Effect[] => [
  { kind: 'alarm', because: 'weather-silent', values: { site: plant.site, because } },
  ...[...new Set([...plant.holders('administrator', plant.site), ...plant.holders('safetyOfficer', plant.site)])]
    .filter((id) => plant.reachable(id))
    .map((id): Effect => ({ kind: 'notify', to: toPerson(id), words: `silent-${because}`, values: {}, urgent: true })),
]

const decide = (state: WeatherState | null, command: WeatherCommand, facts: Facts): WeatherDecision => {
  if (command.type === 'look') return look(state, facts)
  if (!state) return refuse('no-such-case')
  switch (command.type) {
    case 'lookAgain':
      return lookAgain(state, facts)
    case 'observe':
      return observe(state, command, facts)
    case 'miss':
      return miss(state, command, facts)
    case 'reportUnreachable':
      return accept<WeatherEvent>([], [outOfReach(command.person, command.duty, state.site)])
  }
}

const evolve = (state: WeatherState | null, event: WeatherEvent): WeatherState => {
  if (event.type === 'watched')
    return {
      status: 'watching',
      site: event.site,
      seen: state?.seen ?? null,
      missed: state?.status === 'watching' ? state.missed : 0,
      since: event.at,
    }
  if (!state) throw new Error(`the weather cannot begin with ${event.type}`)
  switch (event.type) {
    case 'rested':
      return { ...state, status: 'resting', since: event.at }
    case 'observed':
      return { ...state, seen: event.seen, missed: 0 }
    case 'missed':
      return { ...state, missed: state.missed + 1 }
  }
}

/** The weather of a site, for the permits whose work it may stop. */
export const weatherWorkflow: Workflow<WeatherState, WeatherCommand, WeatherEvent> = {
  name: 'weather',
  prefix: { code: null, id: 'wea' },
  version: 1,
  commands: {
    look: rule('system', { opens: 'named' }),
    lookAgain: rule('clock'),
    observe: rule('system'),
    miss: rule('system'),
    reportUnreachable: rule('system'),
  },
  decide,
  evolve,
  repair: { watching: { tag: 'look', command: { type: 'lookAgain' } } },
  open: ({ status }) => status === 'watching',
  owner: () => null,
  stillDue: () => true,
  maySee: (_, { person }) => person !== null,
  index: ({ site, seen }) =>
    seen ? [{ name: 'weather', key: site, at: new Date(seen.at).toISOString(), weight: 1, note: JSON.stringify(seen) }] : [],
}
