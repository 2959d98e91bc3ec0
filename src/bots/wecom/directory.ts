import { DeliveryError, type Profile } from '../platform.ts'
import type { WecomClient } from './client.ts'
import { departmentsAnswer, memberAnswer, membersAnswer } from './wire.ts'

/**
 * One member (doc 90196). `active` only when WeCom says status 1; the mobile number is null where the app may not see it (apps
 * made after 2022-06-20). WeCom has no employee number.
 */
export const whoIs = async (client: WecomClient, account: string): Promise<Profile> => {
  const member = await client.call({ path: 'user/get', params: { userid: account }, answer: memberAnswer, writes: false })
  return {
    account: member.userid,
    name: member.name || null,
    mobile: member.mobile || null,
    employeeNo: null,
    active: member.status === 1,
  }
}

/**
 * Everybody in the app's visible scope, each once: departments (doc 90208), their members (90200), then each member's record,
 * because the short list tells neither status nor mobile. Members that vanish in between are left out.
 */
export async function* directory(client: WecomClient): AsyncGenerator<Profile> {
  const seen = new Set<string>()
  const { department } = await client.call({ path: 'department/list', answer: departmentsAnswer, writes: false })
  for (const { id } of department) {
    const params = { department_id: String(id) }
    const { userlist } = await client.call({ path: 'user/simplelist', params, answer: membersAnswer, writes: false })
    for (const { userid } of userlist) {
      if (seen.has(userid)) continue
      seen.add(userid)
      const profile = await ifThere(whoIs(client, userid))
      if (profile) yield profile
    }
  }
}

const ifThere = async (profile: Promise<Profile>): Promise<Profile | null> => {
  try {
    return await profile
  } catch (error) {
    if (error instanceof DeliveryError && error.kind === 'permanent' && error.scope === 'account') return null
    throw error
  }
}
