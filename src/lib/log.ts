/** Structured logging. The message is a constant sentence; what varies goes into `about`. Never secrets, tokens or personal data. */
export type Log = {
  readonly info: (message: string, about?: Readonly<Record<string, unknown>>) => void
  readonly warn: (message: string, about?: Readonly<Record<string, unknown>>) => void
  readonly error: (message: string, about?: Readonly<Record<string, unknown>>) => void
}

export const silent: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** Masks what may carry a credential in a URL (query values), for messages about outgoing calls. */
export const maskUrl = (url: string): string =>
  url.replace(/([?&](?:access_token|ticket|key|secret|corpsecret|session|sign|code)=)[^&\s]+/gi, '$1***')
