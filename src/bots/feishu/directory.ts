/** Who the people are, from the platform's directory. Source: open.feishu.cn 通讯录 v3 (read 2026-05). */
import type { Client } from '@larksuiteoapi/node-sdk'
import type { ZodType } from 'zod'
import { storable } from '../../lib/text.ts'
import { DeliveryError, type Profile } from '../platform.ts'
import { type Auth, type FeishuClient, segment } from './client.ts'
import { departmentsAnswer, type User, userAnswer, usersAnswer } from './wire.ts'

const byOpenId = { user_id_type: 'open_id', department_id_type: 'open_department_id' } as const
const root = '0'
const pageSize = 50

export const whoIs = async (client: FeishuClient, account: string): Promise<Profile> => {
  const { data } = await client.ask({
    endpoint: 'contact.user.get',
    urgent: false,
    risk: 'idempotent',
    answer: userAnswer,
    perform: (sdk, auth) => sdk.contact.v3.user.get({ path: { user_id: segment(account) }, params: byOpenId }, auth),
  })
  return profile(data.user)
}

/** Everybody the app may see, each once, department by department. What lies outside its contact range is missing without a word. */
export const directory = async function* (client: FeishuClient): AsyncGenerator<Profile> {
  const seen = new Set<string>()
  for await (const department of departments(client)) {
    for await (const user of members(client, department)) {
      if (seen.has(user.open_id)) continue
      seen.add(user.open_id)
      yield profile(user)
    }
  }
}

const departments = async function* (client: FeishuClient): AsyncGenerator<string> {
  yield root
  const below = pages(client, 'contact.department.children', departmentsAnswer, (sdk, auth, page) =>
    sdk.contact.v3.department.children(
      { path: { department_id: root }, params: { ...byOpenId, ...page, fetch_child: true } },
      auth,
    ),
  )
  for await (const { open_department_id: id } of below) yield id
}

const members = (client: FeishuClient, department: string): AsyncGenerator<User> =>
  pages(client, 'contact.user.find_by_department', usersAnswer, (sdk, auth, page) =>
    sdk.contact.v3.user.findByDepartment({ params: { ...byOpenId, ...page, department_id: department } }, auth),
  )

type Page<T> = {
  readonly data: {
    readonly has_more?: boolean | null | undefined
    readonly page_token?: string | null | undefined
    readonly items?: readonly T[] | null | undefined
  }
}
type PageParams = { readonly page_size: number; readonly page_token?: string }

/** The SDK's own iterators swallow errors: a directory cut in half would look like a company that shrank. */
const pages = async function* <T>(
  client: FeishuClient,
  endpoint: string,
  answer: ZodType<Page<T>>,
  perform: (sdk: Client, auth: Auth, page: PageParams) => Promise<unknown>,
): AsyncGenerator<T> {
  const used = new Set<string>()
  for (let params: PageParams = { page_size: pageSize }; ; ) {
    const page = params
    const { data } = await client.ask({
      endpoint,
      urgent: false,
      risk: 'idempotent',
      answer,
      perform: (sdk, auth) => perform(sdk, auth, page),
    })
    yield* data.items ?? []
    if (!data.has_more) return
    const token = data.page_token
    if (!token || used.has(token)) throw new DeliveryError('temporary', 'strange-answer', { detail: 'pages without an end' })
    used.add(token)
    params = { page_size: pageSize, page_token: token }
  }
}

/** Fields stay empty without their scope. Somebody whose state may not be seen counts as active: the platform itself refuses to send to the others. */
const profile = ({ open_id, name, mobile, employee_no, status }: User): Profile => ({
  account: open_id,
  name: text(name),
  mobile: text(mobile),
  employeeNo: text(employee_no),
  active: !(
    status &&
    (status.is_activated === false || status.is_frozen || status.is_resigned || status.is_exited || status.is_unjoin)
  ),
})

const text = (value: string | null | undefined): string | null => (value ? storable(value) : null)
