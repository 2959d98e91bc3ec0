/** A certificate for 127.0.0.1, made anew for each run, so that encrypted doubles need no key in the repository. X.509 in DER: RFC 5280, X.690. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll } from 'vitest'

const part = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(content)
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}
const sequence = (...content: readonly Uint8Array[]): Buffer => part(0x30, ...content)
const name = sequence(part(0x31, sequence(Buffer.from('0603550403', 'hex'), part(0x0c, Buffer.from('andon test')))))
const time = (at: Date): Buffer => part(0x18, Buffer.from(`${at.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`))
const ecdsaWithSha256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'))
/** subjectAltName: the address 127.0.0.1. */
const forLoopback = sequence(Buffer.from('0603551d11', 'hex'), part(0x04, sequence(part(0x87, Buffer.from([127, 0, 0, 1])))))

const createCertificate = (): { readonly key: string; readonly cert: string } => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const validity = sequence(time(new Date(Date.now() - 3_600_000)), time(new Date(Date.now() + 86_400_000)))
  const facts = sequence(
    part(0xa0, Buffer.from('020102', 'hex')),
    ...[Buffer.from('020101', 'hex'), ecdsaWithSha256, name, validity, name],
    publicKey.export({ type: 'spki', format: 'der' }),
    part(0xa3, sequence(forLoopback)),
  )
  const whole = sequence(facts, ecdsaWithSha256, part(0x03, Buffer.from([0]), sign('sha256', facts, privateKey)))
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${whole.toString('base64')}\n-----END CERTIFICATE-----\n`,
  }
}

export const certificate = createCertificate()

/** Makes every client of this test file trust the certificate, as an operating system would a known authority. */
export const useTrust = (): void => {
  const usual = getCACertificates('default')
  beforeAll(() => setDefaultCACertificates([...usual, certificate.cert]))
  afterAll(() => setDefaultCACertificates(usual))
}
