import type { FileRef, Incoming } from '../bots/platform.ts'
import { type ActionKey, readActionKey } from '../cards/action-key.ts'
import { sha256 } from '../lib/crypto.ts'
import { clip, longestText, storable } from '../lib/text.ts'
import { readCode } from '../rules/code.ts'
import type { NewFile } from '../workflows/hazard/hazard.ts'
import type { Command } from './arrival.ts'
import { answeredBy, fieldsOf, saidAlone, saidInSecret, spoken } from './registry.ts'

/** What a person's next message in a conversation belongs to. */
export type Expectation = {
  readonly connection: string
  readonly account: string
  readonly conversation: string
  readonly subject: string
  readonly workflow: string
  readonly command: string
  readonly takes: 'photos' | 'text' | 'both'
  readonly until: Date
}

/** A kept arrival that waits for its sender to say where it belongs. */
export type Held = {
  readonly id: string
  readonly account: string
  readonly connection: string
  readonly text: string
  readonly files: readonly NewFile[]
}

export type Route =
  | {
      readonly kind: 'command'
      readonly workflow: string
      readonly subject: string | null
      readonly command: Command
      readonly drawnAt: number | null
    }
  /** Several cases could be meant: keep it and ask. */
  | {
      readonly kind: 'ask'
      readonly candidates: readonly Expectation[]
      readonly text: string
      readonly files: readonly NewFile[]
    }
  | { readonly kind: 'show'; readonly what: 'home' }
  | { readonly kind: 'question'; readonly name: string; readonly text: string }
  | { readonly kind: 'find'; readonly code: string }
  | { readonly kind: 'claim'; readonly hash: string; readonly code: string }
  | {
      readonly kind: 'say'
      readonly words: 'staleCard' | 'unsupported' | 'outside' | 'quota' | 'askInPrivate' | 'wordsOnlyInSecret' | 'typeInstead'
    }
  | { readonly kind: 'leave'; readonly accounts: readonly string[] }
  | { readonly kind: 'ignore'; readonly note: string }

export type Context = {
  readonly expectations: readonly Expectation[]
  readonly held: ReadonlyMap<string, Held>
  /** Was this account ever seen before? An app's chat reports every opening; only the first is greeted. */
  readonly knownAccount: boolean
}

/**
 * Chats of one person with the bot are one conversation, because platforms name it differently in messages and presses. Cards with buttons are sent to
 * persons only, so what follows a press is expected in the direct chat, whatever the press says of where it happened.
 */
export const conversationOf = (incoming: Pick<Incoming, 'direct' | 'conversation' | 'kind'>): string =>
  incoming.direct || incoming.kind === 'press' ? 'direct' : incoming.conversation

const greetings = /^(你好|您好|hi|hello|在吗|帮助|help|\?|？|菜单|安灯|谢谢|好的|收到|ok|嗯|开始)[!！。.~～\s]*$/i
const oneTimeCode = /^(?:关联(?:码)?[\s:：]*)?(\d{8})$/

/** The most files of one message that are looked at; above what any platform sends at once, and above what a case takes, so that the case says what it leaves. */
const mostFiles = 100

/** Files of a message, with ids of their own that a redelivery would give again. */
const newFiles = (incoming: Incoming & { kind: 'message' }): readonly NewFile[] =>
  incoming.files.slice(0, mostFiles).map((file: FileRef, index) => ({
    id: `fil_${sha256(`${incoming.connection}\n${incoming.key}\n${index}`).slice(0, 26)}`,
    kind: file.kind,
    connection: incoming.connection,
    ref: file.ref,
    name: file.name === null ? null : clip(storable(file.name), 120),
    ...(file.kind === 'voice' && isHeard(incoming) ? { heard: true as const } : {}),
  }))

type Message = Incoming & { kind: 'message' }

const isVoice = ({ files, place }: Message): boolean =>
  place === null && files.length > 0 && files.every(({ kind }) => kind === 'voice')

/** A voice message that its platform has written down (DingTalk does; the others hand over the sound alone) counts as the words it says. */
const isHeard = (incoming: Message): boolean => isVoice(incoming) && storable(incoming.text).trim() !== ''

const isWords = (incoming: Message): boolean => (incoming.files.length === 0 && incoming.place === null) || isHeard(incoming)

/** Photos answer a request for photos, words alone one for words; a place answers neither. */
const answers = (expectation: Expectation, incoming: Message): boolean =>
  expectation.takes === 'photos'
    ? incoming.files.length > 0 && !isHeard(incoming)
    : expectation.takes === 'text' && isWords(incoming)

/** Who is asked for words twice answers the later question; photos may belong to any case that waits for them, so the sender is asked. */
const askedOf = (incoming: Message, context: Context): readonly Expectation[] => {
  const asked = context.expectations.filter((one) => answers(one, incoming))
  return !isWords(incoming) ? asked : [...asked].sort((a, b) => b.until.getTime() - a.until.getTime()).slice(0, 1)
}

/** The commands whose answer names another case: a code that stands alone is that answer, not a wish to see the case. */
const wantsCode: ReadonlySet<string> = new Set(['merge'])

/**
 * Does a code among the words ask to see its case? Not while this sender is asked for words and says more than the code, such as why: what was asked for wins.
 * Those who are not asked any more have no expectation here.
 */
const asksToSee = (text: string, code: string, asked: readonly Expectation[]): boolean => {
  const isAlone = text.normalize('NFKC').trim().length <= code.length
  return asked.length === 0 ? text.length <= code.length + 12 : isAlone && !asked.some(({ command }) => wantsCode.has(command))
}

/** Codes and greetings, or null when the words mean neither. A number that an administrator was asked for is an employee number, not a one-time code. */
const spokenWord = (text: string, asked: readonly Expectation[], direct: boolean): Route | null => {
  const code = readCode(text)
  if (code !== null && asksToSee(text, code, asked)) return { kind: 'find', code }
  const [whole = '', secret] = oneTimeCode.exec(text.normalize('NFKC')) ?? []
  const isNumber = whole === secret && asked.some(({ command }) => command === 'assign')
  if (secret !== undefined && !isNumber) return { kind: 'claim', hash: sha256(secret), code: secret }
  if (asked.length > 0) return text === '' ? { kind: 'show', what: 'home' } : null
  return greetings.test(text) || text === '' ? { kind: 'show', what: 'home' } : meaningOf(text, direct)
}

/** The most characters of words that may be a question by themselves. */
const longestQuestion = 40

const toOpen = ({ workflow, command }: { readonly workflow: string; readonly command: string }, text: string): Route => ({
  kind: 'command',
  workflow,
  subject: null,
  command: { type: command, text, files: [], place: null },
  drawnAt: null,
})

/** Words that are a command or a question when they stand alone. What a question is answered with is for one pair of eyes. */
const meaningOf = (text: string, direct: boolean): Route | null => {
  const said = saidAlone(text)
  if (said === null) return null
  if (!('question' in said)) return toOpen(said, text)
  if (text.length > longestQuestion) return null
  return direct ? { kind: 'question', name: said.question, text } : { kind: 'say', words: 'askInPrivate' }
}

/** Whoever wants to stay unknown is understood before anything else; a photo would give them away, and is not taken. */
const inSecret = (text: string, hasMore: boolean): Route | null => {
  const said = saidInSecret(text)
  if (said === null) return null
  return hasMore ? { kind: 'say', words: 'wordsOnlyInSecret' } : toOpen(said, text)
}

const commandFor = ({ takes, command }: Expectation, text: string, files: readonly NewFile[], place: unknown): Command =>
  takes === 'text'
    ? { type: command, text, reason: text, employeeNo: text, files: [], place: null }
    : { type: command, text, files, place }

const message = (incoming: Message, context: Context): Route => {
  const text = clip(storable(incoming.text).trim(), longestText)
  const files = newFiles(incoming)
  const asked = askedOf(incoming, context)
  const onlyWords = isWords(incoming)
  const word =
    inSecret(text, files.length > 0 || incoming.place !== null) ?? (onlyWords ? spokenWord(text, asked, incoming.direct) : null)
  if (word) return word
  const [only, ...others] = asked
  if (only && others.length === 0) return toExpectation(only, text, files, incoming.place)
  if (only) return { kind: 'ask', candidates: asked, text, files }
  if (isVoice(incoming) && !onlyWords && context.expectations.some(({ takes }) => takes === 'text'))
    return { kind: 'say', words: 'typeInstead' }
  const evidence = context.expectations.filter((one) => one.takes === 'photos')
  if (onlyWords && evidence.length > 0) return { kind: 'ask', candidates: evidence, text, files }
  const collecting = context.expectations.find((one) => one.takes === 'both')
  if (collecting) return toExpectation(collecting, text, files, incoming.place)
  return {
    kind: 'command',
    workflow: 'hazard',
    subject: null,
    command: { type: 'report', text, files, place: incoming.place },
    drawnAt: null,
  }
}

const toExpectation = (expectation: Expectation, text: string, files: readonly NewFile[], place: unknown): Route => ({
  kind: 'command',
  workflow: expectation.workflow,
  subject: expectation.subject,
  command: commandFor(expectation, text, files, place),
  drawnAt: null,
})

/**
 * Every value that a command from a button or page may carry: those of its form, storable and bounded, empty where the form left them out, so that none is ever
 * missing. What only messages bring is empty, so that a forged field cannot stand in for a file or a text.
 */
export const valuesOf = (form: Readonly<Record<string, string>>, names: readonly string[]) => ({
  ...Object.fromEntries(
    names.map((name) => [name, Object.hasOwn(form, name) ? clip(storable(form[name] ?? ''), longestText) : '']),
  ),
  text: '',
  files: [],
  place: null,
})

const stale: Route = { kind: 'say', words: 'staleCard' }

/** The command of a button: the values of its form, and what the button answers by itself. Null for a button that answers what its command does not ask. */
export const pressedCommand = (
  { workflow, command, argument }: Pick<ActionKey, 'workflow' | 'command' | 'argument'>,
  form: Readonly<Record<string, string>>,
): Command | null => {
  const answered = argument === undefined ? {} : answeredBy(workflow, command, argument)
  return answered && { ...valuesOf({ ...form, ...answered }, fieldsOf(workflow, command)), type: command }
}

/** A press. What comes by message only has no button of its own, save for the kept arrival that its sender assigns to a case. */
const press = (incoming: Incoming & { kind: 'press' }, context: Context): Route => {
  const key = readActionKey(incoming.action)
  if (!key) return stale
  const { workflow, subject, revision: drawnAt } = key
  const isSpoken = spoken.has(`${workflow}.${key.command}`)
  const pressed = isSpoken ? null : pressedCommand(key, incoming.form)
  if (pressed) return { kind: 'command', workflow, subject: subject === '-' ? null : subject, command: pressed, drawnAt }
  if (key.argument === undefined) return stale
  const held = context.held.get(key.argument)
  if (!isSpoken || workflow !== 'hazard' || !held || held.account !== incoming.account || held.connection !== incoming.connection)
    return stale
  const command: Command = { type: key.command, text: held.text, files: held.files, place: null }
  return { kind: 'command', workflow, subject: key.command === 'report' ? null : subject, command, drawnAt }
}

const unsupported: ReadonlyMap<string, Route> = new Map([
  ['outside-sender', { kind: 'say', words: 'outside' }],
  ['quota', { kind: 'say', words: 'quota' }],
])

/** What an arrival from a platform means. Pure; a table by kind. */
export const route = (incoming: Incoming, context: Context): Route => {
  switch (incoming.kind) {
    case 'message':
      return message(incoming, context)
    case 'press':
      return press(incoming, context)
    case 'enter':
      return context.knownAccount ? { kind: 'ignore', note: 'known account entered' } : { kind: 'show', what: 'home' }
    case 'join':
      return { kind: 'show', what: 'home' }
    case 'leave':
      return { kind: 'ignore', note: 'left the conversation' }
    case 'read':
      return { kind: 'ignore', note: 'read' }
    case 'member-change':
      return incoming.change === 'left'
        ? { kind: 'leave', accounts: incoming.accounts }
        : { kind: 'ignore', note: `member ${incoming.change}` }
    case 'unsupported':
      return (
        unsupported.get(incoming.what) ??
        (incoming.direct && incoming.account ? { kind: 'say', words: 'unsupported' } : { kind: 'ignore', note: incoming.what })
      )
  }
}
