import { readFileSync } from 'node:fs'
import { AESCipher } from '@larksuiteoapi/node-sdk'
import { describe, expect, it } from 'vitest'
import { decodeFrame, encodeFrame } from '../../sandbox/feishu/frames.ts'
import { readMultipart } from '../../sandbox/feishu/multipart.ts'
import { encrypt, sign } from '../../sandbox/feishu/signing.ts'

type FrameVector = {
  readonly name: string
  readonly hex: string
  readonly decoded: {
    readonly SeqID: string
    readonly LogID: string
    readonly service: number
    readonly method: number
    readonly headers: { key: string; value: string }[]
    readonly payload_utf8?: string
    readonly payload_hex?: string
  }
}
type Vectors = {
  readonly aes_256_cbc: { vectors: { name: string; encrypt_key: string; encrypt: string; plaintext: string; iv_hex: string }[] }
  readonly event_signature_sha256: {
    vectors: Record<'name' | 'timestamp' | 'nonce' | 'encrypt_key' | 'raw_body' | 'x_lark_signature', string>[]
  }
  readonly pbbp2_frames: { vectors: FrameVector[] }
}
const vectors: Vectors = JSON.parse(readFileSync(new URL('../vectors/feishu.json', import.meta.url), 'utf8'))

const payloadOf = ({ payload_utf8, payload_hex }: FrameVector['decoded']) => {
  if (payload_hex !== undefined) return { payload: Uint8Array.from(Buffer.from(payload_hex, 'hex')) }
  return payload_utf8 === undefined ? {} : { payload: new TextEncoder().encode(payload_utf8) }
}
const frameOf = ({ decoded }: FrameVector) => {
  const { SeqID, LogID, service, method, headers } = decoded
  return { SeqID, LogID, service, method, headers, ...payloadOf(decoded) }
}

describe('long connection frames', () => {
  it.each(vectors.pbbp2_frames.vectors)('$name encodes to the published bytes', (vector) => {
    expect(Buffer.from(encodeFrame(frameOf(vector))).toString('hex')).toBe(vector.hex)
  })

  it.each(vectors.pbbp2_frames.vectors)('$name decodes to the published fields', (vector) => {
    expect(decodeFrame(Buffer.from(vector.hex, 'hex'))).toEqual(frameOf(vector))
  })

  it.each(['', 'ff', '0800', '0a0474797065', '08001000180120002a020a01'])(
    'bytes %j that are no frame decode to nothing',
    (hex) => {
      expect(decodeFrame(Buffer.from(hex, 'hex'))).toBeNull()
    },
  )
})

describe('encryption and signature of pushes', () => {
  it.each(vectors.aes_256_cbc.vectors)('$name encrypts to the published text, which the official cipher opens', (vector) => {
    const sealed = encrypt(vector.encrypt_key, vector.plaintext, Buffer.from(vector.iv_hex, 'hex'))
    expect(sealed).toBe(vector.encrypt)
    expect(new AESCipher(vector.encrypt_key).decrypt(sealed)).toBe(vector.plaintext)
  })

  it.each(vectors.event_signature_sha256.vectors)('$name signs to the published signature', (vector) => {
    expect(sign(vector.timestamp, vector.nonce, vector.encrypt_key, vector.raw_body)).toBe(vector.x_lark_signature)
  })

  it('two pushes of the same words do not look alike', () => {
    expect(encrypt('key', 'same')).not.toBe(encrypt('key', 'same'))
  })
})

describe('multipart bodies', () => {
  const body = Buffer.from(
    '--b\r\nContent-Disposition: form-data; name="image_type"\r\n\r\nmessage\r\n--b\r\nContent-Disposition: form-data; name="image"\r\n\r\n\xff\r\n--x\r\n--b--\r\n',
    'latin1',
  )

  it('a part without a filename keeps its bytes', () => {
    const parts = readMultipart('multipart/form-data; boundary=b', body)
    expect([...(parts ?? [])].map(([name, bytes]) => [name, bytes.toString('latin1')])).toEqual([
      ['image_type', 'message'],
      ['image', '\xff\r\n--x'],
    ])
  })

  it.each([
    ['no boundary', 'multipart/form-data', body],
    ['another type', 'application/json; boundary=b', body],
    ['a body cut short', 'multipart/form-data; boundary=b', body.subarray(0, -8)],
    ['a part without headers', 'multipart/form-data; boundary=b', Buffer.from('--b\r\nabc\r\n--b--')],
    ['nothing', 'multipart/form-data; boundary=b', Buffer.alloc(0)],
  ])('%s is refused', (_what, type, bytes) => {
    expect(readMultipart(type, bytes)).toBeNull()
  })
})
