import { clip } from '../lib/text.ts'
import { actionKey } from './action-key.ts'
import type { Action, Card } from './card.ts'
import { commonText } from './text/common.ts'
import { hazardText } from './text/hazard.ts'
import { fill } from './words.ts'

const plain = (title: string, body: string, summary: string, actions: readonly Action[] = []): Card => ({
  tone: 'info',
  title,
  subtitle: '',
  facts: [],
  body,
  pictures: [],
  form: [],
  actions,
  summary,
  page: null,
  note: '',
})

/** What the bot is for, for somebody who opens the chat or asks. */
export const homeCard = (): Card => plain(commonText.home.title, commonText.home.body, commonText.home.summary)

export type Possibility = {
  readonly subject: string
  readonly code: string
  readonly command: 'addEvidence' | 'report'
  readonly revision: number
  /** What the case is about, so that people need not know its code. */
  readonly words: string
}

/** Day and counter of a code, e.g. `1124-0001`: what tells cases apart in the ten characters that the narrowest door shows on a button. */
const shortCode = (code: string): string => /-\d{4}(\d{4}-\d+)-/.exec(code)?.[1] ?? code

const possibilityLine = ({ code, words }: Possibility): string =>
  `${shortCode(code)}：${code} ${clip(words.replaceAll('\n', ' '), 40)}`

/** Asks where photos or words belong that could go to several cases. `held` names the kept arrival. */
export const askCard = (possibilities: readonly Possibility[], held: string, images: number): Card => {
  const known = possibilities.filter(({ command }) => command !== 'report').map(possibilityLine)
  const asked = images > 0 ? `${commonText.ask.body}（${images} 张照片）` : commonText.ask.body
  return plain(
    commonText.ask.title,
    [asked, ...known].join('\n'),
    commonText.ask.summary,
    possibilities.map(({ subject, code, command, revision }) => ({
      key: actionKey({ workflow: 'hazard', command, subject, revision, argument: held }),
      label: command === 'report' ? hazardText.actions.report : shortCode(code),
      style: 'default',
      needsForm: false,
    })),
  )
}

/** What a question's card becomes once it is answered. */
export const placedCard = (code: string): Card => {
  const words = fill(commonText.ask.placed, { code })
  return plain(commonText.ask.title, words, words)
}
