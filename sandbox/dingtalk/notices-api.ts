import type { App } from '../contract.ts'
import { type Answer, demandOld, okOld } from './answers.ts'
import type { Api, Call } from './gate.ts'
import { digest } from './ids.ts'
import { linksIn, plainText } from './markdown.ts'
import { type Face, faceOf } from './phone.ts'
import type { RobotParts } from './robot-api.ts'
import { bytesOf, type Fields, fieldsOf, fieldsOrNull, listOf, textOf } from './wire.ts'

type Forbidden = { readonly code: number; readonly userid: string }
type Task = {
  readonly app: App
  readonly key: string
  readonly at: number
  readonly sent: readonly string[]
  readonly invalid: readonly string[]
  readonly forbidden: readonly Forbidden[]
}

const day = 24 * 3_600_000
const mostUsers = 100
const mostPerDay = 500
const longestMessage = 2048
const doubled = 143105
const tooMany = 143106

const readers: Readonly<Record<string, (message: Fields) => Face | null>> = {
  text: ({ text }) => faceOf({ text: textOf(fieldsOf(text).content) }),
  markdown: ({ markdown }) => {
    const { title, text } = fieldsOf(markdown)
    return faceOf({ title: textOf(title), text: plainText(textOf(text)), links: linksIn(textOf(text)) })
  },
  link: ({ link }) => {
    const { title, text, messageUrl } = fieldsOf(link)
    return faceOf({ title: textOf(title), text: textOf(text), links: [[textOf(title), textOf(messageUrl)]] })
  },
  oa: ({ oa }) => {
    const { body, head, message_url } = fieldsOf(oa)
    const { title, content, form } = fieldsOf(body)
    const facts = listOf(form).map((row) => [textOf(fieldsOf(row).key), textOf(fieldsOf(row).value)] as const)
    const heading = textOf(title) || textOf(fieldsOf(head).text)
    return faceOf({ kind: 'card', title: heading, text: textOf(content), facts, links: [[heading, textOf(message_url)]] })
  },
  action_card: ({ action_card }) => {
    const { title, markdown, single_title, single_url, btn_json_list } = fieldsOf(action_card)
    const many = listOf(btn_json_list).map(
      (button) => [textOf(fieldsOf(button).title), textOf(fieldsOf(button).action_url)] as const,
    )
    const links = many.length ? many : [[textOf(single_title), textOf(single_url)] as const]
    return faceOf({
      kind: 'card',
      title: textOf(title),
      text: plainText(textOf(markdown)),
      actions: links.map(([label]) => label),
      links,
    })
  },
}

/**
 * Work notices to users ("发送工作通知", read 2026-08). Beyond the limits the platform answers success and drops: the same content to the same user
 * within a day, more than 500 notices to one user a day. Only the result interface tells. Departments and `to_all_user` are not played.
 */
export const noticeApis = ({ world, ids, directory, talks, phone }: RobotParts): readonly Api[] => {
  const tasks = new Map<number, Task>()
  const today = new Map<string, number>()
  const dayOf = () => new Date(world.clock.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  const count = (key: string): number => {
    const times = (today.get(key) ?? 0) + 1
    today.set(key, times)
    return times
  }
  /** Why the platform would drop this notice for this user; null when it arrives. */
  const dropped = (app: App, userid: string, content: string): Forbidden | null => {
    if (count(`${app.id} ${dayOf()} ${userid} ${digest(32, content)}`) > 1) return { code: doubled, userid }
    return count(`${app.id} ${dayOf()} ${userid}`) > mostPerDay ? { code: tooMany, userid } : null
  }

  const send = ({ fields }: Call, app: App): Answer => {
    demandOld(String(fields.agent_id ?? '') === app.credentials.agentId, 400002, 'agent_id')
    const users = textOf(fields.userid_list)
      .split(',')
      .filter((id) => id !== '')
    demandOld(users.length > 0 && users.length <= mostUsers, 40035, 'userid_list')
    const message = fieldsOrNull(fields.msg)
    const content = JSON.stringify(message)
    demandOld(message !== null && bytesOf(content) <= longestMessage, 40035, 'msg')
    const face = readers[textOf(message.msgtype)]?.(message) ?? null
    demandOld(face !== null, 400002, 'msgtype')
    const known = users.filter((id) => directory.member(id) !== null)
    const forbidden = known.flatMap((id) => dropped(app, id, content) ?? [])
    const sent = known.filter((id) => !forbidden.some(({ userid }) => userid === id))
    const key = ids.hex(32)
    for (const account of sent) phone.post({ app, talk: talks.notices(app, account), to: [account], key, face: () => face })
    const taskId = 256_271_000_000 + tasks.size + 1
    tasks.set(taskId, { app, key, at: world.clock.now(), sent, invalid: users.filter((id) => !known.includes(id)), forbidden })
    return okOld({ task_id: taskId, request_id: '' })
  }

  const taskIn = (id: unknown, app: App): Task => {
    const task = tasks.get(Number(id))
    demandOld(task !== undefined && task.app === app && world.clock.now() - task.at <= day, 400002, 'task_id')
    return task
  }

  const result = ({ fields }: Call, app: App): Answer => {
    const task = taskIn(fields.task_id, app)
    const messages = phone.byKey(app, task.key)
    return okOld({
      send_result: {
        invalid_user_id_list: task.invalid,
        forbidden_user_id_list: task.forbidden.map(({ userid }) => userid),
        failed_user_id_list: [],
        read_user_id_list: messages.filter(({ readAt }) => readAt !== null).map(({ account }) => account),
        unread_user_id_list: messages.filter(({ readAt }) => readAt === null).map(({ account }) => account),
        invalid_dept_id_list: [],
        forbidden_list: task.forbidden.map((row) => ({ ...row, count: 1 })),
      },
      request_id: '',
    })
  }

  const recall = ({ fields }: Call, app: App): Answer => {
    const task = taskIn(fields.msg_task_id, app)
    phone.recall(phone.byKey(app, task.key).filter(({ recalled }) => !recalled))
    return okOld({ request_id: '' })
  }

  const api = (name: string, answer: (call: Call, app: App) => Answer): Api => ({
    method: 'POST',
    path: `/topapi/message/corpconversation/${name}`,
    family: 'old',
    body: 'json',
    needs: 'token',
    counted: true,
    answer,
  })
  return [
    api('asyncsend_v2', send),
    api('getsendprogress', ({ fields }, app) => {
      taskIn(fields.task_id, app)
      return okOld({ progress: { progress_in_percent: 100, status: 2 }, request_id: '' })
    }),
    api('getsendresult', result),
    api('recall', recall),
  ]
}
