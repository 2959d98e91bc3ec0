import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Chat, type ChatPlatform, DeliveryError } from '../../src/bots/platform.ts'
import { createWecom } from '../../src/bots/wecom/platform.ts'
import { type Api, createApi, no, ok } from './wecom-api.ts'
import { connection, now, portsAt } from './wecom-kit.ts'

let api: Api
beforeEach(async () => {
  api = await createApi()
})
afterEach(() => api.close())

const say = { text: '演练', urgent: true }
const platform = (full: readonly string[] = []): ChatPlatform => {
  const ports = portsAt(now)
  const budget = { ...ports.budget, full: async (chats: readonly Chat[]) => chats.filter(({ id }) => full.includes(id)) }
  return createWecom({ ...connection, apiBase: api.base }, { ...ports, budget })
}
const failed = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof DeliveryError)) throw new Error(`expected a DeliveryError, got ${String(error)}`)
  return `${error.kind} ${error.because} ${error.scope}`
}

describe('one text for many', () => {
  it('is one message to a list, checked for repeats, recalled by its msgid', async () => {
    api.answers('message/send', ok({ msgid: 'MSG-1' }))
    api.answers('message/recall', ok())
    const { message } = await platform().broadcast(['liwei', 'wangfang'], say, 'eff_1')
    expect(message).toBe('msgid:MSG-1')
    expect(api.of('message/send').map(({ body }) => body)).toEqual([
      {
        touser: 'liwei|wangfang',
        agentid: 1000007,
        msgtype: 'text',
        text: { content: '演练' },
        enable_duplicate_check: 1,
        duplicate_check_interval: 14400,
      },
    ])
    await platform().recall(String(message))
    expect(api.of('message/recall').map(({ body }) => body)).toEqual([{ msgid: 'MSG-1' }])
  })

  it('names whom it passed by while errcode is 0, whatever their case', async () => {
    api.answers('message/send', ok({ msgid: 'MSG-1', invaliduser: 'ghost', unlicenseduser: 'trial' }))
    expect(await platform().broadcast(['liwei', 'Ghost', 'trial'], say, 'e')).toEqual({
      message: 'msgid:MSG-1',
      passedBy: [
        { account: 'Ghost', because: 'out-of-scope', kind: 'permanent' },
        { account: 'trial', because: 'unlicensed', kind: 'permanent' },
      ],
      lost: [],
    })
  })

  it('leaves out whoever has had their share, because more is dropped without a word', async () => {
    api.answers('message/send', ok({ msgid: 'MSG-1' }))
    const late = { account: 'wangfang', because: 'own-budget', kind: 'temporary' }
    expect(await platform(['wangfang']).broadcast(['liwei', 'wangfang'], say, 'e')).toMatchObject({
      message: 'msgid:MSG-1',
      passedBy: [late],
    })
    expect(api.of('message/send')[0]?.body.touser).toBe('liwei')
    expect(await platform(['wangfang']).broadcast(['wangfang'], say, 'e')).toMatchObject({ message: null, passedBy: [late] })
    expect(api.of('message/send')).toHaveLength(1)
  })

  it('all refused, busy, or without an answer', async () => {
    api.answers('message/send', no(81013), no(45009), 'cut')
    const send = () => failed(platform().broadcast(['liwei', 'ghost'], say, 'e'))
    expect([await send(), await send(), await send()]).toEqual([
      'permanent no-such-account account',
      'temporary too-many-calls connection',
      'ambiguous no-answer message',
    ])
  })

  it('never to nobody, to everybody, or to more than a call takes', async () => {
    const crowd = Array.from({ length: 1_001 }, (_, n) => `u${n}`)
    for (const list of [[], ['@all'], ['liwei', 'a|b'], crowd])
      expect(await failed(platform().broadcast(list, say, 'e'))).toContain('permanent')
    expect(api.asked).toEqual([])
  })
})
