import { hmacSha256, seal, unseal } from '../lib/crypto.ts'

/**
 * The number of a certificate is as a rule `T` and the holder's 18-character identity number, so it is kept sealed, found by a keyed hash, and shown masked.
 */

/** One spelling of a number: full-width forms, spaces, hyphens and case make no difference. */
export const plainNumber = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\s\-‐-―]/g, '')
    .toUpperCase()

/** The usual form. Other lengths exist, so whatever differs is told and taken. */
export const isUsualNumber = (number: string): boolean => /^T?[0-9A-Z]{15,20}$/.test(number)

/** As it is shown: `T3101********1234`. Of a short number less stays, of a very short one nothing; the stars do not tell the length. */
export const maskNumber = (number: string): string => {
  const [head, tail] = number.length >= 15 ? [5, 4] : number.length >= 8 ? [2, 2] : [0, 0]
  return `${number.slice(0, head)}********${tail === 0 ? '' : number.slice(-tail)}`
}

/** Words from a list as they may be repeated in a report: whatever is long enough to be a number is masked. */
export const veiled = (text: string): string => text.replace(/[0-9A-Za-z]{11,}/g, maskNumber)

const keyFor = (secret: string, purpose: string): string => hmacSha256(secret, `certificate number: ${purpose}`)

/** Seals and finds numbers under keys of their own, derived from the installation's secret. */
export const createNumbers = (secret: string) => {
  const sealing = keyFor(secret, 'seal')
  const finding = keyFor(secret, 'find')
  return {
    /** AES-256-GCM; twice the same number gives two different texts. */
    seal: (number: string): string => seal(sealing, number),
    /** Null when it was sealed under another secret, or changed. */
    open: (sealed: string): string | null => unseal(sealing, sealed),
    /** The same for the same number; nobody without the secret can try numbers. */
    find: (number: string): string => hmacSha256(finding, plainNumber(number)),
  }
}
export type Numbers = ReturnType<typeof createNumbers>
