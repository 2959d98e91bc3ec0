/** Scenes and steps of the tour: how they are written, played and printed. */
import type { Seen } from '../sandbox/contract.ts'
import { NotAsWritten } from './tour-api.ts'
import { createTour, type Tour } from './tour-phones.ts'

/** What the steps of one scene hand on: codes of a case and of a penalty, an alarm's nonce, a receipt, a term, an instant. */
export type Memo = { code: string; card: string; nonce: string; receipt: string; due: string; now: number }

/** Something to do and what everybody sees then, in both languages; `act` does it and compares. */
export type Step = { readonly en: string; readonly zh: string; readonly act: (tour: Tour, memo: Memo) => Promise<unknown> }
export type Scene = {
  readonly en: string
  readonly zh: string
  readonly steps: readonly Step[]
  /** Goes on where the scene before it has ended, with what that one left. */
  readonly goesOn?: true
}

export const step = (en: string, zh: string, act: Step['act']): Step => ({ en, zh, act })

/** Throws with these words when it does not hold. */
export const holds = (claim: boolean, otherwise: string): void => {
  if (!claim) throw new NotAsWritten(otherwise)
}

/** The code on a card, of any kind. */
export const codeOn = (seen: Seen): string => {
  const found = /^[A-Z]{2}-[A-Z0-9]{3,6}-\d{8}-\d{4,9}-[0-9A-Z]$/m.exec(seen.text)?.[0]
  if (found === undefined) throw new NotAsWritten(`no code on «${seen.title}»`)
  return found
}

export type Played = {
  readonly scenes: number
  readonly steps: number
  readonly looked: number
  /** The step at which it ended, with the reason; null when everything was as written. */
  readonly failed: string | null
}
export type Language = 'en' | 'zh'
type Playing = {
  readonly url: string
  readonly scenes: readonly Scene[]
  /** Numbers of the scenes to play, from 1; empty for all. */
  readonly only?: readonly number[]
  readonly language?: Language
  readonly print: (line: string) => void
}

/** Without the marks that make names bold on the printed page. */
const plain = (text: string): string => text.replaceAll('**', '').replaceAll('`', '')

const playStep = async ({ act }: Step, tour: Tour, memo: Memo): Promise<string | null> => {
  try {
    await act(tour, memo)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The numbers asked for, and before each that goes on those it goes on from. */
const chosen = (scenes: readonly Scene[], only: readonly number[]): ReadonlySet<number> => {
  const numbers = new Set(only.length > 0 ? only : scenes.keys().map((index) => index + 1))
  for (const one of [...numbers]) for (let at = one; scenes[at - 1]?.goesOn; at -= 1) numbers.add(at - 1)
  return numbers
}

const emptyMemo = (): Memo => ({ code: '', card: '', nonce: '', receipt: '', due: '', now: 0 })

/** Plays the scenes one after the other, a line each step, and ends at the first step that is not as written. */
export const play = async ({ url, scenes, only = [], language = 'en', print }: Playing): Promise<Played> => {
  const tour = createTour(url)
  let [scenesDone, stepsDone] = [0, 0]
  const ended = (failed: string | null): Played => ({ scenes: scenesDone, steps: stepsDone, looked: tour.looked(), failed })
  const numbers = chosen(scenes, only)
  let memo = emptyMemo()
  for (const [index, scene] of scenes.entries()) {
    if (!numbers.has(index + 1)) continue
    print(`\n${index + 1}. ${scene[language]}`)
    if (!scene.goesOn) {
      await tour.begin()
      memo = emptyMemo()
    }
    for (const [place, one] of scene.steps.entries()) {
      const name = `${index + 1}.${place + 1}`
      const failed = await playStep(one, tour, memo)
      print(`${failed === null ? '✓' : '✗'} ${name} ${plain(one[language])}${failed === null ? '' : `\n  ${failed}`}`)
      if (failed !== null) return ended(`${name}: ${failed}`)
      stepsDone += 1
    }
    scenesDone += 1
  }
  return ended(null)
}

const head = `# Tour · 导览

<!-- Made by \`npm run tour -- --print > docs/tour.md\`; a test compares it with the script that is played. -->

Start with \`npm start\` and open the phones at <http://127.0.0.1:8090>. People are put on the table in the tab **人员**; the clock is moved with **+5 min**, **+15 min**, **+2 h** and **+48 h**
in the bar on top. Each scene takes some two minutes and can be played on its own, in any order, unless it says that it goes on from another. \`npm run tour\` plays all of them by itself on a plant of its
own and compares every phone with what is written here; \`npm run tour -- 3 7\` plays two of them.

运行 \`npm start\`，打开 <http://127.0.0.1:8090>。在右侧“人员”里把手机放上桌面；用上方的 **+5 min**、**+15 min**、**+2 h**、**+48 h** 拨钟。每一幕两分钟左右，除注明接上一幕的以外都可以单独演，次序不限。
\`npm run tour\` 在一座新的工厂里把全部场景自动演一遍，每一步都核对手机上显示的内容；\`npm run tour -- 3 7\` 只演其中两幕。
`

/** How to get to where a scene goes on from. */
const before = ({ goesOn }: Scene, index: number): readonly string[] =>
  goesOn
    ? [
        `Goes on from scene ${index}; \`npm run tour -- --here ${index}\` plays that on the phones you have open. · 接第 ${index} 幕；\`npm run tour -- --here ${index}\` 在已打开的沙盘上自动演完上一幕。`,
        '',
      ]
    : []

const sceneText = (scene: Scene, index: number): string => {
  const { en, zh, steps } = scene
  const rows = steps.map((one, place) => `| ${index + 1}.${place + 1} | ${one.en} | ${one.zh} |`)
  return [
    `## ${index + 1}. ${en} · ${zh}`,
    '',
    ...before(scene, index),
    '| | English | 中文 |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

/** The printed script. */
export const tourPage = (scenes: readonly Scene[]): string => `${head}\n${scenes.map(sceneText).join('\n')}`
