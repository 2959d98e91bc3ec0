import { expect, test } from 'vitest'
import { minutes } from '../../src/lib/clock.ts'
import { openStage, type Stage } from '../support/story.ts'
import { freshNonce, helmet, refusals, rowsOf, type Sending, secondsNow, secretOf, sendAlarm, signed } from './alarms-kit.ts'

const opened = async (play: (stage: Stage) => Promise<void>): Promise<void> => {
  const stage = await openStage({ database: 'pglite', shift: 0, door: 'stream' })
  try {
    await play(stage)
  } finally {
    await stage.world.close()
  }
}

const body = JSON.stringify(helmet())
const secret = secretOf('ai-camera')

/** Each part missing, doubled or of another form; the rest is right. */
const malformed = (stage: Stage): readonly (readonly [string, Sending])[] => {
  const timestamp = secondsNow(stage)
  const nonce = freshNonce()
  const good = signed(secret, timestamp, nonce, body)
  const fixed = { timestamp, nonce, body }
  const header = (name: string, value: string | undefined): Sending => ({ ...fixed, headers: { [`x-andon-${name}`]: value } })
  return [
    ['no timestamp', header('timestamp', undefined)],
    ['no nonce', header('nonce', undefined)],
    ['no signature', header('signature', undefined)],
    [
      'nothing',
      { ...fixed, headers: { 'x-andon-timestamp': undefined, 'x-andon-nonce': undefined, 'x-andon-signature': undefined } },
    ],
    ['an empty timestamp', header('timestamp', '')],
    ['an empty nonce', { ...fixed, nonce: '' }],
    ['an empty signature', header('signature', '')],
    ['a timestamp in milliseconds', { ...fixed, timestamp: `${timestamp}000` }],
    ['a timestamp with a sign', { ...fixed, timestamp: `+${timestamp.slice(1)}` }],
    ['a timestamp as a float', { ...fixed, timestamp: '1.7000e+09' }],
    ['NaN', { ...fixed, timestamp: 'NaN' }],
    ['two timestamps', header('timestamp', `${timestamp}, ${timestamp}`)],
    ['a short nonce', { ...fixed, nonce: 'n'.repeat(15) }],
    ['a long nonce', { ...fixed, nonce: 'n'.repeat(65) }],
    ['a nonce of other letters', { ...fixed, nonce: `${'n'.repeat(16)}/../` }],
    ['two signatures', header('signature', `${good}, ${good}`)],
    ['a signature in capitals', header('signature', good.toUpperCase())],
    ['a signature in base64', header('signature', Buffer.from(good, 'hex').toString('base64'))],
    ['half a signature', header('signature', good.slice(0, 32))],
  ]
}

/** Every part in its form, and none of it proves this body at this time. */
const forged = (stage: Stage): readonly (readonly [string, Sending])[] => {
  const timestamp = secondsNow(stage)
  const nonce = freshNonce()
  const header = (signature: string): Sending => ({ timestamp, nonce, body, headers: { 'x-andon-signature': signature } })
  return [
    ['zeros', header('0'.repeat(64))],
    ['the secret of another source', { timestamp, nonce, body, secret: secretOf('gas-detection') }],
    ['an empty secret', header(signed('', timestamp, nonce, body))],
    ['the signature of another body', header(signed(secret, timestamp, nonce, `${body} `))],
    ['the signature of no body', header(signed(secret, timestamp, nonce, ''))],
    ['the signature of another time', header(signed(secret, String(Number(timestamp) - 1), nonce, body))],
    ['the signature of another nonce', header(signed(secret, timestamp, freshNonce(), body))],
    ['parts that have moved over a line', header(signed(secret, `${timestamp}\n${nonce}`, '', body))],
    ['a source that is not the one it was signed for', { timestamp, nonce, body, source: 'gas-detection' }],
  ]
}

test('a part that is missing, doubled or of another form is refused without a word, changes nothing and is counted', () =>
  opened(async (stage) => {
    const before = await rowsOf(stage)
    const all = malformed(stage)
    for (const [what, sending] of all) expect(await sendAlarm(stage, sending), what).toEqual({ status: 401, text: '' })
    expect(await rowsOf(stage)).toEqual(before)
    expect(await refusals(stage)).toEqual({ 'alarm:ai-camera unsigned': all.length })
  }))

test('a forged part is refused without a word, changes nothing and is counted', () =>
  opened(async (stage) => {
    const before = await rowsOf(stage)
    const all = forged(stage)
    for (const [what, sending] of all) expect(await sendAlarm(stage, sending), what).toEqual({ status: 401, text: '' })
    expect(await rowsOf(stage)).toEqual(before)
    expect(await refusals(stage)).toEqual({
      'alarm:ai-camera wrong-signature': all.length - 1,
      'alarm:gas-detection wrong-signature': 1,
    })
  }))

test('the window is five minutes of the service’s clock to both sides', () =>
  opened(async (stage) => {
    const before = await rowsOf(stage)
    for (const by of [-minutes(5) - 2_000, minutes(5) + 2_000, -minutes(600), minutes(600)])
      expect(await sendAlarm(stage, { timestamp: secondsNow(stage, by) })).toEqual({ status: 401, text: '' })
    expect(await sendAlarm(stage, { timestamp: '0000000000' })).toEqual({ status: 401, text: '' })
    expect(await sendAlarm(stage, { timestamp: '9999999999' })).toEqual({ status: 401, text: '' })
    expect(await rowsOf(stage)).toEqual(before)
    expect(await refusals(stage)).toEqual({ 'alarm:ai-camera stale': 6 })
    for (const by of [-minutes(5) + 5_000, minutes(5) - 5_000])
      expect((await sendAlarm(stage, { timestamp: secondsNow(stage, by) })).status).toBe(200)
    await stage.clock.passes(minutes(20))
    expect((await sendAlarm(stage)).status).toBe(200)
  }))

test('a call that is recorded and sent again changes nothing, and is refused once its window is over', () =>
  opened(async (stage) => {
    const recorded = { timestamp: secondsNow(stage), nonce: freshNonce(), body }
    expect((await sendAlarm(stage, recorded)).text).toBe('{"status":"accepted"}')
    await stage.settles()
    const before = await rowsOf(stage)
    for (let n = 0; n < 3; n += 1) expect((await sendAlarm(stage, recorded)).text).toBe('{"status":"repeated"}')
    await stage.clock.passes(minutes(6))
    const later = await rowsOf(stage)
    expect(await sendAlarm(stage, recorded)).toEqual({ status: 401, text: '' })
    expect(await rowsOf(stage)).toEqual(later)
    expect(later).toEqual(before)
  }))

test('a source that nobody has configured is an address that nobody serves', () =>
  opened(async (stage) => {
    const before = await rowsOf(stage)
    const nowhere = await fetch(`${stage.world.running().url}/hooks/alarms/ai-camera/more`, { method: 'POST', body })
    for (const source of [
      'nobody',
      'constructor',
      '__proto__',
      '..%2fai-camera',
      'AI-CAMERA',
      'alarm:ai-camera',
      'x'.repeat(500),
    ])
      expect(await sendAlarm(stage, { source }), source).toEqual({ status: nowhere.status, text: await nowhere.clone().text() })
    for (const method of ['GET', 'PUT', 'DELETE']) expect((await sendAlarm(stage, { method })).status).toBe(404)
    expect((await fetch(`${stage.world.running().url}/hooks/ai-camera`, { method: 'POST', body })).status).toBe(404)
    expect(await rowsOf(stage)).toEqual(before)
    expect(Object.keys(await refusals(stage))).toEqual(['alarm unknown-source'])
  }))

test('no platform, page or person can raise an alarm or speak for a device', () =>
  opened(async (stage) => {
    const { service } = stage.world.running()
    const command = {
      type: 'raise',
      source: 'alarm:ai-camera',
      device: 'CAM-07',
      name: 'x',
      text: 'x',
      area: '',
      defaultArea: '',
      colour: 'red',
      within: 1,
      files: [],
    }
    const before = await stage.world.running().database.db.selectFrom('subject').selectAll().execute()
    const page = {
      source: 'page',
      site: 'SH01',
      connection: 'feishu-demo',
      account: 'ou_0e5c812cbfcea57bbafadffce7a6f6cb',
    } as const
    const outcome = await service.handle({ ...page, key: 'page-1', subject: 'haz_forged', workflow: 'hazard', command })
    expect(outcome.kind).toBe('refused')
    expect(await stage.world.running().database.db.selectFrom('subject').selectAll().execute()).toEqual(before)
  }))
