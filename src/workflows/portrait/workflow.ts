import { refuse } from '../../lib/refusal.ts'
import { portrait } from '../../rules/points.ts'
import { actingPerson, iso, isRefusal, outOfReach, rule } from '../pieces.ts'
import { portraitOf } from '../points/portrait.ts'
import { accept, type Decision, type Effect, type Facts, type IndexRow, type Workflow } from '../workflow.ts'
import {
  type PortraitCard,
  type PortraitCommand,
  type PortraitEvent,
  type PortraitState,
  pictureKey,
  pictureRows,
} from './portrait.ts'

type PortraitDecision = Decision<PortraitEvent>

/** The most cards that a portrait keeps; more stand on their own pages. */
const mostCards = 10

const drawnBefore = (key: string, { read }: Facts): string | null => read({ name: pictureRows, key, most: 1 })[0]?.note ?? null

const draw = ({ subject }: Facts): Effect => ({
  kind: 'job',
  queue: 'picture',
  key: `picture:${subject}`,
  payload: { subject },
})

/** The answer goes to the account that asked, into the direct chat, wherever it was asked. It never waits for the picture. */
const ask = (facts: Facts): PortraitDecision => {
  const person = actingPerson(facts)
  if (isRefusal(person)) return person
  if (!('account' in facts.actor)) return refuse('link-first')
  const { axes, total, cards } = portraitOf({ ...facts, person: person.id })
  const thumbnail = drawnBefore(pictureKey(axes), facts)
  const asked: PortraitEvent = {
    type: 'asked',
    site: facts.plant.site,
    person: person.id,
    at: iso(facts.at),
    rules: portrait.id,
    axes,
    total,
    cards: cards.slice(0, mostCards).map(({ colour, cause, status, code }): PortraitCard => ({ colour, cause, status, code })),
    thumbnail,
  }
  const to = { kind: 'account', ...facts.actor.account } as const
  const show: Effect = { kind: 'showCard', to, duty: 'look', urgent: false, ring: false }
  return accept([asked], thumbnail === null ? [show, draw(facts)] : [show])
}

const decide = (state: PortraitState | null, command: PortraitCommand, facts: Facts): PortraitDecision => {
  if (command.type === 'ask') return state ? refuse('asked-already') : ask(facts)
  if (!state) return refuse('no-such-case')
  if (command.type === 'reportUnreachable') return accept([], [outOfReach(command.person, command.duty, '')])
  if (state.status !== 'asked') return refuse('drawn-already')
  const at = iso(facts.at)
  return command.type === 'storePicture'
    ? accept([{ type: 'drawn', thumbnail: command.thumbnail, at }])
    : accept([{ type: 'undrawn', at }])
}

const evolve = (state: PortraitState | null, event: PortraitEvent): PortraitState => {
  if (event.type === 'asked') {
    const { type: _, thumbnail, ...asked } = event
    return {
      ...asked,
      status: thumbnail === null ? 'asked' : 'drawn',
      picture: thumbnail === null ? null : { thumbnail },
      own: false,
    }
  }
  if (!state) throw new Error(`a portrait cannot begin with ${event.type}`)
  return event.type === 'drawn'
    ? { ...state, status: 'drawn', picture: { thumbnail: event.thumbnail }, own: true }
    : { ...state, status: 'undrawn' }
}

/** A picture is found again by what it shows. */
const index = ({ own, picture, axes, at }: PortraitState): readonly IndexRow[] =>
  own && picture ? [{ name: pictureRows, key: pictureKey(axes), at, weight: 1, note: picture.thumbnail }] : []

/** 我的安全画像: six axes over this month and the two before, for its person and nobody else. */
export const portraitWorkflow: Workflow<PortraitState, PortraitCommand, PortraitEvent> = {
  name: 'portrait',
  prefix: { code: null, id: 'prt' },
  version: 1,
  commands: {
    ask: rule('person', { opens: true, spoken: /^我的(安全)?画像[?？。]?$/ }),
    storePicture: rule('system'),
    refusePicture: rule('system'),
    reportUnreachable: rule('system'),
  },
  decide,
  evolve,
  open: () => false,
  owner: () => null,
  stillDue: () => true,
  maySee: (state, { person }) => person === state.person,
  index,
}
