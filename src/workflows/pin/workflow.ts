import { hours, later } from '../../lib/clock.ts'
import { refuse } from '../../lib/refusal.ts'
import { mostWrong, pinHash, pinSubject } from '../permit/pin.ts'
import { actingPerson, duty, inform, iso, isRefusal, rule, tell, toPerson } from '../pieces.ts'
import { accept, type CommandRule, type Decision, type Facts, type Workflow } from '../workflow.ts'
import type { PinCommand, PinEvent, PinState } from './pin.ts'

/** Six to twelve digits, not all the same and no run such as 123456. */
const isStrong = (pin: string): boolean =>
  /^\d{6,12}$/.test(pin) && !/^(\d)\1+$/.test(pin) && !'0123456789876543210'.includes(pin)
/** How long signing is closed to a person after too many wrong PINs in permits. */
const closedFor = hours(1)

type Command<T extends PinCommand['type']> = Extract<PinCommand, { type: T }>
type Arm<T extends PinCommand['type']> = (state: PinState | null, command: Command<T>, facts: Facts) => Decision<PinEvent>

const ask: Arm<'ask'> = (state, _, facts) => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (state !== null) return refuse('own-pin-only')
  const offer = { type: 'offer', person: by.id }
  return accept(
    [{ type: 'asked', person: by.id, at: iso(facts.at) }],
    [{ kind: 'command', workflow: 'pin', subject: pinSubject(by.id, facts), key: `offer:${facts.subject}`, command: offer }],
  )
}

const offer: Arm<'offer'> = (state, { person }, facts) =>
  accept(state === null ? [{ type: 'offered', person, at: iso(facts.at) }] : [], [
    duty(toPerson(state?.person ?? person), 'setPin'),
  ])

/** A new PIN takes the place of the old one; that it was changed is told on all of the person's accounts. */
const setPin: Arm<'setPin'> = (state, { pin, again }, facts) => {
  const by = actingPerson(facts)
  if (isRefusal(by)) return by
  if (state === null || state.status === 'asked' || state.person !== by.id) return refuse('own-pin-only')
  if (pin.trim() !== again.trim()) return refuse('pins-differ')
  if (!isStrong(pin.trim())) return refuse('pin-weak')
  if (state.until !== null && new Date(state.until).getTime() > facts.at.getTime())
    return refuse('pin-closed', { until: state.until })
  return accept(
    [{ type: 'pinSet', hash: pinHash(by.id, pin.trim(), facts), at: iso(facts.at) }],
    [tell(toPerson(by.id), 'pin-changed')],
    'pin-set',
  )
}

const noteWrong: Arm<'noteWrong'> = (state, _, facts) => {
  if (state === null) return refuse('no-such-case')
  const count = state.wrong + 1
  const until = count % mostWrong === 0 ? iso(later(facts.at, closedFor)) : null
  return accept(
    [{ type: 'wrongNoted', count, until, at: iso(facts.at) }],
    until === null ? [] : [tell(toPerson(state.person), 'pin-guessed', { until }), inform(toPerson(state.person))],
  )
}

const arms: { readonly [T in PinCommand['type']]: Arm<T> } = { ask, offer, setPin, noteWrong }

const evolvePin = (state: PinState | null, event: PinEvent): PinState => {
  if (event.type === 'asked' || event.type === 'offered')
    return {
      status: event.type === 'asked' ? 'asked' : 'unset',
      person: event.person,
      hash: null,
      setAt: null,
      wrong: 0,
      until: null,
    }
  if (state === null) throw new Error(`a PIN cannot begin with ${event.type}`)
  if (event.type === 'pinSet') return { ...state, status: 'set', hash: event.hash, setAt: event.at, wrong: 0, until: null }
  return { ...state, wrong: event.count, until: event.until ?? state.until }
}

const commands: Readonly<Record<PinCommand['type'], CommandRule>> = {
  ask: rule('person', { opens: true, spoken: /^(?:设置|修改|重置)(?:签名|签批)?口令$/ }),
  offer: rule('system', { opens: 'named' }),
  setPin: rule('person', { needs: ['plant', 'keyed'], form: ['pin', 'again'] }),
  noteWrong: rule('system'),
}

/** The signing PIN of a person. It has no code and nothing to wait for. */
export const pinWorkflow: Workflow<PinState, PinCommand, PinEvent> = {
  name: 'pin',
  prefix: { code: null, id: 'pin' },
  version: 1,
  commands,
  decide: (state, command, facts) =>
    (arms[command.type] as (state: PinState | null, command: PinCommand, facts: Facts) => Decision<PinEvent>)(
      state,
      command,
      facts,
    ),
  evolve: evolvePin,
  open: () => false,
  owner: () => null,
  index: ({ person, hash, until, setAt }) =>
    hash === null ? [] : [{ name: 'pin', key: person, at: setAt ?? '', weight: 1, note: JSON.stringify({ hash, until }) }],
  stillDue: () => true,
  maySee: (state, { person }) => person === state.person,
}
