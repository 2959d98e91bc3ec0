/**
 * The HTTP side of the SDK's calls: deadlines, limits, and errors that carry no credential. A raw axios error holds the live token, so none leaves here.
 * Runs on Node (http adapter) and on Workers (fetch adapter).
 */
import type { HttpInstance, HttpRequestOptions } from '@larksuiteoapi/node-sdk'
import axios, { AxiosError, type AxiosInstance, type AxiosResponse } from 'axios'
import { type Millis, seconds } from '../../lib/clock.ts'
import { callWithin } from '../call.ts'
import type { No } from './codes.ts'
import { verdict } from './wire.ts'

/** The platform answered, and the answer is no. */
export class Refused extends Error {
  readonly no: No
  constructor(no: No) {
    super(`the platform refused: HTTP ${no.status}, code ${no.code ?? 'none'}`)
    this.name = 'Refused'
    this.no = no
  }
}

/** There was no answer, or not a whole one. `code` is the system's or axios's. */
export class NoAnswer extends Error {
  readonly code: string | undefined
  constructor(code: string | undefined) {
    super(`no answer: ${code ?? 'unknown'}`)
    this.name = 'NoAnswer'
    this.code = code
  }
}

/** Answers other than files are small. */
const longestAnswer = 10_000_000

/** What the SDK hands over for one call; `$return_headers` asks for the headers beside the body. */
type Options = HttpRequestOptions<unknown>

/** Performs one call of the SDK's: ends in time, follows no redirect, and gives the bare response, also of an HTTP error. Throws NoAnswer. */
export const perform = async (http: AxiosInstance, options: Options): Promise<AxiosResponse<unknown>> => {
  try {
    return await http.request({
      ...options,
      // `timeout` counts silence; the signal ends an answer that drips for ever.
      timeout: callWithin,
      signal: AbortSignal.timeout(callWithin),
      maxRedirects: 0,
      fetchOptions: { redirect: 'manual' },
      validateStatus: () => true,
      // Whoever reads a file counts its bytes against a limit of their own.
      maxContentLength: options.responseType === 'stream' ? -1 : longestAnswer,
      data: bodyFor(options),
    })
  } catch (error) {
    throw new NoAnswer(error instanceof AxiosError ? error.code : undefined)
  }
}

/** The SDK gives every GET an empty body, which fetch refuses to send, and leaves multipart to an adapter of Node's; the web's form works in both. */
const bodyFor = ({ method, headers, data }: Options): unknown => {
  if (method?.toLowerCase() === 'get') return undefined
  return headers?.['Content-Type'] === 'multipart/form-data' ? multipart(data) : data
}

const multipart = (parts: unknown): FormData => {
  const form = new FormData()
  for (const [name, value] of Object.entries(parts ?? {})) {
    if (value instanceof Uint8Array) form.append(name, new Blob([new Uint8Array(value)]), name)
    else form.append(name, String(value))
  }
  return form
}

/** The adapters in order: Node's sockets where there are any, else fetch. */
export const createAxios = (): AxiosInstance => axios.create({ adapter: ['http', 'fetch'] })

/** The HTTP instance the SDK asks for, made of one function. */
export const sdkHttp = (exchange: (options: Options) => Promise<unknown>): HttpInstance => {
  // The SDK lets its caller name the type of an answer; what comes is unknown, and is parsed with zod by whoever asked.
  const request = exchange as HttpInstance['request']
  const bare =
    (method: string) =>
    (url: string, options: object = {}) =>
      request({ ...options, method, url })
  const laden =
    (method: string) =>
    (url: string, data?: unknown, options: object = {}) =>
      request({ ...options, method, url, data })
  return {
    request,
    get: bare('get') as HttpInstance['get'],
    delete: bare('delete') as HttpInstance['delete'],
    head: bare('head') as HttpInstance['head'],
    options: bare('options') as HttpInstance['options'],
    post: laden('post') as HttpInstance['post'],
    put: laden('put') as HttpInstance['put'],
    patch: laden('patch') as HttpInstance['patch'],
  }
}

/** For the API: an answer is its body, and one with an HTTP error or a code other than 0 is thrown as `Refused`. */
export const createApiHttp = (): HttpInstance => {
  const http = createAxios()
  return sdkHttp(async (options) => {
    const response = await perform(http, options)
    const well = response.status >= 200 && response.status < 300
    if (well && options.responseType === 'stream') return { data: readable(response.data), headers: response.headers }
    const body = await bodyOf(response)
    const { code, msg } = verdict.safeParse(body).data ?? { code: null, msg: '' }
    if (well && code === null) throw new NoAnswer('ERR_BAD_RESPONSE')
    if (!well || code !== 0)
      throw new Refused({ status: response.status, code: code === 0 ? null : code, msg, reset: resetOf(response) })
    return options.$return_headers ? { data: body, headers: response.headers } : body
  })
}

type Bytes = AsyncIterable<Uint8Array>

const isBytes = (body: unknown): body is Bytes => typeof body === 'object' && body !== null && Symbol.asyncIterator in body

/** Bytes as they come, from Node's streams and the web's alike. `readable` is what the SDK looks for. */
const readable = (body: unknown): Bytes & { readonly readable: true } => {
  if (!isBytes(body)) throw new NoAnswer('ERR_BAD_RESPONSE')
  return { readable: true, [Symbol.asyncIterator]: () => body[Symbol.asyncIterator]() }
}

/** A refused download explains itself in a stream. */
const bodyOf = async ({ data }: AxiosResponse<unknown>): Promise<unknown> => {
  if (!isBytes(data)) return data
  try {
    return JSON.parse(Buffer.from(await collect(data, 65_536)).toString())
  } catch {
    return null
  }
}

/** Seconds until the window of the rate limit opens again. */
const resetOf = (response: AxiosResponse): Millis | null => {
  const text = String(response.headers['x-ogw-ratelimit-reset'] ?? '')
  return /^\d{1,5}$/.test(text) ? seconds(Number(text)) : null
}

/** Thrown by `collect` past its limit. */
export class TooLarge extends Error {}

/** All bytes, or TooLarge as soon as there are more than `limit`: the rest is not read. */
export const collect = async (body: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (!(size <= limit)) throw new TooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}
