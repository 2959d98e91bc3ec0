import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256 } from '../../src/lib/crypto.ts'
import type { CaseView, PageError } from '../../src/webhooks/miniapp.ts'
import { accountOf, aPhoto, buttonOf, openPlant, ownPage, type Plant, post, publicUrl, samplePhoto } from './pages-kit.ts'

const welder = accountOf('zhang-wei')
const teamLead = accountOf('li-na')
const outsider = accountOf('wu-gang')

let plant: Plant
let subject: string
let keys: { readonly original: string; readonly watermarked: string; readonly thumbnail: string }
let cookie: string
let outside: string
beforeAll(async () => {
  plant = await openPlant()
  subject = await plant.report(welder, '3号泵房漏油', [aPhoto('one')])
  keys = await plant.develops(subject, samplePhoto('oil-leak.jpg'))
  cookie = await plant.signsIn(teamLead, subject)
  outside = await plant.signsIn(outsider, subject)
})
afterAll(() => plant.close())

const commands = (): string => `/api/cases/${subject}/commands`
const photo = (sha: string, id = subject): string => `/api/cases/${id}/photos/${sha}`
const get = (path: string, as = cookie): Promise<Response> =>
  Promise.resolve(plant.app.request(path, { headers: { cookie: as } }))
const revision = async (): Promise<number> =>
  (await plant.database.db.selectFrom('subject').select('revision').where('id', '=', subject).executeTakeFirstOrThrow()).revision

describe('every answer', () => {
  test.each([
    '/p/x',
    '/c/haz_0123456789ab',
    '/assets/index-abcdefgh.js',
    '/notice.css',
    '/api/cases/haz_0123456789ab',
    '/api/cases/x/photos/y',
  ])('of %s keeps the page to itself', async (path) => {
    const { headers } = await plant.app.request(path)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'")
    expect(policy).toContain("frame-ancestors 'self' http://127.0.0.1:*")
    expect(policy).not.toMatch(/unsafe|\*;|data:/)
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBeTruthy()
  })

  test('may be framed by nobody else where no sandbox runs', async () => {
    const { headers } = await plant.with({ framedBy: [] }).request('/c/haz_0123456789ab')
    expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'self'$/)
  })

  test('of the built page holds no inline script and no foreign address', () => {
    const html = readFileSync(new URL('../../miniapp/index.html', import.meta.url), 'utf8')
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|\son[a-z]+=|style=|https?:/)
  })
})

describe('a link', () => {
  test.each([
    ['looked at without opening', { method: 'HEAD' }],
    ['fetched ahead by a browser', { headers: { 'sec-purpose': 'prefetch;prerender' } }],
    ['fetched ahead by an older one', { headers: { purpose: 'prefetch' } }],
    ['previewed', { headers: { 'x-purpose': 'preview' } }],
  ])('%s is not used up', async (_, init) => {
    const path = new URL(plant.pages.sign(subject, teamLead, '查看详情')?.url ?? '').pathname
    const looked = await plant.app.request(path, init)
    expect(looked.status).toBe(405)
    expect(looked.headers.get('set-cookie')).toBeNull()
    expect((await plant.app.request(path)).status).toBe(302)
  })

  test('of one account does not open with the session of another', async () => {
    const path = new URL(plant.pages.sign(subject, teamLead, '查看详情')?.url ?? '').pathname
    await plant.app.request(path)
    expect((await get(path, outside)).status).toBe(410)
    expect((await get(path, cookie)).status).toBe(302)
  })
})

describe('whoever is not signed in', () => {
  test.each(['', 'andon_session=', 'andon_session=forged', `andon_session=${'A'.repeat(43)}`, 'other=1'])(
    'sees and does nothing: %j',
    async (as) => {
      const before = await revision()
      const body = post(as, { command: `hazard.accept:${subject}@1` })
      const answers = [
        await get(`/api/cases/${subject}`, as),
        await get(photo(keys.thumbnail), as),
        await plant.app.request(commands(), body),
      ]
      expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
      expect((await answers[0]?.json()) as PageError).toMatchObject({ error: 'no-session' })
      expect(await revision()).toBe(before)
    },
  )
})

describe('whoever has no part in a case', () => {
  test('hears the same as about a case that does not exist', async () => {
    const missing = `haz_${'0'.repeat(25)}`
    for (const path of [(id: string) => `/api/cases/${id}`, (id: string) => photo(keys.thumbnail, id)]) {
      const [one, other] = [await get(path(subject), outside), await get(path(missing), outside)]
      expect([one.status, other.status]).toEqual([404, 404])
      expect(await one.text()).toBe(await other.text())
      expect([...one.headers].sort()).toEqual([...other.headers].sort())
    }
    const press = async (id: string) =>
      plant.app.request(`/api/cases/${id}/commands`, post(outside, { command: `hazard.accept:${id}@1`, form: {} }))
    const [one, other] = [await press(subject), await press(missing)]
    expect([one.status, other.status]).toEqual([404, 404])
    expect(await one.text()).toBe(await other.text())
  })

  test.each(['..%2f..%2fetc', '%00', 'haz_', `haz_${'a'.repeat(41)}`, "haz_0123456789' or 1=1", '__proto__', 'HAZ_0123456789AB'])(
    'or asks for what is no case hears the same: %s',
    async (id) => {
      const response = await get(`/api/cases/${id}`, cookie)
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ error: 'not-found' })
    },
  )

  test('sees nothing of another site, even with the same id as somebody who may', async () => {
    const { db } = plant.database
    await db.insertInto('site').values({ id: 'SH02', name: '二厂', time_zone: 'Asia/Shanghai' }).execute()
    await db
      .insertInto('person')
      .values({ site: 'SH02', id: 'li-na', name: '李娜', job: '', team: '机修班', company: '', employee_no: null, mobile: null })
      .execute()
    const twin = { connection: 'dingtalk-demo', account: 'li_na_of_the_other_site' }
    await db
      .insertInto('account')
      .values({ ...twin, site: 'SH02', person: 'li-na', proof: 'test' })
      .execute()
    const as = await plant.signsIn(twin, subject)
    expect(await plant.pages.session(as.split('=')[1] ?? '')).toMatchObject({ site: 'SH02', person: 'li-na' })
    expect((await get(`/api/cases/${subject}`, as)).status).toBe(404)
    expect((await get(photo(keys.thumbnail), as)).status).toBe(404)
  })

  test('any more is out with the next request', async () => {
    const as = await plant.signsIn(teamLead, subject)
    expect((await get(`/api/cases/${subject}`, as)).status).toBe(200)
    await plant.database.db.updateTable('account').set({ person: null }).where('account', '=', teamLead.account).execute()
    expect((await get(`/api/cases/${subject}`, as)).status).toBe(401)
    await plant.database.db.updateTable('account').set({ person: 'li-na' }).where('account', '=', teamLead.account).execute()
  })
})

describe('a change', () => {
  const accept = () => buttonOf(plant.app, cookie, subject, '接单')
  const without = (name: string): Record<string, string> =>
    Object.fromEntries(Object.entries(ownPage).filter(([key]) => key !== name))

  test.each([
    ['without our header', () => without('x-andon')],
    ['with another value in it', () => ({ ...ownPage, 'x-andon': '2' })],
    ['of another site', () => ({ ...ownPage, origin: 'https://evil.example' })],
    ['of a neighbouring port', () => ({ ...ownPage, origin: 'http://127.0.0.1:8090' })],
    ['of no origin', () => ({ ...ownPage, origin: 'null' })],
    ['of an origin that begins like ours', () => ({ ...ownPage, origin: `${publicUrl}.evil.example` })],
    ['that the browser calls cross-site', () => ({ ...ownPage, 'sec-fetch-site': 'cross-site' })],
    ['that the browser calls same-site', () => ({ ...ownPage, 'sec-fetch-site': 'same-site' })],
    ['that the browser calls nobody’s', () => ({ ...ownPage, 'sec-fetch-site': 'none' })],
    ['as a form', () => ({ ...ownPage, 'content-type': 'application/x-www-form-urlencoded' })],
    ['as plain text', () => ({ ...ownPage, 'content-type': 'text/plain' })],
    ['without a type', () => without('content-type')],
  ])('%s is refused and changes nothing', async (_, headers) => {
    const before = await revision()
    const response = await plant.app.request(commands(), post(cookie, { command: await accept() }, headers()))
    expect(response.status).toBe(403)
    expect(await revision()).toBe(before)
  })

  test('by another method is no route at all', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await plant.app.request(commands(), { method, headers: { ...ownPage, cookie } })).status).toBe(404)
  })

  test('from a page that was signed in anew as somebody else is stopped', async () => {
    const view = (await (
      await get(`/api/cases/${subject}`, outside.replace(/=.*/, `=${cookie.split('=')[1]}`))
    ).json()) as CaseView
    const before = await revision()
    const safetyDirector = await plant.signsIn(accountOf('zhao-min'), subject)
    const response = await plant.app.request(commands(), post(safetyDirector, { command: await accept(), as: view.reader.mark }))
    expect(response.status).toBe(409)
    expect((await response.json()) as PageError).toMatchObject({ error: 'other-account' })
    expect(await revision()).toBe(before)
  })

  test.each([
    ['that only chat messages bring, with a forged file', 'addEvidence'],
    ['that opens cases', 'report'],
    ['of the clock', 'climb'],
    ['of the system', 'storePhoto'],
    ['of another state', 'pass'],
    ['that nobody ever wrote', 'destroy'],
    ['named like something inherited', 'constructor'],
  ])('%s is not offered and never reaches the engine', async (_, name) => {
    const asked: string[] = []
    const watched = plant.with({
      handle: async (arrival) => {
        asked.push(arrival.source)
        throw new Error('must not be asked')
      },
    })
    const form = { files: '[{"id":"fil_1","kind":"photo","connection":"feishu-demo","ref":{}}]', file: 'fil_1', rung: '9' }
    const response = await watched.request(commands(), post(cookie, { command: `hazard.${name}:${subject}@1`, form }))
    expect(response.status).toBe(409)
    expect(asked).toEqual([])
  })

  test.each([
    ['another case', () => `hazard.accept:haz_${'0'.repeat(25)}@1`],
    ['no case', () => 'hazard.accept:-@1'],
    ['a kept arrival', () => `hazard.accept:${subject}@1~arr_0123456789`],
  ])('whose key names %s is malformed', async (_, command) => {
    expect((await plant.app.request(commands(), post(cookie, { command: command() }))).status).toBe(400)
  })

  test('whose key names another workflow is not offered', async () => {
    expect((await plant.app.request(commands(), post(cookie, { command: `link.accept:${subject}@1` }))).status).toBe(409)
  })

  test('cannot bring values that the card has no field for, nor another type', async () => {
    const seen: unknown[] = []
    const watched = plant.with({
      handle: async (arrival) => {
        if (arrival.source === 'page') seen.push(arrival.command, [arrival.connection, arrival.account, arrival.site])
        return { kind: 'refused', reply: null, subject: null, answered: () => {} }
      },
    })
    const form = {
      type: 'reject',
      area: 'a\u0000b\ud800\u202e',
      by: 'wang-qiang',
      files: 'x',
      reason: 'r',
      __proto__: 'x',
      owner: 'li-na',
    }
    await watched.request(commands(), post(cookie, { command: await accept(), form }))
    expect(seen).toEqual([
      {
        type: 'accept',
        area: 'a\u2400b\ufffd',
        colour: '',
        text: '',
        files: [],
        place: null,
      },
      [teamLead.connection, teamLead.account, 'SH01'],
    ])
  })

  test('under the key of another person, case or button is a press of its own', async () => {
    const inboxKeys: string[] = []
    const watched = plant.with({
      handle: async (arrival) => {
        if (arrival.source === 'page') inboxKeys.push(arrival.key)
        return { kind: 'refused', reply: null, subject: null, answered: () => {} }
      },
    })
    const safetyDirector = await plant.signsIn(accountOf('zhao-min'), subject)
    const other = await plant.report({ connection: 'wecom-demo', account: 'another' }, '3号泵房漏油')
    const press = async (as: string, id: string, label: string) =>
      watched.request(
        `/api/cases/${id}/commands`,
        post(as, { command: await buttonOf(plant.app, as, id, label), key: 'one-and-the-same' }),
      )
    await press(cookie, subject, '接单')
    await press(safetyDirector, subject, '接单')
    await press(cookie, subject, '不是隐患')
    await press(safetyDirector, other, '不是隐患')
    await press(cookie, subject, '接单')
    expect(inboxKeys.every((key) => /^[0-9a-f]{64}$/.test(key))).toBe(true)
    expect(new Set(inboxKeys).size).toBe(4)
    expect(inboxKeys[4]).toBe(inboxKeys[0])
  })
})

describe('a picture', () => {
  test('is never the original, with all that the camera wrote into it', async () => {
    expect(sha256(samplePhoto('oil-leak.jpg'))).toBe(keys.original)
    expect((await get(photo(keys.original))).status).toBe(404)
    expect((await get(photo(keys.watermarked))).status).toBe(200)
    expect((await get(photo(keys.thumbnail))).status).toBe(200)
  })

  test('of another case is not served under one that may be seen', async () => {
    const foreign = await plant.report({ connection: 'wecom-demo', account: 'somebody' }, 'A罐区护栏松动', [aPhoto('two')])
    const theirs = await plant.develops(foreign, samplePhoto('loose-guardrail.jpg'))
    expect((await get(photo(theirs.thumbnail))).status).toBe(404)
    const stray = await plant.blobs.put(new Uint8Array([0xff, 0xd8, 0xff]), 'image/jpeg')
    expect((await get(photo(stray.key))).status).toBe(404)
  })

  test.each(['..%2f..%2fetc%2fpasswd', 'A'.repeat(64), 'a'.repeat(63), '%2e%2e', "' or 1=1"])(
    'whose name is no digest is not looked for: %s',
    async (sha) => {
      const asked: string[] = []
      const watched = plant.with({
        readBlob: async (key) => {
          asked.push(key)
          return null
        },
      })
      expect((await watched.request(photo(sha), { headers: { cookie } })).status).toBe(404)
      expect(asked).toEqual([])
    },
  )
})

describe('where pages are served encrypted', () => {
  const encrypted = 'https://andon.example.com'

  test('cookies are ours alone and the browser is told to stay encrypted; in the clear neither is said', async () => {
    const link = plant.pages.sign(subject, teamLead, '查看详情')
    const path = new URL(link?.url ?? '').pathname
    const opened = await plant.with({ publicUrl: encrypted }).request(path)
    expect(opened.headers.get('set-cookie')).toMatch(
      /^__Host-andon_session=[A-Za-z0-9_-]{43}; Max-Age=28800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    expect(opened.headers.get('strict-transport-security')).toBe('max-age=31536000')
    const clear = await plant.app.request(path)
    expect(clear.headers.get('strict-transport-security')).toBeNull()
  })

  test('a cookie without the prefix, which another host could have set, signs nobody in', async () => {
    const app = plant.with({ publicUrl: encrypted })
    expect((await app.request(`/api/cases/${subject}`, { headers: { cookie } })).status).toBe(401)
    const ours = { headers: { cookie: `__Host-${cookie}` } }
    expect((await app.request(`/api/cases/${subject}`, ours)).status).toBe(200)
  })
})

describe('a session that a link has opened', () => {
  test('reaches the case of the link and none beside it, read or pressed', async () => {
    const other = await plant.report({ connection: 'wecom-demo', account: 'beside' }, '3号泵房漏水')
    const link = plant.pages.sign(subject, accountOf('zhao-min'), '查看详情')
    const opened = await plant.app.request(new URL(link?.url ?? '').pathname)
    const bound = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    expect((await plant.app.request(`/api/cases/${subject}`, { headers: { cookie: bound } })).status).toBe(200)
    expect((await plant.app.request(`/api/cases/${other}`, { headers: { cookie: bound } })).status).toBe(404)
    const whole = await plant.signsIn(accountOf('zhao-min'), other)
    const button = await buttonOf(plant.app, whole, other, '不是隐患')
    expect((await plant.app.request(`/api/cases/${other}/commands`, post(bound, { command: button }))).status).toBe(404)
    expect((await plant.app.request(`/api/cases/${other}/commands`, post(whole, { command: button }))).status).toBe(200)
  })
})
