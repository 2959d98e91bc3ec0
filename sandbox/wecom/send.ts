/** message/send (发送应用消息, document/path/90236, 2025-09-24). */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Call } from './api.ts'
import { flawOf } from './card-rules.ts'
import { interactive, readCard, type TemplateCard } from './card-shape.ts'
import { type Answer, no, ok } from './codes.ts'
import { cardFace } from './face.ts'
import type { Post } from './messages.ts'
import { quotas } from './meter.ts'
import { hasCallback, type Office, type WecomApp } from './office.ts'
import { plainReaders } from './plain.ts'
import { type Resolved, readEnvelope, resolve } from './receivers.ts'

const day = 24 * 3_600_000

const options = z.object({
  safe: z.int().min(0).max(1).optional(),
  enable_id_trans: z.int().min(0).max(1).optional(),
  enable_duplicate_check: z.int().min(0).max(1).default(0),
  duplicate_check_interval: z.int().min(1).max(14_400).default(1800),
})

/** The agentid must be an integer and belong to the app that the token belongs to. */
export const badAgent = (call: Call, office: Office): Answer | null => {
  const { agentid } = call.json
  if (agentid === call.app.agentId) return null
  const other = office.apps.some(({ corpId, agentId }) => corpId === call.app.corpId && agentId === agentid)
  return no(other ? 301002 : 40056, 'agentid')
}

/** Judges a card for this app; null when the platform takes it. */
export const refusedCard = (card: TemplateCard, phase: 'send' | 'update', app: WecomApp, office: Office): Answer | null => {
  const flaw = flawOf(card, {
    phase,
    longTitles: office.world.choose('wecom.longTitles', 'clip'),
    hasMedia: (id) => office.media.get(app.corpId, id) !== null,
    hasMember: (userid) => office.members.find(userid) !== null,
  })
  return flaw && no(flaw.code, flaw.at)
}

const answersPresses = (card: TemplateCard) => interactive.has(card.card_type) || card.action_menu !== undefined

const readTemplate = ({ app, json }: Call, office: Office): Post | Answer => {
  const card = readCard(json.template_card)
  if ('code' in card) return no(card.code, card.at)
  const refused = refusedCard(card, 'send', app, office)
  if (refused) return refused
  if (answersPresses(card) && !hasCallback(app)) return no(43012)
  return { card, face: cardFace(card, null, (userid) => office.members.find(userid)?.account.name ?? null) }
}

const readPost = (call: Call, office: Office): Post | Answer => {
  const { msgtype } = call.json
  if (typeof msgtype !== 'string') return no(40008, 'msgtype')
  if (msgtype === 'template_card') return readTemplate(call, office)
  const read = Object.hasOwn(plainReaders, msgtype) ? plainReaders[msgtype] : undefined
  if (!read) return no(40008, `msgtype ${msgtype.slice(0, 40)}`)
  const media = (id: string) => office.media.get(call.app.corpId, id)
  const face = read(call.json[msgtype], {
    hasMedia: (id, type) => media(id)?.type === type,
    imageOf: (id) => (media(id) ? `/images/${media(id)?.kept}` : null),
  })
  return 'code' in face ? face : { card: null, face }
}

type Memory = {
  /** When the same words last went to the same receivers of the same app. */
  readonly lastSent: Map<string, number>
  readonly taskIds: Set<string>
}

const fingerprint = ({ app, json }: Call, { accounts }: Resolved) => {
  const body = [app.corpId, app.agentId, accounts.toSorted(), json.msgtype, json[String(json.msgtype)]]
  return createHash('sha256').update(JSON.stringify(body)).digest('hex')
}

type Draft = { readonly call: Call; readonly post: Post; readonly to: Resolved; readonly check: z.infer<typeof options> }

const isRepeat = ({ call, to, check }: Draft, office: Office, memory: Memory) => {
  const last = memory.lastSent.get(fingerprint(call, to))
  const since = last === undefined ? Number.POSITIVE_INFINITY : office.world.clock.now() - last
  return check.enable_duplicate_check === 1 && since < check.duplicate_check_interval * 1000
}

const taskName = (app: WecomApp, card: TemplateCard | null) =>
  card?.task_id ? `${app.corpId} ${app.agentId} ${card.task_id}` : null

const receipt = ({ invalidUsers, invalidParties, invalidTags }: Resolved, more: Readonly<Record<string, string>>) =>
  ok({
    invaliduser: invalidUsers.join('|'),
    invalidparty: invalidParties.join('|'),
    invalidtag: invalidTags.join('|'),
    unlicenseduser: '',
    ...more,
  })

const newMsgid = (office: Office) => `${office.draw(54)}${String(office.next()).padStart(10, '0')}`

/** Over the limits a member's message is dropped, and nobody is told (document/path/90454). */
const reachable = (app: WecomApp, accounts: readonly string[], { world, meter }: Office) =>
  accounts.filter((account) => !world.metered() || meter.take(`member ${app.corpId} ${app.agentId} ${account}`, quotas.member))

const overDaily = (app: WecomApp, people: number, { world, meter }: Office) => {
  const limit = Number(world.choose('wecom.accountLimit', '1000')) * 200
  return world.metered() && !meter.take(`daily ${app.corpId} ${app.agentId}`, [{ length: day, limit, block: 0 }], people)
}

const deliver = ({ call, post, to }: Draft, office: Office, memory: Memory): Answer => {
  const { app } = call
  if (overDaily(app, to.accounts.length, office)) return no(45009)
  const task = taskName(app, post.card)
  if (task) memory.taskIds.add(task)
  memory.lastSent.set(fingerprint(call, to), office.world.clock.now())
  const message = office.messages.send(app, newMsgid(office), post, reachable(app, to.accounts, office))
  for (const account of message.copies.keys()) office.front.set(account, app)
  const code = post.card && answersPresses(post.card) ? { response_code: office.messages.code(message) } : {}
  return receipt(to, { msgid: message.msgid, ...code })
}

/** What a repeat gets is not documented; `wecom.repeatedCard` says which of the two checks a repeated card meets first. */
const decide = (draft: Draft, office: Office, memory: Memory): Answer => {
  const repeat = () => (isRepeat(draft, office, memory) ? receipt(draft.to, { msgid: newMsgid(office) }) : null)
  const task = taskName(draft.call.app, draft.post.card)
  const reused = () => (task && memory.taskIds.has(task) ? no(42014, 'task_id') : null)
  const taskFirst = office.world.choose('wecom.repeatedCard', 'duplicate') === 'taskId'
  return (taskFirst ? (reused() ?? repeat()) : (repeat() ?? reused())) ?? deliver(draft, office, memory)
}

export const createSend = (): ((call: Call, office: Office) => Answer) => {
  const memory: Memory = { lastSent: new Map(), taskIds: new Set() }
  return (call, office) => {
    const agent = badAgent(call, office)
    if (agent) return agent
    const asked = readEnvelope(call.json)
    if ('code' in asked) return asked
    const check = options.safeParse(call.json)
    if (!check.success) return no(40058, String(check.error.issues[0]?.path[0] ?? ''))
    const post = readPost(call, office)
    if ('code' in post) return post
    const to = resolve(asked, office.members)
    if (to.accounts.length === 0) return no(81013)
    return decide({ call, post, to, check: check.data }, office, memory)
  }
}
