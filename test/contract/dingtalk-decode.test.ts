import { describe, expect, it } from 'vitest'
import { eventKeys, eventSignature, openEvent, sealEvent } from '../../src/bots/dingtalk/event-crypto.ts'
import { createDingtalk } from '../../src/bots/dingtalk/platform.ts'
import type { Incoming } from '../../src/bots/platform.ts'
import { actionKey, cardRequest, connection, createPorts, eventRequest, pressOn, robotRequest, vectors } from './dingtalk-kit.ts'

const platform = createDingtalk(connection, createPorts())

const accepted = (request: Parameters<typeof platform.receive>[0]): Incoming => {
  const received = platform.receive(request)
  if (received.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(received)}`)
  return received.incoming
}
const message = (name: string, change: object = {}) => accepted(robotRequest({ ...vectors.samplePayloads[name], ...change }))
const press = (params: unknown, more: object = {}) => accepted(cardRequest(pressOn(params, more)))

describe('the published and composed signatures are the ones we accept', () => {
  it.each(vectors.robotHttpCallbackSign.cases)('robot callback $timestamp', ({ secret, timestamp, signBase64 }) => {
    const there = createDingtalk(
      { ...connection, clientSecret: secret },
      createPorts({ clock: { now: () => new Date(Number(timestamp) + 1000) } }),
    )
    const request = {
      ...robotRequest(vectors.samplePayloads.botText, timestamp, secret),
      headers: { timestamp, sign: signBase64 },
    }
    expect(there.receive(request).kind).toBe('accepted')
  })

  it.each(vectors.cardHttpCallbackSign.cases)('card callback $timestamp', ({ apiSecret, timestamp, signature }) => {
    const there = createDingtalk(
      { ...connection, cardCallbackSecret: apiSecret },
      createPorts({ clock: { now: () => new Date(Number(timestamp) + 1000) } }),
    )
    const headers = { 'x-ddpaas-signature': signature, 'x-ddpaas-signature-timestamp': timestamp }
    expect(there.receive({ ...cardRequest(pressOn({ key: actionKey })), headers }).kind).toBe('accepted')
  })

  it.each(vectors.eventCrypto.decryptCases)('sealed event of $ownerKey', (sealed) => {
    const keys = eventKeys(sealed.token, sealed.encodingAesKey, sealed.ownerKey)
    expect(eventSignature(sealed.token, sealed.timestamp, sealed.nonce, sealed.encrypt)).toBe(sealed.msgSignature)
    expect(openEvent(keys, sealed.encrypt)).toBe(sealed.expect.msg)
  })

  it.each(vectors.eventCrypto.encryptCases)('sealing $plaintext', (sealed) => {
    const keys = eventKeys(sealed.token, sealed.encodingAesKey, sealed.ownerKey)
    const answer = JSON.parse(sealEvent(keys, sealed.plaintext, new Date(Number(sealed.timestamp)), Buffer.from(sealed.random16)))
    expect(answer.encrypt).toBe(sealed.encrypt)
    expect(answer.timeStamp).toBe(sealed.timestamp)
    expect(answer.msg_signature).toBe(eventSignature(sealed.token, answer.timeStamp, answer.nonce, answer.encrypt))
    expect(openEvent(keys, sealed.encrypt)).toBe(sealed.plaintext)
  })
})

describe('a message to the robot', () => {
  it('is text with its sender, group and instant', () => {
    expect(message('botText')).toEqual({
      connection: 'dingtalk-demo',
      key: 'msgEMU000000000001==',
      alias: null,
      account: 'u_chen',
      accountName: '陈工',
      conversation: 'cidEMU0000000000000000000001==',
      direct: false,
      at: new Date(1767225600000),
      kind: 'message',
      text: '报告隐患 3号机防护罩缺失',
      files: [],
      place: null,
    })
  })

  it('in a direct chat has the account as its conversation, which a press repeats', () => {
    expect(message('botText', { conversationType: '1' })).toMatchObject({ direct: true, conversation: 'u_chen' })
    expect(press({ key: actionKey }, { spaceType: 'IM_ROBOT', spaceId: 'anything' })).toMatchObject({
      direct: true,
      conversation: 'u_chen',
    })
  })

  it.each([
    ['botPicture', '', { kind: 'photo', ref: { downloadCode: 'emuDownloadCode1', robotCode: 'dingemuappkey0001' }, name: null }],
    [
      'botAudio',
      '三号机防护罩缺失',
      { kind: 'voice', ref: { downloadCode: 'emuDownloadCode2', robotCode: 'dingemuappkey0001' }, name: null },
    ],
    [
      'botRichText',
      '地面有油污',
      { kind: 'photo', ref: { downloadCode: 'emuDownloadCode3', robotCode: 'dingemuappkey0001' }, name: null },
    ],
    [
      'botFile',
      '',
      { kind: 'file', ref: { downloadCode: 'emuDownloadCode4', robotCode: 'dingemuappkey0001' }, name: '检查表.xlsx' },
    ],
    ['botVideo', '', { kind: 'video', ref: { downloadCode: 'emuDownloadCode5', robotCode: 'dingemuappkey0001' }, name: null }],
  ])('%s brings its file', (name, text, file) => {
    expect(message(name)).toMatchObject({ kind: 'message', text, files: [file] })
  })

  it.each([
    ['nothing', undefined],
    ['no text', 7],
    ['an empty text', ''],
  ])('a voice of which the platform has written down %s is the sound alone', (_, recognition) => {
    const content = { duration: 4200, downloadCode: 'emuDownloadCode2', recognition }
    expect(message('botAudio', { content })).toMatchObject({ kind: 'message', text: '', files: [{ kind: 'voice' }] })
  })

  it('as rich text keeps every picture and the words in order', () => {
    const richText = [
      { type: 'at', atName: '安灯' },
      { text: ' 3号' },
      { text: '泵房' },
      { type: 'picture', downloadCode: 'one' },
      { type: 'picture', downloadCode: 'two' },
      { text: '漏油 ' },
      { type: 'at', atName: '李娜' },
      { type: 'emoji' },
    ]
    const found = message('botRichText', { content: { richText } })
    expect(found).toMatchObject({ kind: 'message', text: '3号泵房\n漏油 @李娜' })
    expect(found.kind === 'message' && found.files.map(({ ref }) => ref.downloadCode)).toEqual(['one', 'two'])
  })

  it.each([
    ['over the push quota', 'botQuotaExceeded', {}, 'quota'],
    ['over the push quota, spelt the other way', 'botQuotaExceeded', { errorCode: undefined, errCode: '20001' }, 'quota'],
    ['without a staff id', 'botText', { senderStaffId: undefined }, 'outside-sender'],
    ['of another organisation with a staff id like ours', 'botText', { senderCorpId: 'dingother' }, 'outside-sender'],
    ['for the robot of another organisation', 'botText', { chatbotCorpId: 'dingother' }, 'other-organisation'],
    [
      'of a kind the platform does not show',
      'botText',
      { msgtype: 'unknownMsgType', content: { unknownMsgType: 'x' } },
      'message:unknownMsgType',
    ],
    ['named like a method of every object', 'botText', { msgtype: 'constructor' }, 'message:constructor'],
    ['without content', 'botPicture', { content: {} }, 'message:picture'],
    ['without an id', 'botText', { msgId: '' }, 'malformed-message'],
    ['with an id nobody can store', 'botText', { msgId: 'a\u0000b' }, 'malformed-message'],
    ['in a conversation of a third kind', 'botText', { conversationType: '3' }, 'conversation-type'],
  ])('%s is unsupported and says so', (_, name, change, what) => {
    expect(message(name, change)).toMatchObject({ kind: 'unsupported', what })
  })

  it.each([
    ['in our future', 1767225600500 + 9 * 3_600_000],
    ['years ago', 1],
    ['no number', 'soon'],
    ['beyond all dates', 1e300],
  ])('whose instant is %s happened now', (_, createAt) => {
    expect(message('botText', { createAt }).at).toEqual(new Date(1767225600500))
  })

  it('that nobody can read has the same key each time', () => {
    const twice = [accepted(robotRequest('not json')), accepted(robotRequest('not json'))]
    expect(twice[0]?.key).toMatch(/^[0-9a-f]{64}$/)
    expect(twice[0]?.key).toBe(twice[1]?.key)
  })
})

describe('a click on a card', () => {
  it('is a press with the action key, the message and the clicker of the envelope', () => {
    expect(press({ key: actionKey, userId: 'somebody-else' })).toMatchObject({
      kind: 'press',
      action: actionKey,
      account: 'u_chen',
      message: 'wo-20260101-0007:card:1',
      handle: { outTrackId: 'wo-20260101-0007:card:1' },
      conversation: 'cidEMU0000000000000000000001==',
      direct: false,
      form: {},
    })
  })

  it('brings the form as texts', () => {
    const form = {
      level: { index: 1, value: 'major' },
      due: '2026-01-05',
      photos_ok: true,
      count: 3,
      tags: { index: [0, 2], value: ['guard', 'electrical'] },
      nothing: { index: -1 },
      empty: null,
      deep: { value: { value: 'x' } },
      ['__proto__']: 'x',
      '9bad': 'x',
    }
    expect(press(JSON.parse(JSON.stringify({ key: actionKey, form })))).toMatchObject({
      form: { level: 'major', due: '2026-01-05', photos_ok: 'true', count: '3', tags: 'guard,electrical' },
    })
    const found = press({ key: actionKey, form })
    expect(found.kind === 'press' && Object.keys(found.form).sort()).toEqual(['count', 'due', 'level', 'photos_ok', 'tags'])
    expect(press({ key: actionKey, form: 'form_update' })).toMatchObject({ form: {} })
  })

  it.each([
    ['content', { content: { cardPrivateData: { params: { key: actionKey } } } }],
    [
      'value instead of content',
      { content: undefined, value: JSON.stringify({ cardPrivateData: { params: { key: actionKey } } }) },
    ],
    [
      'params beside cardPrivateData',
      { content: JSON.stringify({ cardPrivateData: { params: {} }, params: { key: actionKey } }) },
    ],
    ['params as a text', { content: JSON.stringify({ cardPrivateData: { params: JSON.stringify({ key: actionKey }) } }) }],
  ])('is understood with its params in %s', (_, more) => {
    expect(press({}, more)).toMatchObject({ kind: 'press', action: actionKey })
  })

  it.each([
    ['on the card itself', {}, 'press-without-params'],
    [
      'with a key that is no text',
      { content: JSON.stringify({ cardPrivateData: { params: { key: 7 } } }) },
      'press-without-params',
    ],
    ['in another organisation', { corpId: 'dingother' }, 'other-organisation'],
    ['under another kind of user id', { userIdType: 2 }, 'outside-sender'],
    ['by nobody', { userId: undefined }, 'outside-sender'],
    ['for dynamic data', { type: 'dynamicDataCallback' }, 'card:dynamicDataCallback'],
    ['on no card', { outTrackId: undefined }, 'malformed-press'],
  ])('%s is unsupported and says so', (_, more, what) => {
    expect(press({}, more)).toMatchObject({ kind: 'unsupported', what })
  })

  it('has a key of its own for every signed delivery', () => {
    const keys = ['1767225600000', '1767225600001'].map((at) => accepted(cardRequest(pressOn({ key: actionKey }), at)).key)
    expect(new Set(keys).size).toBe(2)
    expect(accepted(cardRequest(pressOn({ key: actionKey }))).key).toBe(keys[0])
  })
})

describe('an event', () => {
  const [, check, joined] = vectors.eventCrypto.encryptCases

  it('that only checks the address is answered with a sealed success', () => {
    if (!check) throw new Error('vector missing')
    const received = platform.receive(eventRequest(check))
    if (received.kind !== 'handshake') throw new Error(received.kind)
    const answer = JSON.parse(received.response.body)
    const keys = eventKeys(connection.token, connection.aesKey, connection.clientId)
    expect(openEvent(keys, answer.encrypt)).toBe('success')
    expect(answer.msg_signature).toBe(eventSignature(keys.token, answer.timeStamp, answer.nonce, answer.encrypt))
  })

  it('about new colleagues names them all', () => {
    if (!joined) throw new Error('vector missing')
    expect(accepted(eventRequest(joined))).toMatchObject({
      kind: 'member-change',
      change: 'joined',
      accounts: ['u_chen', 'u_王'],
      key: '0f0e0d0c0b0a09080706050403020100',
    })
  })

  const sealed = (fields: object) => {
    const keys = eventKeys(connection.token, connection.aesKey, connection.clientId)
    const { msg_signature, timeStamp, nonce, encrypt } = JSON.parse(
      sealEvent(keys, JSON.stringify(fields), new Date(1767225600000)),
    )
    return accepted(eventRequest({ msgSignature: msg_signature, timestamp: timeStamp, nonce, encrypt }))
  }
  const CorpId = connection.corpId

  it.each([
    [
      { EventType: 'user_leave_org', CorpId, userId: ['u1'] },
      { kind: 'member-change', change: 'left', accounts: ['u1'] },
    ],
    [
      { EventType: 'user_modify_org', CorpId, userId: ['u1'] },
      { kind: 'member-change', change: 'changed' },
    ],
    [
      { EventType: 'user_active_org', CorpId, userId: ['u1'] },
      { kind: 'member-change', change: 'changed' },
    ],
    [
      { EventType: 'user_leave_org', CorpId, userId: 'u1' },
      { kind: 'unsupported', what: 'malformed-event' },
    ],
    [
      { EventType: 'user_leave_org', CorpId: 'dingother', userId: ['u1'] },
      { kind: 'unsupported', what: 'other-organisation' },
    ],
    [
      { EventType: 'org_dept_create', CorpId, deptId: [1] },
      { kind: 'unsupported', what: 'event:org_dept_create' },
    ],
    [
      { EventType: 'constructor', CorpId },
      { kind: 'unsupported', what: 'event:constructor' },
    ],
    [{}, { kind: 'unsupported', what: 'malformed-event' }],
  ])('%j', (fields, expected) => {
    expect(sealed(fields)).toMatchObject(expected)
  })
})
