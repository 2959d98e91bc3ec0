import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRivals, type Rivals, race } from '../support/permit-rivals.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'

/** As many pairs as fit into some twenty seconds; the bench plays ten thousand. */
const pairs = 200
let database: TestDatabase
let rivals: Rivals

beforeAll(async () => {
  database = await createDatabase()
  rivals = await openRivals(database.url)
})
afterAll(async () => {
  await rivals?.close()
  await database?.drop()
})

test(`of two permits that exclude each other, submitted through two replicas in one millisecond, exactly one gets in: ${pairs} times`, async () => {
  const outcomes = new Map<string, number>()
  const winners = new Set<string>()
  for (let round = 0; round < pairs; round += 1) {
    const { statuses, winner } = await race(rivals, round)
    outcomes.set(statuses, (outcomes.get(statuses) ?? 0) + 1)
    winners.add(winner)
  }
  expect(Object.fromEntries(outcomes)).toEqual({ 'draft jsa': pairs })
  expect([...winners].sort()).toEqual(['left', 'right'])
})
