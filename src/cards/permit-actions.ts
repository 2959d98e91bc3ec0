import { mayRevoke } from '../workflows/permit/close.ts'
import { rulesOf } from '../workflows/permit/common.ts'
import { mayMeasure } from '../workflows/permit/gas.ts'
import { openNeeds } from '../workflows/permit/gate.ts'
import type { ChainStep, PermitState } from '../workflows/permit/permit.ts'
import { isCrew, openIsolations, openLines, unbriefed } from '../workflows/permit/prepare.ts'
import { isBarred, stepFor } from '../workflows/permit/sign.ts'
import { readActionKey } from './action-key.ts'
import type { Action, FormField } from './card.ts'
import { applicationForm, countForm, digits, gasForm, gasWanted, measureForm, pin, position, reason } from './permit-form.ts'
import { permitText as text } from './text/permit.ts'
import { buttons, type View } from './view.ts'

/** What a reader may do about a permit: buttons, most important first, each with the fields it brings. */
type Offer = { readonly action: Action; readonly fields: readonly FormField[] }

/** The buttons that a card has room for; what comes behind is offered in another state or on somebody else's card. */
const mostButtons = 4

/** What the reader is to the permit. */
type Part = {
  readonly person: string
  readonly isApplicant: boolean
  readonly isLeader: boolean
  readonly isAttendant: boolean
  readonly isCrew: boolean
  readonly measures: boolean
  readonly revokes: boolean
  readonly step: ChainStep | null
}

export const partOf = (state: PermitState, { reader, plant }: View): Part | null => {
  const { person } = reader
  if (person === null || plant.holders('administrator', plant.site).includes(person)) return null
  const step = state.chain.length > 0 ? stepFor(state, person, plant) : null
  return {
    person,
    isApplicant: person === state.applicant,
    isLeader: person === state.crew?.workLeader,
    isAttendant: state.crew?.attendants.includes(person) === true,
    isCrew: isCrew(state, person),
    measures: mayMeasure(state, person, plant),
    revokes: mayRevoke(state, person, plant),
    step: step && isBarred(step, state, person) === null ? step : null,
  }
}

/** Fields that a signature brings: the code and the position at the work point for approvals, the PIN for every node above the job. */
const proofOf = ({ kind, scope }: ChainStep): readonly FormField[] => [
  ...(kind === 'approve' ? [digits(), position()] : []),
  ...(scope === 'permit' ? [] : [pin()]),
]

const create = (state: PermitState, view: View) => {
  const button = buttons('permit', text.actions, view)
  type Extra = {
    readonly fields?: readonly FormField[]
    readonly needs?: readonly string[]
    readonly style?: Action['style']
    readonly answer?: string
    readonly label?: string
  }
  const offer = (command: string, { fields = [], needs, style = 'default', answer, label }: Extra = {}): Offer => {
    const asks = Object.hasOwn(text.confirm, command) ? text.confirm[command as keyof typeof text.confirm] : undefined
    const action = button(command, style, {
      ...(needs ? { needsForm: true, needs } : {}),
      ...(asks ? { confirm: asks } : {}),
      ...(label ? { label } : {}),
    })
    const key = answer === undefined ? action.key : `${action.key}~${answer}`
    return { action: { ...action, key }, fields }
  }
  const rules = rulesOf(state, view.plant, view.at)?.rules
  const sign = (step: ChainStep): readonly Offer[] => {
    const fields = proofOf(step)
    const needs = fields.map(({ name }) => name)
    return [
      offer('sign', { fields, style: 'primary', ...(needs.length > 0 ? { needs } : {}) }),
      offer('sendBack', { fields: [reason()], needs: ['reason'], style: 'danger' }),
    ]
  }
  return {
    offer,
    rules,
    sign,
    cancel: () => offer('cancel', { style: 'danger' }),
    gas: () => offer('recordGas', { fields: gasForm(state, view), needs: gasWanted }),
    complete: () => offer('complete', { fields: countForm(), needs: ['people', 'tools'] }),
    stop: () => offer('stopWork', { style: 'danger' }),
    atPost: (command: string, asksCode: boolean) =>
      offer(command, {
        fields: [...(asksCode ? [digits()] : []), position()],
        needs: [...(asksCode ? ['digits'] : []), 'position'],
        style: 'primary',
      }),
    revoke: () => offer('revoke', { fields: [reason()], needs: ['reason'], style: 'danger' }),
  }
}
type Desk = ReturnType<typeof create>
type Offers = (state: PermitState, part: Part, desk: Desk, view: View) => readonly Offer[]

const when = <T>(holds: boolean, ...offers: readonly T[]): readonly T[] => (holds ? offers : [])

/** The open line, one at a time: never all at once (4.11 c). */
const measureOffers: Offers = (state, part, { offer, rules, gas }, view) => {
  if (!part.isCrew || !rules) return []
  const [line] = openLines(rules, state)
  const trial = openIsolations(state).find(({ photo, tried }) => photo !== null && tried === null)
  const unphotographed = openIsolations(state).find(({ photo }) => photo === null)
  const form = measureForm(state, view)
  const unseen = openIsolations(state).find(({ photo }) => photo === null)
  return [
    ...(line
      ? [
          offer('confirmMeasure', {
            ...{ style: 'primary' as const, answer: `yes_${line.id}` },
            ...(line.asks ? { fields: form.slice(0, 1), needs: ['value'] } : {}),
          }),
          ...when(line.optional, offer('confirmMeasure', { answer: `no_${line.id}`, label: text.actions.notInvolved })),
        ]
      : []),
    ...(unseen ? [offer('photographIsolation', { answer: unseen.id, style: 'primary' })] : []),
    ...(trial ? [offer('tryIsolation', { answer: trial.id, style: 'primary' })] : []),
    ...(unphotographed ? [offer('photographIsolation', { answer: unphotographed.id })] : []),
    offer('addIsolation', { fields: form.slice(line?.asks ? 1 : 0), needs: ['what'] }),
    ...when(part.measures, gas()),
  ]
}

const issuedOffers: Offers = (state, part, { offer, rules, sign, gas, atPost, revoke, cancel }) => {
  const [need] = rules ? openNeeds(rules, state) : []
  const isOnPost = state.attendance?.attendant === part.person
  return [
    ...(part.step ? sign(part.step) : []),
    ...when(part.isAttendant && !isOnPost, atPost('checkIn', true)),
    ...(part.isLeader && need ? [offer('declare', { answer: need.id })] : []),
    ...when(part.isLeader, offer('start', { style: 'primary' })),
    ...when(part.measures && rules?.gas !== null, gas()),
    ...when(part.isCrew, offer('showCode')),
    ...when(part.isLeader, cancel()),
    ...when(part.revokes && !part.isLeader, revoke()),
  ]
}

const activeOffers: Offers = (state, part, { offer, rules, gas, complete, stop, atPost, revoke }) => {
  const isOnPost = state.attendance?.attendant === part.person
  const isAsked = isOnPost && state.attendance?.asked !== null
  return [
    stop(),
    ...when(isAsked, atPost('answerPulse', false)),
    ...when(part.isAttendant && !isOnPost, atPost('checkIn', true)),
    ...when(part.isLeader || isOnPost, complete()),
    ...when(part.measures && rules?.gas !== null, gas()),
    ...when(part.isLeader, offer('reportChange', { fields: [reason()], needs: ['reason'] })),
    ...when(isOnPost && !isAsked, offer('pause')),
    ...when(part.isCrew && !part.isLeader, offer('showCode')),
    ...when(part.revokes && !part.isAttendant, revoke()),
  ]
}

const suspendedOffers: Offers = (state, part, { offer, rules, gas, complete, atPost, revoke }) => {
  const isFinal = state.suspensions.some(({ final, endedAt }) => final && endedAt === null)
  const [need] = rules ? openNeeds(rules, state) : []
  return [
    ...(part.isLeader && !isFinal && need ? [offer('declare', { answer: need.id })] : []),
    ...when(part.isLeader && !isFinal, offer('resume', { style: 'primary' })),
    ...when(part.isLeader && isFinal, offer('reissue', { style: 'primary' })),
    ...when(part.isAttendant && state.attendance === null, atPost('checkIn', true)),
    ...when(part.isLeader || part.isAttendant, complete()),
    ...when(part.measures && !isFinal && rules?.gas !== null, gas()),
    ...when(part.isCrew && !part.isLeader, offer('showCode')),
    ...when(part.revokes && !part.isLeader, revoke()),
  ]
}

const again: Offers = (_, part, { offer }) => when(part.isApplicant || part.isLeader, offer('reissue'))

/** Time is over or the ticket was taken back: whoever is in is counted out first. */
const leaving: Offers = (state, part, desk, view) => [
  ...when(state.endedAt === null && (part.isLeader || part.isAttendant), desk.complete()),
  ...again(state, part, desk, view),
]

const byStatus: Readonly<Record<PermitState['status'], Offers>> = {
  draft: (state, { isApplicant }, { offer, cancel }, view) =>
    when(
      isApplicant,
      offer('fill', { fields: applicationForm(state, view), needs: [] }),
      offer('submit', { style: 'primary' }),
      cancel(),
    ),
  jsa: (_, part, { offer, cancel }) => [
    ...when(part.isLeader, offer('confirmJsa', { style: 'primary' })),
    ...when(part.isLeader || part.isApplicant, cancel()),
  ],
  measures: measureOffers,
  briefing: (state, part, { offer, cancel }) => [
    ...when(part.isLeader && state.briefing === null, offer('brief', { style: 'primary' })),
    ...when(state.briefing !== null && unbriefed(state).includes(part.person), offer('receiveBriefing', { style: 'primary' })),
    ...when(part.isLeader || part.isApplicant, cancel()),
  ],
  signing: (_, part, { offer, sign, gas, rules, cancel }) => [
    ...(part.step ? sign(part.step) : []),
    ...when(part.isCrew, offer('showCode')),
    ...when(part.measures && rules?.gas !== null, gas()),
    ...when(part.isLeader || part.isApplicant, cancel()),
  ],
  issued: issuedOffers,
  active: activeOffers,
  suspended: suspendedOffers,
  completed: (state, part, desk, view) => [
    ...(part.step ? desk.sign(part.step).slice(0, 1) : []),
    ...again(state, part, desk, view),
  ],
  accepted: again,
  rejected: again,
  cancelled: again,
  expired: leaving,
  revoked: leaving,
}

const once = (fields: readonly FormField[]): readonly FormField[] =>
  fields.filter(({ name }, index) => fields.findIndex((one) => one.name === name) === index)

/** The buttons of one reader and the form that they share. A button whose key nobody could read again is left out. */
export const offersOf = (
  state: PermitState,
  view: View,
): { readonly actions: readonly Action[]; readonly form: readonly FormField[] } => {
  const part = partOf(state, view)
  const all = part ? byStatus[state.status](state, part, create(state, view), view) : []
  const offers = all.filter(({ action }) => readActionKey(action.key) !== null).slice(0, mostButtons)
  return { actions: offers.map(({ action }) => action), form: once(offers.flatMap(({ fields }) => fields)) }
}
