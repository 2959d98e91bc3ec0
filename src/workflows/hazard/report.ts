import { refuse } from '../../lib/refusal.ts'
import { suggestColour } from '../../rules/colour-words.ts'
import { hazardEvidence } from '../../rules/evidence.ts'
import { hazardGrades } from '../../rules/hazard-grades.ts'
import { hazardSla } from '../../rules/sla.ts'
import { type AccountRef, accept, type Effect, type Facts, type Plant } from '../workflow.ts'
import { callRung } from './clocks.ts'
import { afterNow, fetchJob, fileOf, forget, inform, iso, overtaken, roundOf, toReporter } from './common.ts'
import type { HazardDecision } from './decide.ts'
import { placeIn } from './equipment.ts'
import { evolveHazard } from './evolve.ts'
import { atLeastAsSaid } from './grade.ts'
import type { HazardCommand, HazardEvent, HazardState, Who } from './hazard.ts'
import { isReporter } from './people.ts'
import { mostFiles } from './photos.ts'

type Report = Extract<HazardCommand, { type: 'report' }>
type Add = Extract<HazardCommand, { type: 'addToReport' }>

/** The most messages of one report; what follows is a report of its own. */
const mostTexts = 50

const reporterOf = (facts: Facts): Who | null => {
  const { actor } = facts
  if (actor.kind !== 'person' && actor.kind !== 'stranger') return null
  return {
    account: actor.account,
    conversation: actor.conversation,
    person: actor.kind === 'person' ? actor.person : null,
    name: actor.name,
  }
}

/** Whose lead is asked first: the reporter's team, else the team of the area, so that a stranger's report reaches somebody too. */
const teamOf = (reporter: Who, area: string | null, plant: Plant): string => {
  const own = reporter.person ? plant.persons.get(reporter.person)?.team : undefined
  if (own && plant.holders('teamLead', own).length > 0) return own
  return plant.areas.find(({ id }) => id === area)?.team ?? own ?? ''
}

const nextWindow = (from: AccountRef, conversation: string, facts: Facts): Effect => ({
  kind: 'expect',
  from,
  conversation,
  takes: 'both',
  command: 'addToReport',
  until: afterNow(facts, hazardSla.reportWindow),
})

/**
 * Opens a case: receipt to the reporter, card to the first rung that can be reached, clock set, photos fetched. At least words, a photo or a place.
 * Throws without a code, so that the arrival is kept and alarmed instead of answered as if it were the reporter's fault.
 */
export const report = (command: Report, facts: Facts): HazardDecision => {
  const reporter = reporterOf(facts)
  if (!reporter) return refuse('not-a-reporter')
  if (command.text === '' && command.files.length === 0 && !command.place) return refuse('empty-report')
  const files = command.files.slice(0, mostFiles)
  const cut = files.length < command.files.length
  if (facts.code === null) throw new Error('a hazard was to be opened without a code')
  const place = placeIn(command.text, facts.plant)
  const reported: HazardEvent = {
    type: 'reported',
    site: facts.plant.site,
    code: facts.code,
    at: iso(facts.at),
    reporter,
    text: command.text,
    files: files.map((file) => fileOf(file, { stage: 'before', by: reporter.person ?? '', round: 0 }, facts)),
    place: command.place,
    team: teamOf(reporter, place.area, facts.plant),
    suggestion: { colour: suggestColour(command.text), ...place },
    ladder: hazardSla.ladder,
    sla: hazardSla.id,
    evidence: hazardEvidence.id,
    grades: hazardGrades.id,
  }
  const state = evolveHazard(null, reported)
  const called = callRung(state, 0, facts)
  return accept(
    [reported, ...called.events],
    [
      ...toReporter(state).map(inform),
      ...called.effects,
      ...files.map((file) => fetchJob(file, facts)),
      ...(files.length < mostFiles ? [nextWindow(reporter.account, reporter.conversation, facts)] : []),
    ],
    cut ? 'reported-in-part' : 'reported',
    { code: facts.code, most: String(mostFiles) },
  )
}

/** Words and photos that follow within the window, until somebody has triaged the case or it is full. */
export const addToReport = (state: HazardState, command: Add, facts: Facts): HazardDecision => {
  if (facts.actor.kind !== 'person' && facts.actor.kind !== 'stranger') return refuse('not-a-reporter')
  const reader = { person: facts.actor.kind === 'person' ? facts.actor.person : null, account: facts.actor.account }
  if (!isReporter(state, reader)) return refuse('not-your-report', { code: state.code })
  if (state.status !== 'reported') return overtaken(state)
  if (command.text === '' && command.files.length === 0 && !command.place) return refuse('empty-report')
  const files = command.files.slice(0, Math.max(0, mostFiles - state.files.length))
  const text = [...state.texts, command.text].join('\n')
  const added: HazardEvent = {
    type: 'added',
    at: iso(facts.at),
    text: command.text,
    files: files.map((file) => fileOf(file, { stage: 'before', by: state.reporter.person ?? '', round: roundOf(state) }, facts)),
    place: command.place,
    suggestion: {
      colour: atLeastAsSaid(state, suggestColour(text)),
      ...placeIn(text, facts.plant, state.suggestion.area),
    },
  }
  const full = state.files.length + files.length >= mostFiles || state.texts.length + 1 >= mostTexts
  const next = full ? forget('addToReport') : nextWindow(facts.actor.account, facts.actor.conversation, facts)
  const words = files.length < command.files.length ? 'added-in-part' : 'added'
  return accept([added], [...files.map((file) => fetchJob(file, facts)), next], words, {
    code: state.code,
    most: String(mostFiles),
  })
}
