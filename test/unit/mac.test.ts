import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMac } from '../../src/lib/crypto.ts'

/** RFC 4231 test case 2. */
test('the published answer', () => {
  const hex = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
  expect(createMac('Jefe')('what do ya want for nothing?')).toBe(Buffer.from(hex, 'hex').toString('base64'))
})

test('is the standard one for any key and any text, again and again', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 90 }),
      fc.array(fc.string({ unit: 'grapheme', maxLength: 90 }), { maxLength: 4 }),
      (key, texts) => {
        const mac = createMac(key)
        for (const text of texts) expect(mac(text)).toBe(createHmac('sha256', key).update(text).digest('base64'))
      },
    ),
  )
})
