import { clip } from '../lib/text.ts'
import {
  type BlindFile,
  evidenceNames,
  showsRepair,
  type VerdictState,
  type VerdictStatus,
} from '../workflows/verdict/verdict.ts'
import type { Action, Card, Fact, Picture, Tone } from './card.ts'
import { hazardText } from './text/hazard.ts'
import { verdictText as text } from './text/verdict.ts'
import { buttons, type View } from './view.ts'
import { fill, spokenTime } from './words.ts'

const tones: Readonly<Record<VerdictStatus, Tone>> = {
  asked: 'warning',
  passed: 'success',
  vetoed: 'success',
  declared: 'neutral',
  expired: 'neutral',
  unreached: 'neutral',
  withdrawn: 'neutral',
}

const evidenceWords = ({ evidence }: VerdictState): string =>
  evidence.map(({ item, count }) => `${evidenceNames[item]} ${count}`).join('、')

/** What the verifier is to look at, as far as it was found; nothing for verdicts of earlier releases, whose pictures were not looked through. */
const checkWords = ({ checks = [] }: VerdictState): string =>
  clip(checks.map(({ check, value }) => fill(text.checks[check], { value: String(value ?? '') })).join('；'), 200)

const factsOf = (state: VerdictState, { at, plant }: View): readonly Fact[] => {
  const rows: readonly (readonly [string, string])[] = [
    [text.facts.status, text.status[state.status]],
    [text.facts.colour, hazardText.colours[state.colour]],
    [text.facts.areaKind, state.areaKind],
    [text.facts.due, state.status === 'asked' ? spokenTime(state.dueAt, at, plant.timeZone) : ''],
    [text.facts.evidence, evidenceWords(state)],
    [text.facts.checks, checkWords(state)],
    [text.facts.reason, state.reason ?? ''],
  ]
  return rows.filter(([, value]) => value !== '').map(([label, value]) => ({ label, value }))
}

/** The newest two of before and of after, and one under way; the page has all. */
const picturesOf = ({ files }: VerdictState): readonly Picture[] => {
  const newest = (stage: BlindFile['stage'], most: number): readonly BlindFile[] =>
    files.filter((file) => file.stage === stage).slice(-most)
  return [...newest('before', 2), ...newest('during', 1), ...newest('after', 2)].map(({ stage, thumbnail }) => ({
    image: thumbnail,
    alt: text.stages[stage],
  }))
}

const actionsOf = (state: VerdictState, view: View): readonly Action[] => {
  if (state.status !== 'asked' || state.verifier !== view.reader.person) return []
  const button = buttons('verdict', text.actions, view)
  return [
    ...(showsRepair(state) ? [button('pass', 'primary')] : []),
    button('veto', 'danger'),
    button('declare', 'default', { confirm: text.confirm.declare }),
  ]
}

const noteOf = (state: VerdictState): string => {
  if (state.status !== 'asked') return ''
  if (state.pending > 0) return text.notes.pending
  return showsRepair(state) ? text.notes.asked : text.notes.noProof
}

/** The task as its verifier reads it: the blind case and nothing of the parent. Pure. */
export const verdictCard = (state: VerdictState, view: View): Card => {
  const title = text.titles[state.seat]
  const actions = actionsOf(state, view)
  return {
    tone: tones[state.status],
    title,
    subtitle: '',
    facts: factsOf(state, view),
    body: state.words === '' ? text.noWords : clip(state.words, 600),
    pictures: picturesOf(state),
    form:
      actions.length === 0
        ? []
        : [{ kind: 'text', name: 'reason', label: text.form.reason, multiline: true, longest: 200, required: false }],
    actions,
    summary: clip(`${title} ${text.status[state.status]} ${state.words.replaceAll('\n', ' ')}`, 120),
    page: view.page(text.page),
    note: noteOf(state),
  }
}
