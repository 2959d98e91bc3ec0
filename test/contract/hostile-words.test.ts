/** Words that are genuine in form and far too many: each is cut, none makes a reader throw. */
import { describe, expect, it } from 'vitest'
import { decodeMessage, decodePress } from '../../src/bots/dingtalk/decode.ts'
import { decodeEnvelope } from '../../src/bots/feishu/decode.ts'
import type { Incoming } from '../../src/bots/platform.ts'
import { longestText } from '../../src/lib/text.ts'
import * as dingtalk from './dingtalk-kit.ts'
import { connection, envelope, message, press } from './feishu-kit.ts'

const feishu = (raw: unknown): Incoming => {
  const decoded = decodeEnvelope(connection, raw, dingtalk.now)
  if (decoded.kind === 'refused') throw new Error(decoded.because)
  return decoded.incoming
}
const wordsOf = (incoming: Incoming): string => (incoming.kind === 'message' ? incoming.text : incoming.kind)
const key = 'hazard.accept:haz_01k9abcdefgh@3'
const crowd = <T>(count: number, one: T): readonly T[] => Array.from({ length: count }, () => one)

describe('on Feishu', () => {
  const mention = { key: '@_user_1', id: { open_id: 'ou_li' }, mentioned_type: 'user' }

  it('a name without end in a text full of mentions is cut, where it would have grown past the longest string there is', () => {
    const said = feishu(
      message('text', { text: '@_user_1 '.repeat(60_000) }, { mentions: [{ ...mention, name: '名'.repeat(100_000) }] }),
    )
    expect([wordsOf(said).length, wordsOf(said).startsWith(`@${'名'.repeat(99)}… @`)]).toEqual([longestText, true])
  })

  it('mentions that vanish leave the words behind them, however many there are', () => {
    const text = `${' '.repeat(100_000)}${'@_user_1 @_all '.repeat(600)}\n 3号泵房漏油`
    expect(
      wordsOf(feishu(message('text', { text }, { mentions: [{ ...mention, mentioned_type: 'bot', name: '安全助手' }] }))),
    ).toBe('3号泵房漏油')
  })

  it('a text of 100 kB of emoji is kept from its beginning', () => {
    const said = wordsOf(feishu(message('text', { text: `泵房起火${'🔥'.repeat(25_000)}` })))
    expect([said.startsWith('泵房起火🔥'), said.endsWith('🔥…'), said.length <= longestText]).toEqual([true, true, true])
  })

  it.each([
    ['of 500 lines is read', crowd(500, [{ tag: 'text', text: '漏油' }]), 'message'],
    ['of 501 lines is not', crowd(501, [{ tag: 'text', text: '漏油' }]), 'unsupported'],
    ['with 501 pieces in a line is not', [crowd(501, { tag: 'text', text: '漏油' })], 'unsupported'],
    ['with a piece that is none is not', [[{ tag: 'text', text: '漏油' }, { text: '漏油' }]], 'unsupported'],
    ['with a line that is none is not', [[{ tag: 'text', text: '漏油' }], '漏油'], 'unsupported'],
  ])('a post %s', (_, content, kind) => {
    expect(feishu(message('post', { title: null, content })).kind).toBe(kind)
  })

  it('of a form fifty fields are read, each cut', () => {
    const form_value = {
      reason: '\u202e'.repeat(90_000),
      ...Object.fromEntries(crowd(20_000, '').map((value, n) => [`f${n}`, value])),
    }
    const pressed = feishu(press({ value: { key }, form_value }))
    if (pressed.kind !== 'press') throw new Error(pressed.kind)
    expect([Object.keys(pressed.form).length, pressed.form.reason]).toEqual([50, '…'])
  })

  it.each([[[1]], ['aaa'], ['{"a":1}'], [true], [null]])('a form that is %j is empty', (form_value) => {
    const pressed = feishu(press({ value: { key }, form_value }))
    if (pressed.kind !== 'press') throw new Error(pressed.kind)
    expect(pressed.form).toEqual({})
  })

  it.each([[[121.47]], [true], [null], ['1'.repeat(41)], ['east'], [{}], [Number.NaN]])(
    'a longitude of %j is no place',
    (longitude) => {
      expect(feishu(message('location', { name: 'a', longitude, latitude: '31.2' })).kind).toBe('unsupported')
    },
  )

  it('an event that is missing altogether is refused', () => {
    const { event: _, ...rest } = envelope('x.y', {}) as { readonly event: unknown }
    expect(decodeEnvelope(connection, rest, dingtalk.now)).toEqual({ kind: 'refused', because: 'malformed' })
  })
})

describe('on DingTalk', () => {
  const arrival = (body: unknown) => ({
    connection: { ...dingtalk.connection, corpId: String(dingtalk.vectors.samplePayloads.botText?.chatbotCorpId) },
    ...{ now: dingtalk.now, text: JSON.stringify(body), key: () => 'key', stamp: dingtalk.stamp },
  })
  const rich = (richText: readonly unknown[]): string =>
    wordsOf(decodeMessage(arrival({ ...dingtalk.vectors.samplePayloads.botRichText, content: { richText } })))
  const at = { type: 'at', atName: '李四' }

  it('mentions before any words vanish, also behind thousands of blanks, and those behind a word stay', () => {
    expect(rich([{ text: ' '.repeat(3_000) }, ...crowd(3_000, at), { text: '漏油 ' }, at])).toBe('漏油 @李四')
    expect(rich([...crowd(3, at), { text: '\n' }, at])).toBe('unsupported')
  })

  it('of a form fifty fields are read, each cut', () => {
    const fields = Object.fromEntries(crowd(5_000, '').map((value, n) => [`f${n}`, value]))
    const form = { '1bad': 'x', reason: '\r\n'.repeat(20_000), ...fields }
    const sample = dingtalk.vectors.samplePayloads.cardActionStream ?? {}
    const content = JSON.stringify({ cardPrivateData: { params: { key, form } } })
    const { connection: own, ...rest } = arrival({ ...sample, content })
    const pressed = decodePress({ ...rest, connection: { ...own, corpId: String(sample.corpId) } })
    if (pressed.kind !== 'press') throw new Error(JSON.stringify(pressed))
    expect([Object.keys(pressed.form).length, pressed.form.reason?.length, pressed.form['1bad']]).toEqual([
      50,
      longestText,
      undefined,
    ])
  })
})
