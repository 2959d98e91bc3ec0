import { execFile } from 'node:child_process'
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../../src/cli.ts'
import type { Database } from '../../src/db/database.ts'
import { openPglite } from '../../src/db/pglite.ts'
import { shiftedPlant } from '../support/plant.ts'
import { scratch } from '../support/scratch.ts'
import { openProof, type Proof } from './verify-kit.ts'

const commands = [
  'doctor',
  'verify',
  'checkpoint',
  'export',
  'ledger',
  'draw',
  'accounts',
  'link',
  'unlink',
  'import',
  'migrate',
  'backup',
  'restore',
  'person',
]

/** The command line at a plant of its own: everything it says, and its exit code. */
describe('the command line', () => {
  let proof: Proof
  let env: NodeJS.ProcessEnv
  const andon = async (
    ...argv: string[]
  ): Promise<{ readonly code: number; readonly said: string; readonly lines: readonly string[] }> => {
    const lines: string[] = []
    const code = await runCli(argv, env, (line) => void lines.push(line))
    return { code, said: lines.join('\n'), lines }
  }
  const onDatabase = async (work: (database: Database) => Promise<unknown>): Promise<void> => {
    const database = await openPglite(join(proof.dataDir, 'db'))
    await work(database)
    await database.close()
  }
  const plant = shiftedPlant(0)

  beforeAll(async () => {
    proof = await openProof('pglite')
    await proof.letGo()
    await proof.stage.world.restart()
    await proof.stage.settles()
    const { port } = new URL(proof.stage.world.sandbox.url)
    env = { ANDON_DATA: proof.dataDir, ANDON_PLANT: plant, ANDON_DEMO: '1', SANDBOX_PORT: port }
    await proof.stage.people.electrician.says('配电室积水')
    await proof.stage.settles()
  })
  afterAll(() => proof?.close())

  test('a database that a running service holds is not touched, and that is said', async () => {
    const { code, said } = await andon('verify')
    expect(code).toBe(2)
    expect(said).toMatch(/^verify cannot run\. .* is in use by another process\. Stop that Andon first/)
    const doctor = await andon('doctor')
    expect(doctor.said).toContain('note  database: not looked into.')
    expect(doctor.code, doctor.said).toBe(0)
    await proof.stage.world.stop()
  })

  test('every command explains itself, refuses unknown options and a wrong number of words', async () => {
    for (const command of commands) {
      expect(await andon(command, '--help')).toMatchObject({
        code: 0,
        said: expect.stringContaining(`Usage: npm run andon -- ${command}`),
      })
      expect(await andon(command, '--frobnicate')).toMatchObject({
        code: 2,
        said: expect.stringContaining("Unknown option '--frobnicate'"),
      })
      expect(await andon(command, 'a', 'b', 'c', 'd')).toMatchObject({
        code: 2,
        said: expect.stringContaining('after its name, not 4'),
      })
    }
    expect(await andon()).toMatchObject({ code: 0, said: expect.stringContaining('npm run andon -- <command>') })
    expect(await andon('toString')).toMatchObject({ code: 2, said: expect.stringContaining('There is no command toString.') })
  })

  test('an intact plant is proven, a new checkpoint included', async () => {
    expect(await andon('checkpoint')).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^Wrote \d{8}\.json with \d+ cases to /),
    })
    const { code, lines } = await andon('verify')
    expect(lines).toEqual([
      expect.stringMatching(/^Read 12 cases, \d+ journal entries, \d+ seals in \d lanes, \d checkpoints, 27 photos: intact\.$/),
    ])
    expect(code).toBe(0)
  })

  test('the ledger tells who was sent what, where, at which attempt, and who acted', async () => {
    const { code, lines } = await andon('ledger', proof.closed.code)
    expect(code).toBe(0)
    expect(
      lines.some((line) =>
        /李娜 {2}dingtalk-demo li_na {2}card to triage, urgent – attempt 1: delivered; acted .*: triaged$/.test(line),
      ),
    ).toBe(true)
    expect(lines.filter((line) => /card to verify/.test(line) && /acted .*: passed$/.test(line))).toHaveLength(2)
    expect(lines.at(-1)).toMatch(/^\d+ notices, \d+ attempts, \d+ delivered, \d+ known to have reached somebody\.$/)
    expect(await andon('ledger', 'YH-SH01-19990101-0001-X')).toMatchObject({
      code: 2,
      said: expect.stringContaining('There is no case'),
    })
  })

  test('the draw of the verifiers is found again with the secret, and with no other', async () => {
    const { code, lines } = await andon('draw', proof.closed.code)
    expect(code).toBe(0)
    expect(lines.filter((line) => /, key published before in \d{8}\.json.* – found again$/.test(line))).toHaveLength(2)
    expect(lines.filter((line) => /no roster: nobody was left out for being off shift/.test(line))).toHaveLength(2)
    const bound = (await andon('draw', '--commitments')).lines
    expect(bound.map((line) => /^\d{4}-\d{2}-\d{2} [0-9a-f]{64}$/.test(line))).toEqual(Array.from({ length: 8 }, () => true))
    expect(await andon('draw')).toMatchObject({ code: 2, said: expect.stringContaining('--commitments') })
    expect(await andon('draw', proof.closed.code, '--commitments')).toMatchObject({ code: 2 })
    expect(lines.at(-1)).toMatch(/^2 seats drawn, 2 found again\./)
    const json = (await andon('draw', proof.closed.id, '--json')).lines.map((line) => JSON.parse(line) as { verifier: string })
    expect(new Set(json.map(({ verifier }) => verifier)).size).toBe(2)
    expect(await andon('draw', proof.open.code)).toMatchObject({
      code: 0,
      said: expect.stringContaining('Nobody has been drawn.'),
    })
    const kept = env
    env = { ...env, ANDON_SECRET: 'another secret of thirty-two characters' }
    const other = await andon('draw', proof.closed.code)
    env = kept
    expect(other).toMatchObject({ code: 1, said: expect.stringContaining('another secret') })
  })

  test('an exported case can be checked without Andon, and a changed byte is found there too', async () => {
    const out = scratch('andon-export-')
    expect(await andon('export', proof.closed.code, '--out', out)).toMatchObject({
      code: 0,
      said: expect.stringContaining('and 15 photos to'),
    })
    expect(await andon('export', proof.closed.code, '--out', out)).toMatchObject({
      code: 2,
      said: expect.stringContaining('exists already'),
    })
    const folder = join(out, proof.closed.code)
    const check = () =>
      promisify(execFile)(process.execPath, ['check.mjs'], { cwd: folder }).then(
        ({ stdout }) => ({ code: 0, stdout }),
        (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
      )
    expect(await check()).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+ entries, 15 photos: intact\n$/) })
    const [photo = ''] = readdirSync(join(folder, 'photos'))
    appendFileSync(join(folder, 'photos', photo), 'x')
    const file = join(folder, 'case.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('漏油', '漏水'))
    const { code, stdout } = await check()
    expect(code).toBe(1)
    expect(stdout).toContain('was changed')
    expect(readFileSync(file, 'utf8')).not.toContain(proof.secret)
  })

  test('an account is linked and unlinked by whoever sits at the console, in a journal that stays intact', async () => {
    const visitor = ['wecom-demo', 'visitor_ma'] as const
    expect(await andon('link', 'nowhere', 'x', 'E1001')).toMatchObject({
      code: 2,
      said: expect.stringContaining('There is no connection nowhere'),
    })
    expect(await andon('link', ...visitor, 'E9999')).toMatchObject({
      code: 2,
      said: expect.stringContaining('Nobody has the id or employee number'),
    })
    expect(await andon('unlink', ...visitor)).toMatchObject({ code: 2, said: expect.stringContaining('is linked to nobody') })
    expect(await andon('link', ...visitor, 'E1009')).toMatchObject({
      code: 0,
      said: 'Linked visitor_ma on wecom-demo to 吴刚 (wu-gang).',
    })
    expect(await andon('link', ...visitor, 'zhang-wei')).toMatchObject({
      code: 2,
      said: expect.stringContaining('belongs to wu-gang. Unlink it first.'),
    })
    expect((await andon('accounts')).said).toMatch(/wecom-demo {2}visitor_ma {2}吴刚 \(wu-gang\) {2}by administrator/)
    expect(await andon('unlink', ...visitor)).toMatchObject({ code: 0, said: 'Unlinked visitor_ma on wecom-demo from wu-gang.' })
    expect((await andon('accounts')).said).toMatch(/visitor_ma {2}nobody/)
    expect((await andon('unlink', 'wecom-demo', 'wugang')).said).toContain('The organisation file vouches for this account')
    expect(await andon('verify')).toMatchObject({ code: 0 })
    await onDatabase(async ({ db }) => {
      const events = await db
        .selectFrom('journal')
        .select(['event', 'actor'])
        .where('arrival', 'like', 'system/console:%')
        .orderBy('at')
        .orderBy('seq')
        .execute()
      expect(events.map(({ event }) => (JSON.parse(event) as { type: string }).type)).toEqual([
        'requested',
        'linked',
        'released',
        'requested',
        'released',
      ])
      expect(JSON.parse(events[1]?.event ?? '')).toMatchObject({
        person: 'wu-gang',
        proof: 'administrator',
        by: expect.stringMatching(/^console/),
      })
    })
  })

  test('a person who wrote under an unlinked account is a stranger again after the service starts', async () => {
    await proof.stage.world.restart()
    await proof.stage.settles()
    await proof.stage.people.operator.says('二车间地面有油')
    await proof.stage.people.operator.seesCard('请关联您的身份')
    await proof.stage.world.stop()
  })

  test('an import is shown before it is done, and only then done', async () => {
    const file = JSON.parse(readFileSync(plant, 'utf8')) as { people: { id: string }[] }
    const path = join(scratch('andon-plant-'), 'next.json')
    writeFileSync(path, JSON.stringify({ ...file, people: file.people.filter(({ id }) => id !== 'han-bing') }))
    const dry = await andon('import', path, '--dry-run')
    expect(dry).toMatchObject({ code: 0, said: expect.stringContaining('would leave: 韩冰 (han-bing)') })
    expect(dry.said).toContain('Nothing was changed.')
    const active = async (): Promise<boolean | undefined> => {
      let found: boolean | undefined
      await onDatabase(async ({ db }) => {
        found = (await db.selectFrom('person').select('active').where('id', '=', 'han-bing').executeTakeFirst())?.active
      })
      return found
    }
    expect(await active()).toBe(true)
    expect((await andon('import', path)).said).toContain('The service reads')
    expect(await active()).toBe(false)
    expect(await andon('import', '/nowhere.json')).toMatchObject({ code: 2, said: expect.stringContaining('cannot be read') })
  })

  test('the doctor sees a plant in order, and prints no secret', async () => {
    const { code, said } = await andon('doctor')
    expect(code, said).toBe(0)
    for (const words of [
      'database: it is marked demo',
      'database: its schema is up to date',
      'connection feishu-demo: its credentials work',
      'connection wecom-demo: it cannot make a phone ring',
    ])
      expect(said).toContain(words)
    const connections = readFileSync(new URL('../../demo/connections.json', import.meta.url), 'utf8')
    const secrets = [
      ...connections.matchAll(/"(?:appSecret|clientSecret|secret|encryptKey|token|aesKey|encodingAesKey)": "([^"]+)"/gi),
    ].map(([, secret]) => secret ?? '')
    expect(secrets.length).toBeGreaterThan(5)
    for (const secret of [proof.secret, ...secrets]) expect(said).not.toContain(secret)
  })

  test('the doctor names what is in the way', async () => {
    const closed = { ...env, SANDBOX_PORT: '9', ANDON_CONFIG: '' }
    const lines: string[] = []
    expect(await runCli(['doctor'], closed, (line) => void lines.push(line))).toBe(1)
    expect(lines.filter((line) => line.startsWith('BAD   connection')).length).toBe(3)
    const broken: string[] = []
    expect(await runCli(['doctor'], { ...env, ANDON_CONFIG: '/nowhere.yaml' }, (line) => void broken.push(line))).toBe(1)
    expect(broken[0]).toMatch(/^BAD {3}configuration: ANDON_CONFIG names \/nowhere\.yaml/)
  })

  test('a place without a database is not given one', async () => {
    const empty = scratch('andon-empty-')
    const lines: string[] = []
    expect(await runCli(['verify'], { ...env, ANDON_DATA: empty }, (line) => void lines.push(line))).toBe(2)
    expect(lines[0]).toMatch(/There is no database in/)
    expect(readdirSync(empty)).toEqual(['secret'])
  })

  test('what was falsified is named, counted, and ends with 1', async () => {
    await onDatabase(({ db }) =>
      sql`update subject set state = replace(state, '护栏', '栏杆') where id = ${proof.open.id}`.execute(db),
    )
    const { code, lines } = await andon('verify')
    expect(lines).toEqual([
      `case ${proof.open.code} (${proof.open.id}): its state is not what its journal adds up to.`,
      expect.stringMatching(/: 1 finding\.$/),
    ])
    expect(code).toBe(1)
    const file = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
    const program = promisify(execFile)(process.execPath, [file, 'verify'], { env: { PATH: process.env.PATH, ...env } })
    await expect(program).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining(': 1 finding.\n') })
    const json = await andon('verify', '--json')
    expect(JSON.parse(json.lines[0] ?? '')).toMatchObject({ kind: 'state-differs' })
    expect(JSON.parse(json.lines[1] ?? '')).toMatchObject({ findings: 1, photos: 27 })
  })
})
