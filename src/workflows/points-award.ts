import type { PointKind } from '../rules/points.ts'
import { iso } from './pieces.ts'
import { pointsSubject } from './points/points.ts'
import type { Effect, Facts } from './workflow.ts'

/**
 * Points for a person of ours, as a command to their ledger: at most once for this case and reason, whatever is delivered twice. Nothing for somebody who is
 * not linked.
 */
export const pointsAward = (
  given: {
    readonly person: string | null
    readonly kind: Extract<PointKind, 'suggestion' | 'nearMiss' | 'verification'>
    readonly reason: string
    readonly code: string | null
  },
  facts: Facts,
): readonly Effect[] => {
  const { person, kind, reason, code } = given
  if (person === null) return []
  const key = `award:${facts.subject}:${reason}`
  return [
    {
      kind: 'command',
      workflow: 'points',
      subject: pointsSubject(facts.plant.site, person),
      key,
      command: { type: 'award', person, kind, key, case: facts.subject, code, at: iso(facts.at) },
    },
  ]
}
