import { appendFileSync, chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Tx } from '../../src/db/database.ts'
import { readCheckpointFile, writeCheckpointFile } from '../../src/engine/checkpoint.ts'
import { createCheckpointDirectory } from '../../src/engine/checkpoint-directory.ts'
import { sealHash } from '../../src/engine/journal.ts'
import { photosIn } from '../../src/engine/verify-photos.ts'
import { createDirectoryBlobs } from '../../src/evidence/directory-blobs.ts'
import { eraseCase, longestLane, nothing, openProof, type Proof } from './verify-kit.ts'

describe.each(['pglite', 'postgres'] as const)('what is outside the database, beside %s', (kind) => {
  let proof: Proof
  beforeAll(async () => {
    proof = await openProof(kind)
  })
  afterAll(() => proof?.close())

  // ── Photos ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Of a blind copy's two renditions and the three of the file itself, which no task of a verifier shows: the original. */
  const photoOf = async (tx: Tx): Promise<string> => {
    const { state } = await tx.selectFrom('subject').select('state').where('id', '=', proof.closed.id).executeTakeFirstOrThrow()
    const [, , photo] = photosIn(JSON.parse(state))
    if (!photo) throw new Error('no photo')
    return photo
  }
  const spoilPhoto = async (spoil: (path: string) => void): Promise<readonly string[]> => {
    const dir = proof.copyOf('blobs')
    const { lines } = await proof.after(
      async (tx) => {
        const photo = await photoOf(tx)
        spoil(join(dir, photo.slice(0, 2), photo.slice(2, 4), photo))
      },
      { blobs: createDirectoryBlobs({ dir }) },
    )
    return lines
  }

  test('one changed byte of a photo', async () => {
    const lines = await spoilPhoto((path) => {
      const bytes = readFileSync(path)
      bytes[1_000] = (bytes[1_000] ?? 0) ^ 1
      chmodSync(path, 0o600)
      writeFileSync(path, bytes)
    })
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^case ${proof.closed.code} .* is not the one that was stored\\.$`))])
  })

  test('a removed photo', async () => {
    expect(await spoilPhoto((path) => rmSync(path))).toEqual([expect.stringMatching(/is gone from the store\.$/)])
  })

  test('a photo that cannot be read', async () => {
    const lines = await spoilPhoto((path) => {
      const folder = dirname(path)
      rmSync(folder, { recursive: true })
      symlinkSync(folder, folder)
    })
    expect(lines).toContainEqual(expect.stringMatching(/cannot be read from the store \(ELOOP\)\.$/))
  })

  // ── Checkpoints ────────────────────────────────────────────────────────────────────────────────────────────────────

  const spoilCheckpoints = async (spoil: (dir: string) => void, tamper: (tx: Tx) => Promise<void> = nothing) => {
    const dir = proof.copyOf('checkpoints')
    for (const name of readdirSync(dir)) chmodSync(join(dir, name), 0o600)
    spoil(dir)
    return proof.after(tamper, { checkpoints: createCheckpointDirectory(dir) })
  }
  const file = (dir: string, which: 1 | 2 | 3): string =>
    join(dir, `${String(proof.checkpoints[which - 1]).padStart(8, '0')}.json`)

  test('a checkpoint with a changed character', async () => {
    const { lines } = await spoilCheckpoints((dir) =>
      writeFileSync(file(dir, 2), readFileSync(file(dir, 2), 'utf8').replace('"more":false', '"more":true')),
    )
    expect(lines[0]).toMatch(`checkpoint ${proof.checkpoints[1]}: the file was not signed with the secret of this installation`)
  })

  test('a checkpoint that is no longer one', async () => {
    const { kinds } = await spoilCheckpoints((dir) => appendFileSync(file(dir, 2), 'x'))
    expect(kinds).toEqual(['checkpoint-unlinked', 'checkpoint-unreadable'])
  })

  test('a checkpoint removed from the middle', async () => {
    const { kinds, lines } = await spoilCheckpoints((dir) => rmSync(file(dir, 2)))
    expect(kinds).toEqual(['checkpoints-missing'])
    expect(lines[0]).toMatch(`checkpoints ${proof.checkpoints[1]} to ${proof.checkpoints[1]} are missing.`)
  })

  test('the newest checkpoint removed, and all of them', async () => {
    expect((await spoilCheckpoints((dir) => rmSync(file(dir, 3)))).lines[0]).toMatch(
      `checkpoints ${proof.checkpoints[2]} to ${proof.checkpoints[2]} are missing.`,
    )
    expect((await spoilCheckpoints((dir) => rmSync(dir, { recursive: true }))).lines).toEqual([
      expect.stringContaining(`checkpoints 1 to ${proof.checkpoints[2]} are missing.`),
    ])
  })

  test('a checkpoint replaced by an older one', async () => {
    const { kinds } = await spoilCheckpoints((dir) => copyFileSync(file(dir, 1), file(dir, 2)))
    expect(kinds).toEqual(['checkpoint-misnamed', 'checkpoint-unlinked'])
  })

  test('a checkpoint replaced by one of somebody who stole the secret', async () => {
    const { kinds } = await spoilCheckpoints((dir) => {
      const genuine = readCheckpointFile(readFileSync(file(dir, 3)))
      if (!genuine) throw new Error('not a checkpoint')
      const { signature: _, ...content } = genuine
      writeFileSync(file(dir, 3), writeCheckpointFile(proof.secret, { ...content, heads: [] }))
    })
    expect(kinds).toEqual(['checkpoint-replaced'])
  })

  test('an older checkpoint replaced by one of somebody who stole the secret', async () => {
    const { kinds } = await spoilCheckpoints((dir) => {
      const genuine = readCheckpointFile(readFileSync(file(dir, 2)))
      if (!genuine) throw new Error('not a checkpoint')
      const { signature: _, ...content } = genuine
      writeFileSync(file(dir, 2), writeCheckpointFile(proof.secret, { ...content, heads: [] }))
    })
    expect(kinds).toEqual(['checkpoint-unlinked'])
  })

  /** Nothing in the database speaks of the newest case any more, and the seals end before it: only a checkpoint can know. */
  const eraseNewest = async (tx: Tx): Promise<void> => {
    await eraseCase(tx, proof.late.id)
    const lanes = await sql<{
      lane: string
      last: number
    }>`select lane, max(seq)::integer as last from seal group by lane`.execute(tx)
    for (const { lane } of lanes.rows)
      await tx
        .deleteFrom('seal')
        .where('lane', '=', lane)
        .where('seq', '>', proof.sealsBefore.get(lane) ?? 0)
        .execute()
  }

  test('the newest case erased everywhere, seals included, is known to the checkpoint', async () => {
    const { kinds, lines } = await proof.after(eraseNewest)
    expect(kinds).toEqual(['checkpointed-case-missing', 'checkpointed-seal-missing'])
    expect(lines.some((line) => line.startsWith(`checkpoint ${proof.checkpoints[2]} of `) && line.includes(proof.late.id))).toBe(
      true,
    )
  })

  test('without that checkpoint nothing would tell, but that a checkpoint is missing', async () => {
    const { kinds } = await spoilCheckpoints((dir) => rmSync(file(dir, 3)), eraseNewest)
    expect(kinds).toEqual(['checkpoints-missing'])
  })

  test('a seal that a checkpoint knows otherwise', async () => {
    const { kinds } = await proof.after(async (tx) => {
      const { lane, last } = await longestLane(tx)
      const seal = await tx
        .selectFrom('seal')
        .selectAll()
        .where('lane', '=', lane)
        .where('seq', '=', last)
        .executeTakeFirstOrThrow()
      const at = new Date(seal.at).toISOString()
      await tx
        .updateTable('seal')
        .set({ hash: sealHash(proof.secret, lane, last, at, '[]', seal.prev), body: '[]' })
        .where('lane', '=', lane)
        .where('seq', '=', last)
        .execute()
    })
    expect(kinds).toEqual(['checkpointed-seal-differs', 'entry-unsealed'])
  })
})
