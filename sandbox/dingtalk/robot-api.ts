import type { App, World } from '../contract.ts'
import { type Answer, demand, ok, refuseOld } from './answers.ts'
import type { Directory } from './directory.ts'
import type { Api, Call } from './gate.ts'
import type { Ids } from './ids.ts'
import type { Media } from './media.ts'
import type { Face, Phone } from './phone.ts'
import type { Quota } from './quota.ts'
import { fits, mediaIn, replyFace, samples } from './robot-messages.ts'
import type { Sessions, Talk, Talks } from './talks.ts'
import { bytesOf, type Fields, fieldsOf, fieldsOrNull, parseJson, textOf, textsOrNull } from './wire.ts'

export type RobotParts = {
  readonly world: World
  readonly ids: Ids
  readonly directory: Directory
  readonly talks: Talks
  readonly sessions: Sessions
  readonly phone: Phone
  readonly media: Media
  readonly quota: Quota
}

const longestParam = 15_000

/** The robot named in a call must be the caller's own. */
export const demandRobot = (fields: Fields, app: App): void => {
  const robotCode = textOf(fields.robotCode)
  demand(robotCode !== '', 'invalidParameter.robotCode.empty')
  demand(robotCode === app.credentials.robotCode, 'invalidParameter.robotCode.auth')
}

/** A word that the content review refuses, for tests of that refusal: `dingtalk.unsafeWord`. */
export const unsafeWord = (world: World): string => world.choose('dingtalk.unsafeWord', '')

const faceFrom = ({ world, media }: RobotParts, fields: Fields): Face => {
  const key = textOf(fields.msgKey)
  demand(key !== '', 'invalidParameter.msgKey.empty')
  const sample = Object.hasOwn(samples, key) ? samples[key] : undefined
  demand(sample !== undefined, 'invalidParameter.msgKey.invalid')
  const text = textOf(fields.msgParam)
  demand(bytesOf(text) <= longestParam, 'invalidParameter.msgParam.tooLong')
  const params = fieldsOrNull(parseJson(text))
  demand(params !== null && fits(sample, params), 'invalidParameter.msgParam.invalid')
  const unsafe = unsafeWord(world)
  demand(unsafe === '' || !text.includes(unsafe), 'contain.notAllowed.text')
  demand(mediaIn(params).every(media.known), 'resource.not.found')
  return sample.face(params, media.picture)
}

/** Sends of the robot ("批量发送人与机器人会话中机器人消息", "机器人发送群聊消息", read 2026-08) and the reply address. */
export const robotApis = (parts: RobotParts): readonly Api[] => {
  const { world, ids, directory, talks, sessions, phone, media, quota } = parts

  const toPeople = ({ fields }: Call, app: App): Answer => {
    demandRobot(fields, app)
    const userIds = textsOrNull(fields.userIds)
    demand(userIds !== null && userIds.length > 0, 'invalidParameter.userIds.empty')
    demand(userIds.length <= Number(world.choose('dingtalk.batchUsers', '20')), 'invalidParameter.userIds.overMax')
    const face = faceFrom(parts, fields)
    const controlled = world.choose('dingtalk.flowControlled', '').split(',')
    const distinct = [...new Set(userIds)]
    const known = distinct.filter((id) => directory.member(id) !== null)
    const key = ids.hex(44)
    const dropped = world.choose('dingtalk.dropped', '').split(',')
    for (const account of known.filter((id) => !controlled.includes(id) && !dropped.includes(id)))
      phone.post({ app, talk: talks.single(app, account), to: [account], key, face: () => face })
    return ok({
      processQueryKey: key,
      invalidStaffIdList: distinct.filter((id) => !known.includes(id)),
      flowControlledStaffIdList: known.filter((id) => controlled.includes(id)),
    })
  }

  const toGroup = ({ fields }: Call, app: App): Answer => {
    demandRobot(fields, app)
    const talk = groupIn(talks, fields, app)
    const face = faceFrom(parts, fields)
    const key = ids.hex(44)
    phone.post({ app, talk, to: talk.members, key, face: () => face })
    return ok({ processQueryKey: key })
  }

  const bySession = ({ query, fields }: Call): Answer => {
    const talk = sessions.talk(query.get('session') ?? '', world.clock.now())
    if (!talk) return refuseOld(300001)
    const unknownAt = textsOrNull(fieldsOf(fields.at).atUserIds)?.find((id) => directory.member(id) === null)
    if (unknownAt !== undefined) return refuseOld(400002, `atUserIds: ${unknownAt}`)
    const face = replyFace(fields, media.picture)
    if (face === undefined) return refuseOld(400105, '不支持的消息类型')
    if (face === null) return refuseOld(40035)
    quota.push(talk.app)
    phone.post({ app: talk.app, talk, to: talk.members, key: ids.hex(44), face: () => face })
    return { status: 200, body: { errcode: 0, errmsg: 'ok' } }
  }

  const send = (path: string, answer: (call: Call, app: App) => Answer): Api => ({
    method: 'POST',
    path,
    family: 'new',
    body: 'json',
    needs: 'token',
    counted: true,
    answer,
  })
  return [
    send('/v1.0/robot/oToMessages/batchSend', toPeople),
    send('/v1.0/robot/groupMessages/send', toGroup),
    { method: 'POST', path: '/robot/sendBySession', family: 'old', body: 'json', needs: 'nothing', answer: bySession },
  ]
}

/** The group that a call names; the robot must be in it. */
export const groupIn = (talks: Talks, fields: Fields, app: App): Talk => {
  const id = textOf(fields.openConversationId)
  demand(id !== '', 'miss.openConversationId')
  const talk = talks.find(app, id)
  demand(talk !== null, 'invalid.openConversationId')
  return talk
}

/** What an HTTP robot answers may itself be a reply; null when it is none or empty. */
export const answeredFace = (body: unknown, media: Media): Face | null => replyFace(fieldsOf(body), media.picture) ?? null
