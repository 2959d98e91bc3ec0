/** The sandbox's control API, as the tour asks it. */

/** Something on a phone is not as the script says. */
export class NotAsWritten extends Error {}

export type Api = { readonly get: <T>(path: string) => Promise<T>; readonly post: <T>(path: string, body?: object) => Promise<T> }

/** Throws with what the sandbox said where it did not do what it was asked. */
export const createApi = (url: string): Api => {
  const ask = async <T>(path: string, init: RequestInit): Promise<T> => {
    const response = await fetch(`${url}${path}`, init)
    const text = await response.text()
    if (!response.ok) throw new NotAsWritten(`${path} answered ${response.status}: ${text.slice(0, 300)}`)
    return JSON.parse(text) as T
  }
  return {
    get: (path) => ask(path, {}),
    post: (path, body = {}) =>
      ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }
}
