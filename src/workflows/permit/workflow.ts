import { rule } from '../pieces.ts'
import type { CommandRule, Plant, Reader, Workflow } from '../workflow.ts'
import { saidApply } from './apply.ts'
import { areaOf, partiesOf, unitOf } from './common.ts'
import { decidePermit } from './decide.ts'
import { evolvePermit } from './evolve.ts'
import { applicationFields } from './fields.ts'
import { gasFields } from './gas.ts'
import type { PermitState } from './permit.ts'
import type { PermitCommand } from './permit-command.ts'
import type { PermitEvent } from './permit-event.ts'
import { permitRows } from './rows.ts'
import { nextNode, signersOf } from './sign.ts'
import { permitTallies } from './tallies.ts'

/** Whatever looks at what else goes on around a place stands still while it does: two applications that exclude each other never both get in. */
const spans = { locks: () => ['permits'] } as const
const withKey = { needs: ['plant', 'keyed'] } as const satisfies Partial<CommandRule>
const opens = { needs: ['plant', 'code'], guards: ['codeCounter'] } as const satisfies Partial<CommandRule>
const proof = ['digits', 'position', 'pin', 'reason']

const commands: Readonly<Record<PermitCommand['type'], CommandRule>> = {
  apply: rule('person', { ...opens, opens: true, spoken: saidApply }),
  applyAgain: rule('system', { ...opens, opens: 'named' }),
  fill: rule('person', { form: applicationFields }),
  submit: rule('person', spans),
  cancel: rule('person', { form: ['reason'] }),
  confirmJsa: rule('person'),
  confirmMeasure: rule('person', { form: ['line', 'involved', 'value'], argument: ['involved', 'line'] }),
  addIsolation: rule('person', { form: ['what', 'kind'] }),
  tryIsolation: rule('person', { form: ['point'], argument: ['point'] }),
  photographIsolation: rule('person', { form: ['point'], argument: ['point'] }),
  addIsolationPhoto: rule('person'),
  storePhoto: rule('system'),
  refusePhoto: rule('system'),
  notePaper: rule('system'),
  brief: rule('person'),
  receiveBriefing: rule('person'),
  showCode: rule('person', withKey),
  sign: rule('person', { ...withKey, form: proof }),
  sendBack: rule('person', { form: ['reason'] }),
  recordGas: rule('person', { ...withKey, form: gasFields }),
  declare: rule('person', { form: ['need'], argument: ['need'] }),
  checkIn: rule('person', { ...withKey, form: proof }),
  answerPulse: rule('person', { ...withKey, form: proof }),
  start: rule('person', { ...withKey, ...spans }),
  pause: rule('person', { ...withKey, form: ['reason'] }),
  stopWork: rule('person', { ...withKey, form: ['reason'] }),
  reportChange: rule('person', { ...withKey, form: ['reason'] }),
  resume: rule('person', { ...withKey, ...spans }),
  complete: rule('person', { form: ['people', 'tools', 'note'] }),
  reissue: rule('person'),
  revoke: rule('person', { form: ['reason'] }),
  suspendBy: rule('system', withKey),
  noteConflict: rule('system'),
  reportUnreachable: rule('system', withKey),
  recheck: rule('system', withKey),
  watch: rule('clock', withKey),
  climb: rule('clock'),
}

const signsNow = (state: PermitState, person: string, plant: Plant): boolean => {
  const step = nextNode(state)
  return step !== null && signersOf(step, state, plant).includes(person)
}

const duties: Readonly<Record<string, (state: PermitState, person: string) => boolean>> = {
  fill: ({ status, applicant }, person) => status === 'draft' && applicant === person,
  jsa: ({ status }) => status === 'jsa',
  measures: ({ status }) => status === 'measures',
  brief: ({ status, briefing }) => status === 'briefing' && briefing === null,
  receive: ({ status, briefing }, person) => status === 'briefing' && !briefing?.receivers.some((one) => one.person === person),
  checkIn: ({ status, attendance }) => status === 'issued' && attendance === null,
  start: ({ status }) => status === 'issued',
  pulse: ({ status, attendance }) => status === 'active' && attendance?.asked !== null,
  stopped: ({ status, endedAt }) => endedAt === null && (status === 'suspended' || status === 'revoked'),
  leave: ({ status, endedAt }) => endedAt === null && status === 'expired',
  close: ({ endedAt }) => endedAt === null,
  unsigned: ({ status }) => status === 'signing' || status === 'completed',
}

const stillDue = (state: PermitState, { person }: Reader, duty: string): boolean => {
  if (duty.startsWith('sign:')) return state.endedAt === null && !state.signatures.some(({ node }) => node === duty.slice(5))
  return person === null ? true : (duties[duty]?.(state, person) ?? true)
}

/** The crew, whoever signs or has signed, the unit of the place, whoever was called, and those who look after safety at the site. */
const maySee = (state: PermitState, { person }: Reader, plant: Plant): boolean => {
  if (person === null) return false
  if (partiesOf(state).includes(person) || person === state.coordinator || unitOf(state, plant).includes(person)) return true
  if (state.signatures.some(({ by }) => by === person) || signsNow(state, person, plant)) return true
  if (state.chain.some((step) => signersOf(step, state, plant).includes(person))) return true
  if (state.called.some(({ persons }) => persons.includes(person))) return true
  const roles = ['safetyOfficer', 'safetyDirector', 'productionDirector', 'principal', 'gasAnalyst']
  return areaOf(state, plant)?.owner === person || roles.some((role) => plant.holders(role, plant.site).includes(person))
}

/** Special-work permits, from the application to the last person out. */
export const permitWorkflow: Workflow<PermitState, PermitCommand, PermitEvent> = {
  name: 'permit',
  prefix: { code: 'ZY', id: 'per' },
  version: 1,
  commands,
  decide: decidePermit,
  evolve: evolvePermit,
  repair: Object.fromEntries(
    ['draft', 'jsa', 'measures', 'briefing', 'signing', 'issued', 'active', 'suspended', 'completed', 'expired', 'revoked'].map(
      (status) => [status, { tag: 'watch', command: { type: 'watch' } }],
    ),
  ),
  open: ({ endedAt }) => endedAt === null,
  owner: ({ crew, applicant, status }) => (status === 'draft' ? applicant : (crew?.workLeader ?? applicant)),
  index: permitRows,
  tallies: permitTallies,
  stillDue,
  maySee,
}
