import { once } from 'node:events'
import { DWClient, type DWClientDownStream, EventAck, TOPIC_CARD, TOPIC_ROBOT } from 'dingtalk-stream'
import { afterEach, describe, expect, test } from 'vitest'
import { cardBody, pressable } from './sandbox-dingtalk-card.ts'
import { type Desk, type Json, openDesk, openTicket } from './sandbox-dingtalk-desk.ts'

/** The official SDK as it is published; only the address it dials is ours, which the package keeps as a constant. */
class Client extends DWClient {
  private readonly desk: Desk
  constructor(desk: Desk) {
    const { clientId = '', clientSecret = '' } = desk.app.credentials
    const own = { subscriptions: [{ type: 'EVENT', topic: '*' }], autoReconnect: false }
    super({ clientId, clientSecret, ...own })
    this.desk = desk
  }
  override async getEndpoint() {
    const { body } = await openTicket(this.desk, { subscriptions: this.config.subscriptions, ua: this.config.ua ?? '' })
    Reflect.set(this, 'dw_url', `${String(body.endpoint)}?ticket=${String(body.ticket)}`)
    return this
  }
}

let desk: Desk
let client: Client
afterEach(async () => {
  client.disconnect()
  await desk.close()
})

describe('the official dingtalk-stream package against the double', () => {
  test('receives a robot message, acknowledges it, and is not told twice', async () => {
    desk = await openDesk()
    client = new Client(desk)
    const heard: DWClientDownStream[] = []
    client.registerCallbackListener(TOPIC_ROBOT, (frame) => {
      heard.push(frame)
      client.socketCallBackResponse(frame.headers.messageId, null)
    })
    await client.connect()
    expect(client.connected).toBe(true)
    await desk.vendor.says({ account: desk.who('u_chen'), text: '3号机护罩松动', group: null })
    await desk.world.settled()
    await desk.world.advance(120_000)
    await desk.world.settled()
    expect(heard).toHaveLength(1)
    const message = JSON.parse(heard[0]?.data ?? '') as Json
    expect(message).toMatchObject({
      msgtype: 'text',
      text: { content: '3号机护罩松动' },
      senderStaffId: 'u_chen',
      conversationType: '1',
    })
    expect(heard[0]?.headers.topic).toBe('/v1.0/im/bot/messages/get')
  })

  test('answers a card press: the card changes for all, the toast is for whoever pressed', async () => {
    desk = await openDesk()
    client = new Client(desk)
    client.registerCallbackListener(TOPIC_CARD, (frame) => {
      const press = JSON.parse(frame.data) as Json
      const content = JSON.parse(String(press.content)) as { cardPrivateData: { actionIds: string[]; params: Json } }
      client.socketCallBackResponse(frame.headers.messageId, {
        cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
        cardData: { cardParamMap: { title: `已接单 ${String(content.cardPrivateData.params.key)}`, buttons: '[]' } },
        userPrivateData: { cardParamMap: { toast: '已接单' } },
      })
    })
    await client.connect()
    await desk.call('POST', '/v1.0/card/instances/createAndDeliver', cardBody(desk, { to: 'u_chen', map: pressable }))
    const [card] = desk.world.phone('u_chen')
    const result = await desk.vendor.presses({ account: desk.who('u_chen'), message: card?.id ?? '', label: '接单', form: {} })
    expect(result).toMatchObject({
      status: 'answered',
      toast: { text: '已接单' },
      card: { title: '已接单 hazard.accept:haz_1@3', actions: [] },
    })
  })

  test('takes an event and says SUCCESS; the double does not tell it again', async () => {
    desk = await openDesk()
    client = new Client(desk)
    const events: string[] = []
    client.registerAllEventListener((frame) => {
      events.push(`${frame.type} ${frame.headers.topic} ${frame.headers.eventType}`)
      return { status: EventAck.SUCCESS, message: 'ok' }
    })
    await client.connect()
    await desk.call('POST', '/v1.0/robot/oToMessages/batchSend', {
      robotCode: desk.app.credentials.robotCode,
      userIds: ['u_chen'],
      msgKey: 'sampleText',
      msgParam: JSON.stringify({ content: '请确认' }),
    })
    await desk.vendor.reads(desk.who('u_chen'), desk.world.phone('u_chen')[0]?.id ?? '')
    await desk.world.settled()
    await desk.world.advance(120_000)
    expect(events).toEqual(['EVENT * robot_msg_read'])
  })

  test('echoes the ping of the protocol, so the double keeps the connection', async () => {
    desk = await openDesk()
    desk.world.set('dingtalk.pingSeconds', '0.3')
    client = new Client(desk)
    await client.connect()
    const socket = Reflect.get(client, 'socket') as NodeJS.EventEmitter
    for (let pings = 0; pings < 4; ) {
      const [text] = (await once(socket, 'message')) as [Buffer]
      if (String(text).includes('"topic":"ping"')) pings += 1
    }
    expect(desk.vendor.connections()).toBe(1)
  })
})
