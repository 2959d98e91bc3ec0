/** The control API as a test drives it: one sandbox with paper platforms per test. */
import { beforeEach, expect } from 'vitest'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { createPaper, type Paper } from './sandbox-paper-vendor.ts'

export type Answer = { readonly status: number; readonly body: unknown }
export type Desk = {
  readonly paper: () => Paper
  readonly url: () => string
  readonly get: (path: string) => Promise<Answer>
  /** A text is sent as it is, anything else as JSON. */
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Answer>
}

export const createDesk = (): Desk => {
  let paper = createPaper()
  let sandbox: Sandbox | null = null
  beforeEach(async () => {
    paper = createPaper()
    sandbox = await startSandbox({ services: [], factories: paper.factories, env: {} })
    return () => sandbox?.close()
  })
  const url = () => sandbox?.url ?? ''
  const answered = async (response: Response): Promise<Answer> => ({ status: response.status, body: await response.json() })
  return {
    paper: () => paper,
    url,
    get: async (path) => answered(await fetch(url() + path)),
    post: async (path, body, headers = {}) =>
      answered(
        await fetch(url() + path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers }),
      ),
  }
}

/** What a refusal looks like: a status, a word for scripts and a sentence for people. */
export const refusal = (status: number, error: string) => ({
  status,
  body: expect.objectContaining({ error, message: expect.any(String) }),
})
