import { hours, inZone, later } from '../../lib/clock.ts'
import { canonical } from '../../lib/crypto.ts'
import { refuse } from '../../lib/refusal.ts'
import { certificatePrefix, certificateReminders } from '../../rules/certificate-reminders.ts'
import { tradeName } from '../../rules/permits/certificate-trades.ts'
import { startOfDay } from '../../rules/working-days.ts'
import { holdsAny, iso, nobodyHolds, outOfReach, reachableHolders, rule, stop, strikeAt, todo, toPerson } from '../pieces.ts'
import { accept, type Decision, type Effect, type Facts, type IndexRow, type Plant, type Workflow } from '../workflow.ts'
import {
  type CertificateCommand,
  type CertificateEvent,
  type CertificateState,
  dueNames,
  pendingOf,
  type Rung,
  rungDay,
  rungKey,
  rungsOf,
} from './certificate.ts'

type CertificateDecision = Decision<CertificateEvent>
type Register = Extract<CertificateCommand, { type: 'register' }>

const today = ({ at, plant }: Pick<Facts, 'at' | 'plant'>): string => inZone(at, plant.timeZone).date
const isActive = (plant: Plant, person: string): boolean => plant.persons.get(person)?.active === true

/** In the morning of the day on which the next rung is due; at once when that has gone by. */
const nextStrike = (state: Pick<CertificateState, 'watched' | 'days' | 'past'>, { at, plant }: Facts): Effect => {
  const [first] = pendingOf(state).map(rungDay).sort()
  if (first === undefined) return stop('remind')
  const morning = later(startOfDay(first, plant.timeZone), hours(certificateReminders.hour))
  return strikeAt('remind', morning.getTime() > at.getTime() ? morning : at, { type: 'remind' })
}

/** A certificate that is new and over already is history: a first import of old lists calls nobody. One that was watched is told to have ended. */
const historyOf = (rungs: readonly Rung[], before: CertificateState | null, now: string): readonly string[] => {
  const known = new Set(before?.watched.map(({ id }) => id) ?? [])
  const over = rungs.filter((one) => one.days === 0 && rungDay(one) <= now && !known.has(one.certificate))
  const keys = new Set(over.map(({ certificate, why, on }) => `${certificate} ${why} ${on}`))
  return rungs.filter(({ certificate, why, on }) => keys.has(`${certificate} ${why} ${on}`)).map(rungKey)
}

/** The register has told what the person holds now. What was said of a date stays said, even if a list takes the date back and another brings it again. */
const register = (state: CertificateState | null, command: Register, facts: Facts): CertificateDecision => {
  const { person, asOf, certificates } = command
  if (!isActive(facts.plant, person)) return refuse('unknown-person', { person })
  if (state && (state.person !== person || asOf < state.asOf)) return accept<CertificateEvent>([])
  const { days, id } = certificateReminders
  const isNews = state?.status === 'left' || canonical(state?.watched ?? []) !== canonical(certificates) || state?.rule !== id
  if (state && !isNews) return accept<CertificateEvent>([])
  const rungs = rungsOf({ watched: certificates, days })
  const ids = new Set(certificates.map((one) => one.id))
  const kept = (state?.past ?? []).filter((key) => ids.has(key.split(' ')[0] ?? ''))
  const past = [...new Set([...kept, ...historyOf(rungs, state, today(facts))])]
  const event: CertificateEvent = {
    ...{ type: 'registered', site: facts.plant.site, person, at: iso(facts.at), rule: id, days, asOf, certificates, past },
  }
  return accept([event], [nextStrike({ watched: certificates, days, past }, facts)])
}

/** Of several rungs that are due at once the last is said; the others have gone by. */
const linesOf = (reached: readonly Rung[]): readonly Rung[] => {
  const nearest = new Map<string, Rung>()
  for (const one of reached) {
    const key = `${one.certificate} ${one.why}`
    const before = nearest.get(key)
    if (!before || one.days < before.days) nearest.set(key, one)
  }
  const lines = [...nearest.values()]
  const lapsed = new Set(lines.filter(({ days }) => days === 0).map(({ certificate }) => certificate))
  return lines.filter(({ certificate, days }) => days === 0 || !lapsed.has(certificate))
}

/** The safety officers of the person's own team where there are some, else of the site. */
const officersFor = (plant: Plant, person: string): readonly string[] => {
  const own = reachableHolders(plant, 'safetyOfficer', plant.persons.get(person)?.team ?? '')
  return (own.length > 0 ? own : reachableHolders(plant, 'safetyOfficer', plant.site)).filter((id) => id !== person)
}

const card = (person: string, duty: string, urgent: boolean): Effect => ({
  ...{ kind: 'showCard', to: toPerson(person), duty, urgent, ring: false },
})

const remind = (state: CertificateState, facts: Facts): CertificateDecision => {
  const { plant, at } = facts
  if (!isActive(plant, state.person)) return leave(state, facts)
  const now = today(facts)
  const reached = pendingOf(state).filter((one) => rungDay(one) <= now)
  if (reached.length === 0) return accept<CertificateEvent>([], [nextStrike(state, facts)])
  const lines = linesOf(reached)
  const past = [...state.past, ...reached.map(rungKey)]
  const officers = officersFor(plant, state.person)
  const urgent = lines.some(({ days }) => days === 0)
  return accept<CertificateEvent>(
    [{ type: 'reminded', at: iso(at), lines, past: reached.map(rungKey) }],
    [
      card(state.person, 'renew', urgent),
      ...officers.map((id) => card(id, 'watch', urgent)),
      ...(officers.length === 0 && reachableHolders(plant, 'safetyOfficer', plant.site).length === 0
        ? nobodyHolds('safetyOfficer', facts.subject, facts)
        : []),
      nextStrike({ ...state, past }, facts),
    ],
  )
}

/** Whoever has gone is reminded of nothing. A list that names them again, once they are back, begins anew. */
const leave = (state: CertificateState, { at, plant }: Facts): CertificateDecision => {
  if (state.status === 'left' || isActive(plant, state.person)) return accept<CertificateEvent>([])
  return accept<CertificateEvent>([{ type: 'left', at: iso(at) }], [stop('remind')])
}

const decide = (state: CertificateState | null, command: CertificateCommand, facts: Facts): CertificateDecision => {
  if (command.type === 'register') return register(state, command, facts)
  if (!state) return refuse('no-such-case')
  switch (command.type) {
    case 'remind':
      return remind(state, facts)
    case 'reassignLeaver':
      return leave(state, facts)
    case 'reportUnreachable':
      return accept([], [outOfReach(command.person, command.duty, facts.subject)])
  }
}

const settled = (state: CertificateState): CertificateState => ({
  ...state,
  status: pendingOf(state).length > 0 ? 'watching' : 'quiet',
})

/** The one card tells everything that was said and not put right: a step takes the place of the one before it, and an invalid certificate has one line. */
const withLines = (before: readonly Rung[], said: readonly Rung[]): readonly Rung[] => {
  const steps = new Set(said.map(({ certificate, why }) => `${certificate} ${why}`))
  const ended = new Set(said.filter(({ days }) => days === 0).map(({ certificate }) => certificate))
  return [...before.filter(({ certificate, why }) => !steps.has(`${certificate} ${why}`) && !ended.has(certificate)), ...said]
}

const evolve = (state: CertificateState | null, event: CertificateEvent): CertificateState => {
  if (event.type === 'registered') {
    const { site, person, rule: by, days, asOf, certificates: watched, past } = event
    const still = new Set(rungsOf({ watched, days }).map(rungKey))
    const lines = (state?.lines ?? []).filter((one) => still.has(rungKey(one)))
    return settled({ status: 'quiet', site, person, rule: by, days, asOf, watched, past, lines })
  }
  if (!state) throw new Error(`reminders of certificates cannot begin with ${event.type}`)
  if (event.type === 'left') return { ...state, status: 'left', lines: [] }
  return settled({ ...state, past: [...state.past, ...event.past], lines: withLines(state.lines, event.lines) })
}

/** What the holder has to see to: certificates that have not ended yet. */
const index = ({ status, person, lines }: CertificateState): readonly IndexRow[] => {
  const open = lines.filter(({ days }) => days > 0)
  const [first] = open.toSorted((a, b) => (a.on < b.on ? -1 : 1))
  if (status !== 'watching' || !first) return []
  const title = open.map(({ trade, why, on }) => `${tradeName(trade)}${dueNames[why]} ${on}`).join('；')
  return [todo(person, { code: '证书', title, due: `${first.on}T00:00:00.000Z` })]
}

/** Reminders of certificates, one subject and one card for each person. */
export const certificateWorkflow: Workflow<CertificateState, CertificateCommand, CertificateEvent> = {
  name: 'certificate',
  prefix: { code: null, id: certificatePrefix },
  version: 1,
  commands: {
    register: rule('system', { opens: 'named', locks: ({ person }) => [`certificates:${String(person)}`] }),
    remind: rule('clock'),
    reassignLeaver: rule('system'),
    reportUnreachable: rule('system'),
  },
  decide,
  evolve,
  repair: { watching: { tag: 'remind', command: { type: 'remind' } } },
  open: ({ status }) => status === 'watching',
  owner: ({ status, person }) => (status === 'watching' ? person : null),
  stillDue: ({ lines }) => lines.length > 0,
  maySee: (state, { person }, plant) =>
    person !== null &&
    (person === state.person ||
      holdsAny(plant, person, ['safetyOfficer', 'safetyDirector', 'principal', 'hrManager']) ||
      officersFor(plant, state.person).includes(person) ||
      plant.holders('teamLead', plant.persons.get(state.person)?.team ?? '').includes(person)),
  index,
}
