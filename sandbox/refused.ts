/** What the control API says when it will not: a status, a stable word for scripts and a sentence that says what to do. */
import type { ContentfulStatusCode } from 'hono/utils/http-status'

export class Refused extends Error {
  readonly status: ContentfulStatusCode
  readonly because: string
  constructor(status: ContentfulStatusCode, because: string, message: string) {
    super(message)
    this.status = status
    this.because = because
  }
}
