import type { SandboxAccount, SentFile, World } from '../contract.ts'
import type { Downloads } from './downloads.ts'
import { digest, dingtalkIdOf, type Ids } from './ids.ts'
import type { Origin } from './origin.ts'
import type { Quota } from './quota.ts'
import type { Sessions, Talk } from './talks.ts'
import type { Fields } from './wire.ts'

export type InboundParts = {
  readonly world: World
  readonly ids: Ids
  readonly sessions: Sessions
  readonly downloads: Downloads
  readonly origin: Origin
  readonly quota: Quota
}

/** What a message holds: its type, and the field that carries it. */
export type Body = { readonly msgtype: string; readonly text?: unknown; readonly content?: unknown }

/**
 * A robot message as Stream and HTTP carry it alike ("机器人接收消息", read 2026-08). When the month's pushes are used up it comes without content,
 * with 20001 under `errorCode`/`errorMessage`, or under `errCode`/`errMsg` when `dingtalk.quotaKeys` is `err` (two official pages disagree).
 */
export const botMessage = (parts: InboundParts, from: SandboxAccount, talk: Talk, body: Body): Fields => {
  const { world, ids, sessions, origin, quota } = parts
  const { corpId = '', robotCode = '' } = talk.app.credentials
  const now = world.clock.now()
  const session = sessions.open(talk, now)
  const group = talk.kind === 'group'
  const bot = `$:LWCP_v1:$${digest(24, 'bot', talk.app.id)}`
  const { msgtype, ...content } = body
  return {
    conversationId: talk.id,
    ...(group ? { atUsers: [{ dingtalkId: bot }] } : {}),
    chatbotCorpId: corpId,
    chatbotUserId: bot,
    msgId: `msg${ids.hex(21)}==`,
    senderNick: from.name,
    isAdmin: false,
    senderStaffId: from.account,
    sessionWebhookExpiredTime: session.until,
    createAt: now,
    senderCorpId: corpId,
    conversationType: group ? '2' : '1',
    senderId: dingtalkIdOf(corpId, from.account),
    ...(group ? { conversationTitle: talk.name, isInAtList: true } : {}),
    sessionWebhook: `${origin.last()}/robot/sendBySession?session=${session.code}`,
    ...(quota.push(talk.app) ? content : overQuota(world)),
    robotCode,
    msgtype,
    senderPlatform: 'Android',
  }
}

const overQuota = (world: World): Fields => {
  const [code, message] =
    world.choose('dingtalk.quotaKeys', 'error') === 'err' ? ['errCode', 'errMsg'] : ['errorCode', 'errorMessage']
  return { [code]: 20001, [message]: '企业本月Webhook和Stream推送次数已用完' }
}

/** Words. In a group the space after the stripped mention stays. */
export const textBody = (text: string, talk: Talk): Body => ({
  msgtype: 'text',
  text: { content: talk.kind === 'group' ? ` ${text}` : text },
})

/**
 * What a sent file becomes, in order; empty when the robot never hears of it, as with voice, files and places in groups.
 * `dingtalk.photoWithText`: `richText` (one message) unless set to `two`, the photo first. `dingtalk.groupPhoto`: `picture` unless set to `richText`.
 */
export const fileBodies = ({ world, downloads }: InboundParts, sent: SentFile, kept: string, talk: Talk): readonly Body[] => {
  const group = talk.kind === 'group'
  const codes = () => ({ downloadCode: downloads.offer(talk.app, kept), pictureDownloadCode: downloads.offer(talk.app, kept) })
  const rich = (...words: readonly object[]): Body => ({
    msgtype: 'richText',
    content: { richText: [...words, { type: 'picture', ...codes() }] },
  })
  if (sent.kind !== 'photo') return group ? [] : [singleBody(sent, talk, kept, downloads)]
  if (sent.text !== '' && world.choose('dingtalk.photoWithText', 'richText') === 'richText') return [rich({ text: sent.text })]
  const photo =
    group && world.choose('dingtalk.groupPhoto', 'picture') === 'richText' ? rich() : { msgtype: 'picture', content: codes() }
  return sent.text === '' ? [photo] : [photo, textBody(sent.text, talk)]
}

/** Some 1.6 kB of AMR last a second. */
const durationOf = (bytes: Uint8Array): number => Math.max(1000, Math.round(bytes.length / 1.6))

const singleBody = (sent: SentFile, talk: Talk, kept: string, downloads: Downloads): Body => {
  if (sent.kind === 'location') return { msgtype: 'unknownMsgType', content: { unknownMsgType: '不支持的消息类型' } }
  const downloadCode = downloads.offer(talk.app, kept)
  if (sent.kind === 'voice')
    return { msgtype: 'audio', content: { duration: durationOf(sent.bytes), downloadCode, recognition: sent.text } }
  const [spaceId, fileId] = ['space', 'file'].map((what) =>
    String(
      Number.parseInt(
        Buffer.from(digest(8, what, kept))
          .toString('hex')
          .slice(0, 10),
        16,
      ),
    ),
  )
  return { msgtype: 'file', content: { spaceId, fileName: sent.name, downloadCode, fileId } }
}
