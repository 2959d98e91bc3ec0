import type { OpenPermit } from '../workflows/permit/rows.ts'
import type { AccessFound, FoundPermit } from './open-permits.ts'

/** Why somebody may or may not pass into an area, for programs; `docs/integrations.md` explains each. */
export type AccessReason =
  | 'active'
  | 'on-post'
  | 'unknown-person'
  | 'unknown-area'
  | 'no-permit'
  | 'not-started'
  | 'not-yet'
  | 'suspended'
  | 'over'
  | 'stale'
  | 'unreadable'

export type Access = {
  readonly allow: boolean
  /** Codes of the permits that let them in. */
  readonly permits: readonly string[]
  /** End of the last of them, ISO; null when nobody is let in. */
  readonly until: string | null
  readonly because: AccessReason
}

const no = (because: AccessReason): Access => ({ allow: false, permits: [], until: null, because })

const isMillis = (value: number): boolean => Number.isFinite(value)

/** What one permit says to this person now. Work goes on for everybody of the crew; before it starts, the leader and the attendants go first. */
const wordOf = ({ permit, stale }: FoundPermit, person: string, at: Date): AccessReason => {
  if (!permit) return 'unreadable'
  if (!permit.people.includes(person)) return 'no-permit'
  const [from, to, now] = [new Date(permit.from).getTime(), new Date(permit.to).getTime(), at.getTime()]
  if (!isMillis(from) || !isMillis(to)) return 'unreadable'
  if (!(now < to)) return 'over'
  if (stale) return 'stale'
  return statusWord(permit, person, now >= from)
}

const statusWord = (permit: OpenPermit, person: string, hasBegun: boolean): AccessReason => {
  if (permit.status === 'suspended') return 'suspended'
  if (permit.status !== 'active' && permit.status !== 'issued') return permit.status === 'signing' ? 'not-started' : 'over'
  if (!hasBegun) return 'not-yet'
  if (permit.status === 'active') return 'active'
  return permit.leader === person || permit.attendants.includes(person) ? 'on-post' : 'not-started'
}

/** Of several reasons against, the one that whoever stands at the gate can do most about. */
const order: readonly AccessReason[] = ['stale', 'unreadable', 'suspended', 'not-started', 'not-yet', 'over', 'no-permit']

/**
 * May this person pass into this area now? Only when exactly one person and one area are named, and a permit that covers both is active within its time, or
 * issued and theirs to watch or lead. Whatever is unknown, unreadable, stopped, over or not looked after by its clock is a no.
 */
export const mayEnter = ({ people, areas, permits }: AccessFound, at: Date): Access => {
  const [person] = people
  const [area] = areas
  if (person === undefined || people.length > 1) return no('unknown-person')
  if (area === undefined || areas.length > 1) return no('unknown-area')
  const here = permits.filter(({ permit }) => permit === null || permit.area === area)
  const words = here.map((one) => ({ permit: one.permit, word: wordOf(one, person, at) }))
  const good = words.flatMap(({ permit, word }) =>
    permit && (word === 'active' || word === 'on-post') ? [{ permit, word }] : [],
  )
  if (good.length === 0) return no(order.find((one) => words.some(({ word }) => word === one)) ?? 'no-permit')
  return {
    allow: true,
    permits: good.map(({ permit }) => permit.code).sort(),
    until:
      good
        .map(({ permit }) => new Date(permit.to).toISOString())
        .sort()
        .at(-1) ?? null,
    because: good.some(({ word }) => word === 'active') ? 'active' : 'on-post',
  }
}
