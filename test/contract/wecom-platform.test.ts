import * as oracle from '@wecom/crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type ChatPlatform, DeliveryError, type Profile, type Received } from '../../src/bots/platform.ts'
import { createWecom } from '../../src/bots/wecom/platform.ts'
import { readXml, textOf } from '../../src/bots/wecom/xml.ts'
import type { Reply } from '../../src/cards/card.ts'
import { type Api, createApi, no, ok } from './wecom-api.ts'
import { callback, card, connection, corpId, now, nowSeconds, portsAt, pressEvent, type Taken, textMessage } from './wecom-kit.ts'

let api: Api
let wecom: ChatPlatform
let taken: readonly Taken[]
beforeEach(async () => {
  api = await createApi()
  const ports = portsAt(now)
  taken = ports.taken
  wecom = createWecom({ ...connection, apiBase: api.base }, ports)
})
afterEach(() => api.close())

const liwei = { kind: 'account', account: 'liwei' } as const
const sent = ok({ msgid: 'MSG-1', response_code: 'RC-1' })
const failed = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof DeliveryError)) throw new Error(`expected a DeliveryError, got ${String(error)}`)
  const { kind, because, scope } = error
  return `${kind} ${because} ${scope}`
}

describe('sending a card', () => {
  it('goes out as a template_card under its once-key and can be repainted once', async () => {
    api.answers('message/send', sent)
    expect(await wecom.send(liwei, { kind: 'card', card }, 'eff_01')).toEqual({
      message: 'eff_01',
      recallBy: 'msgid:MSG-1',
      conversation: 'liwei',
      handle: { response_code: 'RC-1', msgid: 'MSG-1' },
      lost: [],
    })
    expect(api.of('message/send')[0]?.body).toMatchObject({
      touser: 'liwei',
      agentid: 1000007,
      msgtype: 'template_card',
      enable_duplicate_check: 1,
      duplicate_check_interval: 14400,
      template_card: { card_type: 'button_interaction', task_id: 'eff_01', main_title: { title: '隐患待处理' } },
    })
    expect(taken).toEqual([{ endpoint: 'message/send', urgent: true }])
  })

  it('takes no headroom for a card that is not red', async () => {
    api.answers('message/send', sent)
    await wecom.send(liwei, { kind: 'card', card: { ...card, tone: 'warning' } }, 'eff_01')
    expect(taken).toEqual([{ endpoint: 'message/send', urgent: false }])
  })

  it('retried after a lost answer is delivered, only its code is gone', async () => {
    api.answers('message/send', 'cut', no(42014))
    expect(await failed(wecom.send(liwei, { kind: 'card', card }, 'eff_01'))).toBe('ambiguous no-answer message')
    expect(await wecom.send(liwei, { kind: 'card', card }, 'eff_01')).toEqual({
      message: 'eff_01',
      conversation: 'liwei',
      handle: null,
      lost: [],
    })
    const [first, second] = api.of('message/send')
    expect(second?.body).toEqual(first?.body)
  })

  it('without buttons has no code, so no handle', async () => {
    api.answers('message/send', ok({ msgid: 'MSG-1' }))
    expect(await wecom.send(liwei, { kind: 'card', card: { ...card, actions: [] } }, 'eff_01')).toMatchObject({
      message: 'eff_01',
      handle: null,
    })
  })

  it('without buttons and page goes out as text', async () => {
    api.answers('message/send', ok({ msgid: 'MSG-1' }))
    const bare = { ...card, actions: [], page: null }
    expect(await wecom.send(liwei, { kind: 'card', card: bare }, 'eff_01')).toMatchObject({
      message: 'msgid:MSG-1',
      handle: null,
    })
    expect(api.of('message/send')[0]?.body).toMatchObject({
      msgtype: 'text',
      text: { content: expect.stringContaining('隐患待处理\nYH-SH01') },
    })
  })

  it.each([
    ['invaliduser', 'permanent out-of-scope account'],
    ['unlicenseduser', 'permanent unlicensed account'],
  ])('passed over as %s while errcode is 0 has not been delivered', async (field, expected) => {
    api.answers('message/send', ok({ msgid: 'MSG-1', [field]: 'ghost|LiWei' }))
    expect(await failed(wecom.send(liwei, { kind: 'card', card }, 'eff_01'))).toBe(expected)
  })

  it('an answer without a message id is uncertain', async () => {
    api.answers('message/send', ok())
    expect(await failed(wecom.send(liwei, { kind: 'card', card }, 'eff_01'))).toBe('ambiguous unreadable-answer message')
  })

  it.each(['@all', '@ALL', 'a|b', '', 'a b', 'x'.repeat(65)])('never to %j: that is not one person', async (account) => {
    api.answers('message/send', sent)
    expect(await failed(wecom.send({ kind: 'account', account }, { kind: 'card', card }, 'eff_01'))).toBe(
      'permanent no-such-account account',
    )
    expect(api.asked).toEqual([])
  })

  it('never into a group, and never under a key WeCom would refuse', async () => {
    expect(await failed(wecom.send({ kind: 'group', conversation: 'c' }, { kind: 'card', card }, 'eff_01'))).toBe(
      'permanent unsupported message',
    )
    for (const once of ['', 'a b', '隐患', 'x'.repeat(51)]) {
      expect(await failed(wecom.send(liwei, { kind: 'card', card }, once))).toBe('permanent bad-once-key message')
    }
    expect(api.asked).toEqual([])
  })
})

describe('sending text', () => {
  it('is checked for repeats, clipped to 2,048 bytes and never a link that somebody wrote', async () => {
    api.answers('message/send', ok({ msgid: 'MSG-2' }))
    const text = `<a href="http://evil">${'字'.repeat(1000)}`
    expect(await wecom.send(liwei, { kind: 'text', text }, 'eff_02')).toEqual({
      message: 'msgid:MSG-2',
      conversation: 'liwei',
      handle: null,
      lost: [{ part: 'body', standIn: 'clipped' }],
    })
    const body = api.of('message/send')[0]?.body
    expect(body).toMatchObject({ touser: 'liwei', msgtype: 'text', enable_duplicate_check: 1, duplicate_check_interval: 14400 })
    const { content } = z.object({ content: z.string() }).parse(body?.text)
    expect(content.startsWith('＜a href')).toBe(true)
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(2048)
  })
})

describe('repainting', () => {
  it('spends the code, for everybody who has the card', async () => {
    api.answers('message/update_template_card', ok({ invaliduser: [] }))
    expect(await wecom.update('eff_01', { response_code: 'RC-1', msgid: 'MSG-1' }, { ...card, actions: [] })).toEqual({
      handle: null,
      lost: [],
    })
    const body = api.of('message/update_template_card')[0]?.body
    expect(body).toMatchObject({
      atall: 1,
      agentid: 1000007,
      response_code: 'RC-1',
      template_card: { card_type: 'button_interaction', card_action: { type: 1 } },
    })
    expect(body?.template_card).not.toHaveProperty('task_id')
  })

  it('with a spent or missing code is over for good', async () => {
    api.answers('message/update_template_card', no(60140))
    expect(await failed(wecom.update('eff_01', { response_code: 'RC-1' }, card))).toBe('permanent expired message')
    expect(await failed(wecom.update('eff_01', { msgid: 'MSG-1' }, card))).toBe('permanent expired message')
    expect(api.of('message/update_template_card')).toHaveLength(1)
  })

  it('with the code that a press brought', async () => {
    api.answers('message/update_template_card', ok())
    const received = wecom.receive(callback(pressEvent))
    if (received.kind !== 'accepted' || received.incoming.kind !== 'press' || !received.incoming.handle)
      throw new Error('a press with a handle')
    await wecom.update('eff_01', received.incoming.handle, card)
    expect(api.of('message/update_template_card')[0]?.body).toMatchObject({ response_code: 'RCODE-0001' })
  })
})

describe('answering a press', () => {
  const answerTo = (received: Received, reply: Reply | null) => {
    if (received.kind !== 'accepted') throw new Error('expected an accepted callback')
    return received.answer(reply)
  }
  const toast = { tone: 'success', text: '已接单' } as const

  it('repaints the presser’s card in a reply that the vendor’s own package opens', () => {
    const response = answerTo(wecom.receive(callback(pressEvent)), { toast, card })
    expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'application/xml; charset=utf-8' } })
    const outer = readXml(response.body)
    const [encrypted = '', signature, timestamp = '', nonce = ''] = ['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce'].map(
      (name) => (outer ? (textOf(outer, name) ?? '') : ''),
    )
    expect(timestamp).toBe(nowSeconds)
    expect(oracle.getSignature(connection.token, timestamp, nonce, encrypted)).toBe(signature)
    const { message, id } = oracle.decrypt(connection.encodingAesKey, encrypted)
    expect(id).toBe(corpId)
    expect(message).toMatch(
      /^<xml><ToUserName><!\[CDATA\[liwei\]\]><\/ToUserName><FromUserName><!\[CDATA\[ww0123456789abcdef\]\]>/,
    )
    expect(message).toContain('<QuoteArea><Type>0</Type><QuoteText><![CDATA[已接单]]></QuoteText></QuoteArea>')
    expect(message).toContain('<MsgType><![CDATA[update_template_card]]></MsgType>')
  })

  it('is an empty 200 when there is no card: words follow as a message', () => {
    const empty = { status: 200, headers: {}, body: '' }
    for (const reply of [null, { toast, card: null }, { toast: null, card: null }]) {
      expect(answerTo(wecom.receive(callback(pressEvent)), reply)).toEqual(empty)
    }
    expect(answerTo(wecom.receive(callback(textMessage)), { toast, card })).toEqual(empty)
    expect(wecom.can.answer).toEqual({ toast: false, card: 'presser', within: 5000 })
  })
})

describe('recalling', () => {
  it('a text, by what sending gave', async () => {
    api.answers('message/recall', ok())
    await wecom.recall('msgid:MSG-2')
    expect(api.of('message/recall')[0]?.body).toEqual({ msgid: 'MSG-2' })
  })

  it('too late is final, and a card without its msgid is said to be impossible', async () => {
    api.answers('message/recall', no(42052))
    expect(await failed(wecom.recall('msgid:MSG-2'))).toBe('permanent too-late message')
    expect(await failed(wecom.recall('eff_01'))).toBe('permanent unsupported message')
    expect(api.of('message/recall')).toHaveLength(1)
  })
})

describe('people', () => {
  it('one member, with what the app may see', async () => {
    api.answers(
      'user/get',
      ok({ userid: 'liwei', name: '李伟', department: [3], status: 1 }),
      ok({ userid: 'LiWei', name: '', mobile: '13800000000', status: 4 }),
    )
    expect(await wecom.whoIs('liwei')).toEqual({ account: 'liwei', name: '李伟', mobile: null, employeeNo: null, active: true })
    expect(await wecom.whoIs('LiWei')).toEqual({
      account: 'LiWei',
      name: null,
      mobile: '13800000000',
      employeeNo: null,
      active: false,
    })
    expect(api.of('user/get')[0]?.query).toMatchObject({ userid: 'liwei' })
  })

  it('an unknown member is a permanent failure of the account', async () => {
    api.answers('user/get', no(60111))
    expect(await failed(wecom.whoIs('ghost'))).toBe('permanent no-such-account account')
  })

  it('the directory gives everybody once, also who stands in two departments, and leaves out who vanished', async () => {
    api.answers('department/list', ok({ department: [{ id: 1 }, { id: 3 }] }))
    api.answers(
      'user/simplelist',
      ok({ userlist: [{ userid: 'a' }, { userid: 'b' }] }),
      ok({ userlist: [{ userid: 'b' }, { userid: 'c' }] }),
    )
    api.answers('user/get', ok({ userid: 'a', name: '甲', status: 1 }), no(60111), ok({ userid: 'c', name: '丙', status: 2 }))
    const found: Profile[] = []
    for await (const profile of wecom.directory()) found.push(profile)
    expect(found.map(({ account, active }) => [account, active])).toEqual([['a', true], ['c', false]]) // biome-ignore format: a table
    expect(api.of('user/simplelist').map(({ query }) => query.department_id)).toEqual(['1', '3'])
    expect(api.of('user/get').map(({ query }) => query.userid)).toEqual(['a', 'b', 'c'])
  })

  it('a directory that fails half way says so', async () => {
    api.answers('department/list', ok({ department: [{ id: 1 }] }))
    api.answers('user/simplelist', no(60020))
    expect(await failed(wecom.directory()[Symbol.asyncIterator]().next())).toBe('permanent address-not-trusted connection')
  })
})

describe('what a WeCom app lacks', () => {
  it('ringing and uploading pictures are refused, as `can` says', async () => {
    expect(await failed(wecom.ring('liwei', 'eff_01', '快看'))).toBe('permanent unsupported message')
    expect(await failed(wecom.uploadImage(new Uint8Array([1])))).toBe('permanent unsupported message')
    expect([wecom.can.ring, wecom.can.pictures, wecom.can.receipts]).toEqual([false, 'none', 'none'])
  })

  it('a file comes by its media id', async () => {
    api.answers('media/get', { bytes: 'jpeg', type: 'image/jpeg' })
    const bytes = await wecom.fetchFile({ kind: 'photo', ref: { media: 'MEDIA-1' }, name: null }, 100)
    expect(Buffer.from(bytes).toString()).toBe('jpeg')
    expect(api.of('media/get')[0]?.query).toMatchObject({ media_id: 'MEDIA-1' })
  })
})
