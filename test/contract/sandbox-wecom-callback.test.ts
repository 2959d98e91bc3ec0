import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Bench, corp, createBench, createService, field, passive, reply } from './sandbox-wecom-setup.ts'

let bench: Bench
beforeEach(async () => {
  bench = await createBench()
})
afterEach(() => bench.close())

const says = (text: string) => bench.double.says({ account: bench.account('u_chen'), text, group: null })
const sends = (kind: 'photo' | 'voice' | 'file' | 'location', text = '') =>
  bench.double.sends({
    ...{
      account: bench.account('u_chen'),
      kind,
      bytes: Uint8Array.from([0xff, 0xd8, 0xff, 1, 2, 3]),
      mime: 'image/jpeg',
      name: '漏油.jpg',
      text,
    },
    ...{ place: { lat: 30.7203, lng: 121.3301, label: '3号泵房' }, group: null },
  })
const types = () => bench.service.got.map(({ plain }) => field(plain, 'MsgType'))

describe('what a person sends reaches the service', () => {
  test('the address is verified once, then the vendor package opens the push', async () => {
    await says('3号车间护栏松动 ]]> <b>&')
    await says('再说一句')
    expect(bench.service.verified.length).toBe(1)
    const [first] = bench.service.got
    expect(first?.receiveId).toBe(corp.corpId)
    expect([field(first?.raw ?? '', 'ToUserName'), field(first?.raw ?? '', 'AgentID')]).toEqual([corp.corpId, corp.agentId])
    expect(first?.plain).toMatch(
      /^<xml><ToUserName><!\[CDATA\[ww0123456789abcdef\]\]><\/ToUserName><FromUserName><!\[CDATA\[u_chen\]\]><\/FromUserName><CreateTime>\d{10}<\/CreateTime><MsgType><!\[CDATA\[text\]\]><\/MsgType><Content>.*<\/Content><MsgId>\d{18,19}<\/MsgId><AgentID>1000007<\/AgentID><\/xml>$/,
    )
    expect(first?.plain).toContain('<![CDATA[3号车间护栏松动 ]]]]><![CDATA[> <b>&]]>')
    expect(bench.last('u_chen')).toMatchObject({ from: 'person', text: '再说一句' })
  })

  test('a photo with words is two messages, the photo first, and its bytes can be fetched', async () => {
    await sends('photo', '3号泵房漏油')
    expect(types()).toEqual(['image', 'text'])
    const plain = bench.service.got[0]?.plain ?? ''
    expect(field(plain, 'PicUrl')).toMatch(/^https:\/\/wework\.qpic\.cn\/wwpic\//)
    const bytes = await fetch(
      `${bench.origin}/cgi-bin/media/get?access_token=${bench.access}&media_id=${field(plain, 'MediaId')}`,
    )
    expect(new Uint8Array(await bytes.arrayBuffer())).toEqual(Uint8Array.from([0xff, 0xd8, 0xff, 1, 2, 3]))
    expect(bench.world.phone('u_chen').map(({ images, text }) => [images.length, text])).toEqual([
      [1, ''],
      [0, '3号泵房漏油'],
    ])
  })

  test('a voice is amr, a place has its coordinates, opening the app is an event', async () => {
    await sends('voice')
    await sends('location')
    await bench.double.enters(bench.account('u_chen'))
    const [voice, place, enter] = bench.service.got.map(({ plain }) => plain)
    expect(field(voice ?? '', 'Format')).toBe('amr')
    expect(['Location_X', 'Location_Y', 'Label', 'AppType'].map((name) => field(place ?? '', name))).toEqual([
      '30.7203',
      '121.3301',
      '3号泵房',
      'wxwork',
    ])
    expect([field(enter ?? '', 'Event'), field(enter ?? '', 'EventKey')]).toEqual(['enter_agent', ''])
  })

  test('files, groups and empty words are not offered', async () => {
    await expect(sends('file')).rejects.toThrow('no files')
    await expect(bench.double.says({ account: bench.account('u_chen'), text: 'hi', group: 'g1' })).rejects.toThrow('groups')
    await expect(says('  ')).rejects.toThrow('empty')
    expect(bench.service.got.length).toBe(0)
  })

  test('replicas are used in turn, and each is verified', async () => {
    const second = await createService()
    bench.apps[0].callbackUrls.push(second.url)
    for (const text of ['1', '2', '3', '4']) await says(text)
    expect([bench.service.got.length, second.got.length, second.verified.length]).toEqual([2, 2, 1])
    await second.close()
  })
})

describe('verification and retries', () => {
  const nonces = () => new Set(bench.service.got.map(({ query }) => query.get('nonce'))).size
  const ids = () => new Set(bench.service.got.map(({ plain }) => field(plain, 'MsgId'))).size

  test.each([(text: string) => `"${text}"`, (text: string) => `${text}\n`, () => ''])(
    'an address that does not echo exactly gets nothing',
    async (echo) => {
      bench.world.set('wecom.retrySpacing', '0')
      bench.service.script.echo = echo
      await says('hi')
      await bench.world.settled()
      expect([bench.service.got.length, bench.service.verified.length]).toEqual([0, 4])
      bench.service.script.echo = (text) => text
      await says('hi')
      expect(bench.service.got.length).toBe(1)
    },
  )

  test('a status other than 200 is retried three times with the same MsgId under a fresh signature', async () => {
    bench.service.script.answer = () => ({ status: 503 })
    await says('hi')
    expect(bench.service.got.length).toBe(1)
    await bench.world.advance(60_000)
    expect([bench.service.got.length, nonces(), ids()]).toEqual([4, 4, 1])
  })

  test('retries stop at the first 200, and may repeat the very bytes by the switch', async () => {
    bench.world.set('wecom.retrySpacing', '0')
    bench.world.set('wecom.retryFresh', 'same')
    bench.service.script.answer = (_got, index) => ({ status: index < 2 ? 500 : 200 })
    await says('hi')
    await bench.world.settled()
    expect([bench.service.got.length, nonces(), ids()]).toEqual([3, 1, 1])
    expect(new Set(bench.service.got.map(({ raw }) => raw)).size).toBe(1)
  })

  test('silence beyond the deadline counts as failure', async () => {
    bench.world.set('wecom.retrySpacing', '0')
    bench.world.set('wecom.answerSeconds', '0.05')
    bench.service.script.answer = () => 'hang'
    await says('hi')
    await bench.world.settled()
    expect([bench.service.got.length, ids()]).toEqual([4, 1])
  })

  test('a service that is away gets the message when it is back', async () => {
    bench.apps[0].callbackUrls = ['http://127.0.0.1:1/hooks/wecom-a']
    await says('hi')
    bench.apps[0].callbackUrls = [bench.service.url]
    await bench.world.advance(5000)
    expect(types()).toEqual(['text'])
  })
})

describe('faults of pushes', () => {
  test('twice, never, late and out of order', async () => {
    const words = () => bench.service.got.map(({ plain }) => field(plain, 'Content'))
    bench.world.order('push', 'twice')
    await says('twice')
    bench.world.order('push', 'never')
    await says('never')
    bench.world.order('push', 'late', 60)
    await says('late')
    bench.world.order('push', 'reordered', 600)
    await says('first')
    await says('second')
    expect(words()).toEqual(['twice', 'twice', 'second', 'first'])
    await bench.world.advance(60_000)
    expect(words().at(-1)).toBe('late')
    bench.world.order('push', 'reordered', 600)
    await says('alone')
    await bench.world.advance(600_000)
    expect(words().at(-1)).toBe('alone')
    expect(words().length).toBe(6)
  })
})

describe('passive replies to messages', () => {
  const answerWith = (body: string) => {
    bench.service.script.answer = () => ({ body })
  }
  const answers = () => bench.world.phone('u_chen').filter(({ from }) => from === 'bot')

  test('text sealed by the vendor package is shown, cut at 2048 bytes', async () => {
    answerWith(reply(passive('u_chen', 'text', `<Content><![CDATA[收到${'a'.repeat(3000)}]]></Content>`)))
    await says('hi')
    expect(answers().map(({ text }) => text)).toEqual([`收到${'a'.repeat(2042)}`])
  })

  test('news and an uploaded image are shown', async () => {
    answerWith(
      reply(
        passive(
          'u_chen',
          'news',
          '<ArticleCount>1</ArticleCount><Articles><item><Title>t</Title><Description>d</Description><PicUrl></PicUrl><Url>https://e.com</Url></item></Articles>',
        ),
      ),
    )
    await says('hi')
    expect(answers()[0]).toMatchObject({ kind: 'card', title: 't', text: 'd' })
    await sends('photo')
    const mediaId = field(bench.service.got.at(-1)?.plain ?? '', 'MediaId')
    answerWith(reply(passive('u_chen', 'image', `<Image><MediaId><![CDATA[${mediaId}]]></MediaId></Image>`)))
    await says('hi')
    expect(answers().at(-1)?.images.length).toBe(1)
  })

  const good = passive('u_chen', 'text', '<Content>ok</Content>')
  test.each([
    ['plain text', 'ok'],
    ['unencrypted XML', good],
    ['another token', reply(good, { token: 'other' })],
    ['a wrong signature', reply(good, { signature: '0'.repeat(40) })],
    ['another corp', reply(good, { id: 'wwffffffffffffffff' })],
    ['another key', reply(good, { key: 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR'.replace('k', 'j') })],
    ['an envelope with a stranger', reply(good).replace('<xml>', '<xml><Extra>1</Extra>')],
    ['an envelope without a nonce', reply(good).replace(/<Nonce>.*<\/Nonce>/, '')],
    ['a reply to another member', reply(passive('u_li', 'text', '<Content>ok</Content>'))],
    ['a reply from another corp', reply(good.replace(corp.corpId, 'wwffffffffffffffff'))],
    ['an unknown element', reply(good.replace('</xml>', '<toString>1</toString></xml>'))],
    ['a doubled element', reply(good.replace('<Content>', '<Content>a</Content><Content>'))],
    [
      'a card update where none was pressed',
      reply(passive('u_chen', 'update_button', '<Button><ReplaceName>x</ReplaceName></Button>')),
    ],
    ['JSON inside', reply('{"msgtype":"text"}')],
    ['a media id nobody uploaded', reply(passive('u_chen', 'image', '<Image><MediaId>gone</MediaId></Image>'))],
  ])('%s is not shown and not asked for again', async (_what, body) => {
    answerWith(body)
    await says('hi')
    await bench.world.advance(60_000)
    expect([answers().length, bench.service.got.length]).toEqual([0, 1])
  })
})
