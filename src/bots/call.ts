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
