import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { hours } from '../../src/lib/clock.ts'
import { looksAt } from '../support/acts.ts'
import { openStage, type Stage } from '../support/story.ts'
import { freshNonce, helmet, refusals, rowsOf, secondsNow, secretOf, sendAlarm, signed } from './alarms-kit.ts'

const opened = async (play: (stage: Stage) => Promise<void>): Promise<void> => {
  const stage = await openStage({ database: 'pglite', shift: 0, door: 'stream' })
  try {
    await play(stage)
  } finally {
    await stage.world.close()
  }
}

/** Rightly signed, and of no use: body, status and the reason that is counted. */
const useless: readonly (readonly [string, string | Uint8Array, number, string])[] = [
  ['nothing', '', 400, 'not-json'],
  ['half an object', '{"camera":{"id":"CAM', 400, 'not-json'],
  ['a list', '[1]', 400, 'not-json'],
  ['a text', '"fire"', 400, 'not-json'],
  ['null', 'null', 400, 'not-json'],
  ['bytes that are no text', Uint8Array.from([0xff, 0xfe, 0x00]), 400, 'not-json'],
  ['brackets 30,000 deep', '['.repeat(30_000), 400, 'not-json'],
  ['an object without any field of the mapping', '{"hello":"world"}', 422, 'nothing-mapped'],
  ['fields of other kinds', '{"camera":{"id":{}},"event":{"name":[]}}', 422, 'nothing-mapped'],
]

test('an authentic body that says nothing is refused with the reason, makes no case and is counted; the operators hear of it once', () =>
  opened(async (stage) => {
    const { people, settles, clock } = stage
    const before = await rowsOf(stage)
    for (const [what, body, status] of useless) {
      const answer = await sendAlarm(stage, { body })
      expect(answer.status, what).toBe(status)
      expect(JSON.parse(answer.text), what).toHaveProperty('error')
    }
    await settles()
    const [inbox, subject, journal, , account, alarm = 0] = before
    expect(await rowsOf(stage)).toEqual([inbox, subject, journal, expect.anything(), account, alarm + 1])
    const told = async () => (await people.administrator.sees()).filter(({ text }) => text.includes('【告警】')).length
    expect(await told()).toBe(1)
    await people.administrator.seesText(/【告警】.*ai-camera.*没有生成隐患.*报文字段：不是 JSON 对象/s)
    await clock.passes(hours(1))
    for (let n = 0; n < 5; n += 1) expect((await sendAlarm(stage, { body: '{"kamera":{"id":1},"x\\ny":0}' })).status).toBe(422)
    await settles()
    await people.administrator.seesText(/报文字段：kamera、x y。/)
    expect((await rowsOf(stage))[5]).toBe(alarm + 2)
    expect(await told()).toBe(2)
    await people.everyone.seesNothingElse()
    expect(await refusals(stage)).toEqual({ 'alarm:ai-camera not-json': 7, 'alarm:ai-camera nothing-mapped': 7 })
  }))

test('an alarm of 64 KiB is taken, a longer one is not; only a photo may make it longer', () =>
  opened(async (stage) => {
    const { people, settles } = stage
    const filled = (size: number): string => {
      const empty = JSON.stringify(helmet({ filling: '' }))
      return empty.replace('"filling":""', `"filling":"${'x'.repeat(size - Buffer.byteLength(empty))}"`)
    }
    const exact = filled(64 * 1024)
    expect(Buffer.byteLength(exact)).toBe(64 * 1024)
    const before = await rowsOf(stage)
    expect(await sendAlarm(stage, { body: filled(64 * 1024 + 1) })).toEqual({ status: 413, text: '' })
    expect(await sendAlarm(stage, { body: `${exact.slice(0, -1)},"b":"${'y'.repeat(400_000)}"}` })).toEqual({
      status: 413,
      text: '',
    })
    expect((await sendAlarm(stage, { body: 'x'.repeat(2 * 1024 * 1024) })).status).toBe(413)
    const gas = { source: 'gas-detection', secret: secretOf('gas-detection') }
    expect((await sendAlarm(stage, { ...gas, body: 'x'.repeat(64 * 1024 + 1) })).status).toBe(413)
    expect(await rowsOf(stage)).toEqual(before)
    expect(await refusals(stage)).toEqual({ 'alarm:ai-camera too-large': 3, 'alarm:gas-detection too-large': 1 })
    expect((await sendAlarm(stage, { body: exact })).status).toBe(200)
    await settles()
    await looksAt(people.leadOne)
    await people.everyone.seesNothingElse()
  }))

/** Sends the beginning of a request and hangs up. */
const hangsUp = (url: string, bytes: string): Promise<void> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes)
      setTimeout(() => socket.destroy(), 50)
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })

test('a body that stops half-way is none, and the service goes on', () =>
  opened(async (stage) => {
    const { url } = stage.world.running()
    const before = await rowsOf(stage)
    const body = JSON.stringify(helmet())
    const [timestamp, nonce] = [secondsNow(stage), freshNonce()]
    const head = [
      'POST /hooks/alarms/ai-camera HTTP/1.1',
      'host: x',
      `x-andon-timestamp: ${timestamp}`,
      `x-andon-nonce: ${nonce}`,
      `x-andon-signature: ${signed(secretOf('ai-camera'), timestamp, nonce, body)}`,
    ].join('\r\n')
    await hangsUp(url, `${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 20)}`)
    await hangsUp(url, `${head}\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"cam`)
    await stage.settles()
    expect(await rowsOf(stage)).toEqual(before)
    expect(await refusals(stage)).toEqual({ 'alarm:ai-camera truncated': 2 })
    expect(await sendAlarm(stage, { nonce, body })).toEqual({ status: 200, text: '{"status":"accepted"}' })
  }))

test('an alarm that is sent again after a restart is the same alarm', () =>
  opened(async (stage) => {
    const nonce = freshNonce()
    expect((await sendAlarm(stage, { nonce })).text).toBe('{"status":"accepted"}')
    await stage.settles()
    const before = await rowsOf(stage)
    await stage.world.restart()
    expect((await sendAlarm(stage, { nonce })).text).toBe('{"status":"repeated"}')
    await stage.settles()
    expect(await rowsOf(stage)).toEqual(before)
  }))
