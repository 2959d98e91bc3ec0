/**
 * Wrong things that must not compile. Each line marked `@ts-expect-error` is wrong on purpose: the day it compiles, `tsc` fails here.
 * Nothing of this file runs.
 */
import type { Capabilities, ChatPlatform, DeliveryError, Incoming, Received } from '../../src/bots/platform.ts'
import { type ActionKey, actionKey } from '../../src/cards/action-key.ts'
import type { Action, Card, ChatField, FormField, Tone } from '../../src/cards/card.ts'
import type { Registered } from '../../src/engine/registry.ts'
import type { Route } from '../../src/engine/route.ts'
import { match, matchType } from '../../src/lib/match.ts'
import { type Refusal, refuse } from '../../src/lib/refusal.ts'
import type { Colour, HazardSla } from '../../src/rules/sla.ts'
import type { HazardCommand, HazardEvent, HazardState } from '../../src/workflows/hazard/hazard.ts'
import type { LinkState } from '../../src/workflows/link/link.ts'
import { accept, type CommandRule, type Decision, type Effect, type Facts, type Plant } from '../../src/workflows/workflow.ts'

type Light = { readonly kind: 'on'; readonly watts: number } | { readonly kind: 'off' }

export const aMissingArm = (light: Light): number =>
  // @ts-expect-error the arm for `off` is missing
  match(light, { on: ({ watts }) => watts })

export const anUnknownArm = (light: Light): number =>
  // @ts-expect-error nothing is ever `broken`
  match(light, { on: ({ watts }) => watts, off: () => 0, broken: () => 1 })

export const aValueOfAnotherArm = (light: Light): number =>
  // @ts-expect-error what is off has no watts
  match(light, { on: ({ watts }) => watts, off: ({ watts }) => watts })

export const aMissingType = (command: { readonly type: 'accept' } | { readonly type: 'reject' }): string =>
  // @ts-expect-error the arm for `reject` is missing
  matchType(command, { accept: () => 'taken' })

// @ts-expect-error a hazard has no such command
export const anUnknownCommand: HazardCommand = { type: 'postpone' }
// @ts-expect-error a return without its reason
export const aVetoWithoutReason: HazardCommand = { type: 'veto' }
// @ts-expect-error an event is in the past tense
export const anEventInTheImperative: HazardEvent = { type: 'close', by: 'a', name: 'b', at: 'c' }
// @ts-expect-error a reopening says who goes on
export const aHalfReopening: HazardEvent = {
  type: 'reopened',
  by: 'a',
  name: 'b',
  reason: 'c',
  at: 'd',
  dueAt: null,
  appeal: false,
}

export const aChangedState = (state: HazardState, link: LinkState, plant: Plant): void => {
  // @ts-expect-error states are read-only
  state.status = 'closed'
  // @ts-expect-error so are the lists in them
  state.files.push(state.files[0])
  // @ts-expect-error nobody is made somebody by assignment
  link.person = 'welder'
  // @ts-expect-error a decision does not change the plant
  plant.persons.set('a', { id: 'a', name: 'a', team: '', company: '', active: true })
}

// @ts-expect-error a status that the domain does not know
export const anUnknownStatus: HazardState['status'] = 'postponed'
// @ts-expect-error four colours and no more
export const aFifthColour: Colour = 'purple'
// @ts-expect-error a time for every colour
export const aColourWithoutTime: HazardSla['due'] = { red: 1, orange: 2, yellow: 3 }

// @ts-expect-error a clock without its instant
export const aDeadlineWithoutTime: Effect = { kind: 'setDeadline', tag: 'climb', command: { type: 'climb' } }
// @ts-expect-error an instant is a date, not a text
export const aDeadlineInWords: Effect = { kind: 'setDeadline', tag: 'climb', at: '2026-11-24', command: { type: 'climb' } }
// @ts-expect-error a queue that nobody works
export const aJobForNobody: Effect = { kind: 'job', queue: 'print', key: 'k', payload: {} }
// @ts-expect-error a card for somebody, always
export const aCardForNobody: Effect = { kind: 'showCard', duty: null, urgent: false, ring: false }
// @ts-expect-error a named read that the engine does not make
export const anUnknownNeed: CommandRule = { from: 'person', opens: false, needs: ['weather'], guards: [] }
// @ts-expect-error who may send it is always said
export const aCommandFromAnybody: CommandRule = { opens: false, needs: [], guards: [] }

// @ts-expect-error a refusal is not an acceptance
export const aRefusalTakenForYes: Decision<HazardEvent> & { readonly kind: 'accepted' } = refuse('not-now')
// @ts-expect-error words are keys with values of text
export const aNumberInWords: Refusal = refuse('not-now', { count: 3 })
// @ts-expect-error an event of another workflow
export const aForeignEvent: Decision<HazardEvent> = accept([{ type: 'claimed', person: 'a', at: 'b' }])
// @ts-expect-error facts carry the instant; nothing reads a clock
export const factsWithoutTime: Facts = { actor: { kind: 'clock' }, arrival: '', subject: '', code: null, oneTimeCode: '' }

// @ts-expect-error a button has a key, never code
export const aButtonWithCode: Action = { label: '接单', style: 'primary', needsForm: false, onPress: () => 1 }
// @ts-expect-error a tone that no platform draws
export const anUnknownTone: Tone = 'pink'
// @ts-expect-error a card always has a summary
export const aCardWithoutSummary: Omit<Card, 'page'> = {
  tone: 'info',
  title: '',
  subtitle: '',
  facts: [],
  body: '',
  pictures: [],
  form: [],
  actions: [],
  note: '',
}
// @ts-expect-error a field of a form is a choice or a text
export const aDateField: FormField = { kind: 'date', name: 'day', label: '日期', required: true }
// @ts-expect-error an argument that is not there is left out, not undefined
export const anUndefinedArgument: ActionKey = { workflow: 'a', command: 'b', subject: 'c', revision: 1, argument: undefined }
// @ts-expect-error a button names its subject
export const aKeyWithoutSubject = actionKey({ workflow: 'hazard', command: 'accept', revision: 1 })

/** Names of members that may be absent. */
type Optional<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T]
type Nothing<T extends never> = T
/** The port has no optional member: what a platform lacks is in `can`. */
export type NoOptionalMember = Nothing<Optional<ChatPlatform>>
export type NoOptionalCapability = Nothing<Optional<Capabilities>>
export type NoOptionalPartOfACard = Nothing<Optional<Card>>

// @ts-expect-error a press carries its form
export const aPressWithoutForm: Extract<Incoming, { kind: 'press' }>['form'] = undefined
// @ts-expect-error an accepted request is answered
export const anUnansweredRequest: Received = { kind: 'accepted', incoming: {} as Incoming }
// @ts-expect-error three ways to fail
export const aFourthWayToFail: DeliveryError['kind'] = 'unlucky'
// @ts-expect-error a route that the engine does not follow
export const anUnknownRoute: Route = { kind: 'shout', words: 'home' }
// @ts-expect-error a workflow is registered with all its words
export const halfTheWords: Registered['words'] = { say: {}, notices: {}, refusals: {}, actions: {} }

const pin = { kind: 'secret', name: 'pin', label: '口令', longest: 12, required: true } as const
// @ts-expect-error nobody reads a PIN that was typed before
export const aSecretThatIsShown: FormField = { ...pin, initial: '1' }
// @ts-expect-error a chat cannot mask what is typed
export const aSecretInAChat: ChatField = pin
// @ts-expect-error a chat does not know where a phone stands
export const aPositionInAChat: ChatField = { kind: 'position', name: 'position', label: '位置', required: true }
