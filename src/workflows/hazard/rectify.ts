import { type Refusal, refuse } from '../../lib/refusal.ts'
import { accept, type Effect, type Facts } from '../workflow.ts'
import { actingPerson, afterNow, fetchJob, fileOf, iso, isRefusal, overtaken, roundOf, slaOf } from './common.ts'
import type { HazardDecision } from './decide.ts'
import type { HazardCommand, HazardEvent, HazardState } from './hazard.ts'
import { missingStages, mostFiles, roomForEvidence } from './photos.ts'
import type { Stage } from './proof.ts'

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

/** The owner of a case that is being rectified, or why not. */
export const actingOwner = (
  state: HazardState,
  facts: Facts,
  status: readonly HazardState['status'][] = ['rectifying'],
): { readonly id: string; readonly name: string } | Refusal => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (!status.includes(state.status)) return overtaken(state)
  if (state.owner === by.id) return by
  return refuse('not-the-owner', { code: state.code, name: facts.plant.persons.get(state.owner ?? '')?.name ?? '' })
}

const asking = {
  before: 'send-before',
  during: 'send-during',
  after: 'send-photos',
  report: 'send-report',
} as const satisfies Readonly<Record<Stage, string>>

/** What the owner sends next shows this stage; it belongs to this case for a while. */
const collect =
  (choose: (state: HazardState) => Stage) =>
  (state: HazardState, _: object, facts: Facts): HazardDecision => {
    const by = actingOwner(state, facts, ['accepted', 'rectifying'])
    if (isRefusal(by)) return by
    const stage = choose(state)
    const at = iso(facts.at)
    const events: readonly HazardEvent[] = [
      ...(state.status === 'accepted' ? [{ type: 'rectificationStarted', by: by.id, name: by.name, at } as const] : []),
      ...(stage === (state.collecting ?? 'after') ? [] : [{ type: 'collecting', stage, at } as const]),
    ]
    return accept(events, expectPhotos(state, facts), asking[stage], { code: state.code })
  }

/** 上传整改照片. While nothing shows the hazard as it was, that is asked for first; then the repair. */
export const startRectify = collect((state) => (missingStages(state).includes('before') ? 'before' : 'after'))
/** 整改中. */
export const showDuring = collect(() => 'during')
/** 检测报告. */
export const showReport = collect(() => 'report')

/** Evidence from the owner, of the stage that was asked for. It counts from its arrival; the picture itself follows. What is beyond the bound is not taken, and said so. */
export const addEvidence = (state: HazardState, command: Evidence, facts: Facts): HazardDecision => {
  const by = actingOwner(state, facts)
  if (isRefusal(by)) return by
  if (command.files.length === 0 && command.text === '') return refuse('photo-needed', { code: state.code })
  const stage = state.collecting ?? 'after'
  const files = command.files.slice(0, roomForEvidence(state, stage))
  const cut = files.length < command.files.length
  return accept(
    [
      {
        type: 'evidenceAdded',
        by: by.id,
        text: command.text,
        files: files.map((file) => fileOf(file, { stage, by: by.id, round: roundOf(state) }, facts)),
        at: iso(facts.at),
      },
    ],
    [...files.map((file) => fetchJob(file, facts)), ...expectPhotos(state, facts)],
    cut ? 'evidence-in-part' : added[stage],
    { code: state.code, most: String(mostFiles) },
  )
}

const added = {
  before: 'before-added',
  during: 'during-added',
  after: 'evidence-added',
  report: 'report-added',
} as const satisfies Readonly<Record<Stage, string>>
