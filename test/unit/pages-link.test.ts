import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hours, minutes } from '../../src/lib/clock.ts'
import { hmacSha256, sha256 } from '../../src/lib/crypto.ts'
import { linkToken, readLinkToken } from '../../src/people/page-link.ts'
import { createPages, linkLife, sessionLife } from '../../src/people/pages.ts'
import { accountOf, openPlant, type Plant, publicUrl, secret } from './pages-kit.ts'

const subject = 'haz_0123456789abcdefghj'
const teamLead = accountOf('li-na')
const welder = accountOf('zhang-wei')

let plant: Plant
beforeAll(async () => {
  plant = await openPlant()
})
afterAll(() => plant.close())

const tokenFor = (account = teamLead): string => {
  const link = plant.pages.sign(subject, account, '查看详情')
  return link?.url.split('/p/')[1] ?? ''
}
const open = async (token: string, cookie: string | null = null) => {
  const opening = await plant.pages.open(token, cookie)
  return { ...opening, cookie: opening.kind === 'opened' ? opening.cookie : '' }
}
const count = async (table: 'page_link' | 'page_session'): Promise<number> =>
  (await plant.database.db.selectFrom(table).selectAll().execute()).length
const setAccount = (account: typeof teamLead, change: { person?: string | null; state?: string; site?: string }) =>
  plant.database.db
    .updateTable('account')
    .set(change)
    .where('connection', '=', account.connection)
    .where('account', '=', account.account)
    .execute()

describe('a signed link', () => {
  test('fits where WeCom cuts addresses, and touches no database', () => {
    const link = plant.pages.sign(
      subject,
      { connection: 'wecom-a-very-long-connection-name', account: '安'.repeat(64) },
      '查看详情',
    )
    expect(link?.label).toBe('查看详情')
    expect(Buffer.byteLength(link?.url ?? '')).toBeLessThanOrEqual(1024)
    expect(link?.url).toMatch(/^http:\/\/127\.0\.0\.1:8080\/p\/[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/)
  })

  test('is not made at all when the address would be cut', () => {
    expect(plant.pages.sign(subject, { connection: 'wecom-demo', account: 'x'.repeat(400) }, '查看详情')).not.toBeNull()
    const far = createPages({ ...plant, secret, publicUrl: `https://andon.example.com/${'p'.repeat(600)}` })
    expect(far.sign(subject, { connection: 'wecom-demo', account: 'x'.repeat(400) }, '查看详情')).toBeNull()
  })

  test('never repeats itself', () => {
    expect(new Set(Array.from({ length: 200 }, () => tokenFor())).size).toBe(200)
  })

  test('says nothing in its address that a person would recognise as a secret of another', () => {
    const read = readLinkToken(secret, tokenFor())
    expect(read).toMatchObject({ account: teamLead, subject })
    expect(read?.nonce).toMatch(/^[A-Za-z0-9_-]{22}$/)
  })

  test('needs a secret that can sign and an address that is one', () => {
    expect(() => createPages({ ...plant, secret: 'short', publicUrl })).toThrow(/at least 16/)
    expect(() => createPages({ ...plant, secret, publicUrl: 'andon' })).toThrow()
  })
})

describe('opening a link', () => {
  test('signs in once; the secret of the session is nowhere in the database', async () => {
    const token = tokenFor()
    const first = await open(token)
    expect(first).toMatchObject({ kind: 'opened', subject })
    expect(first.cookie).toMatch(/^[A-Za-z0-9_-]{43}$/)
    const rows = await plant.database.db.selectFrom('page_session').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(first.cookie)
    expect(await plant.pages.session(first.cookie)).toEqual({
      ...{ site: 'SH01', ...teamLead, person: 'li-na' },
      subjects: [subject],
    })
  })

  test('a second time lets in the session that used it and another one of the same account, and nobody else', async () => {
    const token = tokenFor()
    const first = await open(token)
    const other = await open(tokenFor())
    const stranger = await open(tokenFor(welder))
    const before = await count('page_session')
    expect(await open(token, first.cookie)).toMatchObject({ kind: 'again', subject })
    expect(await open(token, other.cookie)).toMatchObject({ kind: 'again', subject })
    expect((await open(token)).kind).toBe('used')
    expect((await open(token, stranger.cookie)).kind).toBe('used')
    expect((await open(token, 'x'.repeat(43))).kind).toBe('used')
    expect((await open(token, '')).kind).toBe('used')
    expect(await count('page_session')).toBe(before)
  })

  test('at once from twenty phones lets in one', async () => {
    const token = tokenFor()
    const kinds = (await Promise.all(Array.from({ length: 20 }, () => open(token)))).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'opened')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'used')).toHaveLength(19)
  })

  test('works for 72 hours of business time and not a second longer', async () => {
    const early = tokenFor()
    const late = tokenFor()
    const start = plant.clock.offset()
    plant.clock.setOffset(start + linkLife - minutes(1))
    expect((await open(early)).kind).toBe('opened')
    plant.clock.setOffset(start + linkLife + 1)
    expect((await open(late)).kind).toBe('expired')
  })

  test('answers alike whether the subject exists or not', async () => {
    expect(await plant.database.db.selectFrom('subject').selectAll().execute()).toEqual([])
    expect((await open(tokenFor())).kind).toBe('opened')
  })

  test('is refused to an account that nobody knows, that is gone, or whose person has left, and the link stays unspent', async () => {
    expect((await open(tokenFor({ connection: 'dingtalk-demo', account: 'nobody' }))).kind).toBe('gone')
    const token = tokenFor()
    const before = await count('page_link')
    await setAccount(teamLead, { state: 'gone' })
    expect((await open(token)).kind).toBe('gone')
    await setAccount(teamLead, { state: 'active' })
    await plant.database.db.updateTable('person').set({ active: false }).where('id', '=', 'li-na').execute()
    expect((await open(token)).kind).toBe('gone')
    await plant.database.db.updateTable('person').set({ active: true }).where('id', '=', 'li-na').execute()
    expect(await count('page_link')).toBe(before)
    expect((await open(token)).kind).toBe('opened')
  })

  test('lets in an account without a person as nobody in particular', async () => {
    const account = { connection: 'feishu-demo', account: 'ou_contractor' }
    await plant.database.db
      .insertInto('account')
      .values({ ...account, site: 'SH01', person: null, proof: null, seen_at: plant.clock.now() })
      .execute()
    const opened = await open(tokenFor(account))
    expect(await plant.pages.session(opened.cookie)).toEqual({ site: 'SH01', ...account, person: null, subjects: [subject] })
  })
})

describe('a forged link', () => {
  const sign = (body: string, key = secret, purpose = 'andon page link\n'): string =>
    `${body}.${Buffer.from(hmacSha256(key, purpose + body), 'hex').toString('base64url')}`
  const bodyOf = (payload: object): string => Buffer.from(JSON.stringify(payload)).toString('base64url')
  const good = () => ({
    c: teamLead.connection,
    a: teamLead.account,
    s: subject,
    n: 'A'.repeat(22),
    e: Math.floor(plant.clock.now().getTime() / 1000) + 60,
  })
  const isInvalid = async (token: string) => expect(await plant.pages.open(token, null)).toEqual({ kind: 'invalid' })

  test('of our own making is accepted, so that the refusals below mean something', async () => {
    expect((await open(sign(bodyOf(good())))).kind).toBe('opened')
  })

  test.each([
    '',
    '.',
    'a.b',
    'x'.repeat(5000),
    `${'x'.repeat(40)}.`,
    `.${'x'.repeat(43)}`,
    '../../etc/passwd',
    `${'A'.repeat(40)}.${'A'.repeat(43)}`,
    '\u0000',
  ])('that is no token at all is refused: %j', isInvalid)

  test('with any character changed is refused', async () => {
    const token = tokenFor()
    for (let at = 0; at < token.length; at += 7) {
      const other = token[at] === 'A' ? 'B' : 'A'
      await isInvalid(token.slice(0, at) + other + token.slice(at + 1))
    }
    await isInvalid(token.slice(0, -1))
    await isInvalid(`${token}A`)
    await isInvalid(token.replace('.', ''))
  })

  test('with the last character of the signature changed in its unused bits is refused', async () => {
    const token = tokenFor()
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const last = alphabet.indexOf(token.at(-1) ?? '')
    await isInvalid(token.slice(0, -1) + alphabet[last ^ 1])
  })

  test('signed with another secret, for another purpose, or taken from another link is refused', async () => {
    await isInvalid(sign(bodyOf(good()), 'another secret of the same length!!!!'))
    await isInvalid(sign(bodyOf(good()), secret, ''))
    const [one, two] = [tokenFor(), tokenFor(welder)]
    await isInvalid(`${one.split('.')[0]}.${two.split('.')[1]}`)
  })

  test.each(['c', 'a', 's', 'n', 'e'] as const)('that lacks %s is refused although it is signed', async (part) => {
    const { [part]: _, ...rest } = good()
    await isInvalid(sign(bodyOf(rest)))
  })

  test.each([
    ['more', { extra: 1 }],
    ['a subject that is a path', { s: '../../x' }],
    ['a subject with a host', { s: '//evil.example' }],
    ['an endless life', { e: null }],
    ['an end that is no number', { e: '9999999999' }],
    ['a fraction', { e: 1.5 }],
    ['an empty account', { a: '' }],
    ['a short nonce', { n: 'A' }],
  ])('with %s is refused although it is signed', async (_, change) => isInvalid(sign(bodyOf({ ...good(), ...change }))))

  test('that is not JSON is refused although it is signed', () =>
    isInvalid(sign(Buffer.from('not json at all, really').toString('base64url'))))

  test('of an older secret stops working when the secret changes', () => {
    const token = linkToken('the secret before this one', {
      account: teamLead,
      subject,
      nonce: 'A'.repeat(22),
      until: new Date(plant.clock.now().getTime() + 1000),
    })
    expect(readLinkToken(secret, token)).toBeNull()
  })
})

describe('a session', () => {
  test('lasts eight hours of business time', async () => {
    const { cookie } = await open(tokenFor())
    const start = plant.clock.offset()
    plant.clock.setOffset(start + sessionLife - minutes(1))
    expect(await plant.pages.session(cookie)).not.toBeNull()
    plant.clock.setOffset(start + sessionLife + 1)
    expect(await plant.pages.session(cookie)).toBeNull()
  })

  test.each([null, '', 'x', 'x'.repeat(43), 'x'.repeat(10_000), "' or 1=1 --"])(
    'is not made by a cookie we never gave: %j',
    async (cookie) => {
      expect(await plant.pages.session(cookie)).toBeNull()
    },
  )

  test('is not opened by what stands in the database', async () => {
    const { cookie } = await open(tokenFor())
    const { id } = await plant.database.db
      .selectFrom('page_session')
      .select('id')
      .orderBy('until', 'desc')
      .executeTakeFirstOrThrow()
    expect(id).toBe(sha256(`andon page session\n${cookie}`))
    expect(await plant.pages.session(id)).toBeNull()
    expect(await plant.pages.session(id.slice(0, 43))).toBeNull()
  })

  test.each([
    ['was unlinked', { person: null }],
    ['was linked to somebody else', { person: 'wang-qiang' }],
    ['is gone', { state: 'gone' }],
    ['was found dead', { state: 'dead' }],
    ['moved to another site', { site: 'SH02' }],
  ])('ends at once when the account %s, and the person is back when it is undone', async (_, change) => {
    const { cookie } = await open(tokenFor())
    await setAccount(teamLead, change)
    expect(await plant.pages.session(cookie)).toBeNull()
    await setAccount(teamLead, { person: 'li-na', state: 'active', site: 'SH01' })
    expect(await plant.pages.session(cookie)).not.toBeNull()
  })

  test('ends at once when the person leaves or the account is deleted', async () => {
    const { cookie } = await open(tokenFor(welder))
    await plant.database.db.updateTable('person').set({ active: false }).where('id', '=', 'zhang-wei').execute()
    expect(await plant.pages.session(cookie)).toBeNull()
    await plant.database.db.updateTable('person').set({ active: true }).where('id', '=', 'zhang-wei').execute()
    expect(await plant.pages.session(cookie)).not.toBeNull()
    await plant.database.db.deleteFrom('account').where('account', '=', welder.account).execute()
    expect(await plant.pages.session(cookie)).toBeNull()
  })

  test('and links are swept when their time is over, and no sooner', async () => {
    await plant.pages.sweep()
    const token = tokenFor()
    const { cookie } = await open(token)
    const before = await count('page_link')
    expect(await plant.pages.sweep()).toBe(0)
    plant.clock.setOffset(plant.clock.offset() + sessionLife + 1)
    await plant.pages.sweep()
    expect(await count('page_link')).toBe(before)
    expect(await plant.pages.session(cookie)).toBeNull()
    expect((await open(token)).kind).toBe('used')
    plant.clock.setOffset(plant.clock.offset() + linkLife + hours(1))
    await plant.pages.sweep()
    expect(await count('page_link')).toBe(0)
    expect(await count('page_session')).toBe(0)
    expect((await open(token)).kind).toBe('expired')
  })
})
