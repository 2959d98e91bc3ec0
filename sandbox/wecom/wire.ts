/** One HTTP request to the service's callback address, with a hard deadline in real time. */

export type Heard =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'broken'; readonly why: string }

export type Asking = {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly body?: string
  readonly within: number
  readonly closing: AbortSignal
}

const largestAnswer = 1024 * 1024

/** Reads at most a megabyte; more than that is no answer. */
const readBody = async (response: Response): Promise<string> => {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > largestAnswer) throw new Error('the answer is larger than a megabyte')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** Never rejects. Redirects are not followed. */
export const ask = async ({ url, method, body, within, closing }: Asking): Promise<Heard> => {
  const deadline = AbortSignal.timeout(Number.isFinite(within) ? within : 5000)
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: AbortSignal.any([deadline, closing]),
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'text/xml' } }),
    })
    return { kind: 'answer', status: response.status, body: await readBody(response) }
  } catch (error) {
    return deadline.aborted ? { kind: 'timeout' } : { kind: 'broken', why: error instanceof Error ? error.message : 'connection' }
  }
}
