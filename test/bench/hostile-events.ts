/** Bodies that are genuine in form, for the connections of the demo plant, and fill each field that is read with as much as it takes. */
import { type Input, texts } from './hostile-bodies.ts'
import { credentials } from './plant.ts'

const named = (
  what: string,
  all: readonly { readonly name: string; readonly text: string }[],
  build: (text: string) => unknown,
) => all.map(({ name, text }): Input => ({ name: `${what} of ${name}`, body: JSON.stringify(build(text)) }))

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`
const crowd = <T>(count: number, one: (n: number) => T): readonly T[] => Array.from({ length: count }, (_, n) => one(n))

// ── Feishu ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const feishuEvent = (type: string, event: unknown, more: object = {}): unknown => {
  const { verificationToken, appId, tenantKey } = credentials.feishu
  const own = {
    event_id: 'e',
    event_type: type,
    create_time: '1',
    token: verificationToken,
    app_id: appId,
    tenant_key: tenantKey,
  }
  return { schema: '2.0', header: { ...own, ...more }, event }
}

const feishuMessage = (kind: string, content: unknown, more: object = {}): unknown => {
  const sender = { sender_id: { open_id: 'ou_1' }, sender_type: 'user', tenant_key: credentials.feishu.tenantKey }
  const message = { message_id: 'om_1', chat_id: 'oc_1', chat_type: 'p2p', message_type: kind, ...more }
  const told = typeof content === 'string' ? content : JSON.stringify(content)
  return feishuEvent('im.message.receive_v1', { sender, message: { ...message, content: told } })
}

const mentions = crowd(200, (n) => ({ key: `@_user_${n}`, name: '名'.repeat(100), mentioned_type: 'user' }))
const placeholders = '@_user_1 '.repeat(40_000)

const feishuPress = (action: object): unknown => {
  const operator = { open_id: 'ou_1', tenant_key: credentials.feishu.tenantKey }
  const value = { key: 'hazard.accept:haz_1@1' }
  return feishuEvent('card.action.trigger', {
    operator,
    action: { value, ...action },
    context: { open_message_id: 'om_1', open_chat_id: 'oc_1' },
  })
}

const feishuPosts = (): readonly Input[] => {
  const line = crowd(450, () => ({ tag: 'text', text: '@_user_1 ' }))
  const short = crowd(9_000, () => ({ tag: 'a' }))
  const post = (lines: unknown): string => JSON.stringify(feishuMessage('post', { title: '', content: lines }, { mentions }))
  return [
    { name: 'a post of many pieces', body: post(crowd(30, () => line)) },
    { name: 'a post of as many pieces as are read', body: post(crowd(20, (n) => short.slice(n * 450, (n + 1) * 450))) },
    { name: 'a post of many lines', body: post(crowd(500, () => [{ tag: 'text', text: '油'.repeat(300) }])) },
    { name: 'a post of empty lines', body: post(crowd(500, () => [])) },
    {
      name: 'a post of pictures',
      body: post(crowd(20, () => crowd(100, () => ({ tag: 'img', image_key: '\u202e'.repeat(90) })))),
    },
    { name: 'a post of mentions', body: post(crowd(20, () => crowd(200, () => ({ tag: 'at', user_id: '@_user_1' })))) },
  ]
}

/** `bytes` of plain text, before it is sealed. */
export const feishuEvents = (bytes: number): readonly Input[] => {
  const half = texts(bytes / 2)
  const said = (content: unknown, more?: object): string => JSON.stringify(feishuMessage('text', content, more))
  const chat = (text: string): unknown =>
    feishuEvent('im.chat.member.bot.added_v1', { chat_id: 'oc_1', operator_id: null, name: text })
  const menu = (text: string): unknown =>
    feishuEvent('application.bot.menu_v6', { operator: { operator_id: { open_id: 'ou_1' }, operator_name: text } })
  return [
    ...named('a text', half, (text) => feishuMessage('text', { text })),
    ...named('the name of a chat', half, chat),
    ...named('the name of a person', half, menu),
    ...named('the name of a file', half, (text) => feishuMessage('file', { file_key: 'k', file_name: text })),
    ...named('a name of a mention', half, (name) =>
      feishuMessage('text', { text: '@_user_1 ' }, { mentions: [{ ...mentions[1], name }] }),
    ),
    ...named('a field of a form', half, (text) => feishuPress({ form_value: { a: text } })),
    { name: 'a text of mentions', body: said({ text: placeholders }, { mentions }) },
    {
      name: 'mentions of one long name',
      body: said({ text: placeholders }, { mentions: [{ ...mentions[1], name: '名'.repeat(100_000) }] }),
    },
    { name: 'mentions of nobody', body: said({ text: `${'@_user_'.repeat(5_000)}${'@_all '.repeat(40_000)}` }) },
    { name: 'a mention of many digits', body: said({ text: `@_user_${'1'.repeat(500_000)}` }) },
    ...feishuPosts(),
    { name: 'content of brackets', body: said('['.repeat(400_000)) },
    { name: 'content of brackets, as many as are read', body: said(deep(32_000)) },
    { name: 'content of escapes', body: said(`{"text":"${'\\u0000'.repeat(60_000)}"}`) },
    {
      name: 'a position of lists',
      body: said(`{"name":"a","longitude":${deep(30_000)},"latitude":"1"}`).replace('"text"', '"location"'),
    },
    {
      name: 'a form of many fields',
      body: JSON.stringify(feishuPress({ form_value: Object.fromEntries(crowd(20_000, (n) => [`f${n}`, ''])) })),
    },
    { name: 'a form of one long list', body: JSON.stringify(feishuPress({ form_value: { a: crowd(40_000, () => '油油') } })) },
    {
      name: 'an event of brackets without an id',
      body: JSON.stringify(feishuEvent('a.b', 0, { event_id: null })).replace('"event":0', `"event":${deep(32_000)}`),
    },
    { name: 'a long event without an id', body: JSON.stringify(feishuEvent('a.b', '油'.repeat(bytes / 4), { event_id: null })) },
    { name: 'a time of many digits', body: JSON.stringify(feishuEvent('a.b', 0, { create_time: '1'.repeat(bytes - 1_000) })) },
  ]
}

// ── DingTalk ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const dingtalkMessage = (msgtype: string, more: object): unknown => {
  const { corpId, robotCode } = credentials.dingtalk
  const who = { chatbotCorpId: corpId, senderCorpId: corpId, senderStaffId: 's', robotCode, createAt: 1 }
  return { msgId: 'm', conversationType: '1', ...who, msgtype, ...more }
}
const rich = (richText: readonly unknown[]): string => JSON.stringify(dingtalkMessage('richText', { content: { richText } }))

export const dingtalkMessages = (bytes: number): readonly Input[] => {
  const room = bytes - 1_000
  const count = Math.floor(room / 45)
  return [
    ...named('a text', texts(room), (content) => dingtalkMessage('text', { text: { content } })),
    ...named('the name of a person', texts(room), (senderNick) =>
      dingtalkMessage('text', { senderNick, text: { content: 'a' } }),
    ),
    { name: 'very many pictures', body: rich(crowd(count, () => ({ type: 'picture', downloadCode: 'c' }))) },
    { name: 'very many mentions', body: rich(crowd(count, () => ({ type: 'at', atName: '' }))) },
    {
      name: 'very many mentions after blanks',
      body: rich([{ text: ' '.repeat(3_999) }, ...crowd(count, () => ({ type: 'at' }))]),
    },
    { name: 'very many mentions after a word', body: rich([{ text: 'a' }, ...crowd(count, () => ({ type: 'at', atName: '' }))]) },
    { name: 'pieces that are JSON in texts', body: rich(crowd(count, () => '{"text":"a"}')) },
    { name: 'pieces of line ends', body: rich([{ text: '\n'.repeat(room / 2 - 50) }, { text: 'a' }]) },
    {
      name: 'a text that is JSON in a text',
      body: JSON.stringify(dingtalkMessage('text', { text: JSON.stringify({ content: '\r'.repeat(room / 3) }) })),
    },
    { name: 'an unknown kind', body: JSON.stringify(dingtalkMessage('k'.repeat(room), {})) },
  ]
}

export const dingtalkPresses = (bytes: number): readonly Input[] => {
  const press = (params: unknown): string =>
    JSON.stringify({
      ...{ type: 'actionCallback', outTrackId: 'o', corpId: credentials.dingtalk.corpId, userId: 'u', userIdType: 1 },
      content: JSON.stringify({ cardPrivateData: { params } }),
    })
  const key = 'hazard.accept:haz_1@1'
  const room = bytes / 2 - 1_000
  return [
    ...texts(room).map(({ name, text }): Input => ({ name: `a field of ${name}`, body: press({ key, form: { a: text } }) })),
    { name: 'a form of many fields', body: press({ key, form: Object.fromEntries(crowd(room / 20, (n) => [`f${n}`, ''])) }) },
    { name: 'a form of many choices', body: press({ key, form: { a: crowd(room / 8, () => '油') } }) },
    {
      name: 'a form of fields without a value',
      body: press({ key, form: Object.fromEntries(crowd(room / 30, (n) => [`f${n}`, { index: -1 }])) }),
    },
    { name: 'content of brackets', body: press(null).replace('null', deep(room / 4)) },
  ]
}

/** As much as a list of members may hold, and more. */
export const dingtalkEvents = (bytes: number): readonly Input[] => {
  const { corpId } = credentials.dingtalk
  const event = (userId: unknown): string => JSON.stringify({ EventType: 'user_add_org', CorpId: corpId, eventId: 'e', userId })
  return [
    { name: 'five thousand members', body: event(crowd(5_000, (n) => `member${n}`)) },
    { name: 'more members than are read', body: event(crowd(bytes / 24, (n) => `member${n}`)) },
    { name: 'members of long names', body: event(crowd(bytes / 280, () => 'm'.repeat(250))) },
  ]
}

// ── WeCom ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const wecomXml = (body: string, from = 'u'): string => {
  const { corpId, agentId } = credentials.wecom
  const head = `<ToUserName>${corpId}</ToUserName><FromUserName>${from}</FromUserName><CreateTime>1</CreateTime><AgentID>${agentId}</AgentID>`
  return `<xml>${head}${body}</xml>`
}
const wecomEvent = (event: string, body: string): string => wecomXml(`<MsgType>event</MsgType><Event>${event}</Event>${body}`)

export const wecomMessages = (bytes: number): readonly Input[] => {
  const room = bytes - 1_000
  const all = [
    ...texts(room),
    { name: 'entities', text: '&amp;'.repeat(room / 5) },
    { name: 'sections', text: '<![CDATA[k]]>'.repeat(room / 13) },
  ]
  const sized = all.map(({ name, text }) => ({ name, text: Buffer.byteLength(text) > room ? text.slice(0, room / 3) : text }))
  const each = (what: string, build: (text: string) => string): readonly Input[] =>
    sized.map(({ name, text }) => ({ name: `${what} of ${name}`, body: build(text) }))
  const item = '<SelectedItem><QuestionKey>q</QuestionKey><OptionIds><OptionId>o</OptionId></OptionIds></SelectedItem>'
  return [
    ...each('a text', (text) => wecomXml(`<MsgType>text</MsgType><Content>${text}</Content>`)),
    ...each('a key', (text) => wecomEvent('template_card_event', `<EventKey>${text}</EventKey>`)),
    ...each('a sender', (text) => wecomXml('<MsgType>text</MsgType><Content>a</Content>', text)),
    ...each('a kind', (text) => wecomXml(`<MsgType>${text}</MsgType>`)),
    ...each('a label', (text) =>
      wecomXml(`<MsgType>location</MsgType><Location_X>1</Location_X><Location_Y>1</Location_Y><Label>${text}</Label>`),
    ),
    { name: 'many choices', body: wecomEvent('template_card_event', `<SelectedItems>${item.repeat(240)}</SelectedItems>`) },
    {
      name: 'many options',
      body: wecomEvent(
        'template_card_event',
        `<SelectedItems><SelectedItem><QuestionKey>q</QuestionKey><OptionIds>${`<OptionId>${'油'.repeat(50)}</OptionId>`.repeat(950)}</OptionIds></SelectedItem></SelectedItems>`,
      ),
    },
    { name: 'one name again and again', body: wecomEvent('click', '<EventKey>k</EventKey>'.repeat(950)) },
    {
      name: 'a number of many digits',
      body: wecomXml(`<MsgType>location</MsgType><Location_X>${'1'.repeat(room)}</Location_X>`),
    },
  ]
}
