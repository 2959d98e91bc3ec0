import { refuse } from '../../lib/refusal.ts'
import { substanceOf } from '../../rules/permits/substances.ts'
import { iso } from '../pieces.ts'
import { accept } from '../workflow.ts'
import type { Arm } from './common.ts'
import type { PermitState } from './permit.ts'

/** Names for papers, which may not look at rules. */
export { tradeName } from '../../rules/permits/certificate-trades.ts'
export const substanceName = (id: string): string => substanceOf(id)?.name ?? id

/** Events that change nothing a paper tells: they make no new one. */
export const unpapered: ReadonlySet<string> = new Set(['papered', 'codeShown', 'pulseAsked', 'unreached'])

/** Has the application become a ticket? Before that there are no rules under which a form could be filled in. */
export const hasPaper = ({ pack }: Pick<PermitState, 'pack'>): boolean => pack !== null

/** The form was made from the journal up to `revision` and lies in the store under its hash: written down, so that nobody can exchange it. */
export const notePaper: Arm<'notePaper'> = (state, { revision, document }, facts) => {
  if (!hasPaper(state) || !/^[0-9a-f]{64}$/.test(document) || !(Number.isInteger(revision) && revision > 0))
    return refuse('no-paper', { code: state.code })
  if (state.paper && state.paper.revision >= revision) return accept([])
  return accept([{ type: 'papered', revision, document, at: iso(facts.at) }])
}
