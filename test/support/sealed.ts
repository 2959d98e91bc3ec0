import { randomBytes } from 'node:crypto'
import type { App, SandboxAccount } from '../../sandbox/contract.ts'
import { cardSign, encryptEvent, eventSign } from '../../sandbox/dingtalk/sign.ts'
import { encrypt, sign as feishuSign } from '../../sandbox/feishu/signing.ts'
import { aesKey, seal, sign as wecomSign } from '../../sandbox/wecom/crypt.ts'
import type { World } from './world.ts'

/** A push in a vendor's own bytes, for what the people of the doubles never do by themselves: leave, or press a button they were never shown. */
type Sealed = {
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
type Tell = (app: App, account: string, now: number, key: string) => Sealed

const json = { 'content-type': 'application/json; charset=utf-8' }
const nonce = (): string => randomBytes(8).toString('hex')

const feishu = ({ credentials }: App, type: string, event: object, now: number): Sealed => {
  const { encryptKey = '', verificationToken = '', appId = '', tenantKey = '' } = credentials
  const header = {
    event_id: randomBytes(16).toString('hex'),
    event_type: type,
    create_time: String(now),
    token: verificationToken,
    app_id: appId,
    tenant_key: tenantKey,
  }
  const body = JSON.stringify({ encrypt: encrypt(encryptKey, JSON.stringify({ schema: '2.0', header, event })) })
  const [timestamp, once] = [String(Math.floor(now / 1000)), nonce()]
  const headers = {
    'x-lark-request-timestamp': timestamp,
    'x-lark-request-nonce': once,
    'x-lark-signature': feishuSign(timestamp, once, encryptKey, body),
  }
  return { query: {}, headers: { ...json, ...headers }, body }
}

const dingtalkEvent = ({ credentials }: App, type: string, event: object, now: number): Sealed => {
  const { token = '', aesKey: key = '', clientId = '', corpId = '' } = credentials
  const head = {
    EventType: type,
    EventTime: now,
    CorpId: corpId,
    BizId: String(now),
    eventId: randomBytes(16).toString('hex'),
  }
  const [timestamp, once] = [String(now), nonce()]
  const sealed = encryptEvent(key, clientId, JSON.stringify({ ...head, ...event }), randomBytes(8).toString('hex'))
  const signature = eventSign(token, timestamp, once, sealed)
  return {
    query: { signature, msg_signature: signature, timestamp, nonce: once },
    headers: json,
    body: JSON.stringify({ encrypt: sealed }),
  }
}

const wecom = ({ credentials }: App, from: string, fields: string, now: number): Sealed => {
  const { corpId = '', token = '', encodingAesKey = '', agentId = '' } = credentials
  const at = Math.floor(now / 1000)
  const head = `<ToUserName><![CDATA[${corpId}]]></ToUserName><FromUserName><![CDATA[${from}]]></FromUserName><CreateTime>${at}</CreateTime>`
  const plain = `<xml>${head}<MsgType><![CDATA[event]]></MsgType>${fields}<AgentID>${agentId}</AgentID></xml>`
  const sealed = seal(aesKey(encodingAesKey), plain, corpId, randomBytes(16))
  const [timestamp, once] = [String(at), nonce()]
  return {
    query: { msg_signature: wecomSign(token, timestamp, once, sealed), timestamp, nonce: once },
    headers: { 'content-type': 'text/xml' },
    body: `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><AgentID>${agentId}</AgentID><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`,
  }
}

/** 员工离职 (open.feishu.cn, May 2026), 通讯录用户离职 (DingTalk, read 2026-08; over HTTP its names begin with capitals), path/90970 (WeCom). */
const leaving: Readonly<Record<SandboxAccount['platform'], Tell>> = {
  feishu: (app, account, now) => {
    const event = { object: { open_id: account }, old_object: { department_ids: ['od-1'], open_id: account } }
    return feishu(app, 'contact.user.deleted_v3', event, now)
  },
  dingtalk: (app, account, now) => dingtalkEvent(app, 'user_leave_org', { UserId: [account], TimeStamp: String(now) }, now),
  wecom: (app, account, now) => {
    const fields = `<Event><![CDATA[change_contact]]></Event><ChangeType>delete_user</ChangeType><UserID><![CDATA[${account}]]></UserID>`
    return wecom(app, 'sys', fields, now)
  },
}

/** A click on a card with an action key of the caller's choice: a modified client can send it, and the platform signs it all the same. */
const pressing: Readonly<Record<SandboxAccount['platform'], Tell>> = {
  feishu: (app, account, now, key) => {
    const operator = { tenant_key: app.credentials.tenantKey, open_id: account }
    const context = { open_message_id: 'om_forged', open_chat_id: 'oc_forged' }
    const event = { operator, token: 'c-forged', action: { value: { key }, tag: 'button' }, host: 'im_message', context }
    return feishu(app, 'card.action.trigger', event, now)
  },
  dingtalk: ({ credentials }, account, now, key) => {
    const body = {
      type: 'actionCallback',
      outTrackId: 'andon-forged',
      corpId: credentials.corpId,
      userId: account,
      userIdType: 1,
      spaceType: 'IM_ROBOT',
      spaceId: 'forged',
      extension: '{}',
      content: JSON.stringify({ cardPrivateData: { actionIds: ['press'], params: { key } } }),
    }
    const signature = cardSign(credentials.cardCallbackSecret ?? '', String(now))
    const headers = { 'x-ddpaas-signature': signature, 'x-ddpaas-signature-timestamp': String(now) }
    return { query: {}, headers: { ...json, ...headers }, body: JSON.stringify(body) }
  },
  wecom: (app, account, now, key) => {
    const fields = `<Event><![CDATA[template_card_event]]></Event><EventKey><![CDATA[${key}]]></EventKey><TaskId><![CDATA[forged]]></TaskId><CardType><![CDATA[button_interaction]]></CardType><ResponseCode><![CDATA[${nonce()}]]></ResponseCode>`
    return wecom(app, account, fields, now)
  },
}

const tells = async (how: Readonly<Record<SandboxAccount['platform'], Tell>>, world: World, person: string, key: string) => {
  const { core } = world.sandbox
  const accounts = core.plant.people.find(({ id }) => id === person)?.accounts ?? []
  return Promise.all(
    accounts.map(async ({ platform, account }) => {
      const app = core.apps.find((one) => one.platform === platform)
      if (!app) throw new Error(`no app on ${platform}`)
      const { query, headers, body } = how[platform](app, account, core.clock.now(), key)
      const address = `${world.running().url}/hooks/${app.id}?${new URLSearchParams(query)}`
      const response = await fetch(address, { method: 'POST', headers, body })
      return { status: response.status, text: await response.text() }
    }),
  )
}

/** The directory of a platform tells the service that somebody has left. Gives the service's status for each of their accounts. */
export const tellsThatLeft = async (world: World, person: string): Promise<readonly number[]> =>
  (await tells(leaving, world, person, '')).map(({ status }) => status)

/** Somebody's client sends a press that nobody offered them. Gives what the service answered to each of their accounts. */
export const pressesUnasked = (
  world: World,
  person: string,
  key: string,
): Promise<readonly { readonly status: number; readonly text: string }[]> => tells(pressing, world, person, key)
