import type { Database, Handle } from '../db/database.ts'
import type { BlobStore } from '../evidence/blobs.ts'
import type { CheckpointStore } from './checkpoint.ts'
import { type Finding, makeFinding, nameOfCase, type Report } from './findings.ts'
import { forgottenRedactions, type Redaction, redactionOf } from './redaction.ts'
import type { Registered } from './registry.ts'
import { type EntryRow, verifyChains, verifyJournals, verifyTraces } from './verify-chains.ts'
import { verifyCheckpoints } from './verify-checkpoints.ts'
import { verifyLinks } from './verify-links.ts'
import { verifyPhotos } from './verify-photos.ts'
import { verifySealed, verifySeals } from './verify-seals.ts'

export type VerifyTools = {
  readonly registry: ReadonlyMap<string, Registered>
  readonly secret: string
  readonly blobs: BlobStore
  readonly checkpoints: CheckpointStore
  /** Told of each finding as it is found; there may be millions. */
  readonly found: (finding: Finding) => void
  /** Told of each entry from which somebody's identity was taken, with a record that fits. `on` names the case. */
  readonly redacted?: (redaction: Redaction, on: string) => void
}

export type Counts = {
  readonly cases: number
  readonly entries: number
  readonly lanes: number
  readonly seals: number
  readonly checkpoints: number
  readonly photos: number
  readonly redacted: number
  readonly findings: number
}

/**
 * Holds everything that proves a case against everything else that does (`docs/proof.md`), reading each table once in the order of its key. The handle must show one
 * moment: a transaction of isolation `repeatable read` that has read nothing yet, because the checkpoints are listed before its first statement.
 */
export const verifyWithin = async (
  handle: Handle,
  { registry, secret, blobs, checkpoints, found, redacted: told = () => {} }: VerifyTools,
): Promise<Counts> => {
  const counts = { cases: 0, entries: 0, lanes: 0, seals: 0, checkpoints: 0, photos: 0, redacted: 0, findings: 0 }
  const count = (what: keyof Counts): void => {
    counts[what] += 1
  }
  const report: Report = (kind, on, values) => {
    count('findings')
    found(makeFinding(kind, on, values))
  }
  const photos = async (state: unknown, on: string): Promise<void> => {
    counts.photos += await verifyPhotos(blobs, state, on, report)
  }
  const redacted = async (entry: EntryRow, content: string, on: string): Promise<boolean> => {
    const redaction = await redactionOf(handle, secret, entry, content)
    if (redaction === null) return false
    count('redacted')
    told(redaction, on)
    return true
  }
  const names = await checkpoints.list()
  const chains = { registry, report, count, photos, redacted }
  await verifyChains(handle, chains)
  await verifyJournals(handle, chains)
  await verifyTraces(handle, report)
  await verifyLinks(handle, report)
  await verifySeals(handle, { secret, report, count })
  await verifySealed(handle, report)
  for (const [subject, seq] of await forgottenRedactions(handle))
    report('redaction-forgotten', nameOfCase(subject, null), { seq })
  await verifyCheckpoints(handle, names, { store: checkpoints, secret, report, count })
  return counts
}

/** Verifies one moment of a database beside a service that goes on working. Changes nothing. */
export const verify = ({ db }: Database, tools: VerifyTools): Promise<Counts> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) => verifyWithin(tx, tools))
