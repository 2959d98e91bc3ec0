import { afterEach, describe, expect, it } from 'vitest'
import { person } from './feishu-kit.ts'
import { closeServers, failure, json, no, serve } from './feishu-server.ts'

afterEach(closeServers)

const other = 'ou_ffffffffffffffffffffffffffffffff'
const say = { text: '演练 <at user_id="all"></at>', urgent: true }
const sent = (invalid: readonly string[] = []) => ({
  code: 0,
  msg: 'ok',
  data: { message_id: 'bm-1f', invalid_open_ids: invalid },
})

describe('one text for many', () => {
  it('is one call of the old style, its content an object, its markup inert', async () => {
    const { platform, asked, taken } = await serve((_, response) => json(response, sent()))
    expect(await platform.broadcast([person, other], say, 'eff_1')).toEqual({ message: 'bm-1f', passedBy: [], lost: [] })
    expect(asked).toMatchObject([
      {
        method: 'POST',
        path: '/open-apis/message/v4/batch_send/',
        token: 'Bearer t-1',
        json: { open_ids: [person, other], msg_type: 'text' },
      },
    ])
    expect(JSON.stringify(asked[0]?.json.content)).toContain('演练 <\u200bat')
    expect(taken).toEqual(['message.batch_send!'])
  })

  it('names whom it passed by, and has no message when that is everybody', async () => {
    const { platform } = await serve((_, response, nth) => json(response, sent(nth === 1 ? [other] : [person, other])))
    const unknown = (account: string) => ({ account, because: 'unknown-account', kind: 'permanent' })
    expect(await platform.broadcast([person, other], say, 'e')).toEqual({
      message: 'bm-1f',
      passedBy: [unknown(other)],
      lost: [],
    })
    expect(await platform.broadcast([person, other], say, 'e')).toMatchObject({
      message: null,
      passedBy: [unknown(person), unknown(other)],
    })
  })

  it.each([
    [99991400, 200, 'temporary', 'rate-limited'],
    [99991672, 200, 'permanent', 'no-permission'],
    [230028, 200, 'permanent', 'content-refused'],
    [11247, 200, 'permanent', 'batch-quota'],
    [10003, 200, 'permanent', 'credentials'],
  ])('refused with %d under HTTP %d it is %s %s', async (code, status, kind, because) => {
    const { platform } = await serve((_, response) => json(response, no(code), status))
    expect(await failure(platform.broadcast([person, other], say, 'e'))).toMatchObject({ kind, because })
  })

  it('without an answer it may have been sent, and so it may in words that are not in the documents', async () => {
    const { platform } = await serve((_, response, nth) =>
      nth === 1 ? response.destroy() : json(response, { code: 0, msg: 'ok', data: {} }),
    )
    for (const _ of [1, 2])
      expect(await failure(platform.broadcast([person, other], say, 'e'))).toMatchObject({ kind: 'ambiguous' })
  })

  it('never to nobody, and never to more than a call takes', async () => {
    const { platform, asked } = await serve((_, response) => json(response, sent()))
    for (const list of [[], Array.from({ length: 201 }, (_, n) => `ou_${n}`)])
      expect(await failure(platform.broadcast(list, say, 'e'))).toMatchObject({ kind: 'permanent', because: 'bad-request' })
    expect(asked).toEqual([])
  })

  it('is recalled as what it is, by an id that stays one part of the path', async () => {
    const { platform, asked } = await serve((_, response) => json(response, { code: 0, msg: 'ok', data: {} }))
    await platform.recall('bm-1f')
    expect(asked).toMatchObject([{ method: 'DELETE', path: '/open-apis/im/v1/batch_messages/bm-1f' }])
    expect(await failure(platform.recall('bm-../x'))).toMatchObject({ kind: 'permanent' })
    expect(asked).toHaveLength(1)
  })
})
