import { refuse } from '../../lib/refusal.ts'
import { evidenceFor, hazardEvidence, signingWords } from '../../rules/evidence.ts'
import { nameOf, reachableHolders } from '../pieces.ts'
import { accept, type Effect, type Facts, type Plant } from '../workflow.ts'
import { actingPerson, ask, duty, forget, iso, isRefusal, overtaken, person } from './common.ts'
import type { HazardDecision } from './decide.ts'
import { evolveHazard } from './evolve.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { evidenceHash, missingStages, namesOf } from './photos.ts'
import type { Signature } from './proof.ts'
import { actingOwner } from './rectify.ts'
import { drawVerifiers } from './seats.ts'

type Sign = Extract<HazardCommand, { type: 'sign' }>
type Confirm = Extract<HazardCommand, { type: 'confirmRepair' }>
type Owner = { readonly id: string; readonly name: string }

const isSigned = (state: HazardState, item: Signature['item']): boolean => (state.signed ?? []).some((one) => one.item === item)

/** Is the second signature still awaited? */
export const awaitsArea = (state: HazardState): boolean =>
  state.status === 'rectifying' &&
  isSigned(state, 'signature') &&
  !isSigned(state, 'areaSignature') &&
  evidenceFor(state).areaSignature === 'words'

/**
 * Who may give the second signature: whoever owns the area, and the department heads in their stead; never the rectifier. The owner of the area is asked,
 * where there is one who can be reached.
 */
const areaSigners = (
  state: HazardState,
  plant: Plant,
): { readonly may: readonly string[]; readonly asked: readonly string[] } => {
  const owner = plant.areas.find(({ id }) => id === state.area)?.owner ?? null
  const heads = reachableHolders(plant, 'deptHead', plant.site).filter((id) => id !== state.owner)
  const first = owner !== null && owner !== state.owner && plant.reachable(owner) ? [owner] : []
  return { may: [...new Set([...first, ...heads])], asked: first.length > 0 ? first : heads }
}

/** Who owes the second signature: those who were asked for it, and everybody who may give it once none of them can be reached. */
export const confirmers = ({ confirming = [], askedToConfirm = confirming, unreached }: HazardState): readonly string[] => {
  const left = (ids: readonly string[]): readonly string[] => ids.filter((id) => !unreached.includes(id))
  const asked = left(askedToConfirm)
  return asked.length > 0 ? asked : left(confirming)
}

/** Somebody who was asked for the second signature cannot be reached, whatever they were written to for: everybody else who may give it is asked. */
export const askOthers = (state: HazardState, lost: string, { plant }: Facts): readonly Effect[] =>
  awaitsArea(state) && (state.askedToConfirm ?? state.confirming ?? []).includes(lost)
    ? (state.confirming ?? [])
        .filter((id) => id !== lost && !state.unreached.includes(id) && plant.reachable(id))
        .map((id) => duty(person(id), 'confirmRepair', true))
    : []

/** What the case still lacks, with the section that asks for it; null when nothing. */
const incomplete = (state: HazardState) => {
  const missing = missingStages(state)
  if (missing.length === 0) return null
  const { section, id } = hazardEvidence
  const values = { code: state.code, missing: namesOf(missing), section }
  return refuse('evidence-missing', values, { standard: '整改证据规则', clause: section, edition: id })
}

/** The words as the rule wants them; what somebody adds stays as they wrote it. */
const isSigning = (words: string): boolean => words.normalize('NFKC').trim().startsWith(signingWords)

const signature = (
  state: HazardState,
  by: Owner,
  about: {
    readonly item: Signature['item']
    readonly words: string
    readonly asks: readonly string[]
    readonly first?: readonly string[]
    readonly facts: Facts
  },
): HazardEvent => ({
  type: 'signed',
  item: about.item,
  by: by.id,
  name: by.name,
  words: about.words,
  level: 'L0',
  covers: evidenceHash(state),
  asks: about.asks,
  ...(about.first ? { first: about.first } : {}),
  at: iso(about.facts.at),
})

const ownerOf = (state: HazardState, { plant }: Facts): Owner => ({ id: state.owner ?? '', name: nameOf(plant, state.owner) })

/** The set is complete: the case is handed in, and two verifiers are drawn. */
const handIn = (state: HazardState, signed: readonly HazardEvent[], facts: Facts): HazardDecision => {
  const { id, name } = ownerOf(state, facts)
  const submitted: readonly HazardEvent[] = [...signed, { type: 'submitted', by: id, name, at: iso(facts.at) }]
  const after = submitted.reduce<HazardState>((so, event) => evolveHazard(so, event), state)
  const drawn = drawVerifiers(after, facts)
  return accept(
    [...submitted, ...drawn.events],
    [{ kind: 'cancelDeadline', tag: 'due' }, ...['addEvidence', 'sign', 'confirmRepair'].map(forget), ...drawn.effects],
    'submitted',
    { code: state.code },
  )
}

/** The rectifier has signed; where the grade wants a second signature somebody is asked for it, and the case is handed in as soon as it is given. */
const signedBy = (state: HazardState, by: Owner, words: string, facts: Facts): HazardDecision => {
  if (evidenceFor(state).areaSignature === 'none')
    return handIn(state, [signature(state, by, { item: 'signature', words, asks: [], facts })], facts)
  const { may, asked } = areaSigners(state, facts.plant)
  if (may.length === 0) return refuse('nobody-to-confirm', { code: state.code, section: hazardEvidence.section })
  return accept(
    [signature(state, by, { item: 'signature', words, asks: may, first: asked, facts })],
    [forget('sign'), forget('addEvidence'), ...asked.map((id) => duty(person(id), 'confirmRepair'))],
    'awaits-area',
    { code: state.code, name: asked.map((id) => nameOf(facts.plant, id)).join('、') },
  )
}

/** 提交整改. The evidence set of the grade must be complete; what is missing is named. The signature is the press itself, or words that are asked for. */
export const submit = (state: HazardState, _: object, facts: Facts): HazardDecision => {
  const by = actingOwner(state, facts)
  if (isRefusal(by)) return by
  const lacking = incomplete(state)
  if (lacking) return lacking
  if (awaitsArea(state)) return refuse('area-signs-first', { code: state.code, section: hazardEvidence.section })
  switch (evidenceFor(state).signature) {
    case 'none':
      return handIn(state, [], facts)
    case 'tap':
      return signedBy(state, by, '', facts)
    case 'words':
      return ask('sign', evidenceFor(state).report === 'ifMeasurable' ? 'sign-measurable' : 'sign-words', state, facts)
  }
}

/** 本人确认, in the rectifier's own words. */
export const sign = (state: HazardState, { reason }: Sign, facts: Facts): HazardDecision => {
  const by = actingOwner(state, facts)
  if (isRefusal(by)) return by
  const lacking = incomplete(state)
  if (lacking) return lacking
  if (awaitsArea(state)) return refuse('area-signs-first', { code: state.code, section: hazardEvidence.section })
  if (!isSigning(reason)) return ask('sign', 'sign-again', state, facts)
  return signedBy(state, by, reason.trim(), facts)
}

/** 确认整改. By whoever owns the area, in their own words; the case is handed in with it. */
export const confirmRepair = (state: HazardState, { reason }: Confirm, facts: Facts): HazardDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (!awaitsArea(state)) return overtaken(state)
  if (by.id === state.owner || !(state.confirming ?? []).includes(by.id)) return refuse('not-the-area', { code: state.code })
  const lacking = incomplete(state)
  if (lacking) return lacking
  if (reason.trim() === '') return ask('confirmRepair', 'confirm-words', state, facts)
  if (!isSigning(reason)) return ask('confirmRepair', 'sign-again', state, facts)
  return handIn(state, [signature(state, by, { item: 'areaSignature', words: reason.trim(), asks: [], facts })], facts)
}
