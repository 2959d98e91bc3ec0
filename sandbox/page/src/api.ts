/** The control API as the page uses it: the same calls that a script makes. */
import type { Exchange, PressResult, Seen, VendorName } from '../../contract.ts'

export type { PressResult, VendorName }

export type Person = {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly team: string
  readonly company: string
  readonly platform: VendorName
  readonly platforms: readonly VendorName[]
}
/** `links` are the labels that open a page; an empty one is the card itself. */
export type Message = Seen & { readonly links: readonly string[] }
export type Line = Exchange & { readonly id: number; readonly at: number }
export type Sample = { readonly name: string; readonly title: string; readonly hostile: boolean }
export type Plant = {
  readonly site: { readonly id: string; readonly name: string; readonly timeZone: string }
  readonly areas: readonly {
    readonly id: string
    readonly name: string
    readonly center: { readonly lat: number; readonly lng: number }
  }[]
  readonly equipment: readonly { readonly id: string; readonly name: string; readonly qr: string }[]
  readonly samples: readonly Sample[]
}
export type Time = {
  readonly now: number
  readonly offset: number
  readonly nextDue: number | null
  readonly waiting: readonly string[]
}
export type Settled = { readonly settled: boolean; readonly waiting: readonly string[]; readonly now: number }
export type Fault = {
  readonly id: string
  readonly name: string
  readonly surface: VendorName | null
  readonly seed: number
  readonly share: number
  readonly times: number | null
  readonly seconds: number
  readonly asked: number
  readonly struck: number
}
export type Connection = {
  readonly id: string
  readonly platform: VendorName
  readonly door: 'stream' | 'http'
  readonly open: number
}
export type Profile = {
  readonly quotas: 'strict' | 'unmetered'
  readonly connections: readonly Connection[]
  readonly service: readonly string[]
}
export type Conversation = { readonly id: string; readonly kind: 'direct' | 'group'; readonly people: readonly string[] }

/** Throws with the sentence that the sandbox gave. */
const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
  const init =
    body === undefined ? { method } : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(path, init)
  const answer: unknown = await response.json()
  if (!response.ok)
    throw new Error(
      answer !== null && typeof answer === 'object' && 'message' in answer ? String(answer.message) : response.statusText,
    )
  return answer as T // both sides are this repository's: control-people.ts and control-world.ts
}

const of = (person: string) => `/people/${encodeURIComponent(person)}`

export const api = {
  people: () => call<readonly Person[]>('GET', '/people'),
  plant: () => call<Plant>('GET', '/plant'),
  sees: (person: string) => call<readonly Message[]>('GET', `${of(person)}/sees?last=60`),
  conversations: () => call<readonly Conversation[]>('GET', '/conversations'),
  says: (person: string, said: object) => call<object>('POST', `${of(person)}/says`, said),
  scans: (person: string, scanned: object) => call<object>('POST', `${of(person)}/scans`, scanned),
  sends: (person: string, sent: object) => call<object>('POST', `${of(person)}/sends`, sent),
  enters: (person: string, platform: VendorName) => call<object>('POST', `${of(person)}/enters`, { platform }),
  reads: (person: string, message: string) => call<object>('POST', `${of(person)}/reads`, { message }),
  presses: (person: string, pressed: object) => call<PressResult>('POST', `${of(person)}/presses`, pressed),
  opens: (person: string, message: string, label: string) =>
    call<{ readonly url: string }>('POST', `${of(person)}/opens`, { message, label, follow: false }),
  clock: () => call<Time>('GET', '/clock'),
  advance: (minutes: number) => call<Settled>('POST', '/clock/advance', { minutes }),
  settle: () => call<Settled>('POST', '/settle', {}),
  faults: () => call<readonly Fault[]>('GET', '/faults'),
  addFault: (order: object) => call<Fault>('POST', '/faults', order),
  clearFaults: () => call<object>('DELETE', '/faults'),
  profile: () => call<Profile>('GET', '/profile'),
  setProfile: (to: object) => call<Profile>('POST', '/profile', to),
  log: (since: number) => call<readonly Line[]>('GET', `/log?since=${since}&most=300`),
}
