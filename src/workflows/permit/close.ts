import { refuse } from '../../lib/refusal.ts'
import { clip } from '../../lib/text.ts'
import { iso, isRefusal, toPerson, vitalDuty } from '../pieces.ts'
import { accept, type Effect, type Plant } from '../workflow.ts'
import { copyOf } from './apply.ts'
import { type Arm, cite, frozenRules, isAdministrator, whoIn } from './common.ts'
import type { PermitState } from './permit.ts'
import { askNode, signersOf } from './sign.ts'

/** Everybody who went in or worked, and every tool on the ticket: what must be counted out. */
export const expected = ({ crew, tools }: PermitState) => ({ people: crew ? crew.workers.length : 0, tools: tools.length })

const began: readonly PermitState['status'][] = ['active', 'suspended', 'expired', 'revoked']

/** 完工: people and tools are counted out (6.8), guards restored, no embers left (5.2.14). A count that does not match is refused, kindly. */
export const complete: Arm<'complete'> = (state, { people, tools, note }, facts) => {
  const by = whoIn(state, facts, began)
  if (isRefusal(by)) return by
  const { code } = state
  if (state.startedAt === null || state.endedAt !== null) return refuse('not-in-this-state', { code, status: state.status })
  if (by.id !== state.crew?.workLeader && !state.crew?.attendants.includes(by.id)) return refuse('crew-only', { code })
  const wanted = expected(state)
  const { pack } = frozenRules(state, facts)
  if (Number(people) !== wanted.people || Number(tools) !== wanted.tools || people.trim() === '' || tools.trim() === '')
    return refuse('count-differs', { code, people: String(wanted.people), tools: String(wanted.tools) }, cite(pack, '6.8'))
  const step = state.chain.find(({ kind }) => kind === 'acceptance')
  const done = {
    type: 'completed',
    by: by.id,
    people: wanted.people,
    tools: wanted.tools,
    note: clip(note?.trim() ?? '', 300),
    at: iso(facts.at),
  } as const
  const asked: readonly Effect[] = step ? askNode(step, state, signersOf(step, state, facts.plant), facts) : []
  return accept([done], asked, 'completed', { code })
}

/** 取消: before work has begun, by whoever asked for it or leads it. */
export const cancel: Arm<'cancel'> = (state, { reason }, facts) => {
  const by = whoIn(state, facts, ['draft', 'jsa', 'measures', 'briefing', 'signing', 'issued'])
  if (isRefusal(by)) return by
  if (by.id !== state.applicant && by.id !== state.crew?.workLeader) return refuse('applicant-only', { code: state.code })
  return accept(
    [{ type: 'cancelled', by: by.id, reason: clip(reason.trim(), 300), at: iso(facts.at) }],
    [
      { kind: 'cancelDeadline', tag: 'watch' },
      { kind: 'cancelDeadline', tag: 'climb' },
    ],
    'cancelled',
    { code: state.code },
  )
}

/** May this person take the ticket back: an attendant, whoever approved it, a safety officer? */
export const mayRevoke = ({ signatures, chain, crew }: PermitState, person: string, plant: Plant): boolean =>
  signatures.some(({ by, node }) => by === person && chain.some(({ id, kind }) => id === node && kind === 'approve')) ||
  crew?.attendants.includes(person) === true ||
  plant.holders('safetyOfficer', plant.site).includes(person)

/** 收回作业票 (4.10): the attendant when somebody breaks the rules seriously, or whoever approved it. Work stops; it is never taken up again under this ticket. */
export const revoke: Arm<'revoke'> = (state, { reason }, facts) => {
  const by = whoIn(state, facts, ['issued', 'active', 'suspended'])
  if (isRefusal(by)) return by
  if (!mayRevoke(state, by.id, facts.plant)) return refuse('may-not-revoke', { code: state.code })
  const words = clip(reason.trim(), 300)
  if (words === '') return refuse('reason-wanted', { code: state.code })
  const event = { type: 'revoked', by: by.id, reason: words, at: iso(facts.at) } as const
  const crew = state.crew ? [...new Set([state.crew.workLeader, ...state.crew.workers])] : []
  const ends: readonly Effect[] = state.startedAt === null ? [{ kind: 'cancelDeadline', tag: 'watch' }] : []
  return accept([event], [...ends, ...crew.map((id) => vitalDuty(toPerson(id), 'stopped'))], 'revoked', { code: state.code })
}

/** 重新开票: a new application with what this one said; there is no extension (4.16, 4.17). */
export const reissue: Arm<'reissue'> = (state, _, facts) => {
  const by = whoIn(state, facts, ['suspended', 'completed', 'accepted', 'rejected', 'cancelled', 'expired', 'revoked'])
  if (isRefusal(by)) return by
  if (isAdministrator(facts.plant, by.id) || (by.id !== state.applicant && by.id !== state.crew?.workLeader))
    return refuse('applicant-only', { code: state.code })
  return accept(
    [],
    [
      {
        kind: 'command',
        workflow: 'permit',
        subject: null,
        key: `again:${facts.subject}:${facts.arrival}`,
        command: { type: 'applyAgain', by: by.id, from: state.code, copy: copyOf(state) },
      },
    ],
    'applied-again',
    { code: state.code },
  )
}
