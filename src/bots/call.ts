import type { Millis } from '../lib/clock.ts'
import { DeliveryError, type TokenStore } from './platform.ts'

/** Every outgoing call ends within this time, answered or not. */
export const callWithin: Millis = 10_000

/** Names of a token and how to get a new one. */
export type TokenSource = {
  readonly name: string
  readonly fetch: () => Promise<{ readonly token: string; readonly life: Millis }>
}

/** Thrown inside a call when the platform says that the token itself is the trouble. */
export class TokenRefused extends Error {}

/**
 * Runs `call` with a token; when the platform refuses that token, drops it, fetches one new and tries once more.
 * A second refusal is a temporary DeliveryError `token-refused` of the whole connection.
 */
export const withToken = async <T>(tokens: TokenStore, source: TokenSource, call: (token: string) => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    const token = await tokens.get(source.name, source.fetch)
    try {
      return await call(token)
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error
      await tokens.drop(source.name, token)
      if (attempt === 2) throw new DeliveryError('temporary', 'token-refused', { scope: 'connection' })
    }
  }
}

/** Did the request leave this machine? Refused and unresolved connections did not, so nothing can have happened there. */
export const neverLeft = (code: string | undefined): boolean =>
  code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH'

const encrypted: ReadonlySet<string> = new Set(['https:', 'wss:'])
const plain: ReadonlySet<string> = new Set(['http:', 'ws:'])
const protocolOf = (address: string): string | null => (URL.canParse(address) ? new URL(address).protocol : null)

/**
 * May a connection configured with `apiBase` follow an address that an answer names? Where the platform is reached encrypted, it may not send us out in
 * the clear: whoever can change one answer would read tickets, photos and presses from then on. Only a base of plain http, a sandbox, may name plain addresses.
 */
export const mayFollow = (apiBase: string, address: string): boolean => {
  const protocol = protocolOf(address) ?? ''
  return encrypted.has(protocol) || (plain.has(protocol) && protocolOf(apiBase) === 'http:')
}

/** The host and port of an address, for the log: the rest of it may hold a ticket or a signature. */
export const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : 'unreadable')
