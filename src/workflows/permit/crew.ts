import { inZone } from '../../lib/clock.ts'
import type { Citation } from '../../lib/refusal.ts'
import { certCovers } from '../../rules/permits/certificates.ts'
import type { CertificateRule, WorkRules } from '../../rules/permits/rule-pack.ts'
import { whenHolds } from '../../rules/permits/test-facts.ts'
import type { Plant } from '../workflow.ts'
import type { PermitState } from './permit.ts'

/** Somebody of the crew who may not do what they are named for, and why. */
export type CrewFault = {
  readonly person: string
  readonly because: string
  readonly values: Readonly<Record<string, string>>
  readonly clause: Citation
}

/** Whom a certificate rule concerns. Operators, signallers and riggers are found among the workers: one of each is enough, and must be there. */
const concerned = (
  { who }: CertificateRule,
  { crew }: PermitState,
): { readonly people: readonly string[]; readonly one: boolean } => {
  if (!crew) return { people: [], one: false }
  if (who === 'attendant') return { people: crew.attendants, one: false }
  return { people: crew.workers, one: who !== 'worker' }
}

/** Everybody of the crew whose certificates do not cover what they are named for, on the day of this instant (4.9, 4.10; 3.11). Empty when all may. */
export const crewFaults = (
  rules: Pick<WorkRules, 'certificates'>,
  state: PermitState,
  plant: Plant,
  at: Date,
): readonly CrewFault[] => {
  const day = inZone(at, plant.timeZone).date
  const held = (person: string) => plant.certificates?.(person) ?? []
  return rules.certificates
    .filter(({ when }) => whenHolds(when, state.answers).kind !== 'no')
    .flatMap((rule) => {
      const { people, one } = concerned(rule, state)
      const answers = people.map((person) => ({ person, answer: certCovers(held(person), rule.trades, day) }))
      if (one && answers.some(({ answer }) => answer.kind === 'covered')) return []
      const refused = answers.flatMap(({ person, answer }) =>
        answer.kind === 'refused' ? [{ person, because: answer.because, values: answer.values, clause: answer.clause }] : [],
      )
      return one ? refused.slice(0, 1) : refused
    })
}
