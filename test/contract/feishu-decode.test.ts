import { describe, expect, it } from 'vitest'
import { decodeEnvelope } from '../../src/bots/feishu/decode.ts'
import type { Incoming } from '../../src/bots/platform.ts'
import { connection, envelope, header, message, person, press } from './feishu-kit.ts'

const arrival = new Date('2026-01-02T03:04:05Z')

const decode = (raw: unknown): Incoming => {
  const decoded = decodeEnvelope(connection, raw, arrival)
  if (decoded.kind === 'refused') throw new Error(decoded.because)
  return decoded.incoming
}

const photo = (key: string) => ({ kind: 'photo', ref: { message: 'om_1a2b3c4d', key, type: 'image' }, name: null })

describe('what a person says', () => {
  it('a text comes with sender, chat and the time that the platform tells', () => {
    expect(decode(message('text', { text: '3号泵房漏油' }))).toMatchObject({
      kind: 'message',
      text: '3号泵房漏油',
      account: person,
      conversation: 'oc_9f8e7d6c',
      direct: true,
      at: new Date(1_767_225_600_000),
      key: 'om_1a2b3c4d',
    })
  })

  it('mentions: the bot and everybody vanish, a person stays by name, and a name cannot smuggle in another placeholder', () => {
    const mentions = [
      { key: '@_user_1', id: { open_id: 'ou_bot' }, mentioned_type: 'bot', name: '安全助手' },
      { key: '@_user_2', id: { open_id: 'ou_li' }, mentioned_type: 'user', name: '李@_user_1四' },
      { key: '@_user_10', id: { open_id: 'ou_x' }, mentioned_type: 'user', name: '赵六' },
    ]
    const said = decode(
      message('text', { text: '@_user_1 @_all 请@_user_2看看 @_user_10 @_user_77' }, { mentions, chat_type: 'group' }),
    )
    expect(said).toMatchObject({ text: '请@李@_user_1四 看看 @赵六 @_user_77', direct: false })
  })

  it('a post keeps its words in lines and all of its pictures', () => {
    const content = {
      title: '隐患',
      content: [
        [
          { tag: 'at', user_id: '@_user_1', user_name: '安全助手' },
          { tag: 'text', text: '阀门' },
          { tag: 'a', href: 'https://x', text: '图纸' },
        ],
        [
          { tag: 'img', image_key: 'img_v3_1' },
          { tag: 'img', image_key: 'img_v3_2' },
        ],
        [{ tag: 'media', file_key: 'file_v3_9', image_key: 'img_v3_9' }, { tag: 'hr' }, { tag: 'emotion', emoji_type: 'OK' }],
        [{ tag: 'text', text: '漏气' }],
      ],
    }
    const mentions = [{ key: '@_user_1', mentioned_type: 'bot', name: '安全助手' }]
    expect(decode(message('post', content, { mentions, chat_type: 'group' }))).toMatchObject({
      kind: 'message',
      text: '隐患\n阀门图纸\n漏气',
      files: [photo('img_v3_1'), photo('img_v3_2'), { kind: 'video', ref: { key: 'file_v3_9', type: 'file' } }],
    })
  })

  it.each([
    ['image', { image_key: 'img_v3_7' }, photo('img_v3_7')],
    [
      'file',
      { file_key: 'file_v3_1', file_name: 'JSA.pdf' },
      { kind: 'file', name: 'JSA.pdf', ref: { key: 'file_v3_1', type: 'file' } },
    ],
    ['audio', { file_key: 'file_v3_2', duration: 2000 }, { kind: 'voice', name: null, ref: { key: 'file_v3_2', type: 'file' } }],
    ['media', { file_key: 'file_v3_3', image_key: 'i', file_name: 'a.mp4', duration: 1 }, { kind: 'video', name: 'a.mp4' }],
  ])('%s is a message with one file', (type, content, file) => {
    expect(decode(message(type, content))).toMatchObject({ kind: 'message', text: '', files: [file] })
  })

  it('a location is a place', () => {
    const place = { lat: 31.2304, lng: 121.4737, datum: 'gcj02', label: '3号泵房' }
    expect(decode(message('location', { name: '3号泵房', longitude: '121.4737', latitude: '31.2304' }))).toMatchObject({
      place,
      text: '',
    })
  })

  it.each([
    ['a location nowhere', 'location', { name: 'x', longitude: '200', latitude: '31' }],
    ['a location that is no number', 'location', { name: 'x', longitude: 'NaN', latitude: '' }],
    ['a sticker', 'sticker', { file_key: 'f' }],
    ['a recalled message', 'text', ''],
    ['half a text', 'text', '{"text":"三号'],
    ['a text of another shape', 'text', { text: 7 }],
    ['a post whose lines are none', 'post', { title: 't', content: [7] }],
    ['an image without a key', 'image', {}],
    ['a type named like a member of every object', 'constructor', { text: 'x' }],
  ])('%s is unsupported, with its sender', (_, type, content) => {
    expect(decode(message(type, content))).toMatchObject({
      kind: 'unsupported',
      account: person,
      key: 'om_1a2b3c4d',
      what: `message of type ${type}`,
    })
  })

  it.each([
    ['a bot', { sender_type: 'bot' }],
    ['nobody known', { sender_id: null }],
    ['somebody of another company', { tenant_key: 'ffff' }],
  ])('what %s says is not taken as a message', (_, sender) => {
    expect(decode(message('text', { text: '接单' }, {}, sender)).kind).toBe('unsupported')
  })

  it('text is storable: no NUL, no lone surrogate, no override of the reading direction, and bounded', () => {
    expect(decode(message('text', '{"text":"a\\u0000b\\ud800c\\u202Ed"}'))).toMatchObject({ text: 'a␀b\uFFFDcd' })
    expect(decode(message('text', { text: '油'.repeat(20_000) }))).toMatchObject({ text: expect.stringMatching(/^油{3999}…$/) })
  })
})

describe('the same thing told twice', () => {
  const first = decode(message('text', { text: '漏油' }))

  it('under another event id has the same key', () => {
    const again = structuredClone(message('text', { text: '漏油' })) as { header: { event_id: string } }
    again.header.event_id = 'another'
    expect(decode(again).key).toBe(first.key)
  })

  it('under another message id has the same alias; a genuine repeat has another time and another alias', () => {
    const doubled = decode(message('text', { text: '漏油' }, { message_id: 'om_other' }))
    expect([doubled.key === first.key, doubled.alias === first.alias]).toEqual([false, true])
    expect(decode(message('text', { text: '漏油' }, { message_id: 'om_other', create_time: '1767225600001' })).alias).not.toBe(
      first.alias,
    )
  })

  it('without an event id has a key of its content', () => {
    const key = (event: object) => decode(envelope('im.chat.updated_v1', event, { event_id: null })).key
    expect(key({ a: 1 })).toBe(key({ a: 1 }))
    expect(key({ a: 1 })).not.toBe(key({ a: 2 }))
  })
})

describe('a press', () => {
  const value = { key: 'hazard.accept:haz_01k9abcdefgh@3' }

  it('carries the key of the button, the form as text, and a handle', () => {
    const form_value = { level: 'major', empty: null, none: [], many: ['a', 'b'], yes: true, n: 3, odd: { deep: 1 } }
    expect(decode(press({ value, form_value }))).toMatchObject({
      kind: 'press',
      action: value.key,
      form: { level: 'major', empty: '', none: '', many: 'a,b', yes: 'true', n: '3', odd: '' },
      account: person,
      message: 'om_1a2b3c4d',
      handle: { message_id: 'om_1a2b3c4d' },
      at: new Date(1_767_225_605_123),
    })
  })

  it('without a form has an empty one; a form of another shape is none', () => {
    expect(decode(press({ value }))).toMatchObject({ form: {} })
    expect(decode(press({ value, form_value: 'x' }))).toMatchObject({ form: {} })
  })

  it('a form that names __proto__ changes nothing but itself', () => {
    const pressed = decode(press({ value, form_value: JSON.parse('{"__proto__":"x"}') }))
    expect(pressed.kind === 'press' && Object.getPrototypeOf(pressed.form)).toBe(Object.prototype)
  })

  it.each([
    ['no value', {}],
    ['a value of text', { value: 'hazard.accept' }],
    ['no key', { value: { act: 'x' } }],
    ['a key that is no text', { value: { key: { $ne: 1 } } }],
    ['a key as long as a book', { value: { key: 'k'.repeat(201) } }],
  ])('with %s is unsupported', (_, action) => {
    expect(decode(press(action)).kind).toBe('unsupported')
  })

  it('by somebody of another company is unsupported', () => {
    expect(decode(press({ value }, { operator: { open_id: person, tenant_key: 'ffff' } })).kind).toBe('unsupported')
  })

  it('in no known chat belongs to the presser', () => {
    expect(decode(press({ value }, { context: {} }))).toMatchObject({ message: null, handle: null, conversation: person })
  })
})

describe('coming and going', () => {
  const operator_id = { open_id: person, union_id: 'on_1', user_id: null }

  it('the chat is opened, or the menu is used', () => {
    const entered = { chat_id: 'oc_1', operator_id, last_message_id: '', last_message_create_time: '' }
    expect(decode(envelope('im.chat.access_event.bot_p2p_chat_entered_v1', entered))).toMatchObject({
      kind: 'enter',
      account: person,
      conversation: 'oc_1',
      direct: true,
    })
    const menu = { operator: { operator_name: '王建国', operator_id }, event_key: 'report_hazard', timestamp: 1767225600 }
    expect(decode(envelope('application.bot.menu_v6', menu))).toMatchObject({
      kind: 'enter',
      account: person,
      accountName: '王建国',
      direct: true,
    })
  })

  it('the bot joins a group and leaves it', () => {
    const event = { chat_id: 'oc_2', operator_id, external: false, name: '三车间', i18n_names: {} }
    expect(decode(envelope('im.chat.member.bot.added_v1', event))).toMatchObject({
      kind: 'join',
      conversation: 'oc_2',
      name: '三车间',
      direct: false,
    })
    expect(decode(envelope('im.chat.member.bot.deleted_v1', event))).toMatchObject({ kind: 'leave', conversation: 'oc_2' })
    expect(decode(envelope('im.chat.disbanded_v1', { ...event, operator_id: null }))).toMatchObject({
      kind: 'leave',
      account: '',
    })
  })

  it.each([
    ['created', 'joined', { object: { open_id: 'ou_new' } }],
    ['updated', 'changed', { object: { open_id: 'ou_new' }, old_object: { name: '旧' } }],
    ['deleted', 'left', { object: {}, old_object: { open_id: 'ou_new' } }],
  ])('a member is %s', (event, change, body) => {
    expect(decode(envelope(`contact.user.${event}_v3`, body))).toMatchObject({
      kind: 'member-change',
      accounts: ['ou_new'],
      change,
    })
  })
})

describe('times', () => {
  it.each([
    ['seconds', '1767225600', 1_767_225_600_000],
    ['milliseconds', '1767225600123', 1_767_225_600_123],
    ['microseconds', '1767225605123456', 1_767_225_605_123.456],
  ])('in %s are told by the number of digits', (_, create_time, millis) => {
    expect(decode(envelope('x.y', {}, { create_time })).at).toEqual(new Date(millis))
  })

  it.each([null, '', 'soon', '-1767225600', '17672256001234567890', {}])(
    '%j is no time, and the arrival stands in',
    (create_time) => {
      expect(decode(envelope('x.y', {}, { create_time })).at).toEqual(arrival)
    },
  )
})

describe('what is not ours is refused', () => {
  it.each([
    ['the token is missing', { token: null }, 'wrong-token'],
    ['the token is another', { token: 'demoVerificationToken02' }, 'wrong-token'],
    ['the app is missing', { app_id: null }, 'other-app'],
    ['the app is another', { app_id: 'cli_ffffffffffffffff' }, 'other-app'],
    ['the company is missing', { tenant_key: null }, 'other-tenant'],
    ['the company is another', { tenant_key: 'ffff' }, 'other-tenant'],
    ['there is no type', { event_type: null }, 'malformed'],
  ])('when %s', (_, more, because) => {
    expect(decodeEnvelope(connection, envelope('x.y', {}, more), arrival)).toEqual({ kind: 'refused', because })
  })

  it('of the old schema, or of none', () => {
    for (const raw of [
      null,
      7,
      'x',
      [],
      {},
      { schema: '1.0', header: header('x.y') },
      { uuid: 'u', type: 'event_callback', event: {} },
    ]) {
      expect(decodeEnvelope(connection, raw, arrival)).toEqual({ kind: 'refused', because: 'malformed' })
    }
  })
})
