import type { Database } from '../db/database.ts'
import type { BlobStore } from '../evidence/blobs.ts'
import { createGate } from '../lib/batcher.ts'
import { sha256 } from '../lib/crypto.ts'
import type { Log } from '../lib/log.ts'
import type { Paper } from '../papers/paper.ts'
import { permitForm } from '../papers/permit-form.ts'
import type { LoadedPlant } from '../people/plant.ts'
import { unpapered } from '../workflows/permit/paper.ts'
import type { PermitState } from '../workflows/permit/permit.ts'
import type { Arrival, Outcome } from './arrival.ts'
import type { Drawable } from './draw.ts'

export type PaperTools = {
  readonly database: Pick<Database, 'db'>
  readonly blobs: Pick<BlobStore, 'get' | 'put'>
  readonly plantOf: (site: string) => Promise<LoadedPlant>
  readonly decide: (arrival: Arrival) => Promise<Pick<Outcome, 'kind'>>
  /** Makes the document; null where that is left to other replicas, and only what lies in the store is given out. */
  readonly draw: ((paper: Paper) => Promise<Uint8Array>) | null
  readonly publicUrl: string
  readonly log: Log
}

/** `document` is the SHA-256 of the bytes, as the journal has it; `revision` the entry up to which it tells. */
export type PaperFound = { readonly bytes: Uint8Array; readonly document: string; readonly revision: number }

export type Papers = {
  /** The paper of a case as its journal stands. Null for a case that has none, and where it must be made elsewhere first. Throws when it cannot be recorded. */
  readonly of: (on: Pick<Drawable, 'site' | 'id' | 'registered'>) => Promise<PaperFound | null>
}

type On = Parameters<Papers['of']>[0]
type Entry = { readonly seq: number; readonly at: Date; readonly event: string; readonly hash: string }
/** The journal, and how much of it a paper tells. */
type Read = { readonly state: PermitState; readonly told: PermitState; readonly last: Entry }

const readEntries = ({ db }: PaperTools['database'], { site, id }: On): Promise<readonly Entry[]> =>
  db
    .selectFrom('journal')
    .select(['seq', 'at', 'event', 'hash'])
    .where('site', '=', site)
    .where('subject', '=', id)
    .orderBy('seq')
    .execute()

const readCase = async (database: PaperTools['database'], on: On): Promise<Read | null> => {
  const entries = (await readEntries(database, on)).map((entry) => ({
    ...entry,
    told: JSON.parse(entry.event) as { readonly type: string },
  }))
  const last = entries.findLast(({ told }) => !unpapered.has(told.type))
  if (!last) return null
  const fold = (some: typeof entries) =>
    some.reduce<{ readonly status: string } | null>((state, { told }) => on.registered.workflow.evolve(state, told), null)
  const [state, told] = [fold(entries), fold(entries.filter(({ seq }) => seq <= last.seq))]
  return state && told ? { state: state as PermitState, told: told as PermitState, last } : null
}

/** More than these are not drawn at the same time: each takes some tenths of a second of the processor. */
const atOnce = 2

/**
 * Statutory forms as immutable documents: made from the journal up to its last telling entry, kept under their hash, the hash written into the journal. Asked for
 * again without anything having happened, it is the same document.
 */
export const createPapers = (tools: PaperTools): Papers => {
  const { database, blobs, plantOf, decide, draw, publicUrl, log } = tools
  const gate = createGate(atOnce)
  const underWay = new Map<string, Promise<PaperFound | null>>()

  const stored = async ({ document, revision }: NonNullable<PermitState['paper']>): Promise<PaperFound | null> => {
    const bytes = await blobs.get(document)
    if (bytes && sha256(bytes) === document) return { bytes, document, revision }
    log.error('a paper in the store is gone or is not what its name says', { document })
    return null
  }

  const drawn = async (on: On, { told, last }: Read): Promise<Uint8Array | null> => {
    const { plant } = await plantOf(on.site)
    const about = {
      state: told,
      plant,
      revision: last.seq,
      head: last.hash,
      at: new Date(last.at),
      page: `${publicUrl}/c/${on.id}`,
    }
    const paper = permitForm(about)
    return paper && draw ? gate(() => draw(paper)) : null
  }

  /** One document for each state of the journal: whoever is first decides its bytes. */
  const record = async (on: On, read: Read, bytes: Uint8Array): Promise<PaperFound | null> => {
    const { key: document } = await blobs.put(bytes, 'application/pdf')
    const { kind } = await decide({
      ...{
        source: 'system',
        site: on.site,
        key: `paper:${on.id}:${read.last.seq}`,
        subject: on.id,
        workflow: on.registered.workflow.name,
      },
      command: { type: 'notePaper', revision: read.last.seq, document },
    })
    if (kind !== 'decided' && kind !== 'repeated') throw new Error(`the paper could not be recorded: ${kind}`)
    const after = await readCase(database, on)
    return after?.state.paper ? stored(after.state.paper) : null
  }

  const make = async (on: On): Promise<PaperFound | null> => {
    const read = await readCase(database, on)
    if (!read) return null
    const { paper } = read.state
    const known = paper && paper.revision === read.last.seq ? await stored(paper) : null
    if (known || (!draw && paper)) return known ?? (paper ? stored(paper) : null)
    const bytes = await drawn(on, read)
    if (!bytes) return null
    if (paper?.revision !== read.last.seq) return record(on, read, bytes)
    // Lost from the store: what is drawn anew counts only when it is the very document that the journal names.
    if (sha256(bytes) !== paper.document) return null
    await blobs.put(bytes, 'application/pdf')
    return { bytes, ...paper }
  }

  return {
    of: (on) => {
      if (on.registered.workflow.name !== 'permit') return Promise.resolve(null)
      const known = underWay.get(on.id)
      if (known) return known
      const work = make(on).finally(() => underWay.delete(on.id))
      underWay.set(on.id, work)
      return work
    },
  }
}
