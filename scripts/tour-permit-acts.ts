/** What the scenes of permits have people do, over and over. */
import { pin, timeOfDay } from './tour-permit-forms.ts'
import type { Tour } from './tour-phones.ts'
import { codeOn, holds, type Memo } from './tour-play.ts'

const hour = 3_600_000
const chinaAhead = 8 * hour

/** Minutes until a working day is light: hot work by night, on rest days and on holidays is managed one level higher. Nothing between seven and one. */
export const untilMorning = (now: number): number => {
  const wall = new Date(now + chinaAhead)
  const isWorking = (day: number): boolean => day >= 1 && day <= 5
  if (isWorking(wall.getUTCDay()) && wall.getUTCHours() >= 7 && wall.getUTCHours() < 13) return 0
  const next = new Date(wall)
  next.setUTCHours(9, 30, 0, 0)
  while (next.getTime() <= wall.getTime() || !isWorking(next.getUTCDay())) next.setUTCDate(next.getUTCDate() + 1)
  return (next.getTime() - wall.getTime()) / 60_000
}

/** A morning, and everything that came before it is looked at no more. */
export const toMorning = async (tour: Tour): Promise<void> => {
  const minutes = untilMorning(await tour.now())
  if (minutes === 0) return
  await tour.forward(minutes)
  await tour.begin()
}

/** Throws when an answer does not say this. */
export const says = (answer: string, words: RegExp | string): void =>
  holds(
    typeof words === 'string' ? answer.includes(words) : words.test(answer),
    `the answer is “${answer.slice(0, 200)}”, not ${words}`,
  )

/** Every measure line by itself: the page offers the next one when the one before is confirmed. Gives how many there were. */
export const confirmsLines = async (tour: Tour, name: string, code: string): Promise<number> => {
  const phone = tour.phone(name)
  let lines = 0
  for (;;) {
    const { card } = await phone.reads(code)
    const open = card.actions.filter(({ label }) => label === '已落实')
    holds(open.length <= 1, `${open.length} lines can be confirmed at once`)
    if (open.length === 0) return lines
    says(await phone.turns('已落实', { about: code, form: { value: '2' } }), '已确认')
    lines += 1
  }
}

/** The code of the work point, from the phone of somebody who stands there. */
export const codeFrom = async (tour: Tour, name: string, code: string): Promise<string> => {
  const answer = await tour.phone(name).turns('出示作业点码', { about: code })
  const [digits] = /(?<!\d)\d{6}(?!\d)/.exec(answer) ?? []
  holds(digits !== undefined, `${name} is shown “${answer}”`)
  return digits ?? ''
}

/** 设置签名口令, typed twice on the page. */
export const setsPins = async (tour: Tour, ...names: readonly string[]): Promise<void> => {
  for (const name of names) {
    await tour.phone(name).says('设置签名口令')
    says(await tour.phone(name).turns('保存口令', { form: { pin, again: pin } }), '签名口令已设置')
  }
}

/** A value that was sampled just now. */
export const samples = async (tour: Tour, name: string, code: string, value: Readonly<Record<string, string>>): Promise<string> =>
  tour.phone(name).turns('记录气体', { about: code, form: { ...value, sampledAt: timeOfDay(await tour.now()) } })

/** The newest card, by which the case is known from now on. */
export const remember = async (tour: Tour, name: string, title: string, memo: Memo): Promise<string> => {
  memo.code = codeOn(await tour.phone(name).sees(title))
  return memo.code
}

/** Whatever the start has to be declared for. */
export const declares = async (tour: Tour, name: string, code: string): Promise<void> => {
  const phone = tour.phone(name)
  while ((await phone.reads(code)).card.actions.some(({ label }) => label === '声明已做到'))
    await phone.turns('声明已做到', { about: code })
}
