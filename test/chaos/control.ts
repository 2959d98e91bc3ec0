import { randomBytes } from 'node:crypto'
import type { PressResult, Seen } from '../../sandbox/contract.ts'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { type Plant, shiftedPlant } from '../support/plant.ts'

/** A place of its own for each telling of a story; more than are told in an hour. */
const towers = 600
const withTowers = (plant: Plant): Plant => ({
  ...plant,
  areas: [
    ...(plant.areas as readonly object[]),
    ...Array.from({ length: towers }, (_, n) => ({
      ...{ id: `tower-${n + 1}`, name: `${n + 1}号塔架`, aliases: [], owner: 'zhou-jie', team: '生产一班' },
      ...{ center: { lat: 30.72, lng: 121.33, datum: 'wgs84' }, radiusMetres: 20 },
    })),
  ],
})

export type Door = 'http' | 'stream'
export type Settled = { readonly settled: boolean; readonly waiting: readonly string[] }

export type ServicePlace = {
  readonly home: string
  readonly port: number
  /** Where the platforms reach it; directly unless something stands before it. */
  readonly front?: string
  /** Where it reaches the sandbox; directly unless something stands between. */
  readonly sandboxPort?: number
}

/** The sandbox with its control API, in this process: killing the service leaves it standing. */
export type Control = {
  readonly sandbox: Sandbox
  /** The services' own secret, under which they seal. */
  readonly secret: string
  readonly post: <T = Record<string, unknown>>(path: string, body?: object) => Promise<T>
  readonly get: <T>(path: string) => Promise<T>
  readonly sees: (person: string) => Promise<readonly Seen[]>
  readonly says: (person: string, text: string) => Promise<void>
  readonly presses: (person: string, message: string, label: string) => Promise<PressResult>
  readonly everybody: () => Promise<readonly string[]>
  /** Waits until nothing is due on either side. Throws with what is left, and with the sandbox's own bugs. */
  readonly settles: () => Promise<void>
  readonly passes: (minutes: number) => Promise<void>
  /** What a service needs in its environment to belong to this sandbox. */
  readonly envFor: (about: ServicePlace) => NodeJS.ProcessEnv
}

const call = async <T>(url: string, body?: object): Promise<T> => {
  const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(url, body === undefined ? {} : sent)
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 400)}`)
  return JSON.parse(text) as T
}

export type ControlOptions = {
  readonly doors: Readonly<Record<string, Door>>
  readonly seed?: number
  readonly settleWithin?: number
}

/** Starts a sandbox without quotas, so that a long run ends by its clock and not by a platform's. No service is known to it yet. */
export const openControl = async ({ doors, seed = 1, settleWithin }: ControlOptions): Promise<Control> => {
  const secret = randomBytes(12).toString('hex')
  const plant = shiftedPlant(0, withTowers)
  const bugs: string[] = []
  const sandbox = await startSandbox({
    services: [],
    secret,
    plant,
    seed,
    doors,
    env: {},
    failed: (label, error) => void bugs.push(`sandbox: ${label}: ${String(error)}`),
    ...(settleWithin === undefined ? {} : { settleWithin }),
  })
  const post: Control['post'] = (path, body = {}) => call(`${sandbox.url}${path}`, body)
  const get: Control['get'] = (path) => call(`${sandbox.url}${path}`)
  const whole = ({ settled, waiting }: Settled): void => {
    const left = [...(settled ? [] : waiting), ...bugs.splice(0)]
    if (left.length > 0) throw new Error(`not settled: ${left.join(', ')}`)
  }
  await post('/profile', { quotas: 'unmetered' })
  return {
    sandbox,
    secret,
    post,
    get,
    sees: async (person) => (await get<Seen[]>(`/people/${person}/sees`)).filter(({ from }) => from === 'bot'),
    says: async (person, text) => void (await post(`/people/${person}/says`, { text })),
    presses: (person, message, label) => post<PressResult>(`/people/${person}/presses`, { message, label }),
    everybody: async () => (await get<{ id: string }[]>('/people')).map(({ id }) => id),
    settles: async () => whole(await post<Settled>('/settle')),
    passes: async (minutes) => whole(await post<Settled>('/clock/advance', { minutes })),
    envFor: ({ home, port, front, sandboxPort }) => ({
      ANDON_DATA: home,
      ANDON_PLANT: plant,
      ANDON_DEMO: '1',
      ANDON_DIGEST: 'off',
      ANDON_SECRET: secret,
      SANDBOX_PORT: String(sandboxPort ?? new URL(sandbox.url).port),
      SANDBOX_SECRET: secret,
      SANDBOX_DOORS: Object.entries(doors)
        .map((one) => one.join(':'))
        .join(','),
      PORT: String(port),
      PUBLIC_URL: front ?? `http://127.0.0.1:${port}`,
      LOG_LEVEL: process.env.ANDON_TEST_LOG ?? 'error',
    }),
  }
}
