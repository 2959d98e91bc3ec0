import { expect, test } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import { openStage, type Stage } from '../support/story.ts'
import { freshNonce, secondsNow, secretOf, signed } from './alarms-kit.ts'
import { type Asking, asks, callerSecret } from './permit-outside-kit.ts'

const good = 'by=north-gate&person=zhang-wei&area=pump-3'

/** Each part missing, forged, old or of something else; the rest is right. */
const forged = (stage: Stage): readonly (readonly [string, Asking])[] => {
  const timestamp = secondsNow(stage)
  const nonce = freshNonce()
  const header = (name: string, value: string | undefined): Asking => ({
    timestamp,
    nonce,
    headers: { [`x-andon-${name}`]: value },
  })
  return [
    ['no timestamp', header('timestamp', undefined)],
    ['no nonce', header('nonce', undefined)],
    ['no signature', header('signature', undefined)],
    ['a short nonce', { nonce: 'n'.repeat(15) }],
    ['a signature in capitals', header('signature', signed(callerSecret, timestamp, nonce, good).toUpperCase())],
    ['zeros', header('signature', '0'.repeat(64))],
    ['another secret', { secret: secretOf('ai-camera') }],
    ['the signature of another person', { query: good, over: good.replace('zhang-wei', 'li-na') }],
    ['the signature of an empty body, as a GET would have', { over: '' }],
    ['the signature without the caller', { query: good, over: 'person=zhang-wei&area=pump-3' }],
    ['a caller that nobody knows', { query: 'by=south-gate&person=zhang-wei&area=pump-3' }],
    ['no caller', { query: 'person=zhang-wei&area=pump-3' }],
    ['a caller called like an object', { query: 'by=constructor&person=zhang-wei&area=pump-3' }],
    ['no query', { query: '' }],
    ['a query without end', { query: `${good}&x=${'y'.repeat(600)}` }],
    ['five minutes ago and a second', { timestamp: secondsNow(stage, -minutes(5) - 2_000) }],
    ['five minutes ahead and a second', { timestamp: secondsNow(stage, minutes(5) + 2_000) }],
  ]
}

test('what is not proven is told nothing, and leaves nothing behind', async () => {
  const stage = await openStage({ database: 'pglite', shift: 0, door: 'stream' })
  try {
    for (const [what, asking] of forged(stage))
      expect(await asks(stage, asking), what).toMatchObject({ status: 401, text: '', proven: false })
    expect(await asks(stage)).toMatchObject({ status: 200, proven: true })
    const { db } = stage.world.running().database
    expect(await db.selectFrom('inbox').selectAll().execute()).toEqual([])
    const text = await (await fetch(`${stage.world.running().url}/metrics`)).text()
    expect(text).toMatch(/andon_refused_callbacks_total\{connection="access",because="wrong-signature"\} \d+/)
    expect(text).not.toContain('south-gate')
  } finally {
    await stage.world.close()
  }
})
