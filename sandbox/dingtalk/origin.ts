/** Where the double can be reached, learnt from whoever reached it: the platform hands out addresses of its own (webhooks, downloads, sockets). */
export type Origin = {
  /** Remembers the origin and gives it back. */
  readonly seen: (origin: string) => string
  /** The last origin under which somebody reached us. */
  readonly last: () => string
}

export const createOrigin = (): Origin => {
  let known = `http://127.0.0.1:${process.env.SANDBOX_PORT ?? '8090'}`
  return {
    seen: (origin) => {
      known = origin
      return origin
    },
    last: () => known,
  }
}
