import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Database, migrate } from '../../src/db/database.ts'
import { openPglite } from '../../src/db/pglite.ts'
import type { Arrival } from '../../src/engine/arrival.ts'
import { createDecideBatch, heldEffects } from '../../src/engine/engine.ts'
import { claimEffects } from '../../src/engine/outbox-rows.ts'
import { type EngineParts, noCallOut } from '../../src/engine/parts.ts'
import { createRegistry } from '../../src/engine/registry.ts'
import { createClock } from '../../src/lib/clock.ts'
import { silent } from '../../src/lib/log.ts'
import { importOrganisation, organisationFile } from '../../src/people/organisation.ts'
import { scratch } from '../support/scratch.ts'

const organisation = organisationFile.parse(JSON.parse(readFileSync(new URL('../../demo/plant.json', import.meta.url), 'utf8')))
const site = organisation.site.id
const replica = 'replica-1'
const clock = createClock()

const partsOn = (database: Database): EngineParts => ({
  ...{ database, clock, log: silent, registry: createRegistry(), platforms: new Map(), siteOf: () => site },
  ...{ secret: 'a secret of this test', replica, lane: 'test', page: () => null },
  ...{ images: { known: () => undefined, takes: () => false }, count: () => {}, heardOffset: () => {}, callOut: noCallOut },
})

const report = (key: string): Arrival => ({
  source: 'platform',
  site,
  incoming: {
    ...{ kind: 'message', connection: 'wecom-demo', account: `stranger-${key}`, accountName: null, conversation: 'direct' },
    ...{ direct: true, key, alias: null, at: clock.now(), text: '楼梯扶手松动', files: [], place: null },
  },
})

test('what a replica has no room for is not performed from memory; it waits in the table, once', async () => {
  const database = await openPglite(join(scratch('held-effects'), 'db'))
  try {
    await migrate(database.db)
    await database.db.transaction().execute((tx) => importOrganisation(tx, organisation, clock.now()))
    let room = true
    const decide = createDecideBatch(partsOn(database), { mayHold: () => room })
    const taken = (await decide([report('a')])).committed
    room = false
    const left = (await decide([report('b')])).committed
    const ids = (effects: readonly { readonly id?: unknown }[]): readonly string[] => effects.map(({ id }) => String(id)).sort()
    expect(taken.effects.length).toBeGreaterThan(0)
    expect(ids(heldEffects(taken, replica))).toEqual(ids(taken.effects))
    expect(left.effects.length).toBeGreaterThan(0)
    expect(heldEffects(left, replica)).toEqual([])
    const claimed = await claimEffects(database.db, replica, clock.now(), 100)
    expect(ids(claimed)).toEqual(ids(left.effects))
  } finally {
    await database.close()
  }
})
