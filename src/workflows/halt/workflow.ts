import { refuse } from '../../lib/refusal.ts'
import { clip } from '../../lib/text.ts'
import { areaIn } from '../areas.ts'
import type { OpenPermit } from '../permit/rows.ts'
import { answerTo, iso, rule, senderOf, toSender } from '../pieces.ts'
import { accept, type Decision, type Effect, type Facts, type Workflow } from '../workflow.ts'
import type { HaltCommand, HaltEvent, HaltState, Stopped } from './halt.ts'

/** 停止作业3号泵房; 停工：ZY-SH01-…; STOP alone. */
export const saidHalt = /^(?:停止作业|停工|stop)[\s：:，,]*([\s\S]*)$/i

/** The most works that go on at a site at one time, and that one word stops. */
const mostActive = 500
/** Works named in a refusal. */
const mostListed = 8

const activeHere = ({ read, plant }: Facts): readonly OpenPermit[] =>
  read({ name: 'permit-open', key: plant.site, most: mostActive })
    .map(({ note }) => JSON.parse(note) as OpenPermit)
    .filter(({ status }) => status === 'active')
    .sort((a, b) => (a.code < b.code ? -1 : 1))

const folded = (text: string): string => text.normalize('NFKC').toUpperCase().replace(/\s+/g, '')

/**
 * Which works the words mean: those whose code they name, else all of the area that they name, else those at a point that they name. Without words those of the
 * speaker's own job, or the only one that goes on. Rather one too many than one too few: work that was stopped may go on again.
 */
export const meant = (
  words: string,
  active: readonly OpenPermit[],
  person: string | null,
  facts: Facts,
): readonly OpenPermit[] => {
  const said = folded(words)
  if (said === '') {
    const own = active.filter(({ people }) => person !== null && people.includes(person))
    return own.length > 0 ? own : active.length === 1 ? active : []
  }
  const named = active.filter(({ code }) => said.includes(folded(code)))
  if (named.length > 0) return named
  const area = areaIn(words, facts.plant)
  const there = active.filter((one) => one.area === area || (one.point !== '' && said.includes(folded(one.point))))
  return there.length > 0 ? there : active.filter(({ point }) => said.length >= 2 && folded(point).includes(said))
}

const listed = (active: readonly OpenPermit[], { plant }: Facts): string =>
  active
    .slice(0, mostListed)
    .map(({ code, area, point }) => `${code} ${plant.areas.find(({ id }) => id === area)?.name ?? area} ${point}`)
    .join('；')

/** 停止作业 by anybody: nobody is asked whether they may (4.8). Whoever is not linked is told no list of what goes on. */
const halt = ({ text }: HaltCommand, facts: Facts): Decision<HaltEvent> => {
  const sender = senderOf(facts)
  if (!sender) return refuse('link-first')
  const words = clip((saidHalt.exec(text.trim())?.[1] ?? '').trim(), 200)
  const active = activeHere(facts)
  if (active.length === 0) return refuse('nothing-goes-on')
  const found = meant(words, active, sender.person, facts)
  if (found.length === 0)
    return sender.person === null ? refuse('which-one') : refuse('which-of-these', { active: listed(active, facts) })
  const stopped = found.map(({ subject, code, area, point }): Stopped => ({ subject, code, area, point }))
  const said = { site: facts.plant.site, by: sender.person, name: sender.name, words, at: iso(facts.at), stopped }
  const orders = stopped.map(
    ({ subject }): Effect => ({
      ...{ kind: 'command', workflow: 'permit', subject, key: `halt:${facts.subject}:${subject}` },
      command: { type: 'suspendBy', because: 'stop', detail: clip(`${sender.name}${words === '' ? '' : `：${words}`}`, 200) },
    }),
  )
  return accept<HaltEvent>([{ type: 'halted', ...said }], [...orders, answerTo(toSender(sender))], 'halted', {
    codes: stopped.map(({ code }) => code).join('、'),
  })
}

/** 停止作业 as words said alone: one record of what was said and what it stopped. */
export const haltWorkflow: Workflow<HaltState, HaltCommand, HaltEvent> = {
  name: 'halt',
  prefix: { code: null, id: 'hlt' },
  version: 1,
  commands: { halt: rule('person', { opens: true, spoken: saidHalt }) },
  decide: (state, command, facts) => (state === null ? halt(command, facts) : refuse('said-already')),
  evolve: (_, { type: _type, ...said }) => ({ status: 'said', ...said }),
  open: () => false,
  owner: () => null,
  stillDue: () => true,
  maySee: (state, { person }, plant) =>
    person !== null && (person === state.by || plant.holders('safetyOfficer', plant.site).includes(person)),
}
