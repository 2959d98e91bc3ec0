import type { CaseView, PageAnswer, PageError } from '../src/webhooks/miniapp.ts'

export type Failure =
  /** Nothing came back, or nothing that we understand: whether it arrived there is unknown. */
  { readonly kind: 'offline' } | { readonly kind: 'error'; readonly error: PageError['error']; readonly text: string }

export type Loaded = { readonly kind: 'view'; readonly view: CaseView } | Failure
export type Toast = NonNullable<PageAnswer['toast']>

export type PressResult =
  /** Taken or refused for good; `view` is null when the reader's part in the case has ended. */
  | { readonly kind: 'answered'; readonly toast: Toast | null; readonly view: CaseView | null }
  /** Not recorded for now; the same press may be sent again. */
  | { readonly kind: 'later'; readonly toast: Toast | null }
  | Failure

export type Press = {
  readonly command: string
  readonly form: Readonly<Record<string, string>>
  readonly key: string
  readonly as: string
}

/** In milliseconds; a plant's network is slow, but nobody presses twice within this time. */
const patience = 20_000

const request = async (path: string, init: RequestInit): Promise<Response | null> => {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), patience)
  try {
    return await fetch(path, { ...init, credentials: 'same-origin', cache: 'no-store', signal: stop.signal })
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}

/** A captive portal or a proxy may answer 200 with a page of its own: only our JSON counts. */
const jsonOf = async (response: Response): Promise<object | null> => {
  try {
    const value: unknown = await response.json()
    return typeof value === 'object' && value !== null ? value : null
  } catch {
    return null
  }
}

const failureOf = (body: object | null): Failure =>
  body !== null && 'error' in body && 'text' in body ? { kind: 'error', ...(body as PageError) } : { kind: 'offline' }

const isView = (body: object): body is CaseView => 'card' in body && body.card !== null && 'timeline' in body

export const load = async (subject: string): Promise<Loaded> => {
  const response = await request(`/api/cases/${subject}`, {})
  const body = response && (await jsonOf(response))
  return response?.ok && body && isView(body) ? { kind: 'view', view: body } : failureOf(body)
}

export const send = async (subject: string, press: Press): Promise<PressResult> => {
  const response = await request(`/api/cases/${subject}/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-andon': '1' },
    body: JSON.stringify(press),
  })
  const body = response && (await jsonOf(response))
  if (!response || !body || !('toast' in body)) return failureOf(body)
  const { toast } = body as PageAnswer
  return response.status === 503 ? { kind: 'later', toast } : { kind: 'answered', toast, view: isView(body) ? body : null }
}

/** A key of 128 random bits for one press. */
export const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
