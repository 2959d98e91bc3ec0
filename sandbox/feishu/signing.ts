/** Encryption and signature of pushes (open.feishu.cn 配置 Encrypt Key, May 2026). */
import { createCipheriv, createHash, randomBytes } from 'node:crypto'

/** base64(iv || AES-256-CBC-PKCS7), key = SHA-256 of the Encrypt Key. `iv` is given only by tests against published values. */
export const encrypt = (encryptKey: string, plain: string, iv: Uint8Array = randomBytes(16)): string => {
  const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(encryptKey).digest(), iv)
  return Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final()]).toString('base64')
}

/** hex(SHA-256(timestamp || nonce || encryptKey || body)), no separators, not an HMAC. */
export const sign = (timestamp: string, nonce: string, encryptKey: string, body: string): string =>
  createHash('sha256')
    .update(timestamp + nonce + encryptKey)
    .update(body, 'utf8')
    .digest('hex')
