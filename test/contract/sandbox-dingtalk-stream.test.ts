import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Desk, dataOf, dial, type Line, openDesk, openTicket } from './sandbox-dingtalk-desk.ts'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

const silent = () => null
const says = (text: string) => desk.vendor.says({ account: desk.who('u_chen'), text, group: null })
const contents = (line: Line) => line.frames.map((frame) => (dataOf(frame).text as { content: string }).content)
const refusal = async (address: string): Promise<number> => {
  const socket = new WebSocket(address)
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }]
  socket.on('error', () => undefined)
  socket.terminate()
  return response.statusCode
}

describe('tickets', () => {
  test('one ticket opens one connection', async () => {
    const { body } = await openTicket(desk)
    const address = `${String(body.endpoint)}?ticket=${String(body.ticket)}`
    const socket = new WebSocket(address)
    await once(socket, 'open')
    expect(await refusal(address)).toBe(401)
    expect(desk.vendor.connections()).toBe(1)
  })
  test('a ticket of 90 seconds ago opens none, nor does an invented one', async () => {
    const { body } = await openTicket(desk)
    await desk.world.advance(90_000)
    expect(await refusal(`${String(body.endpoint)}?ticket=${String(body.ticket)}`)).toBe(401)
    expect(await refusal(`${String(body.endpoint)}?ticket=00000000-0000-0000-0000-000000000000`)).toBe(401)
    expect(await refusal(String(body.endpoint))).toBe(401)
  })
  test('the gateway answers XML when nobody asks for JSON, refusals too', async () => {
    const answer = await openTicket(desk, {}, '*/*')
    expect(answer.status).toBe(200)
    expect(answer.text).toMatch(/^<\?xml .*<endpoint>ws:.*<ticket>/)
    const refused = await openTicket(desk, { clientId: 'dingnobody' }, '*/*')
    expect(refused.status).toBe(401)
    expect(refused.text).toContain('<code>authFailed</code>')
  })
  test('events are subscribed to as a whole or not at all', async () => {
    const answer = await openTicket(desk, { subscriptions: [{ type: 'EVENT', topic: 'user_add_org' }] })
    expect(answer.status).toBe(400)
  })
})

describe('robot messages', () => {
  test('one that nobody acknowledges comes once more after 60 s, with the same msgId', async () => {
    const line = await dial(desk, silent)
    await says('漏油')
    await line.frame(0)
    await desk.world.advance(59_000)
    expect(line.frames).toHaveLength(1)
    const [, second] = await Promise.all([desk.world.advance(1000), line.frame(1)])
    expect(dataOf(second)).toEqual(dataOf(await line.frame(0)))
    expect(second.headers.messageId).not.toBe(line.frames[0]?.headers.messageId)
    await desk.world.advance(600_000)
    expect(line.frames).toHaveLength(2)
  })
  test('the frame id repeats where the switch says so, and 16 s is the other reported wait', async () => {
    desk.world.set('dingtalk.redeliver', '16')
    desk.world.set('dingtalk.redeliverMessageId', 'same')
    const line = await dial(desk, silent)
    await says('漏油')
    const first = await line.frame(0)
    const [, second] = await Promise.all([desk.world.advance(16_000), line.frame(1)])
    expect(second.headers.messageId).toBe(first.headers.messageId)
  })
  test('under never it does not come again', async () => {
    desk.world.set('dingtalk.redeliver', 'never')
    const line = await dial(desk, silent)
    await says('漏油')
    await line.frame(0)
    await desk.world.advance(600_000)
    expect(line.frames).toHaveLength(1)
  })
  test.each([{ response: null }, { response: 'OK' }, '', 'not json'])('any answer counts: %j', async (answer) => {
    const line = await dial(desk, () => answer)
    await says('漏油')
    await line.frame(0)
    await desk.world.settled()
    await desk.world.advance(120_000)
    expect(line.frames).toHaveLength(1)
  })
  test('spoken while nobody is connected, it arrives with the redelivery', async () => {
    await says('漏油')
    const line = await dial(desk)
    const [, frame] = await Promise.all([desk.world.advance(60_000), line.frame(0)])
    expect(dataOf(frame)).toMatchObject({ text: { content: '漏油' } })
  })
  test('goes only to a connection that wants the topic', async () => {
    const deaf = await dial(desk, undefined, { subscriptions: [{ type: 'EVENT', topic: '*' }] })
    const line = await dial(desk)
    for (const text of ['一', '二', '三', '四', '五', '六']) await says(text)
    await line.frame(5)
    expect(deaf.frames).toHaveLength(0)
  })
  test('two connections of one app share the load, nothing goes to both', async () => {
    const [left, right] = [await dial(desk), await dial(desk)]
    const words = Array.from({ length: 24 }, (_, index) => `第${index}条`)
    for (const text of words) await says(text)
    await desk.world.settled()
    expect([...contents(left), ...contents(right)].toSorted()).toEqual(words.toSorted())
    expect(Math.min(left.frames.length, right.frames.length)).toBeGreaterThan(0)
  })
})

describe('the end of a connection', () => {
  test('after disconnect the double is silent and closes ten seconds later', async () => {
    desk.world.set('dingtalk.connectionHours', '6')
    const old = await dial(desk)
    await desk.world.advance(6 * 3_600_000)
    expect((await old.frame(0)).headers.topic).toBe('disconnect')
    expect(desk.vendor.connections()).toBe(0)
    desk.world.set('dingtalk.connectionHours', 'never')
    const fresh = await dial(desk)
    await says('漏油')
    await fresh.frame(0)
    expect(old.frames).toHaveLength(1)
    await Promise.all([desk.world.advance(10_000), old.ended])
    expect(desk.vendor.connections()).toBe(1)
  })
  test('cut: the message is lost with the socket and comes again on the next one', async () => {
    desk.world.order('socket', 'cut')
    const old = await dial(desk)
    await Promise.all([says('漏油'), old.ended])
    const fresh = await dial(desk)
    const [, frame] = await Promise.all([desk.world.advance(60_000), fresh.frame(0)])
    expect(dataOf(frame)).toMatchObject({ text: { content: '漏油' } })
  })
  test('half open: the socket stays, nothing passes, and it no longer counts', async () => {
    desk.world.order('socket', 'halfOpen')
    const line = await dial(desk)
    await says('漏油')
    line.socket.ping()
    await desk.world.settled()
    expect(desk.vendor.connections()).toBe(0)
    expect(line.socket.readyState).toBe(WebSocket.OPEN)
    expect(line.frames).toHaveLength(0)
  })
  test('a client that does not echo the ping is dropped', async () => {
    desk.world.set('dingtalk.pingSeconds', '0.05')
    const { body } = await openTicket(desk)
    const socket = new WebSocket(`${String(body.endpoint)}?ticket=${String(body.ticket)}`)
    await once(socket, 'close')
    expect(desk.vendor.connections()).toBe(0)
  })
})

describe('faults on the way', () => {
  const order = async (name: 'twice' | 'never' | 'late' | 'reordered', seconds = 30) => {
    const line = await dial(desk)
    desk.world.order('push', name, seconds)
    return line
  }
  test('twice: the same msgId in two frames', async () => {
    const line = await order('twice')
    await says('漏油')
    const [a, b] = [await line.frame(0), await line.frame(1)]
    expect(dataOf(a).msgId).toBe(dataOf(b).msgId)
  })
  test('never: it is gone', async () => {
    const line = await order('never')
    await says('漏油')
    await desk.world.advance(600_000)
    expect(line.frames).toHaveLength(0)
  })
  test('late: after so many seconds', async () => {
    const line = await order('late', 45)
    await says('漏油')
    await desk.world.advance(44_000)
    expect(line.frames).toHaveLength(0)
    await Promise.all([desk.world.advance(1000), line.frame(0)])
  })
  test('reordered: the next one overtakes it', async () => {
    const line = await order('reordered')
    await says('一')
    await says('二')
    await line.frame(1)
    expect(contents(line)).toEqual(['二', '一'])
  })
})

describe('events', () => {
  const readSomething = async () => {
    const body = { robotCode: 'dingemuappkey0001', userIds: ['u_chen'], msgKey: 'sampleText', msgParam: '{"content":"x"}' }
    await desk.call('POST', '/v1.0/robot/oToMessages/batchSend', body)
    await desk.vendor.reads(desk.who('u_chen'), desk.world.phone('u_chen').at(-1)?.id ?? '')
    await desk.world.settled()
  }
  const failedList = async () => (await desk.call('GET', '/call_back/get_call_back_failed_result')).body

  test('LATER brings it back after 10 s and 30 s, then it stands on the failed list', async () => {
    const line = await dial(desk, () => ({ status: 'LATER', message: 'db unavailable' }))
    await readSomething()
    await Promise.all([desk.world.advance(10_000), line.frame(1)])
    await Promise.all([desk.world.advance(30_000), line.frame(2)])
    await desk.world.advance(100_000)
    expect(line.frames.map(({ headers }) => headers.eventId)).toEqual(
      Array.from({ length: 3 }, () => line.frames[0]?.headers.eventId),
    )
    expect(await failedList()).toMatchObject({ errcode: 0, failed_list: [] })
    await desk.world.advance(180_000)
    expect(await failedList()).toMatchObject({ has_more: false, failed_list: [{ call_back_tag: 'robot_msg_read' }] })
  })
  test('silence is as good as LATER, and SUCCESS ends it', async () => {
    let asked = 0
    const line = await dial(desk, () => (asked++ === 0 ? null : { status: 'SUCCESS' }))
    await readSomething()
    await Promise.all([desk.world.advance(10_000), line.frame(1)])
    await desk.world.settled()
    await desk.world.advance(600_000)
    expect(line.frames).toHaveLength(2)
    expect(await failedList()).toMatchObject({ failed_list: [] })
  })
})
