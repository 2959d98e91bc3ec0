import { describe, expect, it } from 'vitest'
import { isPublic } from '../../src/bots/dingtalk/files.ts'
import { failure, ok, said, useApi } from './dingtalk-api.ts'

const api = useApi()

describe('the directory', () => {
  const tree: Record<number, number[]> = { 1: [2, 3], 2: [4, 1], 3: [4], 4: [] }
  const people: Record<number, string[]> = { 1: ['boss'], 2: ['a', 'b'], 3: ['b'], 4: ['c'] }

  it('walks every department once and names each person once, whatever loops the tree has', async () => {
    api.script = ({ path, body }) => {
      const department = Number(body.dept_id)
      if (path.endsWith('listsubid')) return ok({ errcode: 0, result: { dept_id_list: tree[department] } })
      const all = people[department] ?? []
      const cursor = Number(body.cursor)
      const list = all
        .slice(cursor, cursor + 1)
        .map((userid) => ({ userid, name: `N${userid}`, job_number: 'E1', active: userid !== 'c' }))
      return ok({ errcode: 0, result: { list, has_more: cursor + 1 < all.length, next_cursor: cursor + 1 } })
    }
    const found = []
    for await (const profile of api.platform().directory()) found.push(profile)
    expect(found.map(({ account }) => account).sort()).toEqual(['a', 'b', 'boss', 'c'])
    expect(found.find(({ account }) => account === 'c')).toEqual({
      account: 'c',
      name: 'Nc',
      mobile: null,
      employeeNo: 'E1',
      active: false,
    })
    expect(api.asked.filter(({ path }) => path.endsWith('listsubid')).length).toBe(4)
  })

  it('stops when a page repeats itself', async () => {
    api.script = () => ok({ errcode: 0, result: { list: [], has_more: true, next_cursor: 0 } })
    const walk = async () => {
      for await (const _ of api.platform().directory());
    }
    expect(said(await failure(walk()))).toBe('temporary unreadable-answer message null')
    expect(api.asked.length).toBe(1)
  })
})

describe('files', () => {
  const photo = { kind: 'photo', ref: { downloadCode: 'code', robotCode: 'robot' }, name: null } as const
  const bytes = Buffer.alloc(1_000, 7)
  const leadingTo = (downloadUrl: string) => {
    api.script = ({ path }) => (path.endsWith('download') ? ok({ downloadUrl }) : ok(bytes))
  }

  it('are fetched through a short-lived address, without our token', async () => {
    leadingTo(`${api.base}/files/a.file?Signature=x`)
    expect(Buffer.from(await api.platform().fetchFile(photo, 1_000)).equals(bytes)).toBe(true)
    expect(api.asked.map(({ path, token }) => [path, token])).toEqual([
      ['/v1.0/robot/messageFiles/download', 'token-1'],
      ['/files/a.file', undefined],
    ])
    expect(api.asked[0]?.body).toEqual({ downloadCode: 'code', robotCode: 'robot' })
  })

  it('past the limit are too large', async () => {
    leadingTo(`${api.base}/files/a.file`)
    expect(said(await failure(api.platform().fetchFile(photo, 999)))).toBe('permanent too-large message null')
  })

  it.each([
    'http://127.0.0.1:1/x',
    'http://10.0.0.1/x',
    'file:///etc/passwd',
    'ftp://a/x',
    'http://user:pw@127.0.0.1/x',
    'not a url',
    'http://[::1]/x',
  ])('at %s are not fetched', async (address) => {
    leadingTo(address)
    expect(said(await failure(api.platform().fetchFile(photo, 1_000)))).toBe('permanent forbidden-address message null')
    expect(api.asked.map(({ path }) => path)).toEqual(['/v1.0/robot/messageFiles/download'])
  })

  it('are never fetched from our own network', () => {
    const inside = [
      '10.1.2.3',
      '127.0.0.1',
      '100.64.0.1',
      '172.31.1.1',
      '192.168.1.1',
      '169.254.169.254',
      '0.0.0.0',
      '224.0.0.1',
      '255.255.255.255',
      '::1',
      'fe80::1',
      'fc00::1',
      '::ffff:7f00:1',
      '64:ff9b::a00:1',
      '2002:a00::1',
      '2001::1',
      '1.2.3',
      '',
    ]
    const outside = ['8.8.8.8', '100.128.0.1', '172.32.0.1', '223.5.5.5', '2400:3200::1', '2001:4860:4860::8888']
    expect([inside.filter(isPublic), outside.filter((address) => !isPublic(address))]).toEqual([[], []])
  })

  it('to show are uploaded with their name and type', async () => {
    api.script = () => ok({ errcode: 0, media_id: '@lALPnew', type: 'image' })
    expect(await api.platform().uploadImage(new Uint8Array([0xff, 0xd8, 1, 2]))).toBe('@lALPnew')
    expect(api.asked[0]).toMatchObject({ path: '/media/upload', query: '?type=image&access_token=token-1' })
    const form = api.asked[0]?.raw.toString('latin1') ?? ''
    expect(form).toContain('name="media"; filename="andon.jpg"')
    expect(form).toContain('\xff\xd8\x01\x02')
  })
})
