import { readFileSync } from 'node:fs'
import { beginsAt } from '../support/moment.ts'
import { hotJob, type Job, setPins, startsHot } from '../support/permit-acts.ts'
import { morning, openDesk } from '../support/permit-desk.ts'
import type { Stage } from '../support/story.ts'
import { freshNonce, secondsNow, signed } from './alarms-kit.ts'

type Outside = { readonly access: readonly { readonly id: string; readonly secret: string }[] }
const outside = JSON.parse(readFileSync(new URL('../../demo/integrations.json', import.meta.url), 'utf8')) as Outside
const [caller = { id: '', secret: '' }] = outside.access

export const callerSecret = caller.secret

export type Asking = {
  readonly query?: string
  readonly person?: string
  readonly area?: string
  readonly timestamp?: string
  readonly nonce?: string
  readonly secret?: string
  /** What was signed, where it is not the query. */
  readonly over?: string
  readonly headers?: Readonly<Record<string, string | undefined>>
}

/** Asks as a turnstile does, rightly but for what the test changes; `proven` says whether the answer was signed under our nonce. */
export const asks = async (stage: Stage, asking: Asking = {}) => {
  const { person = 'zhang-wei', area = 'pump-3', nonce = freshNonce(), secret = caller.secret } = asking
  const query = asking.query ?? new URLSearchParams({ by: caller.id, person, area }).toString()
  const timestamp = asking.timestamp ?? secondsNow(stage)
  const all: Record<string, string | undefined> = {
    'x-andon-timestamp': timestamp,
    'x-andon-nonce': nonce,
    'x-andon-signature': signed(secret, timestamp, nonce, asking.over ?? query),
    ...asking.headers,
  }
  const headers = Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
  const response = await fetch(`${stage.world.running().url}/api/permits/allow?${query}`, { headers })
  const text = await response.text()
  const said = (name: string): string => response.headers.get(`x-andon-${name}`) ?? ''
  return {
    status: response.status,
    text,
    body: text === '' ? null : (JSON.parse(text) as { allow: boolean; permits: string[]; until: string | null; because: string }),
    proven: said('nonce') === nonce && said('signature') === signed(caller.secret, said('timestamp'), nonce, text),
  }
}

/** A hot work that goes on. */
export const hotWorkOn = async (stage: Stage, job: Job = hotJob) => {
  await beginsAt(stage, morning)
  const { people } = stage
  const desk = openDesk(stage)
  await setPins(desk, [people.areaOwner, people.officerA, people.safetyDirector, people.leadOne])
  const { code } = await startsHot(desk, people, job)
  return { desk, code }
}

/** What the subject of a permit says of itself. */
export const stateOf = async ({ world }: Stage, code: string) => {
  const row = await world
    .running()
    .database.db.selectFrom('subject')
    .select(['id', 'state', 'revision'])
    .where('code', '=', code)
    .executeTakeFirstOrThrow()
  return { id: row.id, revision: row.revision, state: JSON.parse(row.state) as Record<string, never> & { status: string } }
}
