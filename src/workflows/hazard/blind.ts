import { clip } from '../../lib/text.ts'
import { areaKind } from '../../rules/area-kinds.ts'
import { type EvidenceItem, evidenceFor } from '../../rules/evidence.ts'
import { maskNames } from '../mask.ts'
import type { BlindCase, BlindFile, EvidenceCount } from '../verdict/verdict.ts'
import { accept, type Effect, type Facts } from '../workflow.ts'
import type { HazardDecision } from './decide.ts'
import type { HazardCommand, HazardFile, HazardState } from './hazard.ts'
import { blindChecks } from './photo-checks.ts'
import { evidenceOf, isPicture } from './photos.ts'

type Greet = Extract<HazardCommand, { type: 'greetVerdict' }>

/** Words of a case that a verifier reads; what is longer stays in the case. */
const longestWords = 1_000

type Shown = HazardFile & { readonly stage: BlindFile['stage'] }

/** The pictures that verifiers are shown: those of the hazard, and those of the present round. */
const shownPictures = (state: HazardState): readonly Shown[] =>
  (['before', 'during', 'after'] as const).flatMap((stage) =>
    evidenceOf(state, stage)
      .filter(isPicture)
      .map((file) => ({ ...file, stage })),
  )

const blindFiles = (state: HazardState): readonly BlindFile[] =>
  shownPictures(state).flatMap(({ stage, blind }) => (blind ? [{ stage, ...blind }] : []))

/** Pictures whose blind copy may still come. */
const pendingOf = (state: HazardState): number => shownPictures(state).filter(({ blind }) => blind === undefined).length

const countsOf = (state: HazardState): readonly EvidenceCount[] => {
  const rule = evidenceFor(state)
  const signed = (item: EvidenceItem): number => (state.signed ?? []).filter((one) => one.item === item).length
  const counts: readonly EvidenceCount[] = [
    ...(['before', 'during', 'after', 'report'] as const).map((item) => ({ item, count: evidenceOf(state, item).length })),
    ...(['signature', 'areaSignature'] as const).map((item) => ({ item, count: signed(item) })),
  ]
  return counts.filter(({ item, count }) => count > 0 || rule[item] === 'must')
}

/** What verifiers are told: no name of a person, team or place, none of the history. */
export const blindCase = (state: HazardState, { plant }: Facts): BlindCase => ({
  colour: state.colour ?? 'yellow',
  areaKind: areaKind(plant.areas.find(({ id }) => id === state.area)?.name ?? ''),
  words: clip(maskNames(state.texts.join('\n'), plant, [state.reporter.name]), longestWords),
  files: blindFiles(state),
  pending: pendingOf(state),
  evidence: countsOf(state),
  checks: blindChecks(state),
})

/** The verdicts that are still awaited. */
export const openVerdicts = (state: HazardState): readonly string[] =>
  state.status === 'verifying'
    ? (state.seats ?? []).flatMap(({ verdict, outcome }) => (verdict !== null && outcome === null ? [verdict] : []))
    : []

const show = (verdict: string, state: HazardState, facts: Facts): Effect => ({
  kind: 'command',
  workflow: 'verdict',
  subject: verdict,
  key: `show:${verdict}:${facts.arrival}`,
  command: { type: 'show', files: blindFiles(state), pending: pendingOf(state), checks: blindChecks(state) },
})

/** Brings the pictures of the awaited verdicts to what is ready now. */
export const showVerifiers = (state: HazardState, facts: Facts): readonly Effect[] =>
  openVerdicts(state).map((verdict) => show(verdict, state, facts))

/**
 * A verdict has just begun. What the case told it before found nobody, because messages between subjects keep no order, so it is told once more: which pictures
 * are ready by now, or that it is no longer needed.
 */
export const greetVerdict = (state: HazardState, { verdict }: Greet, facts: Facts): HazardDecision =>
  accept([], [openVerdicts(state).includes(verdict) ? show(verdict, state, facts) : withdraw(verdict, `late:${verdict}`)])

/** Takes one task back. */
export const withdraw = (verdict: string, key = `withdraw:${verdict}`): Effect => ({
  kind: 'command',
  workflow: 'verdict',
  subject: verdict,
  key,
  command: { type: 'withdraw' },
})

/** Takes back every task that is no longer needed, for whatever reason the verification ends. */
export const withdrawVerdicts = (state: HazardState): readonly Effect[] => openVerdicts(state).map((verdict) => withdraw(verdict))

/** Has blind copies made of the pictures that verifiers are shown and that have none yet. They are made when they are needed, so that a report pays nothing for them. */
export const blindJobs = (state: HazardState, facts: Facts): readonly Effect[] =>
  shownPictures(state).flatMap(({ id, kind, state: kept, original, blind }) =>
    kept !== 'stored' || original === null || blind !== undefined
      ? []
      : [
          {
            kind: 'job',
            queue: 'photo',
            key: `blind:${facts.subject}:${id}`,
            payload: { subject: facts.subject, file: id, kind, connection: '', ref: {}, name: null, blindOf: original },
          } as const,
        ],
  )
