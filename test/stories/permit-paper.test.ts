import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { runCli } from '../../src/cli.ts'
import { verifyBlob } from '../../src/evidence/blobs.ts'
import { createDirectoryBlobs } from '../../src/evidence/directory-blobs.ts'
import { later, minutes } from '../../src/lib/clock.ts'
import { createBoardLink, revokeBoardLink } from '../../src/people/board-link.ts'
import { withCertificates } from '../support/permit-desk.ts'
import { scratch } from '../support/scratch.ts'
import { story } from '../support/story.ts'
import { across, once } from '../support/world.ts'
import { hotWorkOn, stateOf } from './permit-outside-kit.ts'

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

story(
  'the form of a permit is one document until something happens; its hash is in the journal, and the console gives the same',
  across.slice(0, 2),
  async (stage) => {
    const { desk, code } = await hotWorkOn(stage)
    const { people, world, settles } = stage
    const { id } = await stateOf(stage, code)
    const seen = await world.get<readonly { id: string; links: readonly string[]; title: string }[]>(
      `/people/${people.welder.id}/sees`,
    )
    const card = seen.findLast(({ links, title }) => links.length > 0 && title.includes('动火'))
    const opened = await world.post<{ url: string; session: { cookie: string } }>(`/people/${people.welder.id}/opens`, {
      message: card?.id ?? '',
      label: card?.links[0] ?? '',
    })
    const at = new URL(`/api/cases/${id}/paper`, opened.url)
    const get = async () => {
      const answer = await fetch(at, { headers: { cookie: opened.session.cookie } })
      return {
        status: answer.status,
        mime: answer.headers.get('content-type'),
        bytes: new Uint8Array(await answer.arrayBuffer()),
      }
    }
    const [first, twin] = await Promise.all([get(), get()])
    expect(first).toMatchObject({ status: 200, mime: 'application/pdf' })
    expect(sha(twin.bytes)).toBe(sha(first.bytes))
    await settles()
    const before = await stateOf(stage, code)
    expect(before.state.paper).toMatchObject({ document: sha(first.bytes), revision: before.revision - 1 })
    expect(sha((await get()).bytes)).toBe(sha(first.bytes))
    expect((await stateOf(stage, code)).revision).toBe(before.revision)
    expect((await fetch(at)).status).toBe(401)

    expect(await desk.presses(people.operator, code, 'stopWork', { reason: '闻到异味' })).toContain('已停止作业')
    const next = await get()
    expect(sha(next.bytes)).not.toBe(sha(first.bytes))
    const blobs = createDirectoryBlobs({ dir: join(world.dataDir, 'blobs') })
    for (const { bytes } of [first, next]) expect(await verifyBlob(blobs, sha(bytes))).toBe('intact')
    if (world.arrangement.database === 'pglite') {
      const path = join(scratch('andon paper '), 'form.pdf')
      const lines: string[] = []
      await world.stop()
      const env = { ANDON_DATA: world.dataDir, ANDON_DEMO: '1' }
      expect(await runCli(['permit', code, '--pdf', path], env, (line) => lines.push(line)), lines.join('\n')).toBe(0)
      expect(sha(readFileSync(path))).toBe(sha(next.bytes))
      expect(await runCli(['permit', code, '--pdf', path], env, () => {})).toBe(2)
      expect(await runCli(['verify'], env, (line) => lines.push(line)), lines.join('\n')).toBe(0)
    }
  },
  withCertificates(),
)

story(
  'a wall screen with its link sees the work turn from green to red; without a link, with a forged or withdrawn one, it sees nothing',
  once,
  async (stage) => {
    const { desk, code } = await hotWorkOn(stage)
    const { url, database, parts } = stage.world.running()
    const { secret, clock } = parts
    const until = later(clock.now(), minutes(600))
    const { id, key } = await createBoardLink(database.db, secret, { site: 'SH01', name: '调度室', until })
    const board = async (query: string) => {
      const answer = await fetch(`${url}/board/permits${query}`)
      return { status: answer.status, text: await answer.text(), policy: answer.headers.get('content-security-policy') ?? '' }
    }
    const shown = await board(`?key=${key}`)
    expect(shown).toMatchObject({ status: 200, policy: expect.stringContaining("script-src 'self'") })
    expect(shown.text).toMatch(new RegExp(`<tr class="green">.*作业中.*${code}.*动火作业.*张伟`))
    expect(await desk.presses(stage.people.operator, code, 'stopWork', { reason: '闻到异味' })).toContain('已停止作业')
    expect((await board(`?key=${key}`)).text).toMatch(new RegExp(`<tr class="red">.*已停止.*${code}`))

    const forged = `${key.slice(0, 23)}${'0'.repeat(64)}`
    for (const query of ['', '?key=', `?key=${forged}`, `?key=${key}x`, '?key=..%2F..%2Fetc']) {
      const answer = await board(query)
      expect([query, answer.status, answer.text.includes(code)]).toEqual([query, 403, false])
    }
    expect(await revokeBoardLink(database.db, id)).toBe(true)
    expect((await board(`?key=${key}`)).status).toBe(403)
    const old = await createBoardLink(database.db, secret, { site: 'SH01', name: '', until: clock.now() })
    expect((await board(`?key=${old.key}`)).status).toBe(403)
    expect((await fetch(`${url}/board/board.js`)).headers.get('content-type')).toContain('text/javascript')
  },
  withCertificates(),
)
