import { refuse } from '../../lib/refusal.ts'
import { accept, type Effect, type Facts } from '../workflow.ts'
import { actingPerson, afterNow, fetchJob, fileOf, iso, isRefusal, overtaken, roundOf, slaOf } from './common.ts'
import type { HazardDecision } from './decide.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { afterPhotos, mostFiles, roomForEvidence } from './photos.ts'
import { drawVerifier } from './verify.ts'

type Evidence = Extract<HazardCommand, { type: 'addEvidence' }>

const expectPhotos = (state: HazardState, facts: Facts): readonly Effect[] =>
  facts.actor.kind === 'person'
    ? [
        {
          kind: 'expect',
          from: facts.actor.account,
          conversation: facts.actor.conversation,
          takes: 'photos',
          command: 'addEvidence',
          until: afterNow(facts, slaOf(state).evidenceWindow),
        },
      ]
    : []

/** 上传整改照片. The photos that the owner sends next belong to this case. */
export const startRectify = (state: HazardState, _: object, facts: Facts): HazardDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (state.status !== 'accepted' && state.status !== 'rectifying') return overtaken(state)
  if (state.owner !== by.id)
    return refuse('not-the-owner', { code: state.code, name: facts.plant.persons.get(state.owner ?? '')?.name ?? '' })
  const started: readonly HazardEvent[] =
    state.status === 'accepted' ? [{ type: 'rectificationStarted', by: by.id, name: by.name, at: iso(facts.at) }] : []
  return accept(started, expectPhotos(state, facts), 'send-photos', { code: state.code })
}

/** An after-photo from the owner. It counts from its arrival; the picture itself follows. What is beyond the bound is not taken, and said so. */
export const addEvidence = (state: HazardState, command: Evidence, facts: Facts): HazardDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (state.status !== 'rectifying') return overtaken(state)
  if (state.owner !== by.id)
    return refuse('not-the-owner', { code: state.code, name: facts.plant.persons.get(state.owner ?? '')?.name ?? '' })
  if (command.files.length === 0 && command.text === '') return refuse('photo-needed', { code: state.code })
  const files = command.files.slice(0, roomForEvidence(state))
  const cut = files.length < command.files.length
  return accept(
    [
      {
        type: 'evidenceAdded',
        by: by.id,
        text: command.text,
        files: files.map((file) => fileOf(file, { stage: 'after', by: by.id, round: roundOf(state) }, facts)),
        at: iso(facts.at),
      },
    ],
    [...files.map((file) => fetchJob(file, facts)), ...expectPhotos(state, facts)],
    cut ? 'evidence-in-part' : 'evidence-added',
    { code: state.code, most: String(mostFiles) },
  )
}

/** 提交整改. Needs an after-photo (evidence rule of every grade); draws a verifier of another team. */
export const submit = (state: HazardState, _: object, facts: Facts): HazardDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (state.status !== 'rectifying') return overtaken(state)
  if (state.owner !== by.id)
    return refuse('not-the-owner', { code: state.code, name: facts.plant.persons.get(state.owner ?? '')?.name ?? '' })
  if (afterPhotos(state) === 0) return refuse('photo-needed', { code: state.code })
  const drawn = drawVerifier({ ...state, drawn: [], unreached: [] }, facts)
  return accept(
    [{ type: 'submitted', by: by.id, name: by.name, at: iso(facts.at) }, ...drawn.events],
    [{ kind: 'cancelDeadline', tag: 'due' }, { kind: 'forget', command: 'addEvidence' }, ...drawn.effects],
    'submitted',
    { code: state.code },
  )
}
