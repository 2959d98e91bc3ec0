import { randomBytes } from 'node:crypto'
import type { Card, Reply } from '../../cards/card.ts'
import { hours, seconds } from '../../lib/clock.ts'
import {
  type Capabilities,
  type ChatPlatform,
  DeliveryError,
  type PlatformPorts,
  type RawResponse,
  type Received,
} from '../platform.ts'
import { createClient } from './client.ts'
import { decode } from './decode.ts'
import { directory, whoIs } from './directory.ts'
import { createEnvelope, type Envelope } from './envelope.ts'
import { prepare, templateCard } from './render.ts'
import { createSender } from './send.ts'
import { createSignIn } from './sign-in.ts'
import { verify } from './verify.ts'
import { sealedXml, updateCardXml } from './wire.ts'

/** One self-built app of one corp. `apiBase` is `https://qyapi.weixin.qq.com`, a private deployment or a double. */
export type WecomConnection = {
  readonly id: string
  readonly platform: 'wecom'
  readonly mode: 'webhook'
  readonly corpId: string
  readonly agentId: string
  readonly secret: string
  readonly token: string
  readonly encodingAesKey: string
  readonly apiBase: string
}

/**
 * Six buttons fit; one is kept for the page. A repaint spends the response code, and the next code comes with the next press.
 * Text fields and pictures do not exist on app cards, and the answer to a press can only repaint the presser's copy.
 */
export const can: Capabilities = {
  asOf: '2025-09-24',
  source:
    'developer.work.weixin.qq.com/document/path/ 90236 (sending, cards), 94888 (updating), 90241 (passive replies), 90238 (5 s)',
  answer: { toast: false, card: 'presser', within: seconds(5) },
  form: { choices: 1, texts: 0, besideActions: true },
  facts: 6,
  actions: 5,
  pictures: 'none',
  update: { uses: 'once-per-press', life: hours(72) },
  onceKey: { life: hours(4), texts: true },
  receipts: 'none',
  ring: false,
  // `touser` takes 1,000, and the check for repeats counts for lists as for one.
  bulk: { most: 1_000, once: true },
  longestText: 2048,
}

/**
 * The self-built app as a door. Throws TypeError for credentials that cannot be right, so that nothing starts half configured.
 */
export const createWecom = (connection: WecomConnection, ports: PlatformPorts): ChatPlatform => {
  const { id, corpId } = connection
  checkConnection(connection)
  const envelope = createEnvelope(connection.token, connection.encodingAesKey)
  const verifier = { envelope, clock: ports.clock, corpId, agentId: connection.agentId }
  const client = createClient(connection, ports)
  const answering: Answering = { envelope, corpId, clock: ports.clock }

  return {
    connection: id,
    surface: 'wecom-app',
    can,
    receive: (request): Received => {
      const opened = verify(verifier, request)
      if (opened.kind !== 'opened') return opened
      const incoming = decode(opened.xml, { connection: id, message: opened.message, at: opened.at })
      const pressed = incoming.kind === 'press'
      return {
        kind: 'accepted',
        incoming,
        answer: (reply) => (pressed ? answerPress(answering, incoming.account, reply) : accepted),
      }
    },
    ...createSender({ client, log: ports.log, budget: ports.budget, agentId: Number(connection.agentId), can }),
    ring: () => unsupported('ring'),
    signIn: createSignIn(connection, client),
    readBy: () => unsupported('readBy'),
    whoIs: (account) => whoIs(client, account),
    directory: () => directory(client),
    fetchFile: (file, limit) => client.download('media/get', { media_id: file.ref.media ?? '' }, limit),
    /** Cards show pictures by public address only and nothing else sends images, so there is nothing to upload for. */
    uploadImage: () => unsupported('uploadImage'),
  }
}

const checkConnection = ({ id, corpId, agentId, secret, token, apiBase }: WecomConnection): void => {
  const wrong = [
    /^\S{1,64}$/.test(corpId) || 'corpId',
    /^\d{1,9}$/.test(agentId) || 'agentId',
    secret !== '' || 'secret',
    /^[A-Za-z0-9]{1,64}$/.test(token) || 'token',
    URL.canParse(apiBase) || 'apiBase',
  ].filter((part) => part !== true)
  if (wrong.length > 0)
    throw new TypeError(`connection ${id}: ${wrong.join(', ')} cannot be right; copy them from the WeCom console`)
}

const unsupported = async (what: string): Promise<never> => {
  throw new DeliveryError('permanent', 'unsupported', { detail: `${what} on wecom-app` })
}

// ── Answering a press ────────────────────────────────────────────────────────────────────────────────────────────────

type Answering = { readonly envelope: Envelope; readonly corpId: string; readonly clock: PlatformPorts['clock'] }

/** An empty 200 is the documented "received, no reply"; anything else is sent again up to three times (doc 90238). */
const accepted: RawResponse = { status: 200, headers: {}, body: '' }

/**
 * The new card for the presser, sealed. A press cannot be answered in words alone: with a toast and no card the answer is
 * empty, and whoever decides sends the words as a message because `can.answer.toast` is false. With both, the words stand as a
 * quotation in the card.
 */
const answerPress = ({ envelope, corpId, clock }: Answering, account: string, reply: Reply | null): RawResponse => {
  if (!reply?.card) return accepted
  const at = Math.floor(clock.now().getTime() / 1000)
  const xml = updateCardXml({ account, corpId, seconds: at }, repaint(reply.card, reply.toast?.text ?? null))
  const [encrypted, timestamp, nonce] = [envelope.seal(xml, corpId), String(at), randomBytes(8).toString('hex')]
  const body = sealedXml({ encrypted, signature: envelope.sign(timestamp, nonce, encrypted), timestamp, nonce })
  return { status: 200, headers: { 'content-type': 'application/xml; charset=utf-8' }, body }
}

const repaint = (card: Card, toast: string | null) =>
  templateCard(prepare(card, can), { kind: 'answer', toast }, card.pictures.length)
