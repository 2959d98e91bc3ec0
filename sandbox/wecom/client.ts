/** The member's side: what the WeCom client does when a person speaks, sends, opens and presses. Single chat with an app only. */
import type { Pressed, PressResult, Said, SandboxAccount, Seen, SentFile, Vendor } from '../contract.ts'
import { cardEvent, type Envelope, enterEvent, imageMessage, locationMessage, textMessage, voiceMessage } from './events.ts'
import { blankFace, type Face, type Question } from './face.ts'
import type { Copy } from './messages.ts'
import type { Office, WecomApp } from './office.ts'
import { type Reply, replyTypes } from './passive.ts'
import { textFace } from './plain.ts'
import { refusedCard } from './send.ts'
import type { Outcome, Push, Sender } from './sender.ts'

type Client = Pick<Vendor, 'says' | 'sends' | 'enters' | 'presses' | 'opens' | 'reads'>

const refuseGroup = (group: string | null) => {
  if (group !== null) throw new Error('a WeCom self-built app hears single chats only: messages of groups never reach it')
}

/** The app this member has in front of them. Throws when there is none at all. */
const frontApp = ({ front, apps }: Office, account: string): WecomApp => {
  const app = front.get(account) ?? apps[0]
  if (!app) throw new Error('no WeCom self-built app is connected')
  return app
}

/** Message ids fill 64 bits: milliseconds above, a counter of 22 bits below. */
const newMessageId = (office: Office): bigint =>
  (BigInt(Math.floor(office.world.clock.now())) << 22n) | BigInt(office.next() % 2 ** 22)

const ownWords = (office: Office, { app, account, at }: Envelope, id: bigint, shown: Partial<Seen>) =>
  office.world.show('wecom', account, {
    ...{ id: `own.${id}`, kind: 'text', title: '', text: '', tone: 'neutral', facts: [], images: [], actions: [], form: [] },
    ...{ sentAt: at, updatedAt: null, recalled: false, platform: 'wecom', conversation: app.app.id, rung: false, from: 'person' },
    ...shown,
  })

const mediaWords = { image: '', voice: '[语音]', video: '[视频]' } as const

/** How a passive message reply looks; text when the service answered with words. */
const replyFace = (reply: Reply, app: WecomApp, office: Office): Face | string => {
  if (reply.type === 'text') return textFace(reply.text)
  if (reply.type === 'media') {
    const media = office.media.get(app.corpId, reply.mediaId)
    if (media?.type !== reply.kind) return 'MediaId'
    return { ...blankFace, text: mediaWords[reply.kind], images: reply.kind === 'image' ? [`/images/${media.kept}`] : [] }
  }
  if (reply.type !== 'news') return 'a card update where a message is expected'
  const [head, ...rest] = reply.articles
  const lines = [head?.text ?? '', ...rest.flatMap(({ title, text }) => [title, text])].filter(Boolean)
  return {
    ...blankFace,
    kind: 'card',
    title: head?.title ?? '',
    text: lines.join('\n'),
    images: reply.articles.map(({ picture }) => picture).filter(Boolean),
    links: reply.articles.filter(({ url }) => url !== '').map(({ title, url }) => [title, url] as const),
  }
}

const showReply = (office: Office, app: WecomApp, account: string, reply: Reply): string | null => {
  const face = replyFace(reply, app, office)
  if (typeof face === 'string') return face
  office.messages.send(app, `passive${office.draw(20)}${office.next()}`, { face, card: null }, [account])
  return null
}

/** Changes the presser's copy alone; says what is wrong with the new card, or null. */
const applyUpdate = (office: Office, copy: Copy, reply: Reply): string | null => {
  if (reply.type === 'update_button') {
    office.messages.grey(copy, reply.label)
    return null
  }
  if (reply.type !== 'update_template_card') return showReply(office, copy.message.app, copy.account, reply)
  const refused = refusedCard(reply.card, 'update', copy.message.app, office)
  if (refused) return `TemplateCard: ${refused.code} ${refused.detail ?? ''}`
  office.messages.replace(copy, reply.card)
  return null
}

const chosenIds = (question: Question, form: Readonly<Record<string, string>>): readonly string[] => {
  const given = !question.frozen && Object.hasOwn(form, question.name) ? form[question.name] : undefined
  const answer = given ?? question.initial ?? ''
  const ids = question.kind === 'choices' ? answer.split(',').filter(Boolean) : [answer].filter(Boolean)
  const known = new Set(question.options.map(([id]) => id))
  const stranger = ids.find((id) => !known.has(id))
  if (stranger !== undefined) throw new Error(`there is no option ${stranger} under ${question.label || question.name}`)
  return ids
}

const selections = ({ questions }: Face, form: Readonly<Record<string, string>>) => {
  const open = new Set(questions.filter(({ frozen }) => !frozen).map(({ name }) => name))
  const stranger = Object.keys(form).find((name) => !open.has(name))
  if (stranger !== undefined) throw new Error(`the card asks nothing called ${stranger}`)
  return questions.map((question) => [question.name, chosenIds(question, form)] as const)
}

const statuses: Readonly<Record<Outcome['kind'], string>> = {
  empty: 'answered',
  reply: 'answered',
  malformed: 'error',
  timeout: 'timeout',
  failed: 'error',
}

const copyOf = (office: Office, account: SandboxAccount, message: string): Copy => {
  const copy = office.messages.copy(account.account, message)
  if (!copy) throw new Error(`${account.name} has no message ${message} from an app`)
  if (copy.message.recalled) throw new Error('the message was recalled')
  return copy
}

const pressEvent = (
  office: Office,
  copy: Copy,
  { label, form }: Pressed,
): { readonly plain: string; readonly isMenu: boolean } => {
  const button = copy.face.buttons.find((candidate) => candidate.label === label)
  if (!button) throw new Error(`there is no button ${label} to press on this message`)
  const isMenu = button.event === 'template_card_menu_event'
  const { app, taskId } = copy.message
  const selected = isMenu ? [] : selections(copy.face, form)
  const press = {
    ...{ event: button.event, key: button.key, taskId, selected },
    cardType: copy.card?.card_type ?? '',
    responseCode: office.messages.code(copy.message),
  }
  return { plain: cardEvent({ app, account: copy.account, at: office.world.clock.now() }, press), isMenu }
}

const createTalk = (office: Office, sender: Sender) => {
  const envelope = (account: SandboxAccount): Envelope => ({
    app: frontApp(office, account.account),
    account: account.account,
    at: office.world.clock.now(),
  })
  const push = async ({ app, account }: Envelope, what: string, plain: string) => {
    const apply: Push['apply'] = (reply) => showReply(office, app, account, reply)
    await sender.push({ app, account, what, plain, allowed: replyTypes.message, apply })
  }
  const speak = async (account: SandboxAccount, text: string) => {
    const to = envelope(account)
    const id = newMessageId(office)
    ownWords(office, to, id, { text })
    await push(to, 'text', textMessage(to, id, text))
  }
  return { envelope, push, speak }
}

type Talk = ReturnType<typeof createTalk>
type SendKind = (sent: SentFile, office: Office, talk: Talk) => Promise<void>

const sendPhoto: SendKind = async (sent, office, { envelope, push }) => {
  const to = envelope(sent.account)
  const id = newMessageId(office)
  const mediaId = office.media.put(to.app.corpId, 'image', { bytes: sent.bytes, mime: sent.mime, name: sent.name })
  const kept = office.media.get(to.app.corpId, mediaId)?.kept ?? ''
  ownWords(office, to, id, { images: [`/images/${kept}`] })
  await push(to, 'image', imageMessage(to, id, { url: `https://wework.qpic.cn/wwpic/${kept}/0`, mediaId }))
}

const sendVoice: SendKind = async (sent, office, { envelope, push }) => {
  const to = envelope(sent.account)
  const id = newMessageId(office)
  const mediaId = office.media.put(to.app.corpId, 'voice', { bytes: sent.bytes, mime: 'audio/amr', name: sent.name })
  ownWords(office, to, id, { text: '[语音]' })
  await push(to, 'voice', voiceMessage(to, id, mediaId))
}

const sendPlace: SendKind = async ({ account, place }, office, { envelope, push }) => {
  if (!place) throw new Error('a location needs a place')
  const to = envelope(account)
  const id = newMessageId(office)
  ownWords(office, to, id, { text: `[位置] ${place.label}` })
  await push(to, 'location', locationMessage(to, id, place))
}

const sendKinds: Readonly<Record<SentFile['kind'], SendKind>> = {
  photo: sendPhoto,
  voice: sendVoice,
  location: sendPlace,
  file: () => Promise.reject(new Error('the WeCom client offers no files in the chat with a self-built app')),
}

export const createClient = (office: Office, sender: Sender): Client => {
  const talk = createTalk(office, sender)
  const presses = async (pressed: Pressed): Promise<PressResult> => {
    const copy = copyOf(office, pressed.account, pressed.message)
    const before = copy.updatedAt
    const face = copy.face
    const { plain, isMenu } = pressEvent(office, copy, pressed)
    const outcome = await sender.press({
      ...{ app: copy.message.app, account: copy.account, what: isMenu ? 'card menu' : 'card press', plain },
      allowed: isMenu ? replyTypes.menu : replyTypes.card,
      apply: (reply) => applyUpdate(office, copy, reply),
    })
    const changed = outcome?.kind === 'reply' && (copy.updatedAt !== before || copy.face !== face)
    return {
      toast: null,
      card: changed ? office.messages.seen(copy) : null,
      status: outcome ? statuses[outcome.kind] : 'timeout',
    }
  }
  return {
    says: async ({ account, text, group }: Said) => {
      refuseGroup(group)
      if (text.trim() === '') throw new Error('the client sends no empty text')
      await talk.speak(account, text)
    },
    sends: async (sent) => {
      refuseGroup(sent.group)
      await sendKinds[sent.kind](sent, office, talk)
      if (sent.text.trim() !== '') await talk.speak(sent.account, sent.text)
    },
    enters: async (account) => {
      const to = talk.envelope(account)
      await talk.push(to, 'enter_agent', enterEvent(to))
    },
    presses,
    opens: (account, message, label) => copyOf(office, account, message).face.links.find(([name]) => name === label)?.[1] ?? null,
    /** WeCom tells an app nothing about reading. */
    reads: async () => {},
  }
}
