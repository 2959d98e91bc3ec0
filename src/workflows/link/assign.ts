import { accept, type Decision, type Effect, type Facts } from '../workflow.ts'
import type { LinkEvent, LinkState } from './link.ts'

export const iso = (at: Date): string => at.toISOString()
export const administrators = (facts: Facts): readonly string[] => facts.plant.holders('administrator', facts.plant.site)
export const nameOf = (person: string, { plant }: Facts): string => plant.persons.get(person)?.name ?? person

/** An administrator who was asked for a number is no longer asked. */
export const stopAsking: Effect = { kind: 'forget', command: 'assign' }

/** Somebody who holds an account alone knows whether another is theirs: they are asked there. A second administrator may vouch in their place. */
export const askThePerson = (person: string, by: string, facts: Facts): Decision<LinkEvent> =>
  accept(
    [{ type: 'assigned', person, by, at: iso(facts.at) }],
    [
      stopAsking,
      { kind: 'showCard', to: { kind: 'person', person }, duty: 'confirm', urgent: true, ring: false },
      ...administrators(facts)
        .filter((id) => id !== by && id !== person)
        .map((id): Effect => ({ kind: 'showCard', to: { kind: 'person', person: id }, duty: null, urgent: false, ring: false })),
    ],
    'assigned',
    { name: facts.plant.persons.get(person)?.name ?? '' },
  )

/** Somebody without any account cannot be asked, and would never learn of a false one: their lead and the safety director hear of it instead, whoever acts. */
export const witnesses = (state: LinkState, person: string, by: string, { plant }: Facts): readonly Effect[] => {
  const one = plant.persons.get(person)
  const told = [...plant.holders('teamLead', one?.team ?? ''), ...plant.holders('safetyDirector', plant.site)]
  const others = [...new Set(told)].filter((id) => id !== by && id !== person && plant.reachable(id))
  const values = {
    name: state.name,
    connection: state.account.connection,
    person: one?.name ?? person,
    by: plant.persons.get(by)?.name ?? by,
  }
  if (others.length === 0) return [{ kind: 'alarm', because: 'nobody-holds', values: { role: 'safetyDirector', code: '' } }]
  return others.map(
    (id): Effect => ({
      kind: 'notify',
      to: { kind: 'person', person: id },
      words: 'assigned-without-account',
      values,
      urgent: true,
    }),
  )
}
