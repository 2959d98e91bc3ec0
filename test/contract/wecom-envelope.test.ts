import * as oracle from '@wecom/crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEnvelope } from '../../src/bots/wecom/envelope.ts'
import { type Opened, verify } from '../../src/bots/wecom/verify.ts'
import { readXml, textOf } from '../../src/bots/wecom/xml.ts'
import { connection, outerXml, type Vector, vectors } from './wecom-kit.ts'

const envelopeOf = (vector: Vector) => createEnvelope(vector.token, vector.encoding_aes_key)
const named = (list: readonly Vector[]): [string, Vector][] => list.map((vector) => [vector.id, vector])

describe('the envelope agrees with every published and composed vector', () => {
  it.each(named(vectors.callback_vectors))('%s: signature, opening and sealing', (_, vector) => {
    const envelope = envelopeOf(vector)
    expect(envelope.sign(vector.timestamp, vector.nonce, vector.encrypt)).toBe(vector.msg_signature)
    expect(envelope.authentic(vector.msg_signature, vector.timestamp, vector.nonce, vector.encrypt)).toBe(true)
    expect(envelope.open(vector.encrypt)).toEqual({ message: vector.plaintext, receiveId: vector.receiveid })
    expect(envelope.seal(vector.plaintext, vector.receiveid, Buffer.from(vector.random16_base64, 'base64'))).toBe(vector.encrypt)
  })

  it('opens them again in any order: one message never colours the next', () => {
    const bots = vectors.callback_vectors.filter((vector) => vector.token === 'appTokenBeta9')
    const envelope = createEnvelope('appTokenBeta9', bots[0]?.encoding_aes_key ?? '')
    const order = fc.array(fc.constantFrom(...bots), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(order, (list) => {
        for (const vector of list) {
          envelope.open('AAAA')
          envelope.open(Buffer.alloc(32, 7).toString('base64'))
          expect(envelope.open(vector.encrypt)?.message).toBe(vector.plaintext)
        }
      }),
    )
  })
})

describe('verify agrees with the vectors of the app', () => {
  const at = (vector: Vector) => ({ now: () => new Date(Number(vector.timestamp) * 1000) })
  const query = (vector: Vector) => ({ msg_signature: vector.msg_signature, timestamp: vector.timestamp, nonce: vector.nonce })
  const verifier = (vector: Vector, agentId: string) => ({
    envelope: envelopeOf(vector),
    clock: at(vector),
    corpId: vector.receiveid,
    agentId,
  })
  const ofKind = (kind: string) =>
    named(vectors.callback_vectors.filter((vector) => vector.kind === kind && vector.flavour === 'xml'))
  const get = (vector: Vector, agent = '1'): Opened =>
    verify(verifier(vector, agent), {
      method: 'GET',
      query: { ...query(vector), echostr: vector.encrypt },
      headers: {},
      body: new Uint8Array(),
    })

  it.each(ofKind('url_verify'))('%s: answers the bare text', (_, vector) => {
    expect(get(vector)).toMatchObject({ kind: 'handshake', response: { status: 200, body: vector.expected_response_body } })
  })

  it.each(ofKind('url_verify'))('%s: as the query string comes over the wire', (_, vector) => {
    const given = Object.fromEntries(new URLSearchParams(vector.query_string))
    const opened = verify(verifier(vector, '1'), { method: 'GET', query: given, headers: {}, body: new Uint8Array() })
    expect(opened).toMatchObject({ kind: 'handshake', response: { body: vector.expected_response_body } })
  })

  it.each(ofKind('callback_post'))('%s: opens the message', (_, vector) => {
    const inner = readXml(vector.plaintext)
    const app = (inner && textOf(inner, 'AgentID')) ?? ''
    const body = Buffer.from(vector.http_body ?? outerXml(vector.encrypt, app, vector.receiveid))
    const opened = verify(verifier(vector, app), { method: 'POST', query: query(vector), headers: {}, body })
    expect(opened).toMatchObject({ kind: 'opened', message: vector.plaintext })
  })

  it.each(named(vectors.negative_vectors))('%s is refused', (_, vector) => {
    const because =
      vector.id === 'plus-decoded-as-space' ? 'no-cipher' : vector.must_fail === 'receiveid' ? 'receiver' : vector.must_fail
    expect(get(vector)).toMatchObject({ kind: 'refused', because, response: { status: 403, body: '' } })
    const body = Buffer.from(outerXml(vector.encrypt, '218', vector.receiveid))
    const posted = verify(verifier(vector, '218'), { method: 'POST', query: query(vector), headers: {}, body })
    expect(posted).toMatchObject({ kind: 'refused', because })
  })
})

describe('both directions against @wecom/crypto', () => {
  const envelope = createEnvelope(connection.token, connection.encodingAesKey)
  const text = fc.string({ unit: 'grapheme', maxLength: 400 })
  const receiver = fc.constantFrom('', 'ww0123456789abcdef', 'wx5823bf96d3bd56c7')

  it('what the vendor seals, we open', () => {
    const salt = fc.uint8Array({ minLength: 16, maxLength: 16 })
    fc.assert(
      fc.property(text, receiver, salt, (message, id, random) => {
        const sealed = oracle.encrypt(connection.encodingAesKey, message, id, Buffer.from(random))
        expect(envelope.open(sealed)).toEqual({ message, receiveId: id })
        expect(envelope.seal(message, id, random)).toBe(sealed)
      }),
    )
  })

  it('what we seal, the vendor opens', () => {
    fc.assert(
      fc.property(text, receiver, (message, id) => {
        expect(oracle.decrypt(connection.encodingAesKey, envelope.seal(message, id))).toMatchObject({ message, id })
      }),
    )
  })

  it('signs alike', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9+/=]{1,60}$/)
    fc.assert(
      fc.property(word, word, word, (timestamp, nonce, encrypted) => {
        expect(envelope.sign(timestamp, nonce, encrypted)).toBe(
          oracle.getSignature(connection.token, timestamp, nonce, encrypted),
        )
      }),
    )
  })
})

describe('what is not exactly an envelope stays shut', () => {
  const envelope = createEnvelope(connection.token, connection.encodingAesKey)

  it('any changed bit of the last block, any length that is no multiple of 32', () => {
    const sealed = Buffer.from(oracle.encrypt(connection.encodingAesKey, 'x'.repeat(50), 'ww0123456789abcdef'), 'base64')
    for (let cut = 1; cut < 32; cut += 1)
      expect(envelope.open(sealed.subarray(0, sealed.length - cut).toString('base64'))).toBe(null)
    expect(envelope.open('')).toBe(null)
  })

  it('random bytes never throw and never open by their padding alone', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 256 }), (bytes) => {
        const opened = envelope.open(Buffer.from(bytes).toString('base64'))
        expect(opened === null || typeof opened.message === 'string').toBe(true)
      }),
    )
  })

  it.each(['', 'short', `${connection.encodingAesKey}=`, `${connection.encodingAesKey.slice(0, 42)}!`])(
    'key %j does not start',
    (key) => {
      expect(() => createEnvelope('token', key)).toThrow(TypeError)
    },
  )
})
