import { hash } from 'node:crypto'

/** What a page proves itself with to the client it runs in. `timestamp` in the platform's own unit, exactly as the page gives it to the client. */
export type PageProof = {
  readonly ticket: string
  readonly nonce: string
  readonly timestamp: string | number
  readonly url: string
}

/**
 * Hex SHA-1 over ticket, nonce, timestamp and address in this order, as two platforms want it: Feishu for `h5sdk.config` (timestamp in milliseconds; valid for ten
 * minutes and for one use; page "网页应用鉴权", open.feishu.cn, read 2026-05) and WeCom for `wx.config` with the corp's ticket and `wx.agentConfig` with the app's
 * (timestamp in seconds; docs 90506, read 2025-09). The address is cut at `#` and otherwise signed as it stands, escapes included. It vouches for the page
 * under our ticket, so the caller signs only addresses of its own origin.
 */
export const jsapiSignature = ({ ticket, nonce, timestamp, url }: PageProof): string =>
  hash('sha1', `jsapi_ticket=${ticket}&noncestr=${nonce}&timestamp=${timestamp}&url=${url.replace(/#.*$/s, '')}`, 'hex')
