import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { openStage, type Stage } from '../support/story.ts'

const doors = ['feishu-demo', 'dingtalk-demo', 'wecom-demo'] as const

const rowsOf = async ({ world }: Stage): Promise<readonly number[]> => {
  const { db } = world.running().database
  const count = async (table: 'inbox' | 'subject' | 'effect' | 'account'): Promise<number> =>
    (await db.selectFrom(table).selectAll().execute()).length
  return Promise.all([count('inbox'), count('subject'), count('effect'), count('account')])
}

const refusedCount = async ({ world }: Stage): Promise<number> => {
  const text = await (await fetch(`${world.running().url}/metrics`)).text()
  return [...text.matchAll(/^andon_refused_callbacks_total\{.*\} (\d+)/gm)].reduce((sum, [, n]) => sum + Number(n), 0)
}

/** Sends bytes as they are and gives the first line of the answer, or '' when the connection just ends. */
const rawly = (url: string, bytes: string | Buffer, then: 'wait' | 'hang-up' = 'wait'): Promise<string> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url)
    let answer = ''
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes)
      if (then === 'hang-up') setTimeout(() => socket.destroy(), 30)
    })
    socket.on('data', (part) => {
      answer += part.toString()
      socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer.split('\r\n')[0] ?? ''))
  })

const deep = (depth: number): string => `{"encrypt":${'['.repeat(depth)}${']'.repeat(depth)}}`

const bodies: readonly (readonly [string, string, string])[] = [
  ['nothing', '', 'application/json'],
  ['an empty object', '{}', 'application/json'],
  ['half an object', '{"encrypt":"AAAA', 'application/json'],
  ['a forged envelope', JSON.stringify({ encrypt: Buffer.alloc(400, 7).toString('base64') }), 'application/json'],
  [
    'a plain event',
    JSON.stringify({ schema: '2.0', header: { event_type: 'im.message.receive_v1', token: 'x' }, event: {} }),
    'application/json',
  ],
  [
    'a robot message without a signature',
    JSON.stringify({ msgtype: 'text', text: { content: '着火了' }, senderStaffId: 'li_na', msgId: 'm' }),
    'application/json',
  ],
  [
    'a forged XML envelope',
    '<xml><ToUserName><![CDATA[ww0123456789abcdef]]></ToUserName><AgentID>1000007</AgentID><Encrypt><![CDATA[AAAA]]></Encrypt></xml>',
    'text/xml',
  ],
  [
    'an XML with entities',
    '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>',
    'text/xml',
  ],
  ['brackets 200,000 deep', deep(200_000), 'application/json'],
  ['a megabyte of quotes', '"'.repeat(1_000_000), 'application/json'],
]

test('callbacks that are not authentic change nothing, are counted, and stop nothing', async () => {
  const stage = await openStage({ database: 'pglite', shift: 0, door: 'http' })
  try {
    const url = stage.world.running().url
    const before = await rowsOf(stage)
    const counted = await refusedCount(stage)
    let sent = 0
    for (const door of doors) {
      for (const [, body, type] of bodies) {
        for (const query of ['', '?msg_signature=00&signature=00&timestamp=1&nonce=1', '?timestamp=1&timestamp=2&nonce=1']) {
          const headers = {
            'content-type': type,
            'x-lark-signature': 'ab'.repeat(32),
            'x-lark-request-timestamp': '1',
            'x-lark-request-nonce': 'n',
            sign: 'AAAA',
            timestamp: '1',
          }
          const { status } = await fetch(`${url}/hooks/${door}${query}`, { method: 'POST', body, headers })
          expect([400, 401, 403, 413], `${door} ${query} ${body.slice(0, 40)}`).toContain(status)
          sent += 1
        }
      }
      const get = await fetch(`${url}/hooks/${door}?msg_signature=00&timestamp=1&nonce=1&echostr=AAAA`)
      expect([400, 401, 403, 405]).toContain(get.status)
    }
    expect(await rowsOf(stage)).toEqual(before)
    expect((await refusedCount(stage)) - counted).toBe(sent + doors.length)
  } finally {
    await stage.world.close()
  }
})

test('bodies that are too long, never end, lie about their length or stop half-way harm nobody', async () => {
  const stage = await openStage({ database: 'pglite', shift: 0, door: 'http' })
  const { people, world } = stage
  try {
    const url = world.running().url
    const before = await rowsOf(stage)
    const head = (more: string): string =>
      `POST /hooks/wecom-demo?msg_signature=0&timestamp=1&nonce=1 HTTP/1.1\r\nhost: x\r\ncontent-type: text/xml\r\n${more}\r\n\r\n`
    expect(await rawly(url, head('content-length: 900000000'))).toContain('413')
    const chunk = `${(1 << 20).toString(16)}\r\n${'a'.repeat(1 << 20)}\r\n`
    expect(await rawly(url, `${head('transfer-encoding: chunked')}${chunk}${chunk}`)).toContain('413')
    await rawly(url, `${head('content-length: 4000')}<xml>`, 'hang-up')
    await rawly(url, 'POST /hooks/wecom-demo HTTP/1.1\r\ncontent-length: banana\r\n\r\n', 'hang-up')
    await rawly(url, Buffer.alloc(100_000, 0xff), 'hang-up')
    await rawly(url, `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 'hang-up')
    for (const [method, path] of [
      ['PUT', '/hooks/wecom-demo'],
      ['DELETE', '/hooks/feishu-demo'],
      ['POST', '/hooks/nobody'],
      ['POST', '/hooks/..%2f..%2fetc'],
      ['POST', '/hooks/'],
    ] as const)
      expect((await fetch(`${url}${path}`, { method, ...(method === 'DELETE' ? {} : { body: 'x' }) })).status).toBe(404)
    expect(await rowsOf(stage)).toEqual(before)
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok')
    await people.welder.sendsPhoto('oil-leak.jpg', '3号泵房漏油')
    await people.teamLead.seesCard('隐患待处理')
  } finally {
    await world.close()
  }
})
