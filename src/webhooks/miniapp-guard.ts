import type { Context, MiddlewareHandler } from 'hono'

/**
 * Names of our cookies. Where pages are served encrypted, the prefix makes browsers refuse one that another host, a path or a plain connection has set
 * (RFC 6265bis, 4.1.3).
 */
export const cookieName = (publicUrl: string, name: 'andon_session' | 'andon_sign_in'): string =>
  isSecure(publicUrl) ? `__Host-${name}` : name
export const isSecure = (publicUrl: string): boolean => new URL(publicUrl).protocol === 'https:'

/** Pages may load what this service serves and nothing else: no inline script, no foreign host. `framedBy` are the origins that may show them in a frame. */
const contentPolicy = (framedBy: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    `frame-ancestors ${["'self'", ...framedBy].join(' ')}`,
  ].join('; ')

/** Puts on every answer what keeps a page to itself. `no-referrer` matters most: the address of a link is a key. */
export const guarded = (framedBy: readonly string[], publicUrl: string): MiddlewareHandler => {
  const headers: readonly (readonly [string, string])[] = [
    ['content-security-policy', contentPolicy(framedBy)],
    ['referrer-policy', 'no-referrer'],
    ['x-content-type-options', 'nosniff'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['cross-origin-opener-policy', 'same-origin'],
    ['permissions-policy', 'camera=(), geolocation=(self), microphone=()'],
    ...(isSecure(publicUrl) ? [['strict-transport-security', 'max-age=31536000'] as const] : []),
  ]
  return async (c, next) => {
    await next()
    for (const [name, value] of headers) c.res.headers.set(name, value)
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
  }
}

/**
 * Does a change come from our own page? A form or a script of another site can set neither the header nor the content type without asking us first, and
 * browsers say where a request comes from; whatever they say must be us.
 */
export const isOwnPage = (c: Context, origin: string): boolean => {
  const said = (name: string): string | null => c.req.header(name) ?? null
  if (said('x-andon') !== '1') return false
  if (!/^application\/json\s*(;|$)/i.test(said('content-type') ?? '')) return false
  const from = said('origin')
  if (from !== null && from !== origin) return false
  const site = said('sec-fetch-site')
  return site === null || site === 'same-origin'
}

/** A browser that fetches ahead, or looks without opening, must not use a link up. */
export const onlyLooks = (c: Context): boolean =>
  c.req.method !== 'GET' ||
  /prefetch|preview/i.test(
    `${c.req.header('sec-purpose') ?? ''} ${c.req.header('purpose') ?? ''} ${c.req.header('x-purpose') ?? ''}`,
  )
