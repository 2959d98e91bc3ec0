import { join } from 'node:path'
import { expect } from 'vitest'
import { createCheckpointDirectory } from '../../src/engine/checkpoint-directory.ts'
import { type Finding, sayFinding } from '../../src/engine/findings.ts'
import { createRegistry } from '../../src/engine/registry.ts'
import { verifyWithin } from '../../src/engine/verify.ts'
import { createDirectoryBlobs } from '../../src/evidence/directory-blobs.ts'
import { cardOf, expectAnswered } from '../support/acts.ts'
import { layReleaseOne, releaseOne } from '../support/release-1.ts'
import { type Actor, type Stage, story } from '../support/story.ts'

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

const statusOf = async ({ world }: Stage, code: string): Promise<string | undefined> => {
  const { db } = world.running().database
  return (await db.selectFrom('subject').select('status').where('code', '=', code).executeTakeFirst())?.status
}

/** The platforms have forgotten the cards of that time, so whoever asks by the code gets a new one. */
const asks = async (actor: Actor, code: string) => {
  await actor.says(code)
  return cardOf(actor, code)
}

story(
  'a database of the first release opens, verifies and goes on',
  [
    { database: 'pglite', shift: 0, door: 'http' },
    { database: 'postgres', shift: 0, door: 'stream' },
  ],
  async (stage) => {
    const { people, settles } = stage
    const { cases } = releaseOne
    await settles()
    expect(await verified(stage)).toEqual([])
    expect(await statusOf(stage, cases.closed)).toBe('closed')
    expect(await statusOf(stage, cases.rejected)).toBe('rejected')

    const closed = await asks(people.teamLead, cases.closed)
    expect(closed.title).toContain('隐患已关闭')

    const officers = [people.officerA, people.officerB]
    for (const officer of officers) {
      await officer.says(cases.verifying)
      const card = (await officer.sees()).findLast(({ text }) => text.includes(cases.verifying))
      if (card?.actions.includes('验收通过')) expectAnswered(await officer.presses('验收通过', {}, card.id))
    }
    expect(await statusOf(stage, cases.verifying)).toBe('closed')

    const rectifying = await asks(people.teamLead, cases.rectifying)
    expect(rectifying.actions.length).toBeGreaterThan(0)
    const reported = await asks(people.leadTwo, cases.reported)
    expectAnswered(await people.leadTwo.presses('接单', {}, reported.id))
    expect(await statusOf(stage, cases.reported)).toBe('accepted')

    await people.welder.says('3号泵房护罩缺失')
    await settles()
    expect(await verified(stage)).toEqual([])
  },
  { env: { ANDON_SECRET: releaseOne.secret }, prepare: layReleaseOne },
)
