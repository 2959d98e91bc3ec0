import { type CheckpointStore, checkpointName, readCheckpointFile, seqOfName, signedByUs } from './checkpoint.ts'

/** Where a commitment was published first: the file, and when it was written. */
export type Published = { readonly name: string; readonly at: string }

/** What the checkpoints say of the keys of some days: for each day each commitment, and the first file in which it stands. */
export type PublishedDays = ReadonlyMap<string, ReadonlyMap<string, Published>>

/** Reads what was published for these days. Files that are not ours, or cannot be read, publish nothing; `verify` is who complains of them. */
export const publishedCommitments = async (
  store: CheckpointStore,
  secret: string,
  epochs: ReadonlySet<string>,
): Promise<PublishedDays> => {
  const days = new Map<string, Map<string, Published>>()
  for (const name of await store.list()) {
    const seq = seqOfName(name)
    const bytes = seq === null ? null : await store.read(checkpointName(seq))
    const checkpoint = bytes && readCheckpointFile(bytes)
    if (!checkpoint || !signedByUs(secret, checkpoint)) continue
    for (const [epoch, commitment] of checkpoint.draws ?? []) {
      if (!epochs.has(epoch)) continue
      const found = days.get(epoch) ?? new Map<string, Published>()
      if (!found.has(commitment)) found.set(commitment, { name, at: checkpoint.at })
      days.set(epoch, found)
    }
  }
  return days
}

export type Bound = { readonly before: Published | null; readonly wrong: readonly string[] }

/** Was the key of a draw bound before the draw? Another commitment for the same day, or one that came only afterwards, does not fit. */
export const boundBefore = (
  draw: { readonly epoch: string; readonly commitment: string; readonly at: string },
  days: PublishedDays,
): Bound => {
  const known = days.get(draw.epoch)
  const own = known?.get(draw.commitment)
  const others = [...(known?.keys() ?? [])].some((commitment) => commitment !== draw.commitment)
  return {
    before: own && own.at <= draw.at ? own : null,
    wrong: others ? ['checkpoints published another commitment for that day'] : [],
  }
}
