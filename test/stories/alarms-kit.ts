import { createHmac, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { cardOf, expectAnswered } from '../support/acts.ts'
import type { Actor, Stage } from '../support/story.ts'

type Outside = { readonly alarms: readonly { readonly id: string; readonly secret: string }[] }

const outside = JSON.parse(readFileSync(new URL('../../demo/integrations.json', import.meta.url), 'utf8')) as Outside

/** The secret of a source of the demo, as `demo/integrations.json` has it. */
export const secretOf = (source: string): string => {
  const found = outside.alarms.find(({ id }) => id === source)
  if (!found) throw new Error(`the demo has no source ${source}`)
  return found.secret
}

/** A signature as the documentation describes it, written apart from the service's own. */
export const signed = (secret: string, timestamp: string, nonce: string, body: string | Uint8Array): string =>
  createHmac('sha256', secret).update(`${timestamp}\n${nonce}\n`).update(body).digest('hex')

export const freshNonce = (): string => randomBytes(16).toString('hex')

/** An alarm of the demo's camera. */
export const helmet = (more: object = {}) => ({
  camera: { id: 'CAM-07', area: '3号泵房' },
  event: { type: 'no-helmet', name: '未戴安全帽', detail: '1 人' },
  ...more,
})

export type Sending = {
  readonly source?: string
  readonly body?: string | Uint8Array
  readonly timestamp?: string
  readonly nonce?: string
  readonly secret?: string
  /** Headers as they are sent; what is undefined is left out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly method?: string
  readonly query?: string
}

const now = (stage: Stage): number => stage.world.running().parts.clock.now().getTime()

/** The service's time in whole seconds, `by` milliseconds from now. */
export const secondsNow = (stage: Stage, by = 0): string => String(Math.floor((now(stage) + by) / 1_000))

/** Sends an alarm straight to the service, rightly signed but for what the test changes. */
export const sendAlarm = async (stage: Stage, sending: Sending = {}): Promise<{ status: number; text: string }> => {
  const { source = 'ai-camera', body = JSON.stringify(helmet()), nonce = freshNonce(), method = 'POST', query = '' } = sending
  const timestamp = sending.timestamp ?? secondsNow(stage)
  const secret = sending.secret ?? secretOf('ai-camera')
  const all: Record<string, string | undefined> = {
    'content-type': 'application/json',
    'x-andon-timestamp': timestamp,
    'x-andon-nonce': nonce,
    'x-andon-signature': signed(secret, timestamp, nonce, body),
    ...sending.headers,
  }
  const headers = Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
  const request =
    method === 'GET' ? { method, headers } : { method, headers, body: typeof body === 'string' ? body : Buffer.from(body) }
  const response = await fetch(`${stage.world.running().url}/hooks/alarms/${source}${query}`, request)
  return { status: response.status, text: await response.text() }
}

/** How many rows the tables have that an alarm could change. */
export const rowsOf = async ({ world }: Stage): Promise<readonly number[]> => {
  const { db } = world.running().database
  const count = async (table: 'inbox' | 'subject' | 'journal' | 'effect' | 'account' | 'alarm'): Promise<number> =>
    (await db.selectFrom(table).selectAll().execute()).length
  return Promise.all([count('inbox'), count('subject'), count('journal'), count('effect'), count('account'), count('alarm')])
}

/** Refusals of alarms that `/metrics` tells, by source and reason. */
export const refusals = async ({ world }: Stage): Promise<Readonly<Record<string, number>>> => {
  const text = await (await fetch(`${world.running().url}/metrics`)).text()
  const lines = text.matchAll(/^andon_refused_callbacks_total\{connection="(alarm[^"]*)",because="([^"]+)"\} (\d+)/gm)
  return Object.fromEntries([...lines].map(([, connection, because, n]) => [`${connection} ${because}`, Number(n)]))
}

/** The owner proves the repair with a photo, submits it and signs that it is true. */
export const repairs = async (owner: Actor, code: string): Promise<void> => {
  expectAnswered(await owner.presses('上传整改照片', {}, (await cardOf(owner, code)).id))
  await owner.sendsPhoto('fixed-oil-leak.jpg')
  expectAnswered(await owner.presses('提交整改', {}, (await cardOf(owner, code)).id))
  await owner.says('本人确认')
}

/** Whoever was drawn finds the repair good; gives them. */
export const verifies = async ({ people }: Stage): Promise<readonly Actor[]> => {
  const { everyone: _, ...actors } = people
  const drawn: Actor[] = []
  for (const actor of Object.values(actors)) {
    const asked = (await actor.sees()).find(({ actions }) => actions.includes('验收通过'))
    if (!asked) continue
    expectAnswered(await actor.presses('验收通过', {}, asked.id))
    drawn.push(actor)
  }
  return drawn
}
