import { inZone, later } from '../../lib/clock.ts'
import { type Refusal, refuse } from '../../lib/refusal.ts'
import { clip } from '../../lib/text.ts'
import { readCode } from '../../rules/code.ts'
import { type CardColour, causeOf, namesProtectedAct, type PenaltyCause, penaltyClauses } from '../../rules/penalties.ts'
import { actingPerson, forget, inform, iso, isPast, isRefusal, toPerson } from '../pieces.ts'
import { accept, type Facts, type Plant } from '../workflow.ts'
import { cardsOf } from './cards.ts'
import { askDeciders, askReason, cancel, decider, type PenaltyDecision, rulesOf } from './common.ts'
import { evolvePenalty } from './evolve.ts'
import { protects, putInForce, raised } from './issue.ts'
import type { Holder, PenaltyCommand, PenaltyState } from './penalty.ts'
import { mayPropose, nameOf } from './people.ts'

type Propose = Extract<PenaltyCommand, { type: 'propose' }>
type Decline = Extract<PenaltyCommand, { type: 'decline' }>
type Said = { readonly colour: CardColour; readonly who: string; readonly reason: string }

/** Words said alone that begin a proposal, complete or not, so that a half one is not taken for the report of a hazard. */
export const proposalWords = /^提议\s*(红牌|黄牌)(.*)$/s
const whoAndWhy = /^[\s:：,，]*([^\s:：,，]{1,30})[\s:：,，]+(\S.*)$/s

const readProposal = (text: string): Said | null => {
  const [, colour, rest = ''] = proposalWords.exec(text.trim()) ?? []
  const [, who, reason] = whoAndWhy.exec(rest) ?? []
  if (!colour || !who || !reason) return null
  return { colour: colour === '红牌' ? 'red' : 'yellow', who, reason: clip(reason.trim(), 200) }
}

/** Active people with this name, or with this employee number. */
const peopleCalled = (who: string, plant: Plant): readonly string[] => {
  const named = [...plant.persons.values()].filter((one) => one.active && one.name === who).map(({ id }) => id)
  return named.length > 0 ? named : plant.findPerson({ employeeNo: who })
}

type Found = { readonly id: string; readonly cause: PenaltyCause; readonly code: string | null }

const find = ({ who, reason }: Said, by: string, facts: Facts): Found | Refusal => {
  const [id, ...others] = peopleCalled(who, facts.plant)
  if (id === undefined) return refuse('no-such-holder', { name: who })
  if (others.length > 0) return refuse('several-of-that-name', { name: who })
  if (id === by) return refuse('not-yourself', {}, penaltyClauses.separation)
  if (namesProtectedAct(reason)) return refuse('protected-act', { name: who, code: '' }, penaltyClauses.protectedAct)
  const cause = causeOf(reason)
  return cause === null ? refuse('unknown-cause') : { id, cause, code: readCode(reason) }
}

/** One event gives one card: the same cause on the same case, or on the same day of the site where no case is named. */
const alreadyRaised = (holder: Holder, { cause, code }: Found, facts: Facts): Refusal | null => {
  const day = (at: string | Date): string => inZone(new Date(at), facts.plant.timeZone).date
  const same = cardsOf(holder, facts).find(
    (one) => one.cause === cause && (code === null ? day(one.at) === day(facts.at) : one.caseCode === code),
  )
  return same ? refuse('already-issued', { code: same.code }) : null
}

/** 提议红牌/黄牌: a safety officer names a person and why; the line manager of that colour decides. */
export const propose = (command: Propose, facts: Facts): PenaltyDecision => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (!mayPropose(by.id, facts.plant)) return refuse('not-an-officer', {}, penaltyClauses.authority)
  const said = readProposal(command.text)
  if (!said) return refuse('propose-form')
  const found = find(said, by.id, facts)
  if (isRefusal(found)) return found
  const holder: Holder = { kind: 'person', id: found.id }
  const raise = { ...said, holder, cause: found.cause, case: null, code: found.code, round: 0 }
  const no = protects(raise, facts) ?? alreadyRaised(holder, found, facts)
  if (no) return no
  const name = nameOf(holder, facts.plant) ?? said.who
  const event = raised({ ...raise, proposer: { by: by.id, name: by.name } }, name, facts)
  const asked = askDeciders('confirm', evolvePenalty(null, event), 0, facts)
  return accept([event, ...asked.events], [inform(toPerson(by.id)), ...asked.effects])
}

/** 确认: puts the proposed card into force. By the department head (yellow) or the production director (red), or above; never by its proposer. */
export const confirm = (state: PenaltyState, _: object, facts: Facts): PenaltyDecision => {
  const by = decider('confirm', state.status === 'proposed', state, facts)
  if (isRefusal(by)) return by
  if (nameOf(state.holder, facts.plant) === null) return refuse('no-such-holder', { name: state.holderName })
  const no = protects({ ...state, code: state.caseCode }, facts)
  if (no) return no
  const steps = putInForce(state, { by: by.id, name: by.name, at: iso(facts.at) }, facts)
  const effects = [...cancel('confirm'), forget('decline'), ...steps.effects]
  return accept(steps.events, effects, 'confirmed', { code: state.code })
}

/** 不同意: with a reason, which the proposer reads. */
export const decline = (state: PenaltyState, command: Decline, facts: Facts): PenaltyDecision => {
  const by = decider('confirm', state.status === 'proposed', state, facts)
  if (isRefusal(by)) return by
  const reason = command.reason.trim()
  if (reason === '') return askReason('decline', state, facts)
  return accept(
    [{ type: 'declined', by: by.id, name: by.name, reason, at: iso(facts.at) }],
    [...cancel('confirm'), forget('decline'), ...tellProposer(state)],
    'declined',
    { code: state.code },
  )
}

const tellProposer = ({ proposer }: PenaltyState) => (proposer ? [inform(toPerson(proposer.by))] : [])

/** The clock: nobody has decided about the proposal. It is asked again, of the next role too; in the end it falls. */
export const chaseProposal = (state: PenaltyState, facts: Facts): PenaltyDecision => {
  if (state.status !== 'proposed') return refuse('nothing-due', { code: state.code })
  const end = later(new Date(state.raisedAt), rulesOf(state).proposalLife)
  if (isPast(iso(end), facts.at))
    return accept([{ type: 'lapsed', at: iso(facts.at) }], [...cancel('confirm'), ...tellProposer(state)])
  const asked = askDeciders('confirm', state, (state.asked.confirm?.level ?? -1) + 1, facts)
  return accept(asked.events, asked.effects)
}
