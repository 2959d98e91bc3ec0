import { DeliveryError, type Profile } from '../platform.ts'
import type { Client } from './client.ts'
import { answers } from './wire.ts'

const rootDepartment = 1
const pageSize = 100
const mostDepartments = 20_000

type User = {
  readonly userid: string
  readonly name?: string | undefined
  readonly mobile?: string | undefined
  readonly job_number?: string | undefined
  readonly active?: boolean | undefined
}

/** A field the app may not see is missing or empty. Whoever is not said to be active is not. */
const profile = (user: User): Profile => ({
  account: user.userid,
  name: user.name || null,
  mobile: user.mobile || null,
  employeeNo: user.job_number || null,
  active: user.active === true,
})

const read = { host: 'oapi', method: 'POST', effect: false } as const

/** Page "查询用户详情" (`query-user-details`), 2026-08. Somebody unknown throws a permanent DeliveryError `unknown-account`. */
export const whoIs = async (client: Client, account: string): Promise<Profile> => {
  const body = { userid: account, language: 'zh_CN' }
  const { result } = await client.call({ ...read, path: '/topapi/v2/user/get', body, answer: answers.user })
  if (result.userid !== account) throw new DeliveryError('temporary', 'unreadable-answer')
  return profile(result)
}

/** Everybody, department by department from the root, because no call lists them all; each person once. Pages of the contact APIs, 2026-08. */
export async function* directory(client: Client): AsyncIterable<Profile> {
  const departments = [rootDepartment]
  const known = new Set(departments)
  const seen = new Set<string>()
  for (let next = departments.pop(); next !== undefined; next = departments.pop()) {
    for await (const user of members(client, next)) {
      if (seen.has(user.userid)) continue
      seen.add(user.userid)
      yield profile(user)
    }
    for (const child of await children(client, next)) {
      if (known.has(child)) continue
      if (known.size >= mostDepartments) throw new DeliveryError('permanent', 'directory-too-large', { scope: 'connection' })
      known.add(child)
      departments.push(child)
    }
  }
}

const children = async (client: Client, department: number): Promise<readonly number[]> => {
  const body = { dept_id: department }
  const { result } = await client.call({ ...read, path: '/topapi/v2/department/listsubid', body, answer: answers.departments })
  return result.dept_id_list
}

async function* members(client: Client, department: number): AsyncIterable<User> {
  for (let cursor = 0; ; ) {
    const body = { dept_id: department, cursor, size: pageSize }
    const { result } = await client.call({ ...read, path: '/topapi/v2/user/list', body, answer: answers.users })
    yield* result.list
    if (!result.has_more) return
    // A cursor that stands still would read the same page for ever.
    if (!(typeof result.next_cursor === 'number' && result.next_cursor > cursor))
      throw new DeliveryError('temporary', 'unreadable-answer')
    cursor = result.next_cursor
  }
}
