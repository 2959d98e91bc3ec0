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

/** Presses what an older look of a card offered; null where that phone's client has taken the button away already (WeCom, after an update; everywhere, after a recall). */
export const pressesOld = async (actor: Actor, label: string, message: string): Promise<Pressed | null> => {
  try {
    return expectAnswered(await actor.presses(label, {}, message))
  } catch (error) {
    if (error instanceof Error && (error.message.includes(`there is no button ${label}`) || error.message.includes('"recalled"')))
      return null
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

/** The buttons that ask for a stage, and what its photo is answered with. */
const stages = {
  before: { labels: ['上传整改前照片'], sample: 'oil-leak.jpg', taken: '整改前照片已归入' },
  during: { labels: ['上传整改中照片'], sample: 'rotated.jpg', taken: '整改中照片已归入' },
  after: { labels: ['上传整改后照片', '上传整改照片'], sample: 'fixed-oil-leak.jpg', taken: '整改照片已归入' },
} as const
export type Stage3 = keyof typeof stages

/** Presses the button that asks for photos of a stage; false where the card has none. */
export const asksFor = async (owner: Actor, code: string, stage: Stage3): Promise<boolean> => {
  const card = await cardOf(owner, code)
  const label = stages[stage].labels.find((one) => card.actions.includes(one))
  if (label === undefined) return false
  expectAnswered(await owner.presses(label, {}, card.id))
  return true
}

/** Sends a photo of a stage, where the card asks for one. */
export const proves = async (owner: Actor, code: string, stage: Stage3): Promise<void> => {
  if (!(await asksFor(owner, code, stage))) return
  await owner.sendsPhoto(stages[stage].sample)
  await owner.seesText(`${stages[stage].taken} ${code}`)
}

/** Whoever graded the case says why it came about, where the grade asks for it. */
export const explains = async (actor: Actor, code: string): Promise<void> => {
  const card = await cardOf(actor, code)
  if (!card.actions.includes('补充原因')) return
  expectAnswered(await actor.presses('补充原因', {}, card.id))
  await actor.says('密封老化\n点检缺失\n接油盘并警戒')
  await actor.mayHear(/原因与管控建议已记录|请直接回复/)
}

/** The owner proves the repair with the photos that the grade wants, signs and submits it. */
export const rectifies = async (owner: Actor, code: string): Promise<void> => {
  await explains(owner, code)
  for (const stage of ['before', 'during', 'after'] as const) await proves(owner, code, stage)
  const submitted = expectAnswered(await owner.presses('提交整改', {}, (await cardOf(owner, code)).id))
  await owner.mayHear(/请直接回复“本人确认”/)
  if (!answerOf(submitted).includes('等待验收')) await owner.says('本人确认')
  await owner.mayHear(/^已提交，由其他班组的两名验收人盲评验收/)
}

export type Judge = { readonly actor: Actor; readonly card: Seen }

/** Everybody who can press on a task now, by its letter. Their cards name no case, so a story has one case under verification. */
export const judgesOf = async ({ everyone: _, ...people }: Cast): Promise<Readonly<Record<'A' | 'B', Judge>>> => {
  const found = new Map<string, Judge[]>()
  for (const actor of Object.values(people))
    for (const letter of ['A', 'B']) {
      const card = (await actor.sees()).findLast(({ kind, title }) => kind === 'card' && title.endsWith(`验收任务 ${letter}`))
      if (card?.actions.includes('退回整改')) found.set(letter, [...(found.get(letter) ?? []), { actor, card }])
    }
  const one = (letter: string): Judge => {
    const [judge, ...more] = found.get(letter) ?? []
    if (!judge || more.length > 0) throw new Error(`${found.get(letter)?.length ?? 0} people can judge task ${letter}`)
    return judge
  }
  return { A: one('A'), B: one('B') }
}

/** 验收通过 by one of the two. */
export const passes = async ({ actor, card }: Judge): Promise<Pressed> =>
  expectAnswered(await actor.presses('验收通过', {}, card.id))

/** Both verifiers pass the repair; gives who they were. */
export const bothPass = async (people: Cast): Promise<readonly Actor[]> => {
  const { A, B } = await judgesOf(people)
  await passes(A)
  await passes(B)
  return [A.actor, B.actor]
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
export const returns = async ({ actor, card }: Judge, reason: string): Promise<void> => {
  const hasForm = card.form.some(({ name }) => name === 'reason')
  expectAnswered(await actor.presses('退回整改', hasForm ? { reason } : {}, card.id))
  if (!hasForm) await actor.says(reason)
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
  const { welder, teamLead } = people
  const code = await takesOn(people)
  await rectifies(teamLead, code)
  const first = await judgesOf(people)
  await returns(first.A, '还在滴油')
  const returned = await cardOf(teamLead, code)
  expect(factOf(returned, '退回原因')).toBe('还在滴油')
  await rectifies(teamLead, code)
  const judges = await bothPass(people)
  await welder.seesCard('隐患已关闭', { facts: { 状态: '已关闭' } })
  for (const actor of [welder, teamLead])
    for (const seen of await actor.sees()) if (seen.kind === 'card') expect(seen.text).toContain(code)
  for (const { actor } of [first.A, first.B, ...judges.map((actor) => ({ actor }))]) {
    for (const seen of await actor.sees()) expect(`${seen.title}\n${seen.text}`).not.toContain(code)
    await looksAt(actor)
  }
  await looksAt(welder, teamLead)
  await people.everyone.seesNothingElse()
}
