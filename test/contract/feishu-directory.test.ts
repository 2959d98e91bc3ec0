import { afterEach, describe, expect, it } from 'vitest'
import type { ChatPlatform } from '../../src/bots/platform.ts'
import { person } from './feishu-kit.ts'
import { closeServers, failure, json, no, serve } from './feishu-server.ts'

afterEach(closeServers)

describe('people', () => {
  const user = (open_id: string, more: object = {}) => ({
    open_id,
    name: '王建国',
    mobile: '+8613800000000',
    employee_no: 'E1',
    status: { is_activated: true, is_frozen: false, is_resigned: false },
    ...more,
  })

  it('one is looked up by account', async () => {
    const { platform, asked } = await serve((_, response) => json(response, { code: 0, msg: 'ok', data: { user: user(person) } }))
    expect(await platform.whoIs(person)).toEqual({
      account: person,
      name: '王建国',
      mobile: '+8613800000000',
      employeeNo: 'E1',
      active: true,
    })
    expect(asked).toMatchObject([
      { method: 'GET', path: `/open-apis/contact/v3/users/${person}?user_id_type=open_id&department_id_type=open_department_id` },
    ])
  })

  it.each([
    [{ status: { is_resigned: true } }, false],
    [{ status: { is_frozen: true } }, false],
    [{ status: { is_activated: false } }, false],
    [{ status: { is_exited: true } }, false],
    [{ status: null, name: '', mobile: null }, true],
  ])('%j: active is %s', async (more, active) => {
    const { platform } = await serve((_, response) => json(response, { code: 0, msg: 'ok', data: { user: user(person, more) } }))
    expect((await platform.whoIs(person)).active).toBe(active)
  })

  it('somebody outside the app’s range is an unknown account', async () => {
    const { platform } = await serve((_, response) => json(response, no(41050), 400))
    expect(await failure(platform.whoIs(person))).toMatchObject({ kind: 'permanent', scope: 'account' })
  })

  const walk = async (platform: ChatPlatform): Promise<string[]> =>
    (await Array.fromAsync(platform.directory())).map((profile) => profile.account)

  it('all are read, department by department and page by page, each once', async () => {
    const people: Record<string, string[]> = { '0': ['ou_1'], 'od-1': ['ou_2', 'ou_3'], 'od-2': ['ou_3', 'ou_4'] }
    const { platform, asked } = await serve(({ path }, response) => {
      const url = new URL(path, 'http://x')
      const page = url.searchParams.get('page_token')
      const departments = [{ open_department_id: page ? 'od-2' : 'od-1' }]
      if (url.pathname.endsWith('/children'))
        return json(response, { code: 0, msg: 'ok', data: { has_more: !page, page_token: page ? '' : 'p2', items: departments } })
      const all = people[url.searchParams.get('department_id') ?? ''] ?? []
      const at = Number(page ?? 0)
      json(response, {
        code: 0,
        msg: 'ok',
        data: { has_more: at + 1 < all.length, page_token: String(at + 1), items: all.slice(at, at + 1).map((id) => user(id)) },
      })
    })
    expect(await walk(platform)).toEqual(['ou_1', 'ou_2', 'ou_3', 'ou_4'])
    expect(asked.every(({ path }) => path.includes('page_size=50'))).toBe(true)
  })

  it('pages without an end, or an error in the middle, are an error: never half a company', async () => {
    const loop = await serve((_, response) =>
      json(response, { code: 0, msg: 'ok', data: { has_more: true, page_token: 'same', items: [] } }),
    )
    expect(await failure(walk(loop.platform))).toMatchObject({ because: 'strange-answer' })
    const broken = await serve(({ path }, response) =>
      path.includes('children')
        ? json(response, no(40004), 400)
        : json(response, { code: 0, msg: 'ok', data: { has_more: false } }),
    )
    expect(await failure(walk(broken.platform))).toMatchObject({
      kind: 'permanent',
      because: 'no-permission',
      scope: 'connection',
    })
  })
})
