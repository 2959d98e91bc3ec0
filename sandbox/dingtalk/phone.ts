import type { App, Seen, World } from '../contract.ts'
import type { Talk } from './talks.ts'

/** How a message looks to one person, and where its labels lead. */
export type Face = Pick<Seen, 'kind' | 'title' | 'text' | 'tone' | 'facts' | 'images' | 'actions' | 'form'> & {
  readonly links: readonly (readonly [label: string, url: string])[]
}

/** One message on one person's phone. Copies of one sending share the key. */
export type Message = {
  readonly id: string
  readonly app: App
  readonly talk: Talk
  readonly account: string
  /** `processQueryKey`, by which the sender reads, recalls and asks. */
  readonly key: string
  readonly face: () => Face
  readonly from: Seen['from']
  readonly rung: boolean
  readonly sentAt: number
  updatedAt: number | null
  recalled: boolean
  readAt: number | null
}

export type Posting = {
  readonly app: App
  readonly talk: Talk
  readonly to: readonly string[]
  readonly key: string
  readonly face: (account: string) => Face
  readonly from?: Seen['from']
  readonly rung?: boolean
}

/** Every phone's messages as this platform keeps them; the world is shown each change. */
export type Phone = {
  /** Puts a message on the phones of those the directory knows. */
  readonly post: (posting: Posting) => readonly Message[]
  readonly redraw: (message: Message) => Seen
  readonly seen: (message: Message) => Seen
  readonly find: (account: string, id: string) => Message | null
  readonly byKey: (app: App, key: string) => readonly Message[]
  readonly recall: (messages: readonly Message[]) => void
}

const plain: Face = {
  kind: 'text',
  title: '',
  text: '',
  tone: 'neutral',
  facts: [],
  images: [],
  actions: [],
  form: [],
  links: [],
}

/** A face made of words and pictures; whatever is left out is empty. */
export const faceOf = (parts: Partial<Face>): Face => ({ ...plain, ...parts })

export const createPhone = (world: World): Phone => {
  const messages = new Map<string, Message>()
  const seen = (message: Message): Seen => {
    const { links: _links, ...face } = message.face()
    const { id, from, rung, sentAt, updatedAt, recalled, talk } = message
    return {
      ...face,
      id,
      from,
      rung,
      sentAt,
      updatedAt,
      recalled,
      platform: 'dingtalk',
      conversation: talk.kind === 'group' ? talk.name : talk.id,
    }
  }
  const show = (message: Message): Seen => {
    const now = seen(message)
    world.show('dingtalk', message.account, now)
    return now
  }
  const post = ({ to, face, from = 'bot', rung = false, ...rest }: Posting) =>
    to.map((account) => {
      const id = `dt_${messages.size + 1}`
      const sentAt = world.clock.now()
      const message: Message = {
        ...rest,
        id,
        account,
        face: () => face(account),
        from,
        rung,
        sentAt,
        updatedAt: null,
        recalled: false,
        readAt: null,
      }
      messages.set(id, message)
      show(message)
      return message
    })
  const redraw = (message: Message) => {
    message.updatedAt = world.clock.now()
    return show(message)
  }
  return {
    post,
    redraw,
    seen,
    find: (account, id) => {
      const message = messages.get(id)
      return message?.account === account ? message : null
    },
    byKey: (app, key) =>
      [...messages.values()].filter((message) => message.key === key && message.app === app && message.from === 'bot'),
    recall: (recalled) => {
      for (const message of recalled) {
        message.recalled = true
        redraw(message)
      }
    },
  }
}
