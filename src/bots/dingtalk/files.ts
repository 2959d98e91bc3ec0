import { lookup as resolve } from 'node:dns/promises'
import axios, { isAxiosError } from 'axios'
import { callWithin, mayFollow, neverLeft } from '../call.ts'
import { DeliveryError, type FileRef } from '../platform.ts'
import type { Client } from './client.ts'
import { lostAnswer } from './errors.ts'
import { answers, type DingtalkConnection } from './wire.ts'

/**
 * The bytes of a file somebody sent. Page "下载机器人接收消息的文件内容" (`download-the-file-content-of-the-robot-receiving-message`), 2026-08:
 * the address is signed and short-lived, so it is fetched at once, without our token.
 */
export const fetchFile = async (
  connection: DingtalkConnection,
  client: Client,
  file: FileRef,
  limit: number,
): Promise<Uint8Array> => {
  const { downloadCode, robotCode } = file.ref
  if (!downloadCode || !robotCode) throw new DeliveryError('permanent', 'bad-file')
  const { downloadUrl } = await client.call({
    host: 'api',
    method: 'POST',
    path: '/v1.0/robot/messageFiles/download',
    body: { downloadCode, robotCode },
    answer: answers.download,
    effect: false,
  })
  const target = await safeTarget(downloadUrl, connection.apiBase)
  return download(target, limit)
}

/** Page "上传媒体文件" (`upload-media-files`), 2026-08. The type stands in the address, or the platform answers 40004. */
export const uploadImage = async (client: Client, jpeg: Uint8Array): Promise<string> => {
  const form = new FormData()
  form.append('media', new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }), 'andon.jpg')
  const { media_id } = await client.call({
    host: 'oapi',
    method: 'POST',
    path: '/media/upload',
    query: { type: 'image' },
    body: form,
    answer: answers.media,
    effect: false,
  })
  return media_id
}

// ── Where a download may lead ────────────────────────────────────────────────────────────────────────────────────────

type Found = { readonly address: string; readonly family: 4 | 6 }
type Give = (error: null, addresses: Found[]) => void
type Target = { readonly url: URL; readonly addresses: readonly Found[] }

const forbidden = (): DeliveryError => new DeliveryError('permanent', 'forbidden-address')

const schemes: ReadonlySet<string> = new Set(['http:', 'https:'])

/**
 * Where a file is fetched from. The official sample of `downloadUrl` is plain http: where the platform itself is reached encrypted, such an address is
 * asked over https, which its signature does not cover, and one with a port of its own is refused. Throws DeliveryError `forbidden-address`.
 */
export const downloadAddress = (text: string, apiBase: string): URL => {
  if (!URL.canParse(text)) throw forbidden()
  const url = new URL(text)
  if (!mayFollow(apiBase, text) && url.protocol === 'http:' && url.port === '') url.protocol = 'https:'
  if (!mayFollow(apiBase, url.href) || !schemes.has(url.protocol) || url.username || url.password) throw forbidden()
  return url
}

/**
 * An address named by a response must not lead into our own network: public hosts only. A platform on this machine may name itself.
 * The addresses found are the ones connected to, so that a second answer of the name server changes nothing.
 */
const safeTarget = async (text: string, apiBase: string): Promise<Target> => {
  const url = downloadAddress(text, apiBase)
  const base = new URL(apiBase)
  const addresses = await addressesOf(url.hostname.replace(/^\[|\]$/g, ''))
  const allowed = isLoopback(base.hostname) ? url.origin === base.origin : addresses.every(({ address }) => isPublic(address))
  if (addresses.length === 0 || !allowed) throw forbidden()
  return { url, addresses }
}

const addressesOf = async (host: string): Promise<readonly Found[]> => {
  if (host.includes(':')) return [{ address: host, family: 6 }]
  if (/^[\d.]+$/.test(host)) return [{ address: host, family: 4 }]
  try {
    const all = await resolve(host, { all: true })
    return all.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
  } catch {
    throw new DeliveryError('temporary', 'unreachable', { detail: 'name not resolved' })
  }
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)

/** The special IPv4 ranges of RFC 6890 and the multicast and reserved ones above them. */
const special = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const

/** The address as one number, NaN when it is none. */
const asNumber = (address: string): number => {
  const parts = address.split('.').map(Number)
  if (parts.length !== 4 || !parts.every((part) => part >= 0 && part <= 255)) return Number.NaN
  return parts.reduce((sum, part) => sum * 256 + part, 0)
}

const isWithin = (address: number, [range, bits]: (typeof special)[number]): boolean =>
  Math.floor(address / 2 ** (32 - bits)) === Math.floor(asNumber(range) / 2 ** (32 - bits))

/** IPv4 outside the special ranges; of IPv6 only global unicast, without the tunnels (2001::/32, 2002::/16) that hide an IPv4 address. */
export const isPublic = (address: string): boolean => {
  if (address.includes(':')) return /^[23][0-9a-f]{3}:/i.test(address) && !/^(2002:|2001:0{0,4}:|2001:db8:)/i.test(address)
  const number = asNumber(address)
  return number >= 0 && !special.some((range) => isWithin(number, range))
}

const download = async ({ url, addresses }: Target, limit: number): Promise<Uint8Array> => {
  try {
    const { status, data } = await axios.request<unknown>({
      url: url.href,
      method: 'GET',
      responseType: 'arraybuffer',
      validateStatus: () => true,
      maxRedirects: 0,
      maxContentLength: limit,
      timeout: callWithin,
      signal: AbortSignal.timeout(callWithin),
      // No proxy: it would be asked for whatever name the address holds, behind the check above.
      proxy: false,
      lookup: (_host: string, _options: object, give: Give) => give(null, [...addresses]),
    })
    if (status !== 200) throw new DeliveryError('temporary', 'file-not-served', { detail: `HTTP ${status}` })
    return bytesOf(data, limit)
  } catch (error) {
    throw downloadError(error)
  }
}

const bytesOf = (data: unknown, limit: number): Uint8Array => {
  const bytes = data instanceof Uint8Array ? new Uint8Array(data) : data instanceof ArrayBuffer ? new Uint8Array(data) : null
  if (!bytes) throw new DeliveryError('temporary', 'unreadable-answer')
  if (bytes.byteLength > limit) throw new DeliveryError('permanent', 'too-large')
  return bytes
}

/** axios gives a download past its limit no code of its own, only these words. */
const downloadError = (error: unknown): unknown => {
  if (!isAxiosError(error)) return error
  if (error.message.startsWith('maxContentLength')) return new DeliveryError('permanent', 'too-large')
  const code = error.code ?? 'unknown'
  return neverLeft(code) ? new DeliveryError('temporary', 'unreachable', { detail: code }) : lostAnswer(false, code)
}
