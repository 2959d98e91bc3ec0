import { nearMissRule } from '../../rules/near-miss.ts'
import { holdsAny, reachableHolders } from '../pieces.ts'
import type { Plant, Reader } from '../workflow.ts'
import type { NearMissState } from './near-miss.ts'

type About = Pick<NearMissState, 'reporter' | 'team'>

/** Reachable holders of a rung: team leads of the reporter's team, everybody else of the site; nobody is asked about their own report. */
export const rungHolders = ({ reporter, team }: About, role: string, plant: Plant): readonly string[] =>
  reachableHolders(plant, role, role === 'teamLead' ? team : plant.site).filter((id) => id !== reporter?.person)

/** Is a rung empty because its only holder is the reporter? Then it is no gap in the organisation. */
export const isOwnRung = ({ reporter, team }: About, role: string, plant: Plant): boolean =>
  typeof reporter?.person === 'string' && plant.holders(role, role === 'teamLead' ? team : plant.site).includes(reporter.person)

export const isReporter = ({ reporter }: NearMissState, { person, account }: Reader): boolean =>
  reporter !== null &&
  ((person !== null && person === reporter.person) ||
    (account !== null && account.connection === reporter.account.connection && account.account === reporter.account.account))

/** May the person reply? Whoever was called, and the safety officers and director. */
export const mayReply = (state: NearMissState, person: string, plant: Plant): boolean =>
  person !== state.reporter?.person &&
  (state.called.some(({ persons }) => persons.includes(person)) || holdsAny(plant, person, nearMissRule.replyRoles))

/** May the person make a hazard of it? */
export const mayConvert = (state: NearMissState, person: string, plant: Plant): boolean =>
  state.converted === null && holdsAny(plant, person, nearMissRule.replyRoles)
