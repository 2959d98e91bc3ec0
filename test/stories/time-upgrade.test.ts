import { join } from 'node:path'
import { expect } from 'vitest'
import { createCheckpointDirectory } from '../../src/engine/checkpoint-directory.ts'
import { type Finding, sayFinding } from '../../src/engine/findings.ts'
import { createRegistry } from '../../src/engine/registry.ts'
import { verifyWithin } from '../../src/engine/verify.ts'
import { createDirectoryBlobs } from '../../src/evidence/directory-blobs.ts'
import { days } from '../../src/lib/clock.ts'
import { layReleaseOne, releaseOne } from '../support/release-1.ts'
import { type Stage, story } from '../support/story.ts'

/** What `andon verify` says of the database as it is now. */
const verified = async ({ world }: Stage): Promise<readonly string[]> => {
  const findings: Finding[] = []
  const tools = {
    registry: createRegistry(),
    secret: releaseOne.secret,
    blobs: createDirectoryBlobs({ dir: join(world.dataDir, 'blobs') }),
    checkpoints: createCheckpointDirectory(join(world.dataDir, 'checkpoints')),
    found: (finding: Finding) => void findings.push(finding),
  }
  const { db } = world.running().database
  await db.transaction().execute((tx) => verifyWithin(tx, tools))
  return findings.map(sayFinding)
}

const { reported, accepted, rectifying, verifying } = releaseOne.cases

/** Open cases of the first release with the tags of their clocks, by code. */
const clocksOf = async ({ world }: Stage): Promise<Readonly<Record<string, readonly string[]>>> => {
  const rows = await world
    .running()
    .database.db.selectFrom('subject as s')
    .leftJoin('deadline as d', 'd.subject', 's.id')
    .select(['s.code', 'd.tag'])
    .where('s.workflow', '=', 'hazard')
    .where('s.open', '=', true)
    .execute()
  const open = Object.groupBy(rows, ({ code }) => code)
  return Object.fromEntries(
    Object.entries(open).map(([code, of]) => [code, (of ?? []).flatMap(({ tag }) => (tag === null ? [] : [tag])).sort()]),
  )
}

const stateOf = async ({ world }: Stage, code: string) => {
  const { db } = world.running().database
  const { state } = await db.selectFrom('subject').select('state').where('code', '=', code).executeTakeFirstOrThrow()
  const read = (typeof state === 'string' ? JSON.parse(state) : state) as {
    readonly called: readonly { readonly role: string }[]
    readonly overdue: number
  }
  return { roles: [...new Set(read.called.map(({ role }) => role))], overdue: read.overdue }
}

story(
  'open cases of the first release keep their clocks and their ladder over days and a restart, get no card by a later rule, and stay proven',
  [
    { database: 'pglite', shift: 0, door: 'stream' },
    { database: 'postgres', shift: 0, door: 'http' },
  ],
  async (stage) => {
    const { clock, settles, world } = stage
    await settles()
    const before = await clocksOf(stage)
    const known = { [reported]: ['climb'], [accepted]: ['due'], [rectifying]: ['due'], [verifying]: ['verify'] }
    expect(before).toMatchObject(known)
    expect(Object.values(before).map(({ length }) => length)).not.toContain(0)
    await clock.passes(days(5))
    await world.restart()
    await settles()
    await clock.passes(days(5))
    expect(await clocksOf(stage)).toEqual(before)
    expect((await stateOf(stage, reported)).roles).toEqual(['teamLead', 'deptHead', 'productionDirector'])
    expect((await stateOf(stage, accepted)).overdue).toBeGreaterThan(0)
    const { db } = world.running().database
    expect(await db.selectFrom('subject').select('id').where('workflow', '=', 'penalty').execute()).toEqual([])
    expect(await verified(stage)).toEqual([])
  },
  { env: { ANDON_SECRET: releaseOne.secret }, prepare: layReleaseOne },
)
