import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Tx } from '../../src/db/database.ts'
import { firstSeal, sealHash } from '../../src/engine/journal.ts'
import {
  changeEvent,
  deleteEntry,
  exchange,
  inventEntry,
  journalOf,
  longestLane,
  makeConsistent,
  nothing,
  openProof,
  type Proof,
} from './verify-kit.ts'

describe.each(['pglite', 'postgres'] as const)('what the verification finds on %s', (kind) => {
  let proof: Proof
  beforeAll(async () => {
    proof = await openProof(kind)
  })
  afterAll(() => proof?.close())

  const setCase = (columns: object) => (tx: Tx) =>
    tx
      .updateTable('subject')
      .set(columns)
      .where('id', '=', proof.open.id)
      .execute()
      .then(() => {})

  test('an untouched database is intact', async () => {
    const { lines, counts } = await proof.after(nothing)
    expect(lines).toEqual([])
    expect(counts).toMatchObject({ cases: 11, photos: 27, findings: 0 })
    expect(counts.checkpoints).toBeGreaterThanOrEqual(3)
    expect(counts.entries).toBeGreaterThan(15)
    expect(counts.seals).toBeGreaterThan(10)
    expect(counts.lanes).toBe(2)
  })

  test('a changed word of an event', async () => {
    const { kinds, lines } = await proof.after((tx) => changeEvent(tx, proof.closed.id, 1, '漏油', '漏水'))
    expect(kinds).toEqual(['entry-changed', 'state-differs'])
    expect(lines[0]).toBe(
      `case ${proof.closed.code} (${proof.closed.id}): entry 1 is not what was written: its content does not fit its hash.`,
    )
  })

  test('a changed word, with every hash and the state made to fit', async () => {
    const { kinds, lines } = await proof.after(async (tx) => {
      await changeEvent(tx, proof.closed.id, 1, '漏油', '漏水')
      await makeConsistent(tx, proof.closed.id)
    })
    expect(kinds).toEqual(['checkpointed-entry-differs', 'entry-unsealed', 'sealed-entry-differs'])
    expect(
      lines.some((line) => line.startsWith(`checkpoint ${proof.checkpoints[0]} of `) && line.includes(proof.closed.code)),
    ).toBe(true)
  })

  test.each(['actor', 'arrival'] as const)('a changed %s of an entry', async (column) => {
    const { kinds } = await proof.after(async (tx) => {
      await tx
        .updateTable('journal')
        .set({ [column]: '{"kind":"system"} ' })
        .where('subject', '=', proof.closed.id)
        .where('seq', '=', 2)
        .execute()
    })
    expect(kinds).toEqual(['entry-changed'])
  })

  test('a time moved by a millionth of a second', async () => {
    const { kinds } = await proof.after(async (tx) => {
      await sql`update journal set at = at + interval '1 microsecond' where subject = ${proof.closed.id} and seq = 2`.execute(tx)
    })
    expect(kinds).toEqual(['entry-changed', 'entry-unsealed'])
  })

  test('an entry taken from the middle', async () => {
    const { kinds, lines } = await proof.after(async (tx) => {
      await tx.deleteFrom('journal').where('subject', '=', proof.closed.id).where('seq', '=', 2).execute()
    })
    expect(kinds).toEqual(['entries-missing', 'entry-unsealed', 'sealed-entry-missing', 'state-differs'])
    expect(lines[0]).toBe(`case ${proof.closed.code} (${proof.closed.id}): entries 2 to 2 of its journal are missing.`)
  })

  test('the first entry taken', async () => {
    const { kinds } = await proof.after((tx) => deleteEntry(tx, proof.closed.id, 1))
    expect(kinds).toEqual(['entries-missing', 'entry-unreadable'])
  })

  test('the last entry taken together with everything it changed', async () => {
    const { kinds } = await proof.after(async (tx) => {
      const last = (await journalOf(tx, proof.closed.id)).length
      await tx.deleteFrom('journal').where('subject', '=', proof.closed.id).where('seq', '=', last).execute()
      await makeConsistent(tx, proof.closed.id)
    })
    // The last batch added two entries, so the one that is left is not the end of any batch.
    expect(kinds).toEqual(['checkpointed-entry-missing', 'entry-unsealed', 'sealed-entry-missing'])
  })

  test('the last entry taken, the case left as it was', async () => {
    // The last entry of a closed case gives its points: no column tells of it.
    const { kinds } = await proof.after(async (tx) => {
      await deleteEntry(tx, proof.closed.id, (await journalOf(tx, proof.closed.id)).length)
    })
    expect(kinds).toEqual([
      'checkpointed-entry-missing',
      'entry-unsealed',
      'head-differs',
      'revision-differs',
      'sealed-entry-missing',
      'state-differs',
    ])
  })

  test('two entries that changed places', async () => {
    const { kinds, findings } = await proof.after((tx) => exchange(tx, { subject: proof.closed.id }))
    expect(kinds).toEqual(['entry-changed', 'entry-unlinked', 'entry-unsealed', 'sealed-entry-differs'])
    expect(findings.filter((one) => one.kind === 'entry-changed').map(({ values }) => values.seq)).toEqual(['2', '3'])
  })

  test('two entries that changed places, with every hash made to fit', async () => {
    const { kinds } = await proof.after(async (tx) => {
      await exchange(tx, { subject: proof.closed.id })
      await makeConsistent(tx, proof.closed.id)
    })
    expect(kinds).toEqual(['checkpointed-entry-differs', 'entry-unsealed', 'sealed-entry-differs'])
  })

  test('an entry numbered before the first', async () => {
    const { kinds } = await proof.after(async (tx) => {
      const [first] = await journalOf(tx, proof.open.id)
      if (first)
        await tx
          .insertInto('journal')
          .values({ ...first, seq: 0 })
          .execute()
    })
    expect(kinds).toEqual(['entry-changed', 'entry-out-of-place', 'entry-unlinked'])
  })

  test('an entry that nobody wrote, with its hash and the state made to fit', async () => {
    const { kinds, findings } = await proof.after(async (tx) => void (await inventEntry(tx, proof.open.id)))
    expect(kinds).toEqual(['entry-unsealed'])
    expect(findings).toHaveLength(1)
  })

  test('more entries that nobody wrote than anybody would read are counted', async () => {
    const { findings } = await proof.after(async (tx) => {
      await sql`insert into journal select site, subject, seq + n, at + n * interval '1 second', actor, arrival, version, event, prev, hash
        from journal, generate_series(100, 1199) as n where subject = ${proof.open.id} and seq = 1`.execute(tx)
    })
    const more = findings.filter((one) => one.kind === 'entries-unsealed')
    expect(more.map(({ values }) => values.count)).toEqual(['100'])
    expect(findings.filter((one) => one.kind === 'entry-unsealed')).toHaveLength(1_000)
  })

  test('an event that no release has ever written', async () => {
    const { kinds } = await proof.after((tx) => changeEvent(tx, proof.open.id, 2, '"type":"', '"type":"in'))
    expect(kinds).toEqual(['entry-changed', 'entry-unreadable'])
  })

  test('an entry of a newer release is not guessed at', async () => {
    const { kinds } = await proof.after(async (tx) => {
      await tx.updateTable('journal').set({ version: 99 }).where('subject', '=', proof.open.id).where('seq', '=', 1).execute()
    })
    expect(kinds).toEqual(['entry-changed', 'entry-unreadable'])
  })

  test('a whole case removed with its journal', async () => {
    const { kinds } = await proof.after(async (tx) => {
      await tx.deleteFrom('journal').where('subject', '=', proof.closed.id).execute()
      await tx.deleteFrom('subject').where('id', '=', proof.closed.id).execute()
    })
    expect(kinds).toEqual(['checkpointed-case-missing', 'sealed-case-missing', 'trace-without-case'])
  })

  test('a case removed, its journal left behind', async () => {
    const { kinds } = await proof.after(
      async (tx) => void (await tx.deleteFrom('subject').where('id', '=', proof.closed.id).execute()),
    )
    expect(kinds).toEqual(['case-missing', 'checkpointed-case-missing', 'sealed-case-missing', 'trace-without-case'])
  })

  test('a journal removed, its case left behind', async () => {
    const { kinds } = await proof.after(
      async (tx) => void (await tx.deleteFrom('journal').where('subject', '=', proof.closed.id).execute()),
    )
    expect(kinds).toEqual(['checkpointed-entry-missing', 'journal-missing', 'sealed-entry-missing'])
  })

  test('a whole case that never was, perfect in itself', async () => {
    const { kinds, lines } = await proof.after(async (tx) => {
      const invented = proof.open.code.replace('SH01', 'SH02')
      const row = await tx.selectFrom('subject').selectAll().where('id', '=', proof.open.id).executeTakeFirstOrThrow()
      await tx
        .insertInto('subject')
        .values({ ...row, id: 'haz_invented', code: invented })
        .execute()
      for (const entry of await journalOf(tx, proof.open.id))
        await tx
          .insertInto('journal')
          .values({ ...entry, subject: 'haz_invented', event: entry.event.replaceAll(proof.open.code, invented) })
          .execute()
      await makeConsistent(tx, 'haz_invented')
    })
    expect(kinds).toEqual(['entry-unsealed'])
    expect(lines.every((line) => line.includes('haz_invented'))).toBe(true)
  })

  test('a changed state', async () => {
    const { kinds, lines } = await proof.after(
      async (tx) =>
        void (await sql`update subject set state = replace(state, '护栏', '栏杆') where id = ${proof.open.id}`.execute(tx)),
    )
    expect(kinds).toEqual(['state-differs'])
    expect(lines).toEqual([`case ${proof.open.code} (${proof.open.id}): its state is not what its journal adds up to.`])
  })

  test.each([
    ['status', { status: 'closed' }],
    ['open', { open: false }],
    ['owner', { owner: 'zhang-wei' }],
    ['code', { code: 'YH-SH01-20200101-0001-X' }],
    ['opened_at', { opened_at: '2020-01-01T00:00:00.000Z' }],
    ['changed_at', { changed_at: '2020-01-01T00:00:00.000Z' }],
  ])('a changed column %s', async (column, change) => {
    const { findings } = await proof.after(setCase(change))
    expect(findings.map(({ kind, values }) => [kind, values.column])).toEqual([['column-differs', column]])
  })

  test('a changed head, a changed number of entries, an unknown workflow', async () => {
    expect((await proof.after(setCase({ head: 'f'.repeat(64) }))).kinds).toEqual(['head-differs'])
    expect((await proof.after(setCase({ revision: 77 }))).kinds).toEqual(['revision-differs'])
    expect((await proof.after(setCase({ workflow: 'wishes' }))).kinds).toEqual(['case-unknown'])
  })

  // ── Seals ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  test('a seal taken from the middle', async () => {
    const { kinds } = await proof.after(async (tx) => {
      const { lane } = await longestLane(tx)
      await tx.deleteFrom('seal').where('lane', '=', lane).where('seq', '=', 2).execute()
    })
    expect(kinds).toEqual(['entry-unsealed', 'seals-missing'])
  })

  test('the last seal of a lane taken', async () => {
    const { kinds } = await proof.after(async (tx) => {
      const { lane, last } = await longestLane(tx)
      await tx.deleteFrom('seal').where('lane', '=', lane).where('seq', '=', last).execute()
    })
    expect(kinds).toEqual(['checkpointed-seal-missing', 'entry-unsealed'])
  })

  test('a whole lane taken', async () => {
    const { kinds } = await proof.after(async (tx) => {
      const { lane } = await longestLane(tx)
      await tx.deleteFrom('seal').where('lane', '=', lane).execute()
    })
    expect(kinds).toEqual(['checkpointed-seal-missing', 'entry-unsealed'])
  })

  test('every seal taken', async () => {
    const { kinds } = await proof.after(async (tx) => void (await tx.deleteFrom('seal').execute()))
    expect(kinds).toEqual(['checkpointed-seal-missing', 'entry-unsealed'])
  })

  test('a seal with a changed body', async () => {
    const { kinds } = await proof.after(async (tx) => {
      await sql`update seal set body = replace(body, '",', '" ,')`.execute(tx)
    })
    expect(kinds).toEqual(['no-seal-fits', 'seal-changed'])
  })

  test('a seal moved by a millionth of a second', async () => {
    const { kinds } = await proof.after(async (tx) => {
      await sql`update seal set at = at + interval '1 microsecond' where seq = 1`.execute(tx)
    })
    expect(kinds).toEqual(['entry-unsealed', 'seal-changed'])
  })

  test('an invented entry sealed by somebody without the secret', async () => {
    const { kinds, findings } = await proof.after(async (tx) => {
      const { seq, at, hash: head } = await inventEntry(tx, proof.open.id)
      const body = JSON.stringify([[proof.open.id, seq, head]])
      const prev = firstSeal('forged')
      const hash = sealHash('a guess', 'forged', 1, at.toISOString(), body, prev)
      await tx.insertInto('seal').values({ lane: 'forged', seq: 1, at, body, prev, hash }).execute()
    })
    expect(kinds).toEqual(['seal-changed'])
    expect(findings).toHaveLength(1)
  })

  test('two seals that changed places, and one numbered before the first', async () => {
    const { kinds } = await proof.after(async (tx) => {
      const { lane } = await longestLane(tx)
      await exchange(tx, { lane })
      await sql`insert into seal select lane, 0, at, body, prev, hash from seal where lane = ${lane} and seq = 1`.execute(tx)
    })
    expect(kinds).toEqual(['seal-changed', 'seal-out-of-place', 'seal-unlinked'])
  })

  test('a genuine seal that says nothing', async () => {
    const { kinds } = await proof.after(async (tx) => {
      const at = '2026-01-01T00:00:00.000Z'
      const prev = firstSeal('mute')
      await tx
        .insertInto('seal')
        .values({ lane: 'mute', seq: 1, at, body: '{}', prev, hash: sealHash(proof.secret, 'mute', 1, at, '{}', prev) })
        .execute()
    })
    expect(kinds).toEqual(['seal-unreadable'])
  })

  test('another secret fits nothing, and that is said', async () => {
    const { kinds, counts } = await proof.after(nothing, { secret: 'another secret' })
    expect(kinds).toEqual(['checkpoint-forged', 'no-seal-fits', 'seal-changed'])
    expect(counts.findings).toBe(counts.seals + counts.checkpoints + 1)
  })
})
