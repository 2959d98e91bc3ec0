/**
 * Signatures we make ourselves. `configSignature` is the ground of the mini-app page (dd.config), `customRobotSign` of groups that have
 * a custom robot and not our app.
 */
import { createHmac, hash } from 'node:crypto'

/**
 * Base64 HMAC-SHA256 over instant and secret, under the secret (`SEC…`). `timestamp` in milliseconds, accepted for an hour; both travel in the
 * query, where the sign is percent-encoded. Page "自定义机器人安全设置" (`customize-robot-security-settings`), 2026-08.
 */
export const customRobotSign = (secret: string, timestamp: string): string =>
  createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')

/** `timestamp` is exactly the `timeStamp` given to `dd.config`; `url` the page's address as the browser shows it. */
export type PageProof = { readonly ticket: string; readonly nonce: string; readonly timestamp: string; readonly url: string }

/**
 * The signature of `dd.config` in hex. The samples of today hash with SHA-256, older ones and many live apps with SHA-1; the length tells which.
 * The address is cut at `#` and its query percent-decoded, port included. It vouches for the page under our ticket, so the caller signs only
 * addresses of its own origin. Page "JSAPI鉴权" (`jsapi-authentication`), 2026-08.
 */
export const configSignature = ({ ticket, nonce, timestamp, url }: PageProof, by: 'sha256' | 'sha1' = 'sha256'): string =>
  hash(by, `jsapi_ticket=${ticket}&noncestr=${nonce}&timestamp=${timestamp}&url=${signedAddress(url)}`, 'hex')

const signedAddress = (url: string): string => {
  const whole = url.replace(/#.*$/s, '')
  const query = whole.indexOf('?')
  return query < 0 ? whole : whole.slice(0, query) + decoded(whole.slice(query))
}

/** A broken escape is signed as it stands: no address makes this throw. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
