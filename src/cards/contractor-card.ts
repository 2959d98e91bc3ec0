import { inZone } from '../lib/clock.ts'
import { clip } from '../lib/text.ts'
import { mayReview } from '../workflows/contractor/asking.ts'
import type { ContractorState } from '../workflows/contractor/contractor.ts'
import { classHeld, gateOf, mayEnter } from '../workflows/contractor/gate.ts'
import type { Card, Fact, FormField } from './card.ts'
import { signed } from './points-card.ts'
import { contractorText as text } from './text/contractor.ts'
import { buttons, type View } from './view.ts'
import { fill, spokenTime } from './words.ts'

const factsOf = (state: ContractorState, view: View): readonly Fact[] => {
  const { timeZone } = view.plant
  const date = (until: string | null): string => (until === null ? text.unrecorded : inZone(new Date(until), timeZone).date)
  const because = state.suspensions.map((one) => fill(text.because[one.because], { code: one.code }))
  const { reviewed } = state
  const rows: readonly (readonly [string, string])[] = [
    [text.facts.status, text.status[state.status]],
    [text.facts.gate, text.gates[gateOf(state, view.at)]],
    [text.facts.suspended, because.join('；')],
    [text.facts.class, text.classes[classHeld(state)]],
    [text.facts.score, String(state.score)],
    [text.facts.quarter, state.quarter],
    [text.facts.reviewed, reviewed ? `${reviewed.name} ${spokenTime(reviewed.at, view.at, timeZone)}：${reviewed.reason}` : ''],
    [text.facts.insurance, date(state.papers.insurance)],
    [text.facts.licence, date(state.papers.licence)],
  ]
  return rows.filter(([, value]) => value !== '').map(([label, value]) => ({ label, value }))
}

const linesOf = ({ entries }: ContractorState, view: View): string => {
  const lines = entries.slice(-8).map(({ kind, points, at, code }) => {
    const day = inZone(new Date(at), view.plant.timeZone).date.slice(5)
    return `${day} ${text.kinds[kind]} ${signed(points)}${code ? ` ${code}` : ''}`
  })
  return lines.length > 0 ? lines.reverse().join('\n') : text.noEntries
}

const reason: FormField = {
  kind: 'text',
  name: 'reason',
  label: text.form.reason,
  multiline: true,
  longest: 200,
  required: false,
}

/** A contractor's quarter as one reader sees it. Pure. */
export const contractorCard = (state: ContractorState, view: View): Card => {
  const { person } = view.reader
  const title = text.titles[state.status]
  const decides = state.status === 'suspended' && person !== null && mayReview(state, person, view.plant)
  return {
    tone: mayEnter(gateOf(state, view.at)) ? 'info' : 'danger',
    title,
    subtitle: state.contractor,
    facts: factsOf(state, view),
    body: linesOf(state, view),
    pictures: [],
    form: decides ? [reason] : [],
    actions: decides ? [buttons('contractor', text.actions, view)('review', 'primary')] : [],
    summary: clip(`${title} ${state.contractor} ${state.score}`, 120),
    page: view.page(text.page),
    note: '',
  }
}
