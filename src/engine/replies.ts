import type { Reply, Toast } from '../cards/card.ts'
import { commonText } from '../cards/text/common.ts'
import { fill, speakValues, wordValues } from '../cards/words.ts'
import type { Citation, Refusal } from '../lib/refusal.ts'
import { quoteClause } from '../rules/permits/clauses.ts'
import type { Actor } from '../workflows/workflow.ts'
import type { Pass } from './batch.ts'
import type { Case, Decided } from './cases.ts'

export type Answer = { readonly reply: Reply | null; readonly drawn: { readonly hash: string; readonly revision: number } | null }

/** Words and card for whoever sent a command: what was done, or why not, and the case as it stands now, if they may see it (a card can be passed on). */
export const replyTo = (decided: Decided, actor: Actor, pass: Pass, withCard: boolean): Answer => {
  const { on } = decided
  const toast = toastOf(decided, pass)
  const drawn = withCard && on && maySee(on, actor, pass) ? pass.draw(on, actor) : null
  const reply: Reply | null = toast || drawn ? { toast, card: drawn?.card ?? null } : null
  return { reply, drawn: drawn?.complete ? { hash: drawn.hash, revision: drawn.revision } : null }
}

const maySee = (on: Case, actor: Actor, pass: Pass): boolean => {
  if (!on.state || (actor.kind !== 'person' && actor.kind !== 'stranger')) return false
  const reader = { person: actor.kind === 'person' ? actor.person : null, account: actor.account }
  return on.registered.workflow.maySee(on.state, reader, pass.plantOf(on.site).plant)
}

/** The rule that a refusal rests on, as it is quoted to whoever was refused. */
const ruleOf = ({ clause }: Refusal): string => (clause ? quoteClause(quotedAs(clause), clause.clause) : commonText.ownRule)
/** Standards with their edition, as packs name them; orders by their title. */
const quotedAs = ({ standard, edition }: Citation): string =>
  /^\d{4}$/.test(edition) && !standard.endsWith(edition) ? `${standard}-${edition}` : standard

const toastOf = ({ decision, on, words }: Decided, pass: Pass): Toast | null => {
  const zone = on ? pass.plantOf(on.site).plant.timeZone : 'Asia/Shanghai'
  if (decision.kind === 'accepted') {
    if (!decision.say) return null
    return {
      tone: 'success',
      text: fill(
        words?.say[decision.say.words] ?? decision.say.words,
        speakValues(wordValues(decision.say.values, words?.terms), pass.at, zone),
      ),
    }
  }
  const values = {
    ...decision.values,
    rule: ruleOf(decision),
    ...(decision.values.act ? { act: words?.acts[decision.values.act] ?? decision.values.act } : {}),
  }
  const text = words?.refusals[decision.because] ?? commonText.staleCard
  return { tone: 'warning', text: fill(text, speakValues(wordValues(values, words?.terms), pass.at, zone)) }
}
