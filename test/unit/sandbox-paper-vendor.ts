/** A platform without bytes: it puts what people say on their own phones and keeps what they do, so that the core can be watched alone. */
import type {
  Pressed,
  PressResult,
  Said,
  SandboxAccount,
  Seen,
  SentFile,
  Vendor,
  VendorFactory,
  VendorName,
  World,
} from '../../sandbox/contract.ts'
import type { Factories } from '../../sandbox/vendors.ts'

export type Paper = {
  readonly factories: Factories
  readonly world: () => World
  readonly did: {
    readonly said: Said[]
    readonly sent: SentFile[]
    readonly pressed: Pressed[]
    readonly entered: SandboxAccount[]
    readonly read: string[]
  }
  /** Puts a card on a phone; what is not given is plain. */
  readonly card: (platform: VendorName, account: string, part: Partial<Seen> & { readonly id: string }) => void
  /** What the next press answers. */
  answer: PressResult
  /** Addresses by label. */
  readonly pages: Map<string, string>
}

const plain = {
  kind: 'card',
  title: '隐患待处理',
  text: '',
  tone: 'warning',
  facts: [],
  images: [],
  actions: [],
  form: [],
  updatedAt: null,
  recalled: false,
  rung: false,
  from: 'bot',
} as const

export const createPaper = (): Paper => {
  let held: World | null = null
  const world = () => {
    if (!held) throw new Error('not started')
    return held
  }
  const did: Paper['did'] = { said: [], sent: [], pressed: [], entered: [], read: [] }
  const pages = new Map<string, string>()
  const show = (platform: VendorName, account: string, part: Partial<Seen> & { readonly id: string }) =>
    world().show(platform, account, {
      ...plain,
      sentAt: world().clock.now(),
      platform,
      conversation: `${platform}/${account}`,
      ...part,
    })

  const create =
    (name: VendorName): VendorFactory =>
    (given) => {
      held = given
      const vendor: Vendor = {
        name,
        mount: (app) => void app.get(`/${name}/ping`, (c) => c.text('pong')),
        upgrade: () => false,
        says: async (said) => {
          if (said.group === 'nowhere') throw new Error('no such chat')
          did.said.push(said)
          show(name, said.account.account, {
            id: `own_${did.said.length}`,
            kind: 'text',
            title: '',
            text: said.text,
            tone: 'neutral',
            from: 'person',
          })
        },
        sends: async (sent) => {
          did.sent.push(sent)
          const images = sent.kind === 'photo' ? [`/images/${given.keep(sent.bytes, sent.mime)}`] : []
          const text = sent.place ? `📍 ${sent.place.label}` : sent.text
          show(name, sent.account.account, {
            id: `sent_${did.sent.length}`,
            kind: 'text',
            title: '',
            text,
            images,
            tone: 'neutral',
            from: 'person',
          })
        },
        enters: async (account) => void did.entered.push(account),
        presses: async (pressed) => {
          did.pressed.push(pressed)
          return paper.answer
        },
        opens: (_, message, label) => {
          if (/^(own|sent)_/.test(message)) throw new Error('nobody asks what their own words open')
          return pages.get(label) ?? null
        },
        reads: async (_, message) => void did.read.push(message),
        connections: () => 1,
        close: async () => {},
      }
      return vendor
    }

  const paper: Paper = {
    factories: { feishu: create('feishu'), dingtalk: create('dingtalk'), wecom: create('wecom') },
    world,
    did,
    card: show,
    answer: { toast: { tone: 'success', text: '已接单' }, card: null, status: 'answered' },
    pages,
  }
  return paper
}
