import { sql } from 'kysely'
import { type Handle, rowsOf } from '../db/database.ts'
import { sha256 } from '../lib/crypto.ts'
import {
  type Checkpoint,
  type CheckpointStore,
  checkpointName,
  firstCheckpoint,
  readCheckpointFile,
  rememberedCheckpoint,
  seqOfName,
  signedByUs,
} from './checkpoint.ts'
import type { Report } from './findings.ts'
import { type HeadKinds, verifyHeads } from './verify-heads.ts'

const kinds: HeadKinds = {
  gone: 'checkpointed-case-missing',
  missing: 'checkpointed-entry-missing',
  differs: 'checkpointed-entry-differs',
}
const pageSize = 5_000

const slices = <T>(list: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / pageSize) }, (_, index) => list.slice(index * pageSize, (index + 1) * pageSize))

const nameOf = (seq: number, at: string | null): string => (at === null ? `checkpoint ${seq}` : `checkpoint ${seq} of ${at}`)

const verifyLanes = async (handle: Handle, { lanes, seq: checkpoint, at }: Checkpoint, report: Report): Promise<void> => {
  const asked = lanes.map(([lane, seq], n) => ({ n, lane, seq }))
  const { rows } = await sql<{
    n: number
    hash: string | null
  }>`select k.n, s.hash from json_to_recordset(${rowsOf(asked)}::json) as k(n integer, lane text, seq bigint)
    left join seal s on s.lane = k.lane and s.seq = k.seq`.execute(handle)
  for (const { n, hash } of rows) {
    const known = lanes[n]
    if (!known || hash === known[2]) continue
    const on = `${nameOf(checkpoint, at)}, seal lane ${known[0]}`
    report(hash === null ? 'checkpointed-seal-missing' : 'checkpointed-seal-differs', on, { seq: known[1] })
  }
}

/** What a genuine checkpoint remembers, against what is there now. */
const verifyContent = async (handle: Handle, checkpoint: Checkpoint, report: Report): Promise<void> => {
  const source = nameOf(checkpoint.seq, checkpoint.at)
  await verifyLanes(handle, checkpoint, report)
  for (const heads of slices(checkpoint.heads))
    await verifyHeads(
      handle,
      heads.map((head) => ({ head, source })),
      kinds,
      report,
    )
}

export type CheckpointTools = {
  readonly store: CheckpointStore
  readonly secret: string
  readonly report: Report
  readonly count: (what: 'checkpoints') => void
}

type Place = { seq: number; hash: string }

const verifyFile = async (handle: Handle, place: Place, seq: number, tools: CheckpointTools): Promise<void> => {
  const { store, secret, report } = tools
  const on = nameOf(seq, null)
  const bytes = await store.read(checkpointName(seq))
  if (bytes === null) return report('checkpoints-missing', on, { from: seq, to: seq })
  tools.count('checkpoints')
  const checkpoint = readCheckpointFile(bytes)
  const before = place.hash
  const follows = seq === place.seq + 1
  place.seq = seq
  place.hash = sha256(bytes)
  if (checkpoint === null) return report('checkpoint-unreadable', on)
  if (!signedByUs(secret, checkpoint)) return report('checkpoint-forged', on)
  if (checkpoint.seq !== seq) report('checkpoint-misnamed', on, { seq: checkpoint.seq })
  else if (follows && checkpoint.prev !== before) report('checkpoint-unlinked', on)
  await verifyContent(handle, checkpoint, report)
}

/** The database remembers the newest checkpoint; its file must be there and be the same. One that was written during this verification may be newer than the list. */
const verifyRemembered = async (handle: Handle, last: Place, { store, report }: CheckpointTools): Promise<void> => {
  const remembered = await rememberedCheckpoint(handle)
  if (remembered === null) return
  const bytes = await store.read(checkpointName(remembered.seq))
  if (bytes === null && remembered.seq > last.seq)
    report('checkpoints-missing', store.place, { from: last.seq + 1, to: remembered.seq })
  if (bytes !== null && sha256(bytes) !== remembered.hash) report('checkpoint-replaced', nameOf(remembered.seq, null))
}

/** Walks the files that were there when `names` were listed: their own chain and signatures, and everything they remember against the present. */
export const verifyCheckpoints = async (handle: Handle, names: readonly string[], tools: CheckpointTools): Promise<void> => {
  const place: Place = { seq: 0, hash: firstCheckpoint }
  for (const name of names) {
    const seq = seqOfName(name)
    if (seq === null) continue
    if (seq > place.seq + 1) tools.report('checkpoints-missing', tools.store.place, { from: place.seq + 1, to: seq - 1 })
    await verifyFile(handle, place, seq, tools)
  }
  await verifyRemembered(handle, place, tools)
}
