import { describe, expect, it } from 'vitest'
import { failure, ok, said, useApi } from './dingtalk-api.ts'

const api = useApi()
const say = { text: '演练', urgent: true }
const sent = (more: object = {}) =>
  ok({ processQueryKey: 'pk/1', invalidStaffIdList: [], flowControlledStaffIdList: [], ...more })

describe('one text for many', () => {
  it('is one call with the list', async () => {
    api.script = () => sent()
    expect(await api.platform().broadcast(['u_chen', 'u_li'], say, 'eff_1')).toEqual({
      message: 'oto:pk%2F1:',
      passedBy: [],
      lost: [],
    })
    expect(api.asked).toMatchObject([
      {
        path: '/v1.0/robot/oToMessages/batchSend',
        body: {
          robotCode: 'dingemuappkey0001',
          userIds: ['u_chen', 'u_li'],
          msgKey: 'sampleText',
          msgParam: '{"content":"演练"}',
        },
      },
    ])
  })

  it('names the unknown and the throttled apart, though the answer is a success', async () => {
    api.script = () => sent({ invalidStaffIdList: ['u_gone'], flowControlledStaffIdList: ['u_busy'] })
    expect((await api.plain().broadcast(['u_chen', 'u_gone', 'u_busy'], say, 'e')).passedBy).toEqual([
      { account: 'u_gone', because: 'unknown-account', kind: 'permanent' },
      { account: 'u_busy', because: 'too-fast', kind: 'temporary' },
    ])
  })

  it('all passed by is no message; one sent without a key is uncertain', async () => {
    api.script = () => ok({ invalidStaffIdList: ['u_a', 'u_b'], flowControlledStaffIdList: [] })
    expect(await api.platform().broadcast(['u_a', 'u_b'], say, 'e')).toMatchObject({ message: null })
    expect(said(await failure(api.platform().broadcast(['u_a', 'u_c'], say, 'e')))).toContain('ambiguous')
  })

  it('never to nobody, to more than 20, or to an id that would be another address', async () => {
    const crowd = Array.from({ length: 21 }, (_, n) => `u_${n}`)
    for (const list of [[], crowd, ['u_a', 'u b'], ['u_a', '']])
      expect(said(await failure(api.platform().broadcast(list, say, 'e')))).toContain('permanent')
    expect(api.asked).toEqual([])
  })
})
