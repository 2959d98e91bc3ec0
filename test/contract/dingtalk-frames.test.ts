import { describe, expect, it } from 'vitest'
import { render } from '../../src/bots/dingtalk/render.ts'
import { frames, quick, until, useGate } from './dingtalk-gateway.ts'
import { actionKey, card, pressOn } from './dingtalk-kit.ts'

const gate = useGate()
const cardDown = (data: object) => ({ ...frames.cardDown, data: JSON.stringify(data) })

describe('frames', () => {
  it('a bot message is acknowledged after it is decided, with exactly the bytes of the official client', async () => {
    let release = () => {}
    gate.decide = () => new Promise((resolve) => (release = () => resolve(null)))
    gate.start()
    await gate.connected()
    gate.push(frames.botDown)
    await until(() => gate.delivered.length === 1)
    expect(gate.acks).toEqual([])
    release()
    expect(await gate.ackOf('cb0001')).toEqual(frames.botUp)
    expect(gate.delivered[0]).toMatchObject({ kind: 'message', key: 'msgEMU000000000001==', text: '报告隐患 3号机防护罩缺失' })
  })

  it('a bot message that could not be decided is left unanswered, to come again', async () => {
    gate.decide = async () => {
      throw new Error('database gone')
    }
    gate.start()
    await gate.connected()
    gate.push(frames.botDown)
    await until(() => gate.logged.some((line) => line.startsWith('error')))
    gate.push(frames.pingDown)
    await gate.ackOf('ping0001')
    expect(gate.acks.map(({ headers }) => headers.messageId)).toEqual(['ping0001'])
  })

  it('a click is answered with the card for everybody and the words for the presser', async () => {
    gate.decide = async () => ({ toast: { tone: 'success', text: '已接单' }, card })
    gate.start()
    await gate.connected()
    gate.push(cardDown(pressOn({ key: actionKey })))
    const { code, data } = await gate.ackOf('cb0002')
    expect([code, JSON.parse(data)]).toEqual([
      200,
      {
        response: {
          cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
          cardData: { cardParamMap: render(card).values },
          userPrivateData: { cardParamMap: { toast: '已接单' } },
        },
      },
    ])
    expect(gate.delivered[0]).toMatchObject({ kind: 'press', key: 'cb0002', action: actionKey, account: 'u_chen' })
  })

  it.each([
    ['fails', () => Promise.reject(new Error('x')), 'failed'],
    [
      'throws',
      () => {
        throw new Error('x')
      },
      'failed',
    ],
    ['takes longer than the platform waits', () => new Promise<null>(() => {}), 'late'],
  ] as const)('a click whose decision %s is answered as failed, in time', async (_, how, word) => {
    gate.decide = how
    gate.start({ ...quick, ping: 60_000 })
    await gate.connected()
    gate.push(cardDown(pressOn({ key: actionKey })))
    expect(await gate.ackOf('cb0002')).toMatchObject({ code: 500, message: word, data: '{"response":{}}' })
  })

  it('an event is acknowledged once kept, and asked for again when it was not', async () => {
    gate.start()
    await gate.connected()
    gate.push(frames.eventDown)
    expect(await gate.ackOf('evt0001')).toEqual(frames.eventUpSuccess)
    expect(gate.delivered[0]).toMatchObject({
      kind: 'member-change',
      change: 'joined',
      accounts: ['u_chen'],
      key: '0f0e0d0c0b0a09080706050403020100',
    })
    gate.acks.length = 0
    gate.decide = () => Promise.reject(new Error('x'))
    gate.push(frames.eventDown)
    expect(JSON.parse((await gate.ackOf('evt0001')).data)).toEqual({ status: 'LATER', message: 'failed' })
  })

  it('a ping is echoed as the official client echoes it', async () => {
    gate.start()
    await gate.connected()
    gate.push(frames.pingDown)
    expect(await gate.ackOf('ping0001')).toEqual(frames.pingUpNodeSdk)
  })

  it('a topic nobody asked for is answered with 404', async () => {
    gate.start()
    await gate.connected()
    gate.push({
      ...frames.botDown,
      headers: { ...(frames.botDown?.headers as object), messageId: 'cb0003', topic: '/v1.0/other' },
    })
    expect(await gate.ackOf('cb0003')).toEqual(frames.notFoundUp)
  })

  it('no frame, however broken, ends the process or the connection', async () => {
    gate.start()
    await gate.connected()
    const broken: unknown[] = [
      '',
      'not json',
      '{',
      'null',
      '[]',
      '7',
      '{"type":"CALLBACK"}',
      { ...frames.botDown, data: 'not json' },
      { ...frames.botDown, data: 7 },
      { ...frames.botDown, headers: {} },
      { ...frames.eventDown, headers: { topic: '*' } },
      { ...frames.cardDown, data: '[[[[' },
      { type: 'SYSTEM', headers: { topic: 'constructor' } },
      { type: '__proto__', headers: { topic: 'x', messageId: 'y' } },
    ]
    for (const frame of broken) gate.push(frame)
    gate.push(Buffer.from([0, 255, 254]))
    gate.push({ ...frames.botDown, headers: { ...(frames.botDown?.headers as object), messageId: 'after' } })
    expect(await gate.ackOf('after')).toMatchObject({ code: 200 })
    expect([gate.clients.length, gate.stream?.state()]).toEqual([1, 'connected'])
    expect(gate.delivered.filter(({ kind }) => kind === 'message').length).toBe(1)
  })

  it('a frame beyond the size ends only that connection', async () => {
    gate.start()
    await gate.connected()
    gate.push('x'.repeat(300 * 1024))
    await gate.connected(2)
    expect(gate.stream?.state()).toBe('connected')
  })
})
