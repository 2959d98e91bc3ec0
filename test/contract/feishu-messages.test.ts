import { afterEach, describe, expect, it } from 'vitest'
import { card, person } from './feishu-kit.ts'
import { closeServers, failure, json, no, ok, serve } from './feishu-server.ts'

afterEach(closeServers)

describe('a card that was sent', () => {
  it('is repainted whole', async () => {
    const { platform, asked } = await serve((_, response) => json(response, { code: 0, msg: 'ok', data: {} }))
    expect(await platform.update('om_1', { message_id: 'om_1' }, card)).toEqual({ handle: { message_id: 'om_1' }, lost: [] })
    expect(asked).toMatchObject([{ method: 'PATCH', path: '/open-apis/im/v1/messages/om_1' }])
    expect(JSON.parse(String(asked[0]?.json.content))).toMatchObject({ schema: '2.0' })
  })

  it.each([
    [230031, 'expired'],
    [230011, 'gone'],
    [230110, 'gone'],
    [99992354, 'gone'],
  ])('and cannot be repainted any more (%d) is %s', async (code, because) => {
    const { platform } = await serve((_, response) => json(response, no(code), 400))
    expect(await failure(platform.update('om_1', { message_id: 'om_1' }, card))).toMatchObject({ kind: 'permanent', because })
  })

  it('rings a phone', async () => {
    const { platform, asked, taken } = await serve((_, response) =>
      json(response, { code: 0, msg: 'ok', data: { invalid_user_id_list: [] } }),
    )
    await platform.ring(person, 'om_1', '请处理')
    expect(asked).toMatchObject([
      {
        method: 'PATCH',
        path: '/open-apis/im/v1/messages/om_1/urgent_app?user_id_type=open_id',
        json: { user_id_list: [person] },
      },
    ])
    expect(taken).toEqual(['im.message.urgent_app!'])
  })

  it('rings nobody who is not in the chat, and says so', async () => {
    const { platform } = await serve((_, response) =>
      json(response, { code: 0, msg: 'ok', data: { invalid_user_id_list: [person] } }),
    )
    expect(await failure(platform.ring(person, 'om_1', ''))).toMatchObject({
      kind: 'permanent',
      because: 'unreachable',
      scope: 'account',
    })
  })

  it('is recalled', async () => {
    const { platform, asked } = await serve((_, response) => json(response, { code: 0, msg: 'ok' }))
    await platform.recall('om_1')
    expect(asked).toMatchObject([{ method: 'DELETE', path: '/open-apis/im/v1/messages/om_1' }])
  })

  it.each(['..', '.', '', 'a/b', 'om_1?x=1', 'om 1', 'x'.repeat(257)])(
    'cannot be named %j: an id is one part of a path',
    async (id) => {
      const { platform, asked } = await serve((_, response) => json(response, ok))
      for (const work of [platform.recall(id), platform.update(id, {}, card), platform.ring(person, id, '')])
        expect(await failure(work)).toMatchObject({ kind: 'permanent' })
      expect(asked).toEqual([])
    },
  )
})

describe('files', () => {
  const photo = { kind: 'photo', ref: { message: 'om_1', key: 'img_v3_1', type: 'image' }, name: null } as const
  const bytes = Buffer.alloc(50_000, 7)

  it('a photo is fetched with the message that carried it', async () => {
    const { platform, asked } = await serve(
      (_, response) => void response.writeHead(200, { 'content-type': 'image/jpeg' }).end(bytes),
    )
    expect(Buffer.compare(await platform.fetchFile(photo, 50_000), bytes)).toBe(0)
    expect(asked).toMatchObject([
      { method: 'GET', path: '/open-apis/im/v1/messages/om_1/resources/img_v3_1?type=image', body: '' },
    ])
  })

  it('one byte too many is too large, announced or not', async () => {
    const { platform } = await serve((_, response, nth) => {
      if (nth === 1) response.writeHead(200, { 'content-length': String(bytes.length) })
      else response.writeHead(200)
      response.end(bytes)
    })
    for (const _ of [1, 2])
      expect(await failure(platform.fetchFile(photo, 49_999))).toMatchObject({ kind: 'permanent', because: 'too-large' })
  })

  it('an endless file is left as soon as it is too large', async () => {
    let written = 0
    const { platform } = await serve((_, response) => {
      response.writeHead(200)
      const more = (): void => {
        while (!response.destroyed && response.write(bytes)) written += bytes.length
      }
      response.on('drain', more)
      more()
    })
    expect(await failure(platform.fetchFile(photo, 100_000))).toMatchObject({ because: 'too-large' })
    expect(written).toBeLessThan(50_000_000)
  })

  it('half a file is no file', async () => {
    const { platform } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100000' })
      response.write(bytes, () => response.socket?.destroy())
    })
    expect(await failure(platform.fetchFile(photo, 1_000_000))).toMatchObject({ kind: 'temporary', because: 'no-answer' })
  })

  it('a refusal is read from the stream; a refused token is fetched anew', async () => {
    const { platform, tokens } = await serve((_, response, nth) => json(response, no(nth === 1 ? 99991663 : 234003), 400))
    expect(await failure(platform.fetchFile(photo, 100))).toMatchObject({ kind: 'permanent', because: 'gone' })
    expect(tokens()).toBe(2)
  })

  it('a picture is uploaded and gets a key', async () => {
    const { platform, asked } = await serve((_, response) =>
      json(response, { code: 0, msg: 'success', data: { image_key: 'img_v3_new' } }),
    )
    expect(await platform.uploadImage(bytes)).toBe('img_v3_new')
    expect(asked[0]).toMatchObject({ method: 'POST', path: '/open-apis/im/v1/images' })
    expect(asked[0]?.body).toContain('name="image_type"\r\n\r\nmessage')
    expect(asked[0]?.body).toContain(bytes.toString('latin1'))
  })

  it('a picture that is refused, empty, too large, or answered with nothing has no key', async () => {
    const { platform } = await serve((_, response, nth) => json(response, nth === 1 ? no(234011) : { code: 0, msg: 'ok' }))
    expect(await failure(platform.uploadImage(bytes))).toMatchObject({ kind: 'permanent', because: 'bad-request' })
    expect(await failure(platform.uploadImage(bytes))).toMatchObject({ kind: 'temporary', because: 'strange-answer' })
    expect(await failure(platform.uploadImage(new Uint8Array()))).toMatchObject({ kind: 'permanent' })
    expect(await failure(platform.uploadImage(new Uint8Array(10_000_001)))).toMatchObject({
      kind: 'permanent',
      because: 'too-large',
    })
  })
})
