import type { App } from '../contract.ts'
import { type Answer, demand, ok } from './answers.ts'
import type { Api, Call } from './gate.ts'
import type { Message } from './phone.ts'
import { demandRobot, groupIn, type RobotParts } from './robot-api.ts'
import { type Fields, textOf, textsOrNull } from './wire.ts'

const day = 24 * 3_600_000
const mostKeys = 20
const largestPage = 200

/** Read status and recalls, both for 24 hours ("批量查询人与机器人会话机器人消息是否已读", "批量撤回…", read 2026-08). */
export const receiptApis = ({ world, directory, talks, phone }: RobotParts): readonly Api[] => {
  const fresh = (app: App, key: string): readonly Message[] =>
    phone.byKey(app, key).filter((message) => world.clock.now() - message.sentAt <= day)

  const readStatus = ({ query }: Call, app: App): Answer => {
    demandRobot({ robotCode: query.get('robotCode') ?? '' }, app)
    const key = query.get('processQueryKey') ?? ''
    demand(key !== '', 'invalidParameter.param.invalid')
    const messages = fresh(app, key)
    demand(messages.length > 0, 'resource.not.found')
    return ok({
      sendStatus: messages.every(({ recalled }) => recalled) ? 'RECALLED' : 'SUCCESS',
      messageReadInfoList: messages.map(({ account, readAt }) => ({
        name: directory.member(account)?.name ?? '',
        userId: account,
        readStatus: readAt === null ? 'UNREAD' : 'READ',
      })),
    })
  }

  const groupReaders = ({ fields }: Call, app: App): Answer => {
    demandRobot(fields, app)
    const talk = groupIn(talks, fields, app)
    const size = Number(fields.maxResults ?? largestPage)
    const start = Number(fields.nextToken || 0)
    demand(size >= 1 && size <= largestPage && start >= 0, 'invalidParameter.param.invalid')
    const messages = fresh(app, textOf(fields.processQueryKey)).filter((message) => message.talk === talk)
    demand(messages.length > 0, 'resource.not.found')
    const readers = messages.filter(({ readAt }) => readAt !== null).map(({ account }) => account)
    const next = start + size
    return ok({
      sendStatus: messages.every(({ recalled }) => recalled) ? 'RECALLED' : 'SUCCESS',
      readUserIds: readers.slice(start, next),
      hasMore: next < readers.length,
      ...(next < readers.length ? { nextToken: String(next) } : {}),
    })
  }

  const recall = (app: App, fields: Fields, within: (message: Message) => boolean): Answer => {
    demandRobot(fields, app)
    const keys = textsOrNull(fields.processQueryKeys)
    demand(keys !== null && keys.length > 0 && keys.length <= mostKeys, 'invalidParameter.param.invalid')
    const failedResult: Record<string, string> = {}
    const successResult = keys.filter((key) => {
      const messages = fresh(app, key).filter(within)
      if (messages.length === 0) failedResult[key] = 'not.exist.or.expired'
      else phone.recall(messages.filter(({ recalled }) => !recalled))
      return messages.length > 0
    })
    return ok({ successResult, failedResult })
  }

  const post = (path: string, answer: (call: Call, app: App) => Answer): Api => ({
    method: 'POST',
    path,
    family: 'new',
    body: 'json',
    needs: 'token',
    counted: true,
    answer,
  })
  return [
    {
      method: 'GET',
      path: '/v1.0/robot/oToMessages/readStatus',
      family: 'new',
      body: 'none',
      needs: 'token',
      counted: true,
      answer: readStatus,
    },
    post('/v1.0/robot/groupMessages/query', groupReaders),
    post('/v1.0/robot/otoMessages/batchRecall', ({ fields }, app) => recall(app, fields, ({ talk }) => talk.kind === 'single')),
    post('/v1.0/robot/groupMessages/recall', ({ fields }, app) => {
      const group = groupIn(talks, fields, app)
      return recall(app, fields, ({ talk }) => talk === group)
    }),
  ]
}
