import { createCipheriv, randomBytes } from 'node:crypto'
import wecom from '@wecom/crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aesKey, open, seal, sign } from '../../sandbox/wecom/crypt.ts'
import { flat, readXml, writeXml } from '../../sandbox/wecom/xml.ts'
import vectors from '../vectors/wecom.json' with { type: 'json' }

describe('the callback crypto of the sandbox against known answers', () => {
  test.each(vectors.callback_vectors)('$id: signature, plaintext, receiveid and ciphertext', (vector) => {
    const key = aesKey(vector.encoding_aes_key)
    expect(sign(vector.token, vector.timestamp, vector.nonce, vector.encrypt)).toBe(vector.msg_signature)
    expect(open(key, vector.encrypt)).toEqual({ text: vector.plaintext, receiveId: vector.receiveid })
    expect(seal(key, vector.plaintext, vector.receiveid, Buffer.from(vector.random16_base64, 'base64'))).toBe(vector.encrypt)
  })

  test.each(vectors.negative_vectors)('$id must fail at the $must_fail', (vector) => {
    const signed = sign(vector.token, vector.timestamp, vector.nonce, vector.encrypt) === vector.msg_signature
    const opened = open(aesKey(vector.encoding_aes_key), vector.encrypt)
    const right = 'text' in opened && opened.receiveId === vector.receiveid
    expect({ signed, right: signed && right }).toEqual({ signed: vector.must_fail !== 'signature', right: false })
  })

  test('the vendor package opens what the sandbox seals, and the reverse, for any text', () => {
    const encoded = vectors.callback_vectors[0]?.encoding_aes_key ?? ''
    const key = aesKey(encoded)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const ours = wecom.decrypt(encoded, seal(key, text, 'ww01', randomBytes(16)))
        expect([ours.message, ours.id]).toEqual([text, 'ww01'])
        expect(open(key, wecom.encrypt(encoded, text, 'ww01'))).toEqual({ text, receiveId: 'ww01' })
      }),
    )
  })

  test('a cut, a foreign alphabet and a half block are refused', () => {
    const key = aesKey(vectors.callback_vectors[0]?.encoding_aes_key ?? '')
    const whole = seal(key, 'hello'.repeat(20), 'ww01', randomBytes(16))
    const bytes = Buffer.from(whole, 'base64')
    const flawed = [
      whole.slice(0, -4),
      `${whole} `,
      '',
      bytes.subarray(0, 16).toString('base64'),
      bytes.subarray(0, -32).toString('base64'),
    ]
    expect(flawed.map((text) => 'flaw' in open(key, text))).toEqual([true, true, true, true, true])
  })

  test('every single byte of the padding counts, and so do the length field and UTF-8', () => {
    const key = aesKey(vectors.callback_vectors[0]?.encoding_aes_key ?? '')
    const sealRaw = (plain: Buffer) => {
      const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
      return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
    }
    const length = Buffer.from([0, 0, 0, 5])
    const good = Buffer.concat([Buffer.alloc(16, 1), length, Buffer.from('hello'), Buffer.from('ww1'), Buffer.alloc(4, 4)])
    const changed = (at: number, to: number) => {
      const copy = Buffer.from(good)
      copy[at] = to
      return open(key, sealRaw(copy))
    }
    expect(open(key, sealRaw(good))).toEqual({ text: 'hello', receiveId: 'ww1' })
    expect([28, 29, 30].map((at) => changed(at, 5))).toEqual(Array(3).fill({ flaw: 'padding' }))
    expect([0, 33, 255].map((pad) => changed(31, pad))).toEqual(Array(3).fill({ flaw: 'padding' }))
    expect(changed(19, 200)).toEqual({ flaw: 'length of the message' })
    expect(changed(20, 0xff)).toEqual({ flaw: 'not UTF-8' })
  })

  test('a key of another length is refused at once', () => {
    expect(() => aesKey('short')).toThrow('43')
  })
})

describe('the XML of the sandbox', () => {
  test('writes what it reads, whatever the text holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const root = readXml(writeXml([['Content', text]]))
        expect(root && flat(root)?.get('Content')).toBe(
          text.toWellFormed().replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, ''),
        )
      }),
    )
  })

  test.each([
    '<xml><a>1</b></xml>',
    '<xml><a x="1">1</a></xml>',
    '<xml>&bogus;</xml>',
    '<xml>a & b</xml>',
    '<!DOCTYPE x [<!ENTITY e "boom">]><xml>&e;</xml>',
    '<xml></xml><xml></xml>',
    '<xml>text<a>1</a></xml>',
    '<xml>',
    'plain',
    '',
    '<a>'.repeat(40),
  ])('refuses %s', (source) => {
    expect(readXml(source)).toBeNull()
  })
})
