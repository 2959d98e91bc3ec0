import { randomBytes } from 'node:crypto'
import type { App, SandboxAccount } from '../../sandbox/contract.ts'
import { encryptEvent, eventSign } from '../../sandbox/dingtalk/sign.ts'
import { encrypt, sign as feishuSign } from '../../sandbox/feishu/signing.ts'
import { aesKey, seal, sign as wecomSign } from '../../sandbox/wecom/crypt.ts'
import type { World } from './world.ts'

type Sealed = {
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
type Tell = (app: App, account: string, now: number) => Sealed

const json = { 'content-type': 'application/json; charset=utf-8' }
const nonce = (): string => randomBytes(8).toString('hex')

/** `contact.user.deleted_v3` (open.feishu.cn, 员工离职, May 2026). */
const feishu: Tell = ({ credentials }, account, now) => {
  const { encryptKey = '', verificationToken = '', appId = '', tenantKey = '' } = credentials
  const header = {
    event_id: randomBytes(16).toString('hex'),
    event_type: 'contact.user.deleted_v3',
    create_time: String(now),
    token: verificationToken,
    app_id: appId,
    tenant_key: tenantKey,
  }
  const event = { object: { open_id: account }, old_object: { department_ids: ['od-1'], open_id: account } }
  const body = JSON.stringify({ encrypt: encrypt(encryptKey, JSON.stringify({ schema: '2.0', header, event })) })
  const [timestamp, once] = [String(Math.floor(now / 1000)), nonce()]
  const headers = {
    'x-lark-request-timestamp': timestamp,
    'x-lark-request-nonce': once,
    'x-lark-signature': feishuSign(timestamp, once, encryptKey, body),
  }
  return { query: {}, headers: { ...json, ...headers }, body }
}

/** `user_leave_org` over HTTP ("通讯录用户离职", read 2026-08): there the names begin with capitals. */
const dingtalk: Tell = ({ credentials }, account, now) => {
  const { token = '', aesKey: key = '', clientId = '', corpId = '' } = credentials
  const event = {
    EventType: 'user_leave_org',
    EventTime: now,
    CorpId: corpId,
    BizId: String(now),
    eventId: randomBytes(16).toString('hex'),
    UserId: [account],
    TimeStamp: String(now),
  }
  const [timestamp, once] = [String(now), nonce()]
  const sealed = encryptEvent(key, clientId, JSON.stringify(event), randomBytes(8).toString('hex'))
  const signature = eventSign(token, timestamp, once, sealed)
  return {
    query: { signature, msg_signature: signature, timestamp, nonce: once },
    headers: json,
    body: JSON.stringify({ encrypt: sealed }),
  }
}

/** `change_contact` / `delete_user` (developer.work.weixin.qq.com/document/path/90970). */
const wecom: Tell = ({ credentials }, account, now) => {
  const { corpId = '', token = '', encodingAesKey = '', agentId = '' } = credentials
  const plain = `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>${Math.floor(now / 1000)}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_contact]]></Event><ChangeType>delete_user</ChangeType><UserID><![CDATA[${account}]]></UserID></xml>`
  const sealed = seal(aesKey(encodingAesKey), plain, corpId, randomBytes(16))
  const [timestamp, once] = [String(Math.floor(now / 1000)), nonce()]
  return {
    query: { msg_signature: wecomSign(token, timestamp, once, sealed), timestamp, nonce: once },
    headers: { 'content-type': 'text/xml' },
    body: `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><AgentID>${agentId}</AgentID><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`,
  }
}

const tells: Readonly<Record<SandboxAccount['platform'], Tell>> = { feishu, dingtalk, wecom }

/**
 * The directory of a platform tells the service, in the vendor's own bytes, that somebody has left. The doubles' people never leave by themselves.
 * Gives the service's status.
 */
export const tellsThatLeft = async (world: World, person: string): Promise<readonly number[]> => {
  const { core } = world.sandbox
  const accounts = core.plant.people.find(({ id }) => id === person)?.accounts ?? []
  return Promise.all(
    accounts.map(async ({ platform, account }) => {
      const app = core.apps.find((one) => one.platform === platform)
      if (!app) throw new Error(`no app on ${platform}`)
      const { query, headers, body } = tells[platform](app, account, core.clock.now())
      const address = `${world.running().url}/hooks/${app.id}?${new URLSearchParams(query)}`
      return (await fetch(address, { method: 'POST', headers, body })).status
    }),
  )
}
