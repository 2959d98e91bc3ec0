import { expect } from 'vitest'
import type { Seen } from '../../sandbox/contract.ts'
import type { Actor, Pressed, Stage } from './story.ts'

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

/** The newest card of one case on somebody's phone: the code stands on a line of its own. */
export const cardOf = async (actor: Actor, code: string): Promise<Seen> => {
  const found = (await actor.sees()).findLast(({ kind, text }) => kind === 'card' && text.split('\n').includes(code))
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

/** Presses what an older look of a card offered; null where that phone's client has taken the button away already (WeCom, after an update). */
export const pressesOld = async (actor: Actor, label: string, message: string): Promise<Pressed | null> => {
  try {
    return expectAnswered(await actor.presses(label, {}, message))
  } catch (error) {
    if (error instanceof Error && error.message.includes(`there is no button ${label}`)) return null
    throw error
  }
}

type Cast = Stage['people']

/** 接单 by the team lead, the report before it; the reporter's receipts are looked at. Gives the code. */
export const takesOn = async ({ welder, teamLead }: Cast, words = '3号泵房漏油', sample = 'oil-leak.jpg'): Promise<string> => {
  await welder.sendsPhoto(sample, words)
  const code = codeIn(await teamLead.seesCard('隐患待处理'))
  expectAnswered(await teamLead.presses('接单', {}, (await cardOf(teamLead, code)).id))
  await welder.seesCard('隐患已上报')
  await maySee(welder, /^已并入 YH-/)
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
    if (cards.some(({ title, actions }) => title.endsWith('隐患待验收') && actions.includes('验收通过'))) asked.push(officer)
  }
  const [one, ...more] = asked
  if (!one || more.length > 0) throw new Error(`${asked.length} officers can verify ${code}`)
  return one
}

/** Looks at whatever these people have, where a story is about something else. */
export const looksAt = async (...actors: readonly Actor[]): Promise<void> => {
  for (const actor of actors)
    for (const seen of await actor.sees()) await (seen.kind === 'card' ? actor.seesCard(seen.title) : actor.seesText(seen.text))
}

/** The reporter's receipt for what was joined to a report, which only a platform whose cards cannot follow sends as words. */
export const maySee = async (actor: Actor, words: RegExp): Promise<void> => {
  if ((await actor.sees()).some(({ kind, text }) => kind === 'text' && words.test(text))) await actor.seesText(words)
}

/** 退回整改 with a reason: in the card's form where it has one, else in the next words. */
export const returns = async (verifier: Actor, code: string, reason: string): Promise<void> => {
  const card = await cardOf(verifier, code)
  const hasForm = card.form.some(({ name }) => name === 'reason')
  expectAnswered(await verifier.presses('退回整改', hasForm ? { reason } : {}, card.id))
  if (!hasForm) await verifier.says(reason)
}

/** 仍未解决 with a reason, likewise. */
export const reopens = async (actor: Actor, code: string, reason: string): Promise<void> => {
  expectAnswered(await actor.presses('仍未解决', {}, (await cardOf(actor, code)).id))
  await actor.says(reason)
}

/** The same people, who wait a little after everything they do, so that what a fault has put off arrives. */
export const atLeisure = (stage: Stage): Stage => {
  const wait =
    <A extends readonly unknown[], R>(act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const result = await act(...args)
      await stage.clock.passes(20_000)
      return result
    }
  const { everyone, ...actors } = stage.people
  const slow = Object.entries(actors).map(([part, actor]) => [
    part,
    { ...actor, says: wait(actor.says), sendsPhoto: wait(actor.sendsPhoto), presses: wait(actor.presses) },
  ])
  return { ...stage, people: { ...(Object.fromEntries(slow) as typeof actors), everyone } }
}

/**
 * From the report to the proven closing, with one return in between. Every press is answered, the reporter is told the end, and nobody sees anything that
 * does not belong to the case.
 */
export const livesWhole = async ({ people }: Stage): Promise<void> => {
  const { welder, teamLead, officerA, officerB } = people
  const code = await takesOn(people)
  await rectifies(teamLead, code)
  const verifier = await verifierOf(code, [officerA, officerB])
  await returns(verifier, code, '还在滴油')
  const returned = await cardOf(teamLead, code)
  expect(factOf(returned, '退回原因')).toBe('还在滴油')
  await rectifies(teamLead, code)
  const second = await verifierOf(code, [officerA, officerB])
  expectAnswered(await second.presses('验收通过', {}, (await cardOf(second, code)).id))
  await welder.seesCard('隐患已关闭', { facts: { 状态: '已关闭' } })
  const mine = [welder, teamLead, officerA, officerB]
  for (const actor of mine) for (const seen of await actor.sees()) if (seen.kind === 'card') expect(seen.text).toContain(code)
  await looksAt(...mine)
  await people.everyone.seesNothingElse()
}
