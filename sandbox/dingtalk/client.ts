import type { App, Pressed, PressResult, Said, SandboxAccount, SentFile, Vendor } from '../contract.ts'
import type { Downloads } from './downloads.ts'
import { unionIdOf } from './ids.ts'
import { type Body, botMessage, fileBodies, type InboundParts, textBody } from './inbound.ts'
import type { Media } from './media.ts'
import { type Face, faceOf, type Message, type Phone } from './phone.ts'
import { type PressParts, pressCard } from './presses.ts'
import { answeredFace } from './robot-api.ts'
import type { Talk, Talks } from './talks.ts'

export type ClientParts = InboundParts &
  PressParts & {
    readonly apps: readonly App[]
    readonly talks: Talks
    readonly media: Media
    readonly phone: Phone
    readonly downloads: Downloads
  }

/** What people do in the platform's app. They talk to the first app's robot; its other robots answer through the same phone. */
export type Client = Pick<Vendor, 'says' | 'sends' | 'enters' | 'presses' | 'opens' | 'reads'>

/** A link that, pressed, sends its words as the person, into the chat with the robot ("消息链接说明", read 2026-08). */
const speaking = 'dtmd://dingtalkclient/sendMessage?content='

const linkOf = (face: Face, label: string): string | null => face.links.find(([name]) => name === label)?.[1] ?? null

const sentFace = (sent: SentFile, image: string): Face => {
  const words = {
    photo: '',
    voice: `[语音] ${sent.text}`,
    file: `[文件] ${sent.name}`,
    location: `[位置] ${sent.place?.label ?? ''}`,
  }
  return faceOf({
    text: sent.kind === 'photo' ? sent.text : words[sent.kind].trim(),
    images: sent.kind === 'photo' ? [`/images/${image}`] : [],
  })
}

export const createClient = (parts: ClientParts): Client => {
  const { world, apps, talks, phone, media, pushes, store, ids } = parts
  const [app] = apps

  const talkOf = ({ account, group }: Pick<Said, 'account' | 'group'>): Talk => {
    if (!app) throw new Error('No DingTalk app is configured, so there is no robot to write to.')
    return group === null || group === talks.single(app, account.account).id
      ? talks.single(app, account.account)
      : talks.group(app, group)
  }
  /** Shows what the person wrote to everybody in the conversation. */
  const show = (talk: Talk, face: Face) =>
    phone.post({ app: talk.app, talk, to: talk.members, key: ids.hex(24), face: () => face, from: 'person' })

  const push = (talk: Talk, from: SandboxAccount, body: Body) => {
    const replied = (answer: unknown) => {
      const face = answeredFace(answer, media)
      if (face) phone.post({ app: talk.app, talk, to: talk.members, key: ids.hex(44), face: () => face })
    }
    pushes.message(talk.app, botMessage(parts, from, talk, body), replied)
  }

  const says: Client['says'] = async (said) => {
    const talk = talkOf(said)
    show(talk, faceOf({ text: said.text }))
    push(talk, said.account, textBody(said.text, talk))
  }

  const sends: Client['sends'] = async (sent) => {
    const talk = talkOf(sent)
    const kept = world.keep(sent.bytes, sent.mime)
    show(talk, sentFace(sent, kept))
    for (const body of fileBodies(parts, sent, kept, talk)) push(talk, sent.account, body)
  }

  const pressLink = async (message: Message, pressed: Pressed): Promise<PressResult> => {
    const url = linkOf(message.face(), pressed.label)
    if (url === null) return { toast: null, card: null, status: 'no-such-button' }
    if (!url.startsWith(speaking) || message.talk.kind !== 'single') return { toast: null, card: null, status: 'link' }
    const text = new URLSearchParams(url.slice(url.indexOf('?'))).get('content') ?? ''
    await says({ account: pressed.account, text, group: null })
    return { toast: null, card: null, status: 'answered' }
  }

  const presses: Client['presses'] = (pressed) => {
    const message = phone.find(pressed.account.account, pressed.message)
    if (!message) throw new Error(`${pressed.account.name} has no DingTalk message "${pressed.message}".`)
    if (message.recalled) return Promise.resolve({ toast: null, card: null, status: 'recalled' })
    const card = store.of(message.id)
    const work = card ? pressCard(parts, card, message, pressed) : pressLink(message, pressed)
    return world.busy(`dingtalk press of ${pressed.label}`, work)
  }

  const opens: Client['opens'] = (account, id, label) => {
    const message = phone.find(account.account, id)
    if (!message || message.recalled) return null
    const face = message.face()
    const url = linkOf(face, label) ?? (label === '' && face.links.length === 1 ? (face.links[0]?.[1] ?? null) : null)
    return url !== null && /^https?:/.test(url) ? url : null
  }

  const reads: Client['reads'] = async (account, id) => {
    const message = phone.find(account.account, id)
    if (!message || message.readAt !== null || message.from !== 'bot') return
    message.readAt = world.clock.now()
    const { corpId = '', robotCode = '' } = message.app.credentials
    pushes.event(message.app, 'robot_msg_read', {
      processQueryKey: message.key,
      robotCode,
      userId: account.account,
      unionId: unionIdOf(corpId, account.account),
      openConversationId: message.talk.kind === 'group' ? message.talk.id : '',
      operatTime: message.readAt,
    })
  }

  /** Opening a chat with a robot tells nobody on this platform. */
  const enters: Client['enters'] = async () => undefined
  return { says, sends, enters, presses, opens, reads }
}
