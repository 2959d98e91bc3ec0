/**
 * Signatures beside the event callbacks. `codeChallenge` is the ground of sign-in, `jsapiSignature` (bots/jsapi.ts) of the mini-app page (h5sdk.config),
 * `customBotSign` of groups that have a custom bot and not our app. `legacyCardSignature` opens no door: it is there to tell old callbacks.
 */
import { createHash, createHmac } from 'node:crypto'

/**
 * Base64 HMAC-SHA256 of nothing, under instant and secret: the text to sign is the key, otherwise the answer is 19021.
 * `timestamp` in seconds. Page "自定义机器人使用指南" (open.feishu.cn), read 2026-05.
 */
export const customBotSign = (secret: string, timestamp: string): string =>
  createHmac('sha256', `${timestamp}\n${secret}`).digest('base64')

/**
 * Hex SHA-1 of the old `card.action.trigger_v1` callbacks, over timestamp, nonce, Verification Token and the bytes as received.
 * Page "处理卡片回调" (open.feishu.cn), read 2026-05.
 */
export const legacyCardSignature = (timestamp: string, nonce: string, verificationToken: string, body: Uint8Array): string =>
  createHash('sha1')
    .update(timestamp + nonce + verificationToken)
    .update(body)
    .digest('hex')

/** `code_challenge` of method S256 for a `code_verifier`. Page "获取授权码" (open.feishu.cn), read 2026-05; RFC 7636 section 4.2. */
export const codeChallenge = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')
