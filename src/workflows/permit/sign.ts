import { later, minutes, seconds } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { clip } from '../../lib/text.ts'
import { distanceMetres } from '../../rules/permits/places.ts'
import { duty, iso, isRefusal, nobodyHolds, strikeAt, toPerson } from '../pieces.ts'
import { accept, type Effect, type Facts, type Plant } from '../workflow.ts'
import { type Arm, areaOf, cite, frozenRules, isAdministrator, type PermitDecision, whoIn } from './common.ts'
import type { ChainStep, PermitState, SiteProof } from './permit.ts'
import type { PermitEvent } from './permit-event.ts'
import { mostWrong, pinOf, pinSubject } from './pin.ts'
import { isTheirCode, readPosition } from './site-proof.ts'
import { lookAtWeather } from './weather.ts'

/** A signature that nobody gives calls the next one up after this time (product promise 9). */
export const signWithin = minutes(30)

const scopeOf = (step: ChainStep, state: PermitState, plant: Plant): readonly string[] => {
  const area = areaOf(state, plant)
  if (step.scope === 'area') return area ? [area.team, area.id, plant.site] : [plant.site]
  return [plant.site]
}

/** Who may give a signature: the holders of its role, or the people of the job itself for nodes of the permit. Never an administrator. */
export const signersOf = (step: ChainStep, state: PermitState, plant: Plant): readonly string[] => {
  const own: Readonly<Record<string, readonly string[]>> = {
    applicant: [state.applicant],
    workLeader: state.crew ? [state.crew.workLeader] : [],
    attendant: state.crew?.attendants ?? [],
  }
  const area = areaOf(state, plant)
  const found =
    step.scope === 'permit'
      ? (own[step.role] ?? [])
      : step.role === 'areaOwner'
        ? area?.owner
          ? [area.owner]
          : []
        : scopeOf(step, state, plant).flatMap((scope) => plant.holders(step.role, scope))
  return [...new Set(found)].filter((id) => plant.persons.get(id)?.active === true && !isAdministrator(plant, id))
}

/** The next signature that is open before the start; null when all are given. */
export const nextNode = ({ chain, signatures }: PermitState): ChainStep | null =>
  chain.find(({ id, kind }) => kind !== 'acceptance' && kind !== 'beforeStart' && !signatures.some(({ node }) => node === id)) ??
  null

/** Separation of duties: whoever applied, leads, works or watches gives no signature above the job; and nobody signs two nodes that check each other. */
export const isBarred = (step: ChainStep, state: PermitState, person: string): string | null => {
  if (step.scope === 'permit') return null
  const { crew, applicant, signatures } = state
  if (person === applicant) return 'applicant-signs-not'
  if (crew && [crew.workLeader, ...crew.workers].includes(person)) return 'worker-signs-not'
  if (crew?.attendants.includes(person)) return 'attendant-signs-not'
  // Whoever approved for the unit may check the ticket before the start and accept the work: these look at the work, not at each other.
  if (step.kind === 'beforeStart' || step.kind === 'acceptance') return null
  const own = signatures.filter(({ by }) => by === person)
  return own.some(({ node }) =>
    state.chain.some((one) => one.id === node && one.scope !== 'permit' && one.kind !== 'beforeStart'),
  )
    ? 'signed-already'
    : null
}

export const askNode = (step: ChainStep, state: PermitState, signers: readonly string[], facts: Facts): readonly Effect[] => {
  const free = signers.filter((id) => isBarred(step, state, id) === null && facts.plant.reachable(id))
  const cards = free.map((id) => duty(toPerson(id), `sign:${step.id}`, step.kind === 'approve'))
  const clock = strikeAt('climb', later(facts.at, signWithin), { type: 'climb', rung: 0 })
  return free.length > 0 ? [...cards, clock] : [...nobodyHolds(step.role, state.code, facts), clock]
}

/** Metres of the fence round a work point: a signer stands inside it, give or take what their phone says of its own accuracy. Our own figure. */
export const signingFence = 50
/** A position older than this is no proof of where somebody stands now. */
export const positionAge = seconds(120)

type Proven =
  | { readonly kind: 'proven'; readonly proof: SiteProof }
  | { readonly kind: 'refused'; readonly because: string; readonly what: 'digits' | null }

/** Metres of the fence; `ifGiven`: the position alone is enough, and a code that is given all the same must be right. */
type Asked = { readonly fence: number; readonly code: 'always' | 'ifGiven' }

/** Did this person stand at the work point? Wants the code that is shown there now, and a fresh position inside the fence. */
export const proveSite = (
  state: PermitState,
  { digits, position }: { readonly digits?: string; readonly position?: string },
  facts: Facts,
  { fence, code }: Asked = { fence: signingFence, code: 'always' },
): Proven => {
  const no = (because: string, what: 'digits' | null = null): Proven => ({ kind: 'refused', because, what })
  const said = digits?.trim() ?? ''
  if (said === '' && code === 'always') return no('code-wanted')
  if (said !== '' && !isTheirCode(said, facts)) return no('code-wrong', 'digits')
  const here = readPosition(position)
  if (!here) return no('position-wanted')
  const age = facts.at.getTime() - here.at.getTime()
  if (age > positionAge || age < -seconds(60)) return no('position-old')
  if (!state.place || Number.isNaN(state.place.lat)) return no('no-place')
  if (here.accuracy > 100) return no('position-vague')
  if (distanceMetres(here, state.place) > fence + here.accuracy) return no('not-at-site')
  return {
    kind: 'proven',
    proof: {
      how: said === '' ? 'position' : 'code',
      lat: here.lat,
      lng: here.lng,
      accuracy: here.accuracy,
      at: iso(here.at),
      photo: null,
    },
  }
}

/** A wrong code or PIN, as it is counted. */
export const failed = (node: string, by: string, what: 'pin' | 'digits', facts: Facts): PermitEvent => ({
  type: 'proofFailed',
  node,
  by,
  what,
  at: iso(facts.at),
})

/** 签批. Statutory nodes in order. `approve` nodes (4.11 a) are given at the work point only; every node above the job wants the PIN beside the chat login. */
export const sign: Arm<'sign'> = (state, command, facts): PermitDecision => {
  const by = whoIn(state, facts, ['signing', 'issued', 'completed'])
  if (isRefusal(by)) return by
  const step = stepFor(state, by.id, facts.plant)
  if (!step) return refuse('nothing-to-sign', { code: state.code })
  const barred = isBarred(step, state, by.id)
  if (barred) return refuse(barred, { code: state.code, node: step.label })
  if ((state.wrong[by.id] ?? 0) >= mostWrong) return refuse('too-many-wrong', { code: state.code })
  const { pack } = frozenRules(state, facts)
  const wantsSite = step.kind === 'approve'
  const site = wantsSite ? proveSite(state, command, facts) : null
  if (site?.kind === 'refused') {
    if (site.what === 'digits') return accept([failed(step.id, by.id, 'digits', facts)], [], site.because, { code: state.code })
    return refuse(site.because, { code: state.code, node: step.label, place: state.place?.point ?? '' }, cite(pack, '4.11'))
  }
  const pin = step.scope === 'permit' ? 'not-needed' : pinOf(by.id, command.pin ?? '', facts)
  if (pin === 'none') return refuse('no-pin', { code: state.code })
  if (pin === 'locked') return refuse('pin-locked', { code: state.code })
  if (pin === 'missing') return refuse('pin-wanted', { code: state.code })
  if (pin === 'wrong')
    return accept(
      [failed(step.id, by.id, 'pin', facts)],
      [
        {
          kind: 'command',
          workflow: 'pin',
          subject: pinSubject(by.id, facts),
          key: `wrong:${facts.arrival}`,
          command: { type: 'noteWrong', person: by.id },
        },
      ],
      'pin-wrong',
      { code: state.code, left: String(mostWrong - 1 - (state.wrong[by.id] ?? 0)) },
    )
  const signature = {
    node: step.id,
    by: by.id,
    at: iso(facts.at),
    proof: site?.proof ?? null,
    factor: pin === 'right' ? ('pin' as const) : null,
  }
  return signed(state, step, signature, facts)
}

const signed = (
  state: PermitState,
  step: ChainStep,
  signature: PermitState['signatures'][number],
  facts: Facts,
): PermitDecision => {
  const after = { ...state, signatures: [...state.signatures, signature] }
  if (step.kind === 'acceptance') {
    const rest = state.chain.filter(({ id, kind }) => kind === 'acceptance' && !after.signatures.some(({ node }) => node === id))
    const next = rest[0]
    const events: readonly PermitEvent[] = [{ type: 'signed', signature, next: next?.id ?? null }]
    return next
      ? accept(events, askNode(next, after, signersOf(next, after, facts.plant), facts), 'signed', {
          code: state.code,
          node: step.label,
        })
      : accept(
          [...events, { type: 'accepted', by: signature.by, at: signature.at }],
          [
            { kind: 'cancelDeadline', tag: 'climb' },
            { kind: 'cancelDeadline', tag: 'watch' },
          ],
          'accepted',
          { code: state.code },
        )
  }
  const next = nextNode(after)
  const isBefore = step.kind === 'beforeStart'
  return accept(
    [{ type: 'signed', signature, next: isBefore ? null : (next?.id ?? null) }],
    isBefore
      ? []
      : next
        ? askNode(next, after, signersOf(next, after, facts.plant), facts)
        : [{ kind: 'cancelDeadline', tag: 'climb' }, ...issuedCards(after, facts.plant), ...lookAtWeather(after, facts)],
    'signed',
    { code: state.code, node: step.label },
  )
}

/** Everything is signed: the attendant goes on post, the work leader starts, and whoever checks the ticket before the start is asked. */
const issuedCards = (state: PermitState, plant: Plant): readonly Effect[] => {
  const { crew, chain } = state
  const checks = chain
    .filter(({ kind }) => kind === 'beforeStart')
    .slice(0, 1)
    .flatMap((step) =>
      signersOf(step, state, plant)
        .filter((id) => isBarred(step, state, id) === null && plant.reachable(id))
        .map((id) => duty(toPerson(id), `sign:${step.id}`)),
    )
  return crew
    ? [...crew.attendants.map((id) => duty(toPerson(id), 'checkIn')), ...checks, duty(toPerson(crew.workLeader), 'start')]
    : []
}

/** The node that this person's signature is for now. */
export const stepFor = (state: PermitState, person: string, plant: Plant): ChainStep | null => {
  const kinds =
    state.status === 'completed'
      ? ['acceptance']
      : state.status === 'issued'
        ? ['beforeStart']
        : ['confirm', 'review', 'countersign', 'approve']
  const open = state.chain.filter(({ id, kind }) => kinds.includes(kind) && !state.signatures.some(({ node }) => node === id))
  const first = open[0]
  return first && signersOf(first, state, plant).includes(person) ? first : null
}

/** 退回: whoever is asked to sign ends the application, with a reason; it is applied for anew. */
export const sendBack: Arm<'sendBack'> = (state, { reason }, facts) => {
  const by = whoIn(state, facts, ['signing', 'issued'])
  if (isRefusal(by)) return by
  const step = stepFor(state, by.id, facts.plant)
  if (!step || isBarred(step, state, by.id)) return refuse('nothing-to-sign', { code: state.code })
  const words = clip(reason.trim(), 300)
  if (words === '') return refuse('reason-wanted', { code: state.code })
  return accept(
    [{ type: 'sentBack', node: step.id, by: by.id, reason: words, at: iso(facts.at) }],
    [{ kind: 'cancelDeadline', tag: 'climb' }, { kind: 'cancelDeadline', tag: 'watch' }, duty(toPerson(state.applicant), 'look')],
    'sent-back',
    { code: state.code },
  )
}
