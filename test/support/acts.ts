import { expect } from 'vitest'
import type { Seen } from '../../sandbox/contract.ts'
import type { Actor, Part, Pressed, Stage } from './story.ts'

/** The code of a case, wherever on a message it stands. Throws when there is none. */
export const codeIn = ({ title, text, facts }: Seen): string => {
  const found = codesIn(`${title}\n${text}\n${facts.flat().join('\n')}`)[0]
  if (!found) throw new Error(`no code on «${title || text}»`)
  return found
}

const codesIn = (words: string): readonly string[] => words.match(/YH-[A-Z0-9]{3,6}-\d{8}-\d{4,9}-[0-9A-Z]/g) ?? []

/** Codes of the cases that somebody sees cards of, each once, in the order of their first card. */
export const casesSeenBy = async (actor: Actor): Promise<readonly string[]> => [
  ...new Set((await actor.sees()).filter(({ kind }) => kind === 'card').flatMap((seen) => codesIn(seen.text).slice(0, 1))),
]

/** The newest card of one case on somebody's phone. Counts as looked at together with every other message of that case. */
export const cardOf = async (actor: Actor, code: string): Promise<Seen> => {
  const found = (await actor.sees()).findLast(({ kind, text }) => kind === 'card' && text.includes(code))
  if (!found) throw new Error(`${actor.id} has no card of ${code}`)
  return found
}

export const factOf = (seen: Seen | null, label: string): string | undefined => seen?.facts.find(([name]) => name === label)?.[1]

/** Everything a press was answered with: the toast, and the card where the platform has no toast. */
export const answerOf = ({ toast, card }: Pressed): string => `${toast?.text ?? ''}\n${card?.text ?? ''}`

export const expectAnswered = (pressed: Pressed): Pressed => {
  expect(pressed.status, JSON.stringify(pressed)).toBe('answered')
  return pressed
}

type Cast = Stage['people']

/** 接单 by the team lead, the report before it. Gives the code. */
export const takesOn = async ({ welder, teamLead }: Cast, words = '3号泵房漏油', sample = 'oil-leak.jpg'): Promise<string> => {
  await welder.sendsPhoto(sample, words)
  const code = codeIn(await teamLead.seesCard('隐患待处理'))
  expectAnswered(await teamLead.presses('接单', {}, (await cardOf(teamLead, code)).id))
  return code
}

/** The owner proves the repair with a photo and submits it. */
export const rectifies = async (owner: Actor, code: string): Promise<void> => {
  expectAnswered(await owner.presses('上传整改照片', {}, (await cardOf(owner, code)).id))
  await owner.sendsPhoto('fixed-oil-leak.jpg')
  await owner.seesText(`整改照片已归入 ${code}`)
  expectAnswered(await owner.presses('提交整改', {}, (await cardOf(owner, code)).id))
}

/** Whoever of these was asked to verify; there must be exactly one who can press now. */
export const verifierOf = async (code: string, officers: readonly Actor[]): Promise<Actor> => {
  const asked: Actor[] = []
  for (const officer of officers) {
    const cards = (await officer.sees()).filter(({ kind, text }) => kind === 'card' && text.includes(code))
    if (cards.some(({ title, actions }) => title === '隐患待验收' && actions.includes('验收通过'))) asked.push(officer)
  }
  const [one, ...more] = asked
  if (!one || more.length > 0) throw new Error(`${asked.length} officers can verify ${code}`)
  return one
}

/** Looks at whatever these people have, where a story is about something else. */
export const looksAtEverything = async (people: Cast, ...parts: readonly Part[]): Promise<void> => {
  for (const part of parts) {
    const actor = people[part]
    for (const seen of await actor.sees())
      await (seen.kind === 'card' ? actor.seesCard(seen.title) : actor.seesText(seen.text))
  }
}

/** The reporter's receipt for what was joined to a report, which only a platform whose cards cannot follow sends as words. */
export const maySee = async (actor: Actor, words: RegExp): Promise<void> => {
  if ((await actor.sees()).some(({ kind, text }) => kind === 'text' && words.test(text))) await actor.seesText(words)
}
