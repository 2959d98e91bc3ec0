import type { Card } from '../cards/card.ts'
import { certificateCard } from '../cards/certificate-card.ts'
import { contractorCard } from '../cards/contractor-card.ts'
import { digestCard } from '../cards/digest-card.ts'
import { haltCard } from '../cards/halt-card.ts'
import { handoverCard } from '../cards/handover-card.ts'
import { hazardCard } from '../cards/hazard-card.ts'
import { linkCard } from '../cards/link-card.ts'
import { nearMissCard } from '../cards/near-miss-card.ts'
import { penaltyCard } from '../cards/penalty-card.ts'
import { permitCard } from '../cards/permit-card.ts'
import { pinCard } from '../cards/pin-card.ts'
import { planCard } from '../cards/plan-card.ts'
import { pointsCard } from '../cards/points-card.ts'
import { portraitCard } from '../cards/portrait-card.ts'
import { certificatesQuestion } from '../cards/questions/certificates.ts'
import { indicatorQuestions, indicatorsQuestion } from '../cards/questions/indicators.ts'
import { permitListQuestion } from '../cards/questions/permit-list.ts'
import { permitStatsQuestion } from '../cards/questions/permit-stats.ts'
import { pointsQuestion } from '../cards/questions/points.ts'
import { todoQuestion } from '../cards/questions/todo.ts'
import { suggestionCard } from '../cards/suggestion-card.ts'
import { certificateText } from '../cards/text/certificate.ts'
import { commonText } from '../cards/text/common.ts'
import { contractorText } from '../cards/text/contractor.ts'
import { digestText } from '../cards/text/digest.ts'
import { haltText } from '../cards/text/halt.ts'
import { handoverText } from '../cards/text/handover.ts'
import { hazardText } from '../cards/text/hazard.ts'
import { nearMissText } from '../cards/text/near-miss.ts'
import { penaltyText } from '../cards/text/penalty.ts'
import { permitText } from '../cards/text/permit.ts'
import { pinText } from '../cards/text/pin.ts'
import { planText } from '../cards/text/plan.ts'
import { pointsText } from '../cards/text/points.ts'
import { portraitText } from '../cards/text/portrait.ts'
import { suggestionText } from '../cards/text/suggestion.ts'
import { toolboxText } from '../cards/text/toolbox.ts'
import { verdictText } from '../cards/text/verdict.ts'
import { weatherText } from '../cards/text/weather.ts'
import { toolboxCard } from '../cards/toolbox-card.ts'
import { verdictCard } from '../cards/verdict-card.ts'
import type { View } from '../cards/view.ts'
import { weatherCard } from '../cards/weather-card.ts'
import { certificateWorkflow } from '../workflows/certificate/workflow.ts'
import { contractorWorkflow } from '../workflows/contractor/workflow.ts'
import { digestWorkflow } from '../workflows/digest/workflow.ts'
import { haltWorkflow } from '../workflows/halt/workflow.ts'
import { handoverWorkflow } from '../workflows/handover/workflow.ts'
import { hazardWorkflow } from '../workflows/hazard/workflow.ts'
import { linkWorkflow } from '../workflows/link/workflow.ts'
import { nearMissWorkflow } from '../workflows/near-miss/workflow.ts'
import { penaltyWorkflow } from '../workflows/penalty/workflow.ts'
import { permitWorkflow } from '../workflows/permit/workflow.ts'
import { pinWorkflow } from '../workflows/pin/workflow.ts'
import { planWorkflow } from '../workflows/plan/workflow.ts'
import { pointsWorkflow } from '../workflows/points/workflow.ts'
import { portraitWorkflow } from '../workflows/portrait/workflow.ts'
import { suggestionWorkflow } from '../workflows/suggestion/workflow.ts'
import { toolboxWorkflow } from '../workflows/toolbox/workflow.ts'
import { verdictWorkflow } from '../workflows/verdict/workflow.ts'
import { weatherWorkflow } from '../workflows/weather/workflow.ts'
import type { CommandRule, Plant, Reads, Workflow } from '../workflows/workflow.ts'

/** Something that people ask in chat and that no single case answers: lists, scores, indicators. Pure; `asked.read` and `asked.count` are what it may look at. */
export type Question = {
  readonly name: string
  /** The whole text, said alone in a direct chat. */
  readonly spoken: RegExp
  readonly answer: (asked: Asked) => Card
}
export type Asked = Reads & {
  readonly person: string
  readonly site: string
  readonly text: string
  readonly at: Date
  readonly plant: Plant
}

type State = { readonly status: string }
type Typed = { readonly type: string }

/** A workflow with its types forgotten, and everything people read about it. The registry is the one place where that happens. */
export type Registered = {
  readonly workflow: Workflow<State, Typed, Typed>
  readonly card: (state: State, view: View) => Card
  readonly words: {
    readonly say: Readonly<Record<string, string>>
    readonly notices: Readonly<Record<string, string>>
    readonly refusals: Readonly<Record<string, string>>
    readonly actions: Readonly<Record<string, string>>
    readonly acts: Readonly<Record<string, string>>
    readonly roles: Readonly<Record<string, string>>
    /** What the page's history says of each event, and which events follow of themselves; with these the timeline needs no words of its own. */
    readonly history?: Readonly<Record<string, string>>
    readonly itself?: readonly string[]
    /** What fields, states and kinds are called, where values of a sentence name them. */
    readonly terms?: Readonly<Record<string, string>>
  }
}

const register = <S extends State, C extends Typed, E extends Typed>(
  workflow: Workflow<S, C, E>,
  card: (state: S, view: View) => Card,
  words: Registered['words'],
): Registered => ({ workflow: workflow as unknown as Registered['workflow'], card: card as unknown as Registered['card'], words })

const registered: readonly Registered[] = [
  register(hazardWorkflow, hazardCard, hazardText),
  register(verdictWorkflow, verdictCard, verdictText),
  register(toolboxWorkflow, toolboxCard, toolboxText),
  register(handoverWorkflow, handoverCard, handoverText),
  register(planWorkflow, planCard, planText),
  register(penaltyWorkflow, penaltyCard, penaltyText),
  register(pointsWorkflow, pointsCard, pointsText),
  register(portraitWorkflow, portraitCard, portraitText),
  register(contractorWorkflow, contractorCard, contractorText),
  register(suggestionWorkflow, suggestionCard, suggestionText),
  register(nearMissWorkflow, nearMissCard, nearMissText),
  register(digestWorkflow, digestCard, digestText),
  register(certificateWorkflow, certificateCard, certificateText),
  register(weatherWorkflow, weatherCard, weatherText),
  register(permitWorkflow, permitCard, permitText),
  register(pinWorkflow, pinCard, pinText),
  register(haltWorkflow, haltCard, haltText),
  register(linkWorkflow, linkCard, { ...commonText.link, acts: {}, roles: {} }),
]

/** What can be asked in chat, first match first. */
export const questions: readonly Question[] = [
  todoQuestion,
  pointsQuestion,
  certificatesQuestion,
  permitListQuestion,
  permitStatsQuestion,
  indicatorsQuestion,
  ...indicatorQuestions,
]

/** Commands that no button offers: they come by message, so they need no label. */
export const spoken: ReadonlySet<string> = new Set([
  'hazard.report',
  'hazard.addToReport',
  'hazard.addEvidence',
  'permit.addIsolationPhoto',
  'hazard.sign',
  'link.request',
  'link.claim',
])

/** What is missing before a workflow may run; empty when everything is there. */
export const missingParts = ({ workflow, words }: Registered): readonly string[] =>
  (Object.entries(workflow.commands) as [string, CommandRule][]).flatMap(([command, rule]) => {
    const name = `${workflow.name}.${command}`
    const isSaid = spoken.has(name) || rule.spoken !== undefined
    const needsLabel = rule.from === 'person' && !isSaid && words.actions[command] === undefined
    return [
      ...(needsLabel ? [`${name}: no words for its button`] : []),
      ...(rule.opens && workflow.prefix.code !== null && !rule.needs.includes('code')
        ? [`${name}: opens a case but needs no code`]
        : []),
      ...(rule.needs.includes('code') && !rule.guards.includes('codeCounter') ? [`${name}: draws a code without its guard`] : []),
    ]
  })

/** The command or question that words mean when they are said alone; null for words that mean none. */
export const saidAlone = (
  text: string,
): { readonly workflow: string; readonly command: string } | { readonly question: string } | null => {
  const asked = questions.find(({ spoken }) => spoken.test(text))
  if (asked) return { question: asked.name }
  for (const { workflow } of registered)
    for (const [command, rule] of Object.entries(workflow.commands) as [string, CommandRule][])
      if (rule.spoken?.test(text)) return { workflow: workflow.name, command }
  return null
}

/** The command of somebody who wants to stay unknown; null for all other words. */
export const saidInSecret = (text: string): { readonly workflow: string; readonly command: string } | null => {
  for (const { workflow } of registered)
    for (const [command, rule] of Object.entries(workflow.commands) as [string, CommandRule][])
      if (rule.hidesSender && rule.spoken?.test(text)) return { workflow: workflow.name, command }
  return null
}

const ruleOf = (workflow: string, command: string): CommandRule | undefined => {
  const found = registered.find((one) => one.workflow.name === workflow)?.workflow.commands as
    | Readonly<Record<string, CommandRule>>
    | undefined
  return found && Object.hasOwn(found, command) ? found[command] : undefined
}

/** Form fields of a command; none for one that nobody knows. */
export const fieldsOf = (workflow: string, command: string): readonly string[] => ruleOf(workflow, command)?.form ?? []

/** What a button answers by itself, by the names of the fields; null for an argument that this command does not take. The last part may hold underscores of its own. */
export const answeredBy = (workflow: string, command: string, argument: string): Readonly<Record<string, string>> | null => {
  const names = ruleOf(workflow, command)?.argument ?? []
  const parts = argument.split('_')
  if (names.length === 0 || parts.length < names.length) return null
  return Object.fromEntries(
    names.map((name, index) => [name, index === names.length - 1 ? parts.slice(index).join('_') : (parts[index] ?? '')]),
  )
}

/** Every workflow by name. Throws at start when a part of one is missing. */
export const createRegistry = (all: readonly Registered[] = registered): ReadonlyMap<string, Registered> => {
  const missing = all.flatMap(missingParts)
  if (missing.length > 0) throw new Error(`the workflows are incomplete: ${missing.join('; ')}`)
  return new Map(all.map((one) => [one.workflow.name, one]))
}
