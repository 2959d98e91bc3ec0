import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decodeEnvelope } from '../../src/bots/feishu/decode.ts'
import { createFeishu } from '../../src/bots/feishu/platform.ts'
import { createDecrypt, signature } from '../../src/bots/feishu/verify.ts'
import { connection, createPorts, envelope, vectors } from './feishu-kit.ts'

const at = new Date(1_767_225_600_000)

type Sealed = { readonly name: string; readonly encrypt_key: string; readonly encrypt: string }

/** Cases under their published names. */
const byName = <T extends { readonly name: string }>(all: readonly T[]): [string, T][] => all.map((one) => [one.name, one])

describe('published encryption', () => {
  it.each(byName<Sealed & { plaintext: string; key_sha256_hex: string }>(vectors.aes_256_cbc.vectors))(
    '%s opens to its text',
    (_, v) => {
      expect(createHash('sha256').update(v.encrypt_key).digest('hex')).toBe(v.key_sha256_hex)
      expect(createDecrypt(v.encrypt_key)(v.encrypt)).toBe(v.plaintext)
    },
  )

  it.each(byName<Sealed>(vectors.aes_256_cbc.negative))('%s opens to nothing', (_, v) => {
    expect(createDecrypt(v.encrypt_key)(v.encrypt)).toBeNull()
  })
})

type Signed = { name: string; timestamp: string; nonce: string; encrypt_key: string; raw_body: string; x_lark_signature: string }

const received = (v: Signed) => {
  const headers = {
    'x-lark-request-timestamp': v.timestamp,
    'x-lark-request-nonce': v.nonce,
    'x-lark-signature': v.x_lark_signature,
  }
  const platform = createFeishu(
    { ...connection, encryptKey: v.encrypt_key },
    createPorts(() => Number(v.timestamp)),
  )
  return platform.receive({ method: 'POST', query: {}, headers, body: Buffer.from(v.raw_body) })
}

describe('published signatures', () => {
  const { vectors: good, negative } = vectors.event_signature_sha256
  it.each(byName<Signed & { raw_body_bytes: number }>(good))('%s is computed over the bytes as received', (_, v) => {
    expect(Buffer.byteLength(v.raw_body)).toBe(v.raw_body_bytes)
    expect(signature(v.timestamp, v.nonce, v.encrypt_key, Buffer.from(v.raw_body))).toBe(v.x_lark_signature)
  })

  it.each(byName<Signed>(good.filter((v: Signed) => v.raw_body.includes('"encrypt"'))))('%s is accepted whole', (_, v) => {
    expect(received(v).kind).toBe('accepted')
  })

  it.each(byName<Signed>(negative))('%s is refused', (_, v) => {
    expect(received(v)).toMatchObject({ kind: 'refused', response: { status: 403, body: '{}' } })
  })

  it('a body that is signed but not encrypted is refused', () => {
    const plain = good.find((v: Signed) => v.name === 'plaintext-body-utf8')
    expect(received(plain)).toMatchObject({ kind: 'refused', because: 'not-encrypted-for-us' })
  })

  it('the signature of the old card callbacks opens nothing', () => {
    const old = vectors.legacy_card_signature_sha1.vectors[0]
    expect(received({ ...old, encrypt_key: connection.encryptKey })).toMatchObject({ kind: 'refused' })
  })
})

describe('published events', () => {
  const named = (name: string): string => vectors.aes_256_cbc.vectors.find((v: { name: string }) => v.name === name).plaintext

  it('a group message at the bot becomes a message without the mention', () => {
    const decoded = decodeEnvelope(connection, JSON.parse(named('im-message-receive-group-at-bot-zh')), at)
    expect(decoded).toMatchObject({
      kind: 'accepted',
      incoming: { kind: 'message', connection: 'feishu-hq', direct: false, files: [], place: null },
    })
    const raw = JSON.parse(named('im-message-receive-group-at-bot-zh'))
    const { incoming } = decoded as Extract<typeof decoded, { kind: 'accepted' }>
    expect(incoming.key).toBe(raw.event.message.message_id)
    expect(incoming.account).toBe(raw.event.sender.sender_id.open_id)
    expect(incoming.at.getTime()).toBe(Number(raw.event.message.create_time))
    expect(incoming.kind === 'message' && incoming.text).not.toContain('@_user_1')
    expect(incoming.alias).toMatch(/^[0-9a-f]{64}$/)
  })

  it('a press whose button is not ours is understood by nobody', () => {
    const decoded = decodeEnvelope(connection, JSON.parse(named('card-action-trigger-form-zh')), at)
    expect(decoded).toMatchObject({ kind: 'accepted', incoming: { kind: 'unsupported', what: 'card.action.trigger' } })
  })

  it('the published card event, with a key of ours, keeps the form and does not mistake the card token for the header token', () => {
    const raw = structuredClone(vectors.flattening_by_node_sdk.input_card_event)
    raw.event.action.value.key = 'hazard.assign:haz_01k9abcdefgh@1'
    expect(decodeEnvelope(connection, raw, at)).toMatchObject({
      kind: 'accepted',
      incoming: {
        kind: 'press',
        key: 'f00112233445566778899aabbccddeef',
        at: new Date(1_767_225_605_123),
        action: 'hazard.assign:haz_01k9abcdefgh@1',
        form: { level: 'major', due: '2026-01-05 +0800', measures: 'lockout,signage', note: '先围挡再清理' },
        message: 'om_1a2b3c4d5e6f708192a3b4c5d6e7f809',
        handle: { message_id: 'om_1a2b3c4d5e6f708192a3b4c5d6e7f809' },
        conversation: 'oc_9f8e7d6c5b4a39281706f5e4d3c2b1a0',
      },
    })
  })

  it('an unknown event is journaled under its name', () => {
    expect(decodeEnvelope(connection, envelope('im.chat.updated_v1', {}), at)).toMatchObject({
      kind: 'accepted',
      incoming: { kind: 'unsupported', what: 'im.chat.updated_v1', account: '' },
    })
  })
})
