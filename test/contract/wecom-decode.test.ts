import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Incoming } from '../../src/bots/platform.ts'
import { decode } from '../../src/bots/wecom/decode.ts'
import { createWecom } from '../../src/bots/wecom/platform.ts'
import { cdata, type Element, readXml } from '../../src/bots/wecom/xml.ts'
import { callback, connection, event, inside, now, portsAt, pressEvent, textMessage } from './wecom-kit.ts'

const wecom = createWecom(connection, portsAt(now))

/** Over the whole way: sealed by the vendor's package, received by the door. */
const incoming = (xml: string): Incoming => {
  const received = wecom.receive(callback(xml))
  if (received.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(received)}`)
  return received.incoming
}
const message = (kind: string, inner: string, id = '7459012345678901002'): string =>
  inside(`<MsgType><![CDATA[${kind}]]></MsgType>${inner}<MsgId>${id}</MsgId>`)

describe('messages of document 90239', () => {
  const common = {
    connection: 'wecom-demo',
    alias: null,
    account: 'liwei',
    accountName: null,
    conversation: 'liwei',
    direct: true,
  }

  it('text; the 64-bit id stays text', () => {
    expect(incoming(textMessage)).toEqual({
      ...common,
      kind: 'message',
      key: '7459012345678901001',
      at: new Date(now.getTime() - 2000),
      text: '3号车间护栏松动',
      files: [],
      place: null,
    })
  })

  it.each([
    ['image', 'photo', '<PicUrl><![CDATA[https://wework.qpic.cn/wwpic/demo/0]]></PicUrl><MediaId><![CDATA[MEDIA-1]]></MediaId>'],
    ['voice', 'voice', '<MediaId><![CDATA[MEDIA-1]]></MediaId><Format><![CDATA[amr]]></Format>'],
    ['video', 'video', '<MediaId><![CDATA[MEDIA-1]]></MediaId><ThumbMediaId><![CDATA[MEDIA-THB-1]]></ThumbMediaId>'],
  ])('%s is a %s to fetch', (kind, file, inner) => {
    expect(incoming(message(kind, inner))).toMatchObject({
      kind: 'message',
      text: '',
      files: [{ kind: file, ref: { media: 'MEDIA-1' }, name: null }],
    })
    expect(incoming(message(kind, ''))).toMatchObject({ kind: 'unsupported', what: `${file} without media` })
  })

  it('location: X is the latitude', () => {
    const inner =
      '<Location_X>31.230416</Location_X><Location_Y>121.473701</Location_Y><Scale>16</Scale><Label><![CDATA[上海市黄浦区某路1号]]></Label>'
    const place = { lat: 31.230416, lng: 121.473701, datum: 'gcj02', label: '上海市黄浦区某路1号' }
    expect(incoming(message('location', `${inner}<AppType><![CDATA[wxwork]]></AppType>`))).toMatchObject({
      kind: 'message',
      place,
    })
  })

  it.each(['', '91', 'NaN', '1e1', 'Infinity', '0x10', '31.2,3'])('a latitude of %j is no place', (lat) => {
    const inner = `<Location_X>${lat}</Location_X><Location_Y>121.4</Location_Y>`
    expect(incoming(message('location', inner))).toMatchObject({ kind: 'unsupported', what: 'location without coordinates' })
  })

  it('link: its words and address', () => {
    const inner =
      '<Title><![CDATA[标题]]></Title><Description><![CDATA[说明]]></Description><Url><![CDATA[https://example.com/a]]></Url><PicUrl><![CDATA[x]]></PicUrl>'
    expect(incoming(message('link', inner))).toMatchObject({ kind: 'message', text: '标题\n说明\nhttps://example.com/a' })
  })

  it('an unknown kind is told, not lost', () => {
    expect(incoming(message('hologram', ''))).toMatchObject({
      kind: 'unsupported',
      what: 'message:hologram',
      key: '7459012345678901002',
    })
    expect(incoming(message('constructor', ''))).toMatchObject({ kind: 'unsupported', what: 'message:constructor' })
  })

  it('text is made storable', () => {
    expect(incoming(message('text', '<Content><![CDATA[a\u0000b\u202Ec\r\nd]]></Content>'))).toMatchObject({
      text: 'a\u2400bc\nd',
    })
  })

  it('without an id the whole text is the key, so that two messages of one second stay two', () => {
    const [one, two, again] = ['<Content>a</Content>', '<Content>b</Content>', '<Content>a</Content>'].map(
      (inner) => incoming(inside(`<MsgType>text</MsgType>${inner}`)).key,
    )
    expect(one).toMatch(/^[0-9a-f]{64}$/)
    expect(two).not.toBe(one)
    expect(again).toBe(one)
  })
})

describe('events of document 90240', () => {
  it.each([
    ['subscribe', ''],
    ['enter_agent', '<EventKey><![CDATA[]]></EventKey>'],
    ['click', '<EventKey><![CDATA[MENU_MY_TODO]]></EventKey>'],
  ])('%s opens the door', (name, inner) =>
    expect(incoming(event(name, inner))).toMatchObject({ kind: 'enter', account: 'liwei' }),
  )

  it('a press carries action, choice, message and a fresh code', () => {
    expect(incoming(pressEvent)).toMatchObject({
      kind: 'press',
      account: 'liwei',
      action: 'hazard.accept:haz_0123456789@3',
      form: { reason: 'dup' },
      message: 'eff_01',
      handle: { response_code: 'RCODE-0001' },
    })
  })

  it('a press in the menu is a press', () => {
    const inner =
      '<EventKey><![CDATA[mute]]></EventKey><TaskId><![CDATA[t@1]]></TaskId><ResponseCode><![CDATA[R3]]></ResponseCode>'
    expect(incoming(event('template_card_menu_event', inner))).toMatchObject({
      kind: 'press',
      action: 'mute',
      form: {},
      message: 't@1',
    })
  })

  it('one choice and many are read alike, and "please choose" is none', () => {
    const item = (name: string, ids: readonly string[]) =>
      `<SelectedItem><QuestionKey>${name}</QuestionKey><OptionIds>${ids.map((id) => `<OptionId>${id}</OptionId>`).join('')}</OptionIds></SelectedItem>`
    const items = [item('a', ['x']), item('b', ['y', 'z']), item('c', ['andon:none']), item('__proto__', ['p'])].join('')
    const got = incoming(event('template_card_event', `<EventKey>k</EventKey><SelectedItems>${items}</SelectedItems>`))
    expect(got).toMatchObject({ kind: 'press', message: null, handle: null })
    if (got.kind === 'press') expect(Object.entries(got.form)).toEqual([['a', 'x'], ['b', 'y,z'], ['__proto__', 'p']]) // biome-ignore format: a table
  })

  it.each([
    ['create_user', '<UserID>wangfang</UserID><Name>王芳</Name>', 'joined', ['wangfang']],
    ['update_user', '<UserID>liwei</UserID><NewUserID>li.wei</NewUserID>', 'changed', ['liwei', 'li.wei']],
    ['delete_user', '<UserID>wangfang</UserID>', 'left', ['wangfang']],
  ])('%s changes members', (type, inner, change, accounts) => {
    expect(incoming(event('change_contact', `<ChangeType>${type}</ChangeType>${inner}`, 'sys'))).toMatchObject({
      kind: 'member-change',
      change,
      accounts,
    })
  })

  it('who leaves the visible scope is looked up again', () => {
    expect(incoming(event('unsubscribe'))).toMatchObject({ kind: 'member-change', change: 'changed', accounts: ['liwei'] })
  })

  it.each([
    ['change_contact', '<ChangeType>create_party</ChangeType><Id>12</Id>', 'event:change_contact:create_party'],
    ['change_contact', '<ChangeType>delete_user</ChangeType>', 'event:change_contact:delete_user'],
    ['view', '<EventKey>https://hz.example.com</EventKey>', 'event:view'],
    ['LOCATION', '<Latitude>31.2</Latitude>', 'event:LOCATION'],
    ['toString', '', 'event:toString'],
    ['', '', 'event:'],
  ])('%s is told as unsupported', (name, inner, what) => {
    expect(incoming(event(name, inner, 'sys'))).toMatchObject({ kind: 'unsupported', what })
  })

  it('nobody as sender', () => expect(incoming(event('click', '', ''))).toMatchObject({ kind: 'unsupported', what: 'no-sender' }))
})

describe('the key of an event', () => {
  const key = (xml: string): string => incoming(xml).key

  it('is equal when the event is sent again', () => expect(key(pressEvent)).toBe(key(pressEvent)))

  it.each([
    ['sender', pressEvent.replace('[liwei]', '[wangfang]')],
    ['second', pressEvent.replace(/<CreateTime>\d+/, '<CreateTime>1767225600')],
    ['kind', pressEvent.replace('template_card_event', 'template_card_menu_event')],
    ['button', pressEvent.replace('hazard.accept', 'hazard.transfer')],
    ['card', pressEvent.replace('eff_01', 'eff_02')],
    ['press', pressEvent.replace('RCODE-0001', 'RCODE-0002')],
  ])('differs by %s', (_, other) => expect(key(other)).not.toBe(key(pressEvent)))

  it('differs by contact, and fields cannot run into each other', () => {
    const change = (inner: string) => key(event('change_contact', inner, 'sys'))
    const keys = [
      '<ChangeType>delete_user</ChangeType><UserID>a</UserID>',
      '<ChangeType>delete_user</ChangeType><UserID>b</UserID>',
      '<ChangeType>delete_usera</ChangeType><UserID></UserID>',
      '<ChangeType>create_party</ChangeType><Id>1</Id>',
      '<ChangeType>create_party</ChangeType><Id>2</Id>',
      '<ChangeType>update_tag</ChangeType><TagId>1</TagId>',
    ].map(change)
    expect(new Set(keys).size).toBe(keys.length)
  })
})

describe('decode never throws, whatever the elements are', () => {
  const names = [
    ...[
      'xml',
      'MsgType',
      'Event',
      'EventKey',
      'FromUserName',
      'CreateTime',
      'MsgId',
      'MediaId',
      'Content',
      'TaskId',
      'ResponseCode',
    ],
    ...[
      'SelectedItems',
      'SelectedItem',
      'QuestionKey',
      'OptionIds',
      'OptionId',
      'ChangeType',
      'UserID',
      'Location_X',
      'Location_Y',
      '__proto__',
    ],
  ]
  const words = [
    'event',
    'text',
    'image',
    'location',
    'link',
    'template_card_event',
    'change_contact',
    'click',
    'update_user',
    '1',
    '-1',
    '9'.repeat(11),
    'sys',
  ]
  const leaf = fc.record({
    name: fc.constantFrom(...names),
    text: fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary' })),
    children: fc.constant<readonly Element[]>([]),
  })
  const nest = (inner: fc.Arbitrary<Element>): fc.Arbitrary<Element> =>
    fc.record({
      name: fc.constantFrom(...names),
      text: fc.constant(''),
      children: fc.array(fc.oneof(leaf, inner), { maxLength: 5 }),
    })
  const element = fc.oneof({ weight: 3, arbitrary: leaf }, nest(nest(nest(leaf))))

  it('and what it gives can be stored', () => {
    fc.assert(
      fc.property(fc.array(element, { maxLength: 12 }), (children) => {
        const got = decode({ name: 'xml', text: '', children }, { connection: 'c', message: 'm', at: now })
        const stored = JSON.stringify(got)
        expect(stored).not.toContain('\\u0000')
        expect(stored.isWellFormed()).toBe(true)
        expect(Number.isNaN(got.at.getTime())).toBe(false)
        expect(got.key.length).toBeGreaterThan(0)
      }),
      { numRuns: 500 },
    )
  })
})

describe('cdata and readXml are each other’s inverse', () => {
  it('for every text that XML can carry', () => {
    const odd = fc.constantFrom(']]>', ']]', '>', '<![CDATA[', '&amp;', '</xml>', '\n', '\u0000', '\uFFFF', '\uD800')
    fc.assert(
      fc.property(fc.array(fc.oneof(odd, fc.string({ unit: 'binary' })), { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        const carried = text.toWellFormed().replace(/[^\t\n\r\u0020-\uFFFD]/g, '\uFFFD')
        expect(readXml(`<xml>${cdata(text)}</xml>`)?.text).toBe(carried)
      }),
    )
  })

  it('keeps order and repetition', () => {
    const xml = readXml(`<xml>\n <A>1</A><B/><A><C>2</C></A>\n</xml>\n`)
    expect(xml?.children.map(({ name, text }) => [name, text])).toEqual([['A', '1'], ['B', ''], ['A', '']]) // biome-ignore format: a table
  })
})
